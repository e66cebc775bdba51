import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

import { Skeleton } from "./Skeleton";

export interface StatProps {
  label: ReactNode;
  value: ReactNode;
  /** Relative change, 0.12 for +12 %; null when there is nothing to compare with. */
  change?: number | null;
  /** The change in words of the viewer's locale, for instance "+12 %". */
  changeText?: string;
  /** False where less is better. */
  moreIsGood?: boolean;
  /** What the change is against, or what moved it. */
  note?: ReactNode;
  chart?: ReactNode;
  className?: string;
}

/** One figure with its change, what moved it, and a sparkline. */
export function Stat({ label, value, change, changeText, moreIsGood = true, note, chart, className }: StatProps) {
  const direction = change === null || change === undefined || Math.abs(change) < 0.0005 ? 0 : Math.sign(change);
  const tone = direction === 0 ? "text-muted" : direction > 0 === moreIsGood ? "text-good" : "text-bad";
  const Arrow = direction === 0 ? ArrowRight : direction > 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <div className={cx("flex min-w-0 flex-col rounded-lg border bg-surface p-4 shadow-card", className)}>
      <p className="truncate text-table font-medium text-muted">{label}</p>
      <div className="mt-0.5 flex flex-wrap items-baseline gap-x-2">
        <p className="tabular text-figure font-semibold tracking-tight">{value}</p>
        {changeText && (
          <p className={cx("tabular inline-flex items-center gap-0.5 text-small font-medium", tone)}>
            <Arrow className="size-3.5" aria-hidden />
            {changeText}
          </p>
        )}
      </div>
      {note && <p className="text-small text-faint">{note}</p>}
      {chart && <div className="mt-auto pt-3">{chart}</div>}
    </div>
  );
}

export function StatSkeleton() {
  return (
    <div className="flex flex-col gap-2.5 rounded-lg border bg-surface p-4 shadow-card" aria-hidden>
      <Skeleton className="h-4 w-24" />
      <Skeleton className="h-7 w-32" />
      <Skeleton className="h-3 w-40" />
      <Skeleton className="mt-2 h-9 w-full" />
    </div>
  );
}
