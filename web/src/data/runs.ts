/** What the screen says about a long job: how far it is, how long it took, how long it may take. */

import type { Role, Run } from "@/generated/documents";

import { type Row, useQuery } from "./live";

const OPEN = { collection: "runs", where: [["status", "in", ["queued", "running"]]], limit: 20 } as const;

/** The learning job that waits or is at work; null while there is none, or it is not known yet. */
export function useLearning(): Row<Run> | null {
  const open = useQuery<Run>(OPEN).data?.filter((run) => run.kind === "learn") ?? [];
  return open.find((run) => run.status === "running") ?? open[0] ?? null;
}

export const isActive = (run: Pick<Run, "status">): boolean => run.status === "queued" || run.status === "running";

/** Share done in 0..1; null while the total is unknown. */
export function progress(run: Pick<Run, "done" | "total" | "status">): number | null {
  if (run.status === "done") return 1;
  if (run.total === null || run.total <= 0) return null;
  return Math.min(1, Math.max(0, run.done / run.total));
}

type Stamp = { toMillis: () => number };

/** Milliseconds from start to end, or to `now` while it runs. */
export function duration(run: { startedAt: Stamp; finishedAt: Stamp | null }, now: number): number {
  return Math.max(0, (run.finishedAt?.toMillis() ?? now) - run.startedAt.toMillis());
}

/** Milliseconds that are left at the pace so far; null when it is too early to say. */
export function remaining(
  run: { startedAt: Stamp; done: number; total: number | null; status: Run["status"] },
  now: number,
): number | null {
  const share = progress(run);
  const spent = now - run.startedAt.toMillis();
  if (share === null || share < 0.03 || share >= 1 || spent < 3000 || run.status !== "running") return null;
  return (spent / share) * (1 - share);
}

/** A job that has said nothing for this long is worth a word: the sweep picks it up within a minute or two. */
export const QUIET_AFTER = 90_000;

export function isQuiet(run: { status: Run["status"]; updatedAt: Stamp }, now: number): boolean {
  return isActive(run) && now - run.updatedAt.toMillis() > QUIET_AFTER;
}

export function mayCancel(run: Pick<Run, "status" | "kind">, role: Role): boolean {
  // The others end by themselves within minutes, and half of them would be worse than all or nothing.
  if (!isActive(run) || (run.kind !== "import" && run.kind !== "recluster")) return false;
  return role === "owner" || role === "admin" || role === "marketer";
}
