import { Link } from "@tanstack/react-router";
import { BellRing, HeartHandshake, Sparkle } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { AsOf } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Learning } from "@/components/figures/Learning";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { byValue, openCase, warningSpec } from "@/data/cases";
import { type Row, useQuery } from "@/data/live";
import { driverBars, usePredictions } from "@/data/predictions";
import type { Customer } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Customers whose risk rose over the threshold within seven days, most money at stake first. */
export function Warnings() {
  const { t } = useTranslation("care");
  const figures = usePredictions();
  const asOf = figures.data?.asOf ?? null;
  const live = useQuery<Customer>(asOf && warningSpec(asOf));
  const customers = useMemo(() => byValue(live.data ?? []), [live.data]);
  const failed = figures.state === "failed" || figures.state === "denied" ? figures : live.state === "failed" || live.state === "denied" ? live : null;
  return (
    <Card
      title={
        <>
          {t("warning.title")} <Info about={t("warning.title")}>{t("warning.made")}</Info>
        </>
      }
      hint={t("warning.hint")}
      actions={figures.data && <AsOf asOf={figures.data.asOf} computedAt={figures.data.computedAt} />}
    >
      {failed ? (
        <ErrorState onRetry={failed.retry} />
      ) : figures.state === "ready" && figures.data === null ? (
        <EmptyState icon={<BellRing aria-hidden />} title={t("warning.notYet")}>
          {t("warning.notYetBody")} <Learning />
        </EmptyState>
      ) : live.state === "loading" ? (
        <SkeletonRows rows={5} />
      ) : customers.length === 0 ? (
        <EmptyState icon={<BellRing aria-hidden />} title={t("warning.none")}>
          {t("warning.noneBody")}
        </EmptyState>
      ) : (
        <ul className="flex flex-col">
          {customers.map((customer) => (
            <Warned key={customer.id} customer={customer} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Warned({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("care");
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState(false);
  const { predictions } = customer;
  if (!predictions) return null;
  const [driver] = driverBars(predictions.churn.drivers).filter((each) => each.effect > 0);
  const open = async () => {
    setBusy(true);
    // Who opened it has it: the case is theirs.
    setOpened(await openCase(customer.id, null, format.language, { done: t("said.opened"), undo: t("said.undo") }));
    setBusy(false);
  };
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b py-3 first:pt-0 last:border-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-52">
        <Link to="/customers/$customerId" params={{ customerId: customer.id }} className="rounded-sm font-semibold break-words hover:underline">
          {customer.displayName ?? t("nameless")}
        </Link>
        <p className="tabular flex flex-wrap items-center gap-x-3 text-table">
          <span className="inline-flex items-center gap-1 font-medium text-infer">
            <Sparkle className="size-3" aria-label={t("inferred")} />
            {t("warning.risk", { share: format.percent(predictions.churn.value, 0) })}
          </span>
          <span className="text-infer">{t("warning.value", { value: format.money(predictions.value.expected, { whole: true }) })}</span>
        </p>
        <p className="text-small text-muted">{driver ? format.text(driver.text) : null}</p>
        <p className="text-small text-faint">
          {t("warning.crossed")} <Time at={predictions.crossedAt} />
        </p>
      </div>
      <Button size="sm" busy={busy} disabled={opened} icon={<HeartHandshake aria-hidden />} onClick={() => void open()}>
        {t(opened ? "warning.opened" : "warning.open")}
      </Button>
    </li>
  );
}
