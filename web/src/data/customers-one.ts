/** One customer: the queries of the page, what its contact edit sends, and how regular the orders are. */

import type { Contact, Customer, Event, Manual } from "@/generated/documents";

import type { QuerySpec } from "./live";

/** A customer and whoever was folded into them: orders and words keep the account they came with. */
export const everyId = (customer: { id: string; aliases: readonly string[] }): string[] => [
  customer.id,
  ...customer.aliases,
];

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

export const EVENT_KINDS = [
  "order",
  "refund",
  "feedback",
  "visit",
  "product_viewed",
  "cart",
  "delivery",
  "click",
  "profile",
  "consent",
  "till",
] as const satisfies readonly Event["kind"][];

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

export interface Rhythm {
  /** Days between two orders, as a rule. */
  usual: number;
  /** Days since the last order, as of the moment the figures are for. */
  since: number;
  /** The present pause against the usual one: over 2 is worth a look. */
  ratio: number;
}

/** How the present pause compares with the usual one; null below two orders or when they fell on one day. */
export function rhythm(
  stats: { medianGapDays: number | null; lastOrderAt: { toMillis: () => number } | null },
  asOf: number,
): Rhythm | null {
  const usual = stats.medianGapDays;
  if (usual === null || usual <= 0 || !stats.lastOrderAt) return null;
  const since = Math.max(0, Math.floor((asOf - stats.lastOrderAt.toMillis()) / DAY));
  return { usual, since, ratio: since / usual };
}

/** Order days on a line from 0 (the first) to 1 (as of), for a strip of dots. */
export function strip(days: readonly number[], asOf: number): number[] {
  const first = days[0];
  const end = asOf / DAY;
  if (first === undefined || end <= first) return days.map(() => 0);
  return days.map((day) => Math.min(1, Math.max(0, (day - first) / (end - first))));
}
