import { cx } from "@/lib/cx";

export interface IntervalProps {
  value: number;
  low: number | null;
  high: number | null;
  /** Ends of the scale. */
  from?: number;
  to?: number;
  /** Something to compare with: a line across the track. */
  line?: number | null;
  /** The figures in words, for screen readers. */
  label: string;
  /** `infer`: a model concluded it. */
  tone?: "primary" | "infer" | "neutral";
  className?: string;
}

const TONE = {
  primary: { band: "bg-primary/30", dot: "bg-primary" },
  infer: { band: "bg-infer/30", dot: "bg-infer" },
  neutral: { band: "bg-faint/35", dot: "bg-muted" },
};

/** A value with its interval on a scale: a band, a dot, and a line to compare with. */
export function Interval({ value, low, high, from = 0, to = 1, line, label, tone = "primary", className }: IntervalProps) {
  const at = (of: number) => Math.min(100, Math.max(0, ((of - from) / (to - from || 1)) * 100));
  const left = at(low ?? value);
  const right = at(high ?? value);
  return (
    <div role="img" aria-label={label} className={cx("relative h-4 min-w-12", className)}>
      <span className="absolute inset-x-0 top-1/2 h-1 -translate-y-1/2 rounded-full bg-subtle" />
      <span
        className={cx("absolute top-1/2 h-2 -translate-y-1/2 rounded-full", TONE[tone].band)}
        style={{ left: `${left}%`, width: `${Math.max(0.5, right - left)}%` }}
      />
      {line !== null && line !== undefined && <span className="absolute inset-y-0 w-px bg-ink/60" style={{ left: `${at(line)}%` }} />}
      <span
        className={cx("absolute top-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-surface", TONE[tone].dot)}
        style={{ left: `${at(value)}%` }}
      />
    </div>
  );
}
