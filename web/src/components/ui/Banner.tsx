import { CircleAlert, Clock, Info } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

const TONE = {
  wait: { box: "border-wait-line bg-wait-soft", icon: <Clock className="text-wait" aria-hidden /> },
  bad: { box: "border-bad/30 bg-bad-soft", icon: <CircleAlert className="text-bad" aria-hidden /> },
  plain: { box: "border-primary/25 bg-primary-soft", icon: <Info className="text-primary-ink" aria-hidden /> },
};

export interface BannerProps {
  tone?: keyof typeof TONE;
  icon?: ReactNode;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** A line across the page that matters for everything on it. */
export function Banner({ tone = "plain", icon, children, action, className }: BannerProps) {
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border px-4 py-2.5 text-table [&>svg]:size-4 [&>svg]:shrink-0",
        TONE[tone].box,
        className,
      )}
    >
      {icon ?? TONE[tone].icon}
      <div className="min-w-0 flex-1 basis-56">{children}</div>
      {action}
    </div>
  );
}
