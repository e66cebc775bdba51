import { Link } from "@tanstack/react-router";
import { Sparkle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Sparkline } from "@/components/charts/Sparkline";
import { SegmentIcon } from "@/components/SegmentIcon";
import { Badge } from "@/components/ui/Badge";
import type { Row } from "@/data/live";
import type { Segment } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

export interface SegmentCardProps {
  segment: Row<Segment>;
  /** CSS colour, the same as on the map. */
  color: string;
  /** Sizes over the last versions, oldest first. */
  sizes: readonly number[];
  glowing: boolean;
}

/** One segment at a glance; the whole card opens it. */
export function SegmentCard({ segment, color, sizes, glowing }: SegmentCardProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const name = format.text(segment.name);
  return (
    <Link
      to="/segments/$segmentId"
      params={{ segmentId: segment.id }}
      data-segment={segment.id}
      className={cx(
        "flex flex-col rounded-lg border bg-surface p-4 shadow-card transition-[border-color,box-shadow] duration-150 hover:border-line-strong hover:shadow-float",
        glowing && "glow",
      )}
    >
      <div className="flex items-start gap-3">
        <SegmentIcon name={segment.icon} badge={color} />
        <div className="min-w-0 flex-1">
          <h2 className="text-h3 font-semibold">{name}</h2>
          <p className="tabular text-table text-muted">{t("card.people", { count: segment.size, number: format.number(segment.size) })}</p>
        </div>
        {segment.kind === "rule" && <Badge>{t("card.rule")}</Badge>}
      </div>
      <div className="mt-3 grid gap-2">
        <ShareBar label={t("card.share", { share: format.percent(segment.share, 0) })} share={segment.share} color={color} />
        <ShareBar label={t("card.revenueShare", { share: format.percent(segment.revenueShare, 0) })} share={segment.revenueShare} color={color} />
      </div>
      {segment.traits.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1">
          {segment.traits.slice(0, 3).map((trait) => (
            <li key={trait.en} className="flex items-start gap-2 text-table text-infer">
              <Sparkle className="mt-1 size-3 shrink-0" aria-hidden />
              {format.text(trait)}
            </li>
          ))}
        </ul>
      )}
      <div className="mt-auto flex items-end justify-between gap-4 pt-4">
        <div>
          <p className="text-small text-faint">{t("card.average")}</p>
          <p className="tabular font-semibold">{format.money(segment.size > 0 ? Math.round(segment.revenue / segment.size) : null)}</p>
        </div>
        {sizes.length > 1 && <Sparkline values={sizes} label={t("card.size", { name })} color={color} height={30} className="w-28" />}
      </div>
    </Link>
  );
}

function ShareBar({ label, share, color }: { label: string; share: number; color: string }) {
  return (
    <div className="flex items-center gap-3">
      <span className="h-1.5 flex-1 overflow-hidden rounded-full bg-subtle" aria-hidden>
        <span className="block h-full rounded-full" style={{ width: `${Math.max(1, share * 100)}%`, background: color }} />
      </span>
      <span className="tabular w-32 shrink-0 text-right text-small text-muted">{label}</span>
    </div>
  );
}
