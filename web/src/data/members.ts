/** Who may do what to whom, as the `members.*` calls decide it; here only to show and to explain. */

import { ROLES, type Audit, type Member, type Role } from "@/generated/documents";

export interface Person extends Member {
  id: string;
}

const LOWER: readonly Role[] = ["marketer", "analyst", "support"];

/** Roles that `actor` may give. */
export function grantable(actor: Role): readonly Role[] {
  if (actor === "owner") return ROLES;
  return actor === "admin" ? LOWER : [];
}

export type Refusal = "lastOwner" | "ownersOnly" | "noPermission";

/** Why `actor` may not change or remove `member`; null when they may. */
export function refusal(actor: Role, member: Person, people: readonly Person[]): Refusal | null {
  if (actor !== "owner" && actor !== "admin") return "noPermission";
  if (actor === "admin" && !LOWER.includes(member.role)) return "ownersOnly";
  const owners = people.filter((person) => person.role === "owner");
  if (member.role === "owner" && owners.length <= 1) return "lastOwner";
  return null;
}

export interface Change {
  field: string;
  before: unknown;
  after: unknown;
  kind: "added" | "removed" | "changed";
}

/** What differs between the two sides of an audit line, nested fields by dotted name, in alphabetical order. */
export function changes(audit: Pick<Audit, "before" | "after">): Change[] {
  const before = flatten(audit.before);
  const after = flatten(audit.after);
  const found: Change[] = [];
  for (const field of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const was = before.get(field);
    const is = after.get(field);
    if (same(was, is)) {
      // A personal value is kept only as the word "changed", on one side or on both.
      if (is === "changed") found.push({ field, before: was, after: is, kind: "changed" });
      continue;
    }
    const kind = isNothing(was) ? "added" : isNothing(is) ? "removed" : "changed";
    found.push({ field, before: was, after: is, kind });
  }
  return found;
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === "";
const same = (left: unknown, right: unknown): boolean => JSON.stringify(left ?? null) === JSON.stringify(right ?? null);

function flatten(value: Record<string, unknown>, prefix = ""): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    // A Timestamp or a list is one value; only plain maps are opened.
    const plain = typeof item === "object" && item !== null && Object.getPrototypeOf(item) === Object.prototype;
    if (plain)
      for (const [inner, leaf] of flatten(item as Record<string, unknown>, `${prefix}${key}.`)) found.set(inner, leaf);
    else found.set(`${prefix}${key}`, item);
  }
  return found;
}
