import { useTranslation } from "react-i18next";

import { Interval } from "@/components/figures/Interval";
import type { Ocean } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export const TRAITS = ["openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"] as const satisfies readonly (keyof Ocean)[];

/** One trait as a point with its interval; the line is the middle of the writers of shop reviews. Never a label. */
export function TraitBar({ ocean, trait, className }: { ocean: Ocean; trait: keyof Ocean; className?: string }) {
  const { t } = useTranslation("words");
  const format = useFormat();
  const { score, low, high } = ocean[trait];
  const say = (value: number) => format.number(value * 100, { maximumFractionDigits: 0 });
  return (
    <div className={className}>
      <Interval
        value={score}
        low={low}
        high={high}
        line={0.5}
        tone="infer"
        label={t("traitLabel", { trait: t(`trait.${trait}`), score: say(score), low: say(low), high: say(high) })}
      />
      <p className="tabular text-small whitespace-nowrap text-muted" aria-hidden>
        <b className="font-semibold text-ink">{say(score)}</b> ({say(low)}–{say(high)})
      </p>
    </div>
  );
}

/** Five bars under each other, for one segment or one customer. */
export function Traits({ ocean }: { ocean: Ocean }) {
  const { t } = useTranslation("words");
  return (
    <ul className="flex flex-col gap-2">
      {TRAITS.map((trait) => (
        <li key={trait} className="grid grid-cols-[minmax(0,9rem)_minmax(0,1fr)] items-start gap-3 text-table">
          <span className="min-w-0 font-medium">{t(`trait.${trait}`)}</span>
          <TraitBar ocean={ocean} trait={trait} />
        </li>
      ))}
    </ul>
  );
}
