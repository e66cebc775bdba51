import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleSlash, Clock, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { Progress } from "@/components/ui/Progress";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { useChangedIds, useQuery } from "@/data/live";
import { progress } from "@/data/runs";
import type { Run } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

const ICON = {
  queued: <Clock className="text-wait" aria-hidden />,
  running: <LoaderCircle className="animate-spin text-primary-ink" aria-hidden />,
  done: <CircleCheck className="text-good" aria-hidden />,
  failed: <CircleAlert className="text-bad" aria-hidden />,
  cancelled: <CircleSlash className="text-faint" aria-hidden />,
};

/** The newest jobs and how they went. */
export function LastRuns({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const runs = useQuery<Run>(enabled ? { collection: "runs", orderBy: [["startedAt", "desc"]], limit: 6 } : null);
  const changed = useChangedIds(runs.data);
  return (
    <Card
      title={t("runs.title")}
      actions={
        <Button size="sm" look="ghost" asChild>
          <Link to="/runs">{t("common:showAll")}</Link>
        </Button>
      }
    >
      {runs.state === "loading" ? (
        <SkeletonRows rows={4} />
      ) : runs.state !== "ready" ? (
        <ErrorState onRetry={runs.retry} />
      ) : runs.data.length === 0 ? (
        <p className="py-6 text-center text-muted">{t("runs.empty")}</p>
      ) : (
        <ul className="flex flex-col">
          {runs.data.map((run) => (
            <li key={run.id} className={cx("flex items-start gap-3 border-b py-2.5 last:border-0 [&>svg]:mt-0.5 [&>svg]:size-[18px] [&>svg]:shrink-0", changed.has(run.id) && "glow")}>
              {ICON[run.status]}
              <div className="min-w-0 flex-1">
                <p className="flex items-baseline justify-between gap-3">
                  <span className="truncate text-table font-medium">{t(`runs.kind.${run.kind}`)}</span>
                  <Time at={run.finishedAt ?? run.startedAt} className="shrink-0 text-small text-faint" />
                </p>
                <p className={cx("truncate text-small", run.status === "failed" ? "text-bad" : "text-muted")}>
                  {run.status === "failed" ? format.text(run.error) : run.status === "running" ? format.text(run.step) || run.title : run.title}
                </p>
                {run.status === "running" && <Progress className="mt-1.5" label={run.title} value={progress(run)} />}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
