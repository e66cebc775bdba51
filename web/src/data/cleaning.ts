/** What the cleaning rules did, summed over the days that are shown, and a discard that can be taken back. */

import { useCallback, useEffect, useRef, useState } from "react";

import type { Cleaning, CleaningExample } from "@/generated/documents";

export interface RuleTotal {
  rule: string;
  changed: number;
  setAside: number;
  examples: CleaningExample[];
}

const EXAMPLES = 5;

/** Rules that did something, the busiest first, each with its newest examples. `days` is newest first. */
export function byRule(days: readonly Pick<Cleaning, "counts" | "examples">[]): RuleTotal[] {
  const found = new Map<string, RuleTotal>();
  const of = (rule: string): RuleTotal => {
    const known = found.get(rule) ?? { rule, changed: 0, setAside: 0, examples: [] };
    found.set(rule, known);
    return known;
  };
  for (const day of days) {
    for (const count of day.counts) {
      const total = of(count.rule);
      total.changed += count.changed;
      total.setAside += count.setAside;
    }
    for (const example of day.examples) {
      const { examples } = of(example.rule);
      if (examples.length < EXAMPLES) examples.push(example);
    }
  }
  return [...found.values()]
    .filter((each) => each.changed + each.setAside > 0)
    .sort((left, right) => right.changed + right.setAside - (left.changed + left.setAside) || left.rule.localeCompare(right.rule));
}

export const totalOf = (rules: readonly RuleTotal[]) => ({
  changed: rules.reduce((sum, each) => sum + each.changed, 0),
  setAside: rules.reduce((sum, each) => sum + each.setAside, 0),
});

export const UNDO_MS = 5000;

/**
 * Acts that are carried out a moment later, so that they can be taken back: the row is hidden at once. Leaving the
 * page carries out what waits; a closed window does not, and the record is still where it was.
 */
export function useDeferred(act: (id: string) => Promise<void>) {
  const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const doing = useRef(act);
  useEffect(() => {
    doing.current = act;
  });
  const show = useCallback((id: string) => {
    setHidden((now) => new Set([...now].filter((each) => each !== id)));
  }, []);
  const run = useCallback(
    (id: string) => {
      waiting.current.delete(id);
      // It stays hidden when the act succeeds: the live list then lacks it anyway.
      doing.current(id).catch(() => show(id));
    },
    [show],
  );
  const defer = useCallback(
    (id: string) => {
      setHidden((now) => new Set([...now, id]));
      waiting.current.set(id, setTimeout(() => run(id), UNDO_MS));
    },
    [run],
  );
  const undo = useCallback(
    (id: string) => {
      clearTimeout(waiting.current.get(id));
      if (waiting.current.delete(id)) show(id);
    },
    [show],
  );
  useEffect(() => {
    const left = waiting.current;
    return () => {
      for (const [id, timer] of left) {
        clearTimeout(timer);
        void doing.current(id).catch(() => undefined);
      }
      left.clear();
    };
  }, []);
  return { hidden, defer, undo };
}
