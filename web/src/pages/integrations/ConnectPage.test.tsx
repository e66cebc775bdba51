import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import type { Detected } from "@/data/connecting";
import { callConsole, ConsoleError } from "@/data/console";
import { startI18n } from "@/i18n";

import { Wizard } from "./ConnectPage";

vi.mock("@/data/console", async (original) => ({ ...(await original<object>()), callConsole: vi.fn() }));
const router = vi.hoisted(() => ({ search: {} as Record<string, unknown>, navigate: vi.fn() }));
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children }: { children?: React.ReactNode }) => <a>{children}</a>,
  useNavigate: () => router.navigate,
  useSearch: () => router.search,
}));
vi.mock("@/app/shop", () => ({ useShop: () => ({ currency: "USD", zone: "UTC" }) }));
const call = vi.mocked(callConsole);

const text = (en: string) => ({ en, zh: en });
const found: Detected = {
  platform: "shopify",
  why: text("lumen.myshopify.com belongs to Shopify."),
  sure: true,
  shop: "lumen.myshopify.com",
  needs: [
    { field: "shop", label: text("Shop address"), secret: false, help: null },
    { field: "clientSecret", label: text("Client secret"), secret: true, help: null },
  ],
  oauth: true,
  appReady: false,
  gives: [
    { thing: "orders", given: "yes", why: null },
    { thing: "reviews", given: "no", why: text("It keeps no reviews.") },
  ],
};

const answer = (answers: Record<string, unknown[]>) =>
  call.mockImplementation(async (action) => {
    const next = answers[action]?.shift();
    if (next instanceof Error) throw next;
    return next;
  });
const field = (name: string) => document.querySelector(`[data-field=${name}]`) as HTMLInputElement;
const press = async (action: string) => act(async () => fireEvent.click(document.querySelector(`[data-action=${action}]`) as HTMLElement));
const ask = async (typed: string) => {
  fireEvent.change(field("input"), { target: { value: typed } });
  await act(async () => fireEvent.submit(field("input")));
};

beforeAll(() => startI18n("en"));
beforeEach(() => {
  router.search = {};
  router.navigate.mockReset();
  call.mockReset();
  render(<Wizard />);
});
afterEach(cleanup);

describe("the first question", () => {
  it("is one field, and says next to it what is wrong", async () => {
    await ask("  ");
    expect(screen.getByRole("alert").textContent).toBe("Paste the shop's address or a key.");
    expect(field("input").getAttribute("aria-invalid")).toBe("true");
    answer({ "connection.detect": [new ConsoleError("invalid-argument", { code: "input", field: "input", en: "Too long.", zh: "太长。" })] });
    await ask("x");
    expect(screen.getByRole("alert").textContent).toBe("Too long.");
  });
  it("covers a secret while it is typed", () => {
    fireEvent.change(field("input"), { target: { value: "shpss_00000000000000000000000000000001" } });
    expect(field("input").type).toBe("password");
    fireEvent.change(field("input"), { target: { value: "lumen.myshopify.com" } });
    expect(field("input").type).toBe("text");
  });
});

describe("what is still needed", () => {
  it("comes with the reason, what is read and what is not given", async () => {
    answer({ "connection.detect": [found] });
    await ask("lumen.myshopify.com");
    expect(call).toHaveBeenCalledWith("connection.detect", { input: "lumen.myshopify.com" });
    expect(screen.getByText("This is Shopify")).toBeTruthy();
    expect(screen.getByText("lumen.myshopify.com belongs to Shopify.")).toBeTruthy();
    expect(screen.getByText("It keeps no reviews.")).toBeTruthy();
    expect(field("shop").value).toBe("lumen.myshopify.com");
    expect(field("clientSecret").type).toBe("password");
    expect(field("clientSecret").autocomplete).toBe("new-password");
    expect(document.activeElement).toBe(field("clientSecret"));
  });
  it("puts a pasted key where it belongs, without asking again", async () => {
    answer({ "connection.detect": [{ ...found, shop: "" }] });
    await ask("shpss_00000000000000000000000000000001");
    expect(field("clientSecret").value).toBe("shpss_00000000000000000000000000000001");
    expect(field("shop").value).toBe("");
    expect(document.body.innerHTML).not.toContain("shpss_0000");
  });
  it("is refused next to the field that is empty or wrong, and elsewhere above", async () => {
    answer({
      "connection.detect": [found],
      "connection.begin": [
        new ConsoleError("invalid-argument", { code: "shop", field: "shop", en: "No such shop.", zh: "没有此店铺。" }),
        new ConsoleError("unavailable", { en: "It did not answer.", zh: "没有响应。" }),
      ],
    });
    await ask("lumen.myshopify.com");
    await press("begin");
    expect(screen.getByText("This is needed.")).toBeTruthy();
    expect(call).toHaveBeenCalledTimes(1);
    fireEvent.change(field("clientSecret"), { target: { value: "s" } });
    await press("begin");
    expect(field("shop").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("No such shop.")).toBeTruthy();
    await press("begin");
    expect(document.querySelector("[data-problem=unavailable]")?.textContent).toBe("It did not answer.");
  });
});

