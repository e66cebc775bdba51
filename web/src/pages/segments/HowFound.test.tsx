import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";

import { SYMBOLS } from "@/components/segments/symbols";
import { TooltipProvider } from "@/components/ui/Tooltip";
import { startI18n } from "@/i18n";

import { HowFound } from "./HowFound";

vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));

const at = { toDate: () => new Date("2026-03-01T00:00:00Z"), toMillis: () => Date.UTC(2026, 2, 1) };
const version = { version: 1, asOf: at, algorithm: "kmeans", k: 6, silhouette: 0.3, candidates: [], customers: 500, eligible: 480, mode: "search", blocks: {} };

beforeAll(() => startI18n("en"));
afterEach(cleanup);

const text = (more: object) =>
  render(
    <TooltipProvider>
      <HowFound version={{ ...version, ...more } as never} />
    </TooltipProvider>,
  ).container.textContent ?? "";

it("holds the words gate against the bound that the version was accepted by", () => {
  expect(text({ wordsGate: 0.12, wordsBound: 0.135 })).toContain("0.12, under 0.135");
  cleanup();
  expect(text({ wordsGate: 0.06, wordsBound: 0.05 })).toContain("0.06, over 0.05");
});

it("passes no judgement where nothing was asked", () => {
  const shown = text({ wordsGate: 0.12, wordsBound: null });
  expect(shown).toContain("0.12, nothing was asked");
  expect(shown).not.toContain("0.12, over");
});

it("has ten marks that differ", () => {
  expect(new Set(SYMBOLS).size).toBe(10);
});
