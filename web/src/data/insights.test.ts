import { describe, expect, it } from "vitest";

import { inOrder, sizeOf } from "./insights";

describe("an insight", () => {
  it("is as big as its change; without anything before, as its value", () => {
    expect(sizeOf({ value: 0.12, before: 0.2, low: -0.11, high: -0.05, unit: "share" }).change).toBeCloseTo(-0.08);
    expect(sizeOf({ value: 7, before: null, low: 4, high: 11, unit: "count" }).change).toBe(7);
  });
  it("has its interval the right way round", () => {
    expect(sizeOf({ value: 1, before: 2, low: 5, high: -3, unit: "points" })).toMatchObject({ low: -3, high: 5 });
  });
  it("of the newest night comes first, then the strongest", () => {
    const of = (id: string, day: string, strength: number) => ({ id, day, strength });
    const sorted = inOrder([of("a", "2026-02-27", 9), of("b", "2026-02-28", 2), of("c", "2026-02-28", 4)]);
    expect(sorted.map((each) => each.id)).toEqual(["c", "b", "a"]);
  });
});
