import { describe, expect, it } from "vitest";

import {
  formOf,
  formProblems,
  importProgress,
  isZone,
  readDay,
  reportPages,
  type Detection,
  type ImportKind,
} from "./imports";

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
  preset: null,
  rowsSampled: 20,
  warnings: [],
  currency: null,
  zone: null,
  consentColumn: false,
  problems: [],
};
const form = { ...formOf(detection, { currency: "USD", zone: "UTC" }), fields: ["date", "amount", "customerId"] };

describe("formProblems", () => {
  it("finds nothing wrong with what was detected in full", () => {
    expect(formProblems(form)).toEqual([]);
  });
  it("says what no column tells, by the kind of file", () => {
    const lacking = (kind: ImportKind, ...fields: (string | null)[]) =>
      formProblems({ ...form, kind, fields }).map((problem) => problem.field);
    expect(lacking("orders", null)).toEqual(["customerId", "date", "amount"]);
    expect(lacking("orders", "email", "date", "price")).toEqual(["amount"]);
    expect(lacking("orders", "phone", "date", "price", "quantity")).toEqual([]);
    expect(lacking("customers", "name")).toEqual(["customerId"]);
    expect(lacking("reviews", "title")).toEqual(["text"]);
    expect(lacking("reviews", "rating")).toEqual([]);
  });
  it("stands beside the second column of a field given twice", () => {
    expect(formProblems({ ...form, fields: ["date", "amount", "email", "date"] })).toMatchObject([
      { column: 3, field: "date", code: "twice" },
    ]);
  });
  it("refuses a currency or a zone that is none", () => {
    expect(formProblems({ ...form, currency: "usd", zone: "Mars" }).map((found) => found.code)).toEqual([
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
    expect([isZone("Europe/Berlin"), isZone("UTC"), isZone(""), isZone("Nowhere/Else")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
