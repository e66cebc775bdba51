import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { Sparkle } from "lucide-react";
import type { PredictionFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Four figures: what the next twelve months may bring, who is at risk, who crossed over, how many could be told. */
export function Totals({ figures }: { figures: PredictionFigures }) {
  const { t } = useTranslation(["predictions", "figures"]);
  const format = useFormat();
  const money = (value: number | null) => format.money(value, { compact: true });
  return (
    <div className="grid grid-cols-2 gap-3 md:gap-4 xl:grid-cols-4">
      <Figure
        label={t("total.value")}
        made={t("total.valueMade")}
        value={money(figures.valueTotal)}
        note={figures.valueLow === null ? t("total.noInterval") : t("total.interval", { low: money(figures.valueLow), high: money(figures.valueHigh) })}
      />
      <Figure
        label={t("total.atRisk")}
        made={t("total.atRiskMade")}
        value={format.number(figures.atRisk)}
        note={figures.churnDays === null ? undefined : t("total.churnDays", { days: format.number(figures.churnDays) })}
      />
      <Figure
        label={t("total.crossed")}
        made={t("total.crossedMade")}
        value={format.number(figures.crossed)}
        note={
          <Link to="/care" className="rounded-sm text-primary-ink hover:underline">
            {t("total.toCare")}
          </Link>
        }
      />
      <Figure
        label={t("total.predicted")}
        made={t("total.predictedMade")}
        value={format.number(figures.predicted)}
        note={t("total.of", { customers: format.number(figures.customers) })}
      />
    </div>
  );
}

function Figure({ label, made, value, note }: { label: string; made: string; value: string; note: ReactNode }) {
  const { t } = useTranslation("figures");
  return (
    <div className="min-w-0 rounded-lg border bg-surface p-4 shadow-card">
      <p className="flex items-start gap-1 text-table font-medium text-muted">
        <Sparkle className="mt-1 size-3 shrink-0 text-infer" aria-label={t("inferred")} />
        <span className="min-w-0 flex-1">{label}</span>
        <Info about={label}>{made}</Info>
      </p>
      <p className="tabular text-figure font-semibold tracking-tight text-infer">{value}</p>
      {note && <p className="text-small text-faint">{note}</p>}
    </div>
  );
}
