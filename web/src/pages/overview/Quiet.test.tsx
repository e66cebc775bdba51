import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import { FiguresPage } from "@/components/figures/FiguresPage";
import { TooltipProvider } from "@/components/ui/Tooltip";
import { useDoc, useQuery } from "@/data/live";
import type * as Live from "@/data/live";
import { startI18n } from "@/i18n";

import { CareToday } from "./CareToday";
import { Insights } from "./Insights";

vi.mock("@/data/live", async (original) => ({ ...(await original<typeof Live>()), useDoc: vi.fn(), useQuery: vi.fn() }));
vi.mock("@/auth/session", () => ({ useMember: () => ({ id: "m1", role: "owner" }), useRole: () => "owner" }));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: string }) => <a href="#page">{children}</a>, useRouter: () => ({}) }));

const stamp = { toMillis: () => Date.UTC(2026, 2, 1), toDate: () => new Date(Date.UTC(2026, 2, 1)) };
const ready = (data: unknown) => ({ state: "ready", data, error: undefined });
const failed = { state: "failed", data: undefined, error: new Error("gone"), retry: () => undefined };
const learn = { id: "learn-1", kind: "learn", status: "running", done: 42, total: 100 };

let held: Record<string, unknown>;
beforeAll(() => startI18n("en"));
beforeEach(() => {
  held = {};
  vi.mocked(useDoc).mockImplementation(((path: string | null) => held[path ?? ""] ?? ready(null)) as never);
  vi.mocked(useQuery).mockImplementation(((spec: { collection: string } | null) => held[spec?.collection ?? ""] ?? ready([])) as never);
});
afterEach(cleanup);

const text = (node: React.ReactNode) => render(<TooltipProvider>{node}</TooltipProvider>).container.textContent ?? "";

it("does not say that nothing changed before anybody looked", () => {
  const shown = text(<Insights enabled />);
  expect(shown).toContain("Not worked out yet");
  expect(shown).not.toContain("No change was larger");
});

it("says how far the first look is", () => {
  held.runs = ready([{ ...learn, kind: "import" }, learn]);
  expect(text(<Insights enabled />)).toContain("The learning job is running: 42% done.");
});

it("says that nothing stands out once a job found nothing, not while the next one looks", () => {
  held["metrics/training"] = ready({ id: "training" });
  expect(text(<Insights enabled />)).toContain("No change was larger");
  cleanup();
  held.runs = ready([learn]);
  const shown = text(<Insights enabled />);
  expect(shown).toContain("Being looked for now");
  expect(shown).not.toContain("No change was larger");
});

it("does not say that nobody's risk rose before risks were worked out", () => {
  const shown = text(<CareToday />);
  expect(shown).toContain("not worked out yet");
  expect(shown).not.toContain("nobody's risk rose");
  cleanup();
  held["metrics/predictions"] = ready({ asOf: stamp });
  expect(text(<CareToday />)).toContain("nobody's risk rose");
});

it.each(["metrics/predictions", "customers"])("says that warnings could not be read (%s)", (what) => {
  held["metrics/predictions"] = ready({ asOf: stamp });
  held[what] = failed;
  const shown = text(<CareToday />);
  expect(screen.getByRole("alert").textContent).toContain("could not be read");
  expect(shown).not.toContain("nobody's risk rose");
});

it("says on a page of figures that they are being worked out, and how far", () => {
  const page = () => (
    <FiguresPage title="Behaviour" description="" empty="Here you will see it." live={ready(null) as never}>
      {() => null}
    </FiguresPage>
  );
  expect(text(page())).toContain("made by the learning job");
  cleanup();
  held.runs = ready([learn]);
  expect(text(page())).toContain("42% done");
});
