import { Check, Pin, X } from "lucide-react";
import { useCallback, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Bars } from "@/components/figures/Bars";
import { Info } from "@/components/figures/Info";
import { Badge } from "@/components/ui/Badge";
import { Banner } from "@/components/ui/Banner";
import { Card } from "@/components/ui/Card";
import { driftOf, metricLines } from "@/data/predictions";
import type { Row } from "@/data/live";
import type { ModelCard } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { Calibration } from "./Calibration";
import { errorText, isQini } from "./errorText";
import { HealthBadge } from "./health";
import { methodName } from "./methodName";
import { Versions } from "./Versions";

const SHOWN = 10;

/** Everything about one model: what is in use and why, how it did, what it looked at, and its versions. */
export function ModelDetail({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const name = t(`model.${card.id}`, { defaultValue: card.id });
  return (
    <Card
      title={name}
      hint={t(`model.${card.id}Hint`, { defaultValue: "", days: card.horizonDays === null ? "" : format.number(card.horizonDays) })}
      actions={<HealthBadge health={card.health} />}
    >
      <div className="flex flex-col gap-6">
        {card.health === "red" && (
          <Banner tone="bad">
            <b className="font-semibold">{t("fallBack.short")}</b> {card.inUse === "none" ? t("fallBack.none") : t("fallBack.body", { baseline: methodName(t, card.baseline) })}
          </Banner>
        )}
        {card.unmet && <Banner tone="wait">{format.text(card.unmet)}</Banner>}
        <div>
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone={card.inUse === "model" ? "infer" : "neutral"}>{t(`inUse.${card.inUse}`)}</Badge>
            {card.pinned && (
              <Badge tone="wait" icon={<Pin aria-hidden />}>
                {t("pinned")}
              </Badge>
            )}
            {card.version > 0 && <span className="text-small text-faint">{t("version", { version: card.version })}</span>}
          </p>
          <p className="mt-2">{format.text(card.why)}</p>
          {card.reasons.length > 0 && (
            <>
              <p className="mt-3 text-small font-medium text-muted">{t("reasons")}</p>
              <ul className="list-disc pl-5 text-table">
                {card.reasons.map((reason) => (
                  <li key={reason.en}>{format.text(reason)}</li>
                ))}
              </ul>
            </>
          )}
          <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2 text-table">
            {(
              [
                ["estimator", methodName(t, card.estimator)],
                ["baseline", methodName(t, card.baseline)],
                ["trained", format.dateTime(card.trainedAt)],
                ["asOf", format.date(card.asOf)],
              ] as const
            ).map(([term, value]) => (
              <div key={term}>
                <dt className="text-small text-faint">{t(`fact.${term}`)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
        <Against card={card} />
        {card.calibration.length > 0 && <Calibration card={card} />}
        <Slices card={card} />
        <div className="grid gap-6 lg:grid-cols-2">
          <Importances card={card} />
          <Drifts card={card} />
        </div>
        <Fit card={card} />
        <Versions card={card} />
      </div>
    </Card>
  );
}

/** A part of the card. */
export function Part({ title, made, children }: { title: string; made?: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 text-table font-semibold">
        {title} {made && <Info about={title}>{made}</Info>}
      </h3>
      {children}
    </section>
  );
}

function Against({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation(["predictions", "figures"]);
  const format = useFormat();
  const lines = metricLines(card.id, card.metrics, card.baselineMetrics);
  const say = useCallback(
    (id: string, value: number | null) =>
      id === "error" ? errorText(format, card.id, value) : id === "coverage" ? format.percent(value) : format.number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
    [format, card.id],
  );
  if (lines.length === 0) return null;
  const ends = (id: string, low: number | null, high: number | null) =>
    low === null || high === null ? null : <span className="block text-small font-normal text-faint md:whitespace-nowrap">{t("figures:between", { low: say(id, low), high: say(id, high) })}</span>;
  const label = (id: string) => t(id === "error" ? (isQini(card.id) ? "metric.qini" : "metric.error") : `metric.${id}`);
  return (
    <Part title={t("against.title")} made={t("against.made")}>
      <table className="tabular w-full text-table">
        <thead>
          <tr className="border-b text-small text-muted">
            <th scope="col" className="py-1.5 text-left font-medium">
              {t("against.measure")}
            </th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">
              {t("against.model")}
            </th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">
              {t("against.baseline")}
            </th>
            <th scope="col" className="w-8">
              <span className="sr-only">{t("against.better")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id} className="border-b last:border-0">
              <th scope="row" className="py-2 pr-2 text-left font-medium">
                {label(line.id)}
                <span className="block text-small font-normal text-faint">{t(line.id === "error" && isQini(card.id) ? "metric.qiniHint" : `metric.${line.id}Hint`)}</span>
              </th>
              <td className="py-2 pl-3 text-right align-top font-semibold">
                {say(line.id, line.model)}
                {ends(line.id, line.low, line.high)}
              </td>
              <td className="py-2 pl-3 text-right align-top text-muted">
                {say(line.id, line.baseline)}
                {ends(line.id, line.baselineLow, line.baselineHigh)}
              </td>
              <td className="py-2 pl-3 align-top">
                {line.better !== null &&
                  (line.better ? (
                    <Check className="size-4 text-good" aria-label={t("against.isBetter")} />
                  ) : (
                    <X className="size-4 text-bad" aria-label={t("against.isWorse")} />
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {card.metrics && (
        <p className="mt-2 text-small text-faint">
          {card.metrics.auc === null
            ? t("against.rowsOnly", { rows: format.number(card.metrics.rows) })
            : t("against.rows", { rows: format.number(card.metrics.rows), positives: format.number(card.metrics.positives) })}
        </p>
      )}
    </Part>
  );
}

function Slices({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  if (card.slices.length === 0) return null;
  const measure = card.slices.some((slice) => slice.model.auc !== null) ? "auc" : "error";
  const say = (value: number | null) => (measure === "auc" ? format.number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 }) : errorText(format, card.id, value));
  return (
    <Part title={t("slices.title")} made={t("slices.made")}>
      <table className="tabular w-full text-table">
        <thead>
          <tr className="border-b text-small text-muted">
            <th scope="col" className="py-1.5 text-left font-medium">
              {t("slices.tested")}
            </th>
            <th scope="col" className="hidden py-1.5 pl-3 text-right font-medium sm:table-cell">
              {t("slices.rows")}
            </th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">
              {t("against.model")}
            </th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">
              {t("against.baseline")}
            </th>
          </tr>
        </thead>
        <tbody>
          {card.slices.map((slice) => (
            <tr key={slice.testedTo.toMillis()} className="border-b last:border-0">
              <th scope="row" className="py-1.5 text-left font-normal">
                {t("slices.span", { from: format.date(slice.trainedTo), to: format.date(slice.testedTo) })}
              </th>
              <td className="hidden py-1.5 pl-3 text-right text-muted sm:table-cell">{format.number(slice.model.rows)}</td>
              <td className="py-1.5 pl-3 text-right font-semibold">{say(slice.model[measure])}</td>
              <td className="py-1.5 pl-3 text-right text-muted">{say(slice.baseline[measure])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function Importances({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const rows = [...card.importance].sort((a, b) => b.value - a.value).slice(0, SHOWN);
  if (rows.length === 0) return null;
  return (
    <Part title={t("importance.title")} made={t("importance.made")}>
      <Bars
        tone="infer"
        bars={rows.map((row) => ({
          id: row.feature,
          label: format.text(row.text) || row.feature,
          value: row.value,
          text: format.number(row.value, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
        }))}
      />
    </Part>
  );
}

function Drifts({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const rows = [...card.drift].sort((a, b) => b.psi - a.psi).slice(0, SHOWN);
  if (rows.length === 0) return null;
  return (
    <Part title={t("drift.title")} made={t("drift.made")}>
      <ul className="flex flex-col gap-1.5">
        {rows.map((row) => (
          <li key={row.feature} className="flex items-center justify-between gap-3 border-b py-1 text-table last:border-0">
            <span className="min-w-0">{format.text(row.text) || row.feature}</span>
            <span className="tabular flex shrink-0 items-center gap-2">
              {format.number(row.psi, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
              <Badge tone={{ green: "neutral", yellow: "wait", red: "bad" }[driftOf(row.psi)] as "neutral" | "wait" | "bad"}>{t(`drift.${driftOf(row.psi)}`)}</Badge>
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Fit({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const rows = Object.entries(card.fit);
  if (rows.length === 0) return null;
  return (
    <Part title={t("fit.title")} made={t("fit.made")}>
      <dl className="tabular flex flex-wrap gap-x-6 gap-y-3 text-table">
        {rows.map(([parameter, value]) => (
          <div key={parameter}>
            <dt className="font-mono text-small text-faint">{parameter}</dt>
            <dd className="font-semibold">{format.number(value, { maximumSignificantDigits: 5 })}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}
