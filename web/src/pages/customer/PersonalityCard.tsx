import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import { Traits } from "@/components/words/Traits";
import type { Row } from "@/data/live";
import type { Customer } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { InferCard } from "./InferCard";

/** Words of their own that a personality needs: below this there is none (`OCEAN_WORDS` of the backend). */
const NEEDED = 350;

/** Five traits with their intervals, or why there are none. */
export function PersonalityCard({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { psyche } = customer;
  if (!psyche) {
    return (
      <Card title={t("person.title")}>
        <p className="text-table text-muted">{t(customer.stats.feedback === 0 ? "person.noText" : "person.notYet")}</p>
      </Card>
    );
  }
  if (!psyche.ocean) {
    const reason = psyche.oceanReason ?? "no text";
    return (
      <Card title={t("person.title")}>
        <p className="text-table text-muted">
          {reason === "not enough text"
            ? t("person.notEnough", { words: format.number(psyche.oceanWords), needed: format.number(NEEDED) })
            : reason === "language not supported"
              ? t("person.language")
              : reason === "opted out"
                ? t("refused.body")
                : t("person.noText")}
        </p>
      </Card>
    );
  }
  return (
    <InferCard title={t("person.title")} made={t("person.made")} hint={t("predict.asOf", { date: format.date(psyche.asOf) })}>
      <Traits ocean={psyche.ocean} />
      <p className="mt-3 text-small text-faint">{t("person.rests", { words: format.number(psyche.oceanWords) })}</p>
    </InferCard>
  );
}
