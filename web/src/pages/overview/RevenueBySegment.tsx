import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { NoSegmentsYet } from "@/components/segments/NoSegmentsYet";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import type { Live, Row } from "@/data/live";
import { segmentColors } from "@/data/segments";
import type { Localized, Segmentation } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export interface RevenueBySegmentProps {
  versions: Live<Row<Segmentation>[]>;
  names: ReadonlyMap<string, Localized>;
  none: boolean;
}

/** One bar a segment, labelled directly; the whole row opens it. */
export function RevenueBySegment({ versions, names, none }: RevenueBySegmentProps) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const newest = versions.data?.at(-1);
  const sizes = [...(newest?.sizes ?? [])].sort((a, b) => b.revenue - a.revenue);
  const total = sizes.reduce((sum, size) => sum + size.revenue, 0);
  const people = sizes.reduce((sum, size) => sum + size.size, 0);
  const top = Math.max(...sizes.map((size) => size.revenue), 1);
  const color = segmentColors((versions.data ?? []).flatMap((version) => version.sizes.map((size) => size.segmentId)));
  return (
    <Card
      title={
        <>
          {t("bySegment.title")} <Info about={t("bySegment.title")}>{t("bySegment.made")}</Info>
        </>
      }
      hint={t("bySegment.hint")}
    >
      {none ? (
        <NoSegmentsYet />
      ) : versions.state === "loading" ? (
        <SkeletonRows rows={6} />
      ) : versions.state !== "ready" ? (
        <ErrorState onRetry={versions.retry} />
      ) : (
        <ul className="-mx-2 flex flex-col">
          {sizes.map((size) => (
            <li key={size.segmentId}>
              <Link
                to="/segments/$segmentId"
                params={{ segmentId: size.segmentId }}
                className="block rounded-md px-2 py-1.5 transition-colors duration-150 hover:bg-subtle"
              >
                <span className="flex items-baseline justify-between gap-3 text-table">
                  <span className="min-w-0 truncate font-medium">{format.text(names.get(size.segmentId) ?? size.name)}</span>
                  <span className="tabular shrink-0">
                    {format.money(size.revenue, { whole: true })}
                    <span className="ml-2 inline-block w-11 text-right text-faint">{format.percent(total > 0 ? size.revenue / total : 0, 0)}</span>
                  </span>
                </span>
                <span className="mt-1 block h-2 overflow-hidden rounded-full bg-subtle" aria-hidden>
                  <span
                    className="block h-full rounded-full transition-[width] duration-250"
                    style={{ width: `${Math.max(0.5, (Math.max(0, size.revenue) / top) * 100)}%`, background: color(size.segmentId).css }}
                  />
                </span>
                <span className="text-small text-faint">
                  {t("bySegment.people", { count: size.size, number: format.number(size.size), share: format.percent(people > 0 ? size.size / people : 0, 0) })}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
