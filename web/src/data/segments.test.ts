import type { Timestamp } from "firebase/firestore";
import { describe, expect, it } from "vitest";

import type { Segmentation } from "@/generated/documents";

import { comparePair, inForce, openProposal, segmentColors, sizeChanges, sizesOverTime, unitOf } from "./segments";

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
  drift: [],
  wordsBound: null,
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

describe("versions", () => {
  it("that were only proposed are no history; one without a status was in force", () => {
    const versions: { version: number; status?: Segmentation["status"] }[] = [
      { version: 5, status: "published" },
      { version: 4, status: "kept" },
      { version: 3 },
      { version: 2, status: "proposed" },
    ];
    expect(inForce(versions).map((each) => each.version)).toEqual([3, 5]);
  });
  it("wait for a decision only when newer than what is in force", () => {
    const proposed = { version: 6, status: "proposed" } as const;
    expect(openProposal([proposed, { version: 5, status: "published" }], 5)).toBe(proposed);
    expect(openProposal([proposed], 6)).toBeNull();
    expect(openProposal([{ version: 6, status: "kept" }], 5)).toBeNull();
  });
  it("of a proposal show who appears and who vanishes", () => {
    const changes = sizeChanges(version(1, { a: 10, b: 5 }), version(2, { a: 8, c: 7 }));
    expect(changes.map(({ id, before, after }) => [id, before, after])).toEqual([
      ["a", 10, 8],
      ["c", null, 7],
      ["b", 5, null],
    ]);
  });
});

describe("two segments side by side", () => {
  const feature = (of: string, z: number) => ({ name: of, block: "behaviour" as const, mean: 1, population: 2, z });
  it("begin with what tells them apart, and end with what only one has", () => {
    const pairs = comparePair({ features: [feature("orders", 1), feature("revenue", 0.1), feature("rhythm", 3)] }, { features: [feature("orders", -1), feature("revenue", 0.2)] });
    expect(pairs.map((pair) => pair.name)).toEqual(["orders", "revenue", "rhythm"]);
    expect(pairs[2]?.b).toBeNull();
  });
  it("know the unit of moods and traits without a list of them", () => {
    expect([unitOf("revenue"), unitOf("recencyDays"), unitOf("emotion.worried"), unitOf("discountShare")]).toEqual(["money", "days", "share", "share"]);
  });
});
