import { ExternalLink, ShoppingCart } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { EmptyState } from "@/components/ui/EmptyState";
import { Time } from "@/components/ui/Time";
import { cartsSpec } from "@/data/customers-one";
import type { Row } from "@/data/live";
import type { Cart } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { Lines } from "./Lines";
import { PagedList } from "./PagedList";

const TONE: Record<Cart["status"], "primary" | "wait" | "good"> = {
  open: "primary",
  abandoned: "wait",
  recovered: "good",
};

/** Checkouts that were begun, newest first. */
export function Carts({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation("customer");
  return (
    <PagedList<Cart>
      spec={cartsSpec(ids)}
      size={20}
      className="flex flex-col gap-3"
      empty={
        <EmptyState icon={<ShoppingCart aria-hidden />} title={t("carts.empty")}>
          {t("carts.emptyBody")}
        </EmptyState>
      }
    >
      {(cart, fresh) => <CartItem key={cart.id} cart={cart} fresh={fresh} />}
    </PagedList>
  );
}

function CartItem({ cart, fresh }: { cart: Row<Cart>; fresh: boolean }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  return (
    <li className={cx("rounded-md border p-4 text-table", fresh && "glow")}>
      <p className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={TONE[cart.status]}>{t(`carts.status.${cart.status}`)}</Badge>
        <span className="text-small text-faint">{t(`platform.${cart.platform}`)}</span>
        <Time at={cart.at} className="text-small text-faint" />
        <span className="tabular ml-auto font-medium">{format.money(cart.total, { of: cart.currency })}</span>
      </p>
      <Lines lines={cart.lines} currency={cart.currency} />
      {cart.url && /^https:\/\//.test(cart.url) && (
        <a
          href={cart.url}
          target="_blank"
          rel="noreferrer"
          className="mt-2 inline-flex items-center gap-1.5 rounded-sm text-primary-ink hover:underline [&_svg]:size-3.5"
        >
          <ExternalLink aria-hidden />
          {t("carts.open")}
        </a>
      )}
    </li>
  );
}
