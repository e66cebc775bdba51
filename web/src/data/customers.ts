/** The customer list's question in its three forms: what the screen shows, the address bar, the query. */

import { LISTINGS, type Customer, type Membership, type Platform } from "@/generated/documents";

import type { QuerySpec } from "./live";

export const PAGE_SIZE = 50;

export const SORTS = LISTINGS.customers.sorts;
export type Sort = (typeof SORTS)[number];
export const LIFECYCLES = [
  "lead",
  "new",
  "active",
  "loyal",
  "at risk",
  "lost",
  "won back",
] as const satisfies readonly Customer["lifecycleStage"][];
export type Lifecycle = Customer["lifecycleStage"];

export interface CustomerQuery {
  /** Words of a name, as typed. */
  q: string;
  sort: Sort;
  direction: "asc" | "desc";
  segment: string | null;
  /** Only who went from this segment (`NOT_GROUPED`: from none) to `segment` in version `movedIn`, in force or not. */
  movedFrom: string | null;
  movedIn: number | null;
  lifecycle: Lifecycle | null;
  country: string | null;
  language: string | null;
  platform: Platform | null;
  /** A tag that members gave. */
  tag: string | null;
}

export const PLATFORMS = [
  "csv",
  "sample",
  "shopify",
  "woocommerce",
  "amazon",
  "flipkart",
  "tracking",
  "pos",
  "wechat",
] as const satisfies readonly Platform[];

export const FILTERS = ["segment", "lifecycle", "tag", "country", "language", "platform"] as const;
export type Filter = (typeof FILTERS)[number];

/** In `movedFrom`: was in no segment before. */
export const NOT_GROUPED = "new";

export const DEFAULT_QUERY: CustomerQuery = {
  q: "",
  sort: "stats.lastOrderAt",
  direction: "desc",
  segment: null,
  movedFrom: null,
  movedIn: null,
  lifecycle: null,
  country: null,
  language: null,
  platform: null,
  tag: null,
};

/** A query out of the address bar; whatever is not understood falls back to the default. */
export function parseCustomerQuery(search: Record<string, unknown>): CustomerQuery {
  const text = (value: unknown, shape: RegExp): string | null => {
    // The router reads `?q=123` as a number.
    const given = typeof value === "number" ? String(value) : value;
    return typeof given === "string" && shape.test(given) ? given : null;
  };
  const [field, direction] = (text(search.sort, /^[\w.]+-(asc|desc)$/) ?? "").split("-");
  const sort = SORTS.find((known) => known === field);
  const segment = text(search.segment, /^[\w-]{1,200}$/);
  const movedFrom = text(search.movedFrom, /^[\w-]{1,200}$/);
  const movedIn = text(search.movedIn, /^[1-9]\d{0,8}$/);
  const moved = segment !== null && movedFrom !== null && movedIn !== null;
  return {
    q: text(search.q, /^.{1,100}$/u) ?? "",
    sort: sort ?? DEFAULT_QUERY.sort,
    direction: sort ? (direction as "asc" | "desc") : DEFAULT_QUERY.direction,
    segment,
    movedFrom: moved ? movedFrom : null,
    movedIn: moved ? Number(movedIn) : null,
    lifecycle: LIFECYCLES.find((known) => known === search.lifecycle) ?? null,
    country: text(search.country, /^[A-Z]{2}$/),
    language: text(search.language, /^[A-Za-z-]{2,20}$/),
    platform: PLATFORMS.find((known) => known === search.platform) ?? null,
    tag: text(search.tag, /^.{1,60}$/u),
  };
}

/** The query for the address bar: only what differs from the default. */
export function customerSearch(query: CustomerQuery): Record<string, string> {
  const search: Record<string, string> = {};
  if (query.q.trim()) search.q = query.q.trim();
  if (query.sort !== DEFAULT_QUERY.sort || query.direction !== DEFAULT_QUERY.direction) {
    search.sort = `${query.sort}-${query.direction}`;
  }
  for (const filter of FILTERS) if (query[filter]) search[filter] = query[filter];
  if (query.movedFrom && query.movedIn) Object.assign(search, { movedFrom: query.movedFrom, movedIn: String(query.movedIn) });
  return search;
}

