import { describe, expect, it } from "vitest";

import type { Metrics } from "@/generated/documents";

import { driftOf, driverBars, exampleOf, inOrder, mayOrder, metricLines, modelOf } from "./predictions";

const NONE: Metrics = {
  rows: 100,
  positives: 20,
  auc: null,
  aucLow: null,
  aucHigh: null,
  prAuc: null,
  brier: null,
  logLoss: null,
  coverage: null,
  error: null,
  errorLow: null,
  errorHigh: null,
};

describe("measures beside the baseline", () => {
  it("say who is better, by the measure's own direction", () => {
    const lines = metricLines("churn", { ...NONE, auc: 0.8, aucLow: 0.77, aucHigh: 0.83, brier: 0.16 }, { ...NONE, auc: 0.75, brier: 0.15 });
    expect(lines.map((line) => [line.id, line.better])).toEqual([
      ["auc", true],
      ["brier", false],
    ]);
    expect(lines[0]).toMatchObject({ low: 0.77, high: 0.83, baselineLow: null });
  });
  it("take a smaller error as better, a larger Qini too", () => {
    expect(metricLines("value", { ...NONE, error: 0.2 }, { ...NONE, error: 0.3 })[0]?.better).toBe(true);
    expect(metricLines("discount", { ...NONE, error: 0.2 }, { ...NONE, error: 0.3 })[0]?.better).toBe(false);
  });
  it("compare nothing with nothing", () => {
    expect(metricLines("churn", null, null)).toEqual([]);
    expect(metricLines("churn", { ...NONE, auc: 0.8 }, null)[0]?.better).toBeNull();
    expect(metricLines("value", { ...NONE, coverage: 0.9 }, { ...NONE, coverage: 0.5 })[0]?.better).toBeNull();
  });
});

describe("models", () => {
  it("come in their order, the unknown last", () => {
    expect(inOrder([{ id: "zebra" }, { id: "intent" }, { id: "churn" }, { id: "value" }]).map((card) => card.id)).toEqual(["churn", "value", "intent", "zebra"]);
  });
  it("are named with their version", () => {
    expect(modelOf("churn@3")).toEqual({ name: "churn", version: 3 });
    expect(modelOf("churn")).toEqual({ name: "churn", version: 0 });
  });
});

describe("drift", () => {
  it("is calm under 0.1 and changed over 0.25", () => {
    expect([0, 0.0999, 0.1, 0.25, 0.2501].map(driftOf)).toEqual(["green", "green", "yellow", "yellow", "red"]);
  });
});

describe("drivers", () => {
  it("come by strength, whatever their sign, against the strongest", () => {
    const text = { en: "", zh: "" };
    const bars = driverBars([
      { name: "a", text, effect: 0.5 },
      { name: "b", text, effect: -1 },
    ]);
    expect(bars.map((bar) => [bar.name, bar.share])).toEqual([
      ["b", 1],
      ["a", 0.5],
    ]);
    expect(driverBars([])).toEqual([]);
  });
});

describe("what a probability is taken for", () => {
  const bin = (predicted: number, observed: number, rows: number) => ({ predicted, observed, low: 0, high: 1, rows });
  it("is shown by the largest group above the base rate", () => {
    expect(exampleOf([bin(0.1, 0.1, 900), bin(0.4, 0.5, 200), bin(0.8, 0.7, 100)])).toMatchObject({ predicted: 0.4, observed: 0.5 });
    expect(exampleOf([bin(0.1, 0.1, 100), bin(0.4, 0.5, 100), bin(0.8, 0.7, 100)])).toMatchObject({ predicted: 0.8 });
    expect(exampleOf([])).toBeNull();
  });
  it("names no date where no order is likely", () => {
    expect([mayOrder({ alive: 0.09, purchases: 2 }), mayOrder({ alive: 0.9, purchases: 0.09 }), mayOrder({ alive: 0.1, purchases: 0.1 })]).toEqual([false, false, true]);
    expect(mayOrder({ alive: null, purchases: null })).toBe(true);
  });
});
