/** The wizard's conversation with the backend: what was recognised, what is still needed, what became of it. */

import { useEffect, useState } from "react";

import type { Given, Localized, Platform } from "@/generated/documents";

import { callConsole, toConsoleError, type ConsoleError } from "./console";

export interface Need {
  field: string;
  label: Localized;
  secret: boolean;
  help: Localized | null;
  optional?: boolean;
}

export interface Detected {
  /** Null when nothing says which it is: the person chooses. */
  platform: Platform | null;
  why: Localized;
  sure: boolean;
  /** The shop's address as far as it could be read from what was typed. */
  shop: string;
  needs: Need[];
  oauth: boolean;
  appReady: boolean;
  gives: Given[];
}

/** Either the way to the platform's own page, or the connection, where keys were enough. */
export interface Begun {
  url?: string | null;
  connectionId?: string | null;
  runId?: string | null;
}

/** Keys of the platforms, by how they begin, and the field that each belongs in. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/^ck_[0-9a-f]{16,}$/i, "consumerKey"],
  [/^cs_[0-9a-f]{16,}$/i, "consumerSecret"],
  [/^shp(at|ca|pa|ua)_\w+$/i, "accessToken"],
  [/^shpss_\w+$/i, "clientSecret"],
  [/^amzn1\.oa2-cs\./i, "clientSecret"],
  [/^amzn1\.application-oa2-client\./i, "clientId"],
  [/^amzn1\.sp\.solution\./i, "applicationId"],
  [/^Atzr\|/i, "refreshToken"],
  [/^[0-9a-f]{36,44}$/i, "clientId"],
  [/^[0-9a-f]{33}$/i, "clientSecret"],
];

/** The wizard's field that a pasted key is for; null for an address. */
export const keyField = (text: string): string | null => KEYS.find(([form]) => form.test(text.trim()))?.[1] ?? null;

/** Whether what is being typed should be covered: an id may be seen, a secret may not. */
export const looksSecret = (text: string): boolean => {
  const field = keyField(text);
  return field !== null && field !== "clientId" && field !== "applicationId";
};

/** Names of the needed fields that are empty. */
export const lacking = (needs: readonly Need[], values: Readonly<Record<string, string>>): string[] =>
  needs.filter((need) => !need.optional && !values[need.field]?.trim()).map((need) => need.field);

/** What stands in the shop's field at first: what was recognised, or what was typed, in the form the platform wants. */
export function knownShop(found: Pick<Detected, "platform" | "shop">, typed: string): string {
  if (found.shop || keyField(typed)) return found.shop;
  // Marketplaces know a seller, not an address; what has no dot is taken as the seller's id or name.
  const address = typed.includes(".");
  if (found.platform === "flipkart" && address) return "";
  if (found.platform !== "amazon" || !address) return typed.trim();
  const country = /amazon\.(?:co\.|com\.)?([a-z]{2,3})(?:[/:?#]|$)/i.exec(typed)?.[1]?.toUpperCase();
  return country === "COM" ? "US" : (country ?? "");
}

/** A WooCommerce shop may also be connected by a pair of its REST keys, for those whose shop cannot be reached by its page. */
export const REST_KEYS = ["consumerKey", "consumerSecret"] as const;

/** What `connection.begin` is called with: the shop stands apart from the keys, empty fields are left out. */
export function beginArgs(platform: Platform, values: Readonly<Record<string, string>>) {
  const { shop = "", ...fields } = values;
  const filled = Object.entries(fields).filter(([, value]) => value.trim() !== "");
  return {
    platform,
    shop: shop.trim(),
    fields: Object.fromEntries(filled.map(([field, value]) => [field, value.trim()])),
    returnTo: "/integrations/return",
  };
}

/** Where the browser may be sent: a web address, never a script. */
export function safeUrl(url: string): string | null {
  try {
    const { protocol } = new URL(url);
    return protocol === "https:" || protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** Whether the address a platform sent back to says that it was not allowed: OAuth's `error`, WooCommerce's `success=0`. */
export const wasRefused = (search: Readonly<Partial<Record<"success" | "error", unknown>>>): boolean =>
  // The router reads numbers and booleans of the address as such.
  ["0", "false"].includes(String(search.success ?? "")) || String(search.error ?? "") !== "";

export type Outcome =
  | { state: "waiting"; slow: boolean }
  | { state: "connected"; connectionId: string }
  | { state: "problem"; problem: Localized | null; error: ConsoleError | null };

const EVERY = 1000;
const SLOW_AFTER = 20_000;
/** The backend forgets a connecting after 15 minutes; so does this page. */
const GIVE_UP_AFTER = 15 * 60_000;

/** Asks what became of a connecting until it is known. A lost network is waited out; a refusal is the answer. */
export function useOutcome(state: string | null): Outcome {
  const [outcome, setOutcome] = useState<Outcome>({ state: "waiting", slow: false });
  useEffect(() => {
    if (!state) return undefined;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const began = Date.now();
    const ask = async () => {
      try {
        const answer = await callConsole<{ connectionId: string | null; problem: Localized | null }>("connection.status", { state });
        if (over) return;
        if (answer.connectionId) return setOutcome({ state: "connected", connectionId: answer.connectionId });
        if (answer.problem) return setOutcome({ state: "problem", problem: answer.problem, error: null });
      } catch (thrown) {
        if (over) return;
        const error = toConsoleError(thrown);
        if (error.code !== "unavailable" && error.code !== "deadline-exceeded") {
          return setOutcome({ state: "problem", problem: null, error });
        }
      }
      const waited = Date.now() - began;
      if (waited > GIVE_UP_AFTER) return setOutcome({ state: "problem", problem: null, error: null });
      setOutcome({ state: "waiting", slow: waited > SLOW_AFTER });
      timer = setTimeout(() => void ask(), waited > SLOW_AFTER ? 3 * EVERY : EVERY);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [state]);
  return outcome;
}
