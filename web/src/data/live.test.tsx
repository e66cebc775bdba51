import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useChangedIds, useGlow } from "./live";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a changed row glows briefly", () => {
  it("not on the first snapshot, not for a new page, then for what changed, then no more", () => {
    const { result, rerender } = renderHook(({ rows }) => useChangedIds(rows), { initialProps: { rows: [{ id: "a", size: 1 }] } });
    expect([...result.current]).toEqual([]);
    rerender({ rows: [{ id: "a", size: 1 }, { id: "b", size: 1 }] });
    expect([...result.current]).toEqual([]);
    rerender({ rows: [{ id: "a", size: 2 }, { id: "b", size: 1 }] });
    expect([...result.current]).toEqual(["a"]);
    act(() => {
      vi.advanceTimersByTime(2000);
    });
    expect([...result.current]).toEqual([]);
  });
  it("and a figure too", () => {
    const { result, rerender } = renderHook(({ value }) => useGlow(value), { initialProps: { value: 1 } });
    expect(result.current).toBe(false);
    rerender({ value: 2 });
    expect(result.current).toBe(true);
    act(() => {
      vi.advanceTimersByTime(2000);
    });
    expect(result.current).toBe(false);
  });
});
