/** Saved views of the customer list: the one thing a client writes by itself, each person their own (firestore.rules). */

import { collection, deleteDoc, doc, serverTimestamp, setDoc } from "firebase/firestore";

import type { SavedView } from "@/generated/documents";

import { parseColumns, type Column } from "./customers";
import { firestore } from "./db";
import type { Row } from "./live";

export interface View {
  id: string;
  name: string;
  /** As in the address bar. */
  search: Record<string, string>;
  columns: Column[];
}

const PAGE = "customers";
/** The columns as they were left, without a name. */
const LAST = "customers-columns";

const path = (uid: string): string => `members/${uid}/views`;

export const viewsPath = path;

/** A view out of its document; null for another page's, or for a text that is none of ours. */
export function readView(row: Row<SavedView>): View | null {
  if (row.page !== PAGE || row.id === LAST) return null;
  try {
    const { search, columns } = JSON.parse(row.query) as { search?: unknown; columns?: unknown };
    const plain = typeof search === "object" && search !== null ? Object.entries(search) : [];
    return {
      id: row.id,
      name: row.name,
      search: Object.fromEntries(plain.filter((entry): entry is [string, string] => typeof entry[1] === "string")),
      columns: parseColumns(columns),
    };
  } catch {
    return null;
  }
}

/** The columns this person chose last. */
export function lastColumns(rows: readonly Row<SavedView>[]): Column[] {
  const row = rows.find((known) => known.id === LAST);
  try {
    return parseColumns(row && (JSON.parse(row.query) as unknown));
  } catch {
    return parseColumns(null);
  }
}

const write = (uid: string, id: string, name: string, query: unknown): Promise<void> =>
  setDoc(doc(firestore(), path(uid), id), {
    page: PAGE,
    name,
    query: JSON.stringify(query),
    updatedAt: serverTimestamp(),
  });

export function saveView(uid: string, view: Omit<View, "id"> & { id?: string }): Promise<void> {
  const id = view.id ?? doc(collection(firestore(), path(uid))).id;
  return write(uid, id, view.name, { search: view.search, columns: view.columns });
}

export const saveColumns = (uid: string, columns: readonly Column[]): Promise<void> =>
  write(uid, LAST, "columns", columns);

export const deleteView = (uid: string, id: string): Promise<void> => deleteDoc(doc(firestore(), path(uid), id));
