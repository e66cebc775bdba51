import { connectAuthEmulator } from "firebase/auth";
import { connectFirestoreEmulator } from "firebase/firestore";
import { connectFunctionsEmulator } from "firebase/functions";

import type { Firebase, Start } from "@/firebase";

import { loadEmulators } from "./emulators";

/** Starts against the local suite whose addresses Hosting serves at /emulators.json. */
export async function connectEmulators(start: Start): Promise<Firebase> {
  const suite = await loadEmulators();
  const firebase = start({ projectId: suite.projectId, apiKey: "local" }, suite.region);
  connectAuthEmulator(firebase.auth, suite.auth, { disableWarnings: true });
  connectFirestoreEmulator(firebase.db, suite.firestore.host, suite.firestore.port);
  connectFunctionsEmulator(firebase.functions, suite.functions.host, suite.functions.port);
  return firebase;
}
