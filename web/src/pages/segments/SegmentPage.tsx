import { Link, useParams } from "@tanstack/react-router";
import { ChartPie, Pencil } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { SegmentIcon } from "@/components/SegmentIcon";
import { Badge } from "@/components/ui/Badge";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { StatSkeleton } from "@/components/ui/Stat";
import { type Row, useDoc, useGlow } from "@/data/live";
import { segmentColors, useSegments } from "@/data/segments";
import type { Segment } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { Basis } from "./Basis";
import { Features } from "./Features";
import { Members } from "./Members";
import { SegmentMood, SegmentPersonality, SegmentPredictions } from "./Mind";
import { RenameDialog } from "./RenameDialog";

export function SegmentPage() {
  const { t } = useTranslation("segments");
  const { segmentId } = useParams({ strict: false });
  const segment = useDoc<Segment>(segmentId ? `segments/${segmentId}` : null);
  const trail = [{ label: t("title"), to: "/segments" }];
  if (segment.state === "loading") {
    return (
      <>
        <PageHeader title={t("title")} trail={trail} />
        <div className="grid grid-cols-2 gap-4 xl:grid-cols-4">
          {Array.from({ length: 4 }, (_, index) => (
            <StatSkeleton key={index} />
          ))}
        </div>
      </>
    );
  }
  if (segment.state !== "ready") {
    return (
      <>
        <PageHeader title={t("title")} trail={trail} />
        <ErrorState onRetry={segment.retry} />
      </>
    );
  }
  if (!segment.data) {
    return (
      <>
        <PageHeader title={t("detail.missing")} trail={trail} />
        <EmptyState
          icon={<ChartPie aria-hidden />}
          title={t("detail.missing")}
          action={
            <Button look="primary" asChild>
              <Link to="/segments">{t("detail.back")}</Link>
            </Button>
          }
        >
          {t("detail.missingBody")}
        </EmptyState>
      </>
    );
  }
  return <Detail segment={segment.data} />;
}

function Detail({ segment }: { segment: Row<Segment> }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const role = useRole();
  const [renaming, setRenaming] = useState(false);
  const all = useSegments();
  const color = useMemo(
    () => segmentColors([...(all.data ?? []).map((each) => each.id), segment.id])(segment.id).css,
    [all.data, segment.id],
  );
  const name = format.text(segment.name);
  return (
    <>
      <PageHeader
        title={name}
        trail={[{ label: t("title"), to: "/segments" }]}
        heading={
          <span className="flex items-center gap-3">
            <SegmentIcon name={segment.icon} badge={color} />
            <span className="min-w-0">{name}</span>
            {segment.persona && segment.strength !== null && segment.strength !== undefined && (
              <Badge tone="infer">{t("persona.strength", { strength: format.percent(segment.strength, 0) })}</Badge>
            )}
            {segment.renamedBy && <Badge>{t("card.renamed")}</Badge>}
          </span>
        }
        description={t("detail.publicName", { name: segment.publicName })}
        actions={
          may(role, "renameSegments") &&
          !segment.retired && (
            <Button icon={<Pencil aria-hidden />} onClick={() => setRenaming(true)}>
              {t("rename.action")}
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-5">
        {segment.retired && <Banner tone="wait">{t("detail.retired")}</Banner>}
        <div className="grid grid-cols-2 gap-3 md:gap-4 xl:grid-cols-4">
          <Fact label={t("detail.size")} value={format.number(segment.size)} note={t("card.share", { share: format.percent(segment.share) })} />
          <Fact label={t("detail.revenue")} value={format.money(segment.revenue, { whole: true })} note={t("card.revenueShare", { share: format.percent(segment.revenueShare) })} />
          <Fact label={t("detail.orders")} value={format.number(segment.orders)} />
          <Fact label={t("detail.perCustomer")} value={format.money(segment.size > 0 ? Math.round(segment.revenue / segment.size) : null)} />
        </div>
        <div className="grid gap-5 items-start xl:grid-cols-[2fr_1fr]">
          <div className="flex flex-col gap-5">
            <Features segment={segment} color={color} />
            <SegmentPersonality segment={segment} />
          </div>
          <div className="flex flex-col gap-5">
            <Card title={t("detail.traits")} hint={segment.basis ? <Basis basis={segment.basis} /> : undefined}>
              <ul className="flex flex-col gap-2.5">
                {segment.traits.map((trait) => (
                  <li key={trait.en} className="flex items-start gap-2.5">
                    <span className="mt-2 size-1.5 shrink-0 rounded-full bg-infer" aria-hidden />
                    {format.text(trait)}
                  </li>
                ))}
              </ul>
            </Card>
            <SegmentMood segment={segment} />
            <SegmentPredictions segment={segment} />
          </div>
        </div>
        <Members segment={segment} />
      </div>
      {renaming && <RenameDialog segment={segment} onClose={() => setRenaming(false)} />}
    </>
  );
}

function Fact({ label, value, note }: { label: string; value: string; note?: string }) {
  const glowing = useGlow(value);
  return (
    <div className={cx("rounded-lg border bg-surface p-4 shadow-card", glowing && "glow")}>
      <p className="text-table font-medium text-muted">{label}</p>
      <p className="tabular truncate text-figure font-semibold tracking-tight">{value}</p>
      {note && <p className="text-small text-faint">{note}</p>}
    </div>
  );
}
