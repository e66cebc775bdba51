import { describe, expect, it } from "vitest";

import { formOf, formProblems, importProgress, isZone, readDay, reportPages, type Detection } from "./imports";

const label = { en: "x", zh: "x" };
const detection: Detection = {
  kind: "orders",
  delimiter: ",",
  header: ["when", "sum", "who"],
  mapping: [
    { column: "when", field: "date", sure: true, example: "03/04/1998" },
    { column: "sum", field: "amount", sure: true, example: "11.77" },
    { column: "who", field: null, sure: false, example: "4" },
  ],
  fields: [
    { field: "date", required: true, label, kinds: ["orders", "reviews"] },
    { field: "amount", required: true, label, kinds: ["orders"] },
    { field: "text", required: true, label, kinds: ["reviews"] },
    { field: "tags", required: false, label, kinds: ["customers"] },
  ],
  dateOrder: "mdy",
  dateOrderSure: false,
  rowsSampled: 20,
  warnings: [],
  currency: null,
  zone: null,
  consentColumn: false,
  problems: [],
};
const form = formOf(detection, { currency: "USD", zone: "UTC" });

describe("formProblems", () => {
  it("finds nothing wrong with what was detected in full", () => {
    expect(formProblems(detection, form)).toEqual([]);
  });
  it("says which field has no column, only for the kind that needs it", () => {
    const fields = [null, "amount", null];
    expect(formProblems(detection, { ...form, fields })).toMatchObject([{ field: "date", code: "missing" }]);
    expect(formProblems(detection, { ...form, fields, kind: "customers" })).toEqual([]);
  });
  it("stands beside the second column of a field given twice", () => {
    expect(formProblems(detection, { ...form, fields: ["date", "amount", "date"] })).toMatchObject([
      { column: 2, field: "date", code: "twice" },
    ]);
    expect(formProblems(detection, { ...form, fields: ["date", "amount", "tags"] })).toEqual([]);
  });
  it("keeps the server's word until a column is changed", () => {
    const said = { ...detection, problems: [{ field: "customer", en: "No customer column", zh: "没有客户列" }] };
    expect(formProblems(said, form)).toMatchObject([{ field: "customer", text: { en: "No customer column" } }]);
    expect(formProblems(said, { ...form, fields: ["date", "amount", "customerId"] })).toEqual([]);
  });
  it("refuses a currency or a zone that is none", () => {
    expect(formProblems(detection, { ...form, currency: "usd", zone: "Mars" }).map((found) => found.code)).toEqual([
      "currency",
      "zone",
    ]);
  });
});

describe("readDay", () => {
  it("reads one example in each order, and none that is no day", () => {
    const iso = (example: string, order: "ymd" | "mdy" | "dmy") => readDay(example, order)?.toISOString().slice(0, 10);
    expect(iso("03/04/1998", "mdy")).toBe("1998-03-04");
    expect(iso("03/04/1998", "dmy")).toBe("1998-04-03");
    expect(iso("1998-04-03T10:00:00Z", "ymd")).toBe("1998-04-03");
    expect(iso("13/04/98", "dmy")).toBe("1998-04-13");
    expect(iso("13/04/98", "mdy")).toBeUndefined();
    expect(iso("soon", "dmy")).toBeUndefined();
  });
});

describe("importProgress", () => {
  it("is unknown until the parts are counted", () => {
    expect(importProgress({ status: "uploading", chunks: null, chunksDone: 0 })).toBeNull();
    expect(importProgress({ status: "importing", chunks: 4, chunksDone: 1 })).toBe(0.25);
    expect(importProgress({ status: "done", chunks: 4, chunksDone: 4 })).toBe(1);
  });
});

describe("reportPages", () => {
  it("asks until nothing is left", async () => {
    const asked: unknown[] = [];
    const parts: string[] = [];
    for await (const part of reportPages(async (after) => {
      asked.push(after);
      return { csv: `page ${asked.length}\n`, next: asked.length < 3 ? asked.length : null };
    }))
      parts.push(part);
    expect(asked).toEqual([null, 1, 2]);
    expect(parts).toHaveLength(3);
  });
});

describe("isZone", () => {
  it("knows the browser's own zones", () => {
    expect([isZone("Europe/Berlin"), isZone("UTC"), isZone(""), isZone("Nowhere/Else")]).toEqual([true, true, false, false]);
  });
});
