import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Segmented } from "@/components/ui/Tabs";
import { callConsole, toConsoleError, type ConsoleError } from "@/data/console";
import type { Row } from "@/data/live";
import { draftOf, EMPTY_SURVEY, emptyFields, QUESTION_LENGTH, SURVEY_KINDS, type SurveyField } from "@/data/surveys";
import type { Survey } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { SurveyPreview } from "./SurveyPreview";

const LANGUAGES = ["en", "zh"] as const;

/** Writes one question in both languages, beside what the shopper will see. */
export function SurveyDialog({ survey, onClose }: { survey: Row<Survey> | null; onClose: () => void }) {
  const { t } = useTranslation(["surveys", "common"]);
  const format = useFormat();
  const [draft, setDraft] = useState(() => (survey ? draftOf(survey) : EMPTY_SURVEY));
  const [seen, setSeen] = useState<"en" | "zh">(format.language);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ConsoleError | null>(null);
  const empty = emptyFields(draft);
  // Once answered, another scale would mix what cannot be compared.
  const fixed = (survey?.answers ?? 0) > 0;
  const wrong = (field: SurveyField) => {
    if (tried && empty.includes(field)) return t("form.empty");
    const refused = problem && (problem.field === field || problem.field === field.split(".")[0]);
    return refused ? problem.say(format.language) : undefined;
  };
  const save = async () => {
    setTried(true);
    if (empty.length > 0) return;
    setBusy(true);
    setProblem(null);
    try {
      await callConsole(survey ? "survey.edit" : "survey.create", { ...draft, ...(survey ? { surveyId: survey.id } : {}) });
      onClose();
    } catch (error) {
      setProblem(toConsoleError(error));
      setBusy(false);
    }
  };
  const general = problem && !["name", "kind", "question", "thanks"].includes(problem.field?.split(".")[0] ?? "");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={t(survey ? "form.editTitle" : "create")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" busy={busy} data-action="save-survey" onClick={() => void save()}>
            {t(survey ? "common:save" : "form.submit")}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_260px]"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="flex min-w-0 flex-col gap-4">
          {general && (
            <p role="alert" className="text-table text-bad">
              {problem.say(format.language)}
            </p>
          )}
          <Field label={t("form.name")} hint={t("form.nameHint")} error={wrong("name")}>
            {(ids) => (
              <Input {...ids} data-field="name" maxLength={80} autoFocus value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.target.value })} />
            )}
          </Field>
          <div>
            <p className="mb-1 text-table font-medium">{t("form.kind")}</p>
            {fixed ? (
              <p className="text-table text-muted">
                {t(`kind.${draft.kind}`)} · {t("form.fixed")}
              </p>
            ) : (
              <Segmented
                label={t("form.kind")}
                value={draft.kind}
                onChange={(kind) => setDraft({ ...draft, kind })}
                options={SURVEY_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
              />
            )}
          </div>
          {LANGUAGES.map((language) => (
            <Field key={language} label={t(`form.question.${language}`)} error={wrong(`question.${language}`)}>
              {(ids) => (
                <Input
                  {...ids}
                  lang={language}
                  data-field={`question-${language}`}
                  maxLength={QUESTION_LENGTH}
                  value={draft.question[language]}
                  onFocus={() => setSeen(language)}
                  onChange={(event) => setDraft({ ...draft, question: { ...draft.question, [language]: event.target.value } })}
                />
              )}
            </Field>
          ))}
          {LANGUAGES.map((language) => (
            <Field key={language} label={t(`form.thanks.${language}`)} error={wrong(`thanks.${language}`)}>
              {(ids) => (
                <Input
                  {...ids}
                  lang={language}
                  data-field={`thanks-${language}`}
                  maxLength={QUESTION_LENGTH}
                  value={draft.thanks[language]}
                  onFocus={() => setSeen(language)}
                  onChange={(event) => setDraft({ ...draft, thanks: { ...draft.thanks, [language]: event.target.value } })}
                />
              )}
            </Field>
          ))}
          <Checkbox label={t("form.askText")} hint={t("form.askTextHint")} checked={draft.askText} onChange={(askText) => setDraft({ ...draft, askText })} />
        </div>
        <div className="min-w-0">
          <div className="mb-2 flex flex-wrap items-center justify-between gap-2 whitespace-nowrap">
            <p className="text-table font-medium">{t("form.preview")}</p>
            <Segmented
              label={t("form.previewLanguage")}
              value={seen}
              onChange={setSeen}
              options={[
                { value: "en", label: "English" },
                { value: "zh", label: "中文" },
              ]}
            />
          </div>
          <SurveyPreview draft={draft} language={seen} />
        </div>
      </form>
    </Dialog>
  );
}
