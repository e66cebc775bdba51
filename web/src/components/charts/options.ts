import type { Palette } from "./palette";

/** Parts of an option that every chart shares, so that axes and tooltips look the same everywhere. */

export const grid = (more: Record<string, number> = {}) => ({ left: 4, right: 8, top: 14, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel", ...more });

export const categoryAxis = (palette: Palette, data: readonly string[], more: Record<string, unknown> = {}) => ({
  type: "category",
  data,
  axisLine: { lineStyle: { color: palette.line } },
  axisTick: { show: false },
  axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true },
  ...more,
});

export const valueAxis = (palette: Palette, format: (value: number) => string, more: Record<string, unknown> = {}) => ({
  type: "value",
  min: 0,
  splitNumber: 4,
  axisLabel: { color: palette.muted, fontSize: 12, formatter: format },
  splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
  ...more,
});

export const tooltip = (palette: Palette, more: Record<string, unknown> = {}) => ({
  backgroundColor: palette.raised,
  borderColor: palette.line,
  borderWidth: 1,
  padding: [8, 12],
  textStyle: { color: palette.ink, fontSize: 12 },
  extraCssText: "border-radius:8px;box-shadow:0 8px 24px rgb(0 0 0 / .16);z-index:20",
  confine: true,
  ...more,
});

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for a tooltip, which ECharts writes as HTML: names come from files. */
export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** Rows of a tooltip: a title and lines of mark, name and value. */
export function tip(title: string, lines: readonly { color?: string; name: string; value: string }[]): string {
  const row = (line: { color?: string; name: string; value: string }) =>
    `<div style="display:flex;gap:16px;justify-content:space-between;line-height:20px"><span>${
      line.color ? `<i style="display:inline-block;width:8px;height:8px;border-radius:2px;margin-right:6px;background:${line.color}"></i>` : ""
    }${escape(line.name)}</span><b style="font-weight:600;font-variant-numeric:tabular-nums">${escape(line.value)}</b></div>`;
  return `<div style="font-weight:600;margin-bottom:2px">${escape(title)}</div>${lines.map(row).join("")}`;
}
