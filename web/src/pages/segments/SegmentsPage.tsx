import { useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { NoSegmentsYet } from "@/components/segments/NoSegmentsYet";
import { ReclusterButton } from "@/components/segments/ReclusterButton";
import { SizesOverTime } from "@/components/segments/SizesOverTime";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { useChangedIds } from "@/data/live";
import { isActive, isQuiet } from "@/data/runs";
import { segmentColors, sizesOverTime, useSegmentations, useSegments } from "@/data/segments";
import type { Localized } from "@/generated/documents";

import { CustomerMap } from "./CustomerMap";
import { HowFound } from "./HowFound";
import { Movements } from "./Movements";
import { ReclusterProgress, useReclusterRun } from "./ReclusterProgress";
import { SegmentCard } from "./SegmentCard";

/** Versions in the sparklines and in the sizes over time. */
const VERSIONS = 12;

export function SegmentsPage() {
  const { t } = useTranslation("segments");
  const { active, loaded } = useShop();
  const segments = useSegments();
  const versions = useSegmentations(VERSIONS);
  const run = useReclusterRun();
  const changed = useChangedIds(segments.data);
  // A job that fell silent is no reason to refuse another one.
  const running = run !== null && isActive(run) && !isQuiet(run, Date.now());
  const names = useMemo(() => new Map<string, Localized>((segments.data ?? []).map((segment) => [segment.id, segment.name])), [segments.data]);
  const color = useMemo(() => segmentColors((segments.data ?? []).map((segment) => segment.id)), [segments.data]);
  const sizes = useMemo(() => new Map(sizesOverTime(versions.data ?? []).map((line) => [line.id, line.sizes])), [versions.data]);
  const newest = versions.data?.at(-1);
  const none = (loaded && active === null) || (segments.state === "ready" && segments.data.length === 0);

  // A link to #moved is followed once the table is there.
  const hash = useRouterState({ select: (state) => state.location.hash });
  const ready = newest !== undefined;
  useEffect(() => {
    if (ready && hash) document.getElementById(hash)?.scrollIntoView({ block: "start" });
  }, [ready, hash]);

  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={!none && <ReclusterButton look="primary" running={running} />} />
      <div className="flex flex-col gap-5">
        {run && <ReclusterProgress run={run} />}
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
                ? Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="h-56 w-full rounded-lg" />)
                : segments.data.map((segment) => (
                    <SegmentCard
                      key={segment.id}
                      segment={segment}
                      color={color(segment.id).css}
                      sizes={sizes.get(segment.id) ?? []}
                      glowing={changed.has(segment.id)}
                    />
                  ))}
            </div>
            {newest && <HowFound version={newest} />}
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
          </>
        )}
      </div>
    </>
  );
}
