import { FileText, FileX2, X } from "lucide-react";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Segmented } from "@/components/ui/Tabs";
import { Select } from "@/components/ui/Select";
import { Skeleton } from "@/components/ui/Skeleton";
import {
  DATE_ORDERS,
  formProblems,
  IMPORT_KINDS,
  readDay,
  type Detection,
  type FormProblem,
  type ImportForm,
  type ImportKind,
} from "@/data/imports";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { ColumnTable } from "./ColumnTable";
import { ImportLive } from "./ImportLive";
import type { Draft } from "./useDrafts";

export interface DraftCardProps {
  draft: Draft;
  onEdit: (change: Partial<ImportForm>) => void;
  onStart: () => void;
  onRemove: () => void;
  onAgain: () => void;
}

/** One chosen file: what was found in it, what may be put right, and the way to start. */
export function DraftCard({ draft, onEdit, onStart, onRemove, onAgain }: DraftCardProps) {
  const { t } = useTranslation(["imports", "common"]);
  const format = useFormat();
  const { file, opened, detection, form } = draft;
  const problems = form ? formProblems(form) : [];
  const started = draft.state === "started";
  return (
    <section aria-label={file.name} className="rounded-lg border bg-surface shadow-card">
      <header className="flex items-start gap-3 px-5 pt-4 pb-3">
        <span className="mt-0.5 flex size-9 shrink-0 items-center justify-center rounded-md bg-primary-soft text-primary-ink">
          {draft.state === "unreadable" ? (
            <FileX2 className="size-5" aria-hidden />
          ) : (
            <FileText className="size-5" aria-hidden />
          )}
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-h3 font-semibold">{file.name}</h2>
          <p className="text-small text-faint">
            {format.bytes(file.size)}
            {opened?.gzip && ` · ${t("file.gzip")}`}
            {opened && ` · ${t(`encoding.${opened.encoding}`)}`}
            {detection && ` · ${t("file.columns", { count: detection.header.length })}`}
            {detection?.preset && ` · ${t("file.preset", { name: detection.preset })}`}
          </p>
        </div>
        {!started && (
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={t("file.takeAway", { name: file.name })}
            onClick={onRemove}
            className="-mr-2"
          >
            <X aria-hidden />
          </Button>
        )}
      </header>
      <div className="flex flex-col gap-5 px-5 pb-5">
        {draft.state === "reading" && <Reading />}
        {draft.state === "unreadable" && <Banner tone="bad">{t(`notText.${draft.notText}`)}</Banner>}
        {draft.state === "failed" && (
          <Banner
            tone="bad"
            action={
              <Button size="sm" onClick={onAgain}>
                {t("common:error.retry")}
              </Button>
            }
          >
            {draft.error?.say(format.language)}
          </Banner>
        )}
        {started && draft.importId && <ImportLive importId={draft.importId} link />}
        {(draft.state === "ready" || draft.state === "starting") && detection && form && opened && (
          <>
            {!opened.sure && (
              <Banner tone="wait">{t("file.encodingGuess", { encoding: t(`encoding.${opened.encoding}`) })}</Banner>
            )}
            {detection.warnings.map((warning) => (
              <Banner key={warning.code} tone="wait">
                {format.text(warning)}
              </Banner>
            ))}
            <Labelled label={t("form.kind")}>
              <Segmented<ImportKind>
                label={t("form.kind")}
                value={form.kind}
                onChange={(kind) => onEdit({ kind })}
                options={IMPORT_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
              />
            </Labelled>
            <ColumnTable detection={detection} form={form} problems={problems} onEdit={onEdit} />
            <Missing problems={problems} />
            <div className="grid gap-4 sm:grid-cols-2">
              {form.kind === "orders" && <CurrencyField form={form} problems={problems} onEdit={onEdit} />}
              <ZoneField form={form} problems={problems} onEdit={onEdit} />
            </div>
            {!detection.dateOrderSure && <DateOrder detection={detection} form={form} onEdit={onEdit} />}
            {draft.error && <Banner tone="bad">{draft.error.say(format.language)}</Banner>}
            <footer className="flex flex-wrap items-center justify-between gap-3 border-t pt-4">
              <p className={cx("text-table", problems.length > 0 ? "text-bad" : "text-muted")}>
                {problems.length > 0 ? t("form.notYet", { count: problems.length }) : t("form.ready")}
              </p>
              <Button look="primary" busy={draft.state === "starting"} disabled={problems.length > 0} onClick={onStart}>
                {t("form.start")}
              </Button>
            </footer>
          </>
        )}
      </div>
    </section>
  );
}

function Reading() {
  const { t } = useTranslation("imports");
  return (
    <div role="status" aria-label={t("file.reading")} className="flex flex-col gap-3">
      <p className="text-table text-muted">{t("file.reading")}</p>
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-9 w-full" />
      ))}
    </div>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <span className="text-table font-medium">{label}</span>
      {children}
    </div>
  );
}

