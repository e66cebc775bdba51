import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { heat } from "@/components/figures/heat";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { cohortTable } from "@/data/behaviour";
import type { BehaviourFigures } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** Who ordered again in the n-th month after the first order, by the month of the first order. */
export function Cohorts({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const table = useMemo(() => cohortTable(figures.cohorts), [figures.cohorts]);
  const share = (value: number | null) => (value === null ? "" : format.percent(value, value < 0.0995 ? 1 : 0));
  return (
    <Card
      title={
        <>
          {t("cohorts.title")} <Info about={t("cohorts.title")}>{t("cohorts.made")}</Info>
        </>
      }
      hint={t("cohorts.hint")}
    >
      {table.months.length === 0 ? (
        <NotYet>{t("cohorts.none")}</NotYet>
      ) : (
        // The table scrolls, the months stay; a box that scrolls must be reachable by keyboard.
        <div className="-mx-1 overflow-x-auto" tabIndex={0} role="region" aria-label={t("cohorts.title")}>
          <table className={cx("tabular border-separate border-spacing-0.5 text-small", table.months.length > 8 && "w-full")}>
            <thead>
              <tr className="text-muted">
                <th scope="col" className="sticky left-0 z-10 bg-surface pr-3 text-left font-medium whitespace-nowrap">
                  {t("cohorts.month")}
                </th>
                <th scope="col" className="pr-3 text-right font-medium">
                  {t("cohorts.size")}
                </th>
                {table.months.map((month) => (
                  <th key={month} scope="col" className="min-w-11 text-center font-medium" title={t("cohorts.after", { count: month })}>
                    +{format.number(month)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row.month}>
                  <th scope="row" className="sticky left-0 z-10 bg-surface pr-3 text-left font-medium whitespace-nowrap">
                    {format.month(row.month)}
                  </th>
                  <td className="pr-3 text-right text-muted">{format.number(row.size)}</td>
                  {row.retained.map((value, index) => (
                    <td key={index} className="h-7 rounded-sm px-1 text-center" style={{ background: value === null ? undefined : heat(table.top > 0 ? value / table.top : 0) }}>
                      {share(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr className="font-semibold">
                <th scope="row" className="sticky left-0 z-10 bg-surface pt-1 pr-3 text-left font-semibold">
                  {t("cohorts.mean")}
                </th>
                <td />
                {table.mean.map((value, index) => (
                  <td key={index} className="pt-1 text-center">
                    {share(value)}
                  </td>
                ))}
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </Card>
  );
}
