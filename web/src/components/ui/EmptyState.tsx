import { Inbox, Lock } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** What this is, and what is missing; a condition that is not met says how far it is. */
  children?: ReactNode;
  /** One thing to do next. */
  action?: ReactNode;
  className?: string;
}

/** Nothing here yet: what it will be, and one action. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cx("flex flex-col items-center justify-center gap-1.5 px-6 py-10 text-center", className)}>
      <div className="mb-2 flex size-12 items-center justify-center rounded-full bg-primary-soft text-primary-ink [&_svg]:size-6 [&_svg]:stroke-[1.75]">
        {icon ?? <Inbox aria-hidden />}
      </div>
      <p className="text-h3 font-semibold">{title}</p>
      {children && <div className="max-w-md text-body text-muted">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** A page that this role may not read: says who may. */
export function NoPermission({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <EmptyState icon={<Lock aria-hidden />} title={title} className="min-h-80">
      {children}
    </EmptyState>
  );
}
