import { Layers } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { Chart } from "@/components/charts/Chart";
import { categoryAxis, grid, tip, tooltip, valueAxis } from "@/components/charts/options";
import type { Palette } from "@/components/charts/palette";
import { EmptyState } from "@/components/ui/EmptyState";
import { segmentColors, sizesOverTime } from "@/data/segments";
import type { Localized, Segmentation } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { SegmentLegend } from "./SegmentLegend";

export interface SizesOverTimeProps {
  versions: readonly Segmentation[];
  /** Names that people gave, by segment. */
  names: ReadonlyMap<string, Localized>;
  height?: number;
}

/** Stacked area: how large each segment was in each version. */
export function SizesOverTime({ versions, names, height = 240 }: SizesOverTimeProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const lines = useMemo(() => sizesOverTime(versions, names), [versions, names]);
  const color = useMemo(() => segmentColors(lines.map((line) => line.id)), [lines]);
  const labels = useMemo(() => {
    const days = versions.map((version) => format.date(version.createdAt));
    // Several on one day are told apart by their version.
    return new Set(days).size === days.length ? days : versions.map((version, at) => `${days[at]} · v${version.version}`);
  }, [versions, format]);
  const option = useCallback(
    (palette: Palette) => ({
      grid: grid({ right: 14 }),
      xAxis: categoryAxis(palette, labels, { boundaryGap: false }),
      yAxis: valueAxis(palette, (value) => format.number(value, { notation: "compact" })),
      tooltip: tooltip(palette, {
        trigger: "axis",
        formatter: (items: { dataIndex: number }[]) => {
          const at = items[0]?.dataIndex ?? 0;
          return tip(
            labels[at] ?? "",
            lines.filter((line) => line.sizes[at]).map((line) => ({
              color: palette.categories[color(line.id).index % 10] as string,
              name: format.text(line.name),
              value: format.number(line.sizes[at]),
            })),
          );
        },
      }),
      series: lines.map((line) => {
        const own = palette.categories[color(line.id).index % 10] as string;
        return {
          id: line.id,
          name: format.text(line.name),
          type: "line",
          stack: "all",
          symbol: "none",
          lineStyle: { width: 1.5, color: own },
          itemStyle: { color: own },
          areaStyle: { opacity: 0.35, color: own },
          emphasis: { focus: "series" },
          data: line.sizes,
        };
      }),
    }),
    [labels, lines, color, format],
  );
  if (versions.length < 2) {
    return (
      <EmptyState icon={<Layers aria-hidden />} title={t("sizes.tooFew")} className="py-6">
        {t("sizes.tooFewBody", { count: versions.length })}
      </EmptyState>
    );
  }
  return (
    <>
      <Chart
        label={t("sizes.title")}
        option={option}
        height={height}
        table={{
          header: [t("sizes.segment"), ...labels],
          rows: lines.map((line) => [format.text(line.name), ...line.sizes]),
        }}
      />
      <SegmentLegend items={lines.map((line) => ({ id: line.id, name: format.text(line.name), color: color(line.id).css }))} />
    </>
  );
}
