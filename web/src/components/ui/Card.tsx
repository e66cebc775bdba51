import type { HTMLAttributes, ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface CardProps extends Omit<HTMLAttributes<HTMLElement>, "title"> {
  title?: ReactNode;
  /** One quiet line under the title. */
  hint?: ReactNode;
  actions?: ReactNode;
  /** Without padding, for tables that reach the edges. */
  flush?: boolean;
  /** The content takes the card's whole height: for a chart beside a taller card. */
  fill?: boolean;
}

/** A white area with an optional title row. */
export function Card({ title, hint, actions, flush, fill, className, children, ...rest }: CardProps) {
  return (
    <section className={cx("flex min-w-0 flex-col rounded-lg border bg-surface shadow-card", className)} {...rest}>
      {(title || actions) && (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-5 pt-4 pb-3">
          <div className="min-w-0">
            {title && <h2 className="text-h3 font-semibold">{title}</h2>}
            {hint && <p className="text-small text-faint">{hint}</p>}
          </div>
          {actions && <div className="flex items-center gap-1">{actions}</div>}
        </header>
      )}
      <div className={cx("min-h-0 min-w-0 flex-1", fill && "flex flex-col", flush ? "overflow-hidden rounded-b-lg" : cx("px-5 pb-5", !title && !actions && "pt-5"))}>
        {children}
      </div>
    </section>
  );
}
