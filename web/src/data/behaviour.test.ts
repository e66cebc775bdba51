import { describe, expect, it } from "vitest";

import { binOf } from "@/components/figures/bins";
import type { Cohort, RfmCell } from "@/generated/documents";

import { busiest, byCellName, clockBlocks, cohortTable, funnelSteps } from "./behaviour";

const cell = (recency: number, worth: number, en: string, customers: number): RfmCell => ({
  recency,
  worth,
  name: { en, zh: en },
  customers,
  before: customers + 1,
  revenue: customers * 100,
});

describe("cells by name", () => {
  it("adds cells of one name and loses nobody", () => {
    const grid = [cell(5, 5, "Champions", 10), cell(5, 4, "Champions", 4), cell(1, 1, "Lost", 20)];
    const named = byCellName(grid);
    expect(named.map((each) => [each.name.en, each.customers, each.before, each.revenue])).toEqual([
      ["Lost", 20, 21, 2000],
      ["Champions", 14, 16, 1400],
    ]);
  });
});

describe("cohorts", () => {
  const cohorts: Cohort[] = [
    { month: "2026-02", size: 100, retained: [0.1] },
    { month: "2026-01", size: 300, retained: [0.2, 0.3] },
  ];
  it("are a triangle, oldest first, with months to come as null", () => {
    const table = cohortTable(cohorts);
    expect(table.months).toEqual([1, 2]);
    expect(table.rows.map((row) => [row.month, row.retained])).toEqual([
      ["2026-01", [0.2, 0.3]],
      ["2026-02", [0.1, null]],
    ]);
    expect(table.top).toBe(0.3);
  });
  it("have a mean over those who know the month, by size", () => {
    const { mean } = cohortTable(cohorts);
    expect(mean[0]).toBeCloseTo((300 * 0.2 + 100 * 0.1) / 400);
    expect(mean[1]).toBeCloseTo(0.3);
  });
  it("may be none", () => {
    expect(cohortTable([])).toEqual({ months: [], rows: [], mean: [], top: 0 });
  });
});

describe("the clock", () => {
  const clock = Array.from({ length: 168 }, (_, hour) => (hour === 24 + 20 ? 9 : 1));
  it("keeps the sum in blocks", () => {
    const blocks = clockBlocks(clock, 3);
    expect(blocks).toHaveLength(7);
    expect(blocks.every((day) => day.length === 8)).toBe(true);
    expect(blocks.flat().reduce((sum, each) => sum + each, 0)).toBe(176);
    expect(blocks[1]?.[6]).toBe(11);
  });
  it("names the busiest hour", () => {
    expect(busiest(clock)).toEqual({ day: 1, hour: 20, orders: 9 });
  });
  it("is nothing where moments have no hour", () => {
    expect(clockBlocks([], 1)).toEqual([]);
    expect(busiest([])).toBeNull();
    expect(busiest(clock.map(() => 0))).toBeNull();
  });
});

describe("the funnel", () => {
  it("tells what each step keeps of the one before", () => {
    const steps = funnelSteps({ days: 30, visitors: 200, viewers: 100, carted: 0, bought: 0 });
    expect(steps.map((step) => step.kept)).toEqual([null, 0.5, 0, null]);
  });
});

describe("bins", () => {
  const bins = [
    { low: 0, high: 10, n: 1 },
    { low: 10, high: null, n: 2 },
  ];
  it("own their lower end; the last one is open", () => {
    expect([binOf(bins, 9.9), binOf(bins, 10), binOf(bins, 1e9), binOf(bins, -1)]).toEqual([0, 1, 1, -1]);
  });
});
