import { describe, expect, it } from "vitest";

import { duration, isQuiet, mayCancel, progress, remaining } from "./runs";

const at = (milliseconds: number) => ({ toMillis: () => milliseconds });

describe("progress", () => {
  it("is unknown without a total and never beyond its ends", () => {
    expect(progress({ done: 5, total: null, status: "running" })).toBeNull();
    expect(progress({ done: 5, total: 20, status: "running" })).toBe(0.25);
    expect(progress({ done: 50, total: 20, status: "running" })).toBe(1);
    expect(progress({ done: 0, total: null, status: "done" })).toBe(1);
  });
});

describe("time", () => {
  it("counts to the end or to now", () => {
    expect(duration({ startedAt: at(1000), finishedAt: at(4000) }, 9000)).toBe(3000);
    expect(duration({ startedAt: at(1000), finishedAt: null }, 9000)).toBe(8000);
  });
  it("guesses what is left only when there is a pace", () => {
    expect(remaining({ startedAt: at(0), done: 50, total: 100, status: "running" }, 10_000)).toBe(10_000);
    expect(remaining({ startedAt: at(0), done: 1, total: 100, status: "running" }, 10_000)).toBeNull();
    expect(remaining({ startedAt: at(0), done: 50, total: 100, status: "running" }, 500)).toBeNull();
  });
  it("notices a job that fell silent", () => {
    expect(isQuiet({ status: "running", updatedAt: at(0) }, 100_000)).toBe(true);
    expect(isQuiet({ status: "done", updatedAt: at(0) }, 100_000)).toBe(false);
  });
});

describe("mayCancel", () => {
  it("is for those who start jobs, while they run", () => {
    expect(mayCancel({ status: "running", kind: "import" }, "marketer")).toBe(true);
    expect(mayCancel({ status: "done", kind: "import" }, "owner")).toBe(false);
    expect(mayCancel({ status: "running", kind: "import" }, "analyst")).toBe(false);
  });
});
