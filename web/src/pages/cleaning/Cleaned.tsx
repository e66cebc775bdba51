import { ArrowRight, ChevronRight, Sparkles } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { byRule, totalOf, type RuleTotal } from "@/data/cleaning";
import { useQuery } from "@/data/live";
import type { Cleaning, CleaningExample } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** What the cleaning rules changed on the way in, each rule by name with examples before and after. */
export function Cleaned({ origin, title }: { origin: string; title?: string }) {
  const { t } = useTranslation("cleaning");
  const format = useFormat();
  const live = useQuery<Cleaning>({ collection: `cleaning/${origin}/days`, orderBy: [["day", "desc"]], limit: 30 });
  const days = live.data ?? [];
  const rules = byRule(days);
  const total = totalOf(rules);
  const records = days.reduce((sum, day) => sum + day.records, 0);
  const figures = { records, changed: total.changed, setAside: total.setAside };
  return (
    <Card title={title ?? t("title")} hint={t("hint")} data-section="cleaning">
      {live.state === "loading" ? (
        <SkeletonRows rows={2} />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : days.length === 0 ? (
        <p className="text-body text-muted">{t("none")}</p>
      ) : (
        <>
          <dl className="flex flex-wrap gap-x-8 gap-y-2">
            {(["records", "changed", "setAside"] as const).map((key) => (
              <div key={key}>
                <dt className="text-small text-muted">{t(`figure.${key}`)}</dt>
                <dd className="tabular text-h2 font-semibold" data-figure={key}>
                  {format.number(figures[key])}
                </dd>
              </div>
            ))}
          </dl>
          {rules.length === 0 ? (
            <p className="mt-3 flex items-center gap-2 text-table text-muted">
              <Sparkles className="size-4 text-good" aria-hidden />
              {t("clean")}
            </p>
          ) : (
            <ul className="mt-3 border-t">
              {rules.map((rule) => (
                <Rule key={rule.rule} rule={rule} />
              ))}
            </ul>
          )}
        </>
      )}
    </Card>
  );
}

function Rule({ rule }: { rule: RuleTotal }) {
  const { t } = useTranslation("cleaning");
  const format = useFormat();
  const done = [
    rule.changed > 0 && t("changed", { count: rule.changed, formatted: format.number(rule.changed) }),
    rule.setAside > 0 && t("setAside", { count: rule.setAside, formatted: format.number(rule.setAside) }),
  ].filter(Boolean);
  return (
    <li className="border-b last:border-b-0" data-rule={rule.rule}>
      <details className="group">
        <summary className="flex cursor-pointer list-none items-start gap-2 rounded-sm py-2 text-table [&::-webkit-details-marker]:hidden">
          <ChevronRight className="mt-0.5 size-4 shrink-0 text-faint transition-transform duration-150 group-open:rotate-90" aria-hidden />
          <span className="min-w-0 flex-1 font-medium">{t(`rule.${rule.rule}`, { defaultValue: rule.rule })}</span>
          <span className="text-right text-muted" data-figure={`rule-${rule.rule}`}>
            {done.join(" · ")}
          </span>
        </summary>
        <div className="pb-3 pl-6">
          {rule.examples.length === 0 ? (
            <p className="text-small text-faint">{t("noExamples")}</p>
          ) : (
            <ul className="flex flex-col gap-2">
              {rule.examples.map((example, at) => (
                <Example key={at} example={example} />
              ))}
            </ul>
          )}
        </div>
      </details>
    </li>
  );
}

function Example({ example }: { example: CleaningExample }) {
  const { t } = useTranslation("cleaning");
  return (
    <li className="text-small">
      <p className="text-faint">
        {t(`thing.${example.thing}`, { defaultValue: example.thing })}
        {example.externalId && <span className="font-mono break-all"> {example.externalId}</span>}
        {example.field && <span> · {t(`field.${fieldKey(example.field)}`, { defaultValue: example.field })}</span>}
        {example.action === "set aside" && <span> · {t("wasSetAside")}</span>}
      </p>
      {(example.before !== null || example.after !== null) && (
        <p className="mt-0.5 flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <span className="rounded-sm bg-bad-soft px-1.5 py-px font-mono break-all whitespace-pre-wrap text-bad">{shown(example.before)}</span>
          {example.action === "changed" && (
            <>
              <ArrowRight className="size-3.5 shrink-0 self-center text-faint" aria-label={t("became")} />
              <span className="rounded-sm bg-good-soft px-1.5 py-px font-mono break-all whitespace-pre-wrap text-good">{shown(example.after)}</span>
            </>
          )}
        </p>
      )}
    </li>
  );
}

/** A person's fields are named alike wherever the person stands. */
const fieldKey = (field: string): string => field.split(".").at(-1) ?? field;

const shown = (value: string | null): string => (value === null || value === "" ? "∅" : value);
