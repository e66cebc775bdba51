import { MoreHorizontal, PencilLine, RefreshCw, Scale, Unplug, DownloadCloud } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { Dialog } from "@/components/ui/Dialog";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/DropdownMenu";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { isPolled } from "@/data/connections";
import { callConsole, toConsoleError } from "@/data/console";
import type { Row } from "@/data/live";
import type { Connection } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

type Job = "backfill" | "reconcile" | "poll";

/** What may be done with a connection. The two that are wanted often are buttons, the rest is a menu. */
export function ConnectionActions({ connection }: { connection: Row<Connection> }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const [busy, setBusy] = useState<Job | null>(null);
  const [asking, setAsking] = useState<"disconnect" | "rename" | null>(null);
  const connectionId = connection.id;
  const off = connection.status === "connecting" || connection.status === "attention";
  const fed = connection.platform === "tracking" || connection.platform === "pos";
  const start = async (job: Job) => {
    setBusy(job);
    try {
      await callConsole(`connection.${job}`, { connectionId });
      toast({ tone: "good", title: t(`started.${job}`) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(null);
    }
  };
  const disconnect = async () => {
    try {
      await callConsole("connection.disconnect", { connectionId });
      toast({ tone: "good", title: t("disconnect.done", { name: connection.name }) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  };
  return (
    <>
      {!fed && connection.status !== "disconnected" && (
        <>
          {isPolled(connection.platform) && (
            <Button disabled={off || connection.work !== "idle"} busy={busy === "poll"} icon={<RefreshCw aria-hidden />} data-action="poll" onClick={() => void start("poll")}>
              {t("action.poll")}
            </Button>
          )}
          <Button
            disabled={off || connection.work === "reconcile"}
            busy={busy === "reconcile"}
            icon={<Scale aria-hidden />}
            data-action="reconcile"
            onClick={() => void start("reconcile")}
          >
            {t("action.reconcile")}
          </Button>
          <Button
            disabled={off || connection.work === "backfill"}
            busy={busy === "backfill"}
            icon={<DownloadCloud aria-hidden />}
            data-action="backfill"
            onClick={() => void start("backfill")}
          >
            {t("action.backfill")}
          </Button>
        </>
      )}
      <DropdownMenu
        trigger={
          <Button size="icon" aria-label={t("action.more")} data-action="more">
            <MoreHorizontal aria-hidden />
          </Button>
        }
      >
        <MenuItem icon={<PencilLine aria-hidden />} onSelect={() => setAsking("rename")}>
          <span data-action="rename">{t("action.rename")}</span>
        </MenuItem>
        {connection.status !== "disconnected" && (
          <>
            <MenuSeparator />
            <MenuItem danger icon={<Unplug aria-hidden />} onSelect={() => setAsking("disconnect")}>
              <span data-action="disconnect">{t("action.disconnect")}</span>
            </MenuItem>
          </>
        )}
      </DropdownMenu>
      <ConfirmDialog
        open={asking === "disconnect"}
        onOpenChange={(open) => setAsking(open ? "disconnect" : null)}
        title={t("disconnect.title", { name: connection.name })}
        description={t("disconnect.body")}
        confirmLabel={t("disconnect.confirm")}
        typeToConfirm={t("disconnect.word")}
        onConfirm={disconnect}
      />
      {asking === "rename" && <Rename connection={connection} onClose={() => setAsking(null)} />}
    </>
  );
}

function Rename({ connection, onClose }: { connection: Row<Connection>; onClose: () => void }) {
  const { t } = useTranslation(["integrations", "common"]);
  const format = useFormat();
  const [name, setName] = useState(connection.name);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const save = async () => {
    if (!name.trim()) return setWrong(t("connect.required"));
    setBusy(true);
    try {
      await callConsole("connection.rename", { connectionId: connection.id, name: name.trim() });
      onClose();
    } catch (error) {
      setWrong(toConsoleError(error).say(format.language));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("rename.title")}
      description={t("rename.body")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" busy={busy} data-action="save" onClick={() => void save()}>
            {t("common:save")}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label={t("rename.label")} error={wrong ?? undefined}>
          {(ids) => <Input {...ids} data-field="name" autoComplete="off" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}
