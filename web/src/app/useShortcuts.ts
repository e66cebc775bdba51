import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import type { Role } from "@/generated/documents";

import { placesFor } from "./nav";

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How the search key is called on this keyboard. */
export const searchKey = apple ? "⌘ K" : "Ctrl K";

/** Time for the second key of "g s". */
const CHORD_MS = 900;

interface Actions {
  role: Role;
  search: () => void;
  help: () => void;
  rail: () => void;
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Ctrl-K or / searches, ? helps, [ folds the rail, g and a letter goes to a place. Silent while somebody types. */
export function useShortcuts(actions: Actions): void {
  const navigate = useNavigate();
  const latest = useRef({ ...actions, navigate });
  useEffect(() => {
    latest.current = { ...actions, navigate };
  });
  useEffect(() => {
    let chord = 0;
    const listen = (event: KeyboardEvent) => {
      const { role, search, help, rail, navigate: go } = latest.current;
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        search();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || typing(event.target)) return;
      if (document.querySelector("[role=dialog],[role=menu],[role=listbox]")) return;
      if (event.timeStamp - chord < CHORD_MS) {
        chord = 0;
        const place = placesFor(role)
          .flatMap((group) => group.places)
          .find((each) => each.key === event.key);
        if (place) {
          event.preventDefault();
          void go({ to: place.to });
          return;
        }
      }
      if (event.key === "g") chord = event.timeStamp;
      else if (event.key === "?") help();
      else if (event.key === "[") rail();
      else if (event.key === "/") {
        event.preventDefault();
        search();
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
