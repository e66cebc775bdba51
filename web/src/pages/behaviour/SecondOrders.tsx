import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Interval } from "@/components/figures/Interval";
import { Card } from "@/components/ui/Card";
import type { BehaviourFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Which first product brings people back, each share with its interval, against everybody. */
export function SecondOrders({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation(["behaviour", "figures"]);
  const format = useFormat();
  const overall = figures.secondOrderOverall;
  const rows = [...figures.secondOrders].sort((a, b) => b.share - a.share);
  const top = Math.min(1, Math.max(...rows.map((row) => row.high), overall ?? 0, 0.01) * 1.05);
  return (
    <Card
      title={
        <>
          {t("second.title")} <Info about={t("second.title")}>{t("second.made")}</Info>
        </>
      }
      hint={overall === null ? undefined : t("second.hint", { share: format.percent(overall) })}
    >
      {rows.length === 0 ? (
        <NotYet>{t("second.none")}</NotYet>
      ) : (
        <ul className="flex flex-col gap-2">
          {rows.map((row) => (
            <li key={row.productId} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 text-table sm:grid-cols-[minmax(0,1.1fr)_minmax(90px,1fr)_auto]">
              <span className="min-w-0">
                <span className="line-clamp-2 font-medium">{row.title}</span>
                <span className="block text-small text-faint">{t("second.of", { returned: format.number(row.returned), buyers: format.number(row.buyers) })}</span>
              </span>
              <Interval
                className="order-last col-span-2 sm:order-none sm:col-span-1"
                value={row.share}
                low={row.low}
                high={row.high}
                to={top}
                line={overall}
                label={t("figures:interval", { value: format.percent(row.share), low: format.percent(row.low), high: format.percent(row.high) })}
              />
              <span className="tabular w-24 text-right">
                <b className="font-semibold">{format.percent(row.share)}</b>
                <span className="block text-small text-faint">{t("figures:between", { low: format.percent(row.low, 0), high: format.percent(row.high, 0) })}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
