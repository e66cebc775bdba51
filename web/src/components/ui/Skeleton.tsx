import { cx } from "@/lib/cx";

/** A grey shape where something will be; give it the size of the final thing. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("shimmer block rounded-sm", className)} />;
}

/** Rows of a list that is loading. */
export function SkeletonRows({ rows = 6, className }: { rows?: number; className?: string }) {
  return (
    <div className={cx("flex flex-col gap-3", className)} role="status" aria-busy>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-3">
          <Skeleton className="size-8 rounded-full" />
          <Skeleton className="h-3.5 flex-1" />
          <Skeleton className="h-3.5 w-20" />
        </div>
      ))}
    </div>
  );
}
