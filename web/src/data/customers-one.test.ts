import { describe, expect, it } from "vitest";

import {
  customerEdit,
  customerForm,
  everyId,
  kindsSpec,
  noRhythm,
  rhythm,
  splitTags,
  stageSpans,
  strip,
  timelineLines,
  timelineSpec,
  together,
} from "./customers-one";

const DAY = 86_400_000;
const at = (day: number) => ({ toMillis: () => day * DAY });

describe("customerEdit", () => {
  const customer = { displayName: "Ann", country: "GB", language: null, tags: { manual: ["vip"], source: ["x"], auto: [] } };
  const contact = { name: "Ann", email: "ann@example.com", phone: null, address: null, birthDate: null };
  const before = customerForm(customer, contact, null);
  it("sends only what was changed, so that the rest keeps following its source", () => {
    expect(customerEdit(before, before)).toEqual({});
    expect(customerEdit(before, { ...before, name: " Ann Lee ", email: "ann@example.com " })).toEqual({
      name: "Ann Lee",
    });
    expect(customerEdit(before, { ...before, email: "" })).toEqual({ email: "" });
  });
  it("takes tags with commas of either script, each once", () => {
    expect(splitTags("vip, 老客户，vip、 b")).toEqual(["vip", "老客户", "b"]);
    expect(customerEdit(before, { ...before, tags: "vip " })).toEqual({});
    expect(customerEdit(before, { ...before, tags: "" })).toEqual({ tags: [] });
  });
});

describe("timelineSpec", () => {
  it("reads the events of everybody folded into the customer", () => {
    const ids = everyId({ id: "a", aliases: ["b"] });
    expect(timelineSpec(ids, { kind: "order", channel: null })).toEqual({
      collection: "events",
      where: [
        ["customerId", "in", ["a", "b"]],
        ["kind", "==", "order"],
      ],
      orderBy: [["at", "desc"]],
    });
  });
});

describe("rhythm", () => {
  it("holds the present pause against the usual one", () => {
    expect(rhythm({ medianGapDays: 30, lastOrderAt: at(100) }, 175 * DAY)).toEqual({
      usual: 30,
      since: 75,
      late: true,
    });
  });
  it("calls a pause late only from a week on, and from twice the usual one", () => {
    const late = (medianGapDays: number, since: number) => rhythm({ medianGapDays, lastOrderAt: at(100) }, (100 + since) * DAY)?.late;
    expect([late(0.5, 1), late(1, 6), late(1, 7), late(30, 59), late(30, 60)]).toEqual([false, false, true, false, true]);
  });
  it("says nothing below two orders", () => {
    expect(rhythm({ medianGapDays: null, lastOrderAt: at(100) }, 175 * DAY)).toBeNull();
    expect(rhythm({ medianGapDays: 0, lastOrderAt: at(100) }, 175 * DAY)).toBeNull();
  });
  it("says why there is none", () => {
    expect([noRhythm({ medianGapDays: null }), noRhythm({ medianGapDays: 0 })]).toEqual(["tooFew", "oneDay"]);
  });
  it("lays the orders on a line that ends at the moment the figures are for", () => {
    expect(strip([100, 150, 175], 200 * DAY)).toEqual([0, 0.5, 0.75]);
    expect(strip([], 200 * DAY)).toEqual([]);
  });
});

const stamp = (day: number) => ({ toMillis: () => day * DAY }) as never;
const event = (id: string, day: number) => ({ id, at: stamp(day) }) as never;
const note = (id: string, day: number, deleted = false) => ({ id, at: stamp(day), deleted, owner: "a" }) as never;
const dayOf = (when: { toMillis: () => number }) => `d${Math.floor(when.toMillis() / DAY)}`;

describe("timelineLines", () => {
  const ids = (...args: Parameters<typeof timelineLines>) => timelineLines(...args).map((line) => line.id);
  it("puts notes among what happened, each day under one heading", () => {
    expect(ids([event("e3", 3.5), event("e1", 1)], [note("n2", 3.2), note("n1", 1)], true, dayOf)).toEqual([
      "day d3", "e3", "note n2", "day d1", "note n1", "e1",
    ]); // prettier-ignore
  });
  it("keeps a note back until the events beside it are loaded", () => {
    expect(ids([event("e3", 3)], [note("n4", 4), note("n2", 2)], false, dayOf)).toEqual(["day d4", "note n4", "day d3", "e3"]);
    expect(ids([event("e3", 3)], [note("n4", 4), note("n2", 2)], true, dayOf)).toContain("note n2");
  });
  it("shows notes where nothing happened, and none that was deleted", () => {
    expect(ids([], [note("n1", 1), note("gone", 1, true)], true, dayOf)).toEqual(["day d1", "note n1"]);
    expect(ids([], [], true, dayOf)).toEqual([]);
  });
  it("gives each event its place in the list, so that only pages on the screen are listened to", () => {
    const lines = timelineLines([event("a", 2), event("b", 1)], [note("n", 1.5)], true, dayOf);
    expect(lines.flatMap((line) => (line.type === "event" ? [line.index] : []))).toEqual([0, 1]);
  });
});

describe("kindsSpec", () => {
  it("asks for all kinds at once only where one query may compare that many values", () => {
    expect(kindsSpec(["a"], ["page", "search"])?.where).toEqual([
      ["customerId", "in", ["a"]],
      ["kind", "in", ["page", "search"]],
    ]);
    expect(kindsSpec(Array.from({ length: 16 }, (_, index) => `c${index}`), ["page", "search"])).toBeNull();
    expect(everyId({ id: "a", aliases: Array.from({ length: 40 }, (_, index) => `c${index}`) })).toHaveLength(30);
  });
});

describe("stageSpans", () => {
  const why = { en: "x", zh: "x" };
  const iso = (day: number) => new Date(day * DAY).toISOString();
  it("says how long each stage lasted, the last one until now", () => {
    const spans = stageSpans([{ stage: "new", at: iso(0), why }, { stage: "active", at: iso(60), why }], 80 * DAY); // prettier-ignore
    expect(spans.map((span) => [span.stage, span.days, span.until === null])).toEqual([
      ["new", 60, false],
      ["active", 20, true],
    ]);
    expect(spans.map((span) => span.share)).toEqual([0.75, 0.25]);
  });
  it("keeps a short stage wide enough to be pressed, and the strip whole", () => {
    const spans = stageSpans([{ stage: "new", at: iso(0), why }, { stage: "lost", at: iso(1), why }], 1000 * DAY); // prettier-ignore
    expect(Math.min(...spans.map((span) => span.share))).toBeGreaterThan(0.03);
    expect(spans.reduce((sum, span) => sum + span.share, 0)).toBeCloseTo(1);
    expect(stageSpans([], 0)).toEqual([]);
  });
});

describe("together", () => {
  it("adds up, takes the earliest day, and keeps every refusal", () => {
    const part = (orders: number, day: number, status: string, tags: string[], aliases: string[]) =>
      ({
        stats: { orders, revenue: orders * 100, feedback: 1 },
        consent: { email: { status } },
        tags: { manual: tags },
        createdAt: stamp(day),
        aliases,
      }) as never;
    expect(together(part(2, 9, "granted", ["b"], ["x"]), part(1, 4, "denied", ["a", "b"], []))).toEqual({
      accounts: 3,
      orders: 3,
      revenue: 300,
      feedback: 2,
      since: 4 * DAY,
      refused: ["email"],
      tags: ["a", "b"],
    });
  });
});
