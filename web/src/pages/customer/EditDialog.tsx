import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input, Textarea } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError, type ConsoleError } from "@/data/console";
import { COUNTRIES, countryName, LANGUAGES, languageName } from "@/data/customers-names";
import { customerEdit, customerForm, type CustomerForm } from "@/data/customers-one";
import { useDoc, type Row } from "@/data/live";
import type { Contact, Customer, Manual } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export interface EditDialogProps {
  customer: Row<Customer>;
  contact: Contact | null;
  onClose: () => void;
}

/** Edits what a member may know better than the source. Waits for the server: data and audit come in one commit. */
export function EditDialog(props: EditDialogProps) {
  const manual = useDoc<Manual>(`customers/${props.customer.id}/sources/manual`);
  return manual.state === "ready" ? <Form {...props} manual={manual.data} /> : null;
}

function Form({ customer, contact, manual, onClose }: EditDialogProps & { manual: Manual | null }) {
  const { t } = useTranslation(["customer", "common"]);
  const format = useFormat();
  // As it was when the dialog opened: a live change must not take away what is being typed.
  const [before] = useState<CustomerForm>(() => customerForm(customer, contact, manual));
  const [form, setForm] = useState(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ConsoleError | null>(null);
  const edit = customerEdit(before, form);
  const changed = Object.keys(edit).length > 0;
  const set = (field: keyof CustomerForm, value: string) => {
    setError(null);
    setForm({ ...form, [field]: value });
  };
  const save = async () => {
    if (!changed) {
      onClose();
      return;
    }
    setBusy(true);
    try {
      await callConsole("customer.edit", { customerId: customer.id, ...edit });
      toast({ tone: "good", title: t("edit.saved") });
      onClose();
    } catch (caught) {
      setError(toConsoleError(caught));
    } finally {
      setBusy(false);
    }
  };
  const said = (field: string) => (error?.field === field ? error.say(format.language) : undefined);
  const text = (field: "name" | "email" | "phone", type: string) => (
    <Field label={t(`fact.${field}`)} error={said(field)}>
      {(ids) => (
        <Input
          {...ids}
          type={type}
          autoComplete="off"
          maxLength={200}
          value={form[field]}
          onChange={(event) => set(field, event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("edit.title")} description={t("edit.hint")}>
      <form
        className="flex flex-col gap-4 pb-2"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {text("name", "text")}
        <div className="grid gap-4 sm:grid-cols-2">
          {text("email", "email")}
          {text("phone", "tel")}
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <CodeField
            field="country"
            value={form.country}
            error={said("country")}
            codes={COUNTRIES}
            name={(code) => countryName(code, format.language)}
            onChange={(value) => set("country", value.toUpperCase())}
          />
          <CodeField
            field="language"
            value={form.language}
            error={said("language")}
            codes={LANGUAGES}
            name={(code) => languageName(code, format.language)}
            onChange={(value) => set("language", value.toLowerCase())}
          />
        </div>
        <Field label={t("fact.tags")} hint={t("edit.tagsHint")} error={said("tags")}>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              value={form.tags}
              onChange={(event) => set("tags", event.target.value)}
            />
          )}
        </Field>
        <Field label={t("fact.note")} error={said("note")}>
          {(ids) => (
            <Textarea
              {...ids}
              maxLength={2000}
              value={form.note}
              onChange={(event) => set("note", event.target.value)}
            />
          )}
        </Field>
        {error && !["name", "email", "phone", "country", "language", "tags", "note"].includes(error.field ?? "") && (
          <p role="alert" className="text-small text-bad">
            {error.say(format.language)}
          </p>
        )}
        <div className="flex justify-end gap-2 border-t pt-4">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" type="submit" busy={busy} disabled={!changed}>
            {t("common:save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface CodeFieldProps {
  field: "country" | "language";
  value: string;
  error: string | undefined;
  codes: readonly string[];
  name: (code: string) => string;
  onChange: (value: string) => void;
}

/** A code with the names behind it as suggestions; says the name of the code that stands there. */
function CodeField({ field, value, error, codes, name, onChange }: CodeFieldProps) {
  const { t } = useTranslation("customer");
  return (
    <Field label={t(`fact.${field}`)} hint={codes.includes(value) ? name(value) : t(`edit.${field}Hint`)} error={error}>
      {(ids) => (
        <>
          <Input
            {...ids}
            list={`${ids.id}-codes`}
            autoComplete="off"
            maxLength={12}
            value={value}
            onChange={(event) => onChange(event.target.value.trim())}
          />
          <datalist id={`${ids.id}-codes`}>
            {codes.map((code) => (
              <option key={code} value={code}>
                {name(code)}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
