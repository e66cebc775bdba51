import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { NoSegmentsYet } from "@/components/segments/NoSegmentsYet";
import { SizesOverTime } from "@/components/segments/SizesOverTime";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { Skeleton } from "@/components/ui/Skeleton";

import type { RevenueBySegmentProps } from "./RevenueBySegment";

export function SegmentSizes({ versions, names, none }: RevenueBySegmentProps) {
  const { t } = useTranslation("overview");
  return (
    <Card
      title={
        <>
          {t("sizes.title")} <Info about={t("sizes.title")}>{t("sizes.made")}</Info>
        </>
      }
      hint={t("sizes.hint")}
      actions={
        <Button size="sm" look="ghost" asChild>
          <Link to="/segments" hash="moved">
            {t("sizes.moved")}
          </Link>
        </Button>
      }
    >
      {none ? (
        <NoSegmentsYet />
      ) : versions.state === "loading" ? (
        <Skeleton className="h-60 w-full rounded-md" />
      ) : versions.state !== "ready" ? (
        <ErrorState onRetry={versions.retry} />
      ) : (
        <SizesOverTime versions={versions.data} names={names} />
      )}
    </Card>
  );
}
