import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";

import { TooltipProvider } from "@/components/ui/Tooltip";
import { startI18n } from "@/i18n";

import { Inferred } from "./Inferred";
import { Statistics } from "./Statistics";

vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC", active: 1 }) }));
vi.mock("@/data/live", async (original) => ({ ...(await original<object>()), useDoc: () => ({ data: null }) }));

const DAY = 86_400_000;
const stamp = (day: number) => ({ toMillis: () => day * DAY, toDate: () => new Date(day * DAY) });
const stats = (medianGapDays: number) => ({
  orders: 57, revenue: 1_420_701, items: 60, averageOrder: 24_925, discount: 0, refunded: 0, feedback: 0, unconverted: 0, rated: 0,
  firstOrderAt: stamp(1), lastOrderAt: stamp(100), recentOrderDays: [1, 100], medianGapDays,
});
const show = (medianGapDays: number, since: number) =>
  render(<Statistics customer={{ id: "c", stats: stats(medianGapDays) } as never} overview={{ asOf: stamp(100 + since), dataEnded: false } as never} />).container.textContent ?? "";

beforeAll(() => startI18n("en"));
afterEach(cleanup);

it("counts days in words, and calls no pause of a few days long", () => {
  const text = show(0.6, 1);
  expect(text).toContain("Usually less than a day between two orders; 1 day since the last one.");
  expect(text).not.toContain("longer pause");
  cleanup();
  expect(show(1, 2)).toContain("Usually 1 day between two orders; 2 days since");
  cleanup();
  expect(show(3, 7)).toContain("longer pause");
});

it("lets two long figures stand under each other where they find no room side by side", () => {
  show(3, 7);
  expect(document.querySelector('[data-figure="orders"]')?.closest(".flex-wrap")?.textContent).toContain("$14,207.01");
});

it("tells a mood in one word only where its interval is off nought", () => {
  const psyche = { mood: "delighted", texts: 2, sentimentLow: -0.1, sentimentHigh: 0.5, groups: { delighted: 0.7 } };
  const mood = (change: object) => {
    cleanup();
    return (
      render(
        <TooltipProvider>
          <Inferred customer={{ id: "c", profiling: "allowed", segment: null, psyche: { ...psyche, ...change } } as never} />
        </TooltipProvider>,
      ).container.textContent ?? ""
    );
  };
  expect(mood({})).toBe("");
  expect(mood({ sentimentLow: 0.1 })).toBe("Delighted");
});
