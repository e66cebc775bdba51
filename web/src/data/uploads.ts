/**
 * Uploads of this window. They live outside the pages, so that leaving a page does not stop one; leaving the window would,
 * and is asked about. The server knows each part, so that choosing the same file again goes on where it ended.
 */

import { useSyncExternalStore } from "react";

import { LineTooLong, NotTextError, sendParts, splitParts, textOf, type OpenedFile, type PartAnswer } from "./upload";

export type UploadProblem = "line" | "file" | "changed" | "server";

export interface Upload {
  importId: string;
  fileName: string;
  /** Bytes of the file whose parts have arrived, and of the whole file. */
  sent: number;
  total: number;
  rows: number;
  rejected: number;
  /** Characters that the file's encoding could not read. */
  unreadable: number;
  /** The connection is lost for now; the part is being repeated. */
  waiting: boolean;
  status: "sending" | "sent" | "failed" | "stopped";
  problem: { kind: UploadProblem; line?: number; error: unknown } | null;
}

export interface UploadCalls {
  upload: (args: { importId: string; part: number; firstLine: number; text: string }) => Promise<PartAnswer>;
  finish: (args: { importId: string; parts: number }) => Promise<unknown>;
  passing: (error: unknown) => boolean;
}

const uploads = new Map<string, Upload>();
const stops = new Map<string, AbortController>();
const watchers = new Set<() => void>();

function set(importId: string, change: Partial<Upload>): void {
  const known = uploads.get(importId);
  if (!known) return;
  uploads.set(importId, { ...known, ...change });
  for (const watcher of watchers) watcher();
}

const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

function guard(): void {
  const sending = [...uploads.values()].some((upload) => upload.status === "sending");
  if (sending) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
}

export interface UploadRequest {
  importId: string;
  file: File;
  opened: OpenedFile;
  delimiter: string;
}

/** Send a file to an import that was created, then finish it. Never rejects: the outcome is in the upload's state. */
export async function startUpload(
  { importId, file, opened, delimiter }: UploadRequest,
  calls: UploadCalls,
): Promise<void> {
  if (uploads.get(importId)?.status === "sending") return;
  const stop = new AbortController();
  stops.set(importId, stop);
  uploads.set(importId, {
    importId,
    fileName: file.name,
    sent: 0,
    total: file.size,
    rows: 0,
    rejected: 0,
    unreadable: 0,
    waiting: false,
    status: "sending",
    problem: null,
  });
  set(importId, {});
  guard();
  try {
    const stream = textOf(file, opened);
    const result = await sendParts(splitParts(stream.text, delimiter), {
      upload: (part) => calls.upload({ importId, part: part.index, firstLine: part.firstLine, text: part.text }),
      passing: calls.passing,
      signal: stop.signal,
      onSent: ({ rows, rejected }) =>
        set(importId, { sent: stream.taken(), rows, rejected, unreadable: stream.unreadable(), waiting: false }),
      onRetry: () => set(importId, { waiting: true }),
    });
    await calls.finish({ importId, parts: result.parts });
    set(importId, { status: "sent", sent: file.size, waiting: false });
  } catch (error) {
    if (stop.signal.aborted) set(importId, { status: "stopped", waiting: false });
    else set(importId, { status: "failed", waiting: false, problem: problemOf(error) });
  } finally {
    stops.delete(importId);
    guard();
  }
}

function problemOf(error: unknown): NonNullable<Upload["problem"]> {
  if (error instanceof LineTooLong) return { kind: "line", line: error.line, error };
  if (error instanceof NotTextError) return { kind: "file", error };
  // The browser refuses to read a file that was changed or moved after it was chosen.
  if (error instanceof DOMException && error.name === "NotReadableError") return { kind: "changed", error };
  return { kind: "server", error };
}

export function stopUpload(importId: string): void {
  stops.get(importId)?.abort();
}

export const uploadOf = (importId: string): Upload | undefined => uploads.get(importId);

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** This window's upload of an import; undefined when another window, or an earlier one, made it. */
export function useUpload(importId: string): Upload | undefined {
  return useSyncExternalStore(subscribe, () => uploads.get(importId));
}
