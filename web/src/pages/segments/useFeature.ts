import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { unitOf } from "@/data/segments";
import { useFormat } from "@/lib/useFormat";

/** A feature's name and value in the viewer's words; moods and traits are called as everywhere else. */
export function useFeature() {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const name = useCallback(
    (feature: string) => {
      const [block, part] = feature.split(".");
      if (block === "emotion" && part) return t("mood.feature", { mood: t(`words:mood.${part}`) });
      if (block === "ocean" && part) return t(`words:trait.${part}`);
      return t(`feature.${feature}`, { defaultValue: feature });
    },
    [t],
  );
  const value = useCallback(
    (feature: string, of: number | null) => {
      const unit = unitOf(feature);
      if (of === null) return "—";
      if (unit === "money") return format.money(Math.round(of));
      if (unit === "share") return feature.startsWith("ocean.") ? format.number(of * 100, { maximumFractionDigits: 0 }) : format.percent(of, 0);
      return format.number(of, { maximumFractionDigits: unit === "days" ? 0 : feature === "rhythm" ? 2 : 1 });
    },
    [format],
  );
  return { name, value };
}
