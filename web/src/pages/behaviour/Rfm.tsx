import { ArrowRight } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { heat } from "@/components/figures/heat";
import { Info } from "@/components/figures/Info";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { byCellName, cellAt, FIFTHS } from "@/data/behaviour";
import type { BehaviourFigures, RfmCell, RfmMove } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

const SHOWN = 12;

/** The grid of recency and worth, and who moved in it: a chosen movement is outlined in the grid. */
export function Rfm({ figures }: { figures: BehaviourFigures }) {
  const { t } = useTranslation("behaviour");
  const [chosen, setChosen] = useState<RfmMove | null>(null);
  if (figures.grid.length === 0) {
    return (
      <Card title={t("rfm.title")}>
        <NotYet>{t("rfm.none")}</NotYet>
      </Card>
    );
  }
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
      <Card
        title={
          <>
            {t("rfm.title")} <Info about={t("rfm.title")}>{t("rfm.made")}</Info>
          </>
        }
        hint={t("rfm.hint")}
      >
        <Grid figures={figures} chosen={chosen} />
        <Names figures={figures} chosen={chosen} />
      </Card>
      <Moves figures={figures} chosen={chosen} onChoose={setChosen} />
    </div>
  );
}

const mark = (name: string, chosen: RfmMove | null) => (chosen?.fromName.en === name ? "from" : chosen?.toName.en === name ? "to" : null);

function Grid({ figures, chosen }: { figures: BehaviourFigures; chosen: RfmMove | null }) {
  const { t } = useTranslation("behaviour");
  const top = Math.max(...figures.grid.map((cell) => cell.customers), 1);
  return (
    <table className="hidden w-full table-fixed border-separate border-spacing-1 md:table">
      <caption className="sr-only">{t("rfm.title")}</caption>
      <thead>
        <tr>
          <th scope="col" className="w-20 text-left text-small font-normal text-faint">
            {t("rfm.worth")}
          </th>
          {FIFTHS.map((recency) => (
            <th key={recency} scope="col" className="pb-1 text-center text-small font-medium text-muted">
              {t(`rfm.recency${recency}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...FIFTHS].reverse().map((worth) => (
          <tr key={worth}>
            <th scope="row" className="pr-2 text-left text-small font-medium text-muted">
              {t(`rfm.worth${worth}`)}
            </th>
            {FIFTHS.map((recency) => (
              <Cell key={recency} cell={cellAt(figures.grid, recency, worth)} top={top} chosen={chosen} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ cell, top, chosen }: { cell: RfmCell | null; top: number; chosen: RfmMove | null }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  if (!cell) return <td className="h-[76px] rounded-md bg-subtle/60 text-center text-faint">–</td>;
  const change = cell.customers - cell.before;
  const end = mark(cell.name.en, chosen);
  return (
    <td
      className={cx(
        "h-[76px] rounded-md px-2 py-1.5 align-top transition-opacity duration-150",
        end && "outline-2 outline-ink",
        end === "from" && "outline-dashed",
        chosen && !end && "opacity-45",
      )}
      style={{ background: heat(cell.customers / top) }}
      title={t("rfm.cell", { name: format.text(cell.name), customers: format.number(cell.customers), before: format.number(cell.before), revenue: format.money(cell.revenue, { whole: true }) })}
    >
      <p className="line-clamp-2 text-micro leading-[14px] text-ink">{format.text(cell.name)}</p>
      <p className="tabular mt-0.5 flex flex-wrap items-baseline justify-between gap-x-1">
        <span className="text-body font-semibold">{format.number(cell.customers)}</span>
        <span className="text-micro text-ink">{format.number(change, { signDisplay: "exceptZero" })}</span>
      </p>
    </td>
  );
}

/** The names with everybody in them: the grid itself on a phone. */
function Names({ figures, chosen }: { figures: BehaviourFigures; chosen: RfmMove | null }) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const named = useMemo(() => byCellName(figures.grid), [figures.grid]);
  const top = Math.max(...named.map((each) => each.customers), 1);
  return (
    <ul className="grid gap-2 sm:grid-cols-2 md:hidden">
      {named.map((each) => (
        <li
          key={each.name.en}
          className={cx("rounded-md px-3 py-2", mark(each.name.en, chosen) && "outline-2 outline-ink")}
          style={{ background: heat(each.customers / top) }}
        >
          <p className="flex items-baseline justify-between gap-3">
            <span className="min-w-0 text-table font-medium">{format.text(each.name)}</span>
            <span className="tabular text-body font-semibold">{format.number(each.customers)}</span>
          </p>
          <p className="tabular flex justify-between gap-3 text-small">
            <span>{format.money(each.revenue, { whole: true })}</span>
            <span>{t("rfm.against", { change: format.number(each.customers - each.before, { signDisplay: "exceptZero" }) })}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

interface MovesProps {
  figures: BehaviourFigures;
  chosen: RfmMove | null;
  onChoose: (move: RfmMove | null) => void;
}

function Moves({ figures, chosen, onChoose }: MovesProps) {
  const { t } = useTranslation("behaviour");
  const format = useFormat();
  const [all, setAll] = useState(false);
  const moves = figures.moves.filter((move) => move.from !== move.to).sort((a, b) => b.customers - a.customers);
  const top = Math.max(...moves.map((move) => move.customers), 1);
  return (
    <Card
      title={
        <>
          {t("moves.title")} <Info about={t("moves.title")}>{t("moves.made")}</Info>
        </>
      }
      hint={moves.length > 0 ? t("moves.hint") : t("moves.nobody")}
    >
      <ul className="-mx-2 flex flex-col">
        {moves.slice(0, all ? undefined : SHOWN).map((move) => {
          const on = chosen?.from === move.from && chosen.to === move.to;
          return (
            <li key={`${move.from} ${move.to}`}>
              <button
                type="button"
                aria-pressed={on}
                onClick={() => onChoose(on ? null : move)}
                className={cx("grid w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-3 rounded-md px-2 py-1.5 text-left text-table hover:bg-subtle", on && "bg-primary-soft")}
              >
                <span className="flex min-w-0 flex-wrap items-center gap-x-1.5">
                  <span className={move.from === null ? "text-faint" : ""}>{move.from === null ? t("moves.new") : format.text(move.fromName)}</span>
                  <ArrowRight className="size-3.5 shrink-0 text-faint" aria-label={t("moves.to")} />
                  <span className="font-medium">{format.text(move.toName)}</span>
                </span>
                <span className="tabular inline-flex items-center gap-2">
                  <span className="hidden h-1.5 w-14 justify-end overflow-hidden rounded-full bg-subtle sm:flex" aria-hidden>
                    <span className="rounded-full bg-primary" style={{ width: `${(move.customers / top) * 100}%` }} />
                  </span>
                  {format.number(move.customers)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {moves.length > SHOWN && (
        <Button look="link" className="mt-2 text-table" onClick={() => setAll(!all)}>
          {all ? t("less") : t("more", { count: moves.length - SHOWN })}
        </Button>
      )}
    </Card>
  );
}
