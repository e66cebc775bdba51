import { useSyncExternalStore } from "react";

import { toDate, type When } from "@/lib/format";
import { useFormat } from "@/lib/useFormat";

import { Tooltip } from "./Tooltip";

// One clock for every "3 minutes ago" on the screen.
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    listeners.forEach((each) => each());
  }, 30_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
};

/** Relative time, the exact one on hover and focus; an em dash for null. */
export function Time({ at, className }: { at: When | null | undefined; className?: string }) {
  const format = useFormat();
  const current = useSyncExternalStore(subscribe, () => now);
  if (!at) return <span className={className}>—</span>;
  return (
    <Tooltip content={format.dateTime(at)}>
      <time dateTime={toDate(at).toISOString()} className={className}>
        {format.relative(at, new Date(Math.max(current, Date.now() - 30_000)))}
      </time>
    </Tooltip>
  );
}
