/** Cuts a text into pieces by what each word did to a label: pure, for `EvidenceText`. */

import type { Emotion, EvidenceSpan } from "@/generated/documents";

export interface Piece {
  text: string;
  /** What leaving the piece out changes, signed: positive spoke for the label. 0 where nothing was measured or it did not matter. */
  effect: number;
  /** Of the strongest in this text, 0 to 1. */
  strength: number;
}

/** Effects weaker than this part of the strongest one are not marked: everything underlined is nothing underlined. */
const FAINTEST = 0.15;

/** Characters of a text that are looked at (`LONGEST` of the scorer). */
export const LOOKED = 1200;

/** Which of stars and words is the kinder where they contradict each other: under two stars or four and more. */
export function contradiction(emotion: Pick<Emotion, "rating" | "sentiment">): "stars" | "words" | null {
  const { rating, sentiment } = emotion;
  if (rating === null || sentiment === null) return null;
  if (rating <= 2 && sentiment.label === "positive") return "words";
  return rating >= 4 && sentiment.label === "negative" ? "stars" : null;
}

/** The whole that offsets count in: title, line feed, text; the text alone without a title. */
export const wholeOf = (words: { title: string | null; text: string }): string => (words.title ? `${words.title}\n${words.text}` : words.text);

/**
 * The pieces of a text in order, without gaps. Offsets count characters as Python does (code points), so that an emoji is one;
 * spans that overlap or lie outside are cut, never guessed.
 */
export function pieces(whole: string, spans: readonly EvidenceSpan[], of: "sentiment" | "emotion"): Piece[] {
  const letters = Array.from(whole);
  const top = Math.max(...spans.map((span) => Math.abs(span[of])), 0);
  const found: Piece[] = [];
  let at = 0;
  const put = (end: number, effect: number) => {
    if (end <= at) return;
    found.push({ text: letters.slice(at, end).join(""), effect, strength: top > 0 ? Math.abs(effect) / top : 0 });
    at = end;
  };
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const end = Math.min(span.end, letters.length);
    if (end <= at) continue;
    put(Math.max(at, span.start), 0);
    put(end, top > 0 && Math.abs(span[of]) / top >= FAINTEST ? span[of] : 0);
  }
  put(letters.length, 0);
  return found;
}
