import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import { callConsole } from "@/data/console";
import { startI18n } from "@/i18n";

import { Returned } from "./ReturnPage";

vi.mock("@/data/console", async (original) => ({ ...(await original<object>()), callConsole: vi.fn() }));
vi.mock("@/data/live", () => ({ useDoc: vi.fn() }));
vi.mock("@/pages/imports/SampleOffer", () => ({ SampleOffer: () => null }));
vi.mock("./Backfill", () => ({ Backfill: () => null }));
const router = vi.hoisted(() => ({ search: {} as Record<string, unknown> }));
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children, ...rest }: { children?: React.ReactNode; "data-action"?: string }) => <a data-action={rest["data-action"]}>{children}</a>,
  useSearch: () => router.search,
}));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
const call = vi.mocked(callConsole);

beforeAll(() => startI18n("en"));
beforeEach(() => call.mockReset().mockResolvedValue({ connectionId: null, problem: null }));
afterEach(cleanup);

const open = async (search: Record<string, unknown>) => {
  router.search = search;
  await act(async () => render(<Returned />));
};

it.each([{ state: "n", success: 0, user_id: 1 }, { state: "n", success: "0" }, { state: "n", error: "access_denied" }, { error: "server_error" }])(
  "says at once that it was not allowed: %o",
  async (search) => {
    await open(search);
    expect(screen.getByRole("alert").textContent).toContain("You did not allow it; nothing was kept.");
    expect(document.querySelector("[data-action=retry]")).toBeTruthy();
    expect(call).not.toHaveBeenCalled();
  },
);

it("offers to begin again where nothing says what was begun", async () => {
  await open({});
  expect(document.querySelector("[data-action=retry]")).toBeTruthy();
});

it("waits for the answer where it was allowed", async () => {
  await open({ state: "n", success: 1, user_id: 1 });
  expect(document.querySelector("[data-state=waiting]")).toBeTruthy();
  expect(call).toHaveBeenCalledWith("connection.status", { state: "n" });
});
