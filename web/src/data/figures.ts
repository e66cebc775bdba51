/** What the Overview computes from the monthly documents: pure, in the shop's calendar days. */

import type { Day, Month } from "@/generated/documents";

/** The calendar day of a moment in a zone, as YYYY-MM-DD. */
export function dayIn(at: Date, zone: string): string {
  try {
    return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
  } catch {
    return at.toISOString().slice(0, 10);
  }
}

/** The day `by` days after (or before) a day. */
export function addDays(day: string, by: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}

const NONE: Day = { orders: 0, revenue: 0, newCustomers: 0 };

/** Every day of the documents by its date. */
export function byDay(months: readonly Month[]): Map<string, Day> {
  const found = new Map<string, Day>();
  for (const month of months) for (const [day, figures] of Object.entries(month.days)) found.set(`${month.month}-${day}`, figures);
  return found;
}

export interface Window extends Day {
  /** Average order in minor units; null without an order. */
  averageOrder: number | null;
  /** Each day, oldest first. */
  days: (Day & { day: string })[];
}

/** The `length` days that end the day before `end`. */
export function windowBefore(days: ReadonlyMap<string, Day>, end: string, length: number): Window {
  const list = Array.from({ length }, (_, index) => {
    const day = addDays(end, index - length);
    return { day, ...(days.get(day) ?? NONE) };
  });
  const sum = (field: keyof Day) => list.reduce((total, each) => total + each[field], 0);
  const orders = sum("orders");
  const revenue = sum("revenue");
  return { days: list, orders, revenue, newCustomers: sum("newCustomers"), averageOrder: orders > 0 ? Math.round(revenue / orders) : null };
}

/** Relative change; null when there was nothing before. */
export const changeOf = (now: number | null, before: number | null): number | null =>
  now === null || before === null || before === 0 ? null : (now - before) / Math.abs(before);

export interface Moved {
  /** Minor units that came from more or fewer orders, at the old average. */
  byOrders: number;
  /** Minor units that came from larger or smaller orders. */
  byBasket: number;
}

/** What moved revenue between two windows: the two parts add up to the difference. Null when one has no order. */
export function whatMoved(now: Window, before: Window): Moved | null {
  if (now.orders === 0 || before.orders === 0) return null;
  const old = before.revenue / before.orders;
  const byOrders = Math.round((now.orders - before.orders) * old);
  return { byOrders, byBasket: now.revenue - before.revenue - byOrders };
}

/** Sums of runs of `size` days, for a calm sparkline. */
export function inSteps(values: readonly number[], size: number): number[] {
  const found: number[] = [];
  for (let at = values.length % size; at < values.length; at += size) {
    found.push(values.slice(at, at + size).reduce((total, value) => total + value, 0));
  }
  return found;
}

export interface MonthFigures {
  month: string;
  orders: number;
  revenue: number;
  newCustomers: number;
}

/** Months oldest first, those without any record as zero: a gap in trade is a gap in the chart. */
export function byMonth(months: readonly Month[]): MonthFigures[] {
  const known = new Map(months.map((month) => [month.month, month]));
  const keys = [...known.keys()].sort();
  const [first, last] = [keys[0], keys.at(-1)];
  if (!first || !last) return [];
  const found: MonthFigures[] = [];
  // 600 months bound the loop against a stray date from a bad row.
  for (let key = first, count = 0; key <= last && count < 600; key = nextMonth(key), count++) {
    const month = known.get(key);
    found.push({ month: key, orders: month?.orders ?? 0, revenue: month?.revenue ?? 0, newCustomers: month?.newCustomers ?? 0 });
  }
  return found;
}

function nextMonth(key: string): string {
  const [year, month] = key.split("-").map(Number) as [number, number];
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, "0")}`;
}
