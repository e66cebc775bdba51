import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { NotYet } from "@/components/figures/FiguresPage";
import { Badge } from "@/components/ui/Badge";
import { Card } from "@/components/ui/Card";
import { TraitBar, TRAITS } from "@/components/words/Traits";
import type { EmotionFigures, SegmentOcean } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Five traits by segment as points with intervals, and for how many there is enough text to say anything. */
export function Personality({ figures }: { figures: EmotionFigures }) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  // Everybody first, then the segments.
  const rows = [...figures.ocean].sort((a, b) => Number(a.segmentId !== null) - Number(b.segmentId !== null));
  const known = rows.filter((row) => row.ocean !== null);
  const enough = (row: SegmentOcean) => t("ocean.enough", { customers: format.number(row.customers), size: format.number(row.size) });
  return (
    <Card
      title={
        <span className="inline-flex flex-wrap items-center gap-2">
          {t("ocean.title")}
          <Info about={t("ocean.title")}>{t("ocean.made")}</Info>
          <Badge tone="infer">{t("figures:inferred")}</Badge>
        </span>
      }
      hint={t("ocean.hint")}
    >
      {known.length === 0 ? (
        <NotYet title={t("ocean.noneTitle")}>{t("ocean.none", { customers: format.number(rows[0]?.customers ?? 0), size: format.number(rows[0]?.size ?? 0) })}</NotYet>
      ) : (
        <>
          <table className="hidden w-full table-fixed text-table lg:table">
            <caption className="sr-only">{t("ocean.title")}</caption>
            <thead>
              <tr className="border-b text-small text-muted">
                <th scope="col" className="w-56 py-1.5 text-left font-medium">
                  {t("heat.segment")}
                </th>
                {TRAITS.map((trait) => (
                  <th key={trait} scope="col" className="px-2 py-1.5 text-left font-medium">
                    {t(`words:trait.${trait}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const ocean = row.ocean;
                return (
                  <tr key={row.segmentId ?? ""} className="border-b align-top last:border-0">
                    <th scope="row" className="py-2 pr-3 text-left font-medium">
                      {format.text(row.name)}
                      <span className="block text-small font-normal text-faint">{enough(row)}</span>
                    </th>
                    {ocean ? (
                      TRAITS.map((trait) => (
                        <td key={trait} className="px-2 py-2">
                          <TraitBar ocean={ocean} trait={trait} />
                        </td>
                      ))
                    ) : (
                      <td colSpan={TRAITS.length} className="px-2 py-2 text-faint">
                        {t("ocean.notEnough")}
                      </td>
                    )}
                  </tr>
                );
              })}
            </tbody>
          </table>
          <ul className="flex flex-col gap-4 lg:hidden">
            {rows.map((row) => {
              const ocean = row.ocean;
              return (
                <li key={row.segmentId ?? ""} className="rounded-md border p-3">
                  <p className="text-table font-medium">{format.text(row.name)}</p>
                  <p className="mb-2 text-small text-faint">{enough(row)}</p>
                  {ocean ? (
                    <div className="grid grid-cols-2 gap-x-5 gap-y-2 sm:grid-cols-3">
                      {TRAITS.map((trait) => (
                        <div key={trait}>
                          <p className="truncate text-small">{t(`words:trait.${trait}`)}</p>
                          <TraitBar ocean={ocean} trait={trait} />
                        </div>
                      ))}
                    </div>
                  ) : (
                    <p className="text-table text-faint">{t("ocean.notEnough")}</p>
                  )}
                </li>
              );
            })}
          </ul>
          <p className="mt-3 text-small text-faint">{t("ocean.limits")}</p>
        </>
      )}
    </Card>
  );
}
