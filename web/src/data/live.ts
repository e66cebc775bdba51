import {
  and,
  collection,
  doc,
  type DocumentData,
  type DocumentSnapshot,
  type Firestore,
  getCountFromServer,
  getDocs,
  limit,
  onSnapshot,
  or,
  orderBy,
  type OrderByDirection,
  query,
  type Query,
  type QueryNonFilterConstraint,
  where,
  type WhereFilterOp,
} from "firebase/firestore";
import { useEffect, useRef, useState } from "react";


import { seen } from "./connection";
import { firestore } from "./db";

/** A document with its id. */
export type Row<T> = T & { readonly id: string };

/** A query as plain data, so that it can be compared, cached and listed. */
export interface QuerySpec {
  collection: string;
  where?: readonly (readonly [field: string, op: WhereFilterOp, value: unknown])[];
  /** At least one of these holds as well. */
  either?: readonly (readonly [field: string, op: WhereFilterOp, value: unknown])[];
  orderBy?: readonly (readonly [field: string, direction: OrderByDirection])[];
  limit?: number;
}

/** What a live read is showing now. */
export type Live<T> =
  | { state: "loading"; data: undefined; error: undefined }
  | { state: "ready"; data: T; error: undefined }
  /** "denied": this role may not read it. "failed": anything else; the subscription was ended, `retry` starts it anew. */
  | { state: "denied" | "failed"; data: undefined; error: Error; retry: () => void };

const LOADING = { state: "loading", data: undefined, error: undefined } as const;

const toRow = <T>(snapshot: DocumentSnapshot): Row<T> => ({ ...(snapshot.data() as T), id: snapshot.id });

/** The SDK's query of a spec. */
export function toQuery(db: Firestore, spec: QuerySpec): Query<DocumentData> {
  const filters = (spec.where ?? []).map(([field, op, value]) => where(field, op, value));
  const either = (spec.either ?? []).map(([field, op, value]) => where(field, op, value));
  const rest: QueryNonFilterConstraint[] = [
    ...(spec.orderBy ?? []).map(([field, direction]) => orderBy(field, direction)),
    ...(spec.limit ? [limit(spec.limit)] : []),
  ];
  const all = collection(db, spec.collection);
  return either.length > 0 ? query(all, and(...filters, or(...either)), ...rest) : query(all, ...filters, ...rest);
}

type Stop = () => void;

/** Watches one document; `null` when it does not exist. Returns the function that ends it. */
export function watchDoc<T>(path: string, next: (row: Row<T> | null) => void, failed: (error: Error) => void): Stop {
  return onSnapshot(
    doc(firestore(), path),
    { includeMetadataChanges: true },
    (snapshot) => {
      seen(snapshot.metadata.fromCache);
      // An absent document that only the empty cache vouches for is "not known yet", not "does not exist".
      if (!snapshot.exists() && snapshot.metadata.fromCache) return;
      next(snapshot.exists() ? toRow<T>(snapshot) : null);
    },
    failed,
  );
}

/** Watches a query. Returns the function that ends it. */
export function watchQuery<T>(spec: QuerySpec, next: (rows: Row<T>[]) => void, failed: (error: Error) => void): Stop {
  let answered = false;
  return onSnapshot(
    toQuery(firestore(), spec),
    { includeMetadataChanges: true },
    (snapshot) => {
      seen(snapshot.metadata.fromCache);
      // Before the server's first answer the cache knows only what other queries happened to bring: a part.
      answered ||= !snapshot.metadata.fromCache;
      if (!answered) return;
      next(snapshot.docs.map((each) => toRow<T>(each)));
    },
    failed,
  );
}

/** One document, live. A null path reads nothing and stays loading. */
export function useDoc<T>(path: string | null): Live<Row<T> | null> {
  return useLive<Row<T> | null>(path, (next, failed) => watchDoc<T>(path as string, next, failed));
}

/** A query, live. A null spec reads nothing and stays loading. The spec may be made anew on every render. */
export function useQuery<T>(spec: QuerySpec | null): Live<Row<T>[]> {
  return useLive<Row<T>[]>(spec && specKey(spec), (next, failed) => watchQuery<T>(spec as QuerySpec, next, failed));
}

const RETRY_AT_MOST = 60_000;

const specKey = (spec: QuerySpec): string => JSON.stringify([spec.collection, spec.where, spec.either, spec.orderBy, spec.limit]);

