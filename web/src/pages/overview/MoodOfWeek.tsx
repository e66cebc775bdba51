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
import { useEmotionFigures } from "@/data/emotions";
import type { MoodMove, MoodShares } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The last seven days beside the 28 before, the mood that changed most, and the three texts behind that very change. */
export function MoodOfWeek({ enabled }: { enabled: boolean }) {
  const { t, i18n } = useTranslation("overview");
  const format = useFormat();
  const role = useRole();
  const live = useEmotionFigures(enabled);
  const figures = live.data ?? null;
  const change = figures?.change ?? null;
  const newest = figures?.weeks.at(-1);
  const roles = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(whoMay("readWords").map((each) => t(`common:role.${each}`)));
  return (
    <Card
      title={
        <>
          {t("mood.title")} <Info about={t("mood.title")}>{t("mood.made", { date: figures ? format.date(figures.asOf) : "—" })}</Info>
        </>
      }
      hint={figures && change ? t("mood.hint", { date: format.date(figures.asOf), count: change.now.n, number: format.number(change.now.n) }) : undefined}
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
      ) : !change ? (
        <EmptyState icon={<MessageSquareText aria-hidden />} title={t(newest ? "mood.quiet" : "mood.none")} className="py-6">
          {newest ? t("mood.quietBody", { date: format.date(newest.start) }) : t("mood.noneBody")}
        </EmptyState>
      ) : (
        <>
          <Days of={change.now} label={t("mood.now")} />
          {change.before && <Days of={change.before} label={t("mood.before")} />}
          <MoodLegend className="mt-3" />
          {change.biggest ? (
            <Biggest move={change.biggest} />
          ) : (
            <p className="mt-3 border-t pt-3 text-table text-muted">{t(change.before ? "mood.same" : "mood.alone")}</p>
          )}
          {change.behind.length > 0 && (
            <div className="mt-3">
              <p className="mb-2 text-small text-muted">{t("mood.behind")}</p>
              {may(role, "readWords") ? (
                <ul className="flex flex-col gap-2">
                  {change.behind.map((id) => (
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

/** The change with its interval; `product` where it is in the texts about one. */
function Biggest({ move }: { move: MoodMove }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const points = (value: number, sign: "exceptZero" | "never") => format.number(value * 100, { maximumFractionDigits: 0, signDisplay: sign });
  const mood = t(`words:mood.${move.mood}`);
  const Arrow = move.by > 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <p className="mt-3 flex items-start gap-2 border-t pt-3 text-table">
      <MoodIcon mood={move.mood} className="mt-0.5 size-4 shrink-0" />
      <span>
        {move.productTitle && t("mood.about", { product: move.productTitle })}
        {t(move.by > 0 ? "mood.rose" : "mood.fell", { mood, by: points(move.by, "never"), share: format.percent(move.share, 0) })}
        <Arrow className="mx-1 inline size-3.5" aria-hidden />
        <span className="text-small text-faint">{t("mood.interval", { low: points(move.low, "exceptZero"), high: points(move.high, "exceptZero") })}</span>
      </span>
    </p>
  );
}

function Days({ of, label }: { of: MoodShares; label: string }) {
  return (
    <div className="mb-2 grid grid-cols-[6rem_minmax(0,1fr)] items-start gap-3">
      <span className="text-small text-muted">{label}</span>
      <MoodStrip groups={of.groups} className="pt-0.5" />
    </div>
  );
}
