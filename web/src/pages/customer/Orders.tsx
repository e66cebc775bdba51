import { ChevronRight, ReceiptText } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { EmptyState } from "@/components/ui/EmptyState";
import { ordersSpec } from "@/data/customers-one";
import type { Row } from "@/data/live";
import type { Order } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { Lines } from "./Lines";
import { PagedList } from "./PagedList";

const TONE: Record<Order["status"], "good" | "wait" | "bad" | "neutral"> = {
  paid: "good",
  refunded: "wait",
  cancelled: "bad",
  test: "neutral",
};

/** The customer's orders, newest first; each opens to its lines. */
export function Orders({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation("customer");
  return (
    <PagedList<Order>
      spec={ordersSpec(ids)}
      size={25}
      className="-mx-5 border-t"
      empty={
        <EmptyState icon={<ReceiptText aria-hidden />} title={t("orders.empty")}>
          {t("orders.emptyBody")}
        </EmptyState>
      }
    >
      {(order, fresh) => <OrderItem key={order.id} order={order} fresh={fresh} />}
    </PagedList>
  );
}

function OrderItem({ order, fresh }: { order: Row<Order>; fresh: boolean }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const money = (minor: number | null) => format.money(minor, { of: order.currency });
  const sums = (
    [
      [t("stats.discount"), order.discount],
      [t("orders.shipping"), order.shipping],
      [t("orders.tax"), order.tax],
      [t("stats.refunded"), order.refunded],
    ] as const
  ).filter(([, value]) => value > 0);
  return (
    <li className={cx("border-b", fresh && "glow")}>
      <button
        type="button"
        aria-expanded={open}
        className="grid w-full grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-3 px-5 py-2.5 text-left text-table hover:bg-subtle/70 focus-visible:outline-offset-[-2px]"
        onClick={() => setOpen(!open)}
      >
        <ChevronRight
          className={cx("size-4 text-faint transition-transform duration-150", open && "rotate-90")}
          aria-hidden
        />
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium">{format.date(order.placedAt)}</span>
            {order.externalId && <span className="truncate text-faint">#{order.externalId}</span>}
            {order.status !== "paid" && <Badge tone={TONE[order.status]}>{t(`orders.status.${order.status}`)}</Badge>}
            {order.deleted && <Badge>{t("orders.deleted")}</Badge>}
            {order.channel && order.channel !== "csv" && <Badge>{t(`through.${order.channel}`)}</Badge>}
          </span>
          <span className="block truncate text-small text-faint">
            {t("orders.items", { count: order.items, formatted: format.number(order.items) })}
            {order.lines.some((line) => line.title) &&
              ` · ${order.lines
                .map((line) => line.title)
                .filter(Boolean)
                .join(", ")}`}
          </span>
        </span>
        <span className="tabular text-right">
          <span className={cx("block font-medium", order.status === "cancelled" && "text-faint line-through")}>
            {money(order.total)}
          </span>
          {order.reportingTotal === null && <span className="block text-small text-wait">{t("orders.noRate")}</span>}
        </span>
      </button>
      {open && (
        <div className="px-5 pb-4 pl-12 text-table">
          <Lines lines={order.lines} currency={order.currency} />
          {sums.length > 0 && (
            <dl className="mt-2 flex flex-wrap justify-end gap-x-6 border-t pt-2 text-muted">
              {sums.map(([label, value]) => (
                <div key={label} className="flex gap-2">
                  <dt>{label}</dt>
                  <dd className="tabular">{money(value)}</dd>
                </div>
              ))}
            </dl>
          )}
          {order.discountCodes?.length > 0 && (
            <p className="mt-2 text-right text-small text-muted">
              {t("orders.codes", { codes: order.discountCodes.join(", ") })}
            </p>
          )}
        </div>
      )}
    </li>
  );
}
