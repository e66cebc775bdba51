import { RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { cx } from "@/lib/cx";

import { Button } from "./Button";

export interface ErrorStateProps {
  title?: ReactNode;
  /** What happened and what is safe. */
  children?: ReactNode;
  onRetry?: () => void;
  className?: string;
}

export function ErrorState({ title, children, onRetry, className }: ErrorStateProps) {
  const { t } = useTranslation("common");
  return (
    <div role="alert" className={cx("flex flex-col items-center justify-center gap-1.5 px-6 py-10 text-center", className)}>
      <div className="mb-2 flex size-12 items-center justify-center rounded-full bg-bad-soft text-bad">
        <TriangleAlert className="size-6" aria-hidden />
      </div>
      <p className="text-h3 font-semibold">{title ?? t("error.title")}</p>
      <div className="max-w-md text-body text-muted">{children ?? t("error.body")}</div>
      {onRetry && (
        <Button className="mt-3" onClick={onRetry} icon={<RotateCw aria-hidden />}>
          {t("error.retry")}
        </Button>
      )}
    </div>
  );
}
