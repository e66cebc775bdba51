import { describe, expect, it } from "vitest";

import type { EmotionGroups, WeekMood } from "@/generated/documents";

import { byMove, cellSpec, changeOfWeek, customerChunks, strongest } from "./emotions";

const groups = (more: Partial<EmotionGroups> = {}): EmotionGroups => ({ delighted: 0, surprised: 0, worried: 0, disappointed: 0, frustrated: 0, neutral: 0, ...more });
const week = (name: string, more: Partial<EmotionGroups>) => ({ week: name, groups: groups(more) }) as WeekMood;

describe("moods", () => {
  it("are told strongest first, ties in one order", () => {
    expect(strongest(groups({ frustrated: 0.5, delighted: 0.3, neutral: 0.2 }), 2)).toEqual(["frustrated", "delighted"]);
    expect(strongest(groups({ worried: 0.5, delighted: 0.5 }), 1)).toEqual(["delighted"]);
  });
  it("of a week are held against the week before, falls like rises", () => {
    expect(changeOfWeek([week("1", { neutral: 1 })])).toBeNull();
    const change = changeOfWeek([week("1", { neutral: 1 }), week("2", { delighted: 0.6, neutral: 0.4 }), week("3", { delighted: 0.2, neutral: 0.5, frustrated: 0.3 })]);
    expect(change?.now.week).toBe("3");
    expect(change?.biggest.mood).toBe("delighted");
    expect(change?.biggest.by).toBeCloseTo(-0.4);
  });
  it("puts products that moved before those without a comparison", () => {
    const product = (id: string, before: number | null, recent: number | null, n: number) => ({ id, before, recent, n });
    const sorted = byMove([product("a", null, 0.5, 90), product("b", 0.5, 0.4, 5), product("c", 0.2, -0.4, 3), product("d", 0.1, null, 100)]);
    expect(sorted.map((each) => each.id)).toEqual(["c", "b", "d", "a"]);
  });
});

describe("texts of a cell", () => {
  it("of a week lie inside it", () => {
    const start = new Date("2026-02-16T00:00:00Z");
    expect(cellSpec({ kind: "week", mood: "worried", start }, 1).where).toEqual([
      ["top", "==", "worried"],
      ["at", ">=", start],
      ["at", "<", new Date("2026-02-23T00:00:00Z")],
    ]);
  });
  it("never ask for more than the rules allow", () => {
    expect(cellSpec({ kind: "product", productId: "p" }, 50).limit).toBeLessThanOrEqual(500);
  });
  it("looks up each writer once, as many at a time as one query takes", () => {
    const texts = Array.from({ length: 70 }, (_, at) => ({ customerId: at === 0 ? null : `c${at % 40}` }));
    const chunks = Object.values(customerChunks(texts)).map((spec) => spec.where?.[0]?.[2] as string[]);
    expect(chunks.map((ids) => ids.length)).toEqual([30, 10]);
    expect(new Set(chunks.flat()).size).toBe(40);
  });
});
