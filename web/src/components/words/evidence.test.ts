import { describe, expect, it } from "vitest";

import { pieces, wholeOf } from "./evidence";

const span = (start: number, end: number, sentiment: number, emotion = 0) => ({ start, end, sentiment, emotion });

describe("pieces of a text", () => {
  it("join to the text again, whatever the spans", () => {
    const text = "Bad zip 😡, never again";
    for (const spans of [[], [span(0, 3, 0.4)], [span(2, 5, 0.4), span(4, 9, -0.2)], [span(4, 400, 0.1)], [span(50, 60, 0.1)]]) {
      expect(pieces(text, spans, "sentiment").map((piece) => piece.text).join("")).toBe(text);
    }
  });
  it("count an emoji as one character, as the scorer does", () => {
    const marked = pieces("😡 awful", [span(2, 7, 0.5)], "sentiment").filter((piece) => piece.effect !== 0);
    expect(marked).toEqual([{ text: "awful", effect: 0.5, strength: 1 }]);
  });
  it("take the effect that was asked for, signed, and leave the faint ones unmarked", () => {
    const spans = [span(0, 3, 0.5, -0.3), span(4, 7, -0.25, 0.01), span(8, 12, 0.01, 0)];
    const effects = (of: "sentiment" | "emotion") => pieces("bad but fine", spans, of).map((piece) => piece.effect);
    expect(effects("sentiment")).toEqual([0.5, 0, -0.25, 0, 0]);
    expect(effects("emotion")).toEqual([-0.3, 0, 0, 0, 0]);
  });
  it("start at the title where there is one", () => {
    expect(wholeOf({ title: "Broken", text: "again" })).toBe("Broken\nagain");
    expect(wholeOf({ title: null, text: "again" })).toBe("again");
  });
});
