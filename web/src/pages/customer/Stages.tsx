import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Skeleton } from "@/components/ui/Skeleton";
import { Tooltip } from "@/components/ui/Tooltip";
import { stageOf, type Lifecycle } from "@/data/customers";
import { callConsole } from "@/data/console";
import { stageSpans, type StageSpan, type StageTurn } from "@/data/customers-one";
import type { Row } from "@/data/live";
import type { Customer, Overview } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { LIFECYCLE_TONE } from "../customers/columns";

const FILL: Record<Lifecycle, string> = {
  lead: "bg-line-strong",
  new: "bg-primary/60",
  active: "bg-good/55",
  loyal: "bg-good",
  "at risk": "bg-wait/70",
  lost: "bg-bad/70",
  "won back": "bg-primary",
};

const SHOWN = 4;

interface Told {
  stages: StageTurn[];
  cut: boolean;
}

/** The stage of this customer's life now, and all stages before it on a strip and in words. */
export function Stages({ customer, overview }: { customer: Row<Customer>; overview: Overview | null }) {
  const { t } = useTranslation(["customer", "customers"]);
  const format = useFormat();
  const [all, setAll] = useState(false);
  const { told, failed, retry } = useHistory(customer);
  const stage = stageOf(customer);
  const asOf = overview?.asOf.toMillis() ?? Date.now();
  const spans = told ? stageSpans(told.stages, asOf) : [];
  const newest = [...spans].reverse();
  return (
    <Card
      title={t("stage.title")}
      actions={stage && <Badge tone={LIFECYCLE_TONE[stage]}>{t(`customers:lifecycle.${stage}`)}</Badge>}
    >
      {failed ? (
        <p className="text-table text-muted">
          {t("stage.failed")}{" "}
          <Button look="link" className="text-table" onClick={retry}>
            {t("stage.retry")}
          </Button>
        </p>
      ) : !told ? (
        <Skeleton className="h-16 w-full" />
      ) : spans.length === 0 ? (
        <p className="text-table text-muted">{t("stage.empty")}</p>
      ) : (
        <>
          <ol className="mb-3 flex h-3 gap-px overflow-hidden rounded-full" aria-label={t("stage.strip")}>
            {spans.map((span) => (
              <Tooltip key={span.at} content={<Said span={span} />}>
                <li
                  tabIndex={0}
                  className={cx("h-full focus-visible:outline-offset-[-2px]", FILL[span.stage])}
                  style={{ width: `${span.share * 100}%` }}
                >
                  <span className="sr-only">{t(`customers:lifecycle.${span.stage}`)}</span>
                </li>
              </Tooltip>
            ))}
          </ol>
          <ul className="flex flex-col gap-2">
            {(all ? newest : newest.slice(0, SHOWN)).map((span) => (
              <li key={span.at} className="grid grid-cols-[10px_minmax(0,1fr)_auto] items-baseline gap-x-2 text-table">
                <span className={cx("size-2.5 rounded-full", FILL[span.stage])} aria-hidden />
                <span className="font-medium">{t(`customers:lifecycle.${span.stage}`)}</span>
                <span className="text-small text-faint">{format.date(new Date(span.at))}</span>
                <span className="col-start-2 col-end-4 text-small text-muted">{format.text(span.why)}</span>
              </li>
            ))}
          </ul>
          {newest.length > SHOWN && (
            <Button look="link" className="mt-2 text-table" onClick={() => setAll(!all)}>
              {all ? t("stage.less") : t("stage.more", { count: newest.length - SHOWN })}
            </Button>
          )}
          {told.cut && <p className="mt-2 text-small text-faint">{t("stage.cut")}</p>}
        </>
      )}
    </Card>
  );
}

function Said({ span }: { span: StageSpan }) {
  const { t } = useTranslation(["customer", "customers"]);
  const format = useFormat();
  return (
    <>
      <b>{t(`customers:lifecycle.${span.stage}`)}</b>
      <br />
      {span.until
        ? t("stage.from", { from: format.date(new Date(span.at)), until: format.date(new Date(span.until)) })
        : t("stage.since", { from: format.date(new Date(span.at)) })}
      <br />
      {format.text(span.why)}
    </>
  );
}

/** Asked anew when an order or an account came or went, and when the stage turned. */
function useHistory({ id, stats, aliases, lifecycleStage }: Row<Customer>) {
  const [told, setTold] = useState<Told | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const moved = JSON.stringify([stats.orders, stats.lastOrderAt, aliases, lifecycleStage]);
  useEffect(() => {
    let ended = false;
    setFailed(false);
    callConsole<Told>("people.history", { customerId: id }).then(
      (answer) => !ended && setTold(answer),
      () => !ended && setFailed(true),
    );
    return () => {
      ended = true;
    };
  }, [id, moved, attempt]);
  return { told, failed, retry: useCallback(() => setAttempt((count) => count + 1), []) };
}
