import { ChevronRight, ReceiptText } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { ordersSpec } from "@/data/customers-one";
import type { Row } from "@/data/live";
import { useArrivals, usePaged } from "@/data/paged";
import type { Order } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

const TONE: Record<Order["status"], "good" | "wait" | "bad" | "neutral"> = {
  paid: "good",
  refunded: "wait",
  cancelled: "bad",
  test: "neutral",
};

/** The customer's orders, newest first; each opens to its lines. */
export function Orders({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation("customer");
  const paged = usePaged<Order>(ordersSpec(ids), 25);
  const fresh = useArrivals(paged.rows, paged.loading);
  if (paged.error) return <ErrorState onRetry={paged.retry} />;
  if (paged.loading) return <SkeletonRows />;
  if (paged.rows.length === 0) {
    return (
      <EmptyState icon={<ReceiptText aria-hidden />} title={t("orders.empty")}>
        {t("orders.emptyBody")}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="-mx-5 border-t">
        {paged.rows.map((order) => (
          <OrderItem key={order.id} order={order} fresh={fresh.has(order.id)} />
        ))}
      </ul>
      {!paged.complete && (
        <Button
          size="sm"
          look="ghost"
          className="mt-2 w-full"
          busy={paged.more}
          onClick={() => paged.show(0, paged.rows.length - 1)}
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}

function OrderItem({ order, fresh }: { order: Row<Order>; fresh: boolean }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const money = (minor: number | null) => format.money(minor, { of: order.currency });
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
          {order.lines.length > 0 ? (
            <table className="w-full">
              <thead className="text-small text-muted">
                <tr>
                  <th className="py-1 text-left font-medium">{t("orders.product")}</th>
                  <th className="py-1 text-right font-medium">{t("orders.quantity")}</th>
                  <th className="py-1 text-right font-medium">{t("orders.price")}</th>
                </tr>
              </thead>
              <tbody>
                {order.lines.map((line, at) => (
                  <tr key={at} className="border-t">
                    <td className="py-1.5 pr-3 break-words">{line.title ?? line.productId ?? "—"}</td>
                    <td className="tabular py-1.5 text-right">{format.number(line.quantity)}</td>
                    <td className="tabular py-1.5 text-right">{money(line.price)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            <p className="text-muted">{t("orders.noLines")}</p>
          )}
          {(order.discount > 0 || order.refunded > 0) && (
            <dl className="mt-2 flex flex-wrap justify-end gap-x-6 border-t pt-2 text-muted">
              {order.discount > 0 && (
                <div className="flex gap-2">
                  <dt>{t("stats.discount")}</dt>
                  <dd className="tabular">{money(order.discount)}</dd>
                </div>
              )}
              {order.refunded > 0 && (
                <div className="flex gap-2">
                  <dt>{t("stats.refunded")}</dt>
                  <dd className="tabular">{money(order.refunded)}</dd>
                </div>
              )}
            </dl>
          )}
        </div>
      )}
    </li>
  );
}
