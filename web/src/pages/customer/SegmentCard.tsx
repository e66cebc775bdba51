import { Link } from "@tanstack/react-router";
import { Sparkle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { SegmentIcon } from "@/components/SegmentIcon";
import { Card } from "@/components/ui/Card";
import { Tooltip } from "@/components/ui/Tooltip";
import { effectiveSegment } from "@/data/customers";
import { useDoc, type Row } from "@/data/live";
import type { Customer, Rfm, Segment, Segmentation } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The segment is what a model concluded: purple, with its spark, with the reasons, and when they were worked out. */
export function SegmentCard({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { active } = useShop();
  // A refusal holds at once, before the next recluster takes the person out.
  const id = customer.profiling === "opted out" ? null : effectiveSegment(customer.segment, active ?? 0);
  const { data: segment } = useDoc<Segment>(id ? `segments/${id}` : null);
  // Reasons are written for the newest membership; an older, still effective one keeps no reasons of its own.
  const own = customer.segment && customer.segment.id === id ? customer.segment : null;
  const { data: computed } = useDoc<Segmentation>(own ? `segmentations/${own.from}` : null);
  if (!id) {
    return (
      <Card title={t("segment.title")}>
        <p className="text-table font-medium">
          {t(customer.profiling !== "opted out" && customer.stats.orders === 0 ? "segment.notEnough" : "segment.none")}
        </p>
        <p className="text-table text-muted">
          {t(
            customer.profiling === "opted out"
              ? "segment.optedOut"
              : customer.stats.orders === 0
                ? "segment.noOrders"
                : "segment.notYet",
          )}
        </p>
      </Card>
    );
  }
  const reasons = own?.reasons ?? [];
  return (
    <section className="rounded-lg border border-infer/20 bg-infer-soft p-5 shadow-card">
      <h2 className="sr-only">{t("segment.title")}</h2>
      <p className="flex min-w-0 items-center gap-2 text-infer">
        <Sparkle className="size-4 shrink-0" aria-label={t("segment.inferred")} />
        <SegmentIcon name={segment?.icon ?? "users"} />
        <Link
          to="/segments/$segmentId"
          params={{ segmentId: id }}
          className="min-w-0 rounded-sm text-h3 font-semibold break-words hover:underline"
        >
          {segment ? format.text(segment.name) : "…"}
        </Link>
      </p>
      {reasons.length > 0 && (
        <>
          <p className="mt-3 text-small font-medium text-muted">{t("segment.why")}</p>
          <ul className="mt-0.5 list-disc pl-4 text-table marker:text-infer">
            {reasons.map((reason) => (
              <li key={reason.en}>{format.text(reason)}</li>
            ))}
          </ul>
        </>
      )}
      {own?.second && own.margin !== null && <Second id={own.second} margin={own.margin} />}
      {customer.rfm && <RfmScores rfm={customer.rfm} />}
      {computed && (
        <p className="mt-3 text-small text-muted">
          {t("segment.computed", { date: format.date(computed.createdAt), asOf: format.date(computed.asOf) })}
        </p>
      )}
    </section>
  );
}

/** How much nearer the own segment is, in words: 0 is the border between the two. */
const near = (margin: number): "border" | "near" | "clear" | "far" =>
  margin < 0.05 ? "border" : margin < 0.2 ? "near" : margin < 0.5 ? "clear" : "far";

/** The segment this customer would be in next, and by how much they are not. */
function Second({ id, margin }: { id: string; margin: number }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { data: segment } = useDoc<Segment>(`segments/${id}`);
  if (segment === null) return null;
  const hint = t("segment.marginHint", { share: format.percent(margin, 0) });
  return (
    <p className="mt-3 text-table">
      <span className="block text-small font-medium text-muted">{t("segment.second")}</span>
      <Link to="/segments/$segmentId" params={{ segmentId: id }} className="rounded-sm font-medium text-infer break-words hover:underline">
        {segment ? format.text(segment.name) : "…"}
      </Link>
      <Tooltip content={hint}>
        <span tabIndex={0} className="rounded-sm text-muted">
          {" · "}
          {t(`segment.margin.${near(margin)}`)}
          <span className="sr-only">: {hint}</span>
        </span>
      </Tooltip>
    </p>
  );
}

/** Recency, frequency and money as fifths of all buyers. */
function RfmScores({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation("customer");
  return (
    <dl className="mt-3 flex flex-wrap gap-x-4 gap-y-2">
      {(["recency", "frequency", "monetary"] as const).map((side) => (
        <Tooltip key={side} content={t(`rfm.${side}Hint`, { score: rfm[side] })}>
          <div tabIndex={0} className="rounded-sm">
            <dt className="text-micro text-muted">{t(`rfm.${side}`)}</dt>
            <dd className="flex items-center gap-1">
              <span aria-hidden className="flex gap-0.5">
                {[1, 2, 3, 4, 5].map((step) => (
                  <span
                    key={step}
                    className={
                      step <= rfm[side] ? "h-2.5 w-1.5 rounded-[2px] bg-infer" : "h-2.5 w-1.5 rounded-[2px] bg-infer/20"
                    }
                  />
                ))}
              </span>
              <span className="tabular text-small font-medium">{rfm[side]}</span>
            </dd>
          </div>
        </Tooltip>
      ))}
    </dl>
  );
}
