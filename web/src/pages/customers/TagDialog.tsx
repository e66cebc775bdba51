import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Progress } from "@/components/ui/Progress";
import { toast } from "@/components/ui/toast-store";
import { toConsoleError } from "@/data/console";
import { howMany, tagAll, undoTags, type Chosen } from "@/data/customers-bulk";
import { splitTags } from "@/data/customers-one";
import { useFormat } from "@/lib/useFormat";

export interface TagDialogProps {
  chosen: Chosen;
  /** Tags that the loaded customers have, to choose from. */
  known: readonly string[];
  onClose: () => void;
}

/** Adds and removes tags of many customers at once, and offers to take it back. */
export function TagDialog({ chosen, known, onClose }: TagDialogProps) {
  const { t } = useTranslation(["customers", "common"]);
  const format = useFormat();
  // What was chosen when the dialog opened: the list below may move meanwhile.
  const [whom] = useState(chosen);
  const [add, setAdd] = useState("");
  const [remove, setRemove] = useState<readonly string[]>([]);
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const count = howMany(whom);
  const added = splitTags(add).filter((tag) => !remove.includes(tag));
  const said = (number: number) => ({ count: number, formatted: format.number(number) });
  const failed = (caught: unknown) => toast({ tone: "bad", title: toConsoleError(caught).say(format.language) });
  const save = async () => {
    setDone(0);
    setError(null);
    try {
      const change = { add: added, remove: [...remove] };
      const { changed, full, undo } = await tagAll(whom, change, setDone);
      onClose();
      toast({
        tone: full > 0 ? "plain" : "good",
        title: t("bulk.tagged", said(changed)),
        ...(full > 0 ? { detail: t("bulk.full", said(full)) } : {}),
        ...(undo.length > 0
          ? {
              action: {
                label: t("bulk.undo"),
                run: () =>
                  void undoTags(undo).then(() => toast({ tone: "good", title: t("bulk.undone") }), failed),
              },
            }
          : {}),
      });
    } catch (caught) {
      setError(toConsoleError(caught).say(format.language));
      setDone(null);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && done === null && onClose()}
      title={t("bulk.tagTitle", said(count))}
      description={t("bulk.tagHint")}
      footer={
        <>
          {error && (
            <p role="alert" className="mr-auto self-center text-small text-bad">
              {error}
            </p>
          )}
          <Button disabled={done !== null} onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button
            look="primary"
            busy={done !== null}
            disabled={added.length + remove.length === 0}
            onClick={() => void save()}
          >
            {t("bulk.apply")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("bulk.add")} hint={t("bulk.addHint")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              autoComplete="off"
              maxLength={400}
              value={add}
              onChange={(event) => setAdd(event.target.value)}
            />
          )}
        </Field>
        {known.length > 0 && (
          <fieldset>
            <legend className="mb-1.5 text-table font-medium">{t("bulk.remove")}</legend>
            <div className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto">
              {known.map((tag) => {
                const on = remove.includes(tag);
                return (
                  <button
                    key={tag}
                    type="button"
                    aria-pressed={on}
                    className={
                      on
                        ? "rounded-full border border-bad/40 bg-bad-soft px-2.5 py-0.5 text-small font-medium text-bad line-through"
                        : "rounded-full border border-line-strong bg-surface px-2.5 py-0.5 text-small font-medium text-muted hover:text-ink"
                    }
                    onClick={() => setRemove(on ? remove.filter((each) => each !== tag) : [...remove, tag])}
                  >
                    {tag}
                  </button>
                );
              })}
            </div>
          </fieldset>
        )}
        {done !== null && count > 200 && <Progress value={done / count} label={t("bulk.tagTitle", said(count))} />}
      </div>
    </Dialog>
  );
}
