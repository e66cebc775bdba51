import { Sparkle } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

const TONE = {
  neutral: "bg-subtle text-muted",
  primary: "bg-primary-soft text-primary-ink",
  good: "bg-good-soft text-good",
  bad: "bg-bad-soft text-bad",
  wait: "bg-wait-soft text-wait",
  infer: "bg-infer-soft text-infer",
};

export interface BadgeProps {
  tone?: keyof typeof TONE;
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A short state. `tone="infer"` is for what a model concluded and carries a spark, so that colour is not the only sign. */
export function Badge({ tone = "neutral", icon, children, className }: BadgeProps) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1 rounded-full px-2 py-px text-small font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0",
        TONE[tone],
        className,
      )}
    >
      {tone === "infer" && !icon ? <Sparkle aria-hidden /> : icon}
      {children}
    </span>
  );
}
