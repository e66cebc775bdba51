import { callConsole, ConsoleError } from "@/data/console";
import type { Detection, ImportForm } from "@/data/imports";
import { openFile, type OpenedFile } from "@/data/upload";
import { startUpload, type UploadCalls } from "@/data/uploads";

/** Errors that pass by themselves: a lost connection, a worker that is starting anew, a queue that is full. */
const PASSING = new Set([
  "unavailable",
  "deadline-exceeded",
  "resource-exhausted",
  "aborted",
  "cancelled",
  "internal",
  "unknown",
]);

const calls: UploadCalls = {
  upload: (args) => callConsole("import.upload", { ...args }),
  finish: (args) => callConsole("import.finish", { ...args }),
  passing: (error) => error instanceof ConsoleError && PASSING.has(error.code),
};

export const detect = (file: File, opened: OpenedFile, kind?: string): Promise<Detection> =>
  callConsole<Detection>("import.detect", { fileName: file.name, head: opened.head, ...(kind ? { kind } : {}) });

/** Create the import and begin to send; resolves with the import's id as soon as the server has it. */
export async function begin(file: File, opened: OpenedFile, detection: Detection, form: ImportForm): Promise<string> {
  const { importId } = await callConsole<{ importId: string }>("import.create", {
    kind: form.kind,
    fileName: file.name,
    fileBytes: file.size,
    delimiter: detection.delimiter,
    header: detection.header,
    mapping: detection.mapping.map(({ column, example }, at) => ({ column, field: form.fields[at] ?? null, example })),
    currency: form.currency,
    zone: form.zone,
    dateOrder: form.dateOrder,
  });
  void startUpload({ importId, file, opened, delimiter: detection.delimiter }, calls);
  return importId;
}

/** Send the same file again to an import whose upload ended early; parts that are there already change nothing. */
export async function goOn(importId: string, delimiter: string, file: File): Promise<void> {
  const opened = await openFile(file);
  void startUpload({ importId, file, opened, delimiter }, calls);
}
