import { Activity } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { useChangedIds, type QuerySpec, type Row } from "@/data/live";
import { usePaged } from "@/data/paged";
import { isActive } from "@/data/runs";
import type { Run } from "@/generated/documents";

import { ParkedRecords } from "./ParkedRecords";
import { RunItem } from "./RunItem";
import { Schedules } from "./Schedules";

const SPEC: QuerySpec = { collection: "runs", orderBy: [["startedAt", "desc"]] };

/** Every long job: what works now, what is over and how it ended, what comes next, what needs a person. */
export function RunsPage() {
  const { t } = useTranslation("runs");
  const role = useRole();
  const paged = usePaged<Run>(SPEC, 25);
  const changed = useChangedIds(paged.rows as Row<Run>[]);
  const active = paged.rows.filter(isActive);
  const ended = paged.rows.filter((run) => !isActive(run));
  const now = useClock(active.length > 0);
  const list = (runs: readonly Row<Run>[]) => (
    <ul>
      {runs.map((run) => (
        <RunItem key={run.id} run={run} now={now} changed={changed.has(run.id)} />
      ))}
    </ul>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="flex min-w-0 flex-col gap-4">
          {active.length > 0 && (
            <Card flush title={t("active")}>
              {list(active)}
            </Card>
          )}
          {(ended.length > 0 || active.length === 0) && (
            <Card flush title={t("ended")}>
              {paged.error ? (
                <ErrorState onRetry={paged.retry} />
              ) : paged.loading ? (
                <SkeletonRows className="px-5 pb-5" />
              ) : ended.length === 0 ? (
                <EmptyState icon={<Activity aria-hidden />} title={t("empty.title")}>
                  {t("empty.body")}
                </EmptyState>
              ) : (
                list(ended)
              )}
              {!paged.loading && !paged.complete && (
                <div className="flex justify-center border-t p-3">
                  <Button size="sm" look="ghost" busy={paged.more} onClick={() => paged.show(0, paged.rows.length - 1)}>
                    {t("more")}
                  </Button>
                </div>
              )}
            </Card>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Schedules />
          {may(role, "replayParked") && <ParkedRecords />}
        </div>
      </div>
    </>
  );
}

/** Seconds go by while a job works. */
function useClock(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
