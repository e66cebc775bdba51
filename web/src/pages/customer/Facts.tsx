import { Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { countryName, languageName } from "@/data/customers-names";
import { useDoc, type Row } from "@/data/live";
import type { Contact, Customer, Manual } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export interface FactsProps {
  customer: Row<Customer>;
  contact: Contact | null;
  onEdit: (() => void) | undefined;
}

/** What is known about the person; only what is known takes a line. */
export function Facts({ customer, contact, onEdit }: FactsProps) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const role = useRole();
  const { data: manual } = useDoc<Manual>(
    may(role, "editCustomers") ? `customers/${customer.id}/sources/manual` : null,
  );
  const facts = [
    ["email", contact ? contact.email : customer.maskedEmail],
    ["phone", contact ? contact.phone : customer.maskedPhone],
    ["country", customer.country && countryName(customer.country, format.language)],
    ["language", customer.language && languageName(customer.language, format.language)],
    ["gender", customer.gender && t(`gender.${customer.gender}`)],
    ["ageBand", customer.ageBand && t(`age.${customer.ageBand}`)],
    ["birthday", customer.birthMonthDay && birthday(customer.birthMonthDay, format.language)],
    ["zone", customer.zone],
    ["address", contact?.address],
    ["account", customer.externalId],
    ["source", t(`platform.${customer.platform}`)],
  ].filter((fact): fact is [string, string] => Boolean(fact[1]));
  return (
    <Card
      title={t("facts")}
      actions={
        onEdit && (
          <Button look="ghost" size="icon-sm" aria-label={t("edit.button")} onClick={onEdit}>
            <Pencil aria-hidden />
          </Button>
        )
      }
    >
      <dl className="flex flex-col gap-2 text-table">
        {facts.map(([name, value]) => (
          <div key={name} className="flex flex-wrap justify-between gap-x-4">
            <dt className="shrink-0 text-muted">{t(`fact.${name}`)}</dt>
            <dd className="ml-auto min-w-0 text-right [overflow-wrap:anywhere]">
              {name === "email" && contact ? (
                <a href={`mailto:${value}`} className="rounded-sm hover:text-ink hover:underline">
                  {value}
                </a>
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
      {customer.interests.length > 0 && (
        <div className="mt-4">
          <h3 className="mb-1.5 text-small font-medium text-muted">{t("fact.interests")}</h3>
          <p className="flex flex-wrap gap-1.5">
            {customer.interests.slice(0, 8).map((interest) => (
              <Badge key={interest.category}>{interest.category}</Badge>
            ))}
          </p>
        </div>
      )}
      <p className="mt-3 text-small text-faint">{t("since", { date: format.date(customer.createdAt) })}</p>
      {!may(role, "readContact") && (customer.maskedEmail ?? customer.maskedPhone) && (
        <p className="text-small text-faint">{t("masked")}</p>
      )}
      {manual?.note && (
        <div className="mt-4">
          <h3 className="mb-1 text-small font-medium text-muted">{t("fact.note")}</h3>
          <p className="text-table whitespace-pre-wrap">{manual.note}</p>
        </div>
      )}
    </Card>
  );
}

/** "12 March" from `03-12`: the year stays with the contact data. */
function birthday(monthDay: string, language: string): string {
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(`2000-${monthDay}T12:00:00Z`));
}
