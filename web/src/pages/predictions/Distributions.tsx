import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import { Bars } from "@/components/figures/Bars";
import { NotYet } from "@/components/figures/FiguresPage";
import { Histogram } from "@/components/figures/Histogram";
import { Info } from "@/components/figures/Info";
import { Badge } from "@/components/ui/Badge";
import { Card } from "@/components/ui/Card";
import { Segmented } from "@/components/ui/Tabs";
import type { Row } from "@/data/live";
import { exampleOf } from "@/data/predictions";
import type { Bin, ModelCard, PredictionFigures, TierLine } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** How the customers spread over each prediction, and the tiers made of it. */
export function Distributions({ figures, cards }: { figures: PredictionFigures; cards: readonly Row<ModelCard>[] }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const money = useCallback((value: number) => format.money(value, { compact: true, of: figures.currency }), [format, figures.currency]);
  const percent = useCallback((value: number) => format.percent(value, 0), [format]);
  /** How far the probabilities can be taken at their word, by the backtest of what gives them. */
  const churnMade = (card: ModelCard | undefined) => {
    if (card?.inUse === "baseline") return t("churn.madeBaseline");
    const example = card && exampleOf(card.calibration);
    if (!example) return t("churn.made");
    return t("churn.madeTold", { told: format.percent(example.predicted, 0), left: format.number(example.observed * 100, { maximumFractionDigits: 0 }), customers: format.number(example.rows) });
  };
  return (
    <div className="grid gap-5 xl:grid-cols-2">
      <Spread title={t("value.title")} made={t("value.made")} hint={t("value.hint")} bins={figures.value} say={money} tiers={figures.valueTiers} />
      <Spread
        title={t("churn.title")}
        made={churnMade(cards.find((card) => card.id === "churn"))}
        hint={figures.churnDays === null ? t("churn.hintNone") : t("churn.hint", { days: format.number(figures.churnDays) })}
        bins={figures.churn}
        say={percent}
        tiers={figures.churnTiers}
      />
      <Others figures={figures} randomised={cards.some((card) => card.id === "discount" && card.inUse === "model")} say={percent} />
    </div>
  );
}

interface SpreadProps {
  title: string;
  made: string;
  hint: string;
  bins: readonly Bin[];
  say: (value: number) => string;
  tiers: readonly TierLine[];
}

function Spread({ title, made, hint, bins, say, tiers }: SpreadProps) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  return (
    <Card
      title={
        <>
          {title} <Info about={title}>{made}</Info>
        </>
      }
      hint={hint}
    >
      {bins.every((bin) => bin.n === 0) ? (
        <NotYet>{t("noneYet")}</NotYet>
      ) : (
        <>
          <Histogram label={title} bins={bins} format={say} counted={t("customers")} tone="infer" />
          {tiers.length > 0 && (
            <>
              <h3 className="mt-4 mb-2 text-small font-medium text-muted">{t("tiers")}</h3>
              <Bars
                tone="infer"
                bars={tiers.map((tier) => ({
                  id: tier.name,
                  label: format.text(tier.label),
                  value: tier.customers,
                  text: t("people", { count: tier.customers, number: format.number(tier.customers) }),
                  note: t("tierRevenue", { revenue: format.money(tier.revenue, { whole: true }) }),
                }))}
              />
            </>
          )}
        </>
      )}
    </Card>
  );
}

const OTHERS = ["intent", "engagement", "discount"] as const;
type Other = (typeof OTHERS)[number];

interface OthersProps {
  figures: PredictionFigures;
  /** The effect of discounts comes from randomised offers, not from a rule on behaviour. */
  randomised: boolean;
  say: (value: number) => string;
}

function Others({ figures, randomised, say }: OthersProps) {
  const { t } = useTranslation("predictions");
  const [which, setWhich] = useState<Other>("intent");
  const bins = figures[which];
  return (
    <Card
      className="xl:col-span-2"
      title={
        <>
          {t("others.title")} <Info about={t(`others.${which}`)}>{t(`others.${which}Made`)}</Info>
        </>
      }
      hint={t(`others.${which}Hint`)}
      actions={<Segmented<Other> label={t("others.title")} value={which} onChange={setWhich} options={OTHERS.map((each) => ({ value: each, label: t(`others.${each}`) }))} />}
    >
      {bins.every((bin) => bin.n === 0) ? (
        <NotYet>{t("noneYet")}</NotYet>
      ) : (
        <>
          {which === "discount" && (
            <p className="mb-3">
              <Badge tone={randomised ? "infer" : "wait"}>{t(randomised ? "others.discountRandom" : "others.discountGuess")}</Badge>
            </p>
          )}
          <Histogram label={t(`others.${which}`)} bins={bins} format={say} counted={t("customers")} tone="infer" height={200} />
        </>
      )}
    </Card>
  );
}
