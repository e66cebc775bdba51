import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Timestamp } from "firebase/firestore";
import { afterEach, beforeAll, expect, it, vi } from "vitest";

import { callConsole } from "@/data/console";
import type { Segmentation } from "@/generated/documents";
import { startI18n } from "@/i18n";

import { Proposal } from "./Proposal";

vi.mock("@/data/console", async (original) => ({ ...(await original<object>()), callConsole: vi.fn(() => Promise.resolve({})) }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("@/auth/session", () => ({ useRole: () => "marketer" }));
vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: React.ReactNode }) => <a href="/customers">{children}</a> }));

const name = (en: string) => ({ en, zh: en });
const size = (segmentId: string) => ({ segmentId, name: name(`The ${segmentId}`), size: 10 });
const version = (number: number, sizes: string[]) =>
  ({ version: number, createdAt: Timestamp.fromMillis(0), sizes: sizes.map(size), movements: [{ from: "a", to: "c", count: 7 }], moved: 7, eligible: 20, proposal: null }) as unknown as Segmentation;

beforeAll(() => startI18n("en"));
afterEach(cleanup);

it("tells what publishing does and does it only when confirmed", () => {
  render(<Proposal proposal={version(2, ["a", "c"])} now={version(1, ["a", "b"])} names={new Map()} />);
  fireEvent.click(screen.getByText("Publish"));
  expect(callConsole).not.toHaveBeenCalled();
  const dialog = screen.getByRole("dialog");
  expect(dialog.textContent).toContain("7 customers change segment at once. The b is dissolved.");
  fireEvent.click(screen.getAllByText("Publish").at(-1) as HTMLElement);
  expect(callConsole).toHaveBeenCalledWith("segmentation.publish", expect.objectContaining({ version: 2 }));
});
