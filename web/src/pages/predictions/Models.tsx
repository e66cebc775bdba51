import { useNavigate, useSearch } from "@tanstack/react-router";
import { Cpu, OctagonX } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Interval } from "@/components/figures/Interval";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import type { Live, Row } from "@/data/live";
import type { ModelCard } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { namedError } from "./errorText";
import { HealthBadge } from "./health";
import { methodName } from "./methodName";
import { ModelDetail } from "./ModelDetail";

/** Opens a model's card on this page. */
function useChoose() {
  const navigate = useNavigate();
  return (name: string) => void navigate({ to: "/predictions", search: { model: name }, hash: "models", replace: true, resetScroll: false });
}

/** Unmissable: a model is not used any more, and what serves instead. */
export function FallBack({ cards }: { cards: readonly Row<ModelCard>[] }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const choose = useChoose();
  if (cards.length === 0) return null;
  return (
    <div role="alert" className="flex flex-col gap-3 rounded-lg border-2 border-bad bg-bad-soft p-4">
      {cards.map((card) => (
        <div key={card.id} className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <OctagonX className="mt-0.5 size-6 shrink-0 text-bad" aria-hidden />
          <div className="min-w-0 flex-1 basis-64">
            <p className="text-h3 font-semibold text-bad">{t("fallBack.title", { model: t(`model.${card.id}`) })}</p>
            <p className="text-table">
              {card.inUse === "none" ? t("fallBack.none") : t("fallBack.body", { baseline: methodName(t, card.baseline) })} {format.text(card.reasons[0] ?? card.why)}
            </p>
          </div>
          <Button size="sm" onClick={() => choose(card.id)}>
            {t("fallBack.open")}
          </Button>
        </div>
      ))}
    </div>
  );
}

/** Every model at a glance, and the chosen one in full. */
export function Models({ cards, live }: { cards: readonly Row<ModelCard>[]; live: Live<Row<ModelCard>[]> }) {
  const { t } = useTranslation("predictions");
  const { model } = useSearch({ strict: false }) as { model?: unknown };
  const choose = useChoose();
  const chosen = cards.find((card) => card.id === model) ?? cards.find((card) => card.health === "red") ?? cards[0];
  return (
    <section id="models" className="mt-5 scroll-mt-20" aria-labelledby="models-title">
      <h2 id="models-title" className="text-h2 font-semibold">
        {t("models.title")}
      </h2>
      <p className="mb-3 text-body text-muted">{t("models.hint")}</p>
      {live.state === "loading" ? (
        <Card>
          <SkeletonRows rows={5} />
        </Card>
      ) : live.state !== "ready" ? (
        <Card>
          <ErrorState onRetry={live.retry} />
        </Card>
      ) : !chosen ? (
        <Card>
          <EmptyState icon={<Cpu aria-hidden />} title={t("models.none")}>
            {t("models.noneBody")}
          </EmptyState>
        </Card>
      ) : (
        <div className="grid items-start gap-5 xl:grid-cols-[320px_minmax(0,1fr)]">
          <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-1">
            {cards.map((card) => (
              <li key={card.id}>
                <Line card={card} on={card.id === chosen.id} onChoose={() => choose(card.id)} />
              </li>
            ))}
          </ul>
          <ModelDetail key={chosen.id} card={chosen} />
        </div>
      )}
    </section>
  );
}

function Line({ card, on, onChoose }: { card: Row<ModelCard>; on: boolean; onChoose: () => void }) {
  const { t } = useTranslation(["predictions", "figures"]);
  const format = useFormat();
  const auc = (of: number | null) => format.number(of, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const { metrics, baselineMetrics } = card;
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onChoose}
      className={cx(
        "flex w-full flex-col gap-1.5 rounded-lg border bg-surface px-4 py-3 text-left shadow-card transition-colors duration-150 hover:border-line-strong",
        on && "border-primary outline-1 outline-primary",
        card.health === "red" && !on && "border-bad",
      )}
    >
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-semibold">{t(`model.${card.id}`, { defaultValue: card.id })}</span>
        <HealthBadge health={card.health} />
      </span>
      <span className="text-small text-muted">{t(`inUse.${card.inUse}`)}</span>
      {metrics?.auc != null && (
        <span className="tabular grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-2 text-small text-muted">
          {t("metric.auc")}
          <Interval
            value={metrics.auc}
            low={metrics.aucLow}
            high={metrics.aucHigh}
            from={0.5}
            line={baselineMetrics?.auc ?? null}
            tone="infer"
            label={t("figures:interval", { value: auc(metrics.auc), low: auc(metrics.aucLow), high: auc(metrics.aucHigh) })}
          />
          {auc(metrics.auc)}
        </span>
      )}
      {metrics?.auc == null && metrics?.error != null && (
        <span className="tabular text-small text-muted">{namedError(t, format, card.id, metrics.error)}</span>
      )}
    </button>
  );
}
