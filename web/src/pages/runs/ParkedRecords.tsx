import { ArchiveX, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { useQuery, type Row } from "@/data/live";
import type { Parked } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Records that could not be taken in, waiting for a person. Nothing is lost until somebody discards it. */
export function ParkedRecords() {
  const { t } = useTranslation("runs");
  const live = useQuery<Parked>({ collection: "parked", where: [["status", "==", "parked"]], limit: 50 });
  return (
    <Card title={t("parked.title")} hint={t("parked.hint")}>
      {live.state === "loading" ? (
        <SkeletonRows rows={2} />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : live.data.length === 0 ? (
        <p className="flex items-center gap-2 text-body text-muted">
          <ArchiveX className="size-4 text-faint" aria-hidden />
          {t("parked.empty")}
        </p>
      ) : (
        <ul className="flex flex-col gap-5">
          {live.data.map((record) => (
            <ParkedItem key={record.id} record={record} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ParkedItem({ record }: { record: Row<Parked> }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const call = async (action: "parked.replay" | "parked.discard") => {
    setBusy(true);
    try {
      await callConsole(action, { id: record.id });
      toast({ tone: "good", title: t(action === "parked.replay" ? "parked.replayed" : "parked.discarded") });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    } finally {
      setBusy(false);
    }
  };
  const kind = kindOf(record.record) ?? record.topic;
  return (
    <li className="min-w-0">
      <p className="flex flex-wrap items-center gap-2 text-table">
        <Badge tone="wait">{t(`record.${kind}`, { defaultValue: kind })}</Badge>
        <span className="text-small text-faint">
          {t("parked.tried", { count: record.attempt })} <Time at={record.updatedAt} />
        </span>
      </p>
      <p className="mt-1 text-table break-words text-bad">{record.error}</p>
      <details className="mt-1 text-small">
        <summary className="w-fit cursor-pointer rounded-sm text-muted hover:text-ink">{t("parked.show")}</summary>
        <pre className="mt-1 max-h-56 overflow-auto rounded-md bg-subtle p-3 font-mono text-micro">
          {JSON.stringify(record.record, null, 2)}
        </pre>
      </details>
      <div className="mt-2 flex gap-2">
        {/* The toast has told what went wrong. */}
        <Button
          size="sm"
          busy={busy}
          icon={<RotateCw aria-hidden />}
          onClick={() => void call("parked.replay").catch(() => undefined)}
        >
          {t("parked.replay")}
        </Button>
        <Button size="sm" look="ghost" icon={<Trash2 aria-hidden />} onClick={() => setAsking(true)}>
          {t("parked.discard")}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("parked.discardTitle")}
        description={t("parked.discardBody")}
        confirmLabel={t("parked.discard")}
        onConfirm={() => call("parked.discard")}
      />
    </li>
  );
}

/** What a record, or a message of records, is about. */
function kindOf(record: Record<string, unknown>): string | null {
  if (typeof record.kind === "string") return record.kind;
  const first: unknown = Array.isArray(record.records) ? record.records[0] : record.record;
  return typeof first === "object" && first !== null ? kindOf(first as Record<string, unknown>) : null;
}
