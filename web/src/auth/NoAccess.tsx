import type { User } from "firebase/auth";
import { CloudOff, DoorClosed, LogOut, RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";

import { AuthLayout } from "./AuthLayout";
import type { Session } from "./session";
import { signOut } from "./signOut";

/** Signed in, but not (yet) a member; or the question could not be answered. Opens by itself once a role is given. */
export function NoAccess({ user, session }: { user: User; session: Extract<Session, { state: "stranger" | "failed" }> }) {
  const { t, i18n } = useTranslation("auth");
  const failed = session.state === "failed";
  return (
    <AuthLayout>
      <div className="mb-4 flex size-12 items-center justify-center rounded-full bg-wait-soft text-wait [&_svg]:size-6">
        {failed ? <CloudOff aria-hidden /> : <DoorClosed aria-hidden />}
      </div>
      <h1 className="text-h1 font-semibold tracking-tight">{failed ? t("failed.title") : t("noAccess.title")}</h1>
      <p className="mt-2 text-muted">
        {failed ? session.error.say(i18n.language === "zh" ? "zh" : "en") : t("noAccess.body", { email: user.email ?? user.uid })}
      </p>
      {!failed && <p className="mt-2 text-muted">{t("noAccess.next")}</p>}
      <div className="mt-6 flex flex-wrap gap-2">
        <Button look="primary" icon={<RotateCw aria-hidden />} onClick={session.again}>
          {t("noAccess.again")}
        </Button>
        <Button icon={<LogOut aria-hidden />} onClick={() => void signOut()}>
          {t("signOut")}
        </Button>
      </div>
    </AuthLayout>
  );
}
