/** One customer: the queries of the page, what its contact edit sends, and how regular the orders are. */

import type { Contact, Customer, Event, Manual, Note } from "@/generated/documents";

import type { QuerySpec, Row } from "./live";

/** Firestore compares a field with at most this many values in one query; a customer has at most 29 aliases. */
export const MOST_IDS = 30;

/** A customer and whoever was folded into them: orders and words keep the account they came with. */
export const everyId = (customer: { id: string; aliases: readonly string[] }): string[] =>
  [customer.id, ...customer.aliases].slice(0, MOST_IDS);

export interface TimelineFilter {
  kind: Event["kind"] | null;
  channel: Event["channel"] | null;
}

export const timelineSpec = (ids: readonly string[], { kind, channel }: TimelineFilter): QuerySpec => ({
  collection: "events",
  where: [
    ["customerId", "in", ids],
    ...(kind ? [["kind", "==", kind] as const] : []),
    ...(channel ? [["channel", "==", channel] as const] : []),
  ],
  orderBy: [["at", "desc"]],
});

export const ordersSpec = (ids: readonly string[]): QuerySpec => ({
  collection: "orders",
  where: [["customerId", "in", ids]],
  orderBy: [["placedAt", "desc"]],
});

export const wordsSpec = (ids: readonly string[]): QuerySpec => ({
  collection: "feedback",
  where: [["customerId", "in", ids]],
  orderBy: [["at", "desc"]],
});

export const cartsSpec = (ids: readonly string[]): QuerySpec => ({
  collection: "carts",
  where: [["customerId", "in", ids]],
  orderBy: [["at", "desc"]],
});

export const trailSpec = (id: string): QuerySpec => ({
  collection: `customers/${id}/trail`,
  orderBy: [["at", "desc"]],
  limit: 50,
});

export const suggestionsSpec = (id: string): QuerySpec => ({ collection: `customers/${id}/suggestions`, limit: 20 });

export const notesSpec = (id: string): QuerySpec => ({
  collection: `customers/${id}/notes`,
  orderBy: [["at", "desc"]],
  limit: 200,
});

export const EVENT_KINDS = [
  "order",
  "refund",
  "till",
  "cart",
  "checkout",
  "visit",
  "page",
  "product_viewed",
  "search",
  "feedback",
  "delivery",
  "click",
  "signup",
  "profile",
  "consent",
  "merge",
  "custom",
] as const satisfies readonly Event["kind"][];

/** What somebody did on a site before, or without, buying. */
export const BROWSING_KINDS = [
  "product_viewed",
  "page",
  "search",
  "visit",
  "checkout",
] as const satisfies readonly Event["kind"][];

/** All of these kinds in one query, or null where ids times kinds is more than one query may compare. */
export const kindsSpec = (ids: readonly string[], kinds: readonly Event["kind"][]): QuerySpec | null =>
  ids.length * kinds.length > MOST_IDS
    ? null
    : {
        collection: "events",
        where: [
          ["customerId", "in", ids],
          ["kind", "in", kinds],
        ],
        orderBy: [["at", "desc"]],
      };

export const EVENT_CHANNELS = [
  "website",
  "email",
  "sms",
  "push",
  "wechat",
  "pos",
  "storefront",
  "csv",
  "console",
] as const satisfies readonly Event["channel"][];

export interface CustomerForm {
  name: string;
  email: string;
  phone: string;
  country: string;
  language: string;
  tags: string;
  note: string;
}

type Known = Pick<Customer, "displayName" | "country" | "language" | "tags">;

export function customerForm(customer: Known, contact: Contact | null, manual: Manual | null): CustomerForm {
  return {
    name: contact?.name ?? "",
    email: contact?.email ?? "",
    phone: contact?.phone ?? "",
    country: customer.country ?? "",
    language: customer.language ?? "",
    tags: customer.tags.manual.join(", "),
    note: manual?.note ?? "",
  };
}

/** Only what was changed: a field that was left alone keeps following its source. */
export function customerEdit(before: CustomerForm, after: CustomerForm): Record<string, string | string[]> {
  const edit: Record<string, string | string[]> = {};
  for (const field of ["name", "email", "phone", "country", "language", "note"] as const) {
    if (before[field].trim() !== after[field].trim()) edit[field] = after[field].trim();
  }
  const tags = splitTags(after.tags);
  if (tags.join("\n") !== splitTags(before.tags).join("\n")) edit.tags = tags;
  return edit;
}

/** Tags as typed: separated by commas of either script. */
export const splitTags = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，、;；\n]/)
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

const DAY = 86_400_000;
const WEEK = 7;

export interface Rhythm {
  /** Days between two orders, as a rule. */
  usual: number;
  /** Days since the last order, as of the moment the figures are for. */
  since: number;
  /** The present pause is worth a look: a week or more, and twice the usual one. */
  late: boolean;
}

