import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Select } from "@/components/ui/Select";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError, type ConsoleError } from "@/data/console";
import type { Role } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export interface InviteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Roles that the person at the screen may give. */
  roles: readonly Role[];
}

/** Names a new member by e-mail; they sign in with that address. */
export function Invite({ open, onOpenChange, roles }: InviteProps) {
  const { t } = useTranslation(["members", "common"]);
  const format = useFormat();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("marketer");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ConsoleError | null>(null);
  const close = (next: boolean) => {
    setError(null);
    if (!next) {
      setEmail("");
      setName("");
      setRole("marketer");
    }
    onOpenChange(next);
  };
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      await callConsole("members.set", { email: email.trim(), role, ...(name.trim() ? { name: name.trim() } : {}) });
      toast({ tone: "good", title: t("invite.done", { email: email.trim(), role: t(`common:role.${role}`) }) });
      close(false);
    } catch (caught) {
      setError(toConsoleError(caught));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open={open} onOpenChange={close} title={t("people.invite")} description={t("invite.hint")}>
      <form
        id="invite"
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field label={t("invite.email")} error={error?.field === "email" ? error.say(format.language) : undefined}>
          {(ids) => (
            <Input
              {...ids}
              type="email"
              required
              autoComplete="off"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("invite.name")} optional={t("invite.optional")}>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("invite.role")} hint={t(`roles.${role}`)}>
          {(ids) => (
            <Select
              {...ids}
              value={role}
              onChange={(value) => setRole(value as Role)}
              options={roles.map((each) => ({ value: each, label: t(`common:role.${each}`) }))}
            />
          )}
        </Field>
        {error && error.field !== "email" && (
          <p role="alert" className="text-small text-bad">
            {error.say(format.language)}
          </p>
        )}
        <div className="flex justify-end gap-2 border-t pt-4">
          <Button onClick={() => close(false)}>{t("common:cancel")}</Button>
          <Button look="primary" type="submit" busy={busy}>
            {t("people.invite")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
