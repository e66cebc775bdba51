import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { Histogram } from "@/components/figures/Histogram";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import type { BehaviourFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Days between two orders of a customer, with the median pointed out. */
export function Gaps({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const day = useCallback((value: number) => format.number(value, { maximumFractionDigits: 0 }), [format]);
  const median = figures.medianGap;
  const days = median === null ? "" : format.number(median, { maximumFractionDigits: 0 });
  return (
    <Card
      title={
        <>
          {t("gaps.title")} <Info about={t("gaps.title")}>{t("gaps.made")}</Info>
        </>
      }
      hint={median === null ? undefined : t("gaps.hint", { days })}
    >
      {figures.gaps.every((bin) => bin.n === 0) ? (
        <NotYet>{t("gaps.none")}</NotYet>
      ) : (
        <Histogram
          label={t("gaps.title")}
          bins={figures.gaps}
          format={day}
          counted={t("gaps.counted")}
          mark={median === null ? null : { value: median, text: t("gaps.median", { days }) }}
          height={260}
        />
      )}
    </Card>
  );
}
