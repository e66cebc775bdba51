import { describe, expect, it } from "vitest";

import type { Connection, Given, StepState, Timestamp } from "./connections.fixtures";
import { at, connection, step } from "./connections.fixtures";
import { backfilled, brings, driftOf, hasData, isConnectable, keysOf, lacks, latest, permittedUse, stateOf, stepShare, stepsOf, unexplained, wasConnected } from "./connections";

const drift = (numbers: Partial<NonNullable<Connection["drift"]>>): Connection["drift"] => ({
  at: at(0),
  checked: 10,
  missing: 0,
  stale: 0,
  extra: 0,
  repaired: 0,
  unrepaired: 0,
  ...numbers,
});

describe("the state of a platform", () => {
  it("is that of the shop that needs a person most", () => {
    expect(stateOf([])).toBeNull();
    expect(stateOf([{ status: "active" }, { status: "attention" }, { status: "backfilling" }])).toBe("attention");
    expect(stateOf([{ status: "disconnected" }, { status: "active" }])).toBe("active");
    expect(stateOf([{ status: "disconnected" }])).toBe("disconnected");
  });
  it("takes the newest news, and none where there are none", () => {
    expect(latest([null, undefined])).toBeNull();
    expect(latest<Timestamp>([at(5), null, at(9), at(2)])?.toMillis()).toBe(9);
  });
});

describe("drift of several shops", () => {
  it("is unknown before the first comparison", () => {
    expect(driftOf([])).toBeNull();
    expect(driftOf([{ drift: null }])).toBeNull();
  });
  it("adds up the last of each, also of a shop that is disconnected since", () => {
    const shops = [
      { drift: drift({ missing: 3, stale: 2, repaired: 5 }) },
      { drift: drift({ extra: 4, repaired: 1, unrepaired: 3 }) },
      { drift: drift({ missing: 1, unrepaired: 1 }) },
    ] as const;
    expect(driftOf(shops)).toEqual({ differed: 10, repaired: 6, open: 4 });
  });
  it("takes another number at the platform as explained only by what was set aside", () => {
    expect(unexplained({ counts: { orders: { ours: 207, theirs: 216 }, products: { ours: 5, theirs: 5 }, carts: { ours: 1, theirs: null } } })).toEqual(["orders"]);
    const counts = { orders: { ours: 207, theirs: 210, setAside: 3 }, customers: { ours: 3, theirs: 5, setAside: 1 } };
    expect(unexplained({ counts })).toEqual(["customers"]);
  });
});

describe("what a platform gives", () => {
  const gives: Given[] = [
    { thing: "orders", given: "yes", why: null },
    { thing: "carts", given: "partly", why: { en: "Some.", zh: "部分。" } },
    { thing: "reviews", given: "no", why: null },
  ];
  it("names what is missing in part on both sides", () => {
    expect(brings(gives).map((each) => each.thing)).toEqual(["orders", "carts"]);
    expect(lacks(gives).map((each) => each.thing)).toEqual(["carts", "reviews"]);
  });
});

it("knows a shop that is connected again", () => {
  expect(wasConnected({ createdAt: at(0), connectedAt: at(60_000) })).toBe(false);
  expect(wasConnected({ createdAt: at(0), connectedAt: at(60_001) })).toBe(true);
  expect(wasConnected({ createdAt: at(0), connectedAt: null })).toBe(false);
});

describe("a backfill", () => {
  it("never shows more than there is, nor an end before it is one", () => {
    expect(stepShare(step({ seen: 5, total: null }))).toBeNull();
    expect(stepShare(step({ seen: 5, total: 10 }))).toBe(0.5);
    expect(stepShare(step({ seen: 12, total: 10 }))).toBe(0.99);
    expect(stepShare(step({ seen: 0, total: 0 }))).toBe(1);
    expect(stepShare(step({ seen: 3, total: null, done: true }))).toBe(1);
  });
  it("reads in one order, and marks what is read now only while it reads", () => {
    const steps: Partial<Record<string, StepState>> = {
      orders: step({ total: 9 }),
      products: step({ done: true, seen: 4, total: 4 }),
      customers: step({ seen: 1, total: 2 }),
    };
    const reading = stepsOf(connection({ steps, work: "backfill" }));
    expect(reading.map(({ thing, now }) => [thing, now])).toEqual([
      ["products", false],
      ["customers", true],
      ["orders", false],
    ]);
    expect(stepsOf(connection({ steps, work: "idle" })).some(({ now }) => now)).toBe(false);
  });
  it("is over when every thing is, and there is none before the first", () => {
    expect(backfilled(connection({ steps: {} }))).toBe(false);
    expect(backfilled(connection({ steps: { orders: step({ done: true }) } }))).toBe(true);
    expect(backfilled(connection({ steps: { orders: step({ done: true }), carts: step({}) } }))).toBe(false);
  });
  it("means real data once something was read or told", () => {
    expect(hasData(connection({}))).toBe(false);
    expect(hasData(connection({ lastEventAt: at(1) }))).toBe(true);
    expect(hasData(connection({ steps: { orders: step({ seen: 1 }) } }))).toBe(true);
  });
});

describe("permitted use", () => {
  it.each(["amazon", "flipkart"] as const)("%s: nobody is written to or recognised", (platform) => {
    for (const row of permittedUse(platform)) {
      if (row.field !== "products") expect(["no", "unread"]).toContain(row.message);
      expect(["no", "unread"]).toContain(row.identity);
    }
  });
  it("of an own shop: no address is used without consent", () => {
    for (const row of permittedUse("shopify").filter(({ field }) => field === "email" || field === "phone")) {
      expect(row.message).toBe("consent");
    }
  });
});

describe("tiles", () => {
  it("keeps a till's keys at the till", () => {
    const key = (id: string, channel: "website" | "pos") => ({ id, channel }) as Parameters<typeof keysOf>[1][number];
    const keys = [key("a", "website"), key("b", "pos")];
    expect(keysOf("pos", keys).map(({ id }) => id)).toEqual(["b"]);
    expect(keysOf("tracking", keys).map(({ id }) => id)).toEqual(["a"]);
  });
  it("connects only what the wizard knows", () => {
    expect(["shopify", "flipkart", "csv", "wechat", "", null].map(isConnectable)).toEqual([true, true, false, false, false, false]);
  });
});
