import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { PageHeader } from "@/components/ui/PageHeader";
import { Tabs } from "@/components/ui/Tabs";

import { AuditLog } from "./AuditLog";
import { People } from "./People";
import { ShopSettings } from "./ShopSettings";

const TABS = ["people", "shop", "audit"] as const;
type Tab = (typeof TABS)[number];

/** Settings: who may do what, how the shop reports, who changed what. */
export function MembersPage() {
  const { t } = useTranslation("members");
  const role = useRole();
  const navigate = useNavigate();
  const { tab } = useSearch({ strict: false }) as { tab?: unknown };
  const chosen: Tab = TABS.find((known) => known === tab) ?? "people";
  if (!may(role, "manageMembers")) return <Denied page={t("title")} permission="manageMembers" />;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <Tabs<Tab>
        label={t("title")}
        value={chosen}
        onChange={(next) =>
          void navigate({ to: "/members", search: next === "people" ? {} : { tab: next }, replace: true })
        }
        tabs={[
          { value: "people", label: t("tab.people"), content: <People /> },
          { value: "shop", label: t("tab.shop"), content: <ShopSettings /> },
          { value: "audit", label: t("tab.audit"), content: <AuditLog /> },
        ]}
      />
    </>
  );
}
