import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import { TooltipProvider } from "@/components/ui/Tooltip";
import { noteCase } from "@/data/cases";
import type * as Cases from "@/data/cases";
import { startI18n } from "@/i18n";

import { CaseCard } from "./CaseCard";

vi.mock("@/data/cases", async (original) => ({ ...(await original<typeof Cases>()), noteCase: vi.fn(() => Promise.resolve(true)) }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("./Assignee", () => ({ Assignee: () => null }));

const at = { toMillis: () => 0, toDate: () => new Date(0) };
const held = { id: "k", customerId: "c", kind: "manual", reason: { en: "By hand", zh: "x" }, status: "open", note: "Called", feedbackId: null, openedAt: at };
const box = () => screen.getByRole("textbox") as HTMLTextAreaElement;
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

beforeAll(() => startI18n("en"));
beforeEach(() => {
  render(
    <TooltipProvider>
      <CaseCard held={held as never} plain />
    </TooltipProvider>,
  );
  press("Edit note");
  expect(box().value).toBe("Called");
  fireEvent.change(box(), { target: { value: "Called twice" } });
});
afterEach(cleanup);

it("keeps on Escape what was typed, and says that it is not kept yet", () => {
  fireEvent.keyDown(box(), { key: "Escape" });
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByText("Not kept yet")).toBeTruthy();
  press("Edit note");
  expect(box().value).toBe("Called twice");
});

it("forgets what was typed when it is cancelled, or kept", async () => {
  press("Cancel");
  press("Edit note");
  expect(box().value).toBe("Called");
  fireEvent.change(box(), { target: { value: "Settled" } });
  await act(async () => press("Keep the note"));
  expect(vi.mocked(noteCase).mock.calls[0]?.slice(0, 2)).toEqual([held, "Settled"]);
  expect(screen.queryByText("Not kept yet")).toBeNull();
});
