import { EyeOff } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import type { Row } from "@/data/live";
import type { Customer } from "@/generated/documents";

import { HabitsCard } from "./HabitsCard";
import { MoodCard } from "./MoodCard";
import { PersonalityCard } from "./PersonalityCard";
import { PredictionsCard } from "./PredictionsCard";

/** Everything inferred about a customer; who refused profiling is told to have refused it, and nothing else is said. */
export function Insight({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  if (customer.mergedInto) return null;
  if (customer.profiling === "opted out") {
    return (
      <Card title={t("refused.title")}>
        <p className="flex gap-2 text-table text-muted">
          <EyeOff className="mt-0.5 size-4 shrink-0" aria-hidden />
          {t("refused.body")}
        </p>
      </Card>
    );
  }
  return (
    <>
      <PredictionsCard customer={customer} />
      <MoodCard customer={customer} />
      <PersonalityCard customer={customer} />
      <HabitsCard customer={customer} />
    </>
  );
}
