import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";

import { Time } from "@/components/ui/Time";
import { effectsOf } from "@/data/training";
import type { SettingEffect, TrainingEffects } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** What the settings did in the last run; null before a run has said so. */
export const LastRun = createContext<TrainingEffects | null>(null);

/** Under a setting: what it did in the last run, with when that was. */
export function Effects({ setting }: { setting: string }) {
  const { t } = useTranslation("training");
  const last = useContext(LastRun);
  if (!last) return null;
  const found = effectsOf(last, setting);
  return (
    <div className="mt-1 border-l-2 border-line-strong pl-2.5 text-small text-muted">
      <p className="text-faint">
        {t("effect.title")}, <Time at={last.at} />
      </p>
      {found.length === 0 ? (
        <p>{t("effect.none")}</p>
      ) : (
        <ul className="flex flex-col gap-0.5">
          {found.map((each) => (
            <Effect key={each.setting} effect={each} setting={setting} />
          ))}
        </ul>
      )}
    </div>
  );
}

const WORDS = ["off", "all", "auto"];

function Effect({ effect, setting }: { effect: SettingEffect; setting: string }) {
  const { t } = useTranslation(["training", "predictions"]);
  const format = useFormat();
  const days = /^(\d+) d$/.exec(effect.value)?.[1];
  const value = setting === "schedule" ? t(`schedule.${effect.value}`) : WORDS.includes(effect.value) ? t(`effect.${effect.value}`) : days ? t("days", { value: days }) : effect.value;
  const model = effect.setting.slice(setting.length + 1);
  return (
    <li>
      {model && <span className="font-medium">{t(`predictions:model.${model}`, { defaultValue: model })}: </span>}
      {format.text(effect.effect)} <span className="text-faint">({t("effect.with", { value })})</span>
    </li>
  );
}
