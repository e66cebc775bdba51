import {
  Eye,
  Globe,
  type LucideIcon,
  MessageSquareText,
  MousePointerClick,
  PackageCheck,
  ReceiptText,
  RotateCcw,
  ShieldCheck,
  ShoppingCart,
  Store,
  UserPen,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { EVENT_CHANNELS, EVENT_KINDS, timelineSpec, type TimelineFilter } from "@/data/customers-one";
import type { Row } from "@/data/live";
import { useArrivals, usePaged } from "@/data/paged";
import type { Event } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { FilterChip } from "../customers/FilterChip";
import type { CustomerTab } from "./CustomerPage";

const ICON: Record<Event["kind"], LucideIcon> = {
  order: ReceiptText,
  refund: RotateCcw,
  feedback: MessageSquareText,
  visit: Globe,
  product_viewed: Eye,
  cart: ShoppingCart,
  delivery: PackageCheck,
  click: MousePointerClick,
  profile: UserPen,
  consent: ShieldCheck,
  till: Store,
};

/** Everything that happened, newest first, by day; what comes in while one looks on glows. */
export function Timeline({ ids, onOpen }: { ids: readonly string[]; onOpen: (tab: CustomerTab) => void }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const [filter, setFilter] = useState<TimelineFilter>({ kind: null, channel: null });
  const paged = usePaged<Event>(timelineSpec(ids, filter), 30);
  const fresh = useArrivals(paged.rows, paged.loading);
  const filtered = filter.kind !== null || filter.channel !== null;
  const days = byDay(paged.rows, (row) => format.date(row.at));
  return (
    <>
      <div className="mb-4 flex flex-wrap gap-2">
        <FilterChip
          label={t("filter.kind")}
          value={filter.kind}
          options={EVENT_KINDS.map((kind) => ({ value: kind, label: t(`event.${kind}`) }))}
          onChange={(kind) => setFilter({ ...filter, kind: kind as TimelineFilter["kind"] })}
        />
        <FilterChip
          label={t("filter.channel")}
          value={filter.channel}
          options={EVENT_CHANNELS.map((channel) => ({ value: channel, label: t(`through.${channel}`) }))}
          onChange={(channel) => setFilter({ ...filter, channel: channel as TimelineFilter["channel"] })}
        />
      </div>
      {paged.error ? (
        <ErrorState onRetry={paged.retry} />
      ) : paged.loading ? (
        <SkeletonRows />
      ) : paged.rows.length === 0 ? (
        <EmptyState title={t(filtered ? "timeline.noMatch" : "timeline.empty")}>
          {t(filtered ? "timeline.noMatchBody" : "timeline.emptyBody")}
        </EmptyState>
      ) : (
        days.map(({ day, rows }) => (
          <section key={day} aria-label={day} className="mb-4">
            <h3 className="mb-1 text-small font-medium text-muted">{day}</h3>
            <ol className="ml-3.5 border-l">
              {rows.map((row) => (
                <EventItem key={row.id} event={row} fresh={fresh.has(row.id)} onOpen={onOpen} />
              ))}
            </ol>
          </section>
        ))
      )}
      {!paged.loading && !paged.complete && !paged.error && (
        <Button
          size="sm"
          look="ghost"
          className="w-full"
          busy={paged.more}
          onClick={() => paged.show(0, paged.rows.length - 1)}
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}

function EventItem({
  event,
  fresh,
  onOpen,
}: {
  event: Row<Event>;
  fresh: boolean;
  onOpen: (tab: CustomerTab) => void;
}) {
  const { t, i18n } = useTranslation("customer");
  const format = useFormat();
  const Icon = ICON[event.kind];
  const tab: CustomerTab | null = event.ref?.startsWith("orders/")
    ? "orders"
    : event.ref?.startsWith("feedback/")
      ? "words"
      : null;
  // An edit lists the names of its fields; everything else is somebody's own words or a product's name.
  const title =
    event.kind === "profile" && event.title
      ? event.title
          .split(", ")
          .map((field) => (i18n.exists(`customer:fact.${field}`) ? t(`fact.${field}`) : field))
          .join(", ")
      : event.title;
  return (
    <li className={cx("relative -ml-px flex items-start gap-3 rounded-md py-2 pr-2 pl-6", fresh && "glow")}>
      <span className="absolute top-2 left-0 flex size-7 -translate-x-1/2 items-center justify-center rounded-full border bg-surface text-muted">
        <Icon className="size-3.5" aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-table">
          {tab ? (
            <button type="button" className="rounded-sm font-medium hover:underline" onClick={() => onOpen(tab)}>
              {t(`event.${event.kind}`)}
            </button>
          ) : (
            <span className="font-medium">{t(`event.${event.kind}`)}</span>
          )}
          <span className="text-faint"> · {t(`through.${event.channel}`)}</span>
        </p>
        {title && <p className="line-clamp-2 text-table break-words text-muted">{title}</p>}
      </div>
      <div className="shrink-0 text-right">
        {event.amount !== null && (
          <p className="tabular text-table font-medium">{format.money(event.amount, { of: event.currency })}</p>
        )}
        <Time at={event.at} className="text-small text-faint" />
      </div>
    </li>
  );
}

function byDay<T>(rows: readonly T[], day: (row: T) => string): { day: string; rows: T[] }[] {
  const found: { day: string; rows: T[] }[] = [];
  for (const row of rows) {
    const name = day(row);
    const last = found.at(-1);
    if (last?.day === name) last.rows.push(row);
    else found.push({ day: name, rows: [row] });
  }
  return found;
}
