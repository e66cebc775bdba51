import type { Timestamp } from "firebase/firestore";
import { describe, expect, it } from "vitest";

import type { Segmentation } from "@/generated/documents";

import { segmentColors, sizesOverTime } from "./segments";

const name = (text: string) => ({ en: text, zh: text });
const version = (at: number, sizes: Record<string, number>): Segmentation => ({
  version: at,
  runId: "r",
  createdAt: {} as Timestamp,
  asOf: {} as Timestamp,
  algorithm: "kmeans",
  k: 2,
  silhouette: 0.3,
  stability: null,
  mode: "search",
  status: "published",
  proposal: null,
  wordsGate: null,
  wordsShare: 0,
  oceanShare: 0,
  blocks: {},
  searchedAt: null,
  cores: [],
  coreSegments: [],
  typical: [],
  featureVersion: 1,
  candidates: [],
  note: null,
  customers: 10,
  eligible: 10,
  sizes: Object.entries(sizes).map(([segmentId, size]) => ({ segmentId, name: name(`${segmentId} ${at}`), size, revenue: 0 })),
  movements: [],
  moved: 0,
  featureNames: [],
  scalerCenter: [],
  scalerScale: [],
  prototypes: {},
  rfmEdges: {},
});

describe("sizes over time", () => {
  it("are zero where a segment did not live, and carry its newest or given name", () => {
    const lines = sizesOverTime([version(1, { a: 5, b: 2 }), version(2, { b: 3, c: 9 })], new Map([["b", name("Ours")]]));
    expect(lines.map((line) => [line.id, line.name.en, line.sizes])).toEqual([
      ["c", "c 2", [0, 9]],
      ["b", "Ours", [2, 3]],
      ["a", "a 1", [5, 0]],
    ]);
  });
});

describe("colours", () => {
  it("do not depend on the order in which segments come", () => {
    expect(segmentColors(["b", "a", "c"])("b")).toEqual(segmentColors(["c", "b", "a", "a"])("b"));
    expect(segmentColors(["a"])("stranger").index).toBe(9);
  });
});
