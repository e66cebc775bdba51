import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import { currentToasts } from "@/components/ui/toast-store";
import { callConsole } from "@/data/console";
import { useQuery } from "@/data/live";
import { startI18n } from "@/i18n";

import { SurveyLink } from "./SurveyLink";

vi.mock("@/data/console", async (original) => ({ ...(await original<object>()), callConsole: vi.fn() }));
vi.mock("@/data/live", () => ({ useQuery: vi.fn() }));
vi.mock("@/lib/copy", () => ({ copyText: vi.fn(async () => true) }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
const navigate = vi.hoisted(() => vi.fn());
vi.mock("@tanstack/react-router", () => ({ useNavigate: () => navigate }));

const survey = (id: string, closed: boolean) => ({ id, name: id, closed, createdAt: { toMillis: () => 0 } });
const open = async (surveys: unknown[]) => {
  vi.mocked(useQuery).mockReturnValue({ state: "ready", data: surveys, retry: vi.fn() } as never);
  render(<SurveyLink customerId="c1" />);
  await act(async () => fireEvent.keyDown(screen.getByRole("button"), { key: "Enter" }));
};

beforeAll(() => startI18n("en"));
beforeEach(() => vi.mocked(callConsole).mockReset().mockResolvedValue({ url: "https://shop.example/s/open?t=x" }));
afterEach(cleanup);

it("copies a link to an open survey that is signed for this customer", async () => {
  await open([survey("over", true), survey("open", false)]);
  expect(screen.queryByText("over")).toBeNull();
  await act(async () => fireEvent.click(screen.getByText("open")));
  expect(callConsole).toHaveBeenCalledExactlyOnceWith("survey.link", { surveyId: "open", customerId: "c1" });
  expect(currentToasts().at(-1)?.title).toBe("The link to open is copied");
});

it("leads to the surveys where none is open", async () => {
  await open([survey("over", true)]);
  expect(screen.getByText("No survey is open")).toBeTruthy();
  await act(async () => fireEvent.click(screen.getByText("Write a survey")));
  expect(navigate).toHaveBeenCalledExactlyOnceWith({ to: "/integrations/surveys" });
});
