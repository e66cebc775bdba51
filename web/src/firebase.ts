import { type FirebaseApp, type FirebaseOptions, initializeApp } from "firebase/app";
import { type Auth, browserLocalPersistence, connectAuthEmulator, indexedDBLocalPersistence, initializeAuth } from "firebase/auth";

import type { Emulators } from "./emulator/emulators";

export interface Firebase {
  app: FirebaseApp;
  auth: Auth;
  /** Where the local suite listens; null in production. */
  local: Emulators | null;
}

let ready: Firebase | undefined;

/**
 * Connects sign-in, before the first render; data come later (`data/db.ts`), when somebody is signed in. The emulator build
 * reads where the local suite listens; a deployed one reads the project's own configuration from Hosting. Throws when neither
 * answers: the screen then says so.
 */
export async function connect(): Promise<void> {
  if (import.meta.env.MODE === "emulator") {
    const { loadEmulators } = await import("./emulator/emulators");
    const local = await loadEmulators();
    ready = start({ projectId: local.projectId, apiKey: "local" }, local);
    connectAuthEmulator(ready.auth, local.auth, { disableWarnings: true });
  } else {
    const response = await fetch("/__/firebase/init.json");
    if (!response.ok) throw new Error(`init.json: ${response.status}`);
    ready = start((await response.json()) as FirebaseOptions, null);
  }
}

function start(options: FirebaseOptions, local: Emulators | null): Firebase {
  const app = initializeApp(options);
  // The pop-up code is loaded by the sign-in page, when it is needed.
  return { app, auth: initializeAuth(app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] }), local };
}

/** The connection made by `connect()`. */
export function firebase(): Firebase {
  if (!ready) throw new Error("connect() has not finished");
  return ready;
}
