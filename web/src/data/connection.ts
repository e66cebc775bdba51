import { useSyncExternalStore } from "react";

/**
 * Whether live data are arriving. The browser's own events are instant but know only the network card; a snapshot that
 * comes from the cache tells that the server is gone. Either one shows the banner, a snapshot from the server ends it.
 */
const GRACE_MS = 4_000;

let lost = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (lost === next) return;
  lost = next;
  listeners.forEach((listener) => listener());
}

/** Called with every snapshot's `fromCache`. */
export function seen(fromCache: boolean): void {
  if (!fromCache) {
    clearTimeout(timer);
    timer = undefined;
    set(false);
  } else {
    // Every new subscription starts from the cache for a moment: only a lasting silence counts.
    timer ??= setTimeout(() => set(true), GRACE_MS);
  }
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
};

/** True while the screen may be showing old data. */
export const useConnectionLost = (): boolean => useSyncExternalStore(subscribe, () => lost || !navigator.onLine);
