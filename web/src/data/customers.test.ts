import type { Customer } from "@/generated/documents";
import { describe, expect, it } from "vitest";

import {
  customerCounts,
  customerFilters,
  customerSearch,
  DEFAULT_QUERY,
  effectiveSegment,
  exactKind,
  isListed,
  LIFECYCLES,
  listFilter,
  matchesRest,
  moversSearch,
  parseColumns,
  parseCustomerQuery,
  queryTerms,
  searchTerms,
  SORTS,
  stageOf,
  type CustomerQuery,
} from "./customers";

describe("the customer list's question", () => {
  it("survives the address bar", () => {
    for (const sort of SORTS)
      for (const direction of ["asc", "desc"] as const)
        for (const lifecycle of [null, ...LIFECYCLES]) {
          const query: CustomerQuery = {
            q: "李 chen",
            sort,
            direction,
            lifecycle,
            segment: "seg-1",
            movedFrom: lifecycle === null ? "seg-2" : null,
            movedIn: lifecycle === null ? 7 : null,
            country: "CN",
            language: null,
            platform: "shopify",
            tag: "call back, soon",
          };
          expect(parseCustomerQuery(customerSearch(query))).toEqual(query);
        }
  });
  it("leaves the default out of the address and falls back to it", () => {
    expect(customerSearch(DEFAULT_QUERY)).toEqual({});
    expect(parseCustomerQuery({ sort: "password-asc", segment: "a/b", country: "china", lifecycle: 3 })).toEqual(
      DEFAULT_QUERY,
    );
    expect(parseCustomerQuery({ q: 10042 }).q).toBe("10042");
  });
});

describe("the query behind it", () => {
  const where = (query: Partial<CustomerQuery>) => customerFilters({ ...DEFAULT_QUERY, ...query }).where;
  it("leaves out who was merged into another customer, in the pages and in the count", () => {
    expect(where({})).toEqual([["mergedInto", "==", null]]);
  });
  it("has one array-contains: beside a tag the words are held against the rows", () => {
    expect(where({ q: "Jo Smithers", tag: "vip" })?.filter(([, op]) => op === "array-contains")).toEqual([
      ["tags.manual", "array-contains", "vip"],
    ]);
    expect(queryTerms({ q: "Jo Smithers", tag: "vip" })).toEqual({ token: null, rest: ["jo", "smithers"] });
    expect(queryTerms({ q: "Jo Smithers", tag: null })).toEqual({ token: "smithers", rest: ["jo"] });
    expect(queryTerms({ q: "", tag: "vip" })).toEqual({ token: null, rest: [] });
  });
  it("asks for both segments while a version is pending, and sifts by what is in force", () => {
    const query = { ...DEFAULT_QUERY, segment: "old" };
    expect(customerFilters(query).where).toContainEqual(["segment.id", "==", "old"]);
    expect(customerFilters(query).either).toBeUndefined();
    expect(customerFilters(query, true).either).toEqual([
      ["segment.id", "==", "old"],
      ["segment.before", "==", "old"],
    ]);
    const moves = (from: number) => ({ segment: { id: "new", from, before: "old" }, displayName: "Ann" }) as Customer;
    expect(isListed(moves(5), query, 4)).toBe(true);
    expect(isListed(moves(4), query, 4)).toBe(false);
    const { add, less } = customerCounts(query, 4, true);
    expect(add.map((spec) => spec.where?.slice(1))).toEqual([
      [["segment.id", "==", "old"]],
      [["segment.before", "==", "old"], ["segment.from", ">", 4]],
    ]);
    expect(less.map((spec) => spec.where?.slice(1))).toEqual([[["segment.id", "==", "old"], ["segment.from", ">", 4]]]);
    expect(customerCounts(query, 4, false)).toEqual({ add: [customerFilters(query)], less: [] });
  });
  it("finds the very people who moved, also for a version that is not in force", () => {
    const query = parseCustomerQuery(moversSearch({ from: null, to: "new" }, 5));
    expect(customerFilters(query, true).where).toContainEqual(["segment.before", "==", null]);
    const held = (from: number, before: string | null) => ({ segment: { id: "new", from, before }, displayName: "Ann" }) as Customer;
    expect([held(5, null), held(5, "old"), held(4, null)].map((each) => isListed(each, query, 4))).toEqual([true, false, false]);
    expect(listFilter(query)).toEqual({ segment: "new", movedFrom: "new", movedIn: "5" });
    expect(parseCustomerQuery({ movedFrom: "a", movedIn: "5" })).toEqual(DEFAULT_QUERY);
  });
  it("is asked of the server in the same words", () => {
    expect(listFilter({ ...DEFAULT_QUERY, q: "Jo Smithers", country: "GB", tag: null, platform: "csv" })).toEqual({
      country: "GB",
      platform: "csv",
      token: "smithers",
      words: ["jo"],
    });
    expect(listFilter(DEFAULT_QUERY)).toEqual({});
  });
});

describe("searchTerms", () => {
  it.each([
    ["", null, []],
    ["a", null, []],
    ["Ann", "ann", []],
    ["Jo Smithers", "smithers", ["jo"]],
    ["王小明", "王小", ["王小明"]],
    ["王", "王", []],
    ["Wolfeschlegelstein", "wolfeschlege", ["wolfeschlegelstein"]],
    ["CUST-0042", "cust-0042", []],
    ["7", "7", []],
    ["  ÉLODIE ", "élodie", []],
  ])("%j looks for %j", (typed, token, rest) => {
    expect(searchTerms(typed)).toEqual({ token, rest });
  });
  it("holds the other words against the name", () => {
    const customer = { displayName: "Jo Smithers", externalId: "77" };
    expect(matchesRest(customer, ["jo"])).toBe(true);
    expect(matchesRest(customer, ["ann"])).toBe(false);
  });
});

describe("exactKind", () => {
  it.each([
    ["ann@example.com", "email"],
    ["+44 20 7946 0958", "phone"],
    ["13800138000", "phone"],
    ["#10042", "order"],
    ["ORD-77", "order"],
    ["Ann Lee", null],
    ["王小明", null],
  ])("%j is %j", (typed, kind) => {
    expect(exactKind(typed)).toBe(kind);
  });
});

describe("effectiveSegment", () => {
  it("takes the old segment until the version is flipped", () => {
    const membership = { id: "new", from: 5, before: "old", reasons: [], second: null, margin: null };
    expect(effectiveSegment(membership, 4)).toBe("old");
    expect(effectiveSegment(membership, 5)).toBe("new");
    expect(effectiveSegment(null, 5)).toBeNull();
  });
});

describe("parseColumns", () => {
  it("keeps the known ones in their order and never shows none", () => {
    expect(parseColumns(["reach", "nonsense", "orders"])).toEqual(["orders", "reach"]);
    expect(parseColumns("x").length).toBeGreaterThan(3);
  });
});

describe("stageOf", () => {
  it("calls no buyer a lead", () => {
    const stats = (orders: number) => ({ orders }) as Customer["stats"];
    expect(stageOf({ lifecycleStage: "lead", stats: stats(0) })).toBe("lead");
    expect(stageOf({ lifecycleStage: "lead", stats: stats(2) })).toBeNull();
    expect(stageOf({ lifecycleStage: "loyal", stats: stats(2) })).toBe("loyal");
  });
});
