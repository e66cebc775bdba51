import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { SegmentIcon } from "@/components/SegmentIcon";
import { Badge } from "@/components/ui/Badge";
import { MOOD_ICON } from "@/components/words/moods";
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
  const mood = customer.psyche?.mood ?? null;
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
        <span title={t("mind.made")} className="shrink-0">
          <Badge tone="infer" icon={<Mood aria-hidden />}>
            {t(`words:mood.${mood}`)}
          </Badge>
        </span>
      )}
    </>
  );
}
