import { describe, expect, it, vi } from "vitest";

import { openFile } from "./upload";
import { startUpload, stopUpload, uploadOf, type UploadCalls } from "./uploads";

const csv = (rows: number) => new File([`id,name\n${"1,a\n".repeat(rows)}`], "people.csv");
const passing = () => false;

async function run(importId: string, file: File, calls: UploadCalls) {
  await startUpload({ importId, file, opened: await openFile(file), delimiter: "," }, calls);
  return uploadOf(importId);
}

describe("startUpload", () => {
  it("hands over every part and finishes with their number", async () => {
    const upload = vi.fn(async (part: { text: string }) => ({ rows: part.text.split("\n").length - 1, rejected: 0 }));
    const finish = vi.fn(async () => ({}));
    const state = await run("i1", csv(5000), { upload, finish, passing });
    expect(upload.mock.calls.map(([part]) => part)).toMatchObject([
      { importId: "i1", part: 0, firstLine: 2 },
      { importId: "i1", part: 1, firstLine: 2002 },
      { importId: "i1", part: 2, firstLine: 4002 },
    ]);
    expect(finish).toHaveBeenCalledExactlyOnceWith({ importId: "i1", parts: 3 });
    expect(state).toMatchObject({ status: "sent", rows: 5000, sent: state?.total });
  });

  it("keeps what went wrong and does not finish", async () => {
    const finish = vi.fn(async () => ({}));
    const upload = async () => {
      throw new Error("no");
    };
    const state = await run("i2", csv(3), { upload, finish, passing });
    expect(state).toMatchObject({ status: "failed", problem: { kind: "server" } });
    expect(finish).not.toHaveBeenCalled();
    const long = new File([`id\n${"x".repeat(800_000)}\n`], "long.csv");
    expect(await run("i3", long, { upload, finish, passing })).toMatchObject({ problem: { kind: "line", line: 2 } });
  });

  it("warns before the window closes, only while it sends", async () => {
    const leave = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    let asked = false;
    const upload = async () => {
      asked = leave();
      return { rows: 1, rejected: 0 };
    };
    await run("i4", csv(1), { upload, finish: async () => ({}), passing });
    expect(asked).toBe(true);
    expect(leave()).toBe(false);
  });

  it("stops when told to", async () => {
    const upload = async () => {
      stopUpload("i5");
      return { rows: 1, rejected: 0 };
    };
    expect(await run("i5", csv(9000), { upload, finish: async () => ({}), passing })).toMatchObject({
      status: "stopped",
    });
  });
});
