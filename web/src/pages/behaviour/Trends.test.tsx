import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import type { ChartProps } from "@/components/charts/Chart";
import { TooltipProvider } from "@/components/ui/Tooltip";
import { startI18n } from "@/i18n";

import { Trends } from "./Trends";

let drawn: ChartProps;
vi.mock("@/components/charts/Chart", () => ({
  Chart: (props: ChartProps) => {
    drawn = props;
    return null;
  },
}));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));

const stamp = (day: number) => ({ toMillis: () => Date.UTC(2026, 2, day), toDate: () => new Date(Date.UTC(2026, 2, day)) });
const week = (day: number, revenue: number) => ({ week: `2026-W${9 + (day - 2) / 7 + 1}`, start: stamp(day), orders: 4, customers: 3, newCustomers: 1, revenue, discounted: 0, refunded: 0 });
const show = (asOf: number) =>
  render(
    <TooltipProvider>
      <Trends figures={{ asOf: stamp(asOf), currency: "EUR", trends: [week(2, 123_450), week(9, 20_000), week(16, 5_000)] } as never} />
    </TooltipProvider>,
  ).container.textContent ?? "";
interface Drawn {
  series: { data: (number | null)[]; lineStyle: { opacity: number } }[];
}
const series = () => (drawn.option({ categories: [] } as never) as unknown as Drawn).series;

beforeAll(() => startI18n("en"));
beforeEach(cleanup);
afterEach(cleanup);

it("writes money in whole units of the currency that it names", () => {
  show(23);
  expect(drawn.table?.header[1]).toBe("Revenue (EUR)");
  expect(drawn.table?.rows[0]).toEqual(["2026-W10", 1234.5, 4, 3, 1, 0, 0]);
});

it("draws a week that is not over faint, and says so", () => {
  expect(show(18)).toContain("not over");
  expect(drawn.table?.rows[2]?.[0]).toBe("2026-W12 (so far)");
  expect(series().map((each) => [each.lineStyle.opacity, each.data])).toEqual([
    [1, [123_450, 20_000, null]],
    [0.45, [null, 20_000, 5_000]],
  ]);
});

it("draws whole weeks all alike", () => {
  expect(show(23)).not.toContain("not over");
  expect(series().map((each) => each.data)).toEqual([[123_450, 20_000, 5_000]]);
});
