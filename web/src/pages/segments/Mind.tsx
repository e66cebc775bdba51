import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { AsOf } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { MoodIcon, MOODS } from "@/components/words/moods";
import { MoodStrip } from "@/components/words/MoodStrip";
import { Traits } from "@/components/words/Traits";
import { type Row, useDoc } from "@/data/live";
import type { PredictionFigures, Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The mood of the members' words, with how many of them wrote any. */
export function SegmentMood({ segment }: { segment: Row<Segment> }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const mood = segment.mood;
  return (
    <Card
      title={
        <>
          {t("mood.title")} <Info about={t("mood.title")}>{t("mood.made")}</Info>
        </>
      }
      hint={t("mood.known", { customers: format.number(segment.moodCustomers), size: format.number(segment.size) })}
      actions={
        <Button size="sm" look="ghost" asChild>
          <Link to="/emotions">{t("mood.open")}</Link>
        </Button>
      }
    >
      {mood ? (
        <>
          <MoodStrip groups={mood} words={false} className="[&>div]:h-4" />
          <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-1.5">
            {MOODS.map((each) => (
              <div key={each} className="flex items-center gap-2 text-table">
                <MoodIcon mood={each} className="size-4 shrink-0" />
                <dt className="min-w-0 flex-1 text-muted">{t(`words:mood.${each}`)}</dt>
                <dd className="tabular font-semibold">{format.percent(mood[each], 0)}</dd>
              </div>
            ))}
          </dl>
          {segment.sentiment !== null && segment.sentiment !== undefined && (
            <p className="mt-3 border-t pt-3 text-table text-muted">
              {t("mood.sentiment", { value: format.number(segment.sentiment * 100, { maximumFractionDigits: 0, signDisplay: "exceptZero" }) })}
            </p>
          )}
        </>
      ) : (
        <p className="py-4 text-muted">{t("mood.noneBody")}</p>
      )}
    </Card>
  );
}

/** Five traits with intervals, or why nothing is said. */
export function SegmentPersonality({ segment }: { segment: Row<Segment> }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  return (
    <Card
      title={
        <span className="inline-flex flex-wrap items-center gap-2">
          {t("ocean.title")}
          <Info about={t("ocean.title")}>{t("ocean.made")}</Info>
        </span>
      }
      hint={segment.basis ? t("ocean.known", { share: format.percent(segment.basis.oceanKnown, 0) }) : undefined}
    >
      {segment.ocean ? <Traits ocean={segment.ocean} /> : <p className="py-4 text-muted">{t("ocean.none")}</p>}
    </Card>
  );
}

/** What is predicted for the members together: from the one document of the predictions page. */
export function SegmentPredictions({ segment }: { segment: Row<Segment> }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const figures = useDoc<PredictionFigures>("metrics/predictions");
  const line = figures.data?.segments.find((each) => each.segmentId === segment.id) ?? null;
  return (
    <Card
      title={
        <span className="inline-flex flex-wrap items-center gap-2">
          {t("predictions.title")}
          <Badge tone="infer">{t("figures:inferred")}</Badge>
        </span>
      }
      hint={line ? t("predictions.of", { count: line.customers, number: format.number(line.customers) }) : undefined}
      actions={figures.data && <AsOf asOf={figures.data.asOf} computedAt={figures.data.computedAt} />}
    >
      {figures.state === "loading" ? (
        <SkeletonRows rows={3} />
      ) : figures.state !== "ready" ? (
        <ErrorState onRetry={figures.retry} />
      ) : !line ? (
        <p className="py-4 text-muted">{t("predictions.none")}</p>
      ) : (
        <dl className="flex flex-col gap-3">
          <Predicted label={t("predictions.value")} value={format.money(line.value, { whole: true })} note={t("predictions.valueEach", { value: format.money(line.value !== null && line.customers > 0 ? Math.round(line.value / line.customers) : null) })} about={t("predictions.valueMade")} />
          <Predicted label={t("predictions.churn")} value={format.percent(line.churn, 0)} about={t("predictions.churnMade", { days: figures.data?.churnDays ?? "—" })} />
          <Predicted label={t("predictions.intent")} value={format.percent(line.intent, 0)} about={t("predictions.intentMade")} />
        </dl>
      )}
    </Card>
  );
}

function Predicted({ label, value, note, about }: { label: string; value: string; note?: string; about: string }) {
  return (
    <div>
      <dt className="text-small text-muted">
        {label} <Info about={label}>{about}</Info>
      </dt>
      <dd className="tabular text-h2 font-semibold text-infer">{value}</dd>
      {note && <dd className="text-small text-faint">{note}</dd>}
    </div>
  );
}