/** Fields that no column has, each with the sentence that says what to do. */
function Missing({ problems }: { problems: readonly FormProblem[] }) {
  const { t } = useTranslation("imports");
  const missing = problems.filter((problem) => problem.code === "missing");
  if (missing.length === 0) return null;
  return (
    <Banner tone="bad">
      <ul className="flex flex-col gap-1">
        {missing.map((problem) => (
          <li key={problem.field}>{t(`problem.missing.${problem.field}`)}</li>
        ))}
      </ul>
    </Banner>
  );
}

interface PartProps {
  form: ImportForm;
  problems: readonly FormProblem[];
  onEdit: (change: Partial<ImportForm>) => void;
}

const CURRENCIES = Intl.supportedValuesOf("currency");
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

function CurrencyField({ form, problems, onEdit }: PartProps) {
  const { t } = useTranslation("imports");
  const list = useId();
  const wrong = problems.some((problem) => problem.code === "currency");
  return (
    <Field label={t("form.currency")} hint={t("form.currencyHint")} error={wrong ? t("problem.currency") : undefined}>
      {(ids) => (
        <>
          <Input
            {...ids}
            list={list}
            value={form.currency}
            maxLength={3}
            autoComplete="off"
            onChange={(event) => onEdit({ currency: event.target.value.toUpperCase() })}
          />
          <datalist id={list}>
            {CURRENCIES.map((code) => (
              <option key={code} value={code} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function ZoneField({ form, problems, onEdit }: PartProps) {
  const { t } = useTranslation("imports");
  const list = useId();
  const wrong = problems.some((problem) => problem.code === "zone");
  return (
    <Field label={t("form.zone")} hint={t("form.zoneHint")} error={wrong ? t("problem.zone") : undefined}>
      {(ids) => (
        <>
          <Input
            {...ids}
            list={list}
            value={form.zone}
            autoComplete="off"
            onChange={(event) => onEdit({ zone: event.target.value.trim() })}
          />
          <datalist id={list}>
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

/** How an ambiguous day is read: each choice with what it makes of a day in the file. */
function DateOrder({
  detection,
  form,
  onEdit,
}: {
  detection: Detection;
  form: ImportForm;
  onEdit: PartProps["onEdit"];
}) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const dates = ["date", "birthDate", "consentDate"];
  const examples = dates.map((field) => detection.mapping[form.fields.indexOf(field)]?.example);
  const example = examples.find((value) => value && DATE_ORDERS.some((order) => readDay(value, order))) ?? null;
  const readings = DATE_ORDERS.map((order) => ({ order, day: example ? readDay(example, order) : null }));
  const possible = example ? readings.filter(({ day }) => day !== null) : readings;
  return (
    <Field
      label={example ? t("form.dateOrderExample", { example }) : t("form.dateOrder")}
      hint={t("form.dateOrderHint")}
    >
      {(ids) => (
        <Select
          {...ids}
          className="w-full sm:w-96"
          value={form.dateOrder}
          onChange={(value) => onEdit({ dateOrder: value as ImportForm["dateOrder"] })}
          options={possible.map(({ order, day }) => ({
            value: order,
            label: day ? `${format.date(day)} (${t(`dateOrder.${order}`)})` : t(`dateOrder.${order}`),
          }))}
        />
      )}
    </Field>
  );
}
