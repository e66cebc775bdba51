import { Link } from "@tanstack/react-router";
import { ArrowDownRight, ArrowUpRight, MessageSquareText } from "lucide-react";
import { useTranslation } from "react-i18next";

import { may, whoMay } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Info } from "@/components/figures/Info";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { MoodIcon } from "@/components/words/moods";
import { MoodLegend, MoodStrip } from "@/components/words/MoodStrip";
import { SentenceOf } from "@/components/words/Sentence";
import { changeOfWeek, useEmotionFigures } from "@/data/emotions";
import type { WeekMood } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The newest week with words beside the one before, what changed most, and the three texts behind it. */
export function MoodOfWeek({ enabled }: { enabled: boolean }) {
  const { t, i18n } = useTranslation("overview");
  const format = useFormat();
  const role = useRole();
  const live = useEmotionFigures(enabled);
  const figures = live.data ?? null;
  const change = changeOfWeek(figures?.weeks ?? []);
  const newest = figures?.weeks.at(-1);
  const roles = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(whoMay("readWords").map((each) => t(`common:role.${each}`)));
  return (
    <Card
      title={
        <>
          {t("mood.title")} <Info about={t("mood.title")}>{t("mood.made", { date: figures ? format.date(figures.asOf) : "—" })}</Info>
        </>
      }
      hint={newest ? t("mood.hint", { date: format.date(newest.start), count: newest.n, number: format.number(newest.n) }) : undefined}
      actions={
        <Button size="sm" look="ghost" asChild>
          <Link to="/emotions">{t("mood.open")}</Link>
        </Button>
      }
    >
      {live.state === "loading" ? (
        <SkeletonRows rows={5} />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : !newest ? (
        <EmptyState icon={<MessageSquareText aria-hidden />} title={t("mood.none")} className="py-6">
          {t("mood.noneBody")}
        </EmptyState>
      ) : (
        <>
          <Week week={newest} label={t("mood.now")} />
          {change && <Week week={change.before} label={t("mood.before")} />}
          <MoodLegend className="mt-3" />
          {change && Math.abs(change.biggest.by) >= 0.005 && (
            <p className="mt-3 flex items-start gap-2 border-t pt-3 text-table">
              <MoodIcon mood={change.biggest.mood} className="mt-0.5 size-4 shrink-0" />
              <span>
                {t(change.biggest.by > 0 ? "mood.rose" : "mood.fell", {
                  mood: t(`words:mood.${change.biggest.mood}`),
                  by: format.number(Math.abs(change.biggest.by) * 100, { maximumFractionDigits: 0 }),
                  share: format.percent(change.now.groups[change.biggest.mood], 0),
                })}
                {change.biggest.by > 0 ? <ArrowUpRight className="ml-1 inline size-3.5" aria-hidden /> : <ArrowDownRight className="ml-1 inline size-3.5" aria-hidden />}
              </span>
            </p>
          )}
          {figures && figures.behind.length > 0 && (
            <div className="mt-3">
              <p className="mb-2 text-small text-muted">{t("mood.behind")}</p>
              {may(role, "readWords") ? (
                <ul className="flex flex-col gap-2">
                  {figures.behind.map((id) => (
                    <li key={id}>
                      <SentenceOf id={id} />
                    </li>
                  ))}
                </ul>
              ) : (
                <p className="rounded-md border px-4 py-3 text-table text-muted">{t("mood.denied", { roles })}</p>
              )}
            </div>
          )}
        </>
      )}
    </Card>
  );
}

function Week({ week, label }: { week: WeekMood; label: string }) {
  return (
    <div className="mb-2 grid grid-cols-[6rem_minmax(0,1fr)] items-start gap-3">
      <span className="text-small text-muted">{label}</span>
      <MoodStrip groups={week.groups} className="pt-0.5" />
    </div>
  );
}
