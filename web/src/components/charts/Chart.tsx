import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useShownTheme } from "@/app/theme";
import { Button } from "@/components/ui/Button";
import { DropdownMenu, MenuItem } from "@/components/ui/DropdownMenu";
import { Skeleton } from "@/components/ui/Skeleton";
import { cx } from "@/lib/cx";
import { download, toCsv } from "@/lib/download";

import { readPalette, type Palette } from "./palette";

export interface ChartTable {
  header: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

export interface ChartProps {
  /** Names the picture for screen readers and the exported files. */
  label: string;
  /** The ECharts option for the palette of the shown theme. Keep it stable between renders (useCallback). */
  option: (palette: Palette) => EChartsCoreOption;
  /** The same figures as a table: read by screen readers and exported as CSV. */
  table: ChartTable;
  /** Pixels; with `fill` the least, and the chart takes what its flex parent has. */
  height?: number;
  fill?: boolean;
  onClick?: (params: { data?: unknown; seriesId?: string; name?: string }) => void;
  className?: string;
}

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** One chart: loads the library, follows theme and size, exports itself as PNG and CSV. */
export function Chart({ label, option, table, height = 260, fill, onClick, className }: ChartProps) {
  const { t } = useTranslation("charts");
  const theme = useShownTheme();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const click = useRef(onClick);
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");

  useEffect(() => {
    click.current = onClick;
  });
  useEffect(() => {
    let ended = false;
    let watcher: ResizeObserver | undefined;
    import("./echarts")
      .then(({ init }) => {
        if (ended || !place.current) return;
        const made = init(place.current, null, { renderer: "canvas" });
        made.on("click", (params) => click.current?.(params as never));
        chart.current = made;
        watcher = new ResizeObserver(() => made.resize());
        watcher.observe(place.current);
        setState("ready");
      })
      .catch(() => !ended && setState("failed"));
    return () => {
      ended = true;
      watcher?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    if (state !== "ready" || !chart.current) return;
    const palette = readPalette();
    chart.current.setOption(
      {
        animation: !still(),
        animationDuration: 220,
        animationDurationUpdate: 220,
        textStyle: { fontFamily: palette.font },
        color: palette.categories,
        ...option(palette),
      },
      { notMerge: true },
    );
  }, [state, option, theme]);

  const file = label.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase();
  const png = () => {
    const url = chart.current?.getDataURL({ pixelRatio: 2, backgroundColor: readPalette().surface });
    if (url) download(`${file}.png`, url);
  };
  const csv = () => download(`${file}.csv`, new Blob([toCsv([table.header, ...table.rows])], { type: "text/csv;charset=utf-8" }));

  return (
    <figure className={cx("group/chart relative", fill && "flex-1", className)} style={{ minHeight: height }} aria-label={label}>
      <div ref={place} style={fill ? undefined : { height }} aria-hidden className={cx(fill && "absolute inset-0", onClick && "cursor-pointer")} />
      {state === "loading" && <Skeleton className="absolute inset-0 rounded-md" />}
      {state === "failed" && <p className="absolute inset-0 flex items-center justify-center text-muted">{t("failed")}</p>}
      <div className="absolute -top-1 right-0 opacity-0 transition-opacity duration-150 group-focus-within/chart:opacity-100 group-hover/chart:opacity-100 has-[[data-state=open]]:opacity-100">
        <DropdownMenu
          trigger={
            <Button size="icon-sm" aria-label={t("export", { name: label })}>
              <Download aria-hidden />
            </Button>
          }
        >
          <MenuItem onSelect={png}>{t("png")}</MenuItem>
          <MenuItem onSelect={csv}>{t("csv")}</MenuItem>
        </DropdownMenu>
      </div>
      <ChartTableForReaders label={label} table={table} />
    </figure>
  );
}

function ChartTableForReaders({ label, table }: { label: string; table: ChartTable }) {
  // A map of 2,000 points is no table that anyone would listen to.
  if (table.rows.length > 200) return null;
  return (
    // A table ignores the width that hides it: the box around it does not.
    <div className="sr-only">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            {table.header.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
