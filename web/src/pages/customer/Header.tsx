import { GitMerge, MoreHorizontal, Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Avatar } from "@/components/ui/Avatar";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { DropdownMenu, MenuItem } from "@/components/ui/DropdownMenu";
import { stageOf } from "@/data/customers";
import type { Row } from "@/data/live";
import type { Contact, Customer } from "@/generated/documents";

import { LIFECYCLE_TONE } from "../customers/columns";
import { Inferred } from "./Inferred";
import { SurveyLink } from "./SurveyLink";

export interface HeaderProps {
  customer: Row<Customer>;
  /** Null for a role that sees masked contact data only. */
  contact: Contact | null;
  /** Absent for a role that may not. */
  onEdit: (() => void) | undefined;
  onMerge: (() => void) | undefined;
  /** May this customer be asked something? */
  ask: boolean;
}

/** Who this is, and what can be done; stays on the screen while the page scrolls. */
export function Header({ customer, contact, onEdit, onMerge, ask }: HeaderProps) {
  const { t } = useTranslation(["customer", "customers"]);
  const stage = stageOf(customer);
  const under = [
    contact ? contact.email : customer.maskedEmail,
    contact ? contact.phone : customer.maskedPhone,
  ].filter(Boolean);
  return (
    <section className="sticky top-14 z-20 -mx-4 -mt-5 mb-4 flex items-center gap-3 border-b bg-canvas/92 px-4 py-3 backdrop-blur-md md:-mx-8 md:gap-4 md:px-8">
      <span className="hidden md:block">
        <Avatar name={customer.displayName} size="lg" />
      </span>
      <span className="md:hidden">
        <Avatar name={customer.displayName} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-x-2.5">
          {/* The page's heading says the name to screen readers. */}
          <span aria-hidden className="min-w-0 truncate text-h2 font-semibold tracking-tight md:text-h1">
            {customer.displayName ?? t("nameless")}
          </span>
          {stage && <Badge tone={LIFECYCLE_TONE[stage]}>{t(`customers:lifecycle.${stage}`)}</Badge>}
          {customer.aliases.length > 0 && (
            <span className="hidden sm:block">
              <Badge>{t("accounts.count", { count: customer.aliases.length + 1 })}</Badge>
            </span>
          )}
        </p>
        <p className="mt-0.5 flex min-w-0 gap-1.5 empty:hidden">
          <Inferred customer={customer} />
        </p>
        <p className="truncate text-table text-muted">{under.length > 0 ? under.join(" · ") : t("noContact")}</p>
      </div>
      {ask && <SurveyLink customerId={customer.id} />}
      <span className="hidden gap-2 sm:flex">
        {onEdit && (
          <Button size="sm" icon={<Pencil aria-hidden />} onClick={onEdit}>
            {t("edit.button")}
          </Button>
        )}
        {onMerge && (
          <Button size="sm" icon={<GitMerge aria-hidden />} onClick={onMerge}>
            {t("merge.button")}
          </Button>
        )}
      </span>
      {onEdit && onMerge && (
        <span className="sm:hidden">
          <DropdownMenu
            trigger={
              <Button look="ghost" size="icon" aria-label={t("actions")}>
                <MoreHorizontal aria-hidden />
              </Button>
            }
          >
            <MenuItem icon={<Pencil aria-hidden />} onSelect={onEdit}>
              {t("edit.title")}
            </MenuItem>
            <MenuItem icon={<GitMerge aria-hidden />} onSelect={onMerge}>
              {t("merge.title")}
            </MenuItem>
          </DropdownMenu>
        </span>
      )}
    </section>
  );
}
