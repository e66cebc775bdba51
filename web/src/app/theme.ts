import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const KEY = "timbre.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

let chosen: Theme = stored();

function apply(): void {
  const dark = chosen === "dark" || (chosen === "system" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  listeners.forEach((listener) => listener());
}

system.addEventListener("change", apply);

export function setTheme(theme: Theme): void {
  chosen = theme;
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  apply();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** What was chosen: light, dark, or to follow the system. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => chosen);

/** What is shown now; charts draw themselves again when it changes. */
export const useShownTheme = (): "light" | "dark" =>
  useSyncExternalStore(subscribe, () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light"));
