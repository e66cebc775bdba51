import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import type { Localized, Segmentation } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { MoversLink } from "./MoversLink";

export interface MovementsProps {
  version: Segmentation;
  names: ReadonlyMap<string, Localized>;
  color: (id: string) => { css: string };
  /** Earlier versions, for the names of segments that no longer live. */
  known: readonly Segmentation[];
}

/** Rows shown; the rest is summed up by the count in the hint. */
const SHOWN = 20;

/** Who went from where to where in the newest version, largest first; each end opens its segment, the count the very people who went there. */
export function Movements({ version, names, color, known }: MovementsProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const older = new Map(known.flatMap((each) => each.sizes.map((size) => [size.segmentId, size.name] as const)));
  const moves = version.movements.filter((move) => move.from !== move.to).sort((a, b) => b.count - a.count);
  const first = moves.length > 0 && moves.every((move) => move.from === null);
  const top = Math.max(...moves.map((move) => move.count), 1);
  const end = (id: string | null, missing: string) =>
    id === null ? (
      <span className="text-faint">{missing}</span>
    ) : (
      <Link to="/segments/$segmentId" params={{ segmentId: id }} className="inline-flex min-w-0 items-center gap-2 rounded-sm hover:underline">
        <span className="size-2.5 shrink-0 rounded-[3px]" style={{ background: color(id).css }} aria-hidden />
        <span className="min-w-0">{format.text(names.get(id) ?? older.get(id)) || id}</span>
      </Link>
    );
  return (
    <Card
      id="moved"
      className="scroll-mt-20"
      title={t("moved.title")}
      hint={
        first
          ? t("moved.first")
          : moves.length === 0
            ? t("moved.nobody")
            : t("moved.hint", { count: version.moved, number: format.number(version.moved), version: version.version })
      }
    >
      {moves.length > 0 && (
        <div className="max-h-[340px] overflow-y-auto">
          <table className="w-full text-table">
            <thead className="sticky top-0 bg-surface">
              <tr className="border-b text-small text-muted">
                <th scope="col" className="py-1.5 text-left font-medium">{t("moved.from")}</th>
                <th className="w-6" aria-hidden />
                <th scope="col" className="py-1.5 text-left font-medium">{t("moved.to")}</th>
                <th scope="col" className="py-1.5 pl-3 text-right font-medium">{t("moved.count")}</th>
              </tr>
            </thead>
            <tbody>
              {moves.slice(0, SHOWN).map((move) => (
                <tr key={`${move.from} ${move.to}`} className="border-b last:border-0">
                  <td className="py-2 pr-2">{end(move.from, t("moved.new"))}</td>
                  <td aria-hidden>
                    <ArrowRight className="size-3.5 text-faint" />
                  </td>
                  <td className="py-2 pl-1">{end(move.to, t("moved.gone"))}</td>
                  <td className="tabular py-2 pl-3 text-right">
                    <span className="inline-flex items-center gap-2.5">
                      <span className="hidden h-1.5 w-16 justify-end overflow-hidden rounded-full bg-subtle sm:flex" aria-hidden>
                        <span className="rounded-full bg-primary" style={{ width: `${(move.count / top) * 100}%` }} />
                      </span>
                      <MoversLink move={move} version={version.version} />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
