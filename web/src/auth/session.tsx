import { onAuthStateChanged, signOut as firebaseSignOut, type User } from "firebase/auth";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";

import { callConsole, type ConsoleError, toConsoleError } from "@/data/console";
import { type Row, watchDoc } from "@/data/live";
import { firebase } from "@/firebase";
import type { Member, Role } from "@/generated/documents";

export type Session =
  | { state: "loading" }
  | { state: "signed out" }
  /** Signed in, but no member of this shop. */
  | { state: "stranger"; user: User; again: () => void }
  | { state: "failed"; user: User; error: ConsoleError; again: () => void }
  | { state: "member"; user: User; member: Row<Member> };

const Context = createContext<Session>({ state: "loading" });

/**
 * Who is at the screen. The role is the one in `members/{uid}`, live: a role that is taken away takes the pages away.
 * Only when there is no such document is the backend asked, which makes the first owner of a new shop.
 */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [user, setUser] = useState<User | null | undefined>(undefined);
  const [found, setFound] = useState<{ uid: string; session: Session } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => {
    setFound(null);
    setAttempt((count) => count + 1);
  }, []);

  useEffect(() => onAuthStateChanged(firebase().auth, setUser), []);

  useEffect(() => {
    if (!user) return undefined;
    let ended = false;
    let asked = false;
    const show = (session: Session) => !ended && setFound({ uid: user.uid, session });
    const ask = () => {
      if (asked) {
        show({ state: "stranger", user, again });
        return;
      }
      asked = true;
      callConsole<{ member: unknown }>("session.start")
        // A new member's document arrives through the subscription; null means that there will be none.
        .then(({ member }) => !member && show({ state: "stranger", user, again }))
        .catch((error: unknown) => show({ state: "failed", user, error: toConsoleError(error), again }));
    };
    const stop = watchDoc<Member>(
      `members/${user.uid}`,
      (member) => (member ? show({ state: "member", user, member }) : ask()),
      ask,
    );
    return () => {
      ended = true;
      stop();
    };
  }, [user, attempt, again]);

  const session = useMemo<Session>(() => {
    if (user === undefined) return { state: "loading" };
    if (user === null) return { state: "signed out" };
    return found?.uid === user.uid ? found.session : { state: "loading" };
  }, [user, found]);
  return <Context value={session}>{children}</Context>;
}

export const useSession = (): Session => use(Context);

/** The member at the screen; only below the frame, which is drawn for members alone. */
export function useMember(): Row<Member> {
  const session = useSession();
  if (session.state !== "member") throw new Error("useMember() outside the frame");
  return session.member;
}

export const useRole = (): Role => useMember().role;

/** Signs out and forgets everything that was read: the memory cache lives as long as the page. */
export async function signOut(): Promise<void> {
  await firebaseSignOut(firebase().auth);
  window.location.assign("/");
}
