import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Timestamp } from "firebase/firestore";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { currentToasts, dismissToast } from "@/components/ui/toast-store";
import { TooltipProvider } from "@/components/ui/Tooltip";
import { callConsole, ConsoleError } from "@/data/console";
import type { TrainingEffects } from "@/generated/documents";
import { startI18n } from "@/i18n";

import { LastRun } from "./Effects";
import { TrainingForm } from "./TrainingForm";

vi.mock("@/data/console", async (original) => ({ ...(await original<object>()), callConsole: vi.fn() }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
const call = vi.mocked(callConsole);

const said = (en: string) => ({ en, zh: en });
const last: TrainingEffects = {
  runId: "learn-1",
  at: Timestamp.fromMillis(Date.UTC(2026, 0, 2)),
  effects: [
    { setting: "kRange", value: "6-10", effect: said("Tried 6 to 10; 7 segments.") },
    { setting: "gain.churn", value: "0.01", effect: said("The model is used.") },
  ],
};
// By selector: asking for every element's role or labels takes seconds on a form of this size.
const field = (label: string) => {
  const found = [...document.querySelectorAll("label")].find((each) => each.textContent === label);
  return document.getElementById(found?.htmlFor ?? "") as HTMLInputElement;
};
const type = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });
const save = () => document.querySelector("button[type=submit]") as HTMLButtonElement;
const press = async () => act(async () => fireEvent.click(save()));

beforeAll(() => startI18n("en"));
beforeEach(() => {
  call.mockReset();
  call.mockResolvedValue({});
  render(
    <TooltipProvider>
      <LastRun value={last}>
        <TrainingForm held={null} governs onDirty={() => undefined} />
      </LastRun>
    </TooltipProvider>,
  );
});
afterEach(() => {
  cleanup();
  currentToasts().forEach((each) => dismissToast(each.id));
});

// A loaded machine draws the whole form slowly; the default of five seconds is near.
describe("the settings' form", { timeout: 30_000 }, () => {
  it("shows the defaults where nothing was saved, and what each did", () => {
    expect(field("Fewest segments").value).toBe("6");
    expect(save().disabled).toBe(true);
    expect(screen.getByText(/Tried 6 to 10/)).toBeTruthy();
    expect(screen.getByText(/The model is used/).textContent).toContain("Churn risk");
  });

  it("saves only what changed, and takes it back", async () => {
    type("Risk threshold", "0.8");
    fireEvent.click(field("Use all history"));
    type("History window", "365");
    await press();
    expect(call.mock.calls).toEqual([["training.save", { historyDays: 365, riskThreshold: 0.8 }]]);
    await act(async () => currentToasts().at(-1)?.action?.run());
    expect(call).toHaveBeenLastCalledWith("training.save", { historyDays: null, riskThreshold: 0.7 });
  });

  it("says the bounds beside the field and saves nothing", () => {
    type("Days between searches", "91");
    expect(document.querySelector("[role=alert]")?.textContent).toBe("A whole number from 1 to 90");
    expect(field("Days between searches").getAttribute("aria-invalid")).toBe("true");
    expect(save().disabled).toBe(true);
  });

  it("puts the server's word beside its field and keeps what was typed", async () => {
    call.mockRejectedValueOnce(new ConsoleError("setting", { field: "gain", en: "Not now.", zh: "暂不。" }));
    type("Least gain in AUC", "0.05");
    await press();
    expect(screen.getByText("Not now.")).toBeTruthy();
    expect(field("Least gain in AUC").value).toBe("0.05");
  });

  it("lets a marketer decide how customers are grouped, and nothing else", () => {
    cleanup();
    render(
      <TooltipProvider>
        <TrainingForm held={null} governs={false} onDirty={() => undefined} />
      </TooltipProvider>,
    );
    const still = (label: string) => field(label).closest("fieldset:disabled") !== null;
    expect([still("Fewest segments"), still("Risk threshold")]).toEqual([false, true]);
  });
});
