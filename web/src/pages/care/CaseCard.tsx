import { Link } from "@tanstack/react-router";
import { Check, CircleAlert, Frown, MessageSquareQuote, RotateCcw, StickyNote, UserRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Textarea } from "@/components/ui/Input";
import { Time } from "@/components/ui/Time";
import { finishCase, noteCase, reopenCase } from "@/data/cases";
import { type Row, useDoc } from "@/data/live";
import type { Case, Customer, Feedback } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { Assignee } from "./Assignee";

const KIND = {
  frustrated: { tone: "bad", icon: <Frown aria-hidden /> },
  risk: { tone: "wait", icon: <CircleAlert aria-hidden /> },
  manual: { tone: "neutral", icon: <UserRound aria-hidden /> },
} as const;

/** One case: who, why, in which words, whose it is, what was written down, and the way to close it. */
export function CaseCard({ held, glowing, plain = false }: { held: Row<Case>; glowing?: boolean; plain?: boolean }) {
  const { t } = useTranslation(["care", "common"]);
  const format = useFormat();
  const done = held.status === "done";
  const [writing, setWriting] = useState<"note" | "done" | null>(null);
  // What was typed and neither kept nor cancelled; null while it is the note as it stands.
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? held.note ?? "";
  const [busy, setBusy] = useState(false);
  const said = (key: "closed" | "reopened" | "noted") => ({ done: t(`said.${key}`), undo: t("said.undo") });
  const end = () => {
    setDraft(null);
    setWriting(null);
  };
  const run = async (what: () => Promise<boolean>) => {
    setBusy(true);
    if (await what()) end();
    setBusy(false);
  };
  const keep = () =>
    run(() =>
      writing === "note" ? noteCase(held, text.trim(), format.language, said("noted")) : finishCase(held, text.trim() === (held.note ?? "") ? null : text.trim(), format.language, said("closed")),
    );
  return (
    <article className={cx(plain ? "rounded-md border p-3" : "rounded-lg border bg-surface p-4 shadow-card", glowing && "glow")}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {!plain && <Name customerId={held.customerId} />}
        <Badge tone={KIND[held.kind].tone} icon={KIND[held.kind].icon}>
          {t(`kind.${held.kind}`)}
        </Badge>
        {done && (
          <Badge tone="good" icon={<Check aria-hidden />}>
            {t("cases.done")}
          </Badge>
        )}
        <Time at={held.openedAt} className="ml-auto text-small text-faint" />
      </header>
      <p className="mt-1.5 text-table">{format.text(held.reason)}</p>
      {held.feedbackId && <Quote feedbackId={held.feedbackId} customerId={held.customerId} plain={plain} />}
      {held.note && writing === null && (
        <p className="mt-2 flex gap-2 text-table">
          <StickyNote className="mt-0.5 size-4 shrink-0 text-faint" aria-label={t("note")} />
          <span className="min-w-0 break-words whitespace-pre-wrap">{held.note}</span>
        </p>
      )}
      {done && (
        <p className="mt-2 text-small text-faint">
          {t("doneBy", { name: held.doneByName ?? t("somebody") })} <Time at={held.doneAt} />
        </p>
      )}
      {writing !== null && (
        <div className="mt-3">
          <Textarea
            autoFocus
            maxLength={5000}
            aria-label={t(writing === "note" ? "note" : "lastNote")}
            placeholder={t(writing === "note" ? "notePlaceholder" : "lastNotePlaceholder")}
            value={text}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") setWriting(null);
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && (writing === "done" || text.trim())) void keep();
            }}
          />
          <div className="mt-2 flex justify-end gap-2">
            <Button size="sm" onClick={end}>
              {t("common:cancel")}
            </Button>
            <Button size="sm" look="primary" busy={busy} disabled={writing === "note" && !text.trim()} onClick={() => void keep()}>
              {t(writing === "note" ? "keepNote" : "finish")}
            </Button>
          </div>
        </div>
      )}
      {writing === null && (
        <footer className="mt-3 flex flex-wrap items-center gap-2">
          {!done && <Assignee held={held} />}
          <span className="ml-auto flex flex-wrap items-center justify-end gap-2">
            {draft !== null && <span className="text-small text-wait">{t("draft")}</span>}
            {done ? (
              <Button size="sm" icon={<RotateCcw aria-hidden />} busy={busy} onClick={() => void run(() => reopenCase(held.id, format.language, said("reopened")))}>
                {t("reopen")}
              </Button>
            ) : (
              <>
                <Button size="sm" look="ghost" icon={<StickyNote aria-hidden />} onClick={() => setWriting("note")}>
                  {t(held.note ? "editNote" : "addNote")}
                </Button>
                <Button size="sm" icon={<Check aria-hidden />} onClick={() => setWriting("done")}>
                  {t("finish")}
                </Button>
              </>
            )}
          </span>
        </footer>
      )}
    </article>
  );
}

function Name({ customerId }: { customerId: string }) {
  const { t } = useTranslation("care");
  const { data } = useDoc<Customer>(`customers/${customerId}`);
  return (
    <Link to="/customers/$customerId" params={{ customerId }} className="min-w-0 rounded-sm text-h3 font-semibold break-words hover:underline">
      {data === undefined ? "…" : (data?.displayName ?? t("nameless"))}
    </Link>
  );
}

/** The words that opened the case, in short, with the way to all of them. */
function Quote({ feedbackId, customerId, plain }: { feedbackId: string; customerId: string; plain: boolean }) {
  const { t } = useTranslation("care");
  const { data } = useDoc<Feedback>(`feedback/${feedbackId}`);
  if (data === null) return null;
  return (
    <blockquote className="mt-2 rounded-md bg-subtle px-3 py-2 text-table">
      <p className="line-clamp-3" lang={data?.language ?? undefined}>
        <MessageSquareQuote className="mr-1.5 inline size-4 text-faint" aria-hidden />
        {data ? [data.title, data.text].filter(Boolean).join(" · ") : "…"}
      </p>
      {!plain && (
        <Link to="/customers/$customerId" params={{ customerId }} search={{ tab: "words" }} className="rounded-sm text-small text-primary-ink hover:underline">
          {t("toWords")}
        </Link>
      )}
    </blockquote>
  );
}
