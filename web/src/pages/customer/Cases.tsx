import { Link } from "@tanstack/react-router";
import { HeartHandshake } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { Textarea } from "@/components/ui/Input";
import { Skeleton } from "@/components/ui/Skeleton";
import { casesOfSpec, openCase } from "@/data/cases";
import { useQuery, type Row } from "@/data/live";
import type { Case, Customer } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { CaseCard } from "../care/CaseCard";

/** The open cases of this customer, with the way to open one; only for roles that work on cases. */
export function Cases({ customer }: { customer: Row<Customer> }) {
  const allowed = may(useRole(), "workCases") && !customer.mergedInto;
  return allowed ? <Held customerId={customer.id} /> : null;
}

function Held({ customerId }: { customerId: string }) {
  const { t } = useTranslation("customer");
  const live = useQuery<Case>(casesOfSpec(customerId));
  const { data } = live;
  const open = (data ?? []).filter((held) => held.status === "open");
  const done = (data ?? []).length - open.length;
  const [writing, setWriting] = useState(false);
  return (
    <Card
      title={t("case.title")}
      hint={done > 0 ? t("case.done", { count: done }) : undefined}
      actions={
        <Button look="link" className="text-table" asChild>
          <Link to="/care">{t("case.all")}</Link>
        </Button>
      }
    >
      {live.state === "loading" && <Skeleton className="h-8 w-full" />}
      {(live.state === "failed" || live.state === "denied") && <ErrorState onRetry={live.retry} />}
      {data && open.length === 0 && !writing && <p className="mb-3 text-table text-muted">{t("case.none")}</p>}
      {open.length > 0 && (
        <ul className="mb-3 flex flex-col gap-3">
          {open.map((held) => (
            <li key={held.id}>
              <CaseCard held={held} plain />
            </li>
          ))}
        </ul>
      )}
      {writing ? (
        <Opening customerId={customerId} onClose={() => setWriting(false)} />
      ) : (
        data &&
        !open.some((held) => held.kind === "manual") && (
          <Button size="sm" icon={<HeartHandshake aria-hidden />} onClick={() => setWriting(true)}>
            {t("case.open")}
          </Button>
        )
      )}
    </Card>
  );
}

function Opening({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const { t } = useTranslation(["customer", "common", "care"]);
  const format = useFormat();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    const done = await openCase(customerId, note.trim() || null, format.language, { done: t("care:said.opened"), undo: t("care:said.undo") });
    setBusy(false);
    if (done) onClose();
  };
  return (
    <div>
      <Textarea
        autoFocus
        maxLength={5000}
        aria-label={t("case.note")}
        placeholder={t("case.placeholder")}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !busy) void open();
        }}
      />
      <div className="mt-2 flex flex-wrap justify-end gap-2">
        <Button size="sm" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button size="sm" look="primary" busy={busy} onClick={() => void open()}>
          {t("case.open")}
        </Button>
      </div>
    </div>
  );
}
