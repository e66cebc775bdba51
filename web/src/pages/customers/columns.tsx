import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { Mail, MessageSquare, Smartphone } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { Avatar } from "@/components/ui/Avatar";
import { Badge } from "@/components/ui/Badge";
import { Checkbox } from "@/components/ui/Checkbox";
import { Time } from "@/components/ui/Time";
import { Tooltip } from "@/components/ui/Tooltip";
import { COLUMN_SORT, effectiveSegment, stageOf, type Column } from "@/data/customers";
import { countryName, languageName } from "@/data/customers-names";
import type { Row } from "@/data/live";
import type { Customer, Reach, Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

export const LIFECYCLE_TONE: Record<Customer["lifecycleStage"], "neutral" | "primary" | "good" | "wait" | "bad"> = {
  lead: "neutral",
  new: "primary",
  active: "good",
  loyal: "good",
  "at risk": "wait",
  lost: "bad",
  "won back": "primary",
};

const REACH_ICON = { email: Mail, sms: Smartphone, wechat: MessageSquare };

/** Small pictures of the channels that could be used now; says "none" in words. */
export function ReachIcons({ reach }: { reach: Reach }) {
  const { t } = useTranslation("common");
  const usable = (["email", "sms", "wechat"] as const).filter((channel) => reach[channel]);
  if (usable.length === 0) return <span className="text-faint">{t("none")}</span>;
  return (
    <span className="flex items-center gap-1.5">
      {usable.map((channel) => {
        const Icon = REACH_ICON[channel];
        return (
          <Tooltip key={channel} content={t(`channel.${channel}`)}>
            <span className="flex">
              <Icon className="size-4 text-muted" aria-hidden />
              <span className="sr-only">{t(`channel.${channel}`)}</span>
            </span>
          </Tooltip>
        );
      })}
    </span>
  );
}

type Def = ColumnDef<Row<Customer>, unknown>;

export interface Choosing {
  ids: ReadonlySet<string>;
  /** Every row on the page is chosen, some are, or none is. */
  page: boolean | "indeterminate";
  onRow: (id: string, chosen: boolean) => void;
  onPage: (chosen: boolean) => void;
}

/** Every column of the customer table; which are shown is the table's `visibility`. With boxes where rows may be chosen. */
export function useCustomerColumns(segments: ReadonlyMap<string, Segment>, choosing: Choosing | null): Def[] {
  const { t } = useTranslation(["customers", "customer"]);
  const format = useFormat();
  const { active } = useShop();
  return useMemo(() => {
    const column = (id: Column, cell: (row: Row<Customer>) => React.ReactNode, meta: Def["meta"] = {}): Def => ({
      id,
      header: t(`column.${id}`),
      cell: ({ row }) => cell(row.original),
      meta: { ...meta, ...(COLUMN_SORT[id] ? { sort: COLUMN_SORT[id] } : {}), label: t(`column.${id}`) },
    });
    const boxes: Def[] = choosing
      ? [
          {
            id: "choose",
            header: () => <Checkbox aria-label={t("bulk.page")} checked={choosing.page} onChange={choosing.onPage} />,
            cell: ({ row: { original } }) => (
              <Checkbox
                aria-label={t("bulk.row", { name: original.displayName ?? t("nameless") })}
                checked={choosing.ids.has(original.id)}
                onChange={(chosen) => choosing.onRow(original.id, chosen)}
              />
            ),
            meta: { width: "20px", phone: "hidden" },
          },
        ]
      : [];
    return [
      ...boxes,
      {
        id: "name",
        header: t("column.name"),
        cell: ({ row: { original } }) => <NameCell customer={original} />,
        meta: { sort: "displayName", width: "minmax(200px, 2fr)", phone: "title" },
      },
      column(
        "segment",
        (row) => {
          const id = effectiveSegment(row.segment, active ?? 0);
          const segment = id ? segments.get(id) : undefined;
          return segment ? (
            <Badge tone="infer" className="max-w-full [&>*:last-child]:truncate">
              <span>{format.text(segment.name)}</span>
            </Badge>
          ) : (
            <span className="text-faint">{row.stats.orders === 0 && row.profiling !== "opted out" ? t("notEnough") : "—"}</span>
          );
        },
        { width: "minmax(140px, 1.4fr)" },
      ),
      column("lifecycle", (row) => {
        const stage = stageOf(row);
        return stage ? (
          <Badge tone={LIFECYCLE_TONE[stage]}>{t(`lifecycle.${stage}`)}</Badge>
        ) : (
          <span className="text-faint">—</span>
        );
      }),
      column("orders", (row) => format.number(row.stats.orders), { align: "right", width: "minmax(72px, 0.6fr)" }),
      // Nothing but orders without a rate: the sum is not known, which is not the same as nothing.
      column("revenue", (row) => format.money(row.stats.orders > 0 && row.stats.unconverted >= row.stats.orders ? null : row.stats.revenue), {
        align: "right",
      }),
      column("average", (row) => format.money(row.stats.averageOrder), { align: "right" }),
      column("lastOrder", (row) => format.date(row.stats.lastOrderAt?.toDate()), {
        align: "right",
        width: "minmax(110px, 1fr)",
      }),
      column("country", (row) => (row.country ? countryName(row.country, format.language) : "—"), {
        width: "minmax(110px, 1fr)",
      }),
      column("language", (row) => (row.language ? languageName(row.language, format.language) : "—")),
      column("platform", (row) => t(`customer:platform.${row.platform}`)),
      column("reach", (row) => <ReachIcons reach={row.reach} />, { width: "minmax(72px, 0.7fr)" }),
      column(
        "rating",
        (row) =>
          row.stats.rated > 0
            ? format.number(row.stats.ratingSum / row.stats.rated, { maximumFractionDigits: 1 })
            : "—",
        { align: "right", width: "minmax(72px, 0.6fr)" },
      ),
      column("tags", (row) => [...row.tags.manual, ...(row.tags.source ?? [])].join(", ") || "—"),
      column(
        "autoTags",
        (row) => row.tags.auto.map((tag) => t(`customer:autoTag.${tag.tag}`, { defaultValue: tag.tag })).join(", ") || "—",
      ),
      column("updated", (row) => <Time at={row.updatedAt.toDate()} />, { align: "right" }),
    ];
  }, [t, format, active, segments, choosing]);
}

function NameCell({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customers");
  const under = customer.maskedEmail ?? customer.maskedPhone ?? customer.externalId;
  const name = customer.displayName ?? t("nameless");
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={customer.displayName} />
      <span className="min-w-0">
        <Link
          to="/customers/$customerId"
          params={{ customerId: customer.id }}
          className="block truncate rounded-sm font-medium hover:underline"
          tabIndex={-1}
        >
          {name}
        </Link>
        {under && under !== name && <span className="block truncate text-small text-faint">{under}</span>}
      </span>
    </span>
  );
}
