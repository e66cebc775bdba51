import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { funnelSteps } from "@/data/behaviour";
import type { BehaviourFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** From a visit to an order, and where people are lost. */
export function Funnel({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const { funnel } = figures;
  const first = Math.max(funnel?.visitors ?? 0, 1);
  return (
    <Card
      title={
        <>
          {t("funnel.title")} <Info about={t("funnel.title")}>{t("funnel.made")}</Info>
        </>
      }
      hint={funnel ? t("funnel.hint", { days: format.number(funnel.days) }) : undefined}
    >
      {!funnel ? (
        <NotYet title={t("funnel.noneTitle")}>{t("funnel.none")}</NotYet>
      ) : (
        <ol className="flex flex-col gap-1.5">
          {funnelSteps(funnel).map((step) => (
            <li key={step.id}>
              {step.kept !== null && (
                <p className="tabular py-0.5 pl-3 text-small text-faint">{t("funnel.kept", { share: format.percent(step.kept), lost: format.percent(1 - step.kept) })}</p>
              )}
              <div className="relative flex h-11 items-center justify-between overflow-hidden rounded-md bg-subtle px-3">
                <span className="absolute inset-y-0 left-0 bg-primary/25" style={{ width: `${(step.customers / first) * 100}%` }} aria-hidden />
                <span className="relative font-medium">{t(`funnel.${step.id}`)}</span>
                <span className="tabular relative">
                  <b className="font-semibold">{format.number(step.customers)}</b>
                  <span className="ml-2 inline-block w-12 text-right text-small">{format.percent(step.customers / first, 0)}</span>
                </span>
              </div>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
