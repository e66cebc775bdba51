import { describe, expect, it, vi } from "vitest";

import { exportAll, startColumns, tagAll, undoTags } from "./customers-bulk";
import { DEFAULT_QUERY } from "./customers";

const ids = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

describe("tagAll", () => {
  it("names at most 500 customers a call, and puts the undo together", async () => {
    const call = vi.fn((_: string, args: Record<string, unknown>) => {
      const customerIds = args["customerIds"] as string[];
      return Promise.resolve({ changed: customerIds.length, full: 0, next: null, undo: [{ customerIds, add: [], remove: ["x"] }] });
    });
    const told: number[] = [];
    const done = await tagAll({ ids: ids(1100) }, { add: ["x"], remove: [] }, (count) => told.push(count), call as never);
    expect(call.mock.calls.map(([, args]) => (args["customerIds"] as string[]).length)).toEqual([500, 500, 100]);
    expect([done.changed, done.undo.length, told]).toEqual([1100, 3, [500, 1000, 1100]]);
    await undoTags(done.undo, call as never);
    expect(call).toHaveBeenCalledTimes(6);
    expect(call).toHaveBeenLastCalledWith("people.tag", { customerIds: ids(1100).slice(1000), add: [], remove: ["x"] });
  });
  it("follows the pages of a filter", async () => {
    const answers = [
      { changed: 2, full: 1, next: "p2", undo: [] },
      { changed: 1, full: 0, next: null, undo: [] },
    ];
    const call = vi.fn(() => Promise.resolve(answers.shift()));
    const query = { ...DEFAULT_QUERY, country: "GB" };
    const done = await tagAll({ query, count: 4 }, { add: ["x"], remove: [] }, () => undefined, call as never);
    expect(done).toEqual({ changed: 3, full: 1, undo: [] });
    expect(call.mock.calls).toEqual([
      ["people.tag", { filter: { country: "GB" }, add: ["x"], remove: [] }],
      ["people.tag", { filter: { country: "GB" }, add: ["x"], remove: [], after: "p2" }],
    ]);
  });
});

describe("exportAll", () => {
  const settings = { query: DEFAULT_QUERY, columns: ["id"] as const, language: "en" };
  it("puts the pages of the file together in the list's order", async () => {
    const answers = [
      { csv: "a\n", rows: 1, next: "p2" },
      { csv: "b\n", rows: 1, next: null },
    ];
    const call = vi.fn(() => Promise.resolve(answers.shift()));
    const file = await exportAll({ query: DEFAULT_QUERY, count: 2 }, settings, () => undefined, undefined, call as never);
    expect(file).toEqual({ parts: ["a\n", "b\n"], rows: 2 });
    expect(call).toHaveBeenLastCalledWith("people.export", {
      columns: ["id"],
      language: "en",
      sort: { field: "stats.lastOrderAt", direction: "desc" },
      filter: {},
      after: "p2",
    });
  });
  it("gives no file when it was stopped", async () => {
    const call = vi.fn(() => Promise.resolve({ csv: "a", rows: 1, next: "p2" }));
    expect(await exportAll({ ids: ["a"] }, settings, () => undefined, () => true, call as never)).toBeNull();
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe("startColumns", () => {
  it("begins with what the table shows, and never with contact data", () => {
    expect(startColumns(["revenue", "reach"])).toEqual(["id", "name", "revenue", "emailConsent", "smsConsent"]);
  });
});
