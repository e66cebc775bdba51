/** Connected shops as the console shows them: the state of a platform, how far a backfill is, what may be used. */

import type { Connection, Drift, Given, Platform, StepState, Thing, WriteKey } from "@/generated/documents";

import type { QuerySpec, Row } from "./live";

/** Platforms that the wizard can connect. */
export const CONNECTABLE = ["shopify", "woocommerce", "amazon", "flipkart"] as const satisfies readonly Platform[];
export type Connectable = (typeof CONNECTABLE)[number];
/** One tile each, in this order. */
export const TILES = [...CONNECTABLE, "tracking", "pos", "csv"] as const satisfies readonly Platform[];
export type TilePlatform = (typeof TILES)[number];

export const isConnectable = (platform: unknown): platform is Connectable =>
  CONNECTABLE.includes(platform as Connectable);

export const CONNECTIONS: QuerySpec = { collection: "connections" };

/** The order in which a backfill reads. */
export const THINGS: readonly Thing[] = ["products", "customers", "orders", "carts", "reviews"];

/** Platforms whose news are fetched at intervals; the others announce them. */
export const isPolled = (platform: Platform): boolean => platform === "amazon" || platform === "flipkart";

/** Of several shops at one platform the state that needs a person most is the platform's. */
const URGENCY = ["attention", "connecting", "backfilling", "active", "disconnected"] as const;

export function stateOf(connections: readonly Pick<Connection, "status">[]): Connection["status"] | null {
  return URGENCY.find((status) => connections.some((connection) => connection.status === status)) ?? null;
}

type Stamp = { toMillis: () => number };

export function latest<T extends Stamp>(times: readonly (T | null | undefined)[]): T | null {
  return times.reduce<T | null>((best, at) => (at && (!best || at.toMillis() > best.toMillis()) ? at : best), null);
}

export interface DriftTotal {
  differed: number;
  repaired: number;
  open: number;
}

/** What the last comparison of each shop found, also of one that is disconnected now; null when none was compared yet. */
export function driftOf(connections: readonly Pick<Connection, "drift">[]): DriftTotal | null {
  const found = connections.flatMap(({ drift }) => (drift ? [drift] : []));
  if (found.length === 0) return null;
  const sum = (pick: (drift: (typeof found)[number]) => number) => found.reduce((total, each) => total + pick(each), 0);
  return {
    differed: sum((each) => each.missing + each.stale + each.extra),
    repaired: sum((each) => each.repaired),
    open: sum((each) => each.unrepaired),
  };
}

interface Counts {
  ours?: number | null;
  theirs?: number | null;
  /** Of theirs, those that cleaning keeps apart here; absent in older reports. */
  setAside?: number | null;
}

export const countsOf = (drift: Pick<Drift, "counts">): Partial<Record<Thing, Counts>> => drift.counts;

/** Things of which the platform counts another number than we do, beyond what was set aside here. */
export const unexplained = (drift: Pick<Drift, "counts">): Thing[] =>
  THINGS.filter((thing) => {
    const { ours, theirs, setAside } = countsOf(drift)[thing] ?? {};
    return typeof ours === "number" && typeof theirs === "number" && ours !== theirs && ours + (setAside ?? 0) !== theirs;
  });

/** What a platform does not give, or only in part. */
export const lacks = (gives: readonly Given[]): Given[] => gives.filter((each) => each.given !== "yes");
export const brings = (gives: readonly Given[]): Given[] => gives.filter((each) => each.given !== "no");

/** Share of one thing that was read, in 0..1; null while the platform does not say how many there are. */
export function stepShare(step: Pick<StepState, "seen" | "total" | "done">): number | null {
  if (step.done) return 1;
  if (step.total === null) return null;
  // More may be seen than was announced: orders go on coming in meanwhile.
  return step.total === 0 ? 1 : Math.min(0.99, step.seen / step.total);
}

/** The things of a backfill in reading order, with the one that is read now. */
export function stepsOf(connection: Pick<Connection, "steps" | "work">) {
  const known = THINGS.flatMap((thing) => {
    const step = connection.steps[thing];
    return step ? [{ thing, step, share: stepShare(step) }] : [];
  });
  const next = known.find(({ step }) => !step.done)?.thing;
  return known.map((each) => ({ ...each, now: connection.work === "backfill" && each.thing === next }));
}

export const backfilled = (connection: Pick<Connection, "steps">): boolean => {
  const steps = Object.values(connection.steps);
  return steps.length > 0 && steps.every((step) => step.done);
};

/** A shop that was connected before: what was new the first time is not new now. */
export const wasConnected = ({ createdAt, connectedAt }: Pick<Connection, "createdAt" | "connectedAt">): boolean =>
  !!connectedAt && connectedAt.toMillis() - createdAt.toMillis() > 60_000;

/** True once something of the shop is in: then a sample shop that is still loaded must go. */
export const hasData = (connection: Pick<Connection, "steps" | "lastEventAt">): boolean =>
  connection.lastEventAt !== null || Object.values(connection.steps).some((step) => step.seen > 0);

export type Use = "yes" | "consent" | "no" | "unread";

export interface PermittedUse {
  field: "name" | "email" | "phone" | "address" | "consent" | "orders" | "products" | "words";
  message: Use;
  identity: Use;
  statistics: Use;
}

const permit = (field: PermittedUse["field"], message: Use, identity: Use, statistics: Use): PermittedUse => ({
  field,
  message,
  identity,
  statistics,
});

const OWN_SHOP: readonly PermittedUse[] = [
  permit("name", "consent", "no", "no"),
  permit("email", "consent", "yes", "no"),
  permit("phone", "consent", "yes", "no"),
  permit("address", "no", "no", "yes"),
  permit("consent", "yes", "no", "yes"),
  permit("orders", "consent", "no", "yes"),
  permit("words", "consent", "no", "yes"),
  permit("products", "yes", "no", "yes"),
];

/** A marketplace's buyers are its own customers: their orders are counted, nobody is recognised or written to. */
const MARKETPLACE: readonly PermittedUse[] = [
  permit("name", "unread", "unread", "unread"),
  permit("email", "unread", "unread", "unread"),
  permit("phone", "unread", "unread", "unread"),
  permit("address", "unread", "unread", "unread"),
  permit("orders", "no", "no", "yes"),
  permit("products", "yes", "no", "yes"),
];

/** What each field of a platform may be used for. */
export const permittedUse = (platform: Platform): readonly PermittedUse[] =>
  platform === "amazon" || platform === "flipkart" ? MARKETPLACE : OWN_SHOP;

/** Keys that feed one tile: a till's are the till's, every other is the website's. */
export const keysOf = (platform: "tracking" | "pos", keys: readonly Row<WriteKey>[]): Row<WriteKey>[] =>
  keys.filter((key) => (key.channel === "pos") === (platform === "pos"));
