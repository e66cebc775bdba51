import type { ReactNode } from "react";

/** A thin strip over the whole console, for instance while the sample shop is loaded. */
export function Ribbon({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div role="status" className="flex min-h-8 flex-wrap items-center justify-center gap-x-3 border-b border-infer/20 bg-infer-soft px-4 py-1 text-center text-small text-infer">
      <span>{children}</span>
      {action}
    </div>
  );
}
