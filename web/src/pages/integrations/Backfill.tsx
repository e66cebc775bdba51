import { Check, CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import { Progress } from "@/components/ui/Progress";
import { Time } from "@/components/ui/Time";
import { stepsOf } from "@/data/connections";
import { useDoc, type Row } from "@/data/live";
import { isActive, isQuiet, remaining } from "@/data/runs";
import type { Connection, Run } from "@/generated/documents";
import { useNow } from "@/pages/imports/ImportLive";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** The reading of everything there is: one bar a thing, and what the job itself says of its pace. */
export function Backfill({ connection }: { connection: Row<Connection> }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const { data: run } = useDoc<Run>(connection.runId ? `runs/${connection.runId}` : null);
  const active = run ? isActive(run) : connection.work === "backfill";
  const now = useNow(active);
  const steps = stepsOf(connection);
  const left = run && active && !isQuiet(run, now) ? remaining(run, now) : null;
  const failed = run?.kind === "backfill" && run.status === "failed";
  return (
    <Card
      title={t("backfill.title")}
      hint={t(connection.work === "backfill" ? "backfill.working" : steps.length === 0 ? "backfill.none" : "backfill.hint")}
      data-section="backfill"
    >
      {steps.length === 0 ? (
        <Progress value={connection.work === "backfill" || connection.status === "connecting" ? null : 0} label={t("backfill.title")} />
      ) : (
        <ul className="flex flex-col gap-3.5">
          {steps.map(({ thing, step, share, now: current }) => (
            <li key={thing} data-thing={thing}>
              <p className="mb-1 flex items-center gap-2 text-table">
                {step.done && <Check className="size-4 text-good" aria-hidden />}
                <span className={cx("flex-1", (current || step.done) && "font-medium", !current && !step.done && "text-muted")}>{t(`thing.${thing}`)}</span>
                <span className="tabular text-muted" data-figure={`seen-${thing}`}>
                  {step.total === null || step.done
                    ? format.number(step.seen)
                    : t("backfill.of", { seen: format.number(step.seen), total: format.number(step.total) })}
                </span>
              </p>
              <Progress value={step.done ? 1 : current ? share : (share ?? 0)} label={t(`thing.${thing}`)} tone={step.done ? "good" : "primary"} />
            </li>
          ))}
        </ul>
      )}
      {run && active && (
        <p className="mt-3 text-small text-muted" aria-live="polite">
          {[
            isQuiet(run, now) ? t("backfill.quiet") : format.text(run.step) || t(`backfill.run.${run.kind === "reconcile" ? "reconcile" : "backfill"}`),
            left ? t("backfill.left", { time: format.duration(left) }) : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      )}
      {failed && (
        <p role="alert" className="mt-3 flex items-start gap-2 text-table text-bad">
          <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {format.text(run.error) || t("backfill.failed")}
        </p>
      )}
      {run?.kind === "backfill" && run.status === "done" && run.finishedAt && (
        <p className="mt-3 text-small text-faint">
          {t("backfill.finished")} <Time at={run.finishedAt} />
        </p>
      )}
    </Card>
  );
}