/** The address of the list of who went from one segment to another in a version. */
export const moversSearch = (move: { from: string | null; to: string | null }, version: number): Record<string, string> =>
  customerSearch({ ...DEFAULT_QUERY, segment: move.to, movedFrom: move.from ?? NOT_GROUPED, movedIn: version });

export interface SearchTerms {
  /** The one token Firestore looks for: a list takes a single `array-contains`. */
  token: string | null;
  /** The other words, which the loaded rows are held against. */
  rest: string[];
}

const HAN = /\p{Script=Han}/u;
/** Ingest keeps prefixes of a name's word up to this length. */
const LONGEST_PREFIX = 12;

const searchWords = (typed: string): string[] =>
  (typed.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length >= 2 || HAN.test(word));

/**
 * The tokens of what was typed, as ingest cuts them: prefixes of lower-cased words (2 to 12 letters), Chinese characters and
 * their pairs, and an account's id whole. The longest word narrows most, so that one is asked for.
 */
export function searchTerms(typed: string): SearchTerms {
  const text = typed.normalize("NFKC").toLowerCase().trim();
  // One word with a digit in it is an account's id, hyphens and all: names have none.
  if (/^\S*\d\S*$/.test(text)) return { token: text, rest: [] };
  const words = searchWords(typed);
  const longest = words.reduce<string | null>((best, word) => (best && best.length >= word.length ? best : word), null);
  if (!longest) return { token: null, rest: [] };
  const token = [...longest].slice(0, HAN.test(longest) ? 2 : LONGEST_PREFIX).join("");
  return { token, rest: words.filter((word) => word !== token) };
}

/** A query takes one `array-contains`: beside a tag, the words of a name are held against the loaded rows. */
export function queryTerms({ q, tag }: Pick<CustomerQuery, "q" | "tag">): SearchTerms {
  const { token, rest } = searchTerms(q);
  if (!tag || !token) return { token, rest };
  const whole = searchWords(q);
  return { token: null, rest: whole.length > 0 ? whole : [token] };
}

/** Whether a row's name holds every further word that was typed. */
export function matchesRest(customer: Pick<Customer, "displayName" | "externalId">, rest: readonly string[]): boolean {
  const name = `${customer.displayName ?? ""} ${customer.externalId ?? ""}`.normalize("NFKC").toLowerCase();
  return rest.every((word) => name.includes(word));
}

