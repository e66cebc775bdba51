import { useRouter } from "@tanstack/react-router";
import { ArrowRight, BellRing, ChartPie, Coins, type LucideIcon, Package, Repeat, Smile, Sparkle, ThumbsDown, ThumbsUp, X } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Learning, NotLearned } from "@/components/figures/Learning";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { dismissInsight, inOrder, judgeInsight, sizeOf, useInsights } from "@/data/insights";
import { type Row, useChangedIds } from "@/data/live";
import { useLearning } from "@/data/runs";
import { useTrainingEffects } from "@/data/training";
import type { Insight } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { InsightEvidence } from "./InsightEvidence";

const ICON: Record<Insight["kind"], LucideIcon> = { segment: ChartPie, mood: Smile, product: Package, risk: BellRing, revenue: Coins, habit: Repeat };

/** Three to seven things worth knowing, each with its size, what it was compared with, and one thing to do. */
export function Insights({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation("overview");
  const live = useInsights(enabled);
  const insights = useMemo(() => inOrder(live.data ?? []), [live.data]);
  const changed = useChangedIds(live.data);
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-2">
          <Sparkle className="size-4 text-infer" aria-hidden />
          {t("insights.title")}
        </span>
      }
      hint={t("insights.hint")}
    >
      {live.state === "loading" ? (
        <SkeletonRows rows={4} />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : insights.length === 0 ? (
        <Nothing />
      ) : (
        <ol className="flex flex-col">
          {insights.map((insight) => (
            <Item key={insight.id} insight={insight} glowing={changed.has(insight.id)} />
          ))}
        </ol>
      )}
    </Card>
  );
}

/** Nothing found is one thing, never looked another. */
function Nothing() {
  const { t } = useTranslation(["overview", "figures"]);
  const last = useTrainingEffects();
  const learning = useLearning();
  if (last.state === "loading") return <SkeletonRows rows={4} />;
  if (last.state !== "ready") return <ErrorState onRetry={last.retry} />;
  if (!last.data) {
    return (
      <EmptyState icon={<Sparkle aria-hidden />} title={t("figures:notYet")} className="py-6">
        <NotLearned />
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<Sparkle aria-hidden />} title={t(learning ? "insights.looking" : "insights.none")} className="py-6">
      {t(learning ? "insights.lookingBody" : "insights.noneBody")} <Learning />
    </EmptyState>
  );
}

function useSize() {
  const { t } = useTranslation("overview");
  const format = useFormat();
  return (insight: Insight) => {
    const { change, low, high, unit } = sizeOf(insight);
    const say = (value: number) => {
      if (unit === "money") return `${value > 0 ? "+" : ""}${format.money(Math.round(value), { whole: true })}`;
      const scaled = unit === "share" || unit === "points" ? value * 100 : value;
      const digits = unit === "rating" ? 2 : unit === "share" || unit === "days" ? 1 : 0;
      return format.number(scaled, { maximumFractionDigits: digits, signDisplay: "exceptZero" });
    };
    return { change: t(`insights.unit.${unit}`, { value: say(change) }), interval: t("insights.interval", { low: say(low), high: say(high) }) };
  };
}

/** When it was, and what it was held against. */
function useCompared() {
  const { t } = useTranslation("overview");
  const format = useFormat();
  return ({ period: { start, end, beforeStart, beforeEnd } }: Insight) => {
    const span = { start: format.date(start), end: format.date(end) };
    if (!beforeStart || !beforeEnd) return t("insights.period", span);
    // The same days on both sides: it was held against others, not against its own past.
    if (beforeStart.isEqual(start)) return beforeEnd.isEqual(end) ? t("insights.apart", span) : t("insights.since", span);
    return t("insights.compared", { ...span, beforeStart: format.date(beforeStart), beforeEnd: format.date(beforeEnd) });
  };
}

function Item({ insight, glowing }: { insight: Row<Insight>; glowing: boolean }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const role = useRole();
  const router = useRouter();
  const size = useSize()(insight);
  const Icon = ICON[insight.kind];
  const tone = insight.good === null ? "text-infer" : insight.good ? "text-good" : "text-bad";
  const compared = useCompared()(insight);
  return (
    <li className={cx("flex gap-3 border-b py-3.5 first:pt-0 last:border-0 last:pb-0", glowing && "glow")}>
      <span className="mt-0.5 flex size-8 shrink-0 items-center justify-center rounded-full bg-infer-soft text-infer">
        <Icon className="size-4" aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <h3 className="min-w-0 font-semibold">{format.text(insight.title)}</h3>
          <p className="tabular text-table">
            <b className={cx("font-semibold", tone)}>{size.change}</b> <span className="text-small text-faint">{size.interval}</span>
          </p>
        </div>
        <p className="text-table text-muted">{format.text(insight.body)}</p>
        <p className="text-small text-faint">{compared}</p>
        <div className="mt-1.5 flex flex-wrap items-center gap-x-1 gap-y-1.5">
          <div className="mr-auto flex flex-wrap items-center gap-1">
            <Button size="sm" asChild>
              <a
                href={insight.action.to}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  router.history.push(insight.action.to);
                }}
              >
                {format.text(insight.action.label)}
                <ArrowRight aria-hidden />
              </a>
            </Button>
            <InsightEvidence insight={insight} />
          </div>
          <span className="text-small text-faint" id={`useful-${insight.id}`}>
            {t("insights.useful")}
          </span>
          <span role="group" aria-labelledby={`useful-${insight.id}`} className="inline-flex">
            {([true, false] as const).map((answer) => {
              const on = insight.useful === answer;
              const Thumb = answer ? ThumbsUp : ThumbsDown;
              return (
                <Button
                  key={String(answer)}
                  look="ghost"
                  size="icon-sm"
                  aria-pressed={on}
                  aria-label={t(answer ? "insights.yes" : "insights.no")}
                  title={t(answer ? "insights.yes" : "insights.no")}
                  className={cx(on && "bg-primary-soft text-primary-ink")}
                  onClick={() => void judgeInsight(insight.id, on ? null : answer, format.language)}
                >
                  <Thumb className={cx(on && "fill-current")} aria-hidden />
                </Button>
              );
            })}
          </span>
          {may(role, "judgeInsights") && (
            <Button
              look="ghost"
              size="icon-sm"
              aria-label={t("insights.dismiss")}
              title={t("insights.dismiss")}
              onClick={() => void dismissInsight(insight.id, format.language, { done: t("insights.dismissed"), undo: t("insights.undo") })}
            >
              <X aria-hidden />
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}
