import {
  CircleDot,
  Eye,
  FileText,
  Globe,
  type LucideIcon,
  Merge,
  MessageSquareText,
  MousePointerClick,
  PackageCheck,
  ReceiptText,
  RotateCcw,
  Search,
  ShieldCheck,
  ShoppingBag,
  ShoppingCart,
  Store,
  UserPen,
  UserPlus,
} from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Row } from "@/data/live";
import type { Event } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { usePlatformName } from "./platformName";
import type { CustomerTab } from "./tabs";

const ICON: Record<Event["kind"], LucideIcon> = {
  order: ReceiptText,
  refund: RotateCcw,
  feedback: MessageSquareText,
  visit: Globe,
  page: FileText,
  product_viewed: Eye,
  search: Search,
  cart: ShoppingCart,
  checkout: ShoppingBag,
  delivery: PackageCheck,
  click: MousePointerClick,
  signup: UserPlus,
  profile: UserPen,
  consent: ShieldCheck,
  till: Store,
  merge: Merge,
  custom: CircleDot,
};

const TONE: Partial<Record<Event["kind"], string>> = {
  order: "text-good",
  till: "text-good",
  refund: "text-wait",
  cart: "text-wait",
  feedback: "text-primary-ink",
  merge: "text-infer",
};

const OPENS: readonly (readonly [path: string, tab: CustomerTab])[] = [
  ["orders/", "orders"],
  ["feedback/", "words"],
  ["carts/", "carts"],
];

/** Details that may name a platform; every other is the sender's own word. */
const OF_PLATFORM = ["platform", "source"];

export interface EventItemProps {
  event: Row<Event>;
  fresh: boolean;
  onOpen?: (tab: CustomerTab) => void;
}

/** One thing that happened: a picture of its kind, a sentence, where, when, and what the sender said about it. */
export function EventItem({ event, fresh, onOpen }: EventItemProps) {
  const { t, i18n } = useTranslation("customer");
  const format = useFormat();
  const platformName = usePlatformName();
  const Icon = ICON[event.kind] ?? CircleDot;
  const tab = OPENS.find(([path]) => event.ref?.startsWith(path))?.[1];
  // An edit lists the names of its fields; everything else is somebody's own words or a product's name.
  const title =
    event.kind === "profile" && event.title
      ? event.title
          .split(", ")
          .map((field) => (i18n.exists(`customer:fact.${field}`) ? t(`fact.${field}`) : field))
          .join(format.language === "zh" ? "、" : ", ")
      : event.kind === "merge" && event.title
        ? platformName(event.title)
        : (event.title ?? (event.kind === "page" ? pathOf(event.url) : null));
  const sentence = title ? t(`says.${event.kind}`, { title }) : t(`say.${event.kind}`);
  const details = Object.entries(event.properties ?? {});
  return (
    <div className={cx("flex items-start gap-3 rounded-md py-2 pr-2 pl-1", fresh && "glow")}>
      <span className="flex size-7 shrink-0 items-center justify-center rounded-full border bg-surface text-muted">
        <Icon className={cx("size-3.5", TONE[event.kind])} aria-hidden />
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        {tab && onOpen ? (
          <button
            type="button"
            className="line-clamp-2 rounded-sm text-left text-table break-words hover:underline"
            onClick={() => onOpen(tab)}
          >
            {sentence}
          </button>
        ) : (
          <p className="line-clamp-2 text-table break-words">{sentence}</p>
        )}
        <p className="text-small text-faint">
          {format.time(event.at)} · {t(`through.${event.channel}`)}
        </p>
        {details.length > 0 && (
          <details className="mt-0.5 text-small text-muted">
            <summary className="w-fit cursor-pointer rounded-sm text-faint hover:text-ink">
              {t("timeline.details", { count: details.length })}
            </summary>
            <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
              {details.map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-faint">{name}</dt>
                  <dd className="break-words">{OF_PLATFORM.includes(name) ? platformName(String(value)) : String(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
      {event.amount !== null && event.amount !== undefined && (
        <p className="tabular shrink-0 pt-0.5 text-table font-medium">
          {event.kind === "refund" && "−"}
          {format.money(Math.abs(event.amount), { of: event.currency })}
        </p>
      )}
    </div>
  );
}

/** The path of an address: what a page is called when its title is not known. */
function pathOf(url: string | null | undefined): string | null {
  try {
    return url ? new URL(url).pathname : null;
  } catch {
    return null;
  }
}
