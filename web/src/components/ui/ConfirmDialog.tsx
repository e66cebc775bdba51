import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import { Input } from "./Input";

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What will happen, and what is safe. */
  description: ReactNode;
  confirmLabel: string;
  /** The word to type first, for what cannot be undone. */
  typeToConfirm?: string;
  danger?: boolean;
  onConfirm: () => Promise<void> | void;
}

/** Asks before something destructive; stays open and shows nothing lost when `onConfirm` rejects (the caller toasts). */
export function ConfirmDialog({ open, onOpenChange, title, description, confirmLabel, typeToConfirm, danger = true, onConfirm }: ConfirmDialogProps) {
  const { t } = useTranslation("common");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const ready = !typeToConfirm || typed.trim() === typeToConfirm;
  const change = (next: boolean) => {
    setTyped("");
    onOpenChange(next);
  };
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      change(false);
    } catch {
      // The caller has told why; the dialog stays for another try.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={title}
      description={description}
      footer={
        <>
          <Button data-autofocus={typeToConfirm ? undefined : true} onClick={() => change(false)}>
            {t("cancel")}
          </Button>
          <Button look={danger ? "danger" : "primary"} busy={busy} disabled={!ready} onClick={() => void confirm()}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {typeToConfirm && (
        <Field label={t("typeToConfirm", { word: typeToConfirm })}>
          {(ids) => <Input {...ids} autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      )}
    </Dialog>
  );
}
