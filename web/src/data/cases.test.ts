import { afterEach, describe, expect, it, vi } from "vitest";

import { currentToasts, dismissToast } from "@/components/ui/toast-store";
import type { Case, Customer } from "@/generated/documents";

import { assignCase, byValue, finishCase, noteCase, openCase, warningSpec } from "./cases";
import { callConsole, ConsoleError } from "./console";
import type * as Console from "./console";
import type { Row } from "./live";

vi.mock("./console", async (original) => ({ ...(await original<typeof Console>()), callConsole: vi.fn(() => Promise.resolve({})) }));
const call = vi.mocked(callConsole);
const SAID = { done: "done", undo: "back" };

afterEach(() => {
  call.mockClear();
  for (const each of currentToasts()) dismissToast(each.id);
});

type Some = Pick<Customer, "predictions" | "mergedInto" | "profiling" | "stats"> & { id: string };
const customer = (id: string, expected: number | null, more: Partial<Some> = {}): Some => ({
  id,
  predictions: { value: { expected }, churnTier: "high" } as Customer["predictions"],
  mergedInto: null,
  profiling: "allowed",
  stats: { averageOrder: 50 } as Customer["stats"],
  ...more,
});

describe("early warning", () => {
  it("looks seven days back from the moment of the predictions", () => {
    const [first] = warningSpec({ toMillis: () => Date.UTC(2026, 1, 28) }).where ?? [];
    expect(first).toEqual(["predictions.crossedAt", ">=", new Date(Date.UTC(2026, 1, 21))]);
  });
  it("puts the most valuable first; without a value the average order stands in", () => {
    expect(byValue([customer("a", 10), customer("b", null), customer("c", 900)]).map((each) => each.id)).toEqual(["c", "b", "a"]);
  });
  it("leaves out who refused profiling or is part of another customer", () => {
    const out = [customer("a", 1, { profiling: "opted out" }), customer("b", 1, { mergedInto: "c" }), customer("c", 1, { predictions: null })];
    expect(byValue(out)).toEqual([]);
  });
  it("leaves out whose risk is not high any more, or not known", () => {
    const now = (churnTier: "medium" | null) => ({ predictions: { value: { expected: 1 }, churnTier } as Customer["predictions"] });
    expect(byValue([customer("a", 1, now("medium")), customer("b", 1, now(null)), customer("c", 1)]).map((each) => each.id)).toEqual(["c"]);
  });
});

describe("acts", () => {
  it("can be taken back: a done case is open again", async () => {
    expect(await finishCase({ id: "k", note: "before" } as Row<Case>, "all well", "en", SAID)).toBe(true);
    expect(call).toHaveBeenLastCalledWith("case.done", { caseId: "k", note: "all well" });
    currentToasts().at(-1)?.action?.run();
    expect(call).toHaveBeenLastCalledWith("case.reopen", { caseId: "k", note: "before" });
    await finishCase({ id: "k", note: "before" } as Row<Case>, null, "en", SAID);
    currentToasts().at(-1)?.action?.run();
    expect(call).toHaveBeenLastCalledWith("case.reopen", { caseId: "k" });
  });
  it("can be taken back: a note is what it was, or none", async () => {
    for (const note of ["before", null]) {
      await noteCase({ id: "k", note } as Row<Case>, "after", "en", SAID);
      expect(call).toHaveBeenLastCalledWith("case.note", { caseId: "k", note: "after" });
      currentToasts().at(-1)?.action?.run();
      expect(call).toHaveBeenLastCalledWith("case.note", { caseId: "k", note });
    }
  });
  it("close a case that was opened by mistake", async () => {
    call.mockResolvedValueOnce({ id: "new" });
    expect(await openCase("c", null, "en", SAID)).toBe(true);
    currentToasts().at(-1)?.action?.run();
    expect(call.mock.calls).toEqual([
      ["case.open", { customerId: "c" }],
      ["case.done", { caseId: "new" }],
    ]);
  });
  it("give a case back to whom it had", async () => {
    await assignCase({ id: "k", assignee: "before" } as Row<Case>, "me", "en", SAID);
    currentToasts().at(-1)?.action?.run();
    expect(call.mock.calls.map(([, args]) => args)).toEqual([
      { caseId: "k", uid: "me" },
      { caseId: "k", uid: "before" },
    ]);
  });
  it("say why nothing was done", async () => {
    call.mockRejectedValueOnce(new ConsoleError("x", { en: "No such case", zh: "没有" }));
    expect(await finishCase({ id: "k", note: null } as Row<Case>, null, "en", SAID)).toBe(false);
    expect(currentToasts().at(-1)).toMatchObject({ tone: "bad", title: "No such case" });
  });
});
