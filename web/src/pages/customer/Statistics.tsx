import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Card } from "@/components/ui/Card";
import { noRhythm, rhythm, strip } from "@/data/customers-one";
import { useGlow, type Row } from "@/data/live";
import type { Customer, Overview } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** Figures of this customer, and the moment they are for. */
export function Statistics({ customer, overview }: { customer: Row<Customer>; overview: Overview | null }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { stats } = customer;
  const glow = useGlow([stats.orders, stats.revenue, stats.feedback]);
  const asOf = overview?.asOf.toMillis() ?? Date.now();
  const figures: [string, string][] = [
    ["average", format.money(stats.averageOrder)],
    ["items", format.number(stats.items)],
    ["discount", format.money(stats.discount)],
    ["refunded", format.money(stats.refunded)],
    ["first", format.date(stats.firstOrderAt)],
    ["last", format.date(stats.lastOrderAt)],
  ];
  return (
    <Card
      title={t("stats.title")}
      hint={overview && t("stats.asOf", { date: format.date(overview.asOf) })}
      className={cx(glow && "glow")}
    >
      {overview?.dataEnded && (
        <p className="mb-3 rounded-md bg-wait-soft px-3 py-2 text-small text-wait">
          {t("stats.ended", { date: format.date(overview.lastOrderAt) })}
        </p>
      )}
      <div className="flex flex-wrap justify-between gap-x-6 gap-y-3">
        <div>
          <p className="text-small text-muted">{t("stats.revenue")}</p>
          <p className="tabular text-h1 font-semibold tracking-tight">{format.money(stats.revenue)}</p>
        </div>
        <div className="min-w-16">
          <p className="text-small text-muted">{t("stats.orders")}</p>
          <p className="tabular text-h1 font-semibold tracking-tight" data-figure="orders">{format.number(stats.orders)}</p>
        </div>
      </div>
      {stats.unconverted > 0 && (
        <p className="mt-1 text-small text-wait">
          {t("stats.unconverted", { count: stats.unconverted, formatted: format.number(stats.unconverted) })}
        </p>
      )}
      {stats.orders > 0 && (
        <dl className="mt-4 flex flex-col gap-2 border-t pt-4 text-table">
          {figures.map(([name, value]) => (
            <div key={name} className="flex justify-between gap-4">
              <dt className="text-muted">{t(`stats.${name}`)}</dt>
              <dd className="tabular">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Regularity customer={customer} asOf={asOf} />
      {stats.rated > 0 && (
        <p className="mt-4 flex justify-between gap-4 border-t pt-4 text-table">
          <span className="text-muted">{t("stats.rating", { count: stats.rated })}</span>
          <span className="tabular">
            {t("stats.outOfFive", {
              rating: format.number(stats.ratingSum / stats.rated, { maximumFractionDigits: 1 }),
            })}
          </span>
        </p>
      )}
    </Card>
  );
}

/** How regularly this customer buys, and whether the present pause is longer than usual. */
function Regularity({ customer, asOf }: { customer: Row<Customer>; asOf: number }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const found = rhythm(customer.stats, asOf);
  const usual = Math.round(found?.usual ?? 0);
  const dots = strip(customer.stats.recentOrderDays, asOf);
  if (customer.stats.orders === 0) return null;
  return (
    <div className="mt-4 border-t pt-4">
      <h3 className="flex items-center justify-between gap-3 text-table font-medium">
        {t("rhythm.title")}
        {found?.late && <Badge tone="wait">{t("rhythm.late")}</Badge>}
      </h3>
      {found ? (
        <>
          <div className="relative mt-3 mb-1 h-4" aria-hidden>
            <span className="absolute inset-x-0 top-1/2 h-px bg-line-strong" />
            {dots.map((at, index) => (
              <span
                key={index}
                className="absolute top-1/2 size-2 -translate-x-1/2 -translate-y-1/2 rounded-full border border-surface bg-primary"
                style={{ left: `${4 + at * 92}%` }}
              />
            ))}
          </div>
          <p className="flex justify-between text-micro text-faint" aria-hidden>
            <span>{format.date(new Date((customer.stats.recentOrderDays[0] ?? 0) * 86_400_000))}</span>
            <span>{format.date(new Date(asOf))}</span>
          </p>
          <p className="mt-2 text-table text-muted">
            {t("rhythm.sentence", {
              usual: found.usual < 1 ? t("rhythm.withinDay") : t("rhythm.usual", { count: usual, days: format.number(usual) }),
              since: t("rhythm.since", { count: found.since, days: format.number(found.since) }),
            })}
          </p>
        </>
      ) : (
        <p className="mt-1 text-table text-muted">{t(`rhythm.${noRhythm(customer.stats)}`)}</p>
      )}
    </div>
  );
}
