import { Link, useNavigate } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { FileUp, Upload } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { DataTable } from "@/components/ui/DataTable";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Progress } from "@/components/ui/Progress";
import { Time } from "@/components/ui/Time";
import { importProgress, isEnded } from "@/data/imports";
import { useChangedIds, type QuerySpec, type Row } from "@/data/live";
import { usePaged } from "@/data/paged";
import { useUpload } from "@/data/uploads";
import type { Import } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { SampleOffer } from "./SampleOffer";
import { StatusBadge } from "./StatusBadge";

const SPEC: QuerySpec = { collection: "imports", orderBy: [["createdAt", "desc"]] };

export function ImportsPage() {
  const { t } = useTranslation("imports");
  return may(useRole(), "import") ? <Imports /> : <Denied page={t("title")} permission="import" />;
}

function Imports() {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const format = useFormat();
  const paged = usePaged<Import>(SPEC, 30);
  const changed = useChangedIds(paged.rows as Row<Import>[]);
  const columns = useMemo<ColumnDef<Row<Import>, unknown>[]>(
    () => [
      {
        id: "file",
        header: t("list.file"),
        cell: ({ row: { original } }) => (
          <span className="flex min-w-0 flex-col">
            <Link
              to="/imports/$importId"
              params={{ importId: original.id }}
              tabIndex={-1}
              className="truncate font-medium hover:underline"
            >
              {original.fileName}
            </Link>
            <span className="truncate text-small text-faint">
              {t(`kind.${original.kind}`)}
              {original.sample && ` · ${t("list.sample")}`}
            </span>
          </span>
        ),
        meta: { width: "minmax(180px, 2fr)", phone: "title" },
      },
      {
        id: "status",
        header: t("list.status"),
        cell: ({ row }) => <Status item={row.original} />,
        meta: { width: "minmax(150px, 1.2fr)" },
      },
      {
        id: "rows",
        header: t("list.rows"),
        cell: ({ row }) => format.number(row.original.counts.rows),
        meta: { align: "right" },
      },
      {
        id: "result",
        header: t("list.result"),
        cell: ({ row: { original } }) => <Summary item={original} />,
        meta: { width: "minmax(180px, 1.6fr)" },
      },
      {
        id: "by",
        header: t("list.by"),
        cell: ({ row }) => row.original.createdByName,
        meta: { width: "minmax(110px, 1fr)" },
      },
      {
        id: "at",
        header: t("list.at"),
        cell: ({ row }) => <Time at={row.original.createdAt.toDate()} />,
        meta: { align: "right", width: "minmax(110px, 0.8fr)" },
      },
    ],
    [t, format],
  );
  const { show } = paged;
  const onMore = useCallback(() => show(0, paged.rows.length - 1), [show, paged.rows.length]);
  const start = (
    <Button look="primary" icon={<Upload aria-hidden />} onClick={() => void navigate({ to: "/imports/new" })}>
      {t("new.title")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={start} />
      <SampleOffer realSeen={paged.rows.some((item) => !item.sample && item.counts.created > 0)} />
      <Card flush>
        {paged.error ? (
          <ErrorState onRetry={paged.retry} />
        ) : (
          <DataTable
            label={t("title")}
            columns={columns}
            rows={paged.rows}
            rowId={(row) => row.id}
            changed={changed}
            rowHeight={56}
            onOpen={(row) => void navigate({ to: "/imports/$importId", params: { importId: row.id } })}
            loading={paged.loading}
            more={!paged.complete}
            onMore={onMore}
            empty={
              <EmptyState icon={<FileUp aria-hidden />} title={t("empty.title")} action={start}>
                {t("empty.body")}
              </EmptyState>
            }
          />
        )}
      </Card>
    </>
  );
}

function Status({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const upload = useUpload(item.id);
  const uploading = item.status === "uploading";
  const share = uploading ? (upload && upload.total > 0 ? upload.sent / upload.total : 0) : importProgress(item);
  return (
    <span className="flex min-w-0 flex-col gap-1.5 pr-2">
      <span>
        <StatusBadge item={item} />
      </span>
      {!isEnded(item.status) && <Progress value={share} label={t(`status.${item.status}`)} />}
    </span>
  );
}

function Summary({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const { created, updated, unchanged, rejected } = item.counts;
  if (item.status === "uploading") return <span className="text-faint">—</span>;
  const parts = [
    created > 0 && t("list.created", { count: created, formatted: format.number(created) }),
    updated > 0 && t("list.updated", { count: updated, formatted: format.number(updated) }),
    created + updated === 0 && unchanged > 0 && t("list.unchanged"),
  ].filter(Boolean);
  return (
    <span className="flex min-w-0 flex-col items-start gap-0.5">
      <span className="max-w-full truncate">{parts.join(", ") || "—"}</span>
      {rejected > 0 && (
        <Badge tone="bad">{t("list.rejected", { count: rejected, formatted: format.number(rejected) })}</Badge>
      )}
    </span>
  );
}
