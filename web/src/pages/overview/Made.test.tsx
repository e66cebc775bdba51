import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";

import { TooltipProvider } from "@/components/ui/Tooltip";
import { startI18n } from "@/i18n";

import { Figures } from "./Figures";
import { RevenueBySegment } from "./RevenueBySegment";
import { SegmentSizes } from "./SegmentSizes";
import { Totals } from "./Totals";

vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("@/components/charts/Sparkline", () => ({ Sparkline: () => null }));
vi.mock("@/components/segments/SizesOverTime", () => ({ SizesOverTime: () => null }));
vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: string }) => <a href="#page">{children}</a> }));

const at = { toMillis: () => Date.UTC(2026, 2, 1), toDate: () => new Date(Date.UTC(2026, 2, 1)) };
const overview = { asOf: at, firstOrderAt: at, lastOrderAt: at, customers: 3, buyers: 2, repeatBuyers: 1, orders: 4, revenue: 100, averageOrder: 25, currency: "USD", feedback: 0, ratingAverage: null };
const versions = { state: "ready", data: [], error: undefined } as never;

beforeAll(() => startI18n("en"));
afterEach(cleanup);

it.each([
  [4, <Figures key="figures" overview={overview as never} months={[]} />],
  [6, <Totals key="totals" overview={overview as never} />],
  [1, <RevenueBySegment key="revenue" versions={versions} names={new Map()} none={false} />],
  [1, <SegmentSizes key="sizes" versions={versions} names={new Map()} none={false} />],
])("tells of each of %i figures how it was made, to whoever reaches its mark", (count, node) => {
  render(<TooltipProvider>{node}</TooltipProvider>);
  const marks = screen.getAllByRole("button", { name: /^How this was made/ });
  expect(marks).toHaveLength(count);
  for (const mark of marks) {
    fireEvent.click(mark);
    expect(screen.getAllByRole("tooltip").at(-1)?.textContent).toMatch(/\w+ \w+/);
  }
});
