/** Sends the parts of one file: two at a time, each repeated until it arrived, the file read no faster than that. */

import type { Part } from "./parts";

export interface PartAnswer {
  rows: number;
  rejected: number;
}

export interface SendProgress {
  parts: number;
  rows: number;
  rejected: number;
}

export interface SendOptions {
  /** Hands one part over. Repeating a part is harmless: the server keeps parts by their index. */
  upload: (part: Part) => Promise<PartAnswer>;
  /** Whether an error may pass by itself (a lost connection, a restarted worker) or stays (no permission). */
  passing: (error: unknown) => boolean;
  onSent?: (progress: SendProgress, part: Part) => void;
  onRetry?: (part: Part, attempt: number) => void;
  signal?: AbortSignal;
  atOnce?: number;
  /** Waits before a repetition; replaced in tests. */
  wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** About five minutes of trying in all: longer than a restart of every worker. */
const ATTEMPTS = 14;
const LONGEST_WAIT = 30_000;

/** Send every part; resolves when all have arrived. Rejects with the first lasting error, or an AbortError. */
export async function sendParts(parts: AsyncIterable<Part>, options: SendOptions): Promise<SendProgress> {
  const { upload, passing, onSent, onRetry, signal, atOnce = 2, wait = pause } = options;
  const progress: SendProgress = { parts: 0, rows: 0, rejected: 0 };
  const source = parts[Symbol.asyncIterator]();
  let failed: { error: unknown } | null = null;

  async function one(part: Part): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      try {
        const answer = await upload(part);
        progress.parts += 1;
        progress.rows += answer.rows;
        progress.rejected += answer.rejected;
        onSent?.({ ...progress }, part);
        return;
      } catch (error) {
        if (attempt >= ATTEMPTS || !passing(error)) throw error;
        onRetry?.(part, attempt);
        const longest = Math.min(LONGEST_WAIT, 500 * 2 ** (attempt - 1));
        await wait(longest * (0.5 + Math.random() / 2), signal);
      }
    }
  }

  async function worker(): Promise<void> {
    while (!failed) {
      try {
        signal?.throwIfAborted();
        const next = await source.next();
        if (next.done) return;
        await one(next.value);
      } catch (error) {
        failed ??= { error };
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, worker));
  const problem = failed as { error: unknown } | null;
  if (problem) {
    await source.return?.();
    throw problem.error;
  }
  return progress;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new DOMException("Aborted", "AbortError"));
    }
    signal?.addEventListener("abort", stop, { once: true });
  });
}
