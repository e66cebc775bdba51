import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Timestamp } from "firebase/firestore";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import type { Role } from "@/generated/documents";
import { TooltipProvider } from "@/components/ui/Tooltip";
import { useDoc, useQuery } from "@/data/live";
import type * as Live from "@/data/live";
import { startI18n } from "@/i18n";

import { Insights } from "./Insights";

let role: Role = "owner";
vi.mock("@/data/live", async (original) => ({ ...(await original<typeof Live>()), useDoc: vi.fn(), useQuery: vi.fn() }));
vi.mock("@/auth/session", () => ({ useMember: () => ({ id: "m1", role }), useRole: () => role }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children, params }: { children: string; params?: { customerId: string } }) => <a href={`#${params?.customerId}`}>{children}</a>,
  useRouter: () => ({}),
}));

const at = (day: string) => Timestamp.fromDate(new Date(`${day}T12:00:00Z`));
const same = { en: "The parcel got lost", zh: "包裹丢了" };
const insight = (change: object = {}) => ({
  id: "i1", day: "2026-03-01", kind: "mood", title: { en: "Many complain of delivery at once", zh: "抱怨突然增多" }, body: same,
  value: 60, before: 1, low: 45, high: 75, unit: "count", strength: 9, good: false,
  period: { start: at("2026-02-15"), end: at("2026-03-01"), beforeStart: at("2025-11-23"), beforeEnd: at("2026-02-15") },
  customers: Array.from({ length: 50 }, (_, index) => `c${index}`), customersCount: 60,
  feedback: Array.from({ length: 20 }, (_, index) => `f${index}`),
  action: { label: { en: "Care for them", zh: "前往关怀" }, to: "/care" }, useful: null,
  ...change,
});

const ready = (data: unknown) => ({ state: "ready", data, error: undefined });
const words = { title: null, text: "The courier lost it", language: "en", rating: 1, productTitle: null, at: at("2026-02-20"), customerId: "c1" };

beforeAll(() => startI18n("en"));
beforeEach(() => {
  role = "owner";
  vi.mocked(useDoc).mockImplementation(((path: string | null) => {
    const [kind, id] = (path ?? "").split("/");
    if (kind === "feedback") return ready({ ...words, id, text: `The courier lost ${id}` });
    if (kind === "customers") return ready(id === "c2" ? null : { id, displayName: `Ann ${id}`, externalId: null, stats: { orders: 9 } });
    return ready(null);
  }) as never);
});
afterEach(cleanup);

const show = (change?: object) => {
  vi.mocked(useQuery).mockReturnValue(ready([insight(change)]) as never);
  return render(
    <TooltipProvider>
      <Insights enabled />
    </TooltipProvider>,
  ).container;
};

it("opens the very texts it rests on, and reads none before", () => {
  show();
  expect(vi.mocked(useDoc)).not.toHaveBeenCalledWith(expect.stringContaining("feedback/"));
  fireEvent.click(screen.getByRole("button", { name: "20 texts" }));
  expect(screen.getByText("The courier lost f0")).toBeTruthy();
  expect(screen.queryByText("The courier lost f8")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  expect(screen.getByText("The courier lost f8")).toBeTruthy();
});

it("lists its customers with the way to each, and says when they are not all", () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: "60 customers" }));
  expect(screen.getByText("The first 50 of the 60 customers it is about.")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Ann c1" }).getAttribute("href")).toBe("#c1");
  expect(screen.getByText("This customer is no longer kept.")).toBeTruthy();
});

it("offers neither to a role that may not read them, nor where there is nothing", () => {
  role = "analyst";
  show();
  expect(screen.queryByRole("button", { name: /texts|customers/ })).toBeNull();
  cleanup();
  role = "owner";
  show({ feedback: [], customers: [], customersCount: 0 });
  expect(screen.queryByRole("button", { name: /text|customer/ })).toBeNull();
});

it("says what it was held against", () => {
  expect(show().textContent).toContain("15 Feb 2026 to 1 Mar 2026, against 23 Nov 2025 to 15 Feb 2026");
  cleanup();
  const period = { start: at("2025-12-01"), end: at("2026-03-01"), beforeStart: at("2025-12-01"), beforeEnd: at("2026-03-01") };
  expect(show({ kind: "product", period }).textContent).toContain("against the other products in the same days");
  cleanup();
  expect(show({ kind: "segment", period: { ...period, beforeEnd: period.beforeStart } }).textContent).toContain("1 Mar 2026, against 1 Dec 2025");
});
