import { describe, expect, it } from "vitest";

import type { EmotionGroups } from "@/generated/documents";

import { byMove, cellSpec, customerChunks, strongest } from "./emotions";

const groups = (more: Partial<EmotionGroups> = {}): EmotionGroups => ({ delighted: 0, surprised: 0, worried: 0, disappointed: 0, frustrated: 0, neutral: 0, ...more });

describe("moods", () => {
  it("are told strongest first, ties in one order", () => {
    expect(strongest(groups({ frustrated: 0.5, delighted: 0.3, neutral: 0.2 }), 2)).toEqual(["frustrated", "delighted"]);
    expect(strongest(groups({ worried: 0.5, delighted: 0.5 }), 1)).toEqual(["delighted"]);
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
  it("of a topic are the very ones that are named, as many as one query takes", () => {
    const ids = Array.from({ length: 40 }, (_, at) => `f${at}`);
    expect(cellSpec({ kind: "texts", mood: "frustrated", ids }, 3)).toEqual({ collection: "emotions", where: [["__name__", "in", ids.slice(0, 30)]], limit: 30 });
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
