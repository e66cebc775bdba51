import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";

import { TooltipProvider } from "@/components/ui/Tooltip";
import { startI18n } from "@/i18n";
import i18next from "i18next";
import * as format from "@/lib/format";

import { Distributions } from "./Distributions";
import { namedError } from "./errorText";

vi.mock("@/components/charts/Chart", () => ({ Chart: () => null }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));

const bins = [{ low: 0, high: 0.1, n: 5 }];
const figures = { currency: "USD", value: bins, churn: bins, intent: bins, engagement: bins, discount: bins, churnDays: 90, valueTiers: [], churnTiers: [] };
const churn = (inUse: string, calibration: object[]) => ({ id: "churn", inUse, calibration });
const show = (...cards: object[]) =>
  render(
    <TooltipProvider>
      <Distributions figures={figures as never} cards={cards as never} />
    </TooltipProvider>,
  );
const made = () => {
  fireEvent.click(screen.getByRole("button", { name: /Churn risk/ }));
  return document.body.textContent ?? "";
};

beforeAll(() => startI18n("en"));
afterEach(cleanup);

it("tells how the model's own probabilities held", () => {
  show(churn("model", [{ predicted: 0.1, observed: 0.12, rows: 100 }, { predicted: 0.62, observed: 0.55, rows: 100 }]));
  expect(made()).toContain("of 100 told about 62%, 55 in 100 left");
});

it("claims nothing where a rule serves, or nothing was tested", () => {
  show(churn("baseline", [{ predicted: 0.62, observed: 0.55, rows: 100 }]));
  expect(made()).toContain("From a simple rule");
  cleanup();
  show();
  expect(made()).toContain("No backtest tells yet");
});

it("says on what the effect of a discount rests", () => {
  show({ id: "discount", inUse: "baseline", calibration: [] });
  fireEvent.click(screen.getByRole("radio", { name: "Moved by a discount" }));
  expect(screen.getByText("From behaviour: an assumption")).toBeTruthy();
});

it("writes a model's error one way, and a Qini by its name", () => {
  const t = i18next.getFixedT("en", "predictions");
  const own = { number: (value: number | null, options?: Intl.NumberFormatOptions) => format.number(value, "en", options), percent: (value: number | null) => format.percent(value, "en") } as never;
  expect(namedError(t, own, "value", 0.789)).toBe("Mean error 78.9%");
  expect(namedError(t, own, "discount", 0.041)).toBe("Qini 0.041");
});
