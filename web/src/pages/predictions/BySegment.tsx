import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { heat } from "@/components/figures/heat";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import type { PredictionFigures, SegmentPrediction } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Value, risk and intent by segment; a list of cards on a phone. */
export function BySegment({ figures }: { figures: PredictionFigures }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const rows = [...figures.segments].sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const top = Math.max(...rows.map((row) => row.value ?? 0), 1);
  const percent = (share: number | null) => (share === null ? "—" : format.percent(share, 0));
  const each = (row: SegmentPrediction) => (row.value === null || row.customers === 0 ? null : Math.round(row.value / row.customers));
  const name = (row: SegmentPrediction) => (
    <Link to="/segments/$segmentId" params={{ segmentId: row.segmentId }} className="rounded-sm font-medium hover:underline">
      {format.text(row.name)}
    </Link>
  );
  return (
    <Card
      title={
        <>
          {t("segments.title")} <Info about={t("segments.title")}>{t("segments.made")}</Info>
        </>
      }
      hint={t("segments.hint")}
    >
      {rows.length === 0 ? (
        <NotYet>{t("segments.none")}</NotYet>
      ) : (
        <>
          <table className="tabular hidden w-full text-table md:table">
            <thead>
              <tr className="border-b text-small text-muted">
                {(["segment", "customers", "value", "each", "churn", "intent"] as const).map((column, at) => (
                  <th key={column} scope="col" className={at === 0 ? "py-1.5 text-left font-medium" : "py-1.5 pl-4 text-right font-medium"}>
                    {t(`segments.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.segmentId} className="border-b last:border-0">
                  <th scope="row" className="py-2 text-left font-medium">
                    {name(row)}
                  </th>
                  <td className="py-2 pl-4 text-right">{format.number(row.customers)}</td>
                  <td className="py-2 pl-4 text-right">
                    <span className="inline-flex items-center gap-2.5">
                      <span className="hidden h-1.5 w-24 justify-end overflow-hidden rounded-full bg-subtle lg:flex" aria-hidden>
                        <span className="rounded-full bg-infer" style={{ width: `${((row.value ?? 0) / top) * 100}%` }} />
                      </span>
                      {format.money(row.value, { whole: true })}
                    </span>
                  </td>
                  <td className="py-2 pl-4 text-right">{format.money(each(row), { whole: true })}</td>
                  {[row.churn, row.intent].map((share, at) => (
                    <td key={at} className="py-1 pl-4 text-right">
                      <span className="inline-block w-16 rounded-sm py-1 text-center" style={{ background: heat(share) }}>
                        {percent(share)}
                      </span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <ul className="flex flex-col gap-3 md:hidden">
            {rows.map((row) => (
              <li key={row.segmentId} className="rounded-md border p-3">
                <p className="flex justify-between gap-3 text-table">
                  {name(row)}
                  <span className="tabular shrink-0 text-muted">{t("people", { count: row.customers, number: format.number(row.customers) })}</span>
                </p>
                <dl className="tabular mt-2 grid grid-cols-3 gap-2 text-table">
                  {([["value", format.money(row.value, { compact: true })], ["churn", percent(row.churn)], ["intent", percent(row.intent)]] as const).map(([term, value]) => (
                    <div key={term}>
                      <dt className="text-small text-faint">{t(`segments.${term}`)}</dt>
                      <dd className="font-semibold">{value}</dd>
                    </div>
                  ))}
                </dl>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
