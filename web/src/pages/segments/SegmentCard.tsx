import { Link } from "@tanstack/react-router";
import { Sparkle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Sparkline } from "@/components/charts/Sparkline";
import { SegmentIcon } from "@/components/SegmentIcon";
import { Badge } from "@/components/ui/Badge";
import { MoodStrip } from "@/components/words/MoodStrip";
import type { Row } from "@/data/live";
import type { Segment } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { Basis } from "./Basis";

export interface SegmentCardProps {
  segment: Row<Segment>;
  /** CSS colour, the same as on the map. */
  color: string;
  /** Sizes over the last versions, oldest first. */
  sizes: readonly number[];
  glowing: boolean;
  /** Chosen for the comparison. */
  compared: boolean;
  onCompare: () => void;
}

/** One segment at a glance; the whole card opens it, the button in its corner chooses it for a comparison. */
export function SegmentCard({ segment, color, sizes, glowing, compared, onCompare }: SegmentCardProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const name = format.text(segment.name);
  return (
    <article
      data-segment={segment.id}
      className={cx(
        "relative flex flex-col rounded-lg border bg-surface p-4 shadow-card transition-[border-color,box-shadow] duration-150 hover:border-line-strong hover:shadow-float",
        glowing && "glow",
        compared && "border-primary ring-1 ring-primary",
      )}
    >
      <div className="flex items-start gap-3">
        <SegmentIcon name={segment.icon} badge={color} />
        <div className="min-w-0 flex-1">
          <h2 className="text-h3 font-semibold">
            <Link to="/segments/$segmentId" params={{ segmentId: segment.id }} className="after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-primary">
              {name}
            </Link>
          </h2>
          <p className="tabular text-table text-muted">{t("card.people", { count: segment.size, number: format.number(segment.size) })}</p>
        </div>
        {segment.kind === "rule" && <Badge>{t("card.rule")}</Badge>}
      </div>
      <p className="mt-2 flex flex-wrap items-center gap-1.5">
        {segment.persona && segment.strength !== null && segment.strength !== undefined ? (
          <span title={t("persona.made")}>
            <Badge tone="infer">{t("persona.strength", { strength: format.percent(segment.strength, 0) })}</Badge>
          </span>
        ) : (
          segment.kind === "cluster" && <Badge>{t("persona.descriptive")}</Badge>
        )}
        {segment.renamedBy && <Badge>{t("card.renamed")}</Badge>}
      </p>
      <div className="mt-3 grid gap-2">
        <ShareBar label={t("card.share", { share: format.percent(segment.share, 0) })} share={segment.share} color={color} />
        <ShareBar label={t("card.revenueShare", { share: format.percent(segment.revenueShare, 0) })} share={segment.revenueShare} color={color} />
      </div>
      {segment.mood ? (
        <MoodStrip groups={segment.mood} className="mt-3" />
      ) : (
        <p className="mt-3 text-small text-faint">{t("mood.none")}</p>
      )}
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
      <div className="mt-auto">
        <div className="flex items-end justify-between gap-4 pt-4">
          <div>
            <p className="text-small text-faint">{t("card.average")}</p>
            <p className="tabular font-semibold">{format.money(segment.size > 0 ? Math.round(segment.revenue / segment.size) : null)}</p>
          </div>
          {sizes.length > 1 && <Sparkline values={sizes} label={t("card.size", { name })} color={color} height={30} className="w-28" />}
        </div>
        <div className="mt-3 flex items-start justify-between gap-3 border-t pt-2.5">
          {segment.basis ? <Basis basis={segment.basis} className="min-w-0 text-small text-faint" /> : <span />}
          <button
            type="button"
            aria-pressed={compared}
            onClick={onCompare}
            className={cx(
              "relative z-10 -my-0.5 shrink-0 rounded-md px-2 py-0.5 text-small font-medium hover:bg-subtle hover:text-ink",
              compared ? "bg-primary-soft text-primary-ink" : "text-muted",
            )}
            aria-label={t("compare.choose", { name })}
          >
            {t(compared ? "compare.chosen" : "compare.action")}
          </button>
        </div>
      </div>
    </article>
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
