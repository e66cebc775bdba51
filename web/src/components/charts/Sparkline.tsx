import { cx } from "@/lib/cx";

export interface SparklineProps {
  values: readonly number[];
  /** What the line shows, for screen readers. */
  label: string;
  color?: string;
  height?: number;
  className?: string;
}

/** A small line from zero, drawn as SVG: it needs no chart library, so a card full of them costs nothing. */
export function Sparkline({ values, label, color = "var(--primary)", height = 36, className }: SparklineProps) {
  if (values.length < 2) return <div style={{ height }} className={className} aria-hidden />;
  const top = Math.max(...values, 1e-9);
  const low = Math.min(0, ...values);
  const at = (value: number, index: number): [number, number] => [
    (index / (values.length - 1)) * 100,
    height - 2 - ((value - low) / (top - low)) * (height - 4),
  ];
  const points = values.map(at);
  const path = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
  const [, endY] = points.at(-1) as [number, number];
  return (
    <div className={cx("relative", className)} style={{ height }} role="img" aria-label={label}>
      <svg viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" className="size-full overflow-visible" aria-hidden>
        <path d={`${path}L100 ${height}L0 ${height}Z`} fill={color} opacity="0.1" />
        <path d={path} fill="none" stroke={color} strokeWidth="1.75" vectorEffect="non-scaling-stroke" strokeLinejoin="round" strokeLinecap="round" />
      </svg>
      <span className="absolute size-1.5 -translate-y-1/2 rounded-full" style={{ right: -3, top: endY, background: color }} />
    </div>
  );
}
