import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { UserRoundX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { Tabs } from "@/components/ui/Tabs";
import { everyId } from "@/data/customers-one";
import { useDoc, type Row } from "@/data/live";
import type { Contact, Customer, Overview } from "@/generated/documents";

import { Consents } from "./Consents";
import { EditDialog } from "./EditDialog";
import { Facts } from "./Facts";
import { Header } from "./Header";
import { Orders } from "./Orders";
import { Statistics } from "./Statistics";
import { Timeline } from "./Timeline";
import { Words } from "./Words";

export function CustomerPage() {
  const { t } = useTranslation("customer");
  const { customerId } = useParams({ strict: false }) as { customerId: string };
  return may(useRole(), "readCustomers") ? (
    <One key={customerId} customerId={customerId} />
  ) : (
    <Denied page={t("title")} permission="readCustomers" />
  );
}

function One({ customerId }: { customerId: string }) {
  const { t } = useTranslation("customer");
  const live = useDoc<Customer>(`customers/${customerId}`);
  if (live.state === "failed" || live.state === "denied") return <ErrorState onRetry={live.retry} />;
  if (live.state === "loading") return <Loading />;
  if (!live.data) {
    return (
      <>
        <PageHeader title={t("title")} trail={[{ label: t("all"), to: "/customers" }]} />
        <EmptyState
          icon={<UserRoundX aria-hidden />}
          title={t("gone.title")}
          action={
            <Button asChild>
              <Link to="/customers">{t("all")}</Link>
            </Button>
          }
        >
          {t("gone.body")}
        </EmptyState>
      </>
    );
  }
  return <Shown customer={live.data} />;
}

const TABS = ["timeline", "orders", "words"] as const;
export type CustomerTab = (typeof TABS)[number];

function Shown({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const role = useRole();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const { tab } = useSearch({ strict: false }) as { tab?: unknown };
  const chosen: CustomerTab = TABS.find((known) => known === tab) ?? "timeline";
  // A null path is never asked for: who may not read contact data sends no request for them.
  const contact = useDoc<Contact>(may(role, "readContact") ? `customers/${customer.id}/pii/contact` : null);
  const overview = useDoc<Overview>("metrics/overview");
  const ids = everyId(customer);
  const open = (next: CustomerTab) =>
    void navigate({
      to: "/customers/$customerId",
      params: { customerId: customer.id },
      search: next === "timeline" ? {} : { tab: next },
      replace: true,
      resetScroll: false,
    });
  const edit = may(role, "editCustomers") ? () => setEditing(true) : undefined;
  return (
    <>
      <PageHeader
        title={customer.displayName ?? t("nameless")}
        heading={<span className="sr-only">{customer.displayName ?? t("nameless")}</span>}
        trail={[{ label: t("all"), to: "/customers" }]}
      />
      {customer.mergedInto && (
        <Banner
          tone="wait"
          className="mb-4"
          action={
            <Button size="sm" asChild>
              <Link to="/customers/$customerId" params={{ customerId: customer.mergedInto }}>
                {t("merged.open")}
              </Link>
            </Button>
          }
        >
          {t("merged.body")}
        </Banner>
      )}
      <Header customer={customer} contact={contact.data ?? null} onEdit={edit} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_300px] xl:grid-cols-[280px_minmax(0,1fr)_300px]">
        <div className="order-3 flex min-w-0 flex-col gap-4 lg:col-span-2 xl:order-1 xl:col-span-1">
          <Facts customer={customer} contact={contact.data ?? null} onEdit={edit} />
          <Consents customer={customer} />
        </div>
        <Card className="order-2" flush>
          <Tabs<CustomerTab>
            className="px-5 pt-3 pb-5"
            label={t("what")}
            value={chosen}
            onChange={open}
            tabs={[
              { value: "timeline", label: t("tab.timeline"), content: <Timeline ids={ids} onOpen={open} /> },
              {
                value: "orders",
                label: t("tab.orders", { count: customer.stats.orders }),
                content: <Orders ids={ids} />,
              },
              {
                value: "words",
                label: t("tab.words", { count: customer.stats.feedback }),
                content: <Words ids={ids} />,
              },
            ]}
          />
        </Card>
        <div className="order-1 min-w-0 lg:order-3">
          <Statistics customer={customer} overview={overview.data ?? null} />
        </div>
      </div>
      {editing && contact.state === "ready" && (
        <EditDialog customer={customer} contact={contact.data} onClose={() => setEditing(false)} />
      )}
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-busy>
      <Skeleton className="mb-4 h-4 w-24" />
      <Skeleton className="mb-4 h-36 w-full rounded-lg" />
      <div className="grid gap-4 xl:grid-cols-[280px_minmax(0,1fr)_300px]">
        <Skeleton className="h-72 rounded-lg" />
        <Skeleton className="h-96 rounded-lg" />
        <Skeleton className="h-72 rounded-lg" />
      </div>
    </div>
  );
}
