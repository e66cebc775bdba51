import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import { Chart } from "@/components/charts/Chart";
import { categoryAxis, grid, tip, tooltip, valueAxis } from "@/components/charts/options";
import type { Palette } from "@/components/charts/palette";
import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { Segmented } from "@/components/ui/Tabs";
import type { BehaviourFigures, WeekTrend } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

const METRICS = ["revenue", "orders", "customers", "discounted", "refunded"] as const;
type Metric = (typeof METRICS)[number];

/** Week by week: money, orders, people, discounts, refunds. */
export function Trends({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const [metric, setMetric] = useState<Metric>("revenue");
  const weeks = figures.trends;
  const shares = metric === "discounted" || metric === "refunded";
  const value = useCallback(
    (week: WeekTrend) => (metric === "discounted" || metric === "refunded" ? (week.orders > 0 ? week[metric] / week.orders : 0) : week[metric]),
    [metric],
  );
  const say = useCallback(
    (of: number, compact = false) =>
      shares ? format.percent(of, compact ? 0 : 1) : metric === "revenue" ? format.money(of, { compact, whole: true }) : format.number(of, compact ? { notation: "compact" } : {}),
    [shares, metric, format],
  );
  const option = useCallback(
    (palette: Palette) => {
      const line = (name: string, data: number[], own: string, dashed = false) => ({
        name,
        type: "line",
        symbol: "none",
        lineStyle: { width: 2, color: own, type: dashed ? "dashed" : "solid" },
        itemStyle: { color: own },
        areaStyle: dashed ? undefined : { color: own, opacity: 0.1 },
        data,
      });
      const series = [line(t(`trends.${metric}`), weeks.map(value), palette.primary)];
      if (metric === "customers") series.push(line(t("trends.newCustomers"), weeks.map((week) => week.newCustomers), palette.categories[1] as string, true));
      return {
        grid: grid({ right: 14 }),
        xAxis: categoryAxis(
          palette,
          weeks.map((week) => format.date(week.start)),
          { boundaryGap: false },
        ),
        yAxis: valueAxis(palette, (of) => say(of, true)),
        tooltip: tooltip(palette, {
          trigger: "axis",
          formatter: (items: { dataIndex: number }[]) => {
            const at = items[0]?.dataIndex ?? 0;
            const week = weeks[at];
            if (!week) return "";
            return tip(
              t("trends.week", { date: format.date(week.start) }),
              series.map((each) => ({ color: each.itemStyle.color, name: each.name, value: say(each.data[at] ?? 0) })),
            );
          },
        }),
        series,
      };
    },
    [weeks, value, say, metric, format, t],
  );
  return (
    <Card
      title={
        <>
          {t("trends.title")} <Info about={t("trends.title")}>{t("trends.made")}</Info>
        </>
      }
      hint={metric === "customers" ? t("trends.hintCustomers") : shares ? t("trends.hintShares") : t("trends.hint")}
    >
      {weeks.length < 2 ? (
        <NotYet>{t("trends.none")}</NotYet>
      ) : (
        <>
          <div className="mb-3 max-w-full overflow-x-auto">
            <Segmented<Metric> label={t("trends.what")} value={metric} onChange={setMetric} options={METRICS.map((each) => ({ value: each, label: t(`trends.${each}`) }))} />
          </div>
          <Chart
            label={`${t("trends.title")}: ${t(`trends.${metric}`)}`}
            option={option}
            height={280}
            table={{
              header: [t("trends.weekName"), t("trends.revenue"), t("trends.orders"), t("trends.customers"), t("trends.newCustomers"), t("trends.discounted"), t("trends.refunded")],
              rows: weeks.map((week) => [week.week, week.revenue, week.orders, week.customers, week.newCustomers, week.discounted, week.refunded]),
            }}
          />
        </>
      )}
    </Card>
  );
}
