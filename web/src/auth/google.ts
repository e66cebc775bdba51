import { browserPopupRedirectResolver, GoogleAuthProvider, signInWithPopup } from "firebase/auth";

import { firebase } from "@/firebase";

export async function signInWithGoogle(): Promise<void> {
  const provider = new GoogleAuthProvider();
  provider.setCustomParameters({ prompt: "select_account" });
  await signInWithPopup(firebase().auth, provider, browserPopupRedirectResolver);
}
