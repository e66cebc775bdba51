import { Link } from "@tanstack/react-router";
import { CircleStop } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Progress } from "@/components/ui/Progress";
import { Time } from "@/components/ui/Time";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import type { Row } from "@/data/live";
import { duration, isActive, isQuiet, mayCancel, progress, remaining } from "@/data/runs";
import type { Run } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { KIND_ICON, STATUS } from "./look";

/** One job: what it is, how far or how it ended, how long; an error comes with its way out. */
export function RunItem({ run, now, changed }: { run: Row<Run>; now: number; changed: boolean }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const Icon = KIND_ICON[run.kind];
  const active = isActive(run);
  const share = progress(run);
  const quiet = isQuiet(run, now);
  const left = quiet ? null : remaining(run, now);
  const { tone, icon } = STATUS[run.status];
  const time = format.duration(duration(run, now));
  return (
    <li className={cx("flex gap-4 border-b px-5 py-4 last:border-b-0", changed && !active && "glow")}>
      <span className="mt-0.5 flex size-9 shrink-0 items-center justify-center rounded-md bg-subtle text-muted">
        <Icon className="size-[18px]" aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="min-w-0 truncate text-body font-medium">
            {t(`kind.${run.kind}`)}
            {NAMED.includes(run.kind) && <span className="text-muted"> · {run.title}</span>}
          </h3>
          <Badge tone={tone} icon={icon}>
            {t(`status.${run.status}`)}
          </Badge>
          <span className="ml-auto text-small text-faint">
            <Time at={run.startedAt} />
          </span>
        </div>
        {active && (
          <>
            <Progress className="mt-2" value={share} label={t(`kind.${run.kind}`)} />
            <p className="mt-1.5 flex flex-wrap justify-between gap-x-4 text-small text-muted" aria-live="polite">
              <span>
                {quiet
                  ? t("quiet")
                  : format.text(run.step) || t(run.status === "queued" ? "waiting" : "working")}
              </span>
              <span className="tabular">
                {run.total !== null && t("of", { done: format.number(run.done), total: format.number(run.total) })}
                {left !== null && ` · ${t("left", { time: format.duration(left) })}`}
              </span>
            </p>
          </>
        )}
        {run.status === "failed" && (
          <p className="mt-1 text-table text-bad" role="alert">
            {format.text(run.error) || t("failed")}
          </p>
        )}
        {!active && (
          <p className="mt-0.5 text-small text-muted">
            {[
              t("took", { time }),
              ...results(run, format, (key) => t(`result.${key}`)),
            ].join(" · ")}
          </p>
        )}
        <RunActions run={run} />
      </div>
    </li>
  );
}

/** Several files or shops may be at work at once: these jobs say which. */
const NAMED: readonly Run["kind"][] = ["import", "backfill", "reconcile"];

const FIGURES = [
  "rows",
  "created",
  "updated",
  "unchanged",
  "rejected",
  "repeated",
  "parked",
  "customers",
  "orders",
  "feedback",
  "products",
  "carts",
  "reviews",
  "checked",
  "missing",
  "stale",
  "extra",
  "repaired",
  "unrepaired",
  "k",
  "eligible",
  "moved",
  "silhouette",
  "removed",
] as const;

/** The figures of a job's result, those that are there and not zero. */
function results(run: Run, format: ReturnType<typeof useFormat>, name: (key: (typeof FIGURES)[number]) => string): string[] {
  return FIGURES.flatMap((key) => {
    const value = run.result[key];
    return typeof value === "number" && value !== 0 ? [`${name(key)} ${format.number(value, { maximumFractionDigits: 2 })}`] : [];
  });
}

function RunActions({ run }: { run: Row<Run> }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const role = useRole();
  const [busy, setBusy] = useState(false);
  const importId = run.kind === "import" && run.ref?.startsWith("imports/") ? run.ref.slice("imports/".length) : null;
  const connectionId = run.ref?.startsWith("connections/") ? (run.ref.split("/")[1] ?? null) : null;
  const cancel = async () => {
    setBusy(true);
    try {
      await callConsole("run.cancel", { runId: run.id });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };
  const links = (importId && may(role, "import")) || connectionId || (run.kind === "recluster" && run.status === "done");
  if (!links && !mayCancel(run, role)) return null;
  return (
    <div className="mt-2 flex flex-wrap gap-4 text-table">
      {importId && may(role, "import") && (
        <Button look="link" asChild>
          <Link to="/imports/$importId" params={{ importId }}>
            {t("openImport")}
          </Link>
        </Button>
      )}
      {connectionId && (
        <Button look="link" asChild>
          <Link to="/integrations/$connectionId" params={{ connectionId }}>
            {t("openConnection")}
          </Link>
        </Button>
      )}
      {run.kind === "recluster" && run.status === "done" && (
        <Button look="link" asChild>
          <Link to="/segments">{t("openSegments")}</Link>
        </Button>
      )}
      {mayCancel(run, role) && (
        <Button look="link" busy={busy} icon={<CircleStop aria-hidden />} onClick={() => void cancel()}>
          {t("cancel")}
        </Button>
      )}
    </div>
  );
}
