import { signInWithEmailAndPassword } from "firebase/auth";
import { Crown, Headset, LoaderCircle, Megaphone, ChartLine, ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { firebase } from "@/firebase";
import type { Role } from "@/generated/documents";

import { type DemoAccount, loadEmulators } from "./emulators";
import { LOCAL_TEXTS } from "./texts";

const ICON: Record<Role, typeof Crown> = { owner: Crown, admin: ShieldCheck, marketer: Megaphone, analyst: ChartLine, support: Headset };

/** One card a role of the sample shop. Part of the emulator build only. */
export default function LocalSignIn() {
  const { t, i18n } = useTranslation("common");
  const texts = LOCAL_TEXTS[i18n.language === "zh" ? "zh" : "en"];
  const [accounts, setAccounts] = useState<readonly DemoAccount[]>([]);
  const [busy, setBusy] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    void loadEmulators().then((suite) => setAccounts(suite.demo ?? []));
  }, []);
  const enter = async (account: DemoAccount) => {
    setBusy(account.email);
    setFailed(false);
    try {
      await signInWithEmailAndPassword(firebase().auth, account.email, account.password);
    } catch {
      setFailed(true);
    } finally {
      setBusy(null);
    }
  };
  if (accounts.length === 0) return null;
  return (
    <section aria-label={texts.title} className="mt-6">
      <h2 className="text-table font-medium text-muted">{texts.title}</h2>
      <div className="mt-2 grid gap-2 sm:grid-cols-2">
        {accounts.map((account) => {
          const Icon = ICON[account.role] ?? Crown;
          return (
            <button
              key={account.email}
              type="button"
              data-role={account.role}
              disabled={busy !== null}
              onClick={() => void enter(account)}
              className="flex items-center gap-3 rounded-md border bg-surface p-3 text-left shadow-card transition-colors duration-150 first:sm:col-span-2 hover:border-primary hover:bg-primary-soft disabled:opacity-60"
            >
              <span className="flex size-9 shrink-0 items-center justify-center rounded-full bg-primary-soft text-primary-ink [&_svg]:size-[18px]">
                {busy === account.email ? <LoaderCircle className="animate-spin" aria-hidden /> : <Icon aria-hidden />}
              </span>
              <span className="min-w-0">
                <span className="block text-table font-semibold">{t(`role.${account.role}`)}</span>
                <span className="block text-small text-muted">{texts.can[account.role]}</span>
              </span>
            </button>
          );
        })}
      </div>
      {failed && (
        <p role="alert" className="mt-2 text-table text-bad">
          {texts.failed}
        </p>
      )}
      <div className="mt-6 flex items-center gap-3 text-small text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {texts.or}
      </div>
    </section>
  );
}
