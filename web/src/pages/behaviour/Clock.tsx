import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { heat } from "@/components/figures/heat";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { busiest, clockBlocks } from "@/data/behaviour";
import type { BehaviourFigures } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";
import { useMedia } from "@/lib/useMedia";

/** Monday of some week, in UTC: only its name and those of the days after it are wanted. */
const MONDAY = Date.UTC(2024, 0, 1);
/** Hours in a row of the narrow clock. */
const BLOCK = 3;

/** When people order: hours across and days down; on a narrow screen days across and blocks of hours down. */
export function Clock({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const wide = useMedia("(min-width: 1024px)");
  const top = busiest(figures.clock);
  const locale = format.language === "zh" ? "zh-CN" : "en-GB";
  const dayName = (day: number, length: "short" | "long") =>
    new Intl.DateTimeFormat(locale, { weekday: length, timeZone: "UTC" }).format(new Date(MONDAY + day * 86_400_000));
  const hour = (of: number) => String(of).padStart(2, "0");
  return (
    <Card
      title={
        <>
          {t("clock.title")} <Info about={t("clock.title")}>{t("clock.made")}</Info>
        </>
      }
      hint={top ? t("clock.hint", { day: dayName(top.day, "long"), hour: `${hour(top.hour)}:00`, orders: format.number(top.orders), zone: format.zone }) : undefined}
    >
      {!top ? (
        <NotYet title={t("clock.noneTitle")}>{t("clock.none")}</NotYet>
      ) : wide ? (
        <Table
          label={t("clock.title")}
          columns={Array.from({ length: 24 }, (_, at) => hour(at))}
          rows={clockBlocks(figures.clock, 1).map((orders, day) => ({ name: dayName(day, "short"), orders }))}
        />
      ) : (
        <Table
          label={t("clock.title")}
          columns={Array.from({ length: 7 }, (_, day) => dayName(day, "short"))}
          rows={Array.from({ length: 24 / BLOCK }, (_, block) => ({
            name: `${hour(block * BLOCK)}–${hour((block + 1) * BLOCK)}`,
            orders: clockBlocks(figures.clock, BLOCK).map((day) => day[block] ?? 0),
          }))}
        />
      )}
    </Card>
  );
}

function Table({ label, columns, rows }: { label: string; columns: string[]; rows: { name: string; orders: number[] }[] }) {
  const format = useFormat();
  const top = Math.max(...rows.flatMap((row) => row.orders), 1);
  return (
    <table className="tabular w-full table-fixed border-separate border-spacing-0.5 text-micro">
      <caption className="sr-only">{label}</caption>
      <thead>
        <tr className="text-muted">
          <th className="w-12" aria-hidden />
          {columns.map((column) => (
            <th key={column} scope="col" className="font-medium">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" className="text-left font-medium whitespace-nowrap text-muted">
              {row.name}
            </th>
            {row.orders.map((orders, at) => (
              <td key={at} className="h-7 rounded-sm text-center" style={{ background: heat(orders / top) }}>
                {format.number(orders, { notation: "compact" })}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
