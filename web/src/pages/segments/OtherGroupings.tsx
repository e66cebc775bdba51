import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Bars } from "@/components/figures/Bars";
import { AsOf, NotYet } from "@/components/figures/FiguresPage";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { Skeleton } from "@/components/ui/Skeleton";
import { Tabs } from "@/components/ui/Tabs";
import { useGroupings } from "@/data/segments";
import type { Grouping } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The same customers cut in other ways: by recency and worth, mood, personality, value, risk. One document. */
export function OtherGroupings() {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const live = useGroupings();
  const [chosen, setChosen] = useState<string | null>(null);
  const all = live.data?.groupings ?? [];
  return (
    <Card title={t("groupings.title")} hint={t("groupings.hint")} actions={live.data && <AsOf asOf={live.data.asOf} computedAt={live.data.computedAt} />}>
      {live.state === "loading" ? (
        <Skeleton className="h-60 w-full rounded-md" />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : all.length === 0 ? (
        <NotYet title={t("figures:notYet")}>{t("figures:notYetBody")}</NotYet>
      ) : (
        <Tabs
          label={t("groupings.title")}
          value={chosen ?? all[0]?.name ?? ""}
          onChange={setChosen}
          tabs={all.map((grouping) => ({ value: grouping.name, label: format.text(grouping.label), content: <Groups grouping={grouping} /> }))}
        />
      )}
    </Card>
  );
}

function Groups({ grouping }: { grouping: Grouping }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const people = grouping.groups.reduce((sum, group) => sum + group.customers, 0);
  const inferred = grouping.name !== "rfm";
  if (grouping.groups.length === 0) return <NotYet>{grouping.note ? format.text(grouping.note) : t("groupings.none")}</NotYet>;
  return (
    <>
      {grouping.note && <p className="mb-3 text-table text-muted">{format.text(grouping.note)}</p>}
      <Bars
        tone={inferred ? "infer" : "primary"}
        className="grid gap-x-8 md:grid-cols-2"
        bars={grouping.groups.map((group) => ({
          id: group.name,
          label: format.text(group.label),
          value: group.customers,
          text: t("groupings.people", { number: format.number(group.customers), share: format.percent(people > 0 ? group.customers / people : 0, 0) }),
          note: t("groupings.revenue", { revenue: format.money(group.revenue, { whole: true }) }),
        }))}
      />
    </>
  );
}
