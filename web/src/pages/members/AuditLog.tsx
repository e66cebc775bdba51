import { Link } from "@tanstack/react-router";
import { ArrowRight, ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Avatar } from "@/components/ui/Avatar";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import type { QuerySpec, Row } from "@/data/live";
import { changes, type Change } from "@/data/members";
import { useArrivals, usePaged } from "@/data/paged";
import type { Audit } from "@/generated/documents";
import { cx } from "@/lib/cx";

const SPEC: QuerySpec = { collection: "audit", orderBy: [["at", "desc"]] };

/** Who changed what, newest first, each with what it was before and after. */
export function AuditLog() {
  const { t } = useTranslation("members");
  const paged = usePaged<Audit>(SPEC, 30);
  const fresh = useArrivals(paged.rows, paged.loading);
  return (
    <Card flush title={t("audit.title")} hint={t("audit.hint")}>
      {paged.error ? (
        <ErrorState onRetry={paged.retry} />
      ) : paged.loading ? (
        <SkeletonRows className="px-5 pb-5" />
      ) : paged.rows.length === 0 ? (
        <EmptyState icon={<ScrollText aria-hidden />} title={t("audit.empty")}>
          {t("audit.emptyBody")}
        </EmptyState>
      ) : (
        <ol className="border-t">
          {paged.rows.map((row) => (
            <AuditItem key={row.id} row={row} fresh={fresh.has(row.id)} />
          ))}
        </ol>
      )}
      {!paged.loading && !paged.complete && (
        <div className="flex justify-center border-t p-3">
          <Button size="sm" look="ghost" busy={paged.more} onClick={() => paged.show(0, paged.rows.length - 1)}>
            {t("audit.more")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function AuditItem({ row, fresh }: { row: Row<Audit>; fresh: boolean }) {
  const { t } = useTranslation(["members", "common"]);
  const found = changes(row);
  return (
    <li className={cx("flex gap-4 border-b px-5 py-3 last:border-b-0", fresh && "glow")}>
      <Avatar name={row.actorName} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 text-table">
          <b className="font-medium">{row.actorName}</b>
          <span className="text-small text-faint">
            {row.actorRole === "system" ? t("audit.system") : t(`common:role.${row.actorRole}`)}
          </span>
          <span>{t(`action.${row.action.replace(".", "_")}`, { defaultValue: row.action })}</span>
          <Target path={row.target} />
          <Time at={row.at} className="ml-auto text-small text-faint" />
        </p>
        {found.length > 0 && (
          <ul className="mt-1.5 flex flex-col gap-1 text-small">
            {found.map((change) => (
              <Diff key={change.field} change={change} />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

/** What was edited, as a link where there is a page for it. */
function Target({ path }: { path: string }) {
  const [collection, id] = path.split("/");
  const look = "rounded-sm font-mono text-small text-primary-ink hover:underline";
  if (collection === "customers" && id) {
    return (
      <Link to="/customers/$customerId" params={{ customerId: id }} className={look}>
        {id.slice(0, 12)}
      </Link>
    );
  }
  if (collection === "segments" && id) {
    return (
      <Link to="/segments/$segmentId" params={{ segmentId: id }} className={look}>
        {id.slice(0, 16)}
      </Link>
    );
  }
  if (collection === "imports" && id) {
    return (
      <Link to="/imports/$importId" params={{ importId: id }} className={look}>
        {id.slice(0, 12)}
      </Link>
    );
  }
  return null;
}

function Diff({ change }: { change: Change }) {
  const { t } = useTranslation(["members", "common"]);
  const said = (value: unknown): string => {
    if (value === undefined || value === null || value === "") return "—";
    // Personal values are named in the log, not quoted.
    if (value === "(kept private)") return t("audit.private");
    if (value === "changed") return t("audit.changed");
    if (value === "removed") return t("audit.removed");
    if (change.field === "role") return t(`common:role.${String(value)}`, { defaultValue: String(value) });
    if (Array.isArray(value)) return value.join(", ") || "—";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-1.5">
      <Badge>{t(`fieldName.${change.field}`, { defaultValue: change.field })}</Badge>
      {change.kind !== "added" && (
        <del className="rounded-sm bg-bad-soft px-1.5 break-all text-bad no-underline decoration-1">
          <span className="sr-only">{t("audit.before")} </span>
          {said(change.before)}
        </del>
      )}
      {change.kind === "changed" && <ArrowRight className="size-3.5 text-faint" aria-hidden />}
      {change.kind !== "removed" && (
        <ins className="rounded-sm bg-good-soft px-1.5 break-all text-good no-underline">
          <span className="sr-only">{t("audit.after")} </span>
          {said(change.after)}
        </ins>
      )}
    </li>
  );
}
