import { useTranslation } from "react-i18next";

import type { Basis as Shares } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** What a card rests on, in one line: how much each block explains, and for how many words are known at all. */
export function Basis({ basis, className }: { basis: Shares; className?: string }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  return (
    <span className={className} title={t("basis.made")}>
      {t("basis.line", {
        behaviour: format.percent(basis.behaviour, 0),
        words: format.percent(basis.words, 0),
        personality: format.percent(basis.personality, 0),
        known: format.percent(basis.wordsKnown, 0),
      })}
    </span>
  );
}