/** What is typed looks like an address, a phone or an order number: Enter asks for exactly that. */
export function exactKind(typed: string): "email" | "phone" | "order" | null {
  const text = typed.trim();
  if (/^\S+@\S+\.\S+$/.test(text)) return "email";
  if (/^\+?[\d\s().-]{7,20}$/.test(text) && text.replace(/\D/g, "").length >= 7) return "phone";
  return /\d/.test(text) && /^[#\w-]{2,60}$/.test(text) ? "order" : null;
}

type Condition = NonNullable<QuerySpec["where"]>[number];

/** Everything but the segment. */
function plainFilters(query: CustomerQuery): Condition[] {
  const { token } = queryTerms(query);
  const found: Condition[] = [];
  // Whoever was merged into another customer is no person of their own: the count and the pages leave them out.
  found.push(["mergedInto", "==", null]);
  if (query.tag) found.push(["tags.manual", "array-contains", query.tag]);
  if (token) found.push(["searchTokens", "array-contains", token]);
  if (query.lifecycle) found.push(["lifecycleStage", "==", query.lifecycle]);
  if (query.country) found.push(["country", "==", query.country]);
  if (query.language) found.push(["language", "==", query.language]);
  if (query.platform) found.push(["platform", "==", query.platform]);
  return found;
}

/**
 * The query without its order and pages. While a version is pending, who is written for it is still where they were
 * before: then both are asked for, and `isListed` sifts.
 */
export function customerFilters(query: CustomerQuery, pending = false): QuerySpec {
  const where = plainFilters(query);
  if (!query.segment) return { collection: "customers", where };
  const inside: Condition = ["segment.id", "==", query.segment];
  if (query.movedFrom) return { collection: "customers", where: [...where, inside, ["segment.before", "==", before(query.movedFrom)]] };
  if (!pending) return { collection: "customers", where: [...where, inside] };
  return { collection: "customers", where, either: [inside, ["segment.before", "==", query.segment]] };
}

const before = (segment: string): string | null => (segment === NOT_GROUPED ? null : segment);

/** The counts whose sum (less those in `less`) is how many the list shows. */
export function customerCounts(query: CustomerQuery, active: number | null, pending: boolean): { add: QuerySpec[]; less: QuerySpec[] } {
  const where = plainFilters(query);
  const count = (...more: Condition[]): QuerySpec => ({ collection: "customers", where: [...where, ...more] });
  if (query.segment && query.movedFrom) {
    const asked = customerFilters(query);
    return { add: [{ ...asked, where: [...(asked.where ?? []), ["segment.from", "==", query.movedIn]] }], less: [] };
  }
  if (!query.segment || !pending) return { add: [customerFilters(query)], less: [] };
  const inside: Condition = ["segment.id", "==", query.segment];
  const later: Condition = ["segment.from", ">", active ?? 0];
  return { add: [count(inside), count(["segment.before", "==", query.segment], later)], less: [count(inside, later)] };
}

/** The customers of a segment, the biggest first; `isListed` sifts. */
export const membersSpec = (segment: string, pending: boolean): QuerySpec => ({
  ...customerFilters({ ...DEFAULT_QUERY, segment }, pending),
  orderBy: [["stats.revenue", "desc"]],
});

export const customerSpec = (query: CustomerQuery, pending = false): QuerySpec => ({
  ...customerFilters(query, pending),
  orderBy: [[query.sort, query.direction]],
});

/** The same question as the server's actions take it (functions/people/listing.py). */
export function listFilter(query: CustomerQuery): Record<string, string | string[]> {
  const { token, rest } = queryTerms(query);
  const filter: Record<string, string | string[]> = {};
  for (const name of FILTERS) if (query[name]) filter[name] = query[name];
  if (query.movedFrom && query.movedIn) Object.assign(filter, { movedFrom: query.movedFrom, movedIn: String(query.movedIn) });
  if (token) filter.token = token;
  if (rest.length > 0) filter.words = rest;
  return filter;
}

/** The segment a customer is in now: a version that is not flipped yet does not count. */
export function effectiveSegment(membership: Membership | null, active: number): string | null {
  if (!membership) return null;
  return membership.from <= active ? membership.id : membership.before;
}

/** The stage, or null while it was not worked out yet: a buyer is no lead. */
export const stageOf = (customer: Pick<Customer, "lifecycleStage" | "stats">): Lifecycle | null =>
  customer.lifecycleStage === "lead" && customer.stats.orders > 0 ? null : customer.lifecycleStage;

/** Customers folded into another one stay as documents, but are not people of their own. */
export function isListed(customer: Customer, query: CustomerQuery, active: number | null): boolean {
  if (customer.mergedInto) return false;
  if (query.movedFrom) {
    const held = customer.segment;
    if (held?.from !== query.movedIn || held?.id !== query.segment || held.before !== before(query.movedFrom)) return false;
    return matchesRest(customer, queryTerms(query).rest);
  }
  if (query.segment && active !== null && effectiveSegment(customer.segment, active) !== query.segment) return false;
  return matchesRest(customer, queryTerms(query).rest);
}

export const COLUMNS = [
  "segment",
  "lifecycle",
  "orders",
  "revenue",
  "average",
  "lastOrder",
  "country",
  "language",
  "platform",
  "reach",
  "rating",
  "tags",
  "autoTags",
  "updated",
] as const;
export type Column = (typeof COLUMNS)[number];

export const DEFAULT_COLUMNS: readonly Column[] = [
  "segment",
  "lifecycle",
  "orders",
  "revenue",
  "lastOrder",
  "country",
  "reach",
];

/** The field a column is sorted by, for those that have one. */
export const COLUMN_SORT: Partial<Record<Column | "name", Sort>> = {
  name: "displayName",
  orders: "stats.orders",
  revenue: "stats.revenue",
  lastOrder: "stats.lastOrderAt",
  updated: "updatedAt",
};

export function parseColumns(value: unknown): Column[] {
  const given = Array.isArray(value) ? value : [];
  const known = COLUMNS.filter((column) => given.includes(column));
  return known.length > 0 ? known : [...DEFAULT_COLUMNS];
}
