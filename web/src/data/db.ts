import { connectFirestoreEmulator, type Firestore, initializeFirestore, memoryLocalCache } from "firebase/firestore";
import { connectFunctionsEmulator, type Functions, getFunctions } from "firebase/functions";

import { firebase } from "@/firebase";

const REGION = "us-central1";

let db: Firestore | undefined;
let functions: Functions | undefined;

/** Firestore, made on first use. Memory cache only: nothing about a customer stays on the disk of a shared computer. */
export function firestore(): Firestore {
  if (db) return db;
  const { app, local } = firebase();
  db = initializeFirestore(app, { localCache: memoryLocalCache() });
  if (import.meta.env.MODE === "emulator" && local) connectFirestoreEmulator(db, local.firestore.host, local.firestore.port);
  return db;
}

export function backend(): Functions {
  if (functions) return functions;
  const { app, local } = firebase();
  functions = getFunctions(app, local?.region ?? REGION);
  if (import.meta.env.MODE === "emulator" && local) connectFunctionsEmulator(functions, local.functions.host, local.functions.port);
  return functions;
}

/** Where the function of the tracking API answers, for pages to call it directly. */
export function trackAddress(): string {
  const { app, local } = firebase();
  const project = app.options.projectId ?? "";
  if (import.meta.env.MODE === "emulator" && local) {
    return `http://${local.functions.host}:${local.functions.port}/${project}/${local.region}/track`;
  }
  return `https://${REGION}-${project}.cloudfunctions.net/track`;
}
