import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { ratioHeat } from "@/components/figures/heat";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { Select } from "@/components/ui/Select";
import { useSegments } from "@/data/segments";
import type { AffinityFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Categories by segments: how many times as likely members bought there as all buyers. One segment at a time on a phone. */
export function Lift({ figures }: { figures: AffinityFigures }) {
  const { t } = useTranslation("affinity");
  const format = useFormat();
  const segments = useSegments();
  const ids = useMemo(() => {
    const known = new Set(figures.categories.flatMap((row) => Object.keys(row.segments)));
    const ordered = (segments.data ?? []).map((segment) => segment.id).filter((id) => known.has(id));
    return ordered.length > 0 ? ordered : [...known].sort();
  }, [figures.categories, segments.data]);
  const names = new Map((segments.data ?? []).map((segment) => [segment.id, format.text(segment.name)]));
  const [chosen, setChosen] = useState<string | null>(null);
  const one = chosen ?? ids[0];
  const lift = (value: number | undefined) => (value === undefined ? "–" : `${format.number(value, { maximumFractionDigits: 1, minimumFractionDigits: 1 })}×`);
  const said = (value: number | undefined) => (value === undefined ? "" : value > 1.05 ? t("lift.more") : value < 0.95 ? t("lift.less") : t("lift.same"));
  return (
    <Card
      title={
        <>
          {t("lift.title")} <Info about={t("lift.title")}>{t("lift.made", { buyers: format.number(figures.buyers) })}</Info>
        </>
      }
      hint={t("lift.hint")}
    >
      {figures.categories.length === 0 ? (
        <NotYet>{t("lift.none")}</NotYet>
      ) : (
        <>
          <div className="hidden overflow-x-auto md:block" tabIndex={0} role="region" aria-label={t("lift.title")}>
            <table className="tabular w-full border-separate border-spacing-0.5 text-table">
              <thead>
                <tr className="align-bottom text-small text-muted">
                  <th scope="col" className="sticky left-0 min-w-32 bg-surface pr-3 pb-1 text-left font-medium">
                    {t("lift.category")}
                  </th>
                  <th scope="col" className="pr-3 pb-1 text-right font-medium">
                    {t("lift.buyers")}
                  </th>
                  {ids.map((id) => (
                    <th key={id} scope="col" className="min-w-20 px-1 pb-1 text-center font-medium">
                      <Link to="/segments/$segmentId" params={{ segmentId: id }} className="line-clamp-3 rounded-sm hover:underline">
                        {names.get(id) ?? id}
                      </Link>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {figures.categories.map((row) => (
                  <tr key={row.category}>
                    <th scope="row" className="sticky left-0 bg-surface pr-3 text-left font-medium">
                      {row.category}
                    </th>
                    <td className="pr-3 text-right whitespace-nowrap text-muted">
                      {format.number(row.buyers)} <span className="text-small text-faint">{format.percent(row.share, 0)}</span>
                    </td>
                    {ids.map((id) => (
                      <td key={id} className="h-8 rounded-sm px-1 text-center" style={{ background: ratioHeat(row.segments[id] ?? null) }}>
                        {lift(row.segments[id])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="md:hidden">
            <Select className="w-full" aria-label={t("lift.segment")} value={one} onChange={setChosen} options={ids.map((id) => ({ value: id, label: names.get(id) ?? id }))} />
            <ul className="mt-3 flex flex-col gap-1">
              {figures.categories.map((row) => {
                const value = one ? row.segments[one] : undefined;
                return (
                  <li key={row.category} className="tabular flex items-center justify-between gap-3 rounded-md px-3 py-2 text-table" style={{ background: ratioHeat(value ?? null) }}>
                    <span className="min-w-0 font-medium">{row.category}</span>
                    <span className="shrink-0">
                      <span className="mr-2 text-small">{said(value)}</span>
                      <b className="font-semibold">{lift(value)}</b>
                    </span>
                  </li>
                );
              })}
            </ul>
          </div>
        </>
      )}
    </Card>
  );
}
