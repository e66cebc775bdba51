import { Check, CircleCheck, CircleSlash, Sparkle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import type { Candidate, Segmentation } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** How the groups were chosen and how far to trust them, with everything that was tried and why it was out. */
export function HowFound({ version }: { version: Segmentation }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const score = (value: number | null | undefined) => format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const clustered = version.algorithm !== "rfm" && version.algorithm !== "none";
  const gate = version.wordsGate ?? null;
  const bound = version.wordsBound ?? null;
  const fine = (value: number | null) => format.number(value, { maximumFractionDigits: 3 });
  const blocks = Object.entries(version.blocks ?? {}).filter(([, weight]) => weight > 0);
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-2">
          <Sparkle className="size-4 text-infer" aria-hidden />
          {t("note.title")}
        </span>
      }
      hint={t("note.asOf", { version: version.version, asOf: format.date(version.asOf) })}
    >
      <div className="max-w-3xl">
        <p>
          {clustered
            ? t("note.found", { count: version.k, algorithm: t(`algorithm.${version.algorithm}`), silhouette: score(version.silhouette) })
            : t(version.algorithm === "rfm" ? "note.rfm" : "note.noneAlgorithm")}
          {clustered && version.stability !== null && version.stability !== undefined && ` ${t("note.stable", { stability: score(version.stability) })}`}
        </p>
        {version.note && <p className="mt-2 rounded-md border border-wait-line bg-wait-soft px-3 py-2 text-table">{format.text(version.note)}</p>}
        <p className="mt-2 text-table text-muted">
          {t("note.eligible", { eligible: format.number(version.eligible), customers: format.number(version.customers) })}
          {version.mode === "warm" && ` ${t("note.warm", { date: format.date(version.searchedAt) })}`}
        </p>
      </div>
      {clustered && (
        <dl className="mt-4 grid gap-x-8 gap-y-3 text-table sm:grid-cols-2 xl:grid-cols-3">
          <div>
            <dt className="text-small text-muted">{t("note.blocks")}</dt>
            <dd>{blocks.length > 0 ? new Intl.ListFormat(format.language, { type: "conjunction" }).format(blocks.map(([name]) => t(`block.${name}`))) : "—"}</dd>
          </div>
          <div>
            <dt className="text-small text-muted">{t("note.known")}</dt>
            <dd className="tabular">{t("note.knownOf", { words: format.percent(version.wordsShare ?? 0, 0), ocean: format.percent(version.oceanShare ?? 0, 0) })}</dd>
          </div>
          <div>
            <dt className="text-small text-muted">
              {t("note.gate")} <Info about={t("note.gate")}>{t("note.gateMade")}</Info>
            </dt>
            <dd className="tabular flex items-center gap-1.5">
              {gate === null ? (
                t("note.gateNone")
              ) : bound === null ? (
                t("note.gateFree", { value: fine(gate) })
              ) : (
                <>
                  {gate < bound ? <CircleCheck className="size-4 text-good" aria-hidden /> : <CircleSlash className="size-4 text-bad" aria-hidden />}
                  {t(gate < bound ? "note.gatePassed" : "note.gateFailed", { value: fine(gate), gate: fine(bound) })}
                </>
              )}
            </dd>
          </div>
        </dl>
      )}
      {version.candidates.length > 0 && <Candidates candidates={version.candidates} score={score} />}
    </Card>
  );
}

function Candidates({ candidates, score }: { candidates: readonly Candidate[]; score: (value: number | null | undefined) => string }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  return (
    <details className="mt-4 border-t pt-3" open={candidates.length <= 6}>
      <summary className="w-fit cursor-pointer rounded-sm text-table font-medium text-primary-ink hover:underline">{t("note.tried", { count: candidates.length })}</summary>
      <div className="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label={t("note.candidates")}>
        <table className="tabular w-full min-w-[640px] text-table">
          <caption className="sr-only">{t("note.candidates")}</caption>
          <thead>
            <tr className="border-b text-small text-muted">
              <th scope="col" className="py-1.5 text-left font-medium">
                {t("note.algorithm")}
              </th>
              {(["k", "silhouette", "stability", "balance", "noise", "smallest"] as const).map((column) => (
                <th key={column} scope="col" className="py-1.5 pl-4 text-right font-medium whitespace-nowrap" title={t(`note.about.${column}`)}>
                  {t(`note.${column}`)}
                </th>
              ))}
              <th scope="col" className="py-1.5 pl-6 text-left font-medium">
                {t("note.outcome")}
              </th>
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate, index) => (
              <tr key={index} className={cx("border-b last:border-0", candidate.chosen && "font-semibold text-infer")}>
                <th scope="row" className="py-1.5 text-left font-[inherit] whitespace-nowrap">
                  {t(`algorithm.${candidate.algorithm ?? "kmeans"}`)}
                </th>
                <td className="py-1.5 pl-4 text-right">{format.number(candidate.k)}</td>
                <td className="py-1.5 pl-4 text-right">{score(candidate.silhouette)}</td>
                <td className="py-1.5 pl-4 text-right">{score(candidate.stability)}</td>
                <td className="py-1.5 pl-4 text-right">{score(candidate.balance)}</td>
                <td className="py-1.5 pl-4 text-right">{format.percent(candidate.noise ?? 0, 0)}</td>
                <td className="py-1.5 pl-4 text-right">{format.percent(candidate.smallestShare)}</td>
                <td className="py-1.5 pl-6">
                  {candidate.chosen ? (
                    <span className="inline-flex items-center gap-1.5">
                      <Check className="size-3.5" aria-hidden />
                      {t("note.chosen")}
                    </span>
                  ) : (
                    <span className="text-muted">{candidate.out ? format.text(candidate.out) : t("note.weaker")}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