function useLive<T>(key: string | null, watch: (next: (data: T) => void, failed: (error: Error) => void) => Stop): Live<T> {
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<{ key: string | null; live: Live<T> }>({ key: null, live: LOADING });
  const start = useRef(watch);
  start.current = watch;
  useEffect(() => {
    if (key === null) return undefined;
    let last: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = start.current(
      (data) => {
        // Metadata-only snapshots repeat the same data: they must not render the page again.
        const print = JSON.stringify(data);
        if (print === last) return;
        last = print;
        setHeld({ key, live: { state: "ready", data, error: undefined } });
      },
      (error) => {
        const denied = (error as { code?: string }).code === "permission-denied";
        const retry = () => {
          setHeld({ key: null, live: LOADING });
          setAttempt((count) => count + 1);
        };
        setHeld({ key, live: { state: denied ? "denied" : "failed", data: undefined, error, retry } });
        // A listener that ended never comes back by itself; a role may be granted, a server may return.
        timer = setTimeout(() => {
          setAttempt((count) => count + 1);
        }, Math.min(2000 * 2 ** attempt, RETRY_AT_MOST));
      },
    );
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [key, attempt]);
  // What belongs to another path is never shown, not even for one frame.
  return held.key === key && key !== null ? held.live : LOADING;
}

/** The first match, read once; null when there is none. */
export async function readFirst<T>(spec: QuerySpec): Promise<Row<T> | null> {
  const [found] = (await getDocs(toQuery(firestore(), { ...spec, limit: 1 }))).docs;
  return found ? toRow<T>(found) : null;
}

/** How many documents match; one aggregation, not one read a document. */
export async function countOf(spec: QuerySpec): Promise<number> {
  return (await getCountFromServer(toQuery(firestore(), spec))).data().count;
}

/** Ids whose row changed since the last snapshot, for about 1.6 s; nothing on the first one. */
export function useChangedIds<T>(rows: readonly Row<T>[] | undefined): ReadonlySet<string> {
  const known = useRef<Map<string, string> | null>(null);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!rows) return undefined;
    const now = new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
    const before = known.current;
    known.current = now;
    if (!before) return undefined;
    // A row that was not there before is usually the next page, not news: only known rows glow.
    const fresh = [...now].filter(([id, print]) => before.has(id) && before.get(id) !== print).map(([id]) => id);
    if (fresh.length === 0) return undefined;
    setChanged(new Set(fresh));
    return undefined;
  }, [rows]);
  useEffect(() => {
    if (changed.size === 0) return undefined;
    const timer = setTimeout(() => setChanged(new Set()), 1600);
    return () => clearTimeout(timer);
  }, [changed]);
  return changed;
}

/** True for about 1.6 s after a value changed; false on the first one. For a single figure. */
export function useGlow(value: unknown): boolean {
  const print = JSON.stringify(value);
  const before = useRef(print);
  const [glowing, setGlowing] = useState(false);
  useEffect(() => {
    if (before.current === print) return undefined;
    const first = before.current === undefined;
    before.current = print;
    if (first) return undefined;
    setGlowing(true);
    const timer = setTimeout(() => setGlowing(false), 1600);
    return () => clearTimeout(timer);
  }, [print]);
  return glowing;
}

/** Several queries of one shape, live, each by its name; for the few accounts that one customer is made of. */
export function useQueries<T>(specs: Readonly<Record<string, QuerySpec>>): Readonly<Record<string, Live<Row<T>[]>>> {
  const key = JSON.stringify(specs);
  const [held, setHeld] = useState<{ key: string; byName: Record<string, Live<Row<T>[]>> }>({ key, byName: {} });
  useEffect(() => {
    const ends = Object.entries(JSON.parse(key) as Record<string, QuerySpec>).map(([name, spec]) => {
      const put = (live: Live<Row<T>[]>) =>
        setHeld((before) => ({ key, byName: { ...(before.key === key ? before.byName : {}), [name]: live } }));
      return watchQuery<T>(
        spec,
        (rows) => put({ state: "ready", data: rows, error: undefined }),
        (error) => {
          const denied = (error as { code?: string }).code === "permission-denied";
          put({ state: denied ? "denied" : "failed", data: undefined, error, retry: () => undefined });
        },
      );
    });
    return () => ends.forEach((end) => end());
  }, [key]);
  return held.key === key ? held.byName : {};
}
