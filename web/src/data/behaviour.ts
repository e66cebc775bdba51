/** How customers buy: the one document of the page and what its pictures are made of. */

import type { BehaviourFigures, Cohort, Localized, RfmCell } from "@/generated/documents";

import { type Live, type Row, useDoc } from "./live";

type Stamp = { toMillis: () => number };

export const useBehaviour = (): Live<Row<BehaviourFigures> | null> => useDoc<BehaviourFigures>("metrics/behaviour");

const WEEK = 7 * 86_400_000;

/** Whether a week was not over at the moment the figures are for: a week of 23 or 25 hours a day is an hour off. */
export const openWeek = (start: Stamp, asOf: Stamp): boolean => asOf.toMillis() < start.toMillis() + WEEK - 3_600_000;

/** Fifths from the lowest to the highest. */
export const FIFTHS = [1, 2, 3, 4, 5] as const;

/** The cell of a recency and a worth; null where nobody is and nobody was. */
export function cellAt(grid: readonly RfmCell[], recency: number, worth: number): RfmCell | null {
  return grid.find((cell) => cell.recency === recency && cell.worth === worth) ?? null;
}

export interface NamedCells {
  name: Localized;
  customers: number;
  before: number;
  revenue: number;
}

/** Cells of one name together, most customers first: several cells of the grid carry the same name. */
export function byCellName(grid: readonly RfmCell[]): NamedCells[] {
  const found = new Map<string, NamedCells>();
  for (const cell of grid) {
    const sum = found.get(cell.name.en) ?? { name: cell.name, customers: 0, before: 0, revenue: 0 };
    sum.customers += cell.customers;
    sum.before += cell.before;
    sum.revenue += cell.revenue;
    found.set(cell.name.en, sum);
  }
  return [...found.values()].sort((a, b) => b.customers - a.customers || (a.name.en < b.name.en ? -1 : 1));
}

export interface CohortTable {
  /** Months after the first order: 1 to the longest known. */
  months: number[];
  rows: { month: string; size: number; retained: (number | null)[] }[];
  /** Mean over the cohorts that know the month, weighted by their size. */
  mean: (number | null)[];
  /** The largest share, for the scale of the colours. */
  top: number;
}

/** The triangle, newest cohort last; months that are not over yet are null. */
export function cohortTable(cohorts: readonly Cohort[]): CohortTable {
  const sorted = [...cohorts].sort((a, b) => (a.month < b.month ? -1 : 1));
  const width = Math.max(0, ...sorted.map((cohort) => cohort.retained.length));
  const at = (cohort: Cohort, index: number) => cohort.retained[index] ?? null;
  const months = Array.from({ length: width }, (_, index) => index + 1);
  const mean = months.map((_, index) => {
    const known = sorted.filter((cohort) => at(cohort, index) !== null && cohort.size > 0);
    const size = known.reduce((sum, cohort) => sum + cohort.size, 0);
    return size > 0 ? known.reduce((sum, cohort) => sum + (at(cohort, index) ?? 0) * cohort.size, 0) / size : null;
  });
  return {
    months,
    rows: sorted.map((cohort) => ({ month: cohort.month, size: cohort.size, retained: months.map((_, index) => at(cohort, index)) })),
    mean,
    top: Math.max(0, ...sorted.flatMap((cohort) => cohort.retained)),
  };
}

/** Orders by day of the week (Monday first) and block of so many hours; empty where moments have no hour. */
export function clockBlocks(clock: readonly number[], hours: number): number[][] {
  if (clock.length !== 168) return [];
  const blocks = 24 / hours;
  return Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: blocks }, (_, block) =>
      clock.slice(day * 24 + block * hours, day * 24 + (block + 1) * hours).reduce((sum, orders) => sum + orders, 0),
    ),
  );
}

/** Day (0 = Monday) and hour with the most orders; null without any. */
export function busiest(clock: readonly number[]): { day: number; hour: number; orders: number } | null {
  const orders = Math.max(0, ...clock);
  if (clock.length !== 168 || orders === 0) return null;
  const at = clock.indexOf(orders);
  return { day: Math.floor(at / 24), hour: at % 24, orders };
}

export interface Step {
  id: "visitors" | "viewers" | "carted" | "bought";
  customers: number;
  /** Of those with the step before; null for the first and after nobody. */
  kept: number | null;
}

export function funnelSteps(funnel: NonNullable<BehaviourFigures["funnel"]>): Step[] {
  const ids = ["visitors", "viewers", "carted", "bought"] as const;
  return ids.map((id, index) => {
    const before = index > 0 ? funnel[ids[index - 1] as Step["id"]] : 0;
    return { id, customers: funnel[id], kept: before > 0 ? funnel[id] / before : null };
  });
}
