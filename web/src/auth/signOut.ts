import { signOut as firebaseSignOut } from "firebase/auth";

import { firebase } from "@/firebase";

/** Signs out and forgets everything that was read: the memory cache lives as long as the page. */
export async function signOut(): Promise<void> {
  await firebaseSignOut(firebase().auth);
  window.location.assign("/");
}
