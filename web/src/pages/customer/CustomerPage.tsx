import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { UserRoundX } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
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
import { everyId, notesSpec, type OwnNote } from "@/data/customers-one";
import { useDoc, useQueries, type Row } from "@/data/live";
import type { Contact, Customer, Note, Overview } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";
import { useMedia } from "@/lib/useMedia";

import { Accounts } from "./Accounts";
import { Browsing, Deliveries } from "./Browsing";
import { Carts } from "./Carts";
import { Cases } from "./Cases";
import { Consents } from "./Consents";
import { EditDialog } from "./EditDialog";
import { Facts } from "./Facts";
import { Header } from "./Header";
import { Insight } from "./Insight";
import { MergeDialog } from "./MergeDialog";
import { Orders } from "./Orders";
import { SegmentCard } from "./SegmentCard";
import { Stages } from "./Stages";
import { Statistics } from "./Statistics";
import { SIDE_TABS, TABS, type CustomerTab } from "./tabs";
import { TagsCard } from "./TagsCard";
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

function Shown({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const role = useRole();
  const format = useFormat();
  const navigate = useNavigate();
  const wide = useMedia("(min-width: 1280px)");
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState<{ other?: string | undefined } | null>(null);
  const { tab } = useSearch({ strict: false }) as { tab?: unknown };
  // A null path is never asked for: who may not read contact data sends no request for them.
  const contact = useDoc<Contact>(may(role, "readContact") ? `customers/${customer.id}/pii/contact` : null);
  const overview = useDoc<Overview>("metrics/overview");
  const ids = useMemo(() => everyId(customer), [customer]);
  const notes = useNotes(ids);
  const open = (next: CustomerTab) =>
    void navigate({
      to: "/customers/$customerId",
      params: { customerId: customer.id },
      search: next === "timeline" ? {} : { tab: next },
      replace: true,
      resetScroll: false,
    });
  const editor = may(role, "editCustomers");
  const edit = editor ? () => setEditing(true) : undefined;
  const merge = editor && !customer.mergedInto ? (other?: string) => setMerging({ other }) : undefined;
  const about = (
    <div className="flex min-w-0 flex-col gap-4">
      <Facts customer={customer} contact={contact.data ?? null} onEdit={edit} />
      <Statistics customer={customer} overview={overview.data ?? null} />
      <TagsCard customer={customer} />
      <Accounts customer={customer} onMerge={merge} />
      <Consents customer={customer} />
    </div>
  );
  const figures = (
    <div className="flex min-w-0 flex-col gap-4">
      <Stages customer={customer} overview={overview.data ?? null} />
      <Cases customer={customer} />
      <SegmentCard customer={customer} />
      <Insight customer={customer} />
    </div>
  );
  const content: Record<CustomerTab, ReactNode> = {
    timeline: <Timeline customerId={customer.id} ids={ids} notes={notes} onOpen={open} />,
    orders: <Orders ids={ids} />,
    carts: <Carts ids={ids} />,
    browsing: <Browsing ids={ids} />,
    words: <Words ids={ids} optedOut={customer.profiling === "opted out"} />,
    deliveries: <Deliveries ids={ids} />,
    about,
    figures,
  };
  const counts: Partial<Record<CustomerTab, number>> = {
    orders: customer.stats.orders,
    words: customer.stats.feedback,
  };
  const offered: readonly CustomerTab[] = wide ? TABS : ["timeline", ...SIDE_TABS, ...TABS.slice(1)];
  const middle = (
    <Tabs<CustomerTab>
      className={wide ? "px-5 pt-3 pb-5" : ""}
      label={t("what")}
      value={offered.find((known) => known === tab) ?? "timeline"}
      onChange={open}
      tabs={offered.map((value) => ({
        value,
        label:
          counts[value] === undefined
            ? t(`tab.${value}`)
            : t(`tab.${value}`, { count: counts[value], formatted: format.number(counts[value]) }),
        content:
          wide || value === "about" || value === "figures" ? (
            content[value]
          ) : (
            <Card>{content[value]}</Card>
          ),
      }))}
    />
  );
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
      <Header
        customer={customer}
        contact={contact.data ?? null}
        onEdit={edit}
        onMerge={merge && (() => merge())}
        ask={may(role, "editSurveys") && !customer.mergedInto}
      />
      {wide ? (
        <div className="grid grid-cols-[264px_minmax(0,1fr)_284px] items-start gap-4">
          {about}
          <Card flush>{middle}</Card>
          {figures}
        </div>
      ) : (
        middle
      )}
      {editing && contact.state === "ready" && (
        <EditDialog customer={customer} contact={contact.data} onClose={() => setEditing(false)} />
      )}
      {merging && <MergeDialog customer={customer} otherId={merging.other} onClose={() => setMerging(null)} />}
    </>
  );
}

/** The notes of every account, newest first. */
function useNotes(ids: readonly string[]): OwnNote[] {
  const specs = useMemo(() => Object.fromEntries(ids.map((id) => [id, notesSpec(id)])), [ids]);
  const found = useQueries<Note>(specs);
  return useMemo(
    () =>
      Object.entries(found)
        .flatMap(([owner, live]) => (live.data ?? []).map((note) => ({ ...note, owner })))
        .sort((one, other) => other.at.toMillis() - one.at.toMillis()),
    [found],
  );
}

function Loading() {
  return (
    <div role="status" aria-busy>
      <Skeleton className="mb-4 h-4 w-24" />
      <Skeleton className="mb-4 h-36 w-full rounded-lg" />
      <div className="grid gap-4 xl:grid-cols-[264px_minmax(0,1fr)_284px]">
        <Skeleton className="h-72 rounded-lg" />
        <Skeleton className="h-96 rounded-lg" />
        <Skeleton className="h-72 rounded-lg" />
      </div>
    </div>
  );
}
