import { Link } from "@tanstack/react-router";
import { Angry, BellRing, Check, HandHeart, HeartHandshake, Sparkle, UserRound } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useMember } from "@/auth/session";
import { Learning, NotLearned } from "@/components/figures/Learning";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { assignCase, byValue, casesSpec, finishCase, openCase, warningSpec } from "@/data/cases";
import { type Row, useChangedIds, useDoc, useQuery } from "@/data/live";
import { usePredictions } from "@/data/predictions";
import type { Case, Customer } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

const CASES = 4;
const WARNINGS = 4;

/** Open cases and whose risk just rose, each with one press to act. Nothing for a role that may not meet customers. */
export function CareToday() {
  return may(useMember().role, "workCases") ? <Waiting /> : null;
}

function Waiting() {
  const { t } = useTranslation("overview");
  const cases = useQuery<Case>({ ...casesSpec("open"), limit: CASES });
  const figures = usePredictions();
  const asOf = figures.data?.asOf ?? null;
  const warned = useQuery<Customer>(asOf && { ...warningSpec(asOf), limit: 20 });
  const changed = useChangedIds(cases.data);
  const warnings = useMemo(() => {
    const waiting = new Set((cases.data ?? []).map((each) => each.customerId));
    return byValue(warned.data ?? [])
      .filter((customer) => !waiting.has(customer.id))
      .slice(0, WARNINGS);
  }, [warned.data, cases.data]);
  const waiting = cases.state === "loading" || figures.state === "loading" || (asOf !== null && warned.state === "loading");
  const unread = figures.state === "failed" || figures.state === "denied" ? figures : warned.state === "failed" || warned.state === "denied" ? warned : null;
  return (
    <Card
      title={t("care.title")}
      actions={
        <Button size="sm" look="ghost" asChild>
          <Link to="/care">{t("common:showAll")}</Link>
        </Button>
      }
    >
      {cases.state === "failed" || cases.state === "denied" ? (
        <ErrorState onRetry={cases.retry} />
      ) : waiting ? (
        <SkeletonRows rows={4} />
      ) : cases.data?.length === 0 && warnings.length === 0 && !unread ? (
        <Nobody known={asOf !== null} />
      ) : (
        <>
          <ul className="flex flex-col">
            {cases.data?.map((held) => (
              <CaseLine key={held.id} held={held} glowing={changed.has(held.id)} />
            ))}
            {warnings.map((customer) => (
              <WarningLine key={customer.id} customer={customer} />
            ))}
          </ul>
          {unread && (
            <ErrorState title={t("care.failed")} onRetry={unread.retry}>
              {t("care.failedBody")}
            </ErrorState>
          )}
        </>
      )}
    </Card>
  );
}

/** No case, and nobody warned of; or nobody could be warned of, because risks were never worked out (`known` is false). */
function Nobody({ known }: { known: boolean }) {
  const { t } = useTranslation("overview");
  return (
    <EmptyState icon={<HandHeart aria-hidden />} title={t(known ? "care.none" : "care.noCase")} className="py-6">
      {t(known ? "care.noneBody" : "care.noRisk")} {known ? <Learning /> : <NotLearned />}
    </EmptyState>
  );
}

const KIND_ICON = { frustrated: Angry, risk: BellRing, manual: UserRound };

function CaseLine({ held, glowing }: { held: Row<Case>; glowing: boolean }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const member = useMember();
  const customer = useDoc<Customer>(`customers/${held.customerId}`);
  const [busy, setBusy] = useState<"take" | "done" | null>(null);
  const Icon = KIND_ICON[held.kind];
  const run = async (what: "take" | "done", act: () => Promise<boolean>) => {
    setBusy(what);
    await act();
    setBusy(null);
  };
  return (
    <li className={cx("flex flex-wrap items-start gap-x-3 gap-y-2 border-b py-2.5 first:pt-0 last:border-0 last:pb-0", glowing && "glow")}>
      <Icon className={cx("mt-0.5 size-4 shrink-0", held.kind === "frustrated" ? "text-bad" : "text-wait")} aria-hidden />
      <div className="min-w-0 flex-1 basis-44">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Link to="/customers/$customerId" params={{ customerId: held.customerId }} className="rounded-sm text-table font-semibold break-words hover:underline">
            {customer.data?.displayName ?? customer.data?.externalId ?? t("care.customer")}
          </Link>
          <Time at={held.openedAt} className="text-small text-faint" />
        </p>
        <p className="text-small text-muted">{format.text(held.reason)}</p>
      </div>
      <div className="flex items-center gap-1">
        {held.assignee === null ? (
          <Button size="sm" busy={busy === "take"} disabled={busy !== null} onClick={() => void run("take", () => assignCase(held, member.id, format.language, { done: t("care.taken"), undo: t("insights.undo") }))}>
            {t("care.take")}
          </Button>
        ) : (
          <Badge>{held.assignee === member.id ? t("care.mine") : held.assigneeName}</Badge>
        )}
        <Button
          size="icon-sm"
          look="ghost"
          busy={busy === "done"}
          disabled={busy !== null}
          icon={<Check aria-hidden />}
          aria-label={t("care.done")}
          title={t("care.done")}
          onClick={() => void run("done", () => finishCase(held, null, format.language, { done: t("care.closed"), undo: t("insights.undo") }))}
        />
      </div>
    </li>
  );
}

function WarningLine({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const predictions = customer.predictions;
  if (!predictions) return null;
  const open = async () => {
    setBusy(true);
    await openCase(customer.id, null, format.language, { done: t("care.opened"), undo: t("insights.undo") });
    setBusy(false);
  };
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b py-2.5 first:pt-0 last:border-0 last:pb-0">
      <Sparkle className="mt-0.5 size-4 shrink-0 text-infer" aria-hidden />
      <div className="min-w-0 flex-1 basis-44">
        <Link to="/customers/$customerId" params={{ customerId: customer.id }} className="rounded-sm text-table font-semibold break-words hover:underline">
          {customer.displayName ?? customer.externalId ?? t("care.customer")}
        </Link>
        <p className="tabular text-small text-infer">
          {t("care.risk", { share: format.percent(predictions.churn.value, 0), value: format.money(predictions.value.expected, { whole: true }) })}
        </p>
      </div>
      <Button size="sm" busy={busy} icon={<HeartHandshake aria-hidden />} onClick={() => void open()}>
        {t("care.open")}
      </Button>
    </li>
  );
}
