import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { Interval } from "@/components/figures/Interval";
import { Badge } from "@/components/ui/Badge";
import { Card } from "@/components/ui/Card";
import type { Row } from "@/data/live";
import { driverBars, mayOrder, modelOf } from "@/data/predictions";
import type { Customer, Driver, LifetimeValue, Localized, Predictions, Probability, Uplift } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { InferCard } from "./InferCard";

const CHANCES = ["churn", "intent", "engagement", "campaign"] as const;
const DRIVERS = 4;

/** What this customer will probably do, how sure that is, and what it rests on. */
export function PredictionsCard({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { predictions } = customer;
  if (!predictions) {
    return (
      <Card title={t("predict.title")}>
        <p className="text-table text-muted">{t(customer.stats.orders === 0 ? "predict.noOrder" : "predict.notYet")}</p>
      </Card>
    );
  }
  return (
    <InferCard title={t("predict.title")} made={t("predict.made")} hint={t("predict.asOf", { date: format.date(predictions.asOf) })}>
      <Tiers predictions={predictions} />
      <ul className="flex flex-col gap-4">
        <Value value={predictions.value} asOf={predictions.asOf} />
        <NextOrder value={predictions.value} asOf={predictions.asOf} />
        {CHANCES.map((name) => (
          <Chance key={name} name={name} chance={predictions[name]} asOf={predictions.asOf} />
        ))}
        <Discount uplift={predictions.discount} asOf={predictions.asOf} />
      </ul>
    </InferCard>
  );
}

function Tiers({ predictions }: { predictions: Predictions }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { valueTier, churnTier, crossedAt } = predictions;
  if (!valueTier && !churnTier) return null;
  return (
    <div className="mb-4">
      <p className="flex flex-wrap gap-1.5">
        {valueTier && <Badge tone="infer">{t(`predict.valueTier.${valueTier}`)}</Badge>}
        {churnTier && <Badge tone="infer">{t(`predict.churnTier.${churnTier}`)}</Badge>}
      </p>
      {crossedAt && <p className="mt-1 text-small text-muted">{t("predict.crossed", { date: format.date(crossedAt) })}</p>}
    </div>
  );
}

interface LineProps {
  title: string;
  made: string;
  /** `churn@3`. */
  model: string;
  asOf: Predictions["asOf"];
  /** The figure; null where a condition is not met. */
  figure: ReactNode;
  unmet: Localized | null;
  /** Said where there is neither a figure nor a condition. */
  none?: string;
  basis?: string | null;
  children?: ReactNode;
}

/** One prediction: its figure with what it rests on, or the condition that is not met instead of a figure. */
function Line({ title, made, model, asOf, figure, unmet, none, basis, children }: LineProps) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { version } = modelOf(model);
  return (
    <li className="text-table">
      <p className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 font-medium">
          {title}{" "}
          <Info about={title}>
            {made} {version > 0 ? t("predict.version", { version: format.number(version) }) : null} {t("predict.asOf", { date: format.dateTime(asOf) })}
          </Info>
        </span>
        {figure !== null && <span className="tabular shrink-0 text-right font-semibold text-infer">{figure}</span>}
      </p>
      {figure === null ? <p className="text-muted">{unmet ? format.text(unmet) : (none ?? t("predict.unknown"))}</p> : children}
      {figure !== null && basis && <p className="text-small text-faint">{basis}</p>}
    </li>
  );
}

function Value({ value, asOf }: { value: LifetimeValue; asOf: Predictions["asOf"] }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { expected, low, high, purchases, purchasesLow, purchasesHigh, alive } = value;
  const number = (of: number) => format.number(of, { maximumFractionDigits: 1 });
  return (
    <Line
      title={t("predict.value.title")}
      made={t("predict.value.made")}
      model={value.model}
      asOf={asOf}
      figure={expected === null ? null : format.money(expected)}
      unmet={value.unmet}
    >
      {expected !== null && low !== null && high !== null && (
        <>
          <Interval
            value={expected}
            low={low}
            high={high}
            to={Math.max(high, expected, 1) * 1.1}
            tone="infer"
            label={t("predict.intervalOf", { value: format.money(expected), low: format.money(low), high: format.money(high) })}
          />
          <p className="tabular text-small text-muted">{t("predict.interval", { low: format.money(low), high: format.money(high) })}</p>
        </>
      )}
      {purchases !== null && (
        <p className="tabular text-small text-muted">
          {purchasesLow !== null && purchasesHigh !== null
            ? t("predict.value.ordersBetween", { orders: number(purchases), low: number(purchasesLow), high: number(purchasesHigh) })
            : t("predict.value.orders", { orders: number(purchases) })}
        </p>
      )}
      {alive !== null && <p className="tabular text-small text-muted">{t("predict.value.alive", { share: format.percent(alive, 0) })}</p>}
    </Line>
  );
}

