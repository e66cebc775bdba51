import { useNavigate } from "@tanstack/react-router";
import { Map as MapIcon } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Chart } from "@/components/charts/Chart";
import { escape, tooltip } from "@/components/charts/options";
import type { Palette } from "@/components/charts/palette";
import { SegmentLegend } from "@/components/segments/SegmentLegend";
import { symbol } from "@/components/segments/symbols";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { Skeleton } from "@/components/ui/Skeleton";
import { useDoc } from "@/data/live";
import type { Localized, SegmentMap } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export interface CustomerMapProps {
  version: number;
  names: ReadonlyMap<string, Localized>;
  color: (id: string) => { index: number; css: string };
}

const HEIGHT = 420;

type Point = [x: number, y: number, id: string];

const centre = (points: readonly Point[], axis: 0 | 1) => Number((points.reduce((sum, point) => sum + point[axis], 0) / points.length).toFixed(2));

/** Up to 2,000 customers in two dimensions, a colour and a mark for each segment; a dot opens its customer for roles that may. */
export function CustomerMap({ version, names, color }: CustomerMapProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const navigate = useNavigate();
  const role = useRole();
  const opens = may(role, "readCustomers");
  const map = useDoc<SegmentMap>(`segmentations/${version}/map/points`);
  const groups = useMemo(() => {
    const found = new Map<string, Point[]>();
    for (const point of map.data?.points ?? []) {
      const group = found.get(point.s);
      if (group) group.push([point.x, point.y, point.c]);
      else found.set(point.s, [[point.x, point.y, point.c]]);
    }
    return [...found].sort((a, b) => b[1].length - a[1].length);
  }, [map.data]);
  const nameOf = useCallback((id: string) => format.text(names.get(id)) || id, [format, names]);
  const option = useCallback(
    (palette: Palette) => {
      const axis = {
        type: "value",
        scale: true,
        axisLabel: { show: false },
        axisTick: { show: false },
        axisLine: { show: false },
        splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      };
      return {
        animation: false,
        grid: { left: 2, right: 2, top: 2, bottom: 2 },
        xAxis: axis,
        yAxis: axis,
        tooltip: tooltip(palette, { trigger: "item", formatter: (item: { seriesName: string }) => escape(item.seriesName) }),
        series: groups.map(([id, points]) => ({
          id,
          name: nameOf(id),
          type: "scatter",
          symbol: `path://${symbol(color(id).index)}`,
          symbolSize: 7,
          itemStyle: { color: palette.categories[color(id).index % 10] as string, opacity: 0.72 },
          emphasis: { scale: 1.8, itemStyle: { opacity: 1 } },
          cursor: opens ? "pointer" : "default",
          data: points,
        })),
      };
    },
    [groups, color, nameOf, opens],
  );
  const data = map.data;
  const share = data ? data.explained.reduce((sum, each) => sum + each, 0) : 0;
  return (
    <Card
      title={t("map.title")}
      hint={
        data && (
          <>
            {t("map.hint", { count: data.sampled, sampled: format.number(data.sampled), of: format.number(data.of) })} {t("map.explained", { share: format.percent(share, 0) })}
            {format.language === "zh" ? "。" : ". "}
            {opens && t("map.open")}
          </>
        )
      }
    >
      {map.state === "loading" ? (
        <Skeleton className="w-full rounded-md [height:420px]" />
      ) : map.state !== "ready" ? (
        <ErrorState onRetry={map.retry} />
      ) : !data || data.points.length === 0 ? (
        <EmptyState icon={<MapIcon aria-hidden />} title={t("map.none")}>
          {t("map.noneBody")}
        </EmptyState>
      ) : (
        <>
          <Chart
            label={t("map.title")}
            option={option}
            height={HEIGHT}
            {...(opens
              ? {
                  onClick: ({ data: point }: { data?: unknown }) => {
                    const id = Array.isArray(point) ? (point[2] as string) : null;
                    if (id) void navigate({ to: "/customers/$customerId", params: { customerId: id } });
                  },
                }
              : {})}
            table={{
              header: [t("sizes.segment"), t("map.customers"), t("map.x"), t("map.y")],
              rows: groups.map(([id, points]) => [nameOf(id), points.length, centre(points, 0), centre(points, 1)]),
            }}
          />
          <SegmentLegend items={groups.map(([id]) => ({ id, name: nameOf(id), color: color(id).css, symbol: symbol(color(id).index) }))} />
        </>
      )}
    </Card>
  );
}
