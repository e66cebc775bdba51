import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import { Chart } from "@/components/charts/Chart";
import { categoryAxis, grid, tip, tooltip, valueAxis } from "@/components/charts/options";
import type { Palette } from "@/components/charts/palette";
import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { Segmented } from "@/components/ui/Tabs";
import { openWeek } from "@/data/behaviour";
import type { BehaviourFigures, WeekTrend } from "@/generated/documents";
import { toMajor } from "@/lib/format";
import { useFormat } from "@/lib/useFormat";

const METRICS = ["revenue", "orders", "customers", "discounted", "refunded"] as const;
type Metric = (typeof METRICS)[number];

/** Week by week: money, orders, people, discounts, refunds. */
export function Trends({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const [metric, setMetric] = useState<Metric>("revenue");
  const weeks = figures.trends;
  const newest = weeks.at(-1);
  const open = newest !== undefined && openWeek(newest.start, figures.asOf);
  const shares = metric === "discounted" || metric === "refunded";
  const value = useCallback(
    (week: WeekTrend) => (metric === "discounted" || metric === "refunded" ? (week.orders > 0 ? week[metric] / week.orders : 0) : week[metric]),
    [metric],
  );
  const say = useCallback(
    (of: number, compact = false) =>
      shares ? format.percent(of, compact ? 0 : 1) : metric === "revenue" ? format.money(of, { compact, whole: true, of: figures.currency }) : format.number(of, compact ? { notation: "compact" } : {}),
    [shares, metric, format, figures.currency],
  );
  const option = useCallback(
    (palette: Palette) => {
      const last = weeks.length - 1;
      const line = (name: string, data: number[], own: string, dashed = false) => ({ name, data, own, dashed });
      const lines = [line(t(`trends.${metric}`), weeks.map(value), palette.primary)];
      if (metric === "customers") lines.push(line(t("trends.newCustomers"), weeks.map((week) => week.newCustomers), palette.categories[1] as string, true));
      const drawn = ({ name, data, own, dashed }: (typeof lines)[number], faint: boolean) => ({
        name,
        type: "line",
        symbol: "none",
        lineStyle: { width: 2, color: own, type: faint ? "dotted" : dashed ? "dashed" : "solid", opacity: faint ? 0.45 : 1 },
        itemStyle: { color: own },
        areaStyle: dashed || faint ? undefined : { color: own, opacity: 0.1 },
        data: open ? data.map((of, at) => ((faint ? at >= last - 1 : at < last) ? of : null)) : data,
      });
      const series = lines.flatMap((each) => (open ? [drawn(each, false), drawn(each, true)] : [drawn(each, false)]));
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
              t("trends.week", { date: format.date(week.start) }) + (open && at === last ? ` · ${t("trends.soFar")}` : ""),
              lines.map((each) => ({ color: each.own, name: each.name, value: say(each.data[at] ?? 0) })),
            );
          },
        }),
        series,
      };
    },
    [weeks, open, value, say, metric, format, t],
  );
  return (
    <Card
      title={
        <>
          {t("trends.title")} <Info about={t("trends.title")}>{t("trends.made")}</Info>
        </>
      }
      hint={
        <>
          {metric === "customers" ? t("trends.hintCustomers") : shares ? t("trends.hintShares") : t("trends.hint")} {open && t("trends.openWeek")}
        </>
      }
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
              header: [t("trends.weekName"), `${t("trends.revenue")} (${figures.currency})`, t("trends.orders"), t("trends.customers"), t("trends.newCustomers"), t("trends.discounted"), t("trends.refunded")],
              rows: weeks.map((week) => [
                open && week === newest ? `${week.week} (${t("trends.soFar")})` : week.week,
                toMajor(week.revenue, figures.currency),
                week.orders, week.customers,
                week.newCustomers,
                week.discounted,
                week.refunded,
              ]),
            }}
          />
        </>
      )}
    </Card>
  );
}
