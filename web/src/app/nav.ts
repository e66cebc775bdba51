import { ChartPie, Cog, FileUp, House, type LucideIcon, Plug, ShieldUser, Users } from "lucide-react";

import { may, type Permission } from "@/auth/may";
import type { Role } from "@/generated/documents";

export interface Place {
  /** Key of the label in the texts of the frame, and of the shortcut's help. */
  id: "overview" | "customers" | "segments" | "integrations" | "imports" | "runs" | "members";
  to: string;
  icon: LucideIcon;
  /** Second key after "g". */
  key: string;
  needs?: Permission;
}

export interface PlaceGroup {
  id: "home" | "people" | "setup";
  places: readonly Place[];
}

/** The areas that work now; a later area is one line here. */
const GROUPS: readonly PlaceGroup[] = [
  { id: "home", places: [{ id: "overview", to: "/", icon: House, key: "o" }] },
  {
    id: "people",
    places: [
      { id: "customers", to: "/customers", icon: Users, key: "c", needs: "readCustomers" },
      { id: "segments", to: "/segments", icon: ChartPie, key: "s" },
    ],
  },
  {
    id: "setup",
    places: [
      { id: "integrations", to: "/integrations", icon: Plug, key: "n" },
      { id: "imports", to: "/imports", icon: FileUp, key: "i", needs: "import" },
      { id: "runs", to: "/runs", icon: Cog, key: "r" },
      { id: "members", to: "/members", icon: ShieldUser, key: "m", needs: "manageMembers" },
    ],
  },
];

/** Groups and places that a role may open; a group without any is left out. */
export function placesFor(role: Role): PlaceGroup[] {
  return GROUPS.map((group) => ({ ...group, places: group.places.filter((place) => !place.needs || may(role, place.needs)) })).filter(
    (group) => group.places.length > 0,
  );
}
