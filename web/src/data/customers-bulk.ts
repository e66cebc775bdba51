/** What is done with many customers at once: tags and exports, in calls that each finish well within a minute. */

import { callConsole } from "./console";
import { listFilter, type Column, type CustomerQuery } from "./customers";

/** Customers named in one call. */
export const MOST_AT_ONCE = 500;
/** A change of tags reaches at most so many: more is a segment's work. */
export const MOST_TAGGED = 5000;
export const MOST_EXPORTED = 50_000;

/** Chosen rows, or everybody whom the list's question finds. */
export type Chosen = { ids: readonly string[] } | { query: CustomerQuery; count: number };

export const howMany = (chosen: Chosen): number => ("ids" in chosen ? chosen.ids.length : chosen.count);

/** One call of `people.tag`. */
export interface TagCall {
  customerIds: string[];
  add: string[];
  remove: string[];
}

export interface Tagged {
  changed: number;
  /** Customers that hold too many tags already. */
  full: number;
  /** The calls that take it back. */
  undo: TagCall[];
}

interface TagAnswer extends Tagged {
  next: string | null;
}

type Call = <Result>(action: "people.tag" | "people.export", args: Record<string, unknown>) => Promise<Result>;

const chunks = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / MOST_AT_ONCE) }, (_, at) =>
    ids.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE),
  );

/**
 * Adds and removes tags; tells how many customers were gone through. When a call fails, what was done so far is thrown
 * along, so that it can be taken back.
 */
export async function tagAll(
  chosen: Chosen,
  change: Pick<TagCall, "add" | "remove">,
  progress: (done: number) => void,
  call: Call = callConsole,
): Promise<Tagged> {
  const total: Tagged = { changed: 0, full: 0, undo: [] };
  const take = (answer: TagAnswer) => {
    total.changed += answer.changed;
    total.full += answer.full;
    total.undo.push(...answer.undo);
  };
  if ("ids" in chosen) {
    let done = 0;
    for (const customerIds of chunks(chosen.ids)) {
      take(await call<TagAnswer>("people.tag", { customerIds, ...change }));
      done += customerIds.length;
      progress(done);
    }
    return total;
  }
  const filter = listFilter(chosen.query);
  let after: string | null = null;
  do {
    const answer: TagAnswer = await call<TagAnswer>("people.tag", { filter, ...change, ...(after ? { after } : {}) });
    take(answer);
    after = answer.next;
    progress(Math.min(chosen.count, total.changed));
  } while (after);
  return total;
}

export async function undoTags(undo: readonly TagCall[], call: Call = callConsole): Promise<void> {
  for (const step of undo) {
    for (const customerIds of chunks(step.customerIds)) await call("people.tag", { ...step, customerIds });
  }
}

interface ExportAnswer {
  csv: string;
  rows: number;
  next: string | null;
}

/** The file of an export, page after page; tells how many rows came. Ends early, with an empty answer, when stopped. */
export async function exportAll(
  chosen: Chosen,
  { query, columns, language }: { query: CustomerQuery; columns: readonly ExportColumn[]; language: string },
  progress: (rows: number) => void,
  stopped: () => boolean = () => false,
  call: Call = callConsole,
): Promise<{ parts: string[]; rows: number } | null> {
  const asked = {
    columns,
    language,
    sort: { field: query.sort, direction: query.direction },
    ...("ids" in chosen ? { customerIds: chosen.ids } : { filter: listFilter(chosen.query) }),
  };
  const parts: string[] = [];
  let rows = 0;
  let after: string | null = null;
  do {
    const answer: ExportAnswer = await call<ExportAnswer>("people.export", { ...asked, ...(after ? { after } : {}) });
    if (stopped()) return null;
    parts.push(answer.csv);
    rows += answer.rows;
    after = answer.next;
    progress(rows);
  } while (after);
  return { parts, rows };
}

/** Columns of the file; those of contact data are for roles that read it. */
export const EXPORT_COLUMNS = [
  "id",
  "name",
  "account",
  "email",
  "phone",
  "address",
  "birthDate",
  "platform",
  "segment",
  "lifecycle",
  "orders",
  "revenue",
  "average",
  "discount",
  "refunded",
  "firstOrder",
  "lastOrder",
  "country",
  "language",
  "emailConsent",
  "smsConsent",
  "rating",
  "texts",
  "tags",
  "sourceTags",
  "autoTags",
  "created",
  "updated",
] as const;
export type ExportColumn = (typeof EXPORT_COLUMNS)[number];
export const CONTACT_COLUMNS: readonly ExportColumn[] = ["email", "phone", "address", "birthDate"];

/** The file's columns to begin with: who it is, and what the table shows. Contact data are only taken along when chosen. */
export function startColumns(shown: readonly Column[]): ExportColumn[] {
  const wanted = new Set<string>(["id", "name", ...shown, ...(shown.includes("reach") ? ["emailConsent", "smsConsent"] : [])]);
  return EXPORT_COLUMNS.filter((column) => wanted.has(column));
}
