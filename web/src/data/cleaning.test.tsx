import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { CleaningExample } from "@/generated/documents";

import { byRule, totalOf, UNDO_MS, useDeferred } from "./cleaning";

const example = (rule: string, before: string): CleaningExample => ({
  rule,
  action: "changed",
  thing: "customer",
  externalId: null,
  field: "name",
  before,
  after: "x",
});

describe("what the rules did", () => {
  const days = [
    { counts: [{ rule: "names", changed: 2, setAside: 0 }], examples: [example("names", "newest")] },
    {
      counts: [
        { rule: "names", changed: 1, setAside: 0 },
        { rule: "amounts", changed: 0, setAside: 4 },
        { rule: "dates", changed: 0, setAside: 0 },
      ],
      examples: Array.from({ length: 9 }, (_, at) => example("names", String(at))),
    },
  ];
  it("is summed over the days, the busiest rule first, idle rules left out", () => {
    expect(byRule(days).map(({ rule, changed, setAside }) => [rule, changed, setAside])).toEqual([
      ["amounts", 0, 4],
      ["names", 3, 0],
    ]);
    expect(totalOf(byRule(days))).toEqual({ changed: 3, setAside: 4 });
  });
  it("keeps the newest examples, a few", () => {
    const names = byRule(days).find(({ rule }) => rule === "names");
    expect(names?.examples.map(({ before }) => before)).toEqual(["newest", "0", "1", "2", "3"]);
  });
});

describe("a discard", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is hidden at once and done a moment later", async () => {
    const act_ = vi.fn().mockResolvedValue(undefined);
    const { result } = renderHook(() => useDeferred(act_));
    act(() => result.current.defer("a"));
    expect(result.current.hidden.has("a")).toBe(true);
    expect(act_).not.toHaveBeenCalled();
    await act(() => vi.advanceTimersByTimeAsync(UNDO_MS));
    expect(act_).toHaveBeenCalledExactlyOnceWith("a");
  });
  it("can be taken back until then", async () => {
    const act_ = vi.fn().mockResolvedValue(undefined);
    const { result } = renderHook(() => useDeferred(act_));
    act(() => result.current.defer("a"));
    act(() => result.current.undo("a"));
    await act(() => vi.advanceTimersByTimeAsync(UNDO_MS));
    expect(result.current.hidden.size).toBe(0);
    expect(act_).not.toHaveBeenCalled();
    act(() => result.current.undo("a"));
    expect(result.current.hidden.size).toBe(0);
  });
  it("comes back when it was refused", async () => {
    const { result } = renderHook(() => useDeferred(() => Promise.reject(new Error("refused"))));
    act(() => result.current.defer("a"));
    await act(() => vi.advanceTimersByTimeAsync(UNDO_MS));
    expect(result.current.hidden.has("a")).toBe(false);
  });
  it("is done when the page is left", () => {
    const act_ = vi.fn().mockResolvedValue(undefined);
    const { result, unmount } = renderHook(() => useDeferred(act_));
    act(() => result.current.defer("a"));
    unmount();
    expect(act_).toHaveBeenCalledExactlyOnceWith("a");
  });
});
