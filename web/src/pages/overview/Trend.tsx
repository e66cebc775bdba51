import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { Chart } from "@/components/charts/Chart";
import { categoryAxis, grid, tip, tooltip, valueAxis } from "@/components/charts/options";
import type { Palette } from "@/components/charts/palette";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { Skeleton } from "@/components/ui/Skeleton";
import { Segmented } from "@/components/ui/Tabs";
import { byMonth, dayIn } from "@/data/figures";
import type { Live, Row } from "@/data/live";
import type { Month, Overview } from "@/generated/documents";
import { toMajor } from "@/lib/format";
import { useFormat } from "@/lib/useFormat";

type Measure = "revenue" | "orders" | "newCustomers";

export interface TrendProps {
  months: Live<Row<Month>[]>;
  asOf: Overview["asOf"] | undefined;
  everyMonth: boolean;
  onEveryMonth: (every: boolean) => void;
}

/** Bars by month from zero; a month that is not over is drawn lighter. */
export function Trend({ months, asOf, everyMonth, onEveryMonth }: TrendProps) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const [measure, setMeasure] = useState<Measure>("revenue");
  const list = useMemo(() => byMonth(months.data ?? []), [months.data]);
  const open = asOf ? dayIn(asOf.toDate(), format.zone) : "";
  const show = useCallback(
    (value: number, compact = false) => (measure === "revenue" ? format.money(value, { compact }) : format.number(value, compact ? { notation: "compact" } : {})),
    [measure, format],
  );
  const option = useCallback(
    (palette: Palette) => ({
      grid: grid(),
      xAxis: categoryAxis(palette, list.map((month) => format.month(month.month))),
      yAxis: valueAxis(palette, (value) => show(value, true)),
      tooltip: tooltip(palette, {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        formatter: (items: { dataIndex: number }[]) => {
          const month = list[items[0]?.dataIndex ?? 0];
          if (!month) return "";
          return tip(format.month(month.month, "long") + (unfinished(month.month, open) ? ` · ${t("trend.soFar")}` : ""), [
            { name: t("trend.revenue"), value: format.money(month.revenue) },
            { name: t("trend.orders"), value: format.number(month.orders) },
            { name: t("trend.newCustomers"), value: format.number(month.newCustomers) },
          ]);
        },
      }),
      series: [
        {
          type: "bar",
          barMaxWidth: 36,
          itemStyle: { color: palette.primary, borderRadius: [4, 4, 0, 0] },
          data: list.map((month) => ({ value: month[measure], itemStyle: unfinished(month.month, open) ? { opacity: 0.45 } : {} })),
        },
      ],
    }),
    [list, measure, show, format, open, t],
  );
  return (
    <Card
      fill
      title={t("trend.title")}
      hint={t(everyMonth ? "trend.all" : "trend.recent", { count: list.length })}
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <Segmented<Measure>
            label={t("trend.measure")}
            value={measure}
            onChange={setMeasure}
            options={(["revenue", "orders", "newCustomers"] as const).map((value) => ({ value, label: t(`trend.${value}`) }))}
          />
          <Button size="sm" look="ghost" aria-pressed={everyMonth} onClick={() => onEveryMonth(!everyMonth)}>
            {t(everyMonth ? "trend.showRecent" : "trend.showAll")}
          </Button>
        </div>
      }
    >
      {months.state === "loading" ? (
        <Skeleton className="h-[280px] w-full rounded-md" />
      ) : months.state === "ready" ? (
        <Chart
          label={t("trend.title")}
          option={option}
          fill
          height={280}
          table={{
            header: [t("trend.month"), `${t("trend.revenue")} (${format.currency})`, t("trend.orders"), t("trend.newCustomers")],
            rows: list.map((month) => [month.month, toMajor(month.revenue, format.currency), month.orders, month.newCustomers]),
          }}
        />
      ) : (
        <ErrorState onRetry={months.retry} />
      )}
    </Card>
  );
}

/** A month counts as finished once `asOf` is in a later one. */
const unfinished = (month: string, asOf: string): boolean => asOf !== "" && asOf.startsWith(month) && !asOf.endsWith("-01");
