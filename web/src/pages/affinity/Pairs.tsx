import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Interval } from "@/components/figures/Interval";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import type { AffinityFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

const SHOWN = 15;

/** Products that the same people buy more often than chance would have it. */
export function Pairs({ figures }: { figures: AffinityFigures }) {
  const { t } = useTranslation(["affinity", "figures"]);
  const format = useFormat();
  const [all, setAll] = useState(false);
  const rows = [...figures.pairs].sort((a, b) => b.lift - a.lift);
  const top = Math.max(...rows.map((row) => row.high), 2);
  const times = (value: number) => `${format.number(value, { maximumFractionDigits: 1, minimumFractionDigits: 1 })}×`;
  return (
    <Card
      title={
        <>
          {t("pairs.title")} <Info about={t("pairs.title")}>{t("pairs.made")}</Info>
        </>
      }
      hint={t("pairs.hint")}
    >
      {rows.length === 0 ? (
        <NotYet>{t("pairs.none")}</NotYet>
      ) : (
        <>
          <ul className="flex flex-col">
            {rows.slice(0, all ? undefined : SHOWN).map((row) => (
              <li
                key={`${row.a} ${row.b}`}
                className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-b py-2 text-table last:border-0 md:grid-cols-[minmax(0,1.6fr)_minmax(120px,1fr)_auto]"
              >
                <span className="min-w-0">
                  <span className="flex flex-wrap items-center gap-x-1.5 font-medium">
                    {row.aTitle} <Plus className="size-3.5 shrink-0 text-faint" aria-label={t("pairs.and")} /> {row.bTitle}
                  </span>
                  <span className="block text-small text-faint">{t("pairs.both", { count: row.customers, number: format.number(row.customers) })}</span>
                </span>
                <Interval
                  className="order-last col-span-2 md:order-none md:col-span-1"
                  value={row.lift}
                  low={row.low}
                  high={row.high}
                  to={top}
                  line={1}
                  label={t("figures:interval", { value: times(row.lift), low: times(row.low), high: times(row.high) })}
                />
                <span className="tabular w-24 text-right">
                  <b className="font-semibold">{times(row.lift)}</b>
                  <span className="block text-small text-faint">{t("figures:between", { low: times(row.low), high: times(row.high) })}</span>
                </span>
              </li>
            ))}
          </ul>
          {rows.length > SHOWN && (
            <Button look="link" className="mt-2 text-table" onClick={() => setAll(!all)}>
              {all ? t("pairs.less") : t("pairs.more", { count: rows.length - SHOWN })}
            </Button>
          )}
        </>
      )}
    </Card>
  );
}