/** How the present pause compares with the usual one; null below two orders or when they fell on one day. */
export function rhythm(
  stats: { medianGapDays: number | null; lastOrderAt: { toMillis: () => number } | null },
  asOf: number,
): Rhythm | null {
  const usual = stats.medianGapDays;
  if (usual === null || usual <= 0 || !stats.lastOrderAt) return null;
  const since = Math.max(0, Math.floor((asOf - stats.lastOrderAt.toMillis()) / DAY));
  return { usual, since, late: since >= WEEK && since >= 2 * usual };
}

/** Why there is no rhythm to tell: orders that came together on a day say nothing of the pauses between days. */
export const noRhythm = ({ medianGapDays }: { medianGapDays: number | null }): "oneDay" | "tooFew" => (medianGapDays === 0 ? "oneDay" : "tooFew");

/** Order days on a line from 0 (the first) to 1 (as of), for a strip of dots. */
export function strip(days: readonly number[], asOf: number): number[] {
  const first = days[0];
  const end = asOf / DAY;
  if (first === undefined || end <= first) return days.map(() => 0);
  return days.map((day) => Math.min(1, Math.max(0, (day - first) / (end - first))));
}

/** A line of the timeline: a day's heading, something that happened, or a note. */
export type Line =
  | { type: "day"; id: string; day: string }
  | { type: "event"; id: string; event: Row<Event>; index: number }
  | { type: "note"; id: string; note: OwnNote };

/** A note with the account it was written on. */
export type OwnNote = Row<Note> & { owner: string };

/**
 * Events and notes by time, newest first, under the days they fell on. Both come sorted. Notes older than the last event
 * that is loaded wait for their turn, unless everything is loaded.
 */
export function timelineLines(
  events: readonly Row<Event>[],
  notes: readonly OwnNote[],
  complete: boolean,
  dayOf: (at: Event["at"]) => string,
): Line[] {
  const horizon = complete ? -Infinity : (events.at(-1)?.at.toMillis() ?? Infinity);
  const waiting = notes.filter((note) => !note.deleted && note.at.toMillis() >= horizon);
  const lines: Line[] = [];
  let day: string | null = null;
  const put = (at: Event["at"], line: Line) => {
    const name = dayOf(at);
    if (name !== day) lines.push({ type: "day", id: `day ${name}`, day: name });
    day = name;
    lines.push(line);
  };
  let next = 0;
  const notesUntil = (time: number) => {
    for (let note = waiting[next]; note && note.at.toMillis() >= time; note = waiting[next]) {
      put(note.at, { type: "note", id: `note ${note.id}`, note });
      next += 1;
    }
  };
  for (const [index, event] of events.entries()) {
    notesUntil(event.at.toMillis());
    put(event.at, { type: "event", id: event.id, event, index });
  }
  notesUntil(-Infinity);
  return lines;
}

/** A stage from a moment on, as `people.history` tells it. */
export interface StageTurn {
  stage: Customer["lifecycleStage"];
  at: string;
  why: { en: string; zh: string };
}

export interface StageSpan extends StageTurn {
  /** Until when; null while it lasts. */
  until: string | null;
  days: number;
  /** Part of the strip, at least wide enough to be seen and pressed. */
  share: number;
}

const NARROWEST = 0.04;

/** The stages with how long each lasted, for a strip from the first to `asOf`. */
export function stageSpans(turns: readonly StageTurn[], asOf: number): StageSpan[] {
  const spans = turns.map((turn, index) => {
    const until = turns[index + 1]?.at ?? null;
    const days = Math.max(0, ((until ? Date.parse(until) : asOf) - Date.parse(turn.at)) / DAY);
    return { ...turn, until, days };
  });
  const total = spans.reduce((sum, span) => sum + span.days, 0) || 1;
  const wide = spans.map((span) => Math.max(NARROWEST, span.days / total));
  const sum = wide.reduce((all, each) => all + each, 0);
  return spans.map((span, index) => ({ ...span, share: (wide[index] ?? 0) / sum }));
}

export interface Together {
  accounts: number;
  orders: number;
  revenue: number;
  feedback: number;
  since: number;
  /** Channels on which either of the two refused: the refusal holds for the one customer. */
  refused: string[];
  tags: string[];
}

type Part = Pick<Customer, "stats" | "consent" | "tags" | "createdAt" | "aliases">;

/** What comes together when two customers become one. */
export function together(one: Part, other: Part): Together {
  const refused = [one, other].flatMap((part) =>
    Object.entries(part.consent)
      .filter(([, state]) => state?.status === "denied")
      .map(([channel]) => channel),
  );
  return {
    accounts: 2 + one.aliases.length + other.aliases.length,
    orders: one.stats.orders + other.stats.orders,
    revenue: one.stats.revenue + other.stats.revenue,
    feedback: one.stats.feedback + other.stats.feedback,
    since: Math.min(one.createdAt.toMillis(), other.createdAt.toMillis()),
    refused: [...new Set(refused)].sort(),
    tags: [...new Set([...one.tags.manual, ...other.tags.manual])].sort(),
  };
}
