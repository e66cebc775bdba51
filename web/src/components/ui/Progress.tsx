import { Progress as Radix } from "radix-ui";

import { cx } from "@/lib/cx";

export interface ProgressProps {
  /** 0 to 1; null while the end is unknown. */
  value: number | null;
  label: string;
  tone?: "primary" | "good" | "bad";
  className?: string;
}

const TONE = { primary: "bg-primary", good: "bg-good", bad: "bg-bad" };

export function Progress({ value, label, tone = "primary", className }: ProgressProps) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <Radix.Root
      value={percent}
      aria-label={label}
      className={cx("h-1.5 w-full overflow-hidden rounded-full bg-line", className)}
    >
      <Radix.Indicator
        className={cx("h-full rounded-full transition-[width] duration-250", TONE[tone], percent === null && "w-1/3 animate-[indeterminate_1.4s_ease-in-out_infinite]")}
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </Radix.Root>
  );
}
