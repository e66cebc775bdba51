import { LogIn, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { toast } from "@/components/ui/toast-store";
import { useDeferred } from "@/data/cleaning";
import { callConsole, toConsoleError } from "@/data/console";
import { useQuery, type Row } from "@/data/live";
import type { SetAside } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

const AT_ONCE = 50;

/** Records that a rule kept out of the figures, whole, until somebody lets them in or discards them. */
export function SetAsideList({ origin, title }: { origin: string; title?: string }) {
  const { t } = useTranslation("cleaning");
  const format = useFormat();
  const live = useQuery<SetAside>({
    collection: "setAside",
    where: [
      ["origin", "==", origin],
      ["status", "==", "set aside"],
    ],
    limit: AT_ONCE,
  });
  const { hidden, defer, undo } = useDeferred(async (id) => {
    try {
      await callConsole("setAside.discard", { id });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  });
  const records = (live.data ?? [])
    .filter((record) => !hidden.has(record.id))
    .sort((left, right) => right.at.toMillis() - left.at.toMillis());
  const discard = (record: Row<SetAside>) => {
    defer(record.id);
    toast({ tone: "plain", title: t("aside.discarded"), action: { label: t("aside.undo"), run: () => undo(record.id) } });
  };
  return (
    <Card
      title={title ?? t("aside.title")}
      hint={t("aside.hint")}
      actions={
        records.length > 0 && (
          <Badge tone="wait">
            <span data-figure="set-aside">{format.number(records.length)}</span>
            {(live.data?.length ?? 0) >= AT_ONCE && "+"}
          </Badge>
        )
      }
      data-section="set-aside"
    >
      {live.state === "loading" ? (
        <SkeletonRows rows={2} />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : records.length === 0 ? (
        <p className="text-body text-muted">{t("aside.none")}</p>
      ) : (
        <ul className="-my-3">
          {records.map((record) => (
            <SetAsideItem key={record.id} record={record} onDiscard={() => discard(record)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function SetAsideItem({ record, onDiscard }: { record: Row<SetAside>; onDiscard: () => void }) {
  const { t } = useTranslation("cleaning");
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const letIn = async () => {
    setBusy(true);
    try {
      await callConsole("setAside.letIn", { id: record.id });
      toast({ tone: "good", title: t("aside.letInDone") });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      setBusy(false);
    }
  };
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b py-3 last:border-b-0" data-set-aside={record.id}>
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-baseline gap-x-2 text-table">
          <span className="font-medium">{t(`thing.${record.thing}`, { defaultValue: record.thing })}</span>
          {record.externalId && <span className="font-mono text-small break-all text-muted">{record.externalId}</span>}
          <span className="text-small text-faint">
            {t(`rule.${record.rule}`, { defaultValue: record.rule })} · <Time at={record.at} />
          </span>
        </p>
        <p className="text-table text-muted">{format.text(record.reason)}</p>
        <details className="mt-1 text-small">
          <summary className="w-fit cursor-pointer rounded-sm text-muted hover:text-ink">{t("aside.show")}</summary>
          <pre className="mt-1 max-h-56 overflow-auto rounded-md bg-subtle p-3 font-mono text-micro whitespace-pre-wrap break-all">{pretty(record.record)}</pre>
        </details>
      </div>
      <div className="flex gap-2">
        <Button size="sm" busy={busy} icon={<LogIn aria-hidden />} data-action="let-in" onClick={() => void letIn()}>
          {t("aside.letIn")}
        </Button>
        <Button size="sm" look="ghost" disabled={busy} icon={<Trash2 aria-hidden />} data-action="discard" onClick={onDiscard}>
          {t("aside.discard")}
        </Button>
      </div>
    </li>
  );
}

/** The record as it came, easy on the eye where it is JSON. */
function pretty(record: Record<string, string>): string {
  const text = record.json ?? JSON.stringify(record);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
