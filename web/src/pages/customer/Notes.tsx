import { Pencil, StickyNote, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useMember } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Textarea } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import type { OwnNote } from "@/data/customers-one";
import { useFormat } from "@/lib/useFormat";

const LONGEST = 5000;

/** One line that opens to a field; Ctrl-Enter keeps the note. */
export function NoteComposer({ customerId }: { customerId: string }) {
  const { t } = useTranslation(["customer", "common"]);
  const { role } = useMember();
  const [open, setOpen] = useState(false);
  if (!may(role, "editCustomers")) return null;
  if (!open) {
    return (
      <button
        type="button"
        data-note=""
        className="flex h-10 w-full items-center gap-2.5 rounded-md border border-dashed border-line-strong px-3 text-left text-table text-muted transition-colors duration-150 hover:border-faint hover:text-ink"
        onClick={() => setOpen(true)}
      >
        <StickyNote className="size-4 text-faint" aria-hidden />
        {t("notes.add")}
      </button>
    );
  }
  return (
    <NoteForm
      text=""
      label={t("notes.add")}
      onSave={(text) => callConsole("people.note", { customerId, text })}
      onClose={() => setOpen(false)}
    />
  );
}

interface NoteFormProps {
  text: string;
  label: string;
  onSave: (text: string) => Promise<unknown>;
  onClose: () => void;
}

function NoteForm({ text: before, label, onSave, onClose }: NoteFormProps) {
  const { t } = useTranslation(["customer", "common"]);
  const format = useFormat();
  const [text, setText] = useState(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const save = async () => {
    if (!text.trim() || busy) return;
    setBusy(true);
    try {
      await onSave(text.trim());
      onClose();
    } catch (caught) {
      setError(toConsoleError(caught).say(format.language));
      setBusy(false);
    }
  };
  return (
    <div className="rounded-md border border-wait-line bg-wait-soft p-3">
      <Textarea
        aria-label={label}
        autoFocus
        maxLength={LONGEST}
        placeholder={t("notes.placeholder")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      {error && (
        <p role="alert" className="mt-1 text-small text-bad">
          {error}
        </p>
      )}
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <p className="mr-auto text-small text-muted">{t("notes.who")}</p>
        <Button size="sm" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button size="sm" look="primary" busy={busy} disabled={!text.trim()} onClick={() => void save()}>
          {t("common:save")}
        </Button>
      </div>
    </div>
  );
}

/** A member's note among what happened; its author or an admin may change it. */
export function NoteItem({ note }: { note: OwnNote }) {
  const { t } = useTranslation(["customer", "common"]);
  const format = useFormat();
  const member = useMember();
  const [editing, setEditing] = useState(false);
  const mine = may(member.role, "editCustomers") && (note.by === member.id || may(member.role, "editShop"));
  const at = { customerId: note.owner, id: note.id };
  const failed = (caught: unknown) => toast({ tone: "bad", title: toConsoleError(caught).say(format.language) });
  const remove = () =>
    callConsole("people.noteDelete", at).then(
      () =>
        toast({
          tone: "plain",
          title: t("notes.deleted"),
          action: {
            label: t("undo"),
            run: () => void callConsole("people.noteDelete", { ...at, undo: true }).catch(failed),
          },
        }),
      failed,
    );
  if (editing) {
    return (
      <div className="py-1.5">
        <NoteForm
          text={note.text}
          label={t("notes.edit")}
          onSave={(text) => callConsole("people.noteEdit", { ...at, text })}
          onClose={() => setEditing(false)}
        />
      </div>
    );
  }
  return (
    <div className="py-1.5">
      <div className="group rounded-md border border-wait-line bg-wait-soft px-3 py-2.5">
        <p className="text-table break-words whitespace-pre-wrap">{note.text}</p>
        <div className="mt-1 flex flex-wrap items-center gap-x-2 text-small text-muted">
          <StickyNote className="size-3.5 text-wait" aria-hidden />
          <span>
            {note.byName} · {format.time(note.at)}
            {note.editedAt && ` · ${t("notes.edited")}`}
          </span>
          {mine && (
            <span className="ml-auto flex">
              <Button look="ghost" size="icon-sm" aria-label={t("notes.edit")} onClick={() => setEditing(true)}>
                <Pencil aria-hidden />
              </Button>
              <Button look="ghost" size="icon-sm" aria-label={t("notes.delete")} onClick={() => void remove()}>
                <Trash2 aria-hidden />
              </Button>
            </span>
          )}
        </div>
      </div>
    </div>
  );
}
