import { Link } from "@tanstack/react-router";
import { MessageSquareText, UsersRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Sheet } from "@/components/ui/Sheet";
import { Skeleton } from "@/components/ui/Skeleton";
import { SentenceOf } from "@/components/words/Sentence";
import { type Row, useDoc } from "@/data/live";
import type { Customer, Insight } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Lines shown before "show more": each is a document of its own. */
const STEP = 8;

/** The very texts and customers that an insight rests on, each behind a button that says how many; none where a role may not read them. */
export function InsightEvidence({ insight }: { insight: Row<Insight> }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const role = useRole();
  const [open, setOpen] = useState<"texts" | "customers" | null>(null);
  const { feedback, customers, customersCount } = insight;
  const close = (next: boolean) => !next && setOpen(null);
  return (
    <>
      {feedback.length > 0 && may(role, "readWords") && (
        <>
          <Button size="sm" look="ghost" icon={<MessageSquareText aria-hidden />} onClick={() => setOpen("texts")}>
            {t("insights.texts", { count: feedback.length, number: format.number(feedback.length) })}
          </Button>
          <Sheet open={open === "texts"} onOpenChange={close} title={format.text(insight.title)}>
            <p className="mb-4 text-table text-muted">{t("insights.textsOf", { count: feedback.length, number: format.number(feedback.length) })}</p>
            <Some ids={feedback} line={(id) => <SentenceOf id={id} />} className="flex flex-col gap-3" />
          </Sheet>
        </>
      )}
      {customers.length > 0 && may(role, "readCustomers") && (
        <>
          <Button size="sm" look="ghost" icon={<UsersRound aria-hidden />} onClick={() => setOpen("customers")}>
            {t("insights.customers", { count: customersCount, number: format.number(customersCount) })}
          </Button>
          <Sheet open={open === "customers"} onOpenChange={close} title={format.text(insight.title)}>
            <p className="mb-3 text-table text-muted">
              {customersCount > customers.length
                ? t("insights.firstOf", { shown: format.number(customers.length), number: format.number(customersCount) })
                : t("insights.customersOf", { count: customersCount, number: format.number(customersCount) })}
            </p>
            <Some ids={customers} line={(id) => <CustomerLine id={id} />} className="flex flex-col divide-y" />
          </Sheet>
        </>
      )}
    </>
  );
}

/** The first few of a list, and more on demand. Mounted only while its sheet is open: nothing is read before. */
function Some({ ids, line, className }: { ids: readonly string[]; line: (id: string) => ReactNode; className: string }) {
  const { t } = useTranslation("words");
  const [shown, setShown] = useState(STEP);
  return (
    <>
      <ul className={className}>
        {ids.slice(0, shown).map((id) => (
          <li key={id}>{line(id)}</li>
        ))}
      </ul>
      {ids.length > shown && (
        <Button className="mt-3 w-full" onClick={() => setShown(shown + STEP)}>
          {t("texts.more")}
        </Button>
      )}
    </>
  );
}

function CustomerLine({ id }: { id: string }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const customer = useDoc<Customer>(`customers/${id}`);
  if (customer.state === "loading") return <Skeleton className="my-2.5 h-5 w-full" />;
  if (customer.state !== "ready" || customer.data === null) return <p className="py-2.5 text-table text-muted">{t("insights.gone")}</p>;
  const { displayName, externalId, stats } = customer.data;
  return (
    <p className="flex items-baseline justify-between gap-3 py-2.5">
      <Button look="link" asChild className="min-w-0">
        <Link to="/customers/$customerId" params={{ customerId: id }}>
          <span className="truncate">{displayName ?? externalId ?? t("care.customer")}</span>
        </Link>
      </Button>
      <span className="tabular shrink-0 text-small text-faint">{t("insights.orders", { count: stats.orders, number: format.number(stats.orders) })}</span>
    </p>
  );
}
