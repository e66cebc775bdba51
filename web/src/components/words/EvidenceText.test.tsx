import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { TooltipProvider } from "@/components/ui/Tooltip";
import { startI18n } from "@/i18n";

import { EvidenceText } from "./EvidenceText";

vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("@/auth/session", () => ({ useRole: () => "owner" }));
vi.mock("@/data/emotions", () => ({ askEvidence: vi.fn() }));

const at = { toDate: () => new Date("2026-03-01T12:00:00Z"), toMillis: () => Date.UTC(2026, 2, 1, 12) };
const sentiment = (label: "positive" | "negative") => ({ label, negative: 0.1, neutral: 0.1, positive: 0.8 });
const emotion = (change: object = {}) => ({
  id: "f1", status: "scored", language: "en", words: 5, rating: null, sentiment: sentiment("positive"), top: null, groups: null,
  emotions: {}, emotionLabels: [], model: "en@1", scoredAt: at, evidence: null, ...change,
});
const show = (change: object, text = "Oh great, it leaks again") =>
  render(
    <TooltipProvider>
      <EvidenceText words={{ id: "f1", title: null, text, language: "en" }} emotion={emotion(change) as never} />
    </TooltipProvider>,
  );
const evidence = (...spans: object[]) => ({ sentiment: "positive", emotion: null, spans, method: "occlusion", at });
const word = { start: 3, end: 8, sentiment: 1, emotion: 0 };

beforeAll(() => startI18n("en"));
afterEach(cleanup);

describe("a text with what was read in it", () => {
  it("says so where stars and words disagree, and what follows for kind words under few stars", () => {
    show({ rating: 1 });
    expect(screen.getByText(/Stars and words disagree; irony is not recognised/)).toBeTruthy();
    expect(screen.getByRole("button", { name: /Stars and words disagree/ })).toBeTruthy();
    cleanup();
    show({ rating: 5, sentiment: sentiment("negative") });
    expect(screen.getByText(/Stars and words disagree/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Stars and words disagree/ })).toBeNull();
  });
  it("is silent where they agree, or where there are no stars", () => {
    for (const change of [{ rating: 5 }, { rating: 3 }, { rating: null }, { rating: 1, sentiment: sentiment("negative") }]) {
      show(change);
      expect(screen.queryByText(/Stars and words disagree/)).toBeNull();
      cleanup();
    }
  });
  it("says when no single word decided", () => {
    show({ evidence: evidence() });
    expect(screen.getByText(/No single word decided/)).toBeTruthy();
  });
  it("says when only the beginning was looked at", () => {
    show({ evidence: evidence(word) });
    expect(screen.queryByText(/Only the first/)).toBeNull();
    cleanup();
    show({ evidence: evidence(word) }, "Oh great".padEnd(1201, "."));
    expect(screen.getByText(/Only the first 1,200 characters/)).toBeTruthy();
  });
});
