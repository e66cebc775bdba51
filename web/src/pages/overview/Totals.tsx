import { useTranslation } from "react-i18next";

import { Info } from "@/components/figures/Info";
import { Card } from "@/components/ui/Card";
import { useGlow } from "@/data/live";
import type { Overview } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** Everything since the first order, in one calm row. */
export function Totals({ overview }: { overview: Overview }) {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const share = overview.buyers > 0 ? overview.repeatBuyers / overview.buyers : null;
  return (
    <Card title={t("total.title")} hint={t("total.since", { from: format.date(overview.firstOrderAt), to: format.date(overview.lastOrderAt) })}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 xl:grid-cols-6">
        <Total id="customers" label={t("total.customers")} value={format.number(overview.customers)} note={t("total.buyers", { count: overview.buyers, number: format.number(overview.buyers) })} />
        <Total id="repeat" label={t("total.repeat")} value={format.percent(share)} note={t("total.repeatNote", { number: format.number(overview.repeatBuyers), buyers: format.number(overview.buyers) })} />
        <Total id="orders" label={t("total.orders")} value={format.number(overview.orders)} />
        <Total id="revenue" label={t("total.revenue")} value={format.money(overview.revenue)} note={overview.currency} />
        <Total id="average" label={t("total.average")} value={format.money(overview.averageOrder)} />
        <Total
          id="feedback"
          label={t("total.feedback")}
          value={format.number(overview.feedback)}
          note={overview.ratingAverage === null ? t("total.noRating") : t("total.rating", { value: format.number(overview.ratingAverage, { maximumFractionDigits: 1 }) })}
        />
      </dl>
    </Card>
  );
}

function Total({ id, label, value, note }: { id: string; label: string; value: string; note?: string }) {
  const { t } = useTranslation("overview");
  const glowing = useGlow(value);
  return (
    <div className={cx("min-w-0 rounded-sm", glowing && "glow")}>
      <dt className="text-small text-muted">
        {label} <Info about={label}>{t(`total.made.${id}`)}</Info>
      </dt>
      <dd data-total={id} className="tabular truncate text-h2 font-semibold">
        {value}
      </dd>
      {note && <dd className="text-small text-faint">{note}</dd>}
    </div>
  );
}
