import { useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { NoSegmentsYet } from "@/components/segments/NoSegmentsYet";
import { ReclusterButton } from "@/components/segments/ReclusterButton";
import { SizesOverTime } from "@/components/segments/SizesOverTime";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { useChangedIds } from "@/data/live";
import { isActive, isQuiet } from "@/data/runs";
import { segmentColors, sizesOverTime, useProposal, useSegmentations, useSegments } from "@/data/segments";
import { MoodLegend } from "@/components/words/MoodStrip";
import type { Localized } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { Compare } from "./Compare";
import { CustomerMap } from "./CustomerMap";
import { Drift } from "./Drift";
import { HowFound } from "./HowFound";
import { Movements } from "./Movements";
import { OtherGroupings } from "./OtherGroupings";
import { Proposal } from "./Proposal";
import { ReclusterProgress, useReclusterRun } from "./ReclusterProgress";
import { SegmentCard } from "./SegmentCard";

/** Versions in the sparklines and in the sizes over time. */
const VERSIONS = 12;

export function SegmentsPage() {
  const { t } = useTranslation("segments");
  const { active, loaded } = useShop();
  const segments = useSegments();
  const versions = useSegmentations(VERSIONS);
  const proposal = useProposal();
  const format = useFormat();
  const [compared, setCompared] = useState<readonly string[]>([]);
  const run = useReclusterRun();
  const changed = useChangedIds(segments.data);
  // A job that fell silent is no reason to refuse another one.
  const running = run !== null && isActive(run) && !isQuiet(run, Date.now());
  const names = useMemo(() => new Map<string, Localized>((segments.data ?? []).map((segment) => [segment.id, segment.name])), [segments.data]);
  const color = useMemo(() => segmentColors((segments.data ?? []).map((segment) => segment.id)), [segments.data]);
  const sizes = useMemo(() => new Map(sizesOverTime(versions.data ?? []).map((line) => [line.id, line.sizes])), [versions.data]);
  const newest = versions.data?.at(-1);
  const chosen = compared.flatMap((id) => segments.data?.find((segment) => segment.id === id) ?? []);
  const [one, other] = chosen;
  const toggle = (id: string) => setCompared((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before.slice(-1), id]));
  const none = (loaded && active === null) || (segments.state === "ready" && segments.data.length === 0);

  // A link to #moved is followed once the table is there.
  const hash = useRouterState({ select: (state) => state.location.hash });
  const ready = newest !== undefined;
  useEffect(() => {
    if (ready && hash) document.getElementById(hash)?.scrollIntoView({ block: "start" });
  }, [ready, hash]);

  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={!none && <ReclusterButton look="primary" running={running} search />} />
      <div className="flex flex-col gap-5">
        {run && <ReclusterProgress run={run} />}
        {proposal && <Proposal proposal={proposal} now={newest ?? null} names={names} />}
        {one && !other && (
          <Banner
            action={
              <Button size="sm" look="ghost" onClick={() => setCompared([])}>
                {t("common:cancel")}
              </Button>
            }
          >
            {t("compare.another", { name: format.text(one.name) })}
          </Banner>
        )}
        {one && other && <Compare pair={[one, other]} color={color} onClose={() => setCompared([])} />}
        {none ? (
          <Card>
            <NoSegmentsYet />
          </Card>
        ) : segments.state === "failed" || segments.state === "denied" ? (
          <Card>
            <ErrorState onRetry={segments.retry} />
          </Card>
        ) : (
          <>
            <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3 2xl:grid-cols-4">
              {segments.state !== "ready"
                ? Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="h-80 w-full rounded-lg" />)
                : segments.data.map((segment) => (
                    <SegmentCard
                      key={segment.id}
                      segment={segment}
                      color={color(segment.id).css}
                      sizes={sizes.get(segment.id) ?? []}
                      glowing={changed.has(segment.id)}
                      compared={compared.includes(segment.id)}
                      onCompare={() => toggle(segment.id)}
                    />
                  ))}
            </div>
            {segments.data?.some((segment) => segment.mood) && <MoodLegend className="-mt-2" />}
            {active !== null && <CustomerMap version={active} names={names} color={color} />}
            <div className="grid gap-5 xl:grid-cols-2">
              <Card title={t("sizes.title")} hint={t("sizes.hint")}>
                {versions.state === "loading" ? (
                  <Skeleton className="h-60 w-full rounded-md" />
                ) : versions.state === "ready" ? (
                  <SizesOverTime versions={versions.data} names={names} />
                ) : (
                  <ErrorState onRetry={versions.retry} />
                )}
              </Card>
              {newest && <Movements version={newest} names={names} color={color} known={versions.data ?? []} />}
            </div>
            {newest && <Drift version={newest} names={names} color={color} />}
            <OtherGroupings />
            {newest && <HowFound version={newest} />}
          </>
        )}
      </div>
    </>
  );
}
