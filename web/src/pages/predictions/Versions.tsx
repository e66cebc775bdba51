import { History } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import type { Row } from "@/data/live";
import type { ModelCard } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { namedError } from "./errorText";
import { HealthBadge } from "./health";
import { methodName } from "./methodName";
import { Part } from "./ModelDetail";

/** What was trained before; an administrator can put a version back in force, and let training choose again. */
export function Versions({ card }: { card: Row<ModelCard> }) {
  const { t } = useTranslation("predictions");
  const format = useFormat();
  const governs = may(useRole(), "train");
  const [back, setBack] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const call = async (action: "model.rollback" | "model.unpin", args: Record<string, unknown>, said: string) => {
    setBusy(true);
    try {
      await callConsole(action, { name: card.id, ...args });
      toast({ tone: "good", title: said });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    } finally {
      setBusy(false);
    }
  };
  if (card.history.length === 0) return null;
  const score = (value: number | null) => format.number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  return (
    <Part title={t("versions.title")} made={t("versions.made")}>
      {card.pinned && (
        <p className="mb-2 flex flex-wrap items-center justify-between gap-2 rounded-md bg-wait-soft px-3 py-2 text-table text-wait">
          {t("versions.pinned", { version: card.version })}
          {governs && (
            <Button size="sm" busy={busy} onClick={() => void call("model.unpin", {}, t("versions.unpinned")).catch(() => undefined)}>
              {t("versions.unpin")}
            </Button>
          )}
        </p>
      )}
      <ul className="flex flex-col">
        {card.history.map((line) => (
          <li key={line.version} className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-b py-2 text-table last:border-0">
            <span className="tabular font-semibold">v{line.version}</span>
            <span className="min-w-0">
              <span className="flex flex-wrap items-center gap-x-2">
                {format.date(line.trainedAt)}
                <HealthBadge health={line.health} />
                {line.version === card.version && <Badge tone="infer">{t("versions.current")}</Badge>}
              </span>
              <span className="tabular block text-small text-faint">
                {[methodName(t, line.estimator), line.auc === null ? null : `${t("metric.auc")} ${score(line.auc)}`, line.error === null ? null : namedError(t, format, card.id, line.error)]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            {governs && line.version !== card.version ? (
              <Button size="sm" look="ghost" icon={<History aria-hidden />} onClick={() => setBack(line.version)}>
                <span className="hidden sm:inline">{t("versions.back")}</span>
                <span className="sr-only sm:hidden">{t("versions.back")}</span>
              </Button>
            ) : (
              <span />
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={back !== null}
        onOpenChange={(open) => !open && setBack(null)}
        title={t("versions.confirm", { version: back ?? "" })}
        description={t("versions.confirmBody")}
        confirmLabel={t("versions.back")}
        danger={false}
        onConfirm={() => call("model.rollback", { version: back }, t("versions.done", { version: back ?? "" }))}
      />
    </Part>
  );
}
