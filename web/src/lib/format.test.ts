import { describe, expect, it } from "vitest";

import { bytes, change, currencyDigits, date, dateTime, duration, money, month, number, percent, relative } from "./format";

/** Locales put narrow and non-breaking spaces where they like. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("money", () => {
  it("knows the minor unit of the currency", () => {
    expect(["USD", "JPY", "KWD", "XXQ"].map(currencyDigits)).toEqual([2, 0, 3, 2]);
    expect(money(24_409_194, "USD", "en")).toBe("$244,091.94");
    expect(money(5000, "JPY", "en")).toBe("¥5,000");
    expect(plain(money(1234, "KWD", "en"))).toBe("KWD 1.234");
    expect(money(24_409_194, "CNY", "zh")).toBe("¥244,091.94");
  });
  it("has a short form, a whole form, and a dash for nothing", () => {
    expect(money(24_409_194, "USD", "en", { compact: true }).toLowerCase()).toBe("$244.1k");
    expect(money(24_409_194, "USD", "en", { whole: true })).toBe("$244,092");
    expect(money(null, "USD", "en")).toBe("—");
    expect(money(-250, "USD", "en")).toBe("-$2.50");
  });
  it("survives a currency that nobody knows", () => {
    expect(plain(money(1234, "XXQ", "en"))).toContain("12.34");
    expect(money(1234, "not a code", "en")).toBe("12.34");
  });
});

describe("numbers", () => {
  it("follow the viewer", () => {
    expect(number(6919, "en")).toBe("6,919");
    expect(number(null, "en")).toBe("—");
    expect(percent(0.1234, "en")).toBe("12.3%");
    expect(change(0.2, "en")).toBe("+20%");
    expect(change(0, "en")).toBe("0%");
    expect(bytes(1_400_000, "en")).toBe("1.4 MB");
  });
});

describe("times", () => {
  const at = new Date("1998-06-30T23:30:00Z");
  it("are told in the shop's zone", () => {
    expect(date(at, "en", "UTC")).toBe("30 Jun 1998");
    expect(date(at, "en", "Asia/Shanghai")).toBe("1 Jul 1998");
    expect(date(at, "zh", "UTC")).toBe("1998年6月30日");
    expect(dateTime(at, "en", "Asia/Shanghai")).toContain("07:30");
    expect(date(at, "en", "No/Where")).toBe("30 Jun 1998");
    expect(date({ toDate: () => at }, "en", "UTC")).toBe("30 Jun 1998");
    expect(month("1998-06", "en")).toBe("Jun 1998");
  });
  it("are told from now", () => {
    const ago = (seconds: number) => relative(new Date(at.getTime() - seconds * 1000), "en", at);
    expect([5, 90, 7200, 86_400, 40 * 86_400].map(ago)).toEqual(["now", "1 minute ago", "2 hours ago", "yesterday", "last month"]);
    expect(duration(252_000, "en")).toBe("4 mins 12 secs");
  });
});
