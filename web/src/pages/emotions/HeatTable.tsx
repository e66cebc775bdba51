import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { heat } from "@/components/figures/heat";
import { MoodIcon, MOODS } from "@/components/words/moods";
import { Button } from "@/components/ui/Button";
import type { Cell } from "@/data/emotions";
import type { GroupName, MoodRow } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";
import { useMedia } from "@/lib/useMedia";

import type { Open } from "./EmotionsPage";

export interface HeatLine {
  id: string;
  name: string;
  note: string | null;
  row: MoodRow;
  cell: (mood: GroupName) => Cell;
}

export interface HeatTableProps {
  label: string;
  /** Heading of the first column. */
  first: string;
  lines: readonly HeatLine[];
  /** Lines shown before "show all". */
  few?: number;
  onOpen: (open: Open) => void;
}

const STEP: Record<string, readonly [number, number]> = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/** Lines by mood, the share in every cell; arrows move between cells, Enter opens the sentences. Cards on a phone. */
export function HeatTable({ label, first, lines, few = 99, onOpen }: HeatTableProps) {
  const { t } = useTranslation("emotions");
  const wide = useMedia("(min-width: 768px)");
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, few);
  const top = Math.max(...lines.flatMap((line) => MOODS.map((mood) => line.row.groups[mood])), 0.01);
  return (
    <>
      {wide ? <Wide label={label} first={first} lines={shown} top={top} onOpen={onOpen} /> : <Narrow lines={shown} top={top} onOpen={onOpen} />}
      {lines.length > few && (
        <Button size="sm" look="ghost" className="mt-2" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("heat.fewer") : t("heat.all", { count: lines.length })}
        </Button>
      )}
    </>
  );
}

interface PartProps {
  lines: readonly HeatLine[];
  top: number;
  onOpen: (open: Open) => void;
}

function useOpen(onOpen: (open: Open) => void) {
  const { t } = useTranslation("emotions");
  return (line: HeatLine, mood: GroupName) => onOpen({ cell: line.cell(mood), title: t("heat.cellTitle", { mood: t(`words:mood.${mood}`), name: line.name }) });
}

function Wide({ label, first, lines, top, onOpen }: PartProps & { label: string; first: string }) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  const open = useOpen(onOpen);
  const grid = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const step = (event: KeyboardEvent) => {
    const by = STEP[event.key];
    if (!by) return;
    event.preventDefault();
    const next = [Math.min(lines.length - 1, Math.max(0, at[0] + by[0])), Math.min(MOODS.length - 1, Math.max(0, at[1] + by[1]))] as const;
    setAt(next);
    grid.current?.querySelector<HTMLElement>(`[data-at="${next[0]} ${next[1]}"]`)?.focus();
  };
  const row = Math.min(at[0], lines.length - 1);
  return (
    <div className="overflow-x-auto">
      <table ref={grid} role="grid" aria-label={label} className="tabular w-full border-separate border-spacing-0.5 text-table" onKeyDown={step}>
        <thead>
          <tr className="text-small text-muted">
            <th scope="col" className="pb-1 text-left font-medium">
              {first}
            </th>
            {MOODS.map((mood) => (
              <th key={mood} scope="col" className="w-[12%] min-w-20 px-1 pb-1 font-medium">
                <span className="inline-flex items-center gap-1">
                  <MoodIcon mood={mood} className="size-3.5 shrink-0" />
                  {t(`words:mood.${mood}`)}
                </span>
              </th>
            ))}
            <th scope="col" className="pb-1 pl-3 text-right font-medium">
              {t("heat.texts")}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={line.id}>
              <th scope="row" className="max-w-64 py-0.5 pr-3 text-left font-medium">
                {line.name}
                {line.note && <span className="block text-small font-normal text-faint">{line.note}</span>}
              </th>
              {MOODS.map((mood, column) => (
                <td key={mood} className="p-0">
                  <button
                    type="button"
                    data-at={`${index} ${column}`}
                    tabIndex={index === row && column === at[1] ? 0 : -1}
                    onFocus={() => setAt([index, column])}
                    onClick={() => open(line, mood)}
                    className="h-9 w-full rounded-sm text-center text-ink transition-[filter] duration-150 hover:brightness-95 focus-visible:outline-offset-0 dark:hover:brightness-125"
                    style={{ background: heat(line.row.groups[mood] / top) }}
                    aria-label={t("heat.cell", { name: line.name, mood: t(`words:mood.${mood}`), share: format.percent(line.row.groups[mood], 0) })}
                  >
                    {format.percent(line.row.groups[mood], 0)}
                  </button>
                </td>
              ))}
              <td className="pl-3 text-right text-muted">{format.number(line.row.n)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Narrow({ lines, top, onOpen }: PartProps) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  const open = useOpen(onOpen);
  return (
    <ul className="flex flex-col gap-4">
      {lines.map((line) => (
        <li key={line.id}>
          <p className="flex items-baseline justify-between gap-3 text-table">
            <span className="min-w-0 font-medium">{line.name}</span>
            <span className="shrink-0 text-small text-faint">{t("heat.textsOf", { count: line.row.n, number: format.number(line.row.n) })}</span>
          </p>
          <div className="mt-1 grid grid-cols-3 gap-1">
            {MOODS.map((mood) => (
              <button
                key={mood}
                type="button"
                onClick={() => open(line, mood)}
                className="tabular flex min-h-12 flex-col items-center justify-center rounded-sm px-1 py-1 text-ink"
                style={{ background: heat(line.row.groups[mood] / top) }}
              >
                <span className="text-micro">{t(`words:mood.${mood}`)}</span>
                <span className="text-table font-semibold">{format.percent(line.row.groups[mood], 0)}</span>
              </button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
