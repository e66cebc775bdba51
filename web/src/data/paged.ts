import { limit, onSnapshot, query, startAfter, type QueryDocumentSnapshot } from "firebase/firestore";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { firestore } from "./db";
import { toQuery, type QuerySpec, type Row } from "./live";
import { Pager, type Listen, type Paged } from "./pager";

/** One page of a Firestore query as a listener that begins behind a document. */
function listenTo<T>(spec: QuerySpec, size: number): Listen<Row<T>, QueryDocumentSnapshot> {
  return (after, onPage, onError) => {
    const asked = query(toQuery(firestore(), spec), ...(after ? [startAfter(after)] : []), limit(size));
    let answered = false;
    return onSnapshot(
      asked,
      { includeMetadataChanges: true },
      (snapshot) => {
        // The cache may hold some rows of this page by chance; only the server knows whether they are all.
        if (!answered && snapshot.metadata.fromCache) return;
        if (answered && snapshot.docChanges().length === 0) return;
        answered = true;
        const last = snapshot.docs.at(-1);
        onPage({
          rows: snapshot.docs.map((document) => ({ ...(document.data() as T), id: document.id })),
          last: last && snapshot.size === size ? { cursor: last, key: last.id + sortKey(last, spec) } : null,
        });
      },
      onError,
    );
  };
}

/** A row that moves within the sort is another border, though its id is the same. */
function sortKey(document: QueryDocumentSnapshot, spec: QuerySpec): string {
  return (spec.orderBy ?? []).map(([field]) => JSON.stringify(document.get(field) ?? null)).join();
}

export interface PagedQuery<T> extends Paged<Row<T>> {
  /** Tell which rows are on the screen. */
  show: (first: number, last: number) => void;
  retry: () => void;
  /** This role may not read it. */
  denied: boolean;
}

const WAITING: Paged<never> = { rows: [], loading: true, more: false, complete: false, error: null };
const nothing = () => undefined;
const noWatch = () => nothing;

/** A query of any length, page by page, live where it is shown. A null spec reads nothing and stays loading. */
export function usePaged<T>(spec: QuerySpec | null, size = 50): PagedQuery<T> {
  const key = spec && JSON.stringify(spec);
  const pager = useMemo(() => key && new Pager(listenTo<T>(JSON.parse(key) as QuerySpec, size), size), [key, size]);
  const state = useSyncExternalStore<Paged<Row<T>>>(
    pager ? pager.subscribe : noWatch,
    pager ? pager.snapshot : () => WAITING,
  );
  return {
    ...state,
    show: pager ? pager.show : nothing,
    retry: pager ? pager.retry : nothing,
    denied: (state.error as { code?: string } | null)?.code === "permission-denied",
  };
}

/** Ids that came in above what was there, for about 1.6 s: news at the top of a list, not the next page at its end. */
export function useArrivals(rows: readonly { id: string }[], loading: boolean): ReadonlySet<string> {
  const known = useRef<ReadonlySet<string> | null>(null);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (loading) {
      known.current = null;
      return;
    }
    const before = known.current;
    known.current = new Set(rows.map((row) => row.id));
    if (!before) return;
    const border = rows.findIndex((row) => before.has(row.id));
    const above = rows.slice(0, border < 0 ? rows.length : border).map((row) => row.id);
    if (above.length > 0) setFresh(new Set(above));
  }, [rows, loading]);
  useEffect(() => {
    if (fresh.size === 0) return undefined;
    const timer = setTimeout(() => setFresh(new Set()), 1600);
    return () => clearTimeout(timer);
  }, [fresh]);
  return fresh;
}
