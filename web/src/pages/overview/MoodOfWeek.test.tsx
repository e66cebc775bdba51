import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import { TooltipProvider } from "@/components/ui/Tooltip";
import { useDoc } from "@/data/live";
import type * as Live from "@/data/live";
import { startI18n } from "@/i18n";

import { MoodOfWeek } from "./MoodOfWeek";

vi.mock("@/data/live", async (original) => ({ ...(await original<typeof Live>()), useDoc: vi.fn() }));
vi.mock("@/auth/session", () => ({ useRole: () => "owner" }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: string }) => <a href="#page">{children}</a> }));
vi.mock("@/components/words/Sentence", () => ({ SentenceOf: ({ id }: { id: string }) => <p>sentence {id}</p> }));

const day = (date: string) => ({ toDate: () => new Date(`${date}T00:00:00Z`), toMillis: () => Date.parse(`${date}T00:00:00Z`) });
const groups = (more: object) => ({ delighted: 0, surprised: 0, worried: 0, disappointed: 0, frustrated: 0, neutral: 0, ...more });
const weeks = [
  { start: day("2025-11-03"), groups: groups({ delighted: 1 }), n: 40 },
  { start: day("2026-02-23"), groups: groups({ neutral: 1 }), n: 2 },
];
const biggest = { mood: "frustrated", n: 20, share: 0.45, nBefore: 80, before: 0.15, by: 0.3, low: 0.12, high: 0.48, productId: "p1", productTitle: "Kettle" };
const change = { now: { n: 30, groups: groups({ frustrated: 1 }) }, before: { n: 99, groups: groups({ neutral: 1 }) }, biggest, behind: ["a", "b", "c"] };

let figures: object;
beforeAll(() => startI18n("en"));
beforeEach(() => {
  vi.mocked(useDoc).mockImplementation(() => ({ state: "ready", data: { asOf: day("2026-03-01"), weeks, ...figures }, error: undefined }) as never);
});
afterEach(cleanup);

const text = () =>
  render(
    <TooltipProvider>
      <MoodOfWeek enabled />
    </TooltipProvider>,
  ).container.textContent ?? "";

it("tells one change, with its product, its interval and its own sentences", () => {
  figures = { change };
  const shown = text();
  expect(shown).toContain("Kettle: Frustrated rose most, by 30 points to 45%.");
  expect(shown).toContain("90%: +12 to +48 points");
  expect(["a", "b", "c"].every((id) => shown.includes(`sentence ${id}`))).toBe(true);
});

it("says so when no mood changed more than by chance, whatever the weeks are", () => {
  figures = { change: { ...change, biggest: null, behind: [] } };
  const shown = text();
  expect(shown).toContain("No mood changed more than by chance.");
  expect(shown).not.toContain("sentences behind");
});

it("does not put a week of months ago in the place of the days before", () => {
  figures = { change: { ...change, before: null, biggest: null, behind: [] } };
  const shown = text();
  expect(shown).toContain("Nothing was written in the 28 days before");
  expect(shown).not.toContain("28 days beforeDelighted");
  cleanup();
  figures = { change: null };
  expect(text()).toContain("No words in the last 7 days");
});
