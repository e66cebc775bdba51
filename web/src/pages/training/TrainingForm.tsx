import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError, type ConsoleError } from "@/data/console";
import { ALGORITHMS, changedFields, DEFAULTS, draftOf, pinsOf, problems, SCHEDULES, settingsOf, toSettings, type Draft, type Settings } from "@/data/training";
import type { Training } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { BlocksCard } from "./BlocksCard";
import { Effects } from "./Effects";
import { ChoiceField, NumberField, type NumberFieldProps } from "./fields";

const AUTOMATIC = "none";

/** Fields whose error is shown beside them; any other is shown with the buttons. */
const SHOWN = new Set<string>([...Object.keys(DEFAULTS), "blocks.behaviour.weight", "blocks.emotion.weight", "blocks.personality.weight"]);

interface TrainingFormProps {
  held: Training | null;
  /** May decide everything. Who does not decides how customers are grouped; the rest is shown, and kept still. */
  governs: boolean;
  onDirty: (dirty: boolean) => void;
}

/** Every setting in its card. Only what was touched is held here, so that others' changes to the rest come through. */
export function TrainingForm({ held, governs, onDirty }: TrainingFormProps) {
  const { t } = useTranslation(["training", "common", "segments"]);
  const format = useFormat();
  const [touched, setTouched] = useState<Partial<Draft>>({});
  // What was just saved stands in until the live read brings it: no flash of the old values.
  const [sent, setSent] = useState<Settings | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ConsoleError | null>(null);
  const print = JSON.stringify(held);
  useEffect(() => setSent(null), [print]);

  const saved = sent ?? settingsOf(held);
  const draft: Draft = { ...draftOf(saved), ...touched };
  const wrong = problems(draft);
  const valid = Object.keys(wrong).length === 0;
  const change = valid ? changedFields(saved, toSettings(draft)) : null;
  const defaults = governs ? DEFAULTS : { ...saved, ...pinsOf(DEFAULTS) };
  const dirty = Object.keys(touched).length > 0;
  const different = !change || Object.keys(change.now).length > 0;
  useEffect(() => onDirty(dirty && different), [onDirty, dirty, different]);

  const edit = (part: Partial<Draft>) => {
    setError(null);
    setTouched((before) => ({ ...before, ...part }));
  };
  const discard = () => {
    setError(null);
    setTouched({});
  };
  const undo = async (before: Partial<Settings>) => {
    try {
      await callConsole("training.save", { ...before });
      toast({ tone: "good", title: t("bar.undone") });
    } catch (caught) {
      toast({ tone: "bad", title: toConsoleError(caught).say(format.language) });
    }
  };
  const save = async () => {
    if (!change || !different) return;
    setBusy(true);
    setError(null);
    try {
      await callConsole("training.save", { ...change.now });
      setSent({ ...saved, ...change.now });
      setTouched({});
      toast({
        tone: "good",
        title: t("bar.saved"),
        detail: t("bar.savedBody"),
        action: { label: t("bar.undo"), run: () => void undo(change.before) },
      });
    } catch (caught) {
      setError(toConsoleError(caught));
    } finally {
      setBusy(false);
    }
  };
  const said = (field: string) => (error?.field === field ? error.say(format.language) : undefined);
  const number = (name: NumberFieldProps["name"]) => ({
    name,
    value: draft[name],
    onChange: (value: string | null) => edit({ [name]: value }),
    problem: wrong[name],
    said: said(name),
  });
  const algorithm = (name: string) => t(`segments:algorithm.${name}`);

  return (
    <form
      className="flex flex-col gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {/* A fieldset keeps the values still while they are being saved. */}
      <fieldset disabled={busy} className="grid min-w-0 items-start gap-5 xl:grid-cols-2">
        <Card title={t("data.title")} hint={governs ? t("data.hint") : t("governed")}>
          <fieldset disabled={!governs} className="flex min-w-0 flex-col gap-6">
            <NumberField {...number("historyDays")} start="730" effect="historyDays" inDays />
            <ChoiceField
              name="schedule"
              value={draft.schedule}
              onChange={(value) => edit({ schedule: value as Draft["schedule"] })}
              options={SCHEDULES.map((value) => ({ value, label: t(`schedule.${value}`) }))}
              fallback={t(`schedule.${DEFAULTS.schedule}`)}
              said={said("schedule")}
              effect="schedule"
            />
            <NumberField {...number("searchDays")} effect="searchDays" inDays />
          </fieldset>
        </Card>
        <BlocksCard blocks={draft.blocks} onChange={(blocks) => edit({ blocks })} wrong={wrong} said={said} />
        <Card title={t("groups.title")} hint={t("groups.hint")}>
          <div className="flex flex-col gap-6">
            <div>
              <div className="grid gap-4 sm:grid-cols-2">
                <NumberField {...number("kMin")} />
                <NumberField {...number("kMax")} />
              </div>
              <Effects setting="kRange" />
            </div>
            <ChoiceField
              name="pinnedAlgorithm"
              value={draft.pinnedAlgorithm ?? AUTOMATIC}
              onChange={(value) => edit({ pinnedAlgorithm: value === AUTOMATIC ? null : (value as Draft["pinnedAlgorithm"]) })}
              options={[{ value: AUTOMATIC, label: t("pinnedAlgorithm.none") }, ...ALGORITHMS.map((value) => ({ value, label: algorithm(value) }))]}
              fallback={t("pinnedAlgorithm.default")}
              said={said("pinnedAlgorithm")}
            />
            <NumberField {...number("pinnedK")} start={draft.kMin} effect="pinned" />
          </div>
        </Card>
        <Card title={t("gates.title")} hint={governs ? t("gates.hint") : t("governed")}>
          <fieldset disabled={!governs} className="flex min-w-0 flex-col gap-6">
            <NumberField {...number("churnDays")} start="90" effect="churnDays" inDays />
            <NumberField {...number("riskThreshold")} effect="riskThreshold" />
            <NumberField {...number("gain")} effect="gain" />
            <NumberField {...number("mostBrier")} effect="mostBrier" />
          </fieldset>
        </Card>
      </fieldset>
      <div className="sticky bottom-20 z-10 md:bottom-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg border bg-raised px-4 py-3 shadow-float">
        <p role="status" className="min-w-0 text-table text-muted">
          {!valid ? t("bar.wrong") : dirty && different ? t("bar.unsaved") : t("bar.same")}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          {dirty ? (
            <Button onClick={discard} disabled={busy}>
              {t("bar.discard")}
            </Button>
          ) : (
            <Button look="ghost" onClick={() => edit(draftOf(defaults))} disabled={Object.keys(changedFields(saved, defaults).now).length === 0}>
              {t("bar.defaults")}
            </Button>
          )}
          <Button look="primary" type="submit" busy={busy} disabled={!valid || !dirty || !different}>
            {t("common:save")}
          </Button>
        </div>
        {error && !SHOWN.has(error.field ?? "") && (
          <p role="alert" className="w-full text-small text-bad">
            {error.say(format.language)}
          </p>
        )}
      </div>
    </form>
  );
}
