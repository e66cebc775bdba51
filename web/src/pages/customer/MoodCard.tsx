import { Link } from "@tanstack/react-router";
import { Frown } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Interval } from "@/components/figures/Interval";
import { Card } from "@/components/ui/Card";
import { MoodIcon } from "@/components/words/moods";
import { MoodStrip } from "@/components/words/MoodStrip";
import type { Row } from "@/data/live";
import type { Customer, Frustration } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { InferCard } from "./InferCard";
import { MoodOverTime } from "./MoodOverTime";

/** How this customer's words sound, newest counting most, with what that rests on. */
export function MoodCard({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation(["customer", "words"]);
  const format = useFormat();
  const { psyche } = customer;
  if (!psyche || psyche.texts === 0) {
    return (
      <Card title={t("mind.title")}>
        <p className="text-table text-muted">{t(customer.stats.feedback === 0 ? "mind.noWords" : "mind.nothingRead")}</p>
      </Card>
    );
  }
  const { sentiment, sentimentLow: low, sentimentHigh: high } = psyche;
  const say = (value: number) => format.number(value, { maximumFractionDigits: 2, minimumFractionDigits: 2, signDisplay: "exceptZero" });
  return (
    <InferCard
      title={t("mind.title")}
      made={
        <>
          {t("mind.made")} {psyche.models.length > 0 && t("mind.models", { models: psyche.models.join(", ") })}
        </>
      }
      hint={t("predict.asOf", { date: format.date(psyche.asOf) })}
    >
      {psyche.frustration && <Frustrated customerId={customer.id} frustration={psyche.frustration} />}
      {psyche.mood && (
        <p className="mb-2 flex items-center gap-2 text-h3 font-semibold text-infer">
          <MoodIcon mood={psyche.mood} />
          {t(`words:mood.${psyche.mood}`)}
        </p>
      )}
      {psyche.groups && <MoodStrip groups={psyche.groups} />}
      {sentiment !== null && (
        <div className="mt-3 text-table">
          <p className="flex items-baseline justify-between gap-3">
            <span className="font-medium">{t("mind.sentiment")}</span>
            <span className="font-semibold text-infer">{t(`mind.side.${side(sentiment, low, high)}`)}</span>
          </p>
          <Interval
            value={sentiment}
            low={low}
            high={high}
            from={-1}
            to={1}
            line={0}
            tone="infer"
            label={low !== null && high !== null ? t("predict.intervalOf", { value: say(sentiment), low: say(low), high: say(high) }) : say(sentiment)}
          />
          <p className="tabular text-small text-muted" aria-hidden>
            {low !== null && high !== null ? t("mind.scale", { value: say(sentiment), low: say(low), high: say(high) }) : say(sentiment)}
          </p>
        </div>
      )}
      <MoodOverTime customer={customer} />
      <p className="mt-3 text-small text-faint">
        {t("mind.rests", { count: psyche.texts, texts: format.number(psyche.texts), words: format.number(psyche.words) })}{" "}
        <Link
          to="/customers/$customerId"
          params={{ customerId: customer.id }}
          search={{ tab: "words" }}
          resetScroll={false}
          className="rounded-sm text-primary-ink underline"
        >
          {t("mind.read")}
        </Link>
      </p>
    </InferCard>
  );
}

/** An interval over both sides of nought says neither. */
function side(sentiment: number, low: number | null, high: number | null): "positive" | "negative" | "mixed" {
  if ((low ?? sentiment) > 0) return "positive";
  return (high ?? sentiment) < 0 ? "negative" : "mixed";
}

function Frustrated({ customerId, frustration }: { customerId: string; frustration: Frustration }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const date = format.date(frustration.at);
  if (frustration.settled) {
    return (
      <p className="mb-3 text-small text-muted">
        {t(frustration.settled === "closed case" ? "mind.settledCase" : "mind.settledText", { date })}
      </p>
    );
  }
  return (
    <p className="mb-3 flex gap-2 rounded-md bg-bad-soft px-3 py-2 text-table text-bad">
      <Frown className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>
        {t("mind.frustrated", { date })}{" "}
        <Link
          to="/customers/$customerId"
          params={{ customerId }}
          search={{ tab: "words" }}
          resetScroll={false}
          className="rounded-sm font-medium underline"
        >
          {t("mind.read")}
        </Link>
      </span>
    </p>
  );
}
