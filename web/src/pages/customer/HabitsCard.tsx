import { useTranslation } from "react-i18next";

import { Bars } from "@/components/figures/Bars";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import type { Row } from "@/data/live";
import type { Customer } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { usePlatformName } from "./platformName";

const TOP = 5;
/** A Monday, to name days by. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;

/** When, where and how dear this customer buys: counted, not inferred. */
export function HabitsCard({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const platformName = usePlatformName();
  const { habits } = customer;
  if (!habits) {
    return (
      <Card title={t("habit.title")}>
        <p className="text-table text-muted">{t("habit.none")}</p>
      </Card>
    );
  }
  const channels = Object.entries(habits.channels).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const channelName = (name: string) => t(`through.${name}`, { defaultValue: platformName(name) });
  const percent = (share: number) => format.percent(share, 0);
  const lines: [string, string][] = [
    ["hour", habits.bestHour === null ? t("habit.unknown") : hours(habits.bestHour)],
    ["weekday", habits.bestWeekday === null ? t("habit.unknown") : dayName(habits.bestWeekday, format.language)],
    ["channels", channels.length === 0 ? t("habit.unknown") : channels.map(([name, share]) => `${channelName(name)} ${percent(share)}`).join(", ")],
    ["price", habits.priceTier === null ? t("habit.unknown") : t(`habit.tier.${tier(habits.priceTier)}`)],
    ...(habits.discountShare === null ? [] : [["discounts", percent(habits.discountShare)] as [string, string]]),
    ...(habits.returnShare === null ? [] : [["returns", percent(habits.returnShare)] as [string, string]]),
    ...(habits.visits90 === 0 ? [] : [["visits", format.number(habits.visits90)] as [string, string]]),
  ];
  return (
    <Card
      title={
        <span className="flex items-center gap-1.5">
          {t("habit.title")}
          <Info about={t("habit.title")}>{t("habit.made", { zone: format.zone })}</Info>
        </span>
      }
      hint={t("predict.asOf", { date: format.date(habits.asOf) })}
    >
      <dl className="flex flex-col gap-2 text-table">
        {lines.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="shrink-0 text-muted">{t(`habit.${name}`)}</dt>
            <dd className="tabular min-w-0 text-right break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {habits.affinity.length > 0 && (
        <div className="mt-4 border-t pt-4">
          <h3 className="mb-2 text-table font-medium">{t("habit.categories")}</h3>
          <Bars
            bars={habits.affinity.slice(0, TOP).map(({ category, share }) => ({
              id: category,
              label: <span className="break-words">{category}</span>,
              value: share,
              text: percent(share),
            }))}
          />
        </div>
      )}
    </Card>
  );
}

const clock = (hour: number) => `${String(hour % 24).padStart(2, "0")}:00`;
const hours = (from: number) => `${clock(from)}–${clock(from + 1)}`;

const dayName = (day: number, language: "en" | "zh") =>
  new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { weekday: "long", timeZone: "UTC" }).format(new Date(MONDAY + day * DAY));

/** Thirds of the prices within a category. */
const tier = (place: number): "low" | "middle" | "high" => (place < 1 / 3 ? "low" : place <= 2 / 3 ? "middle" : "high");
