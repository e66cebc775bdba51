import { MessageSquareText, Star } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { EmptyState } from "@/components/ui/EmptyState";
import { Time } from "@/components/ui/Time";
import { EvidenceText } from "@/components/words/EvidenceText";
import { wordsSpec } from "@/data/customers-one";
import { type Row, useDoc } from "@/data/live";
import type { Emotion, Feedback } from "@/generated/documents";
import { cx } from "@/lib/cx";

import { PagedList } from "./PagedList";

/** What the customer wrote, in full and in their own language, with what was read in it. */
export function Words({ ids, optedOut }: { ids: readonly string[]; optedOut: boolean }) {
  const { t } = useTranslation("customer");
  return (
    <PagedList<Feedback>
      spec={wordsSpec(ids)}
      size={20}
      className="flex flex-col gap-3"
      empty={
        <EmptyState icon={<MessageSquareText aria-hidden />} title={t("words.empty")}>
          {t("words.emptyBody")}
        </EmptyState>
      }
    >
      {(words, fresh) => <Said key={words.id} words={words} fresh={fresh} optedOut={optedOut} />}
    </PagedList>
  );
}

function Said({ words, fresh, optedOut }: { words: Row<Feedback>; fresh: boolean; optedOut: boolean }) {
  const { t } = useTranslation("customer");
  // Of the texts that are shown only, each live: evidence that was asked for arrives in it.
  const live = useDoc<Emotion>(`emotions/${words.id}`);
  const read = live.state === "ready" ? live.data : undefined;
  // A refusal holds at once: what was read before it is not shown while it is being erased.
  const emotion = read && optedOut ? { ...read, status: "opted out" as const, evidence: null } : read;
  return (
    <li className={cx("rounded-md border p-4", fresh && "glow")}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-faint">
        <Badge>{t(`words.kind.${words.kind}`)}</Badge>
        {words.rating !== null && <Stars rating={words.rating} />}
        {words.productTitle && <span className="text-muted">{words.productTitle}</span>}
        <Time at={words.at} className="ml-auto" />
      </p>
      <EvidenceText className="mt-2" words={words} emotion={emotion} />
    </li>
  );
}

function Stars({ rating }: { rating: number }) {
  const { t } = useTranslation("customer");
  return (
    <span role="img" aria-label={t("stats.outOfFive", { rating })} className="inline-flex">
      {[1, 2, 3, 4, 5].map((step) => (
        <Star
          key={step}
          className={cx("size-3.5", step <= rating ? "fill-wait text-wait" : "text-line-strong")}
          aria-hidden
        />
      ))}
    </span>
  );
}
