import type { User } from "firebase/auth";
import { createContext, use, useEffect, useState } from "react";

import { callConsole, type ConsoleError, toConsoleError } from "@/data/console";
import { type Row, watchDoc } from "@/data/live";
import type { Member, Role } from "@/generated/documents";

export type Session =
  | { state: "loading" }
  /** Signed in, but no member of this shop. */
  | { state: "stranger"; again: () => void }
  | { state: "failed"; error: ConsoleError; again: () => void }
  | { state: "member"; member: Row<Member> };

/**
 * Who is at the screen. The role is the one in `members/{uid}`, live: a role that is taken away takes the pages away.
 * Only when there is no such document is the backend asked, which makes the first owner of a new shop.
 */
export function useSession(user: User): Session {
  const [session, setSession] = useState<Session>({ state: "loading" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let ended = false;
    let asked = false;
    const show = (next: Session) => {
      if (!ended) setSession(next);
    };
    const again = () => {
      show({ state: "loading" });
      setAttempt((count) => count + 1);
    };
    const ask = () => {
      if (asked) {
        show({ state: "stranger", again });
        return;
      }
      asked = true;
      callConsole<{ member: unknown }>("session.start")
        // A new member's document arrives through the subscription; null means that there will be none.
        .then(({ member }) => {
          if (!member) show({ state: "stranger", again });
        })
        .catch((error: unknown) => show({ state: "failed", error: toConsoleError(error), again }));
    };
    const stop = watchDoc<Member>(
      `members/${user.uid}`,
      (member) => (member ? show({ state: "member", member }) : ask()),
      ask,
    );
    return () => {
      ended = true;
      stop();
    };
  }, [user, attempt]);
  return session;
}

const Context = createContext<Row<Member> | null>(null);

export const MemberProvider = Context;

/** The member at the screen; only below the frame, which is drawn for members alone. */
export function useMember(): Row<Member> {
  const member = use(Context);
  if (!member) throw new Error("useMember() outside the frame");
  return member;
}

export const useRole = (): Role => useMember().role;
