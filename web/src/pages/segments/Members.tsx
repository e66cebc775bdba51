import { Link, useNavigate } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { Users } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { may, whoMay } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Avatar } from "@/components/ui/Avatar";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { DataTable } from "@/components/ui/DataTable";
import { EmptyState, NoPermission } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { Time } from "@/components/ui/Time";
import { DEFAULT_QUERY, isListed, membersSpec } from "@/data/customers";
import { type Row, useChangedIds } from "@/data/live";
import { usePaged } from "@/data/paged";
import type { Customer, Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The customers who are in the segment now, read page by page as the table is scrolled. */
export function Members({ segment }: { segment: Row<Segment> }) {
  const { t, i18n } = useTranslation("segments");
  const role = useRole();
  if (!may(role, "readCustomers")) {
    const roles = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(whoMay("readCustomers").map((each) => t(`common:role.${each}`)));
    return (
      <Card title={t("detail.members")}>
        <NoPermission title={t("common:denied.title")}>{t("detail.membersDenied", { roles })}</NoPermission>
      </Card>
    );
  }
  return <MembersTable segment={segment} />;
}

function MembersTable({ segment }: { segment: Row<Segment> }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const navigate = useNavigate();
  const { active, pending } = useShop();
  const page = usePaged<Customer>(membersSpec(segment.id, pending));
  const rows = useMemo(
    // A version that is not flipped yet does not count: until then such a customer is where they were before.
    () => page.rows.filter((customer) => isListed(customer, { ...DEFAULT_QUERY, segment: segment.id }, active ?? 0)),
    [page.rows, active, segment.id],
  );
  const changed = useChangedIds(page.rows);
  const columns = useMemo<ColumnDef<Row<Customer>, unknown>[]>(
    () => [
      {
        id: "name",
        header: t("detail.name"),
        meta: { width: "minmax(180px, 2fr)", phone: "title" },
        cell: ({ row }) => (
          <span className="flex min-w-0 items-center gap-2.5">
            <Avatar name={row.original.displayName ?? row.original.externalId} />
            <Link to="/customers/$customerId" params={{ customerId: row.id }} className="min-w-0 truncate rounded-sm font-medium hover:underline">
              {row.original.displayName ?? row.original.externalId ?? row.id}
            </Link>
          </span>
        ),
      },
      {
        id: "why",
        header: t("detail.why"),
        meta: { width: "minmax(200px, 3fr)", phone: "hidden" },
        cell: ({ row }) => <span className="text-muted">{format.text(row.original.segment?.reasons[0])}</span>,
      },
      { id: "orders", header: t("detail.ordersColumn"), meta: { align: "right", width: "minmax(72px, 0.7fr)" }, cell: ({ row }) => format.number(row.original.stats.orders) },
      { id: "revenue", header: t("detail.revenue"), meta: { align: "right" }, cell: ({ row }) => format.money(row.original.stats.revenue) },
      { id: "last", header: t("detail.lastOrder"), meta: { width: "minmax(110px, 1fr)" }, cell: ({ row }) => <Time at={row.original.stats.lastOrderAt} className="text-muted" /> },
    ],
    [t, format],
  );
  return (
    <Card
      flush
      title={t("detail.members")}
      hint={t("detail.membersHint")}
      actions={
        <Button size="sm" look="ghost" asChild>
          <Link to="/customers" search={{ segment: segment.id }}>
            {t("detail.all")}
          </Link>
        </Button>
      }
    >
      {page.error ? (
        <ErrorState onRetry={page.retry} />
      ) : (
        <DataTable
          label={t("detail.members")}
          columns={columns}
          rows={rows}
          rowId={(customer) => customer.id}
          changed={changed}
          loading={page.loading}
          more={!page.complete}
          onShow={page.show}
          onOpen={(customer) => void navigate({ to: "/customers/$customerId", params: { customerId: customer.id } })}
          empty={<EmptyState icon={<Users aria-hidden />} title={t("detail.noMembers")} />}
        />
      )}
    </Card>
  );
}
