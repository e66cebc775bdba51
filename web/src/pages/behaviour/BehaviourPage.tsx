import { useTranslation } from "react-i18next";

import { FiguresPage } from "@/components/figures/FiguresPage";
import { useBehaviour } from "@/data/behaviour";
import type { BehaviourFigures } from "@/generated/documents";

import { Clock } from "./Clock";
import { Cohorts } from "./Cohorts";
import { Funnel } from "./Funnel";
import { Gaps } from "./Gaps";
import { Rfm } from "./Rfm";
import { SecondOrders } from "./SecondOrders";
import { Trends } from "./Trends";

/** How customers buy. One document. */
export function BehaviourPage() {
  const { t } = useTranslation("behaviour");
  return (
    <FiguresPage<BehaviourFigures> title={t("title")} description={t("description")} empty={t("empty")} live={useBehaviour()}>
      {(figures) => (
        <>
          <Rfm figures={figures} />
          <Cohorts figures={figures} />
          <div className="grid gap-5 xl:grid-cols-2">
            <Gaps figures={figures} />
            <Funnel figures={figures} />
          </div>
          <div className="grid gap-5 xl:grid-cols-2">
            <SecondOrders figures={figures} />
            <Trends figures={figures} />
          </div>
          <Clock figures={figures} />
        </>
      )}
    </FiguresPage>
  );
}
