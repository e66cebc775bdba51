import { describe, expect, it } from "vitest";

import { customerEdit, customerForm, everyId, rhythm, splitTags, strip, timelineSpec } from "./customers-one";

const DAY = 86_400_000;
const at = (day: number) => ({ toMillis: () => day * DAY });

describe("customerEdit", () => {
  const customer = { displayName: "Ann", country: "GB", language: null, tags: { manual: ["vip"], auto: ["x"] } };
  const contact = { name: "Ann", email: "ann@example.com", phone: null, address: null, birthDate: null };
  const before = customerForm(customer, contact, null);
  it("sends only what was changed, so that the rest keeps following its source", () => {
    expect(customerEdit(before, before)).toEqual({});
    expect(customerEdit(before, { ...before, name: " Ann Lee ", email: "ann@example.com " })).toEqual({
      name: "Ann Lee",
    });
    expect(customerEdit(before, { ...before, email: "" })).toEqual({ email: "" });
  });
  it("takes tags with commas of either script, each once", () => {
    expect(splitTags("vip, 老客户，vip、 b")).toEqual(["vip", "老客户", "b"]);
    expect(customerEdit(before, { ...before, tags: "vip " })).toEqual({});
    expect(customerEdit(before, { ...before, tags: "" })).toEqual({ tags: [] });
  });
});

describe("timelineSpec", () => {
  it("reads the events of everybody folded into the customer", () => {
    const ids = everyId({ id: "a", aliases: ["b"] });
    expect(timelineSpec(ids, { kind: "order", channel: null })).toEqual({
      collection: "events",
      where: [
        ["customerId", "in", ["a", "b"]],
        ["kind", "==", "order"],
      ],
      orderBy: [["at", "desc"]],
    });
  });
});

describe("rhythm", () => {
  it("holds the present pause against the usual one", () => {
    expect(rhythm({ medianGapDays: 30, lastOrderAt: at(100) }, 175 * DAY)).toEqual({
      usual: 30,
      since: 75,
      ratio: 2.5,
    });
  });
  it("says nothing below two orders", () => {
    expect(rhythm({ medianGapDays: null, lastOrderAt: at(100) }, 175 * DAY)).toBeNull();
    expect(rhythm({ medianGapDays: 0, lastOrderAt: at(100) }, 175 * DAY)).toBeNull();
  });
  it("lays the orders on a line that ends at the moment the figures are for", () => {
    expect(strip([100, 150, 175], 200 * DAY)).toEqual([0, 0.5, 0.75]);
    expect(strip([], 200 * DAY)).toEqual([]);
  });
});
