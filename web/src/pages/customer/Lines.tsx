import { useTranslation } from "react-i18next";

import type { OrderLine } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** The products of an order or a cart. */
export function Lines({ lines, currency }: { lines: readonly OrderLine[]; currency: string }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  if (lines.length === 0) return <p className="text-muted">{t("orders.noLines")}</p>;
  return (
    <table className="w-full">
      <thead className="text-small text-muted">
        <tr>
          <th className="py-1 text-left font-medium">{t("orders.product")}</th>
          <th className="py-1 text-right font-medium">{t("orders.quantity")}</th>
          <th className="py-1 text-right font-medium">{t("orders.price")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          <tr key={at} className="border-t">
            <td className="py-1.5 pr-3 break-words">{line.title ?? line.productId ?? "—"}</td>
            <td className="tabular py-1.5 text-right">{format.number(line.quantity)}</td>
            <td className="tabular py-1.5 text-right">{format.money(line.price, { of: currency })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
