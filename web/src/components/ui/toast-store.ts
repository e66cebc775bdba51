import type { ReactNode } from "react";

export interface ToastMessage {
  id: number;
  tone: "good" | "bad" | "plain";
  title: ReactNode;
  detail?: ReactNode;
  action?: { label: string; run: () => void };
}

let messages: readonly ToastMessage[] = [];
let next = 1;
const listeners = new Set<() => void>();

const set = (update: readonly ToastMessage[]) => {
  messages = update;
  listeners.forEach((listener) => listener());
};

export const subscribeToasts = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const currentToasts = (): readonly ToastMessage[] => messages;

/** Says that something happened; at most three are shown, the newest wins. Usable outside React. */
export function toast(message: Omit<ToastMessage, "id">): void {
  set([...messages.slice(-2), { ...message, id: next++ }]);
}

export function dismissToast(id: number): void {
  set(messages.filter((message) => message.id !== id));
}
