import { useTranslation } from "react-i18next";

import { Bars } from "@/components/figures/Bars";
import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Interval } from "@/components/figures/Interval";
import { Card } from "@/components/ui/Card";
import { MoodIcon, MOODS } from "@/components/words/moods";
import { MoodStrip } from "@/components/words/MoodStrip";
import type { EmotionFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { languageName } from "./languageName";

/** Everybody's mood with its interval, and how much of what was written could be read at all. */
export function Overall({ figures }: { figures: EmotionFigures }) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  const overall = figures.overall;
  const points = (value: number) => format.number(value * 100, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const languages = Object.entries(figures.languages).sort((a, b) => b[1] - a[1]);
  const unread = figures.texts - figures.scored;
  return (
    <div className="grid gap-5 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Card
        title={
          <>
            {t("overall.title")} <Info about={t("overall.title")}>{t("overall.made")}</Info>
          </>
        }
        hint={overall && t("overall.hint", { count: overall.n, number: format.number(overall.n) })}
      >
        {!overall ? (
          <NotYet>{t("overall.none")}</NotYet>
        ) : (
          <>
            <MoodStrip groups={overall.groups} words={false} className="[&>div]:h-5" />
            <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-1.5 sm:grid-cols-3">
              {MOODS.map((mood) => (
                <div key={mood} className="flex items-center gap-2 text-table">
                  <MoodIcon mood={mood} className="size-4 shrink-0" />
                  <dt className="min-w-0 flex-1 text-muted">{t(`words:mood.${mood}`)}</dt>
                  <dd className="tabular font-semibold">{format.percent(overall.groups[mood], 0)}</dd>
                </div>
              ))}
            </dl>
            <div className="mt-5 border-t pt-4">
              <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-table">
                <span className="font-medium">
                  {t("sentiment.title")} <Info about={t("sentiment.title")}>{t("sentiment.made")}</Info>
                </span>
                <span className="tabular">
                  <b className="text-h2 font-semibold text-infer">{points(overall.sentiment)}</b>{" "}
                  <span className="text-small text-faint">{t("sentiment.interval", { low: points(overall.low), high: points(overall.high) })}</span>
                </span>
              </p>
              <Interval
                value={overall.sentiment}
                low={overall.low}
                high={overall.high}
                from={-1}
                to={1}
                line={0}
                tone="infer"
                label={t("sentiment.label", { value: points(overall.sentiment), low: points(overall.low), high: points(overall.high) })}
                className="mt-1"
              />
              <p className="flex justify-between text-small text-faint" aria-hidden>
                <span>{t("sentiment.worst")}</span>
                <span>0</span>
                <span>{t("sentiment.best")}</span>
              </p>
            </div>
          </>
        )}
      </Card>
      <Card title={t("read.title")} hint={t("read.hint", { scored: format.number(figures.scored), texts: format.number(figures.texts), share: format.percent(figures.texts > 0 ? figures.scored / figures.texts : 0, 0) })}>
        <Bars
          tone="infer"
          bars={languages.slice(0, 4).map(([tag, count]) => ({ id: tag, label: languageName(tag, format.language) ?? t("read.unknown"), value: count, text: format.number(count) }))}
        />
        {unread > 0 && (
          <dl className="mt-4 grid grid-cols-3 gap-3 border-t pt-3">
            {(
              [
                ["notSupported", figures.notSupported],
                ["tooShort", figures.tooShort],
                ["optedOut", figures.optedOut],
              ] as const
            ).map(([id, count]) => (
              <div key={id}>
                <dt className="text-small text-muted">{t(`read.${id}`)}</dt>
                <dd className="tabular text-h3 font-semibold">{format.number(count)}</dd>
              </div>
            ))}
          </dl>
        )}
      </Card>
    </div>
  );
}
