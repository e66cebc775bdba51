import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface Bar {
  id: string;
  label: ReactNode;
  /** Length; bars of a list share one scale from zero. */
  value: number;
  /** The figure, said at the end of the row. */
  text: ReactNode;
  note?: ReactNode;
  color?: string;
}

/** A list of labelled bars, longest scale shared. */
export function Bars({ bars, tone = "primary", className }: { bars: readonly Bar[]; tone?: "primary" | "infer"; className?: string }) {
  const top = Math.max(...bars.map((bar) => bar.value), 1e-9);
  return (
    <ul className={cx("flex flex-col gap-2.5", className)}>
      {bars.map((bar) => (
        <li key={bar.id}>
          <p className="flex items-baseline justify-between gap-3 text-table">
            <span className="min-w-0 font-medium">{bar.label}</span>
            <span className="tabular shrink-0">{bar.text}</span>
          </p>
          <span className="mt-1 block h-2 overflow-hidden rounded-full bg-subtle" aria-hidden>
            <span
              className={cx("block h-full rounded-full", !bar.color && (tone === "infer" ? "bg-infer" : "bg-primary"))}
              style={{ width: `${Math.max(bar.value > 0 ? 0.6 : 0, (Math.max(0, bar.value) / top) * 100)}%`, ...(bar.color ? { background: bar.color } : {}) }}
            />
          </span>
          {bar.note && <p className="text-small text-faint">{bar.note}</p>}
        </li>
      ))}
    </ul>
  );
}
