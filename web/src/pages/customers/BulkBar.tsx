import { Download, Tag, X } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { howMany, MOST_TAGGED, type Chosen } from "@/data/customers-bulk";
import { useFormat } from "@/lib/useFormat";

export interface BulkBarProps {
  selection: Chosen;
  /** How many the list's question finds; null while it is not known. */
  matching: number | null;
  everybody: boolean;
  onEverybody: () => void;
  onClear: () => void;
  onTag: () => void;
  onExport: () => void;
}

/** How many are chosen, and what can be done with them; stays on the screen while one chooses further. */
export function BulkBar({ selection, matching, everybody, onEverybody, onClear, onTag, onExport }: BulkBarProps) {
  const { t } = useTranslation("customers");
  const format = useFormat();
  const count = howMany(selection);
  const said = (number: number) => ({ count: number, formatted: format.number(number) });
  const tooMany = count > MOST_TAGGED;
  return (
    <div
      role="region"
      aria-label={t("bulk.label")}
      className="sticky top-16 z-20 mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-primary/30 bg-primary-soft px-4 py-2 text-table shadow-card"
    >
      <p aria-live="polite" className="mr-2 font-medium text-primary-ink">
        {t("bulk.chosen", said(count))}
      </p>
      {!everybody && matching !== null && matching > count && (
        <Button size="sm" look="link" className="text-table" onClick={onEverybody}>
          {t("bulk.everybody", said(matching))}
        </Button>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-2">
        {tooMany && (
          <span className="text-small text-muted">{t("bulk.tooMany", { most: format.number(MOST_TAGGED) })}</span>
        )}
        <Button size="sm" icon={<Tag aria-hidden />} disabled={tooMany} onClick={onTag}>
          {t("bulk.tag")}
        </Button>
        <Button size="sm" icon={<Download aria-hidden />} onClick={onExport}>
          {t("export.button")}
        </Button>
        <Button size="icon-sm" look="ghost" aria-label={t("bulk.clear")} onClick={onClear}>
          <X aria-hidden />
        </Button>
      </span>
    </div>
  );
}
