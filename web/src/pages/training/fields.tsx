import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/Checkbox";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Select, type Option } from "@/components/ui/Select";
import { BOUNDS, DEFAULTS, type Bound, type Problem } from "@/data/training";
import { useFormat } from "@/lib/useFormat";

import { Effects } from "./Effects";

/** The sentence for what is wrong with a field. */
export function useSayProblem(): (problem: Problem | undefined, bound?: Bound) => string | undefined {
  const { t } = useTranslation("training");
  const format = useFormat();
  return (problem, bound) => {
    if (problem !== "bounds" || !bound) return problem && problem !== "bounds" ? t(problem) : undefined;
    return t(bound.whole ? "boundsWhole" : "bounds", { low: format.number(bound.low), high: format.number(bound.high) });
  };
}

type NumberName = Exclude<keyof typeof BOUNDS, "weight">;

export interface NumberFieldProps {
  name: NumberName;
  value: string | null;
  onChange: (value: string | null) => void;
  problem: Problem | undefined;
  /** The server's sentence about this field. */
  said: string | undefined;
  /** What a run calls this setting, where it says something about it here. */
  effect?: string;
  /** What is filled in when the box for "no number" is cleared; without it there is no such box. */
  start?: string;
  inDays?: boolean;
}

/** One number with its help, default, bounds, and effect on the last run. */
export function NumberField({ name, value, onChange, problem, said, effect, start, inDays }: NumberFieldProps) {
  const { t } = useTranslation("training");
  const format = useFormat();
  const say = useSayProblem();
  const bound = BOUNDS[name];
  const normal = DEFAULTS[name];
  const shown = format.number(normal, { maximumFractionDigits: 3 });
  const fallback = normal === null ? t(`${name}.default`) : inDays ? t("days", { value: shown }) : shown;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Field
        label={t(`${name}.label`)}
        hint={`${t(`${name}.help`)} ${t("default", { value: fallback })}`}
        error={say(problem, bound) ?? said}
      >
        {(ids) => (
          <Input
            {...ids}
            className="max-w-40"
            inputMode={bound.whole ? "numeric" : "decimal"}
            autoComplete="off"
            maxLength={8}
            disabled={value === null}
            placeholder={value === null ? t(`${name}.default`) : undefined}
            value={value ?? ""}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      {start !== undefined && (
        <Checkbox checked={value === null} onChange={(none) => onChange(none ? null : start)} label={t(`${name}.auto`)} />
      )}
      {effect && <Effects setting={effect} />}
    </div>
  );
}

export interface ChoiceFieldProps {
  name: "schedule" | "pinnedAlgorithm";
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  fallback: string;
  said: string | undefined;
  effect?: string;
}

/** One choice of a few, with the same around it. */
export function ChoiceField({ name, value, onChange, options, fallback, said, effect }: ChoiceFieldProps) {
  const { t } = useTranslation("training");
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Field label={t(`${name}.label`)} hint={`${t(`${name}.help`)} ${t("default", { value: fallback })}`} error={said}>
        {(ids) => <Select {...ids} className="max-w-60" value={value} onChange={onChange} options={options} />}
      </Field>
      {effect && <Effects setting={effect} />}
    </div>
  );
}
