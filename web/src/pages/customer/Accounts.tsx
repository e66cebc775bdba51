import { Link } from "@tanstack/react-router";
import { GitMerge, Split } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { everyId, suggestionsSpec, trailSpec } from "@/data/customers-one";
import { useDoc, useQuery, type Row } from "@/data/live";
import type { Connection, Customer, MergeTrail, Suggestion } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

const SHOWN = 4;

export interface AccountsProps {
  customer: Row<Customer>;
  /** Opens the merge dialog at a customer; absent for a role that may not. */
  onMerge: ((other?: string) => void) | undefined;
}

/** The accounts that are this one person, why, and who else may be. */
export function Accounts({ customer, onMerge }: AccountsProps) {
  const { t } = useTranslation("customer");
  const trail = useQuery<MergeTrail>(trailSpec(customer.id));
  const [all, setAll] = useState(false);
  const ids = everyId(customer);
  const newest = new Map([...(trail.data ?? [])].reverse().map((step) => [step.account, step]));
  return (
    <Card
      title={t("accounts.title")}
      hint={customer.aliases.length > 0 ? t("accounts.hint") : undefined}
      actions={
        onMerge && (
          <Button look="ghost" size="icon-sm" aria-label={t("merge.title")} onClick={() => onMerge()}>
            <GitMerge aria-hidden />
          </Button>
        )
      }
    >
      <Suggestions customer={customer} onMerge={onMerge} />
      <ul className="flex flex-col gap-3">
        {(all ? ids : ids.slice(0, SHOWN)).map((id) => (
          <Account key={id} id={id} customer={customer} why={newest.get(id)} />
        ))}
      </ul>
      {ids.length > SHOWN && (
        <Button look="link" className="mt-2 text-table" onClick={() => setAll(!all)}>
          {all ? t("accounts.less") : t("accounts.more", { count: ids.length - SHOWN })}
        </Button>
      )}
      <Trail steps={(trail.data ?? []).filter((step) => step.action === "parted")} />
    </Card>
  );
}

interface AccountProps {
  id: string;
  customer: Row<Customer>;
  why: Row<MergeTrail> | undefined;
}

function Account({ id, customer, why }: AccountProps) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const edits = may(useRole(), "editCustomers");
  const own = id === customer.id;
  const live = useDoc<Customer>(own ? null : `customers/${id}`);
  const account = own ? customer : live.data;
  const known = account && account.createdBy.length < 60 && !["csv", "sample"].includes(account.platform);
  const connection = useDoc<Connection>(known ? `connections/${account.createdBy}` : null);
  const [parting, setParting] = useState(false);
  const part = async () => {
    try {
      await callConsole("people.unmerge", { customerId: customer.id, accountId: id });
      toast({
        tone: "good",
        title: t("accounts.parted"),
        action: {
          label: t("undo"),
          run: () =>
            void callConsole("people.merge", { customerId: customer.id, otherId: id }).catch((error: unknown) =>
              toast({ tone: "bad", title: toConsoleError(error).say(format.language) }),
            ),
        },
      });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  };
  if (!account) return null;
  const shop = connection.data?.name;
  return (
    <li className="text-table">
      <div className="flex min-h-8 items-center gap-1.5">
        <Badge tone={own ? "primary" : "neutral"}>{t(`platform.${account.platform}`)}</Badge>
        {shop && <span className="min-w-0 truncate text-small text-muted">{shop}</span>}
        {!own && edits && (
          <Button size="sm" look="ghost" className="ml-auto" icon={<Split aria-hidden />} onClick={() => setParting(true)}>
            {t("accounts.part")}
          </Button>
        )}
      </div>
      <p className="[overflow-wrap:anywhere]">
        {account.externalId ?? account.maskedEmail ?? account.displayName ?? id}
      </p>
      <p className="text-small text-faint">{t("since", { date: format.date(account.createdAt) })}</p>
      {why && why.action === "joined" && <Evidence step={why} />}
      <ConfirmDialog
        open={parting}
        onOpenChange={setParting}
        title={t("accounts.partTitle")}
        description={t("accounts.partBody")}
        confirmLabel={t("accounts.part")}
        danger={false}
        onConfirm={part}
      />
    </li>
  );
}

/** Why an account is this person: what was found equal, or who decided it. */
function Evidence({ step }: { step: Row<MergeTrail> }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  return (
    <details className="mt-1 rounded-md bg-subtle px-2.5 py-1.5 text-small">
      <summary className="cursor-pointer rounded-sm text-muted">
        {t(step.by ? "accounts.whyPerson" : "accounts.why")} · {format.date(step.at)}
      </summary>
      <ul className="mt-1 list-disc pl-4">
        {step.evidence.map((one) => (
          <li key={one.en}>{format.text(one)}</li>
        ))}
      </ul>
    </details>
  );
}

function Trail({ steps }: { steps: readonly Row<MergeTrail>[] }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  if (steps.length === 0) return null;
  return (
    <details className="mt-3 border-t pt-3 text-small">
      <summary className="cursor-pointer rounded-sm text-muted">{t("accounts.trail", { count: steps.length })}</summary>
      <ul className="mt-1 flex flex-col gap-1">
        {steps.map((step) => (
          <li key={step.id}>
            {format.date(step.at)} ·{" "}
            <Link
              to="/customers/$customerId"
              params={{ customerId: step.account }}
              className="rounded-sm text-primary-ink hover:underline"
            >
              {t("accounts.partedOne")}
            </Link>
            {step.evidence.map((one) => (
              <span key={one.en} className="block text-muted">
                {format.text(one)}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Customers that look like the same person, for a member to decide. */
function Suggestions({ customer, onMerge }: AccountsProps) {
  const { t } = useTranslation("customer");
  const found = useQuery<Suggestion>(suggestionsSpec(customer.id));
  const open = (found.data ?? []).filter((one) => !one.dismissed);
  if (open.length === 0) return null;
  return (
    <section className="mb-4 rounded-md border border-wait-line bg-wait-soft p-3">
      <h3 className="text-table font-medium">{t("suggest.title")}</h3>
      <ul className="mt-2 flex flex-col gap-3">
        {open.map((one) => (
          <Suggested key={one.id} customer={customer} suggestion={one} onMerge={onMerge} />
        ))}
      </ul>
    </section>
  );
}

interface SuggestedProps extends AccountsProps {
  suggestion: Row<Suggestion>;
}

function Suggested({ customer, suggestion, onMerge }: SuggestedProps) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const { data: other } = useDoc<Customer>(`customers/${suggestion.other}`);
  const [busy, setBusy] = useState(false);
  if (!other || other.mergedInto) return null;
  const dismiss = async () => {
    setBusy(true);
    try {
      await callConsole("people.dismiss", { customerId: customer.id, otherId: suggestion.other });
      toast({ tone: "good", title: t("suggest.dismissed") });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="text-table">
      <Link
        to="/customers/$customerId"
        params={{ customerId: suggestion.other }}
        className="rounded-sm font-medium hover:underline"
      >
        {other.displayName ?? t("nameless")}
      </Link>
      <span className="text-muted"> · {t(`platform.${other.platform}`)}</span>
      <p className="text-small text-muted">{format.text(suggestion.reason)}</p>
      {onMerge && (
        <p className="mt-1.5 flex flex-wrap gap-2">
          <Button size="sm" look="primary" onClick={() => onMerge(suggestion.other)}>
            {t("suggest.merge")}
          </Button>
          <Button size="sm" busy={busy} onClick={() => void dismiss()}>
            {t("suggest.apart")}
          </Button>
        </p>
      )}
    </li>
  );
}
