import { Link } from "@tanstack/react-router";

/** Names beside their colours, and their marks where the chart has them; each opens its segment. */
export function SegmentLegend({ items }: { items: readonly { id: string; name: string; color: string; symbol?: string }[] }) {
  return (
    <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1">
      {items.map((item) => (
        <li key={item.id}>
          <Link
            to="/segments/$segmentId"
            params={{ segmentId: item.id }}
            className="inline-flex items-center gap-1.5 rounded-sm text-small text-muted hover:text-ink hover:underline"
          >
            {item.symbol ? (
              <svg viewBox="0 0 10 10" className="size-2.5 shrink-0" style={{ fill: item.color }} aria-hidden>
                <path d={item.symbol} />
              </svg>
            ) : (
              <span className="size-2.5 shrink-0 rounded-[3px]" style={{ background: item.color }} aria-hidden />
            )}
            {item.name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
