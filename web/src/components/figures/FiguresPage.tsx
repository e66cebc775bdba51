import { Link } from "@tanstack/react-router";
import { ChartNoAxesColumn } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { Tooltip } from "@/components/ui/Tooltip";
import type { Live, Row } from "@/data/live";
import type { Localized } from "@/generated/documents";
import type { When } from "@/lib/format";
import { useFormat } from "@/lib/useFormat";

import { NotLearned } from "./Learning";

export interface FiguresPageProps<T> {
  title: string;
  description: string;
  live: Live<Row<T> | null>;
  /** What the page will show, for a shop where nothing was worked out yet. */
  empty: string;
  icon?: ReactNode;
  actions?: ReactNode;
  children: (data: Row<T>) => ReactNode;
}

/** A page made of one document of figures, with all its states; a condition that is not met is named, what is known is shown. */
export function FiguresPage<T extends { asOf: When; computedAt: When; unmet?: Localized | null }>({
  title,
  description,
  live,
  empty,
  icon,
  actions,
  children,
}: FiguresPageProps<T>) {
  const { t } = useTranslation("figures");
  const format = useFormat();
  const data = live.state === "ready" ? live.data : null;
  return (
    <>
      <PageHeader
        title={title}
        description={description}
        actions={
          <>
            {data && <AsOf asOf={data.asOf} computedAt={data.computedAt} />}
            {actions}
          </>
        }
      />
      {live.state === "loading" ? (
        <div className="grid gap-5 xl:grid-cols-2" role="status" aria-busy>
          <Skeleton className="h-96 w-full rounded-lg" />
          <Skeleton className="h-96 w-full rounded-lg" />
          <Skeleton className="h-72 w-full rounded-lg" />
          <Skeleton className="h-72 w-full rounded-lg" />
        </div>
      ) : live.state !== "ready" ? (
        <Card>
          <ErrorState onRetry={live.retry} />
        </Card>
      ) : live.data === null ? (
        <Card>
          <EmptyState
            icon={icon ?? <ChartNoAxesColumn aria-hidden />}
            title={t("notYet")}
            action={
              <Button asChild>
                <Link to="/runs">{t("toRuns")}</Link>
              </Button>
            }
          >
            {empty} <NotLearned />
          </EmptyState>
        </Card>
      ) : (
        <div className="flex flex-col gap-5">
          {live.data.unmet && <Banner tone="wait">{format.text(live.data.unmet)}</Banner>}
          {children(live.data)}
        </div>
      )}
    </>
  );
}

/** The moment that figures are for, with when they were computed on hover. */
export function AsOf({ asOf, computedAt }: { asOf: When; computedAt: When }) {
  const { t } = useTranslation("figures");
  const format = useFormat();
  return (
    <Tooltip content={t("computed", { at: format.dateTime(computedAt), asOf: format.dateTime(asOf) })}>
      <span tabIndex={0} className="rounded-full border bg-surface px-3 py-1 text-small text-muted">
        {t("asOf", { date: format.date(asOf) })}
      </span>
    </Tooltip>
  );
}

/** In a card: the figures exist, this one does not yet. */
export function NotYet({ children, title }: { children: ReactNode; title?: ReactNode }) {
  const { t } = useTranslation("figures");
  return (
    <EmptyState title={title ?? t("tooLittle")} className="py-6">
      {children}
    </EmptyState>
  );
}
