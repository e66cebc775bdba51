import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { Chart } from "@/components/charts/Chart";
import { categoryAxis, grid, tip, tooltip, valueAxis } from "@/components/charts/options";
import type { Palette } from "@/components/charts/palette";
import type { Bin } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { binOf } from "./bins";

export interface HistogramProps {
  label: string;
  bins: readonly Bin[];
  /** A value of the axis in words. */
  format: (value: number) => string;
  /** What is counted, for the tooltip and the table. */
  counted: string;
  /** A value to point out: its bar is dark and says the text. */
  mark?: { value: number; text: string } | null;
  tone?: "primary" | "infer";
  height?: number;
}

const PURPLE = 4;

/** Counts by bin, the last one open; the bar that holds the marked value is labelled. */
export function Histogram({ label, bins, format: say, counted, mark, tone = "primary", height = 220 }: HistogramProps) {
  const { t } = useTranslation("figures");
  const format = useFormat();
  const name = useCallback(
    (bin: Bin) => (bin.high === null ? t("andMore", { from: say(bin.low) }) : t("fromTo", { from: say(bin.low), to: say(bin.high) })),
    [say, t],
  );
  const marked = mark ? binOf(bins, mark.value) : -1;
  const text = mark?.text;
  const option = useCallback(
    (palette: Palette) => {
      const own = tone === "infer" ? (palette.categories[PURPLE] as string) : palette.primary;
      return {
        grid: grid({ top: marked >= 0 ? 26 : 14 }),
        xAxis: categoryAxis(
          palette,
          bins.map((bin) => (bin.high === null ? t("andMoreShort", { from: say(bin.low) }) : say(bin.low))),
          // Few bins all say where they begin; of many, those that fit.
          { axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true, ...(bins.length <= 12 ? { interval: 0 } : {}) } },
        ),
        yAxis: valueAxis(palette, (value) => format.number(value, { notation: "compact" }), { minInterval: 1 }),
        tooltip: tooltip(palette, {
          trigger: "axis",
          axisPointer: { type: "shadow" },
          formatter: (items: { dataIndex: number }[]) => {
            const bin = bins[items[0]?.dataIndex ?? 0];
            return bin ? tip(name(bin), [{ name: counted, value: format.number(bin.n) }]) : "";
          },
        }),
        series: [
          {
            type: "bar",
            barCategoryGap: "12%",
            data: bins.map((bin, index) => ({
              value: bin.n,
              itemStyle: { color: own, opacity: marked < 0 || index === marked ? 0.9 : 0.5, borderRadius: [3, 3, 0, 0] },
              label: index === marked ? { show: true, position: "top", formatter: text ?? "", color: palette.ink, fontSize: 12, fontWeight: 600 } : { show: false },
            })),
          },
        ],
      };
    },
    [bins, say, name, counted, marked, text, tone, format, t],
  );
  return (
    <Chart
      label={label}
      option={option}
      height={height}
      table={{ header: [label, counted], rows: bins.map((bin) => [name(bin), bin.n]) }}
    />
  );
}
