import { useSearch } from "@tanstack/react-router";
import { Smile } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { FiguresPage, NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { type Cell, useEmotionFigures } from "@/data/emotions";
import type { EmotionFigures } from "@/generated/documents";
import { toDate } from "@/lib/format";
import { useFormat } from "@/lib/useFormat";

import { HeatTable } from "./HeatTable";
import { Overall } from "./Overall";
import { Personality } from "./Personality";
import { Products } from "./Products";
import { Sentences } from "./Sentences";
import { Topics } from "./Topics";

export interface Open {
  cell: Cell;
  title: string;
}

/** What customers feel, as far as their own words say. One document; the sentences are read when a cell is opened. */
export function EmotionsPage() {
  const { t } = useTranslation("emotions");
  return (
    <FiguresPage<EmotionFigures> title={t("title")} description={t("description")} empty={t("empty")} icon={<Smile aria-hidden />} live={useEmotionFigures()}>
      {(figures) => <Content figures={figures} />}
    </FiguresPage>
  );
}

function Content({ figures }: { figures: EmotionFigures }) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  const [open, setOpen] = useState<Open | null>(null);
  // An insight about a product leads to the products.
  const { view } = useSearch({ strict: false });
  useEffect(() => {
    if (view === "products") document.getElementById("products")?.scrollIntoView({ block: "start" });
  }, [view]);
  const segments = useMemo(
    () =>
      figures.segments.map((row) => ({
        id: row.segmentId,
        name: format.text(row.name),
        note: t("heat.known", { customers: format.number(row.customers), size: format.number(row.size) }),
        row,
        cell: (mood: NonNullable<Cell["mood"]>): Cell => ({ kind: "segment", mood, segmentId: row.segmentId }),
      })),
    [figures.segments, format, t],
  );
  const weeks = useMemo(
    () =>
      // Newest first: the morning's question is about this week.
      [...figures.weeks].reverse().map((row) => ({
        id: row.week,
        name: t("heat.week", { date: format.date(row.start) }),
        note: null,
        row,
        cell: (mood: NonNullable<Cell["mood"]>): Cell => ({ kind: "week", mood, start: toDate(row.start) }),
      })),
    [figures.weeks, format, t],
  );
  const made = t("heat.made", { date: format.date(figures.asOf) });
  return (
    <>
      <Overall figures={figures} />
      <Card
        title={
          <>
            {t("heat.segments")} <Info about={t("heat.segments")}>{made}</Info>
          </>
        }
        hint={t("heat.hint")}
      >
        {segments.length === 0 ? <NotYet>{t("heat.noSegments")}</NotYet> : <HeatTable label={t("heat.segments")} first={t("heat.segment")} lines={segments} onOpen={setOpen} />}
      </Card>
      <Card
        title={
          <>
            {t("heat.weeks")} <Info about={t("heat.weeks")}>{made}</Info>
          </>
        }
        hint={t("heat.weeksHint", { count: weeks.length })}
      >
        {weeks.length === 0 ? <NotYet>{t("heat.noWeeks")}</NotYet> : <HeatTable label={t("heat.weeks")} first={t("heat.weekColumn")} lines={weeks} few={8} onOpen={setOpen} />}
      </Card>
      <Topics topics={figures.topics ?? []} onOpen={setOpen} />
      <Products products={figures.products} onOpen={setOpen} />
      <Personality figures={figures} />
      <Sentences open={open} onClose={() => setOpen(null)} />
    </>
  );
}
