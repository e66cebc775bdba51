import { Link } from "@tanstack/react-router";
import { MessageSquareText, Star } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { Sheet } from "@/components/ui/Sheet";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { type Row, useQuery } from "@/data/live";
import type { Feedback } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** How many of the newest words are looked through, and how many are shown. */
const LOOK = 60;
const SHOW = 6;

/** The newest unhappy words, whole, with the way to whoever wrote them. Reads only while open. */
export function BehindIt({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation("overview");
  const words = useQuery<Feedback>(open ? { collection: "feedback", orderBy: [["at", "desc"]], limit: LOOK } : null);
  const unhappy = (words.data ?? []).filter((each) => each.rating !== null && each.rating <= 2);
  const shown = (unhappy.length > 0 ? unhappy : (words.data ?? [])).slice(0, SHOW);
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={t("words.title")}>
      {words.state === "loading" ? (
        <SkeletonRows rows={5} />
      ) : words.state !== "ready" ? (
        <ErrorState onRetry={words.retry} />
      ) : shown.length === 0 ? (
        <EmptyState icon={<MessageSquareText aria-hidden />} title={t("words.none")}>
          {t("words.noneBody")}
        </EmptyState>
      ) : (
        <>
          <p className="mb-4 text-muted">{t(unhappy.length > 0 ? "words.low" : "words.newest", { look: words.data.length })}</p>
          <ul className="flex flex-col gap-3">
            {shown.map((each) => (
              <Words key={each.id} words={each} />
            ))}
          </ul>
        </>
      )}
    </Sheet>
  );
}

function Words({ words }: { words: Row<Feedback> }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  return (
    <li className="rounded-md border p-4">
      <div className="mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-faint">
        {words.rating !== null && (
          <span className="inline-flex items-center gap-1 font-medium text-wait">
            <Star className="size-3.5 fill-current" aria-hidden />
            {t("words.rating", { value: format.number(words.rating) })}
          </span>
        )}
        <Time at={words.at} />
      </div>
      <blockquote lang={words.language ?? undefined} className="text-body whitespace-pre-line">
        {words.title && <b className="block font-semibold">{words.title}</b>}
        {words.text.length > 600 ? `${words.text.slice(0, 600)}…` : words.text}
      </blockquote>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2 text-small text-muted">
        <span className="min-w-0 truncate">{words.productTitle ?? ""}</span>
        {words.customerId ? (
          <Button look="link" asChild>
            <Link to="/customers/$customerId" params={{ customerId: words.customerId }}>
              {t("words.open")}
            </Link>
          </Button>
        ) : (
          <span className="text-faint">{t("words.noCustomer")}</span>
        )}
      </div>
    </li>
  );
}
