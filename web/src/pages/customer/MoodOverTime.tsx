import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { MOOD_LOOK } from "@/components/words/moods";
import { moodPoints, moodsSpec } from "@/data/customer-mind";
import { everyId } from "@/data/customers-one";
import { useQuery, type Row } from "@/data/live";
import type { Customer, Emotion } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Pixels. */
const HEIGHT = 72;

/** Each scored text as a dot, upwards the more positive it is; nothing with fewer than two. */
export function MoodOverTime({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation(["customer", "words"]);
  const format = useFormat();
  const live = useQuery<Emotion>(moodsSpec(everyId(customer)));
  const points = useMemo(() => moodPoints(live.data ?? []), [live.data]);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return null;
  const top = (sentiment: number) => ((1 - sentiment) / 2) * HEIGHT;
  const say = (sentiment: number) => format.number(sentiment, { maximumFractionDigits: 2, minimumFractionDigits: 2, signDisplay: "exceptZero" });
  const said = points.map((point) =>
    t("mind.at", { date: format.date(point.at), mood: point.top ? t(`words:mood.${point.top}`) : t("mind.sentiment"), value: say(point.sentiment) }),
  );
  return (
    <div className="mt-4">
      <h3 className="mb-1 text-table font-medium">{t("mind.overTime")}</h3>
      <div className="relative px-1.5" style={{ height: HEIGHT }} role="img" aria-label={said.join("; ")}>
        <span className="absolute inset-x-0 top-1/2 border-t border-dashed border-line-strong" />
        <div className="relative h-full">
          <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible" aria-hidden>
            <polyline
              points={points.map((point) => `${point.x * 100},${top(point.sentiment)}`).join(" ")}
              fill="none"
              stroke="var(--infer)"
              strokeOpacity="0.45"
              strokeWidth="1.5"
              vectorEffect="non-scaling-stroke"
              strokeLinejoin="round"
            />
          </svg>
          {points.map((point, index) => (
            <span
              key={point.id}
              title={said[index]}
              className="absolute size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-surface"
              style={{ left: `${point.x * 100}%`, top: top(point.sentiment), background: point.top ? MOOD_LOOK[point.top].color : "var(--infer)" }}
            />
          ))}
        </div>
      </div>
      <p className="flex justify-between text-micro text-faint" aria-hidden>
        <span>{format.date(first.at)}</span>
        <span>{format.date(last.at)}</span>
      </p>
      <p className="text-small text-faint">{t("mind.overTimeHint")}</p>
    </div>
  );
}
