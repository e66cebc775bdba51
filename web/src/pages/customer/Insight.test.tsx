import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";

import { TooltipProvider } from "@/components/ui/Tooltip";
import { startI18n } from "@/i18n";

import { Insight } from "./Insight";

vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("./MoodOverTime", () => ({ MoodOverTime: () => null }));
vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: string }) => <a href="#words">{children}</a> }));

const at = { toDate: () => new Date("2026-03-01T12:00:00Z"), toMillis: () => Date.UTC(2026, 2, 1, 12) };
const chance = { value: 0.42, low: 0.3, high: 0.55, basis: "baseline", model: "churn@3", unmet: null, drivers: [] };
const unmet = { en: "Needs 60 buyers.", zh: "需要 60 位买家。" };
const nothing = { ...chance, value: null, low: null, high: null, basis: null, unmet };
const customer = (change: object = {}) => ({
  id: "c1",
  mergedInto: null,
  profiling: "allowed",
  stats: { orders: 3, feedback: 2 },
  predictions: {
    asOf: at,
    value: {
      expected: 12_000, low: 0, high: 30_000, purchases: 2.5, purchasesLow: 0, purchasesHigh: 6, alive: 0.8,
      nextOrderAt: at, nextOrderLow: at, nextOrderHigh: at, model: "value@2", unmet: null,
    },
    churn: { ...chance, drivers: [{ name: "recency", text: { en: "120 days without an order", zh: "120 天无订单" }, effect: 1.2 }] },
    intent: nothing,
    engagement: chance,
    campaign: nothing,
    discount: { value: 0.03, low: 0, high: 0.08, basis: "behaviour with shrinkage", model: "discount@1", unmet: null },
    valueTier: "high",
    churnTier: "medium",
    crossedAt: null,
  },
  psyche: {
    asOf: at, texts: 2, words: 90, weight: 1.5, sentiment: 0.1, sentimentLow: -0.2, sentimentHigh: 0.4,
    groups: { delighted: 0.5, surprised: 0.1, worried: 0.1, disappointed: 0.1, frustrated: 0.1, neutral: 0.1 },
    mood: "delighted", frustration: null, ocean: null, oceanReason: "not enough text", oceanWords: 90, models: ["emotion-en@1"],
  },
  habits: null,
  ...change,
});

const show = (change?: object) =>
  render(
    <TooltipProvider>
      <Insight customer={customer(change) as never} />
    </TooltipProvider>,
  ).container;

beforeAll(() => startI18n("en"));
afterEach(cleanup);

it("says only that they refused for who opted out, whatever is still stored", () => {
  const text = show({ profiling: "opted out" }).textContent ?? "";
  expect(text).toContain("opted out of profiling");
  expect(text).not.toMatch(/\d/);
  expect(screen.queryByText("Delighted")).toBeNull();
});

it("shows a prediction with its interval, what gave it and what moved it", () => {
  const text = show().textContent ?? "";
  expect(text).toContain("90% interval 30% to 55%");
  expect(text).toContain("From a simple rule");
  expect(text).toContain("120 days without an order");
  expect(text).toContain("guessed from behaviour");
  expect(text).not.toContain("from randomised offers");
});

it("names the condition instead of a number", () => {
  show();
  expect(screen.getAllByText("Needs 60 buyers.")).toHaveLength(2);
});

it("says how much text a personality still needs, and that an interval over nought is neither", () => {
  show();
  expect(screen.getByText("Not enough text: 90 of 350 words.")).toBeTruthy();
  expect(screen.getByText("Neither clearly")).toBeTruthy();
});

it("says nothing for an account that belongs to another customer", () => {
  expect(show({ mergedInto: "c2" }).textContent).toBe("");
});

it.each([{ alive: 0.02 }, { purchases: 0.04 }])("names no date of a next order beside %j", (change) => {
  const { predictions } = customer();
  const text = show({ predictions: { ...predictions, value: { ...predictions.value, ...change } } }).textContent ?? "";
  expect(text).toContain("no likely date");
  expect(text).not.toContain("90% interval Mar 1, 2026");
});
