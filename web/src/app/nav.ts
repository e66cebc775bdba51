import {
  ChartPie,
  Cog,
  FileUp,
  HandHeart,
  House,
  Layers2,
  type LucideIcon,
  Plug,
  Repeat,
  ShieldUser,
  SlidersHorizontal,
  Smile,
  Sparkle,
  Users,
} from "lucide-react";

import { may, type Permission } from "@/auth/may";
import type { Role } from "@/generated/documents";

export interface Place {
  /** Key of the label in the texts of the frame, and of the shortcut's help. */
  id:
    | "overview"
    | "customers"
    | "segments"
    | "care"
    | "emotions"
    | "behaviour"
    | "predictions"
    | "affinity"
    | "integrations"
    | "imports"
    | "runs"
    | "training"
    | "members";
  to: string;
  icon: LucideIcon;
  /** Second key after "g". */
  key: string;
  needs?: Permission;
}

export interface PlaceGroup {
  id: "home" | "people" | "insights" | "setup";
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
      { id: "care", to: "/care", icon: HandHeart, key: "a", needs: "readCustomers" },
    ],
  },
  {
    id: "insights",
    places: [
      { id: "emotions", to: "/emotions", icon: Smile, key: "e" },
      { id: "behaviour", to: "/behaviour", icon: Repeat, key: "b" },
      { id: "predictions", to: "/predictions", icon: Sparkle, key: "p" },
      { id: "affinity", to: "/affinity", icon: Layers2, key: "f" },
    ],
  },
  {
    id: "setup",
    places: [
      { id: "integrations", to: "/integrations", icon: Plug, key: "n" },
      { id: "imports", to: "/imports", icon: FileUp, key: "i", needs: "import" },
      { id: "runs", to: "/runs", icon: Cog, key: "r" },
      { id: "training", to: "/training", icon: SlidersHorizontal, key: "t", needs: "pinSegments" },
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
