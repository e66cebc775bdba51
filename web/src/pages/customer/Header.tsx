import { Link } from "@tanstack/react-router";
import { Mail, Pencil, Phone, Sparkle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { SegmentIcon } from "@/components/SegmentIcon";
import { Avatar } from "@/components/ui/Avatar";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Tooltip } from "@/components/ui/Tooltip";
import { effectiveSegment, stageOf } from "@/data/customers";
import { useDoc, type Row } from "@/data/live";
import type { Contact, Customer, Rfm, Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { LIFECYCLE_TONE } from "../customers/columns";

export interface HeaderProps {
  customer: Row<Customer>;
  /** Null for a role that sees masked contact data only. */
  contact: Contact | null;
  onEdit: (() => void) | undefined;
}

/** Who this is, how to reach them, which segment they are in and why. */
export function Header({ customer, contact, onEdit }: HeaderProps) {
  const { t } = useTranslation(["customer", "customers"]);
  const format = useFormat();
  const stage = stageOf(customer);
  const email = contact ? contact.email : customer.maskedEmail;
  const phone = contact ? contact.phone : customer.maskedPhone;
  return (
    <section className="mb-4 grid gap-x-8 gap-y-4 rounded-lg border bg-surface p-5 shadow-card lg:grid-cols-[minmax(0,1fr)_minmax(0,1.15fr)]">
      <div className="flex min-w-0 items-start gap-4">
        <Avatar name={customer.displayName} size="lg" />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-h1 font-semibold tracking-tight">
            {/* The page's heading says the name to screen readers. */}
            <span aria-hidden className="min-w-0 break-words">
              {customer.displayName ?? t("nameless")}
            </span>
            {stage && <Badge tone={LIFECYCLE_TONE[stage]}>{t(`customers:lifecycle.${stage}`)}</Badge>}
          </p>
          <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-table text-muted [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint">
            {email && (
              <li className="inline-flex min-w-0 items-center gap-1.5">
                <Mail aria-hidden />
                <span className="sr-only">{t("fact.email")} </span>
                {contact ? (
                  <a href={`mailto:${email}`} className="truncate rounded-sm hover:text-ink hover:underline">
                    {email}
                  </a>
                ) : (
                  <span>{email}</span>
                )}
              </li>
            )}
            {phone && (
              <li className="inline-flex items-center gap-1.5">
                <Phone aria-hidden />
                <span className="sr-only">{t("fact.phone")} </span>
                {phone}
              </li>
            )}
            {!email && !phone && <li>{t("noContact")}</li>}
          </ul>
          <p className="mt-1 text-small text-faint">{t("since", { date: format.date(customer.createdAt) })}</p>
          {onEdit && (
            <Button size="sm" className="mt-3" icon={<Pencil aria-hidden />} onClick={onEdit}>
              {t("edit.button")}
            </Button>
          )}
        </div>
      </div>
      <SegmentAndWhy customer={customer} />
    </section>
  );
}

/** The segment is what a model concluded: purple, with its spark, and with the reasons beside it. */
function SegmentAndWhy({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { active } = useShop();
  const id = effectiveSegment(customer.segment, active ?? 0);
  const { data: segment } = useDoc<Segment>(id ? `segments/${id}` : null);
  if (!id) {
    return (
      <div className="self-start rounded-md bg-subtle p-4 text-table text-muted">
        <p className="font-medium text-ink">{t("segment.none")}</p>
        <p>
          {t(
            customer.profiling === "opted out"
              ? "segment.optedOut"
              : customer.stats.orders === 0
                ? "segment.noOrders"
                : "segment.notYet",
          )}
        </p>
      </div>
    );
  }
  // Reasons are written for the newest membership; an older, still effective one keeps no reasons of its own.
  const reasons = customer.segment && customer.segment.id === id ? customer.segment.reasons : [];
  return (
    <div className="self-start rounded-md border border-infer/20 bg-infer-soft p-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="flex min-w-0 items-center gap-2 text-infer">
          <Sparkle className="size-4 shrink-0" aria-label={t("segment.inferred")} />
          <SegmentIcon name={segment?.icon ?? "users"} />
          <Link
            to="/segments/$segmentId"
            params={{ segmentId: id }}
            className="truncate rounded-sm text-h3 font-semibold hover:underline"
          >
            {segment ? format.text(segment.name) : "…"}
          </Link>
        </p>
        {customer.rfm && <RfmScores rfm={customer.rfm} />}
      </div>
      {reasons.length > 0 && (
        <>
          <p className="mt-2 text-small font-medium text-muted">{t("segment.why")}</p>
          <ul className="mt-0.5 list-disc pl-5 text-table marker:text-infer">
            {reasons.map((reason) => (
              <li key={reason.en}>{format.text(reason)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Recency, frequency and money as fifths of all buyers. */
function RfmScores({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation("customer");
  return (
    <dl className="flex gap-3">
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
