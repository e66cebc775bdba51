import { Lock } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "@/components/ui/EmptyState";

/** A part of the page that this role may not read. */
export function NotOpen() {
  const { t } = useTranslation("customer");
  return (
    <EmptyState icon={<Lock aria-hidden />} title={t("notOpen.title")}>
      {t("notOpen.body")}
    </EmptyState>
  );
}