describe("off to the platform", () => {
  const go = async (begun: unknown) => {
    answer({ "connection.detect": [found], "connection.begin": [begun] });
    await ask("lumen.myshopify.com");
    fireEvent.change(field("clientSecret"), { target: { value: " s " } });
    await press("begin");
  };
  it("goes there in the same window", async () => {
    const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
    await go({ url: "https://lumen.myshopify.com/admin/oauth/authorize", state: "n" });
    expect(call).toHaveBeenLastCalledWith("connection.begin", {
      platform: "shopify",
      shop: "lumen.myshopify.com",
      fields: { clientSecret: "s" },
      returnTo: "/integrations/return",
    });
    expect(assign).toHaveBeenCalledExactlyOnceWith("https://lumen.myshopify.com/admin/oauth/authorize");
    expect(document.querySelector("[data-state=leaving]")).toBeTruthy();
    expect(field("clientSecret")).toBeNull();
  });
  it("never to something that is no web address", async () => {
    const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
    await go({ url: "javascript:alert(1)" });
    expect(assign).not.toHaveBeenCalled();
    expect(document.querySelector("[data-problem]")).toBeTruthy();
  });
  it("or straight to the result where keys were enough", async () => {
    await go({ connectionId: "shopify-1", runId: "r" });
    expect(router.navigate).toHaveBeenCalledWith({ to: "/integrations/return", search: { connection: "shopify-1" } });
  });
});

describe("a platform that nothing tells", () => {
  const unknown: Detected = { ...found, platform: null, sure: false, shop: "", needs: [], gives: [], why: text("Nothing says which it is.") };
  it("is chosen by the person", async () => {
    answer({ "connection.detect": [unknown, { ...found, platform: "woocommerce", sure: false, shop: "" }] });
    await ask("https://own.example");
    expect(screen.getByText("Which platform is it?")).toBeTruthy();
    await press("choose-woocommerce");
    expect(call).toHaveBeenLastCalledWith("connection.detect", { input: "https://own.example", platform: "woocommerce" });
    expect(screen.getByText("WooCommerce, as you chose")).toBeTruthy();
    expect(field("shop").value).toBe("https://own.example");
    expect(field("consumerKey")).toBeNull();
    await press("rest-keys");
    expect([field("consumerKey").type, field("consumerSecret").type]).toEqual(["text", "password"]);
  });
  it("or is the one whose tile was pressed", async () => {
    cleanup();
    router.search = { platform: "woocommerce" };
    render(<Wizard />);
    answer({ "connection.detect": [unknown, { ...found, platform: "woocommerce", sure: false, shop: "" }] });
    await ask("my shop");
    expect(call.mock.calls.map(([, args]) => args)).toEqual([{ input: "my shop" }, { input: "my shop", platform: "woocommerce" }]);
    expect(screen.getByText("WooCommerce, as you chose")).toBeTruthy();
  });
  it("or a marketplace, whose tile leaves nothing to ask first", async () => {
    cleanup();
    router.search = { platform: "flipkart" };
    answer({ "connection.detect": [{ ...found, platform: "flipkart", shop: "" }] });
    await act(async () => render(<Wizard />));
    expect(call.mock.calls.map(([, args]) => args)).toEqual([{ input: "flipkart.com", platform: "flipkart" }]);
    expect(screen.getByText("Flipkart, as you chose")).toBeTruthy();
    expect(field("shop").value).toBe("");
  });
  it("takes a marketplace's address that was typed for where one sells", async () => {
    answer({ "connection.detect": [{ ...found, platform: "amazon", shop: "" }] });
    await ask("amazon.com");
    expect(field("shop").value).toBe("US");
  });
  it("keeps what was typed in its field, with the reason beside it", async () => {
    answer({ "connection.detect": [unknown] });
    await ask("https://own.example");
    expect(field("input").value).toBe("https://own.example");
    expect(screen.getByRole("alert").textContent).toBe("Nothing says which it is.");
  });
});

describe("connecting again", () => {
  it("asks nothing that is known", async () => {
    cleanup();
    router.search = { platform: "shopify", shop: "lumen.myshopify.com" };
    answer({ "connection.detect": [found] });
    await act(async () => render(<Wizard />));
    expect(call).toHaveBeenCalledExactlyOnceWith("connection.detect", { input: "lumen.myshopify.com" });
    expect(field("shop").value).toBe("lumen.myshopify.com");
  });
});
