import { CircleHelp } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Select } from "@/components/ui/Select";
import type { Detection, FormProblem, ImportForm } from "@/data/imports";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

const IGNORE = "-";

export interface ColumnTableProps {
  detection: Detection;
  form: ImportForm;
  problems: readonly FormProblem[];
  onEdit: (change: Partial<ImportForm>) => void;
}

/** Each column of the file with a value from it, and the field it becomes. */
export function ColumnTable({ detection, form, problems, onEdit }: ColumnTableProps) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const fields = detection.fields.filter((field) => field.kinds.includes(form.kind));
  const options = [
    { value: IGNORE, label: t("form.ignore") },
    ...[...fields]
      .sort((left, right) => Number(right.required) - Number(left.required))
      .map((field) => ({
        value: field.field,
        label: field.required ? `${format.text(field.label)} *` : format.text(field.label),
      })),
  ];
  return (
    <div role="table" aria-label={t("form.columns")} className="overflow-hidden rounded-md border">
      <div
        role="row"
        className="hidden grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_minmax(0,1.4fr)] gap-4 border-b bg-subtle/60 px-4 py-2 text-small font-medium text-muted sm:grid"
      >
        <span role="columnheader">{t("form.column")}</span>
        <span role="columnheader">{t("form.example")}</span>
        <span role="columnheader">{t("form.becomes")}</span>
      </div>
      {detection.mapping.map((match, at) => {
        const field = form.fields[at] ?? null;
        const twice = problems.find((problem) => problem.column === at);
        const unsure = !match.sure && field !== null && field === match.field;
        return (
          <div
            key={`${at} ${match.column}`}
            role="row"
            className={cx(
              "grid items-center gap-x-4 gap-y-1 border-b px-4 py-2 text-table last:border-b-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_minmax(0,1.4fr)]",
              field === null && "text-faint",
            )}
          >
            <span role="cell" className="truncate font-medium">
              {match.column || t("form.nameless", { number: at + 1 })}
            </span>
            <span role="cell" className="truncate font-mono text-small text-muted" title={match.example ?? undefined}>
              {match.example ?? "—"}
            </span>
            <span role="cell" className="flex min-w-0 flex-col gap-0.5">
              <span className="flex min-w-0 items-center gap-2">
                <Select
                  size="sm"
                  className="w-full min-w-0"
                  aria-label={t("form.becomesOf", { column: match.column })}
                  {...(twice ? { "aria-invalid": true as const } : {})}
                  value={field ?? IGNORE}
                  onChange={(value) =>
                    onEdit({
                      fields: form.fields.map((known, index) =>
                        index === at ? (value === IGNORE ? null : value) : known,
                      ),
                    })
                  }
                  options={options}
                />
                {unsure && (
                  <Badge tone="wait" icon={<CircleHelp aria-hidden />}>
                    {t("form.check")}
                  </Badge>
                )}
              </span>
              {twice && (
                <span role="alert" className="text-small text-bad">
                  {t("problem.twice")}
                </span>
              )}
            </span>
          </div>
        );
      })}
    </div>
  );
}
