/** The mood of one customer over time: their newest scored texts as points of a line. */

import type { Emotion, Psyche } from "@/generated/documents";

import type { QuerySpec } from "./live";

/** Texts from which a mood without a side may be told. */
const FEW = 3;

/** Whether a mood is told well enough for one bare word: an interval off nought; a neutral one has no side, so enough texts. */
export function moodIsClear({ mood, texts, sentimentLow: low, sentimentHigh: high }: Pick<Psyche, "mood" | "texts" | "sentimentLow" | "sentimentHigh">): boolean {
  if (mood === null) return false;
  return mood === "neutral" ? texts >= FEW : (low ?? 0) > 0 || (high ?? 0) < 0;
}

/** Texts that are looked at; the newest say enough for a small picture. */
const MOST = 30;

export const moodsSpec = (ids: readonly string[]): QuerySpec => ({
  collection: "emotions",
  where: [["customerId", "in", ids]],
  orderBy: [["at", "desc"]],
  limit: MOST,
});

export interface MoodPoint {
  id: string;
  at: Date;
  /** P(positive) - P(negative) of the text. */
  sentiment: number;
  top: Emotion["top"];
  /** Place between the first text (0) and the last (1). */
  x: number;
}

/** Scored texts oldest first, placed by time; without one that has no moment. */
export function moodPoints(texts: readonly (Pick<Emotion, "at" | "status" | "sentiment" | "top"> & { id: string })[]): MoodPoint[] {
  const scored = texts
    .flatMap((text) =>
      text.status === "scored" && text.sentiment && text.at
        ? [{ id: text.id, at: text.at.toDate(), sentiment: text.sentiment.positive - text.sentiment.negative, top: text.top }]
        : [],
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
  const first = scored[0]?.at.getTime() ?? 0;
  const span = (scored.at(-1)?.at.getTime() ?? 0) - first;
  return scored.map((point, index) => ({
    ...point,
    // Texts of one moment stand side by side.
    x: span > 0 ? (point.at.getTime() - first) / span : scored.length > 1 ? index / (scored.length - 1) : 0.5,
  }));
}
