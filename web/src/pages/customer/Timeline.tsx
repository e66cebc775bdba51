import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import {
  EVENT_CHANNELS,
  EVENT_KINDS,
  timelineLines,
  timelineSpec,
  type Line,
  type OwnNote,
  type TimelineFilter,
} from "@/data/customers-one";
import { useArrivals, usePaged } from "@/data/paged";
import type { Event } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { FilterChip } from "../customers/FilterChip";
import { EventItem } from "./EventItem";
import { NoteComposer, NoteItem } from "./Notes";
import { NotOpen } from "./NotOpen";
import type { CustomerTab } from "./tabs";

const HEIGHT: Record<Line["type"], number> = { day: 36, event: 58, note: 96 };
/** A filter that shows no events. */
const NOTES_ONLY = "note";

export interface TimelineProps {
  customerId: string;
  ids: readonly string[];
  notes: readonly OwnNote[];
  onOpen: (tab: CustomerTab) => void;
}

/**
 * Everything that happened at every account, and the notes, newest first, by day. Only the lines on the screen are drawn,
 * and only their pages are listened to; further pages come as one scrolls.
 */
export function Timeline({ customerId, ids, notes, onOpen }: TimelineProps) {
  const { t } = useTranslation("customer");
  const [kind, setKind] = useState<TimelineFilter["kind"] | typeof NOTES_ONLY>(null);
  const [channel, setChannel] = useState<TimelineFilter["channel"]>(null);
  const kinds = [NOTES_ONLY, ...EVENT_KINDS] as const;
  return (
    <>
      <NoteComposer customerId={customerId} />
      <div className="my-3 flex flex-wrap gap-2">
        <FilterChip
          label={t("filter.kind")}
          value={kind}
          options={kinds.map((each) => ({ value: each, label: t(`event.${each}`) }))}
          onChange={(next) => setKind(kinds.find((each) => each === next) ?? null)}
        />
        <FilterChip
          label={t("filter.channel")}
          value={channel}
          options={EVENT_CHANNELS.map((each) => ({ value: each, label: t(`through.${each}`) }))}
          onChange={(next) => setChannel(EVENT_CHANNELS.find((each) => each === next) ?? null)}
        />
      </div>
      {kind === NOTES_ONLY ? (
        <Lines
          events={NO_EVENTS}
          notes={notes}
          complete
          fresh={NOTHING}
          empty={<EmptyState title={t("notes.empty")}>{t("notes.emptyBody")}</EmptyState>}
          onOpen={onOpen}
        />
      ) : (
        <Happened ids={ids} filter={{ kind, channel }} notes={kind || channel ? NO_NOTES : notes} onOpen={onOpen} />
      )}
    </>
  );
}

const NO_EVENTS: readonly never[] = [];
const NO_NOTES: readonly never[] = [];
const NOTHING: ReadonlySet<string> = new Set();

interface HappenedProps {
  ids: readonly string[];
  filter: TimelineFilter;
  notes: readonly OwnNote[];
  onOpen: (tab: CustomerTab) => void;
}

function Happened({ ids, filter, notes, onOpen }: HappenedProps) {
  const { t } = useTranslation("customer");
  const paged = usePaged<Event>(timelineSpec(ids, filter), 30);
  const fresh = useArrivals(paged.rows, paged.loading);
  const filtered = filter.kind !== null || filter.channel !== null;
  if (paged.denied) return <NotOpen />;
  if (paged.error) return <ErrorState onRetry={paged.retry} />;
  if (paged.loading) return <SkeletonRows />;
  return (
    <Lines
      events={paged.rows}
      notes={notes}
      complete={paged.complete}
      fresh={fresh}
      onShow={paged.show}
      onOpen={onOpen}
      empty={
        <EmptyState title={t(filtered ? "timeline.noMatch" : "timeline.empty")}>
          {t(filtered ? "timeline.noMatchBody" : "timeline.emptyBody")}
        </EmptyState>
      }
    />
  );
}

interface LinesProps {
  events: Parameters<typeof timelineLines>[0];
  notes: readonly OwnNote[];
  complete: boolean;
  fresh: ReadonlySet<string>;
  empty: React.ReactNode;
  onShow?: (first: number, last: number) => void;
  onOpen: (tab: CustomerTab) => void;
}

function Lines({ events, notes, complete, fresh, empty, onShow, onOpen }: LinesProps) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const lines = useMemo(
    () => timelineLines(events, notes, complete, (at) => format.date(at)),
    [events, notes, complete, format],
  );
  const box = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  const some = lines.length > 0;
  // What stands above may change its height (a longer note, a banner): measured whenever the page grows or shrinks.
  useLayoutEffect(() => {
    const measure = () => {
      const top = box.current ? box.current.getBoundingClientRect().top + window.scrollY : 0;
      setMargin((before) => (Math.abs(before - top) > 1 ? top : before));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, [some]);
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => HEIGHT[lines[index]?.type ?? "event"],
    overscan: 8,
    scrollMargin: margin,
    getItemKey: (index) => lines[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const shown = items.map((item) => lines[item.index]).filter((line) => line?.type === "event");
  const first = shown[0]?.type === "event" ? shown[0].index : 0;
  const end = shown.at(-1);
  const last = end?.type === "event" ? end.index : 0;
  const show = useRef(onShow);
  useEffect(() => {
    show.current = onShow;
  });
  useEffect(() => {
    show.current?.(first, last);
  }, [first, last, events.length]);
  if (lines.length === 0 && complete) return <>{empty}</>;
  return (
    <>
      <ol ref={box} aria-label={t("tab.timeline")} className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <li
              key={line.id}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${item.start - margin}px)` }}
            >
              {line.type === "day" ? (
                <h3 className="pt-3 pb-1 text-small font-medium text-muted">{line.day}</h3>
              ) : line.type === "note" ? (
                <NoteItem note={line.note} />
              ) : (
                <EventItem event={line.event} fresh={fresh.has(line.event.id)} onOpen={onOpen} />
              )}
            </li>
          );
        })}
      </ol>
      {/* Stands for what is read when one scrolls there: it may stay for long, and is not loading. */}
      {!complete && (
        <div data-more className="pt-3">
          <SkeletonRows rows={2} />
        </div>
      )}
    </>
  );
}
