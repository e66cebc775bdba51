import { describe, expect, it } from "vitest";

import { placesFor } from "@/app/nav";
import { ROLES, type Role } from "@/generated/documents";

import { may, whoMay } from "./may";

const places = (role: Role) => placesFor(role).flatMap((group) => group.places.map((place) => place.id));

describe("what a role is shown", () => {
  it("hides people from analysts and setup from support", () => {
    const insights = ["emotions", "behaviour", "predictions", "affinity"];
    expect(places("owner")).toEqual(["overview", "customers", "segments", "care", ...insights, "integrations", "imports", "runs", "training", "members"]);
    expect(places("admin")).toEqual(places("owner"));
    expect(places("marketer")).toEqual(["overview", "customers", "segments", "care", ...insights, "integrations", "imports", "runs", "training"]);
    expect(places("analyst")).toEqual(["overview", "segments", ...insights, "integrations", "runs"]);
    expect(places("support")).toEqual(["overview", "customers", "segments", "care", ...insights, "integrations", "runs"]);
  });
  it("gives every place a key of its own", () => {
    const keys = placesFor("owner").flatMap((group) => group.places.map((place) => place.key));
    expect(new Set(keys).size).toBe(keys.length);
  });
  it("says who may what is hidden", () => {
    expect(whoMay("readCustomers")).toEqual(["owner", "admin", "marketer", "support"]);
    for (const role of ROLES) expect(may(role, "manageMembers")).toBe(role === "owner" || role === "admin");
  });
});
