import { describe, expect, it } from "vitest";

import type { Emotion } from "@/generated/documents";

import { moodIsClear, moodPoints } from "./customer-mind";

const text = (id: string, day: number | null, positive: number, change: Partial<Emotion> = {}) => ({
  id,
  at: day === null ? null : ({ toDate: () => new Date(Date.UTC(2026, 0, day)) } as Emotion["at"]),
  status: "scored" as const,
  sentiment: { label: "positive" as const, negative: 1 - positive, neutral: 0, positive },
  top: "neutral" as const,
  ...change,
});

describe("mood over time", () => {
  it("runs from the oldest text to the newest, placed by time", () => {
    const points = moodPoints([text("c", 11, 0.9), text("b", 3, 0.5), text("a", 1, 0.1)]);
    expect(points.map((point) => [point.id, point.x])).toEqual([
      ["a", 0],
      ["b", 0.2],
      ["c", 1],
    ]);
    expect(points.map((point) => point.sentiment)).toEqual([expect.closeTo(-0.8), 0, expect.closeTo(0.8)]);
  });
  it("leaves out what was not scored, refused or has no moment", () => {
    expect(moodPoints([text("a", null, 1), text("b", 1, 1, { status: "opted out", sentiment: null }), text("c", 1, 1, { status: "too short", sentiment: null })])).toEqual([]);
  });
  it("puts texts of one moment side by side", () => {
    expect(moodPoints([text("b", 1, 1), text("a", 1, 1)]).map((point) => [point.id, point.x])).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
    expect(moodPoints([text("a", 1, 1)])[0]?.x).toBe(0.5);
  });
});

describe("a mood in one word", () => {
  const of = (mood: "delighted" | "neutral" | null, texts: number, sentimentLow: number | null, sentimentHigh: number | null) => moodIsClear({ mood, texts, sentimentLow, sentimentHigh });
  it("is told where the interval is off nought", () => {
    expect([of("delighted", 2, 0.1, 0.6), of("delighted", 2, -0.1, 0.6), of("delighted", 2, null, null), of(null, 9, 0.1, 0.6)]).toEqual([true, false, false, false]);
  });
  it("is told of neutral words from three texts on", () => {
    expect([of("neutral", 2, 0.1, 0.2), of("neutral", 3, -0.2, 0.2)]).toEqual([false, true]);
  });
});
