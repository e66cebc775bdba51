import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { SegmentIcon } from "@/components/SegmentIcon";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { MoodStrip } from "@/components/words/MoodStrip";
import type { Row } from "@/data/live";
import { comparePair } from "@/data/segments";
import type { Segment, SegmentFeature } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { useFeature } from "./useFeature";

export interface CompareProps {
  pair: readonly [Row<Segment>, Row<Segment>];
  color: (id: string) => { css: string };
  onClose: () => void;
}

/** From here on a difference to the population is pointed out, in standard deviations. */
const NOTABLE = 0.5;

/** Two segments side by side against everyone: value, mood, and the features that tell them apart first. */
export function Compare({ pair, color, onClose }: CompareProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const feature = useFeature();
  const [a, b] = pair;
  const rows = useMemo(() => comparePair(a, b), [a, b]);
  const facts: [string, (segment: Segment) => string][] = [
    [t("detail.size"), (segment) => `${format.number(segment.size)} (${format.percent(segment.share, 0)})`],
    [t("detail.revenue"), (segment) => `${format.money(segment.revenue, { whole: true })} (${format.percent(segment.revenueShare, 0)})`],
    [t("detail.perCustomer"), (segment) => format.money(segment.size > 0 ? Math.round(segment.revenue / segment.size) : null)],
  ];
  return (
    <Dialog open size="lg" onOpenChange={(open) => !open && onClose()} title={t("compare.title")} footer={<Button onClick={onClose}>{t("common:close")}</Button>}>
      <table className="tabular w-full table-fixed text-table">
        <thead>
          <tr className="border-b align-bottom">
            <th className="w-[34%]" aria-hidden />
            {pair.map((segment) => (
              <th key={segment.id} scope="col" className="px-2 pb-2 text-left font-semibold">
                <SegmentIcon name={segment.icon} badge={color(segment.id).css} className="mb-1 size-8" />
                <span className="block">{format.text(segment.name)}</span>
              </th>
            ))}
            <th scope="col" className="w-[16%] px-2 pb-2 text-right text-small font-medium text-muted">
              {t("detail.everyone")}
            </th>
          </tr>
        </thead>
        <tbody>
          {facts.map(([label, value]) => (
            <tr key={label} className="border-b">
              <th scope="row" className="py-2 text-left font-medium">
                {label}
              </th>
              {pair.map((segment) => (
                <td key={segment.id} className="px-2 py-2">
                  {value(segment)}
                </td>
              ))}
              <td aria-hidden />
            </tr>
          ))}
          <tr className="border-b align-top">
            <th scope="row" className="py-2 text-left font-medium">
              {t("mood.title")}
            </th>
            {pair.map((segment) => (
              <td key={segment.id} className="px-2 py-2">
                {segment.mood ? <MoodStrip groups={segment.mood} /> : <span className="text-small text-faint">{t("mood.none")}</span>}
              </td>
            ))}
            <td aria-hidden />
          </tr>
          {rows.map((row) => (
            <tr key={row.name} className="border-b last:border-0">
              <th scope="row" className="py-2 text-left font-medium">
                {feature.name(row.name)}
              </th>
              {[row.a, row.b].map((side, index) => (
                <td key={index} className="px-2 py-2">
                  <Value name={row.name} side={side} say={feature.value} />
                </td>
              ))}
              <td className="px-2 py-2 text-right text-muted">{feature.value(row.name, row.population)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

function Value({ name, side, say }: { name: string; side: SegmentFeature | null; say: (name: string, of: number | null) => string }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  if (!side) return <span className="text-faint">—</span>;
  const notable = Math.abs(side.z) >= NOTABLE;
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <span className={cx(notable && "font-semibold")}>{say(name, side.mean)}</span>
      <span className={cx("text-small", notable ? "text-infer" : "text-faint")} title={t("compare.z")}>
        {format.number(side.z, { maximumFractionDigits: 1, minimumFractionDigits: 1, signDisplay: "exceptZero" })}
      </span>
    </span>
  );
}
