import { CircleAlert, CircleCheck, Play } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { useQuery, type Row } from "@/data/live";
import type { Schedule } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** What runs by the clock: the next and the last time of each, and a way to run it now. */
export function Schedules() {
  const { t } = useTranslation("runs");
  const live = useQuery<Schedule>({ collection: "config/schedules/jobs" });
  return (
    <Card title={t("schedules.title")} hint={t("schedules.hint")}>
      {live.state === "loading" ? (
        <SkeletonRows rows={2} />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : live.data.length === 0 ? (
        <p className="text-body text-muted">{t("schedules.empty")}</p>
      ) : (
        <ul className="flex flex-col gap-4">
          {live.data.map((schedule) => (
            <ScheduleItem key={schedule.id} schedule={schedule} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ScheduleItem({ schedule }: { schedule: Row<Schedule> }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const role = useRole();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await callConsole("job.tick", { job: schedule.job });
      toast({ tone: "good", title: t("schedules.started", { job: t(`job.${schedule.job}`) }) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="flex items-start justify-between gap-3">
      <div className="min-w-0">
        <p className="text-body font-medium">{t(`job.${schedule.job}`)}</p>
        <p className="text-small text-muted">{t(`jobHint.${schedule.job}`)}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-small text-faint">
          {t("schedules.next")} <Time at={schedule.nextAt} className="text-muted" />
          {schedule.lastAt && (
            <>
              <span aria-hidden>·</span>
              {schedule.lastOk === false ? (
                <CircleAlert className="size-3.5 text-bad" aria-hidden />
              ) : (
                <CircleCheck className="size-3.5 text-good" aria-hidden />
              )}
              {t(schedule.lastOk === false ? "schedules.lastFailed" : "schedules.last")}{" "}
              <Time at={schedule.lastAt} className="text-muted" />
            </>
          )}
        </p>
      </div>
      {may(role, "runJobs") && (
        <Button size="sm" busy={busy} icon={<Play aria-hidden />} onClick={() => void run()}>
          {t("schedules.now")}
        </Button>
      )}
    </li>
  );
}
