import { Check, Sparkle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import type { Segmentation } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** How the groups were chosen and how far to trust them, with everything that was tried. */
export function HowFound({ version }: { version: Segmentation }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const score = (value: number | null) => format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
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
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[1fr_auto]">
        <div className="max-w-3xl">
          <p>
            {version.algorithm === "kmeans"
              ? t("note.kmeans", { count: version.k, silhouette: score(version.silhouette) })
              : t(version.algorithm === "rfm" ? "note.rfm" : "note.noneAlgorithm")}
          </p>
          {version.note && <p className="mt-2 rounded-md border border-wait-line bg-wait-soft px-3 py-2 text-table">{format.text(version.note)}</p>}
          <p className="mt-2 text-table text-muted">
            {t("note.eligible", { eligible: format.number(version.eligible), customers: format.number(version.customers) })}
          </p>
        </div>
        {version.candidates.length > 0 && (
          <table className="tabular h-fit min-w-64 text-table">
            <caption className="pb-1 text-left text-small text-faint">{t("note.candidates")}</caption>
            <thead>
              <tr className="border-b text-small text-muted">
                <th scope="col" className="py-1 text-left font-medium">{t("note.k")}</th>
                <th scope="col" className="py-1 pl-5 text-right font-medium">{t("note.silhouette")}</th>
                <th scope="col" className="py-1 pl-5 text-right font-medium">{t("note.smallest")}</th>
              </tr>
            </thead>
            <tbody>
              {version.candidates.map((candidate) => (
                <tr key={candidate.k} className={cx("border-b last:border-0", candidate.chosen && "font-semibold text-infer")}>
                  <th scope="row" className="py-1 text-left font-[inherit]">
                    <span className="inline-flex items-center gap-1.5">
                      {format.number(candidate.k)}
                      {candidate.chosen && <Check className="size-3.5" aria-label={t("note.chosen")} />}
                    </span>
                  </th>
                  <td className="py-1 pl-5 text-right">{score(candidate.silhouette)}</td>
                  <td className="py-1 pl-5 text-right">{format.percent(candidate.smallestShare)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Card>
  );
}
