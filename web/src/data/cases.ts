/** Care: open cases, whose risk just rose, and what a member does about them; each act can be taken back. */

import { toast } from "@/components/ui/toast-store";
import type { Case, Customer } from "@/generated/documents";
import type { Language } from "@/lib/format";

import { callConsole, type ConsoleAction, toConsoleError } from "./console";
import type { QuerySpec, Row } from "./live";

export const PAGE = 20;
const DAY = 86_400_000;
/** Days since the crossing that make an early warning. */
export const WARNING_DAYS = 7;

export const casesSpec = (status: Case["status"]): QuerySpec => ({
  collection: "cases",
  where: [["status", "==", status]],
  orderBy: [["openedAt", "desc"]],
});

export const casesOfSpec = (customerId: string): QuerySpec => ({
  collection: "cases",
  where: [["customerId", "==", customerId]],
  orderBy: [["openedAt", "desc"]],
  limit: 20,
});

/** Customers whose risk crossed the threshold in the seven days before the moment the predictions are for. */
export const warningSpec = (asOf: { toMillis: () => number }): QuerySpec => ({
  collection: "customers",
  where: [["predictions.crossedAt", ">=", new Date(asOf.toMillis() - WARNING_DAYS * DAY)]],
  orderBy: [["predictions.crossedAt", "desc"]],
  limit: 100,
});

/** Most money at stake first; whose risk is no longer high, who belongs to another customer or refused profiling is left out. */
export function byValue<T extends Pick<Customer, "predictions" | "mergedInto" | "profiling" | "stats">>(customers: readonly T[]): T[] {
  const worth = (customer: T) => customer.predictions?.value.expected ?? customer.stats.averageOrder ?? 0;
  return customers
    .filter((customer) => customer.mergedInto === null && customer.profiling === "allowed" && customer.predictions?.churnTier === "high")
    .sort((a, b) => worth(b) - worth(a));
}

export interface Said {
  done: string;
  undo: string;
}

/** Does something; says what went wrong, or what was done with the way back. True when it was done. */
async function act(action: ConsoleAction, args: Record<string, unknown>, language: Language, said?: Said, back?: () => void): Promise<boolean> {
  try {
    await callConsole(action, args);
    if (said) toast({ tone: "good", title: said.done, ...(back ? { action: { label: said.undo, run: back } } : {}) });
    return true;
  } catch (error) {
    toast({ tone: "bad", title: toConsoleError(error).say(language) });
    return false;
  }
}

/** Taking an opened case back closes it: nothing that was told is deleted. */
export async function openCase(customerId: string, note: string | null, language: Language, said: Said): Promise<boolean> {
  try {
    const { id } = await callConsole<{ id: string }>("case.open", { customerId, ...(note ? { note } : {}) });
    toast({ tone: "good", title: said.done, action: { label: said.undo, run: () => void act("case.done", { caseId: id }, language) } });
    return true;
  } catch (error) {
    toast({ tone: "bad", title: toConsoleError(error).say(language) });
    return false;
  }
}

export function assignCase(held: Row<Case>, uid: string | null, language: Language, said: Said): Promise<boolean> {
  const before = held.assignee;
  return act("case.assign", { caseId: held.id, uid }, language, said, () => void act("case.assign", { caseId: held.id, uid: before }, language));
}

/** Replaces the note; taking it back brings the former one. */
export const noteCase = (held: Row<Case>, note: string, language: Language, said: Said): Promise<boolean> =>
  act("case.note", { caseId: held.id, note }, language, said, () => void act("case.note", { caseId: held.id, note: held.note }, language));

/** Closes with a last note where one is given; taking it back opens the case with the note it had. */
export const finishCase = (held: Row<Case>, note: string | null, language: Language, said: Said): Promise<boolean> =>
  act("case.done", { caseId: held.id, ...(note ? { note } : {}) }, language, said, () => void act("case.reopen", { caseId: held.id, ...(note ? { note: held.note } : {}) }, language));

export const reopenCase = (caseId: string, language: Language, said: Said): Promise<boolean> =>
  act("case.reopen", { caseId }, language, said, () => void act("case.done", { caseId }, language));
