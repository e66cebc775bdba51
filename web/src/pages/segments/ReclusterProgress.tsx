import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Progress } from "@/components/ui/Progress";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { type Row, useQuery } from "@/data/live";
import { progress } from "@/data/runs";
import type { Run } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The newest recluster among the last jobs; null when there was none. */
export function useReclusterRun(): Row<Run> | null {
  // Sorted only: a filter on the kind would want an index for a list of ten.
  const runs = useQuery<Run>({ collection: "runs", orderBy: [["startedAt", "desc"]], limit: 10 });
  return runs.data?.find((run) => run.kind === "recluster") ?? null;
}

/** While a recluster runs: its step and its bar. After a failed one: what is safe. Otherwise nothing. */
export function ReclusterProgress({ run }: { run: Row<Run> }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const role = useRole();
  const [stopping, setStopping] = useState(false);
  if (run.status === "failed") {
    return (
      <Banner tone="bad">
        <p className="font-medium">{t("run.failed")}</p>
        {run.error && <p className="text-muted">{format.text(run.error)}</p>}
      </Banner>
    );
  }
  if (run.status !== "queued" && run.status !== "running") return null;
  const stop = async () => {
    setStopping(true);
    try {
      await callConsole("run.cancel", { runId: run.id });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setStopping(false);
    }
  };
  const share = progress(run);
  return (
    <div role="status" className="flex items-center gap-4 rounded-lg border border-primary/30 bg-primary-soft px-5 py-3.5">
      <RefreshCw className="size-5 shrink-0 animate-spin text-primary-ink [animation-duration:2.4s]" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap justify-between gap-x-4">
          <span className="font-medium">{t("run.title")}</span>
          <span className="tabular text-table text-muted">{share === null ? "" : format.percent(share, 0)}</span>
        </p>
        <p className="mb-1.5 truncate text-table text-muted">{run.status === "queued" ? t("run.queued") : format.text(run.step) || run.title}</p>
        <Progress value={share} label={t("run.title")} />
      </div>
      {may(role, "recluster") && (
        <Button size="sm" busy={stopping} onClick={() => void stop()}>
          {t("run.cancel")}
        </Button>
      )}
    </div>
  );
}
