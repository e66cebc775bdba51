/** Things worth knowing: the newest ones, what members say of them, and how big each is in words of its own unit. */

import { toast } from "@/components/ui/toast-store";
import type { Insight } from "@/generated/documents";
import type { Language } from "@/lib/format";

import { callConsole, type ConsoleAction, toConsoleError } from "./console";
import { type Live, type Row, useQuery } from "./live";

/** A night finds three to seven. */
const MOST = 7;
const SPEC = { collection: "insights", where: [["status", "==", "new"]], orderBy: [["createdAt", "desc"]], limit: MOST } as const;

export const useInsights = (enabled: boolean): Live<Row<Insight>[]> => useQuery<Insight>(enabled ? SPEC : null);

export interface Size {
  /** The change itself with the ends of its 90 % interval; ends swapped where they came the wrong way round. */
  change: number;
  low: number;
  high: number;
  unit: Insight["unit"];
}

/** How much changed. Without anything before, the value is the size. */
export function sizeOf(insight: Pick<Insight, "value" | "before" | "low" | "high" | "unit">): Size {
  const [low, high] = insight.low <= insight.high ? [insight.low, insight.high] : [insight.high, insight.low];
  return { change: insight.before === null ? insight.value : insight.value - insight.before, low, high, unit: insight.unit };
}

/** Of one night, the strongest first; a newer night before an older one. */
export function inOrder<T extends Pick<Insight, "day" | "strength"> & { id: string }>(insights: readonly T[]): T[] {
  return [...insights].sort((a, b) => (a.day === b.day ? b.strength - a.strength || (a.id < b.id ? -1 : 1) : a.day < b.day ? 1 : -1));
}

async function act(action: ConsoleAction, args: Record<string, unknown>, language: Language): Promise<boolean> {
  try {
    await callConsole(action, args);
    return true;
  } catch (error) {
    toast({ tone: "bad", title: toConsoleError(error).say(language) });
    return false;
  }
}

/** Out of sight for everybody, with the way back. */
export async function dismissInsight(insightId: string, language: Language, said: { done: string; undo: string }): Promise<void> {
  if (!(await act("insight.dismiss", { insightId }, language))) return;
  toast({ tone: "plain", title: said.done, action: { label: said.undo, run: () => void act("insight.restore", { insightId }, language) } });
}

/** Useful, not useful, or no answer any more. */
export const judgeInsight = (insightId: string, useful: boolean | null, language: Language): Promise<boolean> =>
  act("insight.useful", { insightId, useful }, language);
