import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Sparkline } from "@/components/charts/Sparkline";
import { Info } from "@/components/figures/Info";
import { Stat, StatSkeleton } from "@/components/ui/Stat";
import { byDay, changeOf, dayIn, inSteps, whatMoved, windowBefore, type Window } from "@/data/figures";
import type { Month, Overview } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

const DAYS = 30;
/** Days in one point of a sparkline. */
const STEP = 3;

/** Four figures of the last 30 full days, against the 30 before, and what moved them. */
export function Figures({ overview, months }: { overview: Overview | undefined; months: readonly Month[] | undefined }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  if (!overview || !months) {
    return (
      <Grid>
        {Array.from({ length: 4 }, (_, index) => (
          <StatSkeleton key={index} />
        ))}
      </Grid>
    );
  }
  const days = byDay(months);
  const end = dayIn(overview.asOf.toDate(), format.zone);
  const now = windowBefore(days, end, DAYS);
  const before = windowBefore(days, windowStart(now), DAYS);
  const both = [...before.days, ...now.days];
  const moved = whatMoved(now, before);
  const busiest = now.days.reduce((best, day) => (day.orders > best.orders ? day : best), now.days[0] ?? { day: end, orders: 0 });
  const signed = (minor: number) => `${minor > 0 ? "+" : ""}${format.money(minor, { whole: true })}`;
  const figure = (id: string, value: string, current: number | null, previous: number | null, note: string, series: readonly number[]): ReactNode => {
    const change = changeOf(current, previous);
    return (
      <Stat
        key={id}
        label={
          <span className="flex items-center gap-1">
            <span className="truncate">{t(`figure.${id}`)}</span>
            <Info about={t(`figure.${id}`)}>{t(`figure.made.${id}`)}</Info>
          </span>
        }
        value={<span data-figure={id}>{value}</span>}
        change={change}
        changeText={change === null ? t("figure.nothingBefore") : format.change(change)}
        note={note}
        chart={<Sparkline values={series} label={t("figure.sparkline", { name: t(`figure.${id}`) })} />}
      />
    );
  };
  const average = (step: readonly { orders: number; revenue: number }[]) =>
    inSteps(step.map((day) => day.revenue), STEP).map((revenue, index) => {
      const orders = inSteps(step.map((day) => day.orders), STEP)[index] ?? 0;
      return orders > 0 ? revenue / orders : 0;
    });
  return (
    <section>
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <h2 className="text-h3 font-semibold">{t("figure.section")}</h2>
        <p className="text-small text-faint">
          {t("figure.window", {
            from: format.date(new Date(`${windowStart(now)}T12:00:00Z`)),
            to: format.date(new Date(`${now.days.at(-1)?.day ?? end}T12:00:00Z`)),
          })}
        </p>
      </div>
      <Grid>
        {figure(
          "revenue",
          format.money(now.revenue, { whole: now.revenue >= 1_000_000 }),
          now.revenue,
          before.revenue,
          moved ? t("figure.moved", { orders: signed(moved.byOrders), basket: signed(moved.byBasket) }) : t("figure.before", { value: format.money(before.revenue) }),
          inSteps(both.map((day) => day.revenue), STEP),
        )}
        {figure(
          "orders",
          format.number(now.orders),
          now.orders,
          before.orders,
          busiest.orders > 0
            ? t("figure.busiest", { day: format.date(new Date(`${busiest.day}T12:00:00Z`)), count: busiest.orders, number: format.number(busiest.orders) })
            : t("figure.quiet"),
          inSteps(both.map((day) => day.orders), STEP),
        )}
        {figure(
          "newCustomers",
          format.number(now.newCustomers),
          now.newCustomers,
          before.newCustomers,
          t("figure.before", { value: format.number(before.newCustomers) }),
          inSteps(both.map((day) => day.newCustomers), STEP),
        )}
        {figure(
          "averageOrder",
          format.money(now.averageOrder),
          now.averageOrder,
          before.averageOrder,
          t("figure.before", { value: format.money(before.averageOrder) }),
          average(both),
        )}
      </Grid>
    </section>
  );
}

const windowStart = (window: Window): string => window.days[0]?.day ?? "";

function Grid({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-2 gap-3 md:gap-4 xl:grid-cols-4">{children}</div>;
}
