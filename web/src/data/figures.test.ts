import type { Timestamp } from "firebase/firestore";
import { describe, expect, it } from "vitest";

import type { Month } from "@/generated/documents";

import { addDays, byDay, byMonth, changeOf, dayIn, inSteps, whatMoved, windowBefore } from "./figures";

const month = (key: string, days: Record<string, [orders: number, revenue: number]>): Month => ({
  month: key,
  days: Object.fromEntries(Object.entries(days).map(([day, [orders, revenue]]) => [day, { orders, revenue, newCustomers: 0 }])),
  orders: Object.values(days).reduce((total, [orders]) => total + orders, 0),
  revenue: Object.values(days).reduce((total, [, revenue]) => total + revenue, 0),
  newCustomers: 0,
  computedAt: {} as Timestamp,
});

describe("days", () => {
  it("are the shop's, not the viewer's", () => {
    const at = new Date("1998-06-30T23:30:00Z");
    expect(dayIn(at, "UTC")).toBe("1998-06-30");
    expect(dayIn(at, "Asia/Shanghai")).toBe("1998-07-01");
    expect(dayIn(at, "No/Where")).toBe("1998-06-30");
  });
  it("cross months, years and leap days", () => {
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2025-01-01", -1)).toBe("2024-12-31");
  });
});

describe("windows", () => {
  const days = byDay([month("1998-05", { "31": [2, 1000] }), month("1998-06", { "01": [1, 700], "30": [3, 900] })]);
  it("end the day before and hold every day", () => {
    const now = windowBefore(days, "1998-07-01", 30);
    expect(now.days).toHaveLength(30);
    expect([now.days[0]?.day, now.days[29]?.day]).toEqual(["1998-06-01", "1998-06-30"]);
    expect(now).toMatchObject({ orders: 4, revenue: 1600, averageOrder: 400 });
    expect(windowBefore(days, "1998-06-01", 30)).toMatchObject({ orders: 2, revenue: 1000 });
  });
  it("split a difference into orders and basket without a rest", () => {
    const now = windowBefore(days, "1998-07-01", 30);
    const before = windowBefore(days, "1998-06-01", 30);
    const moved = whatMoved(now, before);
    expect(moved).toEqual({ byOrders: 1000, byBasket: -400 });
    expect((moved?.byOrders ?? 0) + (moved?.byBasket ?? 0)).toBe(now.revenue - before.revenue);
    expect(whatMoved(now, windowBefore(days, "1990-01-01", 30))).toBeNull();
  });
  it("have no change against nothing", () => {
    expect(changeOf(5, 0)).toBeNull();
    expect(changeOf(5, 4)).toBe(0.25);
    expect(changeOf(null, 4)).toBeNull();
  });
});

describe("series", () => {
  it("fill the months in which nothing happened", () => {
    expect(byMonth([month("2024-01", { "03": [1, 5] }), month("2023-11", { "03": [2, 6] })]).map((each) => [each.month, each.orders])).toEqual([
      ["2023-11", 2],
      ["2023-12", 0],
      ["2024-01", 1],
    ]);
    expect(byMonth([])).toEqual([]);
  });
  it("sum whole steps and leave the rest at the beginning out", () => {
    expect(inSteps([9, 1, 1, 2, 2], 2)).toEqual([2, 4]);
  });
});
