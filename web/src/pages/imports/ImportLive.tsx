import { Link } from "@tanstack/react-router";
import { Check, CircleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Progress } from "@/components/ui/Progress";
import { Skeleton } from "@/components/ui/Skeleton";
import { importProgress, isEnded } from "@/data/imports";
import { useDoc, type Row } from "@/data/live";
import { isQuiet, remaining } from "@/data/runs";
import { useUpload, type Upload } from "@/data/uploads";
import type { Import, Run } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** The bars of one import, live from its documents; `link` adds the way to its page. */
export function ImportLive({ importId, link = false }: { importId: string; link?: boolean }) {
  const { t } = useTranslation("imports");
  const { data: item } = useDoc<Import>(`imports/${importId}`);
  if (!item) return <Skeleton className="h-16 w-full" />;
  return (
    <div className="flex flex-col gap-3">
      <Bars item={item} />
      {link && (
        <div className="flex justify-end">
          <Button asChild size="sm">
            <Link to="/imports/$importId" params={{ importId }}>
              {t(isEnded(item.status) ? "live.result" : "live.open")}
            </Link>
          </Button>
        </div>
      )}
    </div>
  );
}

/** Upload first, then the work: two bars, since they end at different times and only the first needs this window. */
export function Bars({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const upload = useUpload(item.id);
  const { data: run } = useDoc<Run>(`runs/${item.runId}`);
  const now = useNow(!isEnded(item.status));
  const uploading = item.status === "uploading";
  const left = run && remaining(run, now);
  const stopped = item.status === "cancelled" || item.status === "failed";
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Step
        title={t("live.upload")}
        state={uploading ? (stopped ? "stopped" : "now") : "done"}
        value={uploading ? uploadShare(upload) : 1}
        note={
          uploading ? (
            <UploadNote upload={upload} />
          ) : (
            t("live.uploaded", { rows: format.number(item.counts.rows) })
          )
        }
      />
      <Step
        title={t("live.import")}
        state={uploading ? "later" : stopped ? "stopped" : item.status === "done" ? "done" : "now"}
        value={uploading ? 0 : importProgress(item)}
        note={
          uploading
            ? t("live.later")
            : item.status === "done"
              ? t("live.took", {
                  time: format.duration((item.finishedAt ?? item.updatedAt).toMillis() - item.createdAt.toMillis()),
                })
              : stopped
                ? t(`status.${item.status}`)
                : run && isQuiet(run, now)
                  ? t("live.quiet")
                  : [
                      format.text(run?.step) || t(`status.${item.status}`),
                      left ? t("live.left", { time: format.duration(left) }) : null,
                    ]
                      .filter(Boolean)
                      .join(" · ")
        }
      />
    </div>
  );
}

/** Nothing moves when no upload runs here: a bar that seems to go on would keep people waiting. */
const uploadShare = (upload: Upload | undefined): number => (upload && upload.total > 0 ? upload.sent / upload.total : 0);

function UploadNote({ upload }: { upload: Upload | undefined }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  if (!upload) return t("live.elsewhere");
  if (upload.waiting) return t("live.waiting");
  return t("live.sending", { sent: format.bytes(upload.sent), total: format.bytes(upload.total) });
}

interface StepProps {
  title: string;
  state: "later" | "now" | "done" | "stopped";
  value: number | null;
  note: React.ReactNode;
}

function Step({ title, state, value, note }: StepProps) {
  const format = useFormat();
  return (
    <div className={cx("min-w-0", state === "later" && "opacity-60")}>
      <p className="mb-1.5 flex items-center gap-2 text-table font-medium">
        {state === "done" && <Check className="size-4 text-good" aria-hidden />}
        {state === "stopped" && <CircleAlert className="size-4 text-bad" aria-hidden />}
        <span className="flex-1">{title}</span>
        {state === "now" && value !== null && <span className="tabular text-muted">{format.percent(value, 0)}</span>}
      </p>
      <Progress
        label={title}
        value={state === "stopped" ? (value ?? 0) : value}
        tone={state === "done" ? "good" : state === "stopped" ? "bad" : "primary"}
      />
      <p className="mt-1.5 text-small text-muted" aria-live="polite">
        {note}
      </p>
    </div>
  );
}

/** A clock that ticks while something runs. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