function NextOrder({ value, asOf }: { value: LifetimeValue; asOf: Predictions["asOf"] }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { nextOrderLow, nextOrderHigh } = value;
  const likely = mayOrder(value);
  const nextOrderAt = likely ? value.nextOrderAt : null;
  return (
    <Line
      title={t("predict.next.title")}
      made={t("predict.next.made")}
      model={value.model}
      asOf={asOf}
      figure={nextOrderAt ? format.date(nextOrderAt) : (value.nextOrderAt ?? nextOrderLow) ? t("predict.next.open") : null}
      unmet={value.purchases === null ? value.unmet : null}
      none={t("predict.next.none")}
    >
      {likely && (nextOrderLow ?? nextOrderHigh) && (
        <p className="tabular text-small text-muted">
          {nextOrderLow && nextOrderHigh
            ? t("predict.interval", { low: format.date(nextOrderLow), high: format.date(nextOrderHigh) })
            : nextOrderLow
              ? t("predict.next.from", { low: format.date(nextOrderLow) })
              : t("predict.next.until", { high: format.date(nextOrderHigh) })}
        </p>
      )}
    </Line>
  );
}

interface ChanceProps {
  name: (typeof CHANCES)[number];
  chance: Probability;
  asOf: Predictions["asOf"];
}

function Chance({ name, chance, asOf }: ChanceProps) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { value, low, high } = chance;
  const percent = (share: number) => format.percent(share, 0);
  return (
    <Line
      title={t(`predict.${name}.title`)}
      made={t(`predict.${name}.made`)}
      model={chance.model}
      asOf={asOf}
      figure={value === null ? null : percent(value)}
      unmet={chance.unmet}
      basis={chance.basis && t(`predict.basis.${chance.basis}`)}
    >
      {value !== null && (
        <>
          <Interval
            value={value}
            low={low}
            high={high}
            tone="infer"
            label={
              low !== null && high !== null
                ? t("predict.intervalOf", { value: percent(value), low: percent(low), high: percent(high) })
                : percent(value)
            }
          />
          {low !== null && high !== null && (
            <p className="tabular text-small text-muted">{t("predict.interval", { low: percent(low), high: percent(high) })}</p>
          )}
          <Drivers drivers={chance.drivers} />
        </>
      )}
    </Line>
  );
}

/** What moved a prediction most, in words; the arrow says which way. */
function Drivers({ drivers }: { drivers: readonly Driver[] }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const bars = driverBars(drivers).slice(0, DRIVERS);
  if (bars.length === 0) return null;
  return (
    <details className="text-small">
      <summary className="cursor-pointer rounded-sm text-muted">{t("predict.drivers")}</summary>
      <ul className="mt-1 flex flex-col gap-1">
        {bars.map((driver) => (
          <li key={driver.name} className="flex gap-1.5">
            {driver.effect > 0 ? (
              <ArrowUp className="mt-0.5 size-3.5 shrink-0 text-infer" aria-label={t("predict.up")} />
            ) : (
              <ArrowDown className="mt-0.5 size-3.5 shrink-0 text-infer" aria-label={t("predict.down")} />
            )}
            <span className="min-w-0">{format.text(driver.text)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The scale of a discount's effect is at least this wide, so that a small one looks small. */
const LEAST = 0.1;

function Discount({ uplift, asOf }: { uplift: Uplift; asOf: Predictions["asOf"] }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { value, low, high } = uplift;
  const points = (share: number) => t("predict.points", { points: format.number(share * 100, { maximumFractionDigits: 1, signDisplay: "exceptZero" }) });
  const end = Math.max(LEAST, ...[value, low, high].map((each) => Math.abs(each ?? 0)));
  const random = uplift.basis === "randomised offers";
  return (
    <Line
      title={t("predict.discount.title")}
      made={t("predict.discount.made")}
      model={uplift.model}
      asOf={asOf}
      figure={value === null ? null : points(value)}
      unmet={uplift.unmet}
    >
      {value !== null && (
        <>
          {low !== null && high !== null && (
            <>
              <Interval
                value={value}
                low={low}
                high={high}
                from={-end}
                to={end}
                line={0}
                tone="infer"
                label={t("predict.intervalOf", { value: points(value), low: points(low), high: points(high) })}
              />
              <p className="tabular text-small text-muted">{t("predict.interval", { low: points(low), high: points(high) })}</p>
            </>
          )}
          <p className="mt-1">
            <Badge tone={random ? "infer" : "wait"}>{t(random ? "predict.discount.random" : "predict.discount.guess")}</Badge>
          </p>
        </>
      )}
    </Line>
  );
}
