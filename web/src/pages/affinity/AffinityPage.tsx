import { ShoppingBasket } from "lucide-react";
import { useTranslation } from "react-i18next";

import { FiguresPage } from "@/components/figures/FiguresPage";
import { useAffinity } from "@/data/predictions";
import type { AffinityFigures } from "@/generated/documents";

import { Lift } from "./Lift";
import { Pairs } from "./Pairs";

/** Who buys what, and what goes together. */
export function AffinityPage() {
  const { t } = useTranslation("affinity");
  return (
    <FiguresPage<AffinityFigures> title={t("title")} description={t("description")} empty={t("empty")} icon={<ShoppingBasket aria-hidden />} live={useAffinity()}>
      {(figures) => (
        <>
          <Lift figures={figures} />
          <Pairs figures={figures} />
        </>
      )}
    </FiguresPage>
  );
}
