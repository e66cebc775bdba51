import { useNavigate } from "@tanstack/react-router";
import { ArrowRight, Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Avatar } from "@/components/ui/Avatar";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { customerSpec, DEFAULT_QUERY, exactKind, isListed, searchTerms } from "@/data/customers";
import { together } from "@/data/customers-one";
import { useDoc, useQuery, type Row } from "@/data/live";
import type { Customer } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

const FOUND = 6;

export interface MergeDialogProps {
  customer: Row<Customer>;
  /** Already chosen, from a suggestion. */
  otherId?: string | undefined;
  onClose: () => void;
}

/** Two customers are one person: find the other, see what comes together, and merge. It can be taken back. */
export function MergeDialog({ customer, otherId, onClose }: MergeDialogProps) {
  const { t } = useTranslation(["customer", "common"]);
  const format = useFormat();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(otherId ?? null);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { data: other } = useDoc<Customer>(chosen ? `customers/${chosen}` : null);
  const failed = (caught: unknown) => toast({ tone: "bad", title: toConsoleError(caught).say(format.language) });
  const merge = async () => {
    if (!chosen) return;
    setBusy(true);
    setError(null);
    try {
      const answer = await callConsole<{ customerId: string }>("people.merge", {
        customerId: customer.id,
        otherId: chosen,
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      });
      onClose();
      const joined = answer.customerId === chosen ? customer.id : chosen;
      toast({
        tone: "good",
        title: t("merge.done"),
        action: {
          label: t("undo"),
          run: () =>
            void callConsole("people.unmerge", { customerId: answer.customerId, accountId: joined }).catch(failed),
        },
      });
      if (answer.customerId !== customer.id) {
        await navigate({ to: "/customers/$customerId", params: { customerId: answer.customerId } });
      }
    } catch (caught) {
      setError(toConsoleError(caught).say(format.language));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={t("merge.title")}
      description={t("merge.hint")}
      footer={
        <>
          {error && (
            <p role="alert" className="mr-auto self-center text-small text-bad">
              {error}
            </p>
          )}
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" busy={busy} disabled={!other} onClick={() => void merge()}>
            {t("merge.do")}
          </Button>
        </>
      }
    >
      {other ? (
        <div className="flex flex-col gap-4">
          <div className="grid items-center gap-3 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
            <Side customer={customer} />
            <ArrowRight className="hidden size-5 text-faint sm:block" aria-hidden />
            <Side customer={other} onChange={otherId ? undefined : () => setChosen(null)} />
          </div>
          <Preview one={customer} other={other} />
          <Field label={t("merge.reason")} optional={t("merge.optional")}>
            {(ids) => (
              <Input {...ids} value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
            )}
          </Field>
        </div>
      ) : (
        <Find without={customer} onChoose={setChosen} />
      )}
    </Dialog>
  );
}

function Side({ customer, onChange }: { customer: Row<Customer>; onChange?: (() => void) | undefined }) {
  const { t } = useTranslation("customer");
  return (
    <div className="flex min-w-0 items-center gap-3 rounded-md border p-3">
      <Avatar name={customer.displayName} />
      <div className="min-w-0 flex-1 text-table">
        <p className="truncate font-medium">{customer.displayName ?? t("nameless")}</p>
        <p className="truncate text-small text-faint">
          {[t(`platform.${customer.platform}`), customer.maskedEmail ?? customer.maskedPhone].filter(Boolean).join(" · ")}
        </p>
      </div>
      {onChange && (
        <Button size="sm" look="ghost" onClick={onChange}>
          {t("merge.other")}
        </Button>
      )}
    </div>
  );
}

/** What the one customer will have. */
function Preview({ one, other }: { one: Row<Customer>; other: Row<Customer> }) {
  const { t } = useTranslation(["customer", "common"]);
  const format = useFormat();
  const sum = together(one, other);
  const figures: [string, string][] = [
    [t("merge.accounts"), format.number(sum.accounts)],
    [t("stats.orders"), format.number(sum.orders)],
    [t("stats.revenue"), format.money(sum.revenue)],
    [t("merge.texts"), format.number(sum.feedback)],
    [t("merge.since"), format.date(new Date(sum.since))],
  ];
  return (
    <section className="rounded-md bg-subtle p-4">
      <h3 className="text-table font-medium">{t("merge.together")}</h3>
      <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-2 text-table sm:grid-cols-3">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt className="text-small text-muted">{label}</dt>
            <dd className="tabular font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {sum.tags.length > 0 && (
        <p className="mt-2 text-small text-muted">{t("merge.tags", { tags: sum.tags.join(", ") })}</p>
      )}
      {sum.refused.length > 0 && (
        <p className="mt-2 text-small text-wait">
          {t("merge.refused", {
            channels: sum.refused.map((channel) => t(`common:channel.${channel}`)).join(", "),
          })}
        </p>
      )}
    </section>
  );
}

interface FindProps {
  without: Row<Customer>;
  onChoose: (id: string) => void;
}

/** Names are found while typing; Enter looks an e-mail, a phone number or an order up exactly. */
function Find({ without, onChoose }: FindProps) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const [text, setText] = useState("");
  const [said, setSaid] = useState<string | null>(null);
  const query = { ...DEFAULT_QUERY, q: text };
  const found = useQuery<Customer>(searchTerms(text).token ? { ...customerSpec(query), limit: 20 } : null);
  const rows = (found.data ?? [])
    .filter((row) => row.id !== without.id && isListed(row, query, null))
    .slice(0, FOUND);
  const lookUp = async () => {
    const kind = exactKind(text);
    if (!kind) return;
    try {
      const { customerId } = await callConsole<{ customerId: string | null }>("customer.lookup", { [kind]: text.trim() });
      if (customerId && customerId !== without.id) onChoose(customerId);
      else setSaid(t(customerId ? "merge.same" : "merge.nobody"));
    } catch (error) {
      setSaid(toConsoleError(error).say(format.language));
    }
  };
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void lookUp();
      }}
    >
      <Input
        type="search"
        autoFocus
        leading={<Search aria-hidden />}
        aria-label={t("merge.find")}
        placeholder={t("merge.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setSaid(null);
        }}
      />
      <ul className="mt-3 flex min-h-40 flex-col">
        {rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className="flex w-full items-center gap-3 rounded-md px-2 py-2 text-left text-table hover:bg-subtle focus-visible:outline-offset-[-2px]"
              onClick={() => onChoose(row.id)}
            >
              <Avatar name={row.displayName} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{row.displayName ?? t("nameless")}</span>
                <span className="block truncate text-small text-faint">
                  {[t(`platform.${row.platform}`), row.maskedEmail ?? row.maskedPhone ?? row.externalId]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
              <span className="tabular text-small text-muted">
                {t("merge.orders", { count: row.stats.orders, formatted: format.number(row.stats.orders) })}
              </span>
            </button>
          </li>
        ))}
        {rows.length === 0 && (
          <li className="px-2 py-6 text-center text-table text-muted">
            {said ?? t(found.state === "ready" ? "merge.noMatch" : "merge.start")}
          </li>
        )}
      </ul>
    </form>
  );
}
