import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import type { Localized, Segmentation } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export interface DriftProps {
  version: Segmentation;
  names: ReadonlyMap<string, Localized>;
  color: (id: string) => { css: string };
}

/** How far the centre of each segment moved since the version before, and how its size changed; nothing in the first version. */
export function Drift({ version, names, color }: DriftProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const rows = version.drift ?? [];
  if (rows.length === 0) return null;
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-1.5">
          {t("drift.title")}
          <Info about={t("drift.title")}>{t("drift.made")}</Info>
        </span>
      }
      hint={t("drift.hint", { version: version.version })}
    >
      <table className="tabular w-full text-table">
        <thead>
          <tr className="border-b text-small text-muted">
            <th scope="col" className="py-1.5 text-left font-medium">{t("sizes.segment")}</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">{t("drift.shift")}</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">{t("drift.size")}</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">{t("drift.change")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.segmentId} className="border-b last:border-0">
              <th scope="row" className="py-1.5 text-left font-medium">
                <span className="inline-flex min-w-0 items-center gap-2">
                  <span className="size-2.5 shrink-0 rounded-[3px]" style={{ background: color(row.segmentId).css }} aria-hidden />
                  {format.text(names.get(row.segmentId)) || row.segmentId}
                </span>
              </th>
              <td className="py-1.5 pl-3 text-right">{format.number(row.shift, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</td>
              <td className="py-1.5 pl-3 text-right">{format.number(row.after)}</td>
              <td className="py-1.5 pl-3 text-right text-muted">{format.number(row.after - row.before, { signDisplay: "exceptZero" })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
