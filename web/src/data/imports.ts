/** Imports: what the calls say and take, and the checks a form makes before it asks the server. */

import type { Channel, Import, Localized } from "@/generated/documents";

export type ImportKind = Import["kind"];
export const IMPORT_KINDS = ["orders", "customers", "reviews"] as const satisfies readonly ImportKind[];
export type DateOrder = Import["dateOrder"];
export const DATE_ORDERS = ["ymd", "mdy", "dmy"] as const satisfies readonly DateOrder[];

/** What `import.detect` says about the first 64 KiB of a file. */
export interface Detection {
  kind: ImportKind;
  /** The app whose export the file is, by name; null when its columns are of none. */
  preset: string | null;
  delimiter: string;
  header: string[];
  mapping: { column: string; field: string | null; sure: boolean; example: string | null }[];
  fields: { field: string; required: boolean; label: Localized; kinds: ImportKind[] }[];
  dateOrder: DateOrder;
  dateOrderSure: boolean;
  rowsSampled: number;
  warnings: ({ code: string } & Localized)[];
  currency: string | null;
  zone: string | null;
  consentColumn: boolean;
  problems: ({ field: string | null } & Localized)[];
}

/** What a person may change before the import starts. */
export interface ImportForm {
  kind: ImportKind;
  /** Field by column index: two columns may carry the same name. */
  fields: (string | null)[];
  currency: string;
  zone: string;
  dateOrder: DateOrder;
}

export function formOf(detection: Detection, shop: { currency: string; zone: string }): ImportForm {
  return {
    kind: detection.kind,
    fields: detection.mapping.map((match) => match.field),
    currency: detection.currency ?? shop.currency,
    zone: detection.zone ?? shop.zone,
    dateOrder: detection.dateOrder,
  };
}

/**
 * What a file of each kind must tell, and the sets of fields that tell it. The same table as the server's `missing_fields`,
 * so that a column chosen here takes its problem away at once.
 */
const NEEDS: Record<ImportKind, { field: Need; by: string[][] }[]> = {
  orders: [
    { field: "customerId", by: [["customerId"], ["email"], ["phone"]] },
    { field: "date", by: [["date"]] },
    { field: "amount", by: [["amount"], ["price", "quantity"]] },
  ],
  customers: [{ field: "customerId", by: [["customerId"], ["email"], ["phone"]] }],
  reviews: [{ field: "text", by: [["text"], ["rating"]] }],
};
export type Need = "customerId" | "date" | "amount" | "text";

export interface FormProblem {
  /** The column it stands beside, or null for a field that no column has. */
  column: number | null;
  field: string;
  code: "missing" | "twice" | "currency" | "zone";
}

/** What keeps a form from starting, each beside the place where it is put right. */
export function formProblems(form: ImportForm): FormProblem[] {
  const found: FormProblem[] = [];
  for (const { field, by } of NEEDS[form.kind]) {
    const told = by.some((fields) => fields.every((each) => form.fields.includes(each)));
    if (!told) found.push({ column: null, field, code: "missing" });
  }
  const first = new Set<string>();
  for (const [column, field] of form.fields.entries()) {
    if (field === null) continue;
    if (first.has(field)) found.push({ column, field, code: "twice" });
    first.add(field);
  }
  if (!/^[A-Z]{3}$/.test(form.currency)) found.push({ column: null, field: "currency", code: "currency" });
  if (!isZone(form.zone)) found.push({ column: null, field: "zone", code: "zone" });
  return found;
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone !== "";
  } catch {
    return false;
  }
}

/** A day as one order of its parts reads it; null when that reading is no day. */
export function readDay(example: string, order: DateOrder): Date | null {
  const found = /(\d{1,4})[./\s-](\d{1,2})[./\s-](\d{1,4})/.exec(example);
  if (!found) return null;
  const parts = [Number(found[1]), Number(found[2]), Number(found[3])];
  const [year, month, day] = { ymd: [0, 1, 2], mdy: [2, 0, 1], dmy: [2, 1, 0] }[order].map((at) => parts[at] ?? 0);
  if (year === undefined || month === undefined || day === undefined) return null;
  const full = year < 70 ? 2000 + year : year < 100 ? 1900 + year : year;
  const date = new Date(Date.UTC(full, month - 1, day, 12));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0 ? date : null;
}

export const isUploading = (status: Import["status"]): boolean => status === "uploading";
export const isWorking = (status: Import["status"]): boolean =>
  status === "numbering" || status === "importing" || status === "finishing";
export const isEnded = (status: Import["status"]): boolean =>
  status === "done" || status === "cancelled" || status === "failed";

/** Share of the work after the upload, in 0..1; null while the number of parts is not known. */
export function importProgress(item: Pick<Import, "status" | "chunks" | "chunksDone">): number | null {
  if (item.status === "done") return 1;
  if (item.chunks === null || item.status === "uploading" || item.status === "numbering") return null;
  return item.chunks === 0 ? 1 : Math.min(1, item.chunksDone / item.chunks);
}

/** Channels that a person could attest: those that a file can bring an address for. */
export const ATTESTABLE = ["email", "sms"] as const satisfies readonly Channel[];
export const SOURCE_LENGTH = { least: 10, most: 500 };

/** Every page of the report of rejected rows, as the parts of one file. */
export async function* reportPages(
  page: (after: number | string | null) => Promise<{ csv: string; next: number | string | null }>,
): AsyncGenerator<string, void, void> {
  let after: number | string | null = null;
  do {
    const answer: { csv: string; next: number | string | null } = await page(after);
    yield answer.csv;
    after = answer.next;
  } while (after !== null);
}
