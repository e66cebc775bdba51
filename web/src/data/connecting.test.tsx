import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { beginArgs, keyField, knownShop, lacking, looksSecret, safeUrl, useOutcome, type Need } from "./connecting";
import { callConsole, ConsoleError } from "./console";

vi.mock("./console", async (original) => ({ ...(await original<object>()), callConsole: vi.fn() }));
const call = vi.mocked(callConsole);

describe("what is typed first", () => {
  it("is a key of a known shape, or an address", () => {
    expect(keyField("ck_0123456789abcdef0123456789abcdef01234567")).toBe("consumerKey");
    expect(keyField(" cs_0123456789abcdef0123456789abcdef01234567 ")).toBe("consumerSecret");
    expect(keyField("shpss_00000000000000000000000000000001")).toBe("clientSecret");
    expect(keyField("amzn1.application-oa2-client.timbresandbox")).toBe("clientId");
    expect(keyField("lumen.myshopify.com")).toBeNull();
    expect(keyField("https://shop.example")).toBeNull();
  });
  it("is covered when it is secret, and only then", () => {
    expect(looksSecret("amzn1.oa2-cs.v1.secret")).toBe(true);
    expect(looksSecret("amzn1.application-oa2-client.x")).toBe(false);
    expect(looksSecret("https://shop.example")).toBe(false);
  });
  it("fills the shop's field in the form that the platform wants", () => {
    expect(knownShop({ platform: "shopify", shop: "a.myshopify.com" }, "https://admin.shopify.com/store/a")).toBe("a.myshopify.com");
    expect(knownShop({ platform: "woocommerce", shop: "" }, " https://a.example ")).toBe("https://a.example");
    expect(knownShop({ platform: "amazon", shop: "" }, "https://sellercentral.amazon.in/home")).toBe("IN");
    expect(knownShop({ platform: "amazon", shop: "" }, "sellercentral.amazon.com")).toBe("US");
    expect(knownShop({ platform: "amazon", shop: "" }, "amazon.co.uk")).toBe("UK");
    expect(knownShop({ platform: "flipkart", shop: "" }, "seller.flipkart.com")).toBe("");
    expect(knownShop({ platform: "amazon", shop: "" }, "IN/A2EXAMPLE")).toBe("IN/A2EXAMPLE");
    expect(knownShop({ platform: "flipkart", shop: "" }, "My shop")).toBe("My shop");
    expect(knownShop({ platform: "woocommerce", shop: "" }, "ck_0123456789abcdef0123456789abcdef01234567")).toBe("");
  });
});

describe("what is sent", () => {
  const need = (field: string, optional = false): Need => ({ field, label: { en: field, zh: field }, secret: false, help: null, optional });
  it("names the fields that are empty, not the ones that may be", () => {
    expect(lacking([need("shop"), need("clientId"), need("queue", true)], { shop: " ", clientId: "x" })).toEqual(["shop"]);
  });
  it("keeps the shop apart from the keys and leaves out what is empty", () => {
    expect(beginArgs("shopify", { shop: " a.myshopify.com ", clientId: " id ", clientSecret: "", extra: "x" })).toEqual({
      platform: "shopify",
      shop: "a.myshopify.com",
      fields: { clientId: "id", extra: "x" },
      returnTo: "/integrations/return",
    });
  });
  it("goes to web addresses only", () => {
    expect(safeUrl("https://lumen.myshopify.com/admin/oauth/authorize?x=1")).not.toBeNull();
    expect(safeUrl("javascript:alert(1)")).toBeNull();
    expect(safeUrl("")).toBeNull();
  });
});

describe("what became of a connecting", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    call.mockReset();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

  it("is asked until it is known, then no more", async () => {
    call.mockResolvedValueOnce({ connectionId: null, problem: null }).mockResolvedValue({ connectionId: "shopify-1", problem: null });
    const { result } = renderHook(() => useOutcome("nonce"));
    await pass(0);
    expect(result.current).toEqual({ state: "waiting", slow: false });
    await pass(1000);
    expect(result.current).toEqual({ state: "connected", connectionId: "shopify-1" });
    await pass(10_000);
    expect(call).toHaveBeenCalledTimes(2);
    expect(call).toHaveBeenCalledWith("connection.status", { state: "nonce" });
  });
  it("waits a lost network out, and says when it takes long", async () => {
    call.mockRejectedValue(new ConsoleError("unavailable"));
    const { result } = renderHook(() => useOutcome("nonce"));
    await pass(23_000);
    expect(result.current).toEqual({ state: "waiting", slow: true });
    call.mockResolvedValue({ connectionId: null, problem: { en: "No.", zh: "不。" } });
    await pass(4_000);
    expect(result.current).toMatchObject({ state: "problem", problem: { en: "No." } });
  });
  it("takes a refusal for the answer", async () => {
    call.mockRejectedValue(new ConsoleError("invalid-argument", { code: "state", en: "Begin again.", zh: "请重新开始。" }));
    const { result } = renderHook(() => useOutcome("nonce"));
    await pass(0);
    expect(result.current).toMatchObject({ state: "problem", problem: null });
    await pass(10_000);
    expect(call).toHaveBeenCalledTimes(1);
  });
  it("asks nothing without a state, and stops with the page", async () => {
    renderHook(() => useOutcome(null));
    await pass(5000);
    expect(call).not.toHaveBeenCalled();
    call.mockResolvedValue({ connectionId: null, problem: null });
    const { unmount } = renderHook(() => useOutcome("nonce"));
    await pass(0);
    unmount();
    await pass(10_000);
    expect(call).toHaveBeenCalledTimes(1);
  });
});
