import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { Progress } from "@/components/ui/Progress";
import { toast } from "@/components/ui/toast-store";
import { toConsoleError } from "@/data/console";
import type { Column, CustomerQuery } from "@/data/customers";
import {
  CONTACT_COLUMNS,
  EXPORT_COLUMNS,
  exportAll,
  howMany,
  MOST_EXPORTED,
  startColumns,
  type Chosen,
  type ExportColumn,
} from "@/data/customers-bulk";
import { download } from "@/lib/download";
import { useFormat } from "@/lib/useFormat";

export interface ExportDialogProps {
  chosen: Chosen;
  /** The list's question: its order is the file's. */
  query: CustomerQuery;
  shown: readonly Column[];
  onClose: () => void;
}

/** Chooses the file's columns, fetches it page by page, and hands it over. */
export function ExportDialog({ chosen, query, shown, onClose }: ExportDialogProps) {
  const { t } = useTranslation(["customers", "common"]);
  const format = useFormat();
  const contact = may(useRole(), "readContact");
  const [whom] = useState(chosen);
  const [columns, setColumns] = useState<readonly ExportColumn[]>(() => startColumns(shown));
  const [rows, setRows] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const stopped = useRef(false);
  const count = howMany(whom);
  const said = { count, formatted: format.number(count) };
  const close = () => {
    stopped.current = true;
    onClose();
  };
  const start = async () => {
    stopped.current = false;
    setError(null);
    setRows(0);
    try {
      const file = await exportAll(whom, { query, columns, language: format.language }, setRows, () => stopped.current);
      if (!file) return;
      const blob = new Blob(file.parts, { type: "text/csv;charset=utf-8" });
      download(`${t("export.file")}-${new Date().toISOString().slice(0, 10)}.csv`, blob);
      toast({ tone: "good", title: t("export.done", { count: file.rows, formatted: format.number(file.rows) }) });
      onClose();
    } catch (caught) {
      setError(toConsoleError(caught).say(format.language));
      setRows(null);
    }
  };
  const group = (title: string, hint: string | undefined, names: readonly ExportColumn[]) => (
    <fieldset disabled={rows !== null}>
      <legend className="text-table font-medium">{title}</legend>
      {hint && <p className="text-small text-faint">{hint}</p>}
      <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3">
        {names.map((column) => (
          <Checkbox
            key={column}
            checked={columns.includes(column)}
            label={<span className="text-table">{t(`export.column.${column}`)}</span>}
            onChange={(on) =>
              setColumns(EXPORT_COLUMNS.filter((known) => (known === column ? on : columns.includes(known))))
            }
          />
        ))}
      </div>
    </fieldset>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      size="lg"
      title={t("export.title", said)}
      description={t("export.hint")}
      footer={
        <>
          {error && (
            <p role="alert" className="mr-auto self-center text-small text-bad">
              {error}
            </p>
          )}
          <Button onClick={close}>{t("common:cancel")}</Button>
          <Button
            look="primary"
            busy={rows !== null}
            disabled={columns.length === 0 || count > MOST_EXPORTED}
            onClick={() => void start()}
          >
            {t("export.start")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        {group(
          t("export.plain"),
          undefined,
          EXPORT_COLUMNS.filter((column) => !CONTACT_COLUMNS.includes(column)),
        )}
        {contact && group(t("export.contact"), t("export.contactHint"), CONTACT_COLUMNS)}
        {count > MOST_EXPORTED && (
          <p className="text-small text-wait">{t("export.tooMany", { most: format.number(MOST_EXPORTED) })}</p>
        )}
        {rows !== null && (
          <div>
            <Progress value={count > 0 ? rows / count : null} label={t("export.title", said)} />
            <p className="tabular mt-1 text-small text-muted" aria-live="polite">
              {t("export.progress", { done: format.number(rows), all: format.number(count) })}
            </p>
          </div>
        )}
      </div>
    </Dialog>
  );
}
