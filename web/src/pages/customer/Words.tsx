import { MessageSquareText, Star } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { EmptyState } from "@/components/ui/EmptyState";
import { Time } from "@/components/ui/Time";
import { wordsSpec } from "@/data/customers-one";
import type { Row } from "@/data/live";
import type { Feedback } from "@/generated/documents";
import { cx } from "@/lib/cx";

import { PagedList } from "./PagedList";

/** What the customer wrote, in full and in their own language. */
export function Words({ ids }: { ids: readonly string[] }) {
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
      {(words, fresh) => <Said key={words.id} words={words} fresh={fresh} />}
    </PagedList>
  );
}

function Said({ words, fresh }: { words: Row<Feedback>; fresh: boolean }) {
  const { t } = useTranslation("customer");
  return (
    <li className={cx("rounded-md border p-4", fresh && "glow")}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-faint">
        <Badge>{t(`words.kind.${words.kind}`)}</Badge>
        {words.rating !== null && <Stars rating={words.rating} />}
        {words.productTitle && <span className="text-muted">{words.productTitle}</span>}
        <Time at={words.at} className="ml-auto" />
      </p>
      {words.title && (
        <p className="mt-2 text-body font-medium" lang={words.language ?? undefined}>
          {words.title}
        </p>
      )}
      {words.text && (
        <p className="mt-1 text-body break-words whitespace-pre-wrap" lang={words.language ?? undefined}>
          {words.text}
        </p>
      )}
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
