import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { SegmentIcon } from "@/components/SegmentIcon";
import { Badge } from "@/components/ui/Badge";
import { Tooltip } from "@/components/ui/Tooltip";
import { MOOD_ICON } from "@/components/words/moods";
import { moodIsClear } from "@/data/customer-mind";
import { effectiveSegment } from "@/data/customers";
import { useDoc, type Row } from "@/data/live";
import type { Customer, Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** In the header: the segment with its persona's icon, and the mood; who refused profiling has neither. */
export function Inferred({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation(["customer", "words"]);
  const format = useFormat();
  const { active } = useShop();
  const out = customer.profiling === "opted out";
  const id = out ? null : effectiveSegment(customer.segment, active ?? 0);
  const { data: segment } = useDoc<Segment>(id ? `segments/${id}` : null);
  if (out) return <Badge>{t("refused.title")}</Badge>;
  const psyche = customer.psyche && moodIsClear(customer.psyche) ? customer.psyche : null;
  const mood = psyche?.mood ?? null;
  const Mood = mood ? MOOD_ICON[mood] : null;
  if (!segment && !mood) return null;
  return (
    <>
      {segment && (
        <Link to="/segments/$segmentId" params={{ segmentId: segment.id }} className="min-w-0 rounded-full">
          <Badge tone="infer" className="max-w-full" icon={<SegmentIcon name={segment.icon} />}>
            <span className="truncate">{format.text(segment.name)}</span>
          </Badge>
        </Link>
      )}
      {mood && Mood && (
        <Tooltip
          content={
            <>
              {t("mind.rest", { count: psyche?.texts ?? 0, texts: format.number(psyche?.texts), share: format.percent(psyche?.groups?.[mood], 0) })} {t("mind.made")}
            </>
          }
        >
          <span tabIndex={0} className="shrink-0 rounded-full">
            <Badge tone="infer" icon={<Mood aria-hidden />}>
              {t(`words:mood.${mood}`)}
            </Badge>
          </span>
        </Tooltip>
      )}
    </>
  );
}
