import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import type { Row } from "@/data/live";
import type { Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

const LONGEST = 60;

/** A name in both languages; two empty ones restore the computed name. */
export function RenameDialog({ segment, onClose }: { segment: Row<Segment>; onClose: () => void }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const [en, setEn] = useState(segment.name.en);
  const [zh, setZh] = useState(segment.name.zh);
  const [busy, setBusy] = useState<"save" | "restore" | null>(null);
  const [problem, setProblem] = useState<{ field: string | undefined; text: string } | null>(null);
  const send = async (kind: "save" | "restore", names: { en: string; zh: string }) => {
    setBusy(kind);
    setProblem(null);
    try {
      await callConsole("segment.rename", { segmentId: segment.id, ...names });
      toast({ tone: "good", title: t(kind === "save" ? "rename.done" : "rename.restored") });
      onClose();
    } catch (error) {
      const known = toConsoleError(error);
      setProblem({ field: known.field, text: known.say(format.language) });
    } finally {
      setBusy(null);
    }
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!en.trim() || !zh.trim()) {
      setProblem({ field: en.trim() ? "zh" : "en", text: t("rename.both") });
      return;
    }
    void send("save", { en: en.trim(), zh: zh.trim() });
  };
  const at = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("rename.title")}
      description={t("rename.body")}
      footer={
        <>
          {segment.renamedBy && (
            <Button look="ghost" className="mr-auto" busy={busy === "restore"} disabled={busy !== null} onClick={() => void send("restore", { en: "", zh: "" })}>
              {t("rename.restore")}
            </Button>
          )}
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="submit" form="rename" look="primary" busy={busy === "save"} disabled={busy !== null}>
            {t("common:save")}
          </Button>
        </>
      }
    >
      <form id="rename" onSubmit={save} className="flex flex-col gap-4">
        <Field label={t("rename.en")} error={at("en")}>
          {(ids) => <Input {...ids} maxLength={LONGEST} value={en} onChange={(event) => setEn(event.target.value)} />}
        </Field>
        <Field label={t("rename.zh")} error={at("zh")}>
          {(ids) => <Input {...ids} lang="zh" maxLength={LONGEST} value={zh} onChange={(event) => setZh(event.target.value)} />}
        </Field>
        {problem && problem.field !== "en" && problem.field !== "zh" && (
          <p role="alert" className="text-table text-bad">
            {problem.text}
          </p>
        )}
      </form>
    </Dialog>
  );
}
