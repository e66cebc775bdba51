import { Fragment } from "react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import { BLOCKS } from "@/data/segments";
import type { Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { useFeature } from "./useFeature";

/** Where the bar of a deviation ends, in standard deviations. */
const FULL = 2.5;

/** Each feature beside the population, block by block, with a bar from the middle: right is more, left is less. */
export function Features({ segment, color }: { segment: Segment; color: string }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const feature = useFeature();
  const blocks = BLOCKS.map((block) => ({ block, features: segment.features.filter((each) => (each.block ?? "behaviour") === block) })).filter(
    ({ features }) => features.length > 0,
  );
  return (
    <Card title={t("detail.features")} hint={t("detail.featuresHint")}>
      <table className="tabular w-full text-table">
        <thead>
          <tr className="border-b text-small text-muted">
            <th scope="col" className="py-1.5 text-left font-medium">
              <span className="sr-only">{t("detail.features")}</span>
            </th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">{t("detail.segment")}</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">{t("detail.everyone")}</th>
            <th scope="col" className="hidden py-1.5 pl-6 text-left font-medium sm:table-cell">{t("detail.unusual")}</th>
          </tr>
        </thead>
        <tbody>
          {blocks.map(({ block, features }) => (
            <Fragment key={block}>
              {blocks.length > 1 && (
                <tr>
                  <th scope="rowgroup" colSpan={4} className="pt-4 pb-1 text-left text-small font-semibold text-muted">
                    {t(`block.${block}`)}
                  </th>
                </tr>
              )}
              {features.map((each) => {
                const share = Math.min(1, Math.abs(each.z) / FULL) * 50;
                return (
                  <tr key={each.name} className="border-b last:border-0">
                    <th scope="row" className="py-2 text-left font-medium">{feature.name(each.name)}</th>
                    <td className="py-2 pl-3 text-right font-semibold">{feature.value(each.name, each.mean)}</td>
                    <td className="py-2 pl-3 text-right text-muted">{feature.value(each.name, each.population)}</td>
                    <td className="hidden w-2/5 py-2 pl-6 sm:table-cell">
                      <div className="flex items-center gap-3">
                        <div className="relative h-2 flex-1 rounded-full bg-subtle" aria-hidden>
                          <span className="absolute inset-y-[-3px] left-1/2 w-px bg-line-strong" />
                          <span
                            className="absolute inset-y-0 rounded-full"
                            style={{ background: color, width: `${share}%`, ...(each.z < 0 ? { right: "50%" } : { left: "50%" }) }}
                          />
                        </div>
                        <span className="w-12 text-right text-muted">
                          {format.number(each.z, { maximumFractionDigits: 1, minimumFractionDigits: 1, signDisplay: "exceptZero" })}
                        </span>
                      </div>
                    </td>
                  </tr>
                );
              })}
            </Fragment>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
