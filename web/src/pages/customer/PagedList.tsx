import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import type { QuerySpec, Row } from "@/data/live";
import { useArrivals, usePaged } from "@/data/paged";

import { NotOpen } from "./NotOpen";

export interface PagedListProps<T> {
  spec: QuerySpec;
  size: number;
  className: string;
  /** Shown when the customer has none. */
  empty: ReactNode;
  children: (row: Row<T>, fresh: boolean) => ReactNode;
}

/** A list of what a customer has of one thing, newest first: page by page, live, with what is new glowing. */
export function PagedList<T>({ spec, size, className, empty, children }: PagedListProps<T>) {
  const { t } = useTranslation("customer");
  const paged = usePaged<T>(spec, size);
  const fresh = useArrivals(paged.rows, paged.loading);
  if (paged.denied) return <NotOpen />;
  if (paged.error) return <ErrorState onRetry={paged.retry} />;
  if (paged.loading) return <SkeletonRows />;
  if (paged.rows.length === 0) return <>{empty}</>;
  return (
    <>
      <ul className={className}>{paged.rows.map((row) => children(row, fresh.has(row.id)))}</ul>
      {!paged.complete && (
        <Button
          size="sm"
          look="ghost"
          className="mt-2 w-full"
          busy={paged.more}
          onClick={() => paged.show(0, paged.rows.length - 1)}
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}
