import { ChartPie } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "@/components/ui/EmptyState";

import { ReclusterButton } from "./ReclusterButton";

/** Before the first segmentation: what segments will be, and the one way to get them. */
export function NoSegmentsYet() {
  const { t } = useTranslation("segments");
  return (
    <EmptyState icon={<ChartPie aria-hidden />} title={t("none.title")} action={<ReclusterButton look="primary" />}>
      {t("none.body")}
    </EmptyState>
  );
}
