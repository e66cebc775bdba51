import { useTranslation } from "react-i18next";

import { strongest } from "@/data/emotions";
import type { EmotionGroups } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { MOOD_LOOK, MoodIcon, MOODS } from "./moods";

export interface MoodStripProps {
  groups: EmotionGroups;
  /** The strongest two in words under the strip. */
  words?: boolean;
  className?: string;
}

/** Six moods as parts of one strip: colour, pattern and order tell them apart, the strongest are said in words. */
export function MoodStrip({ groups, words = true, className }: MoodStripProps) {
  const { t } = useTranslation("words");
  const format = useFormat();
  const all = MOODS.map((mood) => t("share", { mood: t(`mood.${mood}`), share: format.percent(groups[mood], 0) })).join(", ");
  return (
    <div className={cx("min-w-0", className)}>
      <div role="img" aria-label={t("strip", { all })} title={all} className="flex h-3 gap-px overflow-hidden rounded-full bg-subtle">
        {MOODS.filter((mood) => groups[mood] >= 0.005).map((mood) => {
          const { color, pattern } = MOOD_LOOK[mood];
          return (
            <span
              key={mood}
              className="h-full transition-[width] duration-200"
              style={{
                width: `${groups[mood] * 100}%`,
                backgroundColor: color,
                ...(pattern ? { backgroundImage: pattern, ...(mood === "surprised" ? { backgroundSize: "5px 5px" } : {}) } : {}),
              }}
            />
          );
        })}
      </div>
      {words && (
        <p className="mt-1 flex flex-wrap gap-x-3 text-small text-muted" aria-hidden>
          {strongest(groups, 2).map((mood) => (
            <span key={mood} className="tabular inline-flex items-center gap-1">
              <MoodIcon mood={mood} className="size-3.5" />
              {t("share", { mood: t(`mood.${mood}`), share: format.percent(groups[mood], 0) })}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** What each part of a strip is, once for a page of strips. */
export function MoodLegend({ className }: { className?: string }) {
  const { t } = useTranslation("words");
  return (
    <ul className={cx("flex flex-wrap gap-x-4 gap-y-1 text-small text-muted", className)}>
      {MOODS.map((mood) => (
        <li key={mood} className="inline-flex items-center gap-1.5">
          <span
            className="h-3 w-5 rounded-sm"
            style={{
              backgroundColor: MOOD_LOOK[mood].color,
              ...(MOOD_LOOK[mood].pattern ? { backgroundImage: MOOD_LOOK[mood].pattern, ...(mood === "surprised" ? { backgroundSize: "5px 5px" } : {}) } : {}),
            }}
            aria-hidden
          />
          <MoodIcon mood={mood} className="size-3.5" />
          {t(`mood.${mood}`)}
        </li>
      ))}
    </ul>
  );
}
