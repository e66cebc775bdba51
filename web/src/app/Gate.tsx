import { onAuthStateChanged, type User } from "firebase/auth";
import { lazy, Suspense, useEffect, useState } from "react";

import { firebase } from "@/firebase";

import { Splash } from "./Splash";

const Console = lazy(() => import("./Console"));
const SignInPage = lazy(() => import("@/auth/SignInPage"));

/** Signed in or not. The console's code, with Firestore and the router in it, is loaded for those who are. */
export function Gate() {
  const [user, setUser] = useState<User | null | undefined>(undefined);
  useEffect(() => onAuthStateChanged(firebase().auth, setUser), []);
  return (
    <Suspense fallback={<Splash />}>
      {user === undefined ? <Splash /> : user === null ? <SignInPage /> : <Console key={user.uid} user={user} />}
    </Suspense>
  );
}
