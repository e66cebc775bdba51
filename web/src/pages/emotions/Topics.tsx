import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Interval } from "@/components/figures/Interval";
import { Card } from "@/components/ui/Card";
import { MoodIcon } from "@/components/words/moods";
import type { TopicMood } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import type { Open } from "./EmotionsPage";
import { languageName } from "./languageName";

/** What people speak of when a mood is more frequent than elsewhere; each topic opens its sentences. */
export function Topics({ topics, onOpen }: { topics: readonly TopicMood[]; onOpen: (open: Open) => void }) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  const points = (value: number) => format.number(value * 100, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const top = Math.max(...topics.map((topic) => topic.high), 0.01);
  return (
    <Card
      title={
        <>
          {t("topics.title")} <Info about={t("topics.title")}>{t("topics.made")}</Info>
        </>
      }
      hint={t("topics.hint")}
    >
      {topics.length === 0 ? (
        <NotYet>{t("topics.none")}</NotYet>
      ) : (
        <ul className="-mx-2 flex flex-col">
          {topics.map((topic) => {
            const name = format.text(topic.name);
            const mood = t(`words:mood.${topic.mood}`);
            const by = { by: points(topic.share - topic.others), low: points(topic.low), high: points(topic.high) };
            const languages = Object.entries(topic.languages).map(([tag, count]) =>
              t("topics.language", { language: languageName(tag, format.language) ?? t("read.unknown"), number: format.number(count) }),
            );
            return (
              <li key={topic.topic} className="border-b last:border-0">
                <button
                  type="button"
                  onClick={() => onOpen({ cell: { kind: "texts", mood: topic.mood, ids: topic.feedback }, title: t("heat.cellTitle", { mood, name }) })}
                  className="grid w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-1 rounded-md px-2 py-2 text-left text-table hover:bg-subtle md:grid-cols-[minmax(0,2fr)_minmax(120px,1fr)_56px_200px]"
                >
                  <span className="min-w-0">
                    <span className="flex items-center gap-1.5 font-medium">
                      <MoodIcon mood={topic.mood} className="size-4 shrink-0" />
                      {t("topics.moves", { name, mood })}
                    </span>
                    <span className="block text-small text-faint">
                      {t("heat.textsOf", { count: topic.n, number: format.number(topic.n) })} · {languages.join(" · ")}
                    </span>
                  </span>
                  <Interval
                    value={topic.share - topic.others}
                    low={topic.low}
                    high={topic.high}
                    from={0}
                    to={top}
                    tone="infer"
                    label={t("topics.label", by)}
                    className="order-last col-span-2 md:order-none md:col-span-1"
                  />
                  <span className="tabular hidden text-right font-semibold text-infer md:block">{by.by}</span>
                  <span className="tabular text-right text-small text-muted">{t("topics.against", { share: format.percent(topic.share, 0), others: format.percent(topic.others, 0) })}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
