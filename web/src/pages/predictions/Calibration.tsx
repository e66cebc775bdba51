import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { Chart } from "@/components/charts/Chart";
import { grid, tip, tooltip, valueAxis } from "@/components/charts/options";
import type { Palette } from "@/components/charts/palette";
import type { Row } from "@/data/live";
import type { ModelCard } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { Part } from "./ModelDetail";

const PURPLE = 4;

/** Predicted against observed, with the interval of each observed share; on the diagonal a prediction means what it says. */
export function Calibration({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation(["predictions", "figures"]);
  const format = useFormat();
  const bins = card.calibration;
  const option = useCallback(
    (palette: Palette) => {
      const own = palette.categories[PURPLE] as string;
      const axis = (name: string, more: Record<string, unknown> = {}) => valueAxis(palette, (value) => format.percent(value, 0), { max: 1, interval: 0.2, name, nameTextStyle: { color: palette.muted, fontSize: 12 }, ...more });
      const line = { type: "line", symbol: "none", silent: true, tooltip: { show: false } };
      return {
        grid: grid({ top: 30, right: 14, bottom: 22 }),
        xAxis: axis(t("calibration.predicted"), { nameLocation: "middle", nameGap: 28 }),
        yAxis: axis(t("calibration.observed"), { nameLocation: "end", nameTextStyle: { color: palette.muted, fontSize: 12, align: "left" } }),
        tooltip: tooltip(palette, {
          trigger: "item",
          formatter: (item: { seriesId?: string; dataIndex: number }) => {
            const bin = item.seriesId === "bins" ? bins[item.dataIndex] : undefined;
            return bin
              ? tip(t("calibration.predictedIs", { share: format.percent(bin.predicted) }), [
                  { name: t("calibration.observed"), value: format.percent(bin.observed) },
                  { name: t("calibration.interval"), value: t("figures:between", { low: format.percent(bin.low), high: format.percent(bin.high) }) },
                  { name: t("slices.rows"), value: format.number(bin.rows) },
                ])
              : "";
          },
        }),
        series: [
          { ...line, id: "ideal", lineStyle: { color: palette.faint, type: "dashed", width: 1 }, data: [[0, 0], [1, 1]] },
          ...bins.map((bin, index) => ({ ...line, id: `interval ${index}`, lineStyle: { color: own, width: 3, opacity: 0.4 }, data: [[bin.predicted, bin.low], [bin.predicted, bin.high]] })),
          { id: "bins", type: "line", symbol: "circle", symbolSize: 9, lineStyle: { color: own, width: 1.5 }, itemStyle: { color: own }, data: bins.map((bin) => [bin.predicted, bin.observed]) },
        ],
      };
    },
    [bins, format, t],
  );
  return (
    <Part title={t("calibration.title")} made={t("calibration.made")}>
      <Chart
        label={t("calibration.title")}
        className="max-w-xl"
        option={option}
        height={300}
        table={{
          header: [t("calibration.predicted"), t("calibration.observed"), t("calibration.interval"), t("slices.rows")],
          rows: bins.map((bin) => [format.percent(bin.predicted), format.percent(bin.observed), t("figures:between", { low: format.percent(bin.low), high: format.percent(bin.high) }), bin.rows]),
        }}
      />
    </Part>
  );
}
