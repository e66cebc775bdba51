import { RouterProvider } from "@tanstack/react-router";
import type { User } from "firebase/auth";
import { useEffect } from "react";

import { NoAccess } from "@/auth/NoAccess";
import { MemberProvider, useSession } from "@/auth/session";
import { Toaster } from "@/components/ui/Toast";
import { TooltipProvider } from "@/components/ui/Tooltip";
import { chosenLanguage, setLanguage } from "@/i18n";

import { router } from "./routes";
import { Splash } from "./Splash";

/** What a signed-in person sees: the console for a member, a way out for anybody else. */
export default function Console({ user }: { user: User }) {
  const session = useSession(user);
  const language = session.state === "member" ? session.member.language : null;
  useEffect(() => {
    // The member's own choice follows them to a new device; a choice made on this device stays.
    if (language && !chosenLanguage()) void setLanguage(language, false);
  }, [language]);
  if (session.state === "loading") return <Splash />;
  if (session.state !== "member") return <NoAccess user={user} session={session} />;
  return (
    <TooltipProvider delayDuration={250}>
      <MemberProvider value={session.member}>
        <RouterProvider router={router} />
      </MemberProvider>
      <Toaster />
    </TooltipProvider>
  );
}
