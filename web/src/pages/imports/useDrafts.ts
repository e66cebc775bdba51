import { useCallback, useReducer, useRef } from "react";

import { type ConsoleError, toConsoleError } from "@/data/console";
import { formOf, type Detection, type ImportForm, type ImportKind } from "@/data/imports";
import { NotTextError, openFile, type NotText, type OpenedFile } from "@/data/upload";

import { begin, detect } from "./calls";

/** A chosen file on its way to an import. */
export interface Draft {
  key: number;
  file: File;
  state: "reading" | "ready" | "unreadable" | "failed" | "starting" | "started";
  opened: OpenedFile | null;
  detection: Detection | null;
  form: ImportForm | null;
  /** Why the file is no table. */
  notText: NotText | null;
  /** What the server said against it; `error.field` names the place. */
  error: ConsoleError | null;
  importId: string | null;
}

type Change = { add: Draft } | { key: number; change: Partial<Draft> } | { remove: number };

function reduce(drafts: Draft[], action: Change): Draft[] {
  if ("add" in action) return [...drafts, action.add];
  if ("remove" in action) return drafts.filter((draft) => draft.key !== action.remove);
  return drafts.map((draft) => (draft.key === action.key ? { ...draft, ...action.change } : draft));
}

/** The files being prepared: read, detected, put right, started. */
export function useDrafts(shop: { currency: string; zone: string }) {
  const [drafts, apply] = useReducer(reduce, []);
  const next = useRef(1);
  const latest = useRef(shop);
  latest.current = shop;

  const look = useCallback(async (key: number, file: File, kind?: ImportKind) => {
    apply({ key, change: { state: "reading", error: null } });
    try {
      const opened = await openFile(file);
      const detection = await detect(file, opened, kind);
      apply({ key, change: { state: "ready", opened, detection, form: formOf(detection, latest.current) } });
    } catch (error) {
      if (error instanceof NotTextError) apply({ key, change: { state: "unreadable", notText: error.kind } });
      else apply({ key, change: { state: "failed", error: toConsoleError(error) } });
    }
  }, []);

  const add = useCallback(
    (files: File[]) => {
      for (const file of files) {
        const key = next.current;
        next.current += 1;
        const draft: Draft = {
          key,
          file,
          state: "reading",
          opened: null,
          detection: null,
          form: null,
          notText: null,
          error: null,
          importId: null,
        };
        apply({ add: draft });
        void look(key, file);
      }
    },
    [look],
  );

  const edit = useCallback(
    (draft: Draft, change: Partial<ImportForm>) => {
      if (!draft.form) return;
      // Another kind has other fields: the columns are matched anew.
      if (change.kind && change.kind !== draft.form.kind) void look(draft.key, draft.file, change.kind);
      else apply({ key: draft.key, change: { form: { ...draft.form, ...change }, error: null } });
    },
    [look],
  );

  const start = useCallback(async (draft: Draft): Promise<string | null> => {
    const { key, file, opened, detection, form } = draft;
    if (!opened || !detection || !form) return null;
    apply({ key, change: { state: "starting", error: null } });
    try {
      const importId = await begin(file, opened, detection, form);
      apply({ key, change: { state: "started", importId } });
      return importId;
    } catch (error) {
      apply({ key, change: { state: "ready", error: toConsoleError(error) } });
      return null;
    }
  }, []);

  const remove = useCallback((key: number) => apply({ remove: key }), []);
  return { drafts, add, edit, start, remove, again: (draft: Draft) => void look(draft.key, draft.file) };
}
