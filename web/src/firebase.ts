import { type FirebaseOptions, initializeApp } from "firebase/app";
import { type Auth, browserLocalPersistence, indexedDBLocalPersistence, initializeAuth } from "firebase/auth";
import { type Firestore, initializeFirestore, memoryLocalCache } from "firebase/firestore";
import { type Functions, getFunctions } from "firebase/functions";

export interface Firebase {
  auth: Auth;
  db: Firestore;
  functions: Functions;
}

const REGION = "us-central1";

let ready: Firebase | undefined;

/**
 * Connects once, before the first render. The emulator build reads where the local suite listens; a deployed one reads the
 * project's own configuration from Hosting. Throws when neither answers: the screen then says so.
 */
export async function connect(): Promise<Firebase> {
  if (import.meta.env.MODE === "emulator") {
    const { connectEmulators } = await import("./emulator/connect");
    ready = await connectEmulators(start);
  } else {
    const response = await fetch("/__/firebase/init.json");
    if (!response.ok) throw new Error(`init.json: ${response.status}`);
    ready = start((await response.json()) as FirebaseOptions);
  }
  return ready;
}

function start(options: FirebaseOptions, region = REGION): Firebase {
  const app = initializeApp(options);
  return {
    // The pop-up code is loaded by the sign-in page, when it is needed.
    auth: initializeAuth(app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] }),
    // Memory only: nothing about a customer stays on the disk of a shared computer.
    db: initializeFirestore(app, { localCache: memoryLocalCache(), ignoreUndefinedProperties: true }),
    functions: getFunctions(app, region),
  };
}

export type Start = typeof start;

/** The connection made by `connect()`. */
export function firebase(): Firebase {
  if (!ready) throw new Error("connect() has not finished");
  return ready;
}
