import { Telescope } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { FiguresPage } from "@/components/figures/FiguresPage";
import { fellBack, inOrder, useModels, usePredictions } from "@/data/predictions";
import type { PredictionFigures } from "@/generated/documents";

import { BySegment } from "./BySegment";
import { Distributions } from "./Distributions";
import { FallBack, Models } from "./Models";
import { Totals } from "./Totals";

/** What customers will do next, and how far the models can be trusted. The figures' document and the models' cards. */
export function PredictionsPage() {
  const { t } = useTranslation("predictions");
  const figures = usePredictions();
  const models = useModels();
  const cards = useMemo(() => inOrder(models.data ?? []), [models.data]);
  return (
    <>
      <FiguresPage<PredictionFigures>
        title={t("title")}
        description={t("description")}
        empty={t("empty")}
        icon={<Telescope aria-hidden />}
        live={figures}
      >
        {(data) => (
          <>
            <FallBack cards={fellBack(cards)} />
            <Totals figures={data} />
            <Distributions figures={data} cards={cards} />
            <BySegment figures={data} />
          </>
        )}
      </FiguresPage>
      <Models cards={cards} live={models} />
    </>
  );
}
