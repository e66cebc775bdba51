import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import { Checkbox } from "@/components/ui/Checkbox";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { BLOCKS, BOUNDS, type BlockName, type Draft, type Problem } from "@/data/training";

import { Effects } from "./Effects";
import { useSayProblem } from "./fields";

export interface BlocksCardProps {
  blocks: Draft["blocks"];
  onChange: (blocks: Draft["blocks"]) => void;
  wrong: Readonly<Record<string, Problem>>;
  said: (field: string) => string | undefined;
}

/** Which kinds of features take part in grouping, and how much each counts. */
export function BlocksCard({ blocks, onChange, wrong, said }: BlocksCardProps) {
  const { t } = useTranslation("training");
  const say = useSayProblem();
  const put = (name: BlockName, change: Partial<Draft["blocks"][BlockName]>) => onChange({ ...blocks, [name]: { ...blocks[name], ...change } });
  const all = say(wrong["blocks"]) ?? said("blocks");
  return (
    <Card title={t("parts.title")} hint={t("parts.hint")}>
      <p className="mb-4 text-small text-faint">
        {t("parts.help")} {t("parts.defaults")}
      </p>
      <ul className="flex flex-col gap-4">
        {BLOCKS.map((name) => (
          <li key={name} className="border-t pt-4 first:border-0 first:pt-0">
            <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
              <Checkbox
                className="min-w-0 flex-1 basis-48"
                checked={blocks[name].on}
                onChange={(on) => put(name, { on })}
                label={t(`parts.${name}`)}
                hint={t(`parts.${name}Hint`)}
              />
              <Field
                className="w-36"
                label={
                  <>
                    <span aria-hidden>{t("parts.weight")}</span>
                    <span className="sr-only">{t("parts.weightOf", { block: t(`parts.${name}`) })}</span>
                  </>
                }
                error={say(wrong[`blocks.${name}.weight`], BOUNDS.weight) ?? said(`blocks.${name}.weight`)}
              >
                {(ids) => (
                  <Input
                    {...ids}
                    inputMode="decimal"
                    autoComplete="off"
                    maxLength={8}
                    value={blocks[name].weight}
                    onChange={(event) => put(name, { weight: event.target.value })}
                  />
                )}
              </Field>
            </div>
            <Effects setting={`blocks.${name}`} />
          </li>
        ))}
      </ul>
      {all && (
        <p role="alert" className="mt-3 text-small text-bad">
          {all}
        </p>
      )}
    </Card>
  );
}
