import type { Timestamp } from "firebase/firestore";
import { describe, expect, it } from "vitest";

import { ROLES, type Role } from "@/generated/documents";

import { changes, grantable, refusal, type Person } from "./members";

const at = {} as Timestamp;
const person = (id: string, role: Role): Person => ({
  id,
  role,
  email: `${id}@timbre.test`,
  name: id,
  language: "en",
  createdAt: at,
  updatedAt: at,
  updatedBy: "x",
});

describe("roles", () => {
  it("lets only an owner grant owner or admin", () => {
    expect(grantable("owner")).toEqual(ROLES);
    expect(grantable("admin")).toEqual(["marketer", "analyst", "support"]);
    for (const role of ["marketer", "analyst", "support"] as const) expect(grantable(role)).toEqual([]);
  });
  it("keeps the last owner", () => {
    const one = [person("o", "owner"), person("a", "admin")];
    expect(refusal("owner", person("o", "owner"), one)).toBe("lastOwner");
    expect(refusal("owner", person("o", "owner"), [...one, person("p", "owner")])).toBeNull();
  });
  it("keeps owners and admins from admins", () => {
    const all = ROLES.map((role) => person(role, role));
    expect(all.map((member) => refusal("admin", member, all))).toEqual(["ownersOnly", "ownersOnly", null, null, null]);
    expect(refusal("marketer", person("s", "support"), all)).toBe("noPermission");
  });
});

describe("changes", () => {
  it("names what was added, removed and changed, also within maps", () => {
    expect(
      changes({
        before: { name: "A", tags: ["x"], rates: { EUR: 1.1 }, zone: "UTC", note: "old" },
        after: { name: "A", tags: ["x", "y"], rates: { EUR: 1.2, GBP: 1.3 }, zone: "UTC", note: null },
      }),
    ).toEqual([
      { field: "note", before: "old", after: null, kind: "removed" },
      { field: "rates.EUR", before: 1.1, after: 1.2, kind: "changed" },
      { field: "rates.GBP", before: undefined, after: 1.3, kind: "added" },
      { field: "tags", before: ["x"], after: ["x", "y"], kind: "changed" },
    ]);
  });
  it("keeps a personal value that is only said to have changed", () => {
    expect(changes({ before: { email: "changed" }, after: { email: "changed" } })).toHaveLength(1);
  });
});
