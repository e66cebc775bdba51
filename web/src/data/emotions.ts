/** What customers feel, as far as their words say: the page's one document, the texts behind a cell, and asking why. */

import { useMemo } from "react";

import { toast } from "@/components/ui/toast-store";
import type { Customer, Emotion, EmotionFigures, EmotionGroups, GroupName } from "@/generated/documents";
import type { Language } from "@/lib/format";

import { callConsole, toConsoleError } from "./console";
import { effectiveSegment } from "./customers";
import { type Live, type QuerySpec, type Row, useDoc, useQueries, useQuery } from "./live";

export const useEmotionFigures = (enabled = true): Live<Row<EmotionFigures> | null> => useDoc<EmotionFigures>(enabled ? "metrics/emotions" : null);

const NAMES = ["delighted", "surprised", "worried", "disappointed", "frustrated", "neutral"] as const satisfies readonly GroupName[];

/** The strongest moods of a distribution, strongest first; ties by name, so that nothing flickers. */
export function strongest(groups: EmotionGroups, count: number): GroupName[] {
  return [...NAMES].sort((a, b) => groups[b] - groups[a] || (a < b ? -1 : 1)).slice(0, count);
}

/** Products whose mood fell or rose in the last 30 days against the 90 before, most moved first; then those without a comparison. */
export function byMove<T extends { before: number | null; recent: number | null; n: number }>(products: readonly T[]): T[] {
  const move = (product: T) => (product.before === null || product.recent === null ? -1 : Math.abs(product.recent - product.before));
  return [...products].sort((a, b) => move(b) - move(a) || b.n - a.n);
}

/** What a cell of a heat map, or a line below it, stands for. */
export type Cell =
  | { kind: "segment"; mood: GroupName; segmentId: string }
  | { kind: "week"; mood: GroupName; start: Date }
  | { kind: "product"; productId: string; mood?: undefined }
  | { kind: "texts"; mood: GroupName; ids: readonly string[] };

/** Texts asked for at a time; a segment's cell keeps only those of its members. */
export const TEXTS_A_PAGE = 60;
/** The rules allow no longer list. */
const MOST = 480;
/** Values that one query may compare with. */
const AT_ONCE = 30;
const WEEK = 7 * 86_400_000;

export function cellSpec(cell: Cell, pages: number): QuerySpec {
  const limit = Math.min(MOST, TEXTS_A_PAGE * pages);
  const orderBy = [["at", "desc"]] as const;
  if (cell.kind === "texts") return { collection: "emotions", where: [["__name__", "in", cell.ids.slice(0, AT_ONCE)]], limit: AT_ONCE };
  if (cell.kind === "product") return { collection: "emotions", where: [["productId", "==", cell.productId]], orderBy, limit };
  const top = ["top", "==", cell.mood] as const;
  if (cell.kind === "segment") return { collection: "emotions", where: [top], orderBy, limit };
  return { collection: "emotions", where: [top, ["at", ">=", cell.start], ["at", "<", new Date(cell.start.getTime() + WEEK)]], orderBy, limit };
}

export interface CellTexts {
  state: "loading" | "ready" | "denied" | "failed";
  texts: readonly Row<Emotion>[];
  /** How many texts were looked through, and whether there may be more. */
  looked: number;
  more: boolean;
  retry: () => void;
}

/** The texts of a cell, newest first. A text knows its customer, not the segment: the writers of a page are looked up. */
export function useCellTexts(cell: Cell | null, pages: number, active: number | null): CellTexts {
  const spec = cell && cellSpec(cell, pages);
  const live = useQuery<Emotion>(spec);
  const wanted = cell?.kind === "segment" ? cell.segmentId : null;
  const chunks = useMemo(() => (wanted && live.data ? customerChunks(live.data) : {}), [wanted, live.data]);
  const writers = useQueries<Customer>(chunks);
  return useMemo(() => {
    const looked = live.data?.length ?? 0;
    const named = cell?.kind === "texts" ? cell.ids : null;
    const more = spec !== null && !named && looked === spec.limit && looked < MOST;
    const retry = "retry" in live ? live.retry : () => undefined;
    if (live.state !== "ready") return { state: live.state, texts: [], looked, more, retry };
    if (named) return { state: "ready", texts: [...live.data].sort((a, b) => named.indexOf(a.id) - named.indexOf(b.id)), looked, more, retry };
    if (!wanted) return { state: "ready", texts: live.data, looked, more, retry };
    const parts = Object.keys(chunks).map((name) => writers[name]);
    const failed = parts.find((part) => part?.state === "failed" || part?.state === "denied");
    if (failed) return { state: "failed", texts: [], looked, more, retry };
    if (parts.some((part) => part?.state !== "ready")) return { state: "loading", texts: [], looked, more, retry };
    const members = new Set(
      parts.flatMap((part) => part?.data ?? []).flatMap((customer) => (effectiveSegment(customer.segment, active ?? 0) === wanted ? [customer.id] : [])),
    );
    return { state: "ready", texts: live.data.filter((text) => text.customerId !== null && members.has(text.customerId)), looked, more, retry };
    // The spec is made anew on every render: its limit says all that matters here.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cell, live, wanted, chunks, writers, active, spec?.limit]);
}

/** The writers of some texts in queries of as many ids as one may compare. */
export function customerChunks(texts: readonly Pick<Emotion, "customerId">[]): Record<string, QuerySpec> {
  const ids = [...new Set(texts.flatMap((text) => text.customerId ?? []))].sort();
  const found: Record<string, QuerySpec> = {};
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    found[`writers${at}`] = { collection: "customers", where: [["__name__", "in", ids.slice(at, at + AT_ONCE)]], limit: AT_ONCE };
  }
  return found;
}

/** Asks for the words behind a score; they arrive in the live document. False when it was refused. */
export async function askEvidence(feedbackId: string, language: Language): Promise<boolean> {
  try {
    await callConsole("evidence.ask", { feedbackId });
    return true;
  } catch (error) {
    toast({ tone: "bad", title: toConsoleError(error).say(language) });
    return false;
  }
}
