import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Skeleton } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { type Row, useDoc } from "@/data/live";
import type { Emotion, Feedback } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { EvidenceText } from "./EvidenceText";

/** One text as it was written, with what was read in it and the way to its writer. Only for roles that may read words. */
export function Sentence({ id, emotion, labels = false }: { id: string; emotion: Row<Emotion> | null | undefined; labels?: boolean }) {
  const { t } = useTranslation("words");
  const format = useFormat();
  const words = useDoc<Feedback>(`feedback/${id}`);
  if (words.state === "loading") return <Skeleton className="h-28 w-full rounded-md" />;
  if (words.state !== "ready" || words.data === null) return <p className="rounded-md border p-4 text-table text-muted">{t("texts.gone")}</p>;
  const said = words.data;
  return (
    <article className="rounded-md border p-4">
      <p className="mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-faint">
        {said.rating !== null && (
          <span className="inline-flex items-center gap-1 font-medium text-wait">
            <Star className="size-3.5 fill-current" aria-hidden />
            {t("texts.rating", { value: format.number(said.rating) })}
          </span>
        )}
        {said.productTitle && <span className="min-w-0 text-muted">{said.productTitle}</span>}
        <Time at={said.at} className="ml-auto" />
      </p>
      <EvidenceText words={said} emotion={emotion} labels={labels} />
      <p className="mt-2 text-small">
        {said.customerId ? (
          <Button look="link" asChild>
            <Link to="/customers/$customerId" params={{ customerId: said.customerId }}>
              {t("texts.open")}
            </Link>
          </Button>
        ) : (
          <span className="text-faint">{t("texts.noCustomer")}</span>
        )}
      </p>
    </article>
  );
}

/** The same by its id alone: reads the score too. */
export function SentenceOf({ id }: { id: string }) {
  const emotion = useDoc<Emotion>(`emotions/${id}`);
  return <Sentence id={id} emotion={emotion.state === "ready" ? emotion.data : undefined} />;
}
