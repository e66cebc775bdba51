import { sendPasswordResetEmail, signInWithEmailAndPassword } from "firebase/auth";
import { lazy, Suspense, useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { firebase } from "@/firebase";

import { AuthLayout } from "./AuthLayout";
import { GoogleMark } from "./GoogleMark";

// Removed by the compiler from every build but the emulator's.
const LocalSignIn = import.meta.env.MODE === "emulator" ? lazy(() => import("@/emulator/LocalSignIn")) : null;

type Problem = { field: "email" | "password" | "form"; key: string };

const PROBLEMS: Record<string, Problem> = {
  "auth/invalid-email": { field: "email", key: "email" },
  "auth/missing-email": { field: "email", key: "email" },
  "auth/missing-password": { field: "password", key: "missingPassword" },
  "auth/invalid-credential": { field: "password", key: "credential" },
  "auth/wrong-password": { field: "password", key: "credential" },
  "auth/user-not-found": { field: "password", key: "credential" },
  "auth/user-disabled": { field: "form", key: "disabled" },
  "auth/too-many-requests": { field: "form", key: "tooMany" },
  "auth/popup-blocked": { field: "form", key: "popup" },
  "auth/network-request-failed": { field: "form", key: "network" },
};

const problemOf = (error: unknown): Problem | null => {
  const code = (error as { code?: string }).code ?? "";
  if (code === "auth/popup-closed-by-user" || code === "auth/cancelled-popup-request") return null;
  return PROBLEMS[code] ?? { field: "form", key: "other" };
};

/** E-mail with password and its reset, or Google; who may come in is decided by membership, not here. */
export default function SignInPage() {
  const { t } = useTranslation("auth");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState<"password" | "google" | "reset" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sent, setSent] = useState(false);
  useEffect(() => {
    document.title = `${t("signIn")} · Timbre`;
  }, [t]);

  const attempt = async (kind: "password" | "google" | "reset", act: () => Promise<unknown>) => {
    setBusy(kind);
    setProblem(null);
    setSent(false);
    try {
      await act();
      if (kind === "reset") setSent(true);
    } catch (error) {
      const found = problemOf(error);
      // Whether an address is known is nobody's business: a reset always looks the same.
      if (kind === "reset" && found?.key === "credential") setSent(true);
      else setProblem(found);
    } finally {
      setBusy(null);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt("password", () => signInWithEmailAndPassword(firebase().auth, email.trim(), password));
  };
  const google = () =>
    attempt("google", async () => {
      const { signInWithGoogle } = await import("./google");
      await signInWithGoogle();
    });
  const reset = () => attempt("reset", () => sendPasswordResetEmail(firebase().auth, email.trim()));
  const at = (field: Problem["field"]) => (problem?.field === field ? t(`problem.${problem.key}`) : undefined);

  return (
    <AuthLayout wide={LocalSignIn !== null}>
      <h1 className="text-h1 font-semibold tracking-tight">{t("welcome")}</h1>
      <p className="mt-1 text-muted">{t("welcomeBody")}</p>
      {LocalSignIn && (
        <Suspense fallback={<div className="h-80" />}>
          <LocalSignIn />
        </Suspense>
      )}
      <form onSubmit={submit} noValidate className="mt-6 flex flex-col gap-4">
        <Field label={t("email")} error={at("email")}>
          {(ids) => <Input {...ids} type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />}
        </Field>
        <Field
          label={t("password")}
          error={at("password")}
          optional={
            <Button look="link" className="text-small" onClick={() => void reset()} disabled={busy !== null}>
              {t("forgot")}
            </Button>
          }
        >
          {(ids) => (
            <Input {...ids} type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
          )}
        </Field>
        {at("form") && (
          <p role="alert" className="text-table text-bad">
            {at("form")}
          </p>
        )}
        {sent && (
          <p role="status" className="text-table text-good">
            {t("resetSent")}
          </p>
        )}
        <Button type="submit" look="primary" busy={busy === "password"} disabled={busy !== null}>
          {t("signIn")}
        </Button>
        {!LocalSignIn && (
          <>
            <div className="flex items-center gap-3 text-small text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
              {t("or")}
            </div>
            <Button icon={<GoogleMark />} busy={busy === "google"} disabled={busy !== null} onClick={() => void google()}>
              {t("google")}
            </Button>
          </>
        )}
      </form>
    </AuthLayout>
  );
}
