import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { NotYet } from "@/components/figures/FiguresPage";
import { Info } from "@/components/figures/Info";
import { Interval } from "@/components/figures/Interval";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { byMove } from "@/data/emotions";
import type { ProductMood } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import type { Open } from "./EmotionsPage";

const FEW = 8;

/** Products whose words moved: the last 30 days against the 90 before; each opens what was written. */
export function Products({ products, onOpen }: { products: readonly ProductMood[]; onOpen: (open: Open) => void }) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  const [all, setAll] = useState(false);
  const sorted = useMemo(() => byMove(products), [products]);
  const points = (value: number) => format.number(value * 100, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  return (
    <Card
      id="products"
      className="scroll-mt-20"
      title={
        <>
          {t("products.title")} <Info about={t("products.title")}>{t("products.made")}</Info>
        </>
      }
      hint={t("products.hint")}
    >
      {sorted.length === 0 ? (
        <NotYet>{t("products.none")}</NotYet>
      ) : (
        <ul className="-mx-2 flex flex-col">
          {sorted.slice(0, all ? undefined : FEW).map((product) => {
            const move = product.before === null || product.recent === null ? null : product.recent - product.before;
            const Arrow = move === null || Math.abs(move) < 0.005 ? ArrowRight : move > 0 ? ArrowUpRight : ArrowDownRight;
            return (
              <li key={product.productId} className="border-b last:border-0">
                <button
                  type="button"
                  onClick={() => onOpen({ cell: { kind: "product", productId: product.productId }, title: product.title })}
                  className="grid w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-1 rounded-md px-2 py-2 text-left text-table hover:bg-subtle md:grid-cols-[minmax(0,2fr)_minmax(120px,1fr)_56px_200px]"
                >
                  <span className="min-w-0">
                    <span className="line-clamp-2 font-medium">{product.title}</span>
                    <span className="block text-small text-faint">{t("heat.textsOf", { count: product.n, number: format.number(product.n) })}</span>
                  </span>
                  <Interval
                    value={product.sentiment}
                    low={product.low}
                    high={product.high}
                    from={-1}
                    to={1}
                    line={0}
                    tone="infer"
                    label={t("sentiment.label", { value: points(product.sentiment), low: points(product.low), high: points(product.high) })}
                    className="order-last col-span-2 md:order-none md:col-span-1"
                  />
                  <span className="tabular hidden text-right font-semibold text-infer md:block">{points(product.sentiment)}</span>
                  <span className={cx("tabular inline-flex items-center justify-end gap-1 text-right text-small", move === null ? "text-faint" : move < -0.005 ? "text-bad" : move > 0.005 ? "text-good" : "text-muted")}>
                    {move === null ? (
                      t("products.noBefore")
                    ) : (
                      <>
                        <Arrow className="size-3.5 shrink-0" aria-hidden />
                        {t("products.move", { before: points(product.before ?? 0), recent: points(product.recent ?? 0) })}
                      </>
                    )}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {sorted.length > FEW && (
        <Button size="sm" look="ghost" className="mt-2" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("heat.fewer") : t("heat.all", { count: sorted.length })}
        </Button>
      )}
    </Card>
  );
}
