import { Sparkle } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";

export interface InferCardProps {
  title: string;
  /** How it was made, and as of when. */
  made: ReactNode;
  hint?: ReactNode;
  children: ReactNode;
}

/** A card of what a model concluded: with its spark, and the way to how it was made. */
export function InferCard({ title, made, hint, children }: InferCardProps) {
  const { t } = useTranslation("customer");
  return (
    <Card
      title={
        <span className="flex items-center gap-1.5">
          <Sparkle className="size-4 shrink-0 text-infer" aria-label={t("inferred")} />
          {title}
          <Info about={title}>{made}</Info>
        </span>
      }
      hint={hint}
    >
      {children}
    </Card>
  );
}
