import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, FileUp, KeyRound, Plug } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Progress } from "@/components/ui/Progress";
import { Time } from "@/components/ui/Time";
import { driftOf, keysOf, lacks, latest, stateOf, stepsOf, type Connectable, type TilePlatform } from "@/data/connections";
import { useChangedIds, type Row } from "@/data/live";
import type { Connection, Import, WriteKey } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { PlatformGlyph } from "./PlatformGlyph";
import { StateBadge, type TileState } from "./StateBadge";

interface TileProps {
  platform: TilePlatform;
  state: TileState;
  /** What it is, in one line. */
  what: ReactNode;
  lacking: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}

function Tile({ platform, state, what, lacking, children, action }: TileProps) {
  const { t } = useTranslation("integrations");
  return (
    <li
      data-platform={platform}
      data-state={state}
      className={cx("flex min-w-0 flex-col rounded-lg border bg-surface p-5 shadow-card", state === "attention" && "border-bad/40")}
    >
      <div className="flex items-start gap-3">
        <PlatformGlyph platform={platform} />
        <div className="min-w-0 flex-1">
          <h2 className="text-h3 font-semibold">{t(`platform.${platform}`)}</h2>
          <p className="text-small text-muted">{what}</p>
        </div>
        <StateBadge status={state} />
      </div>
      {children && <div className="mt-4 flex flex-col gap-2">{children}</div>}
      <div className="mt-4 mb-4 text-table">
        <p className="text-small font-medium text-faint">{t("tile.lacks")}</p>
        <p className="text-muted" data-figure="lacks">
          {lacking}
        </p>
      </div>
      {action && <div className="mt-auto flex flex-wrap gap-2">{action}</div>}
    </li>
  );
}

/** Things as one sentence: only its first word keeps the capital that each has at the head of a row. */
const sentence = (things: readonly string[], language: "en" | "zh"): string =>
  new Intl.ListFormat(language, { type: "conjunction" }).format(
    things.map((thing, at) => (at === 0 ? thing : thing.charAt(0).toLocaleLowerCase(language) + thing.slice(1))),
  );

/** A platform that the wizard connects, with the shops that are connected. */
export function ShopTile({ platform, shops }: { platform: Connectable; shops: Row<Connection>[] }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const role = useRole();
  const changed = useChangedIds(shops);
  const state = stateOf(shops) ?? "none";
  const gives = shops.find((shop) => shop.gives.length > 0)?.gives ?? [];
  const missing = sentence(
    lacks(gives).map((each) => (each.given === "partly" ? t("tile.partly", { thing: t(`thing.${each.thing}`) }) : t(`thing.${each.thing}`))),
    format.language,
  );
  return (
    <Tile
      platform={platform}
      state={state}
      what={t(`what.${platform}`)}
      lacking={missing || t(`lacks.${platform}`)}
      action={
        may(role, "connect") && (
          <Button size="sm" look={shops.length === 0 ? "primary" : "secondary"} asChild>
            <Link to="/integrations/connect" search={{ platform }} data-action="connect">
              <Plug aria-hidden />
              {t(shops.length === 0 ? "tile.connect" : "tile.another")}
            </Link>
          </Button>
        )
      }
    >
      {shops.length > 0 && (
        <>
          <ul className="flex flex-col gap-1.5">
            {shops.map((shop) => (
              <li key={shop.id}>
                <ShopLine shop={shop} alone={shops.length === 1} glow={changed.has(shop.id)} />
              </li>
            ))}
          </ul>
          <DriftLine shops={shops} />
        </>
      )}
    </Tile>
  );
}

function ShopLine({ shop, alone, glow }: { shop: Row<Connection>; alone: boolean; glow: boolean }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const now = stepsOf(shop).find((step) => step.now);
  return (
    <Link
      to="/integrations/$connectionId"
      params={{ connectionId: shop.id }}
      data-connection={shop.id}
      className={cx("block rounded-md border px-3 py-2 transition-colors duration-150 hover:border-primary hover:bg-subtle", glow && "glow")}
    >
      <span className="flex items-center justify-between gap-3">
        <span className="min-w-0 truncate text-body font-medium">{shop.name}</span>
        {!alone && <StateBadge status={shop.status} />}
      </span>
      <span className="flex flex-wrap justify-between gap-x-3 text-small text-faint">
        <span className="min-w-0 truncate">{shop.shop}</span>
        <span data-figure="last-event">
          {shop.lastEventAt ? (
            <>
              {t("tile.lastEvent")} <Time at={shop.lastEventAt} className="text-muted" />
            </>
          ) : (
            t("tile.noEvent")
          )}
        </span>
      </span>
      {shop.status === "attention" && (
        <span className="mt-1 block text-small text-bad">{format.text(shop.problem) || t("connection.attention")}</span>
      )}
      {now && (
        <span className="mt-1.5 block">
          <span className="mb-1 block text-small text-muted">{t("tile.reading", { thing: t(`thing.${now.thing}`) })}</span>
          <Progress value={now.share} label={t("tile.reading", { thing: t(`thing.${now.thing}`) })} />
        </span>
      )}
    </Link>
  );
}

function DriftLine({ shops }: { shops: readonly Connection[] }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const drift = driftOf(shops);
  const at = latest(shops.map((shop) => shop.drift?.at));
  if (!drift) return <p className="text-small text-faint">{t("drift.never")}</p>;
  const open = drift.open > 0;
  return (
    <p className="flex items-center gap-1.5 text-small text-muted">
      {open ? <CircleAlert className="size-3.5 shrink-0 text-bad" aria-hidden /> : <CircleCheck className="size-3.5 shrink-0 text-good" aria-hidden />}
      <span data-figure="drift">
        {drift.differed === 0
          ? // No numbers of the whole stand here: only what was compared is spoken of.
            t("drift.compared")
          : open
            ? t("drift.open", { count: drift.open, formatted: format.number(drift.open) })
            : t("drift.repaired", { count: drift.repaired, formatted: format.number(drift.repaired) })}
        {at && (
          <>
            {" · "}
            <Time at={at} className="text-faint" />
          </>
        )}
      </span>
    </p>
  );
}

/** The website's and the till's tile: they are fed by keys, which only some roles may see. */
export function KeyTile({ platform, shops, keys }: { platform: "tracking" | "pos"; shops: Row<Connection>[]; keys: Row<WriteKey>[] | null }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const role = useRole();
  const own = keys ? keysOf(platform, keys).filter((key) => !key.disabled) : [];
  const last = latest([...own.map((key) => key.lastUsedAt), ...shops.map((shop) => shop.lastEventAt)]);
  const manage = may(role, "manageKeys");
  return (
    <Tile
      platform={platform}
      state={last ? "active" : (stateOf(shops) ?? (own.length > 0 ? "waiting" : "none"))}
      what={t(`what.${platform}`)}
      lacking={t(`lacks.${platform}`)}
      action={
        manage && (
          <Button size="sm" look={own.length === 0 ? "primary" : "secondary"} asChild>
            <Link to="/integrations/keys" search={own.length === 0 ? { create: platform } : {}} data-action="keys">
              <KeyRound aria-hidden />
              {t(own.length === 0 ? "tile.key" : "tile.keys")}
            </Link>
          </Button>
        )
      }
    >
      {(own.length > 0 || last) && (
        <p className="text-table text-muted">
          {own.length > 0 && <span data-figure="keys">{t("tile.keyCount", { count: own.length, formatted: format.number(own.length) })}</span>}
          {own.length > 0 && " · "}
          <span data-figure="last-event">
            {last ? (
              <>
                {t("tile.lastEvent")} <Time at={last} />
              </>
            ) : (
              t("tile.noEvent")
            )}
          </span>
        </p>
      )}
      {shops.map((shop) => (
        <ShopLine key={shop.id} shop={shop} alone glow={false} />
      ))}
    </Tile>
  );
}

/** Files are a platform too: everything that no connector reaches comes in by them. */
export function FileTile({ last }: { last: Row<Import> | null }) {
  const { t } = useTranslation("integrations");
  const role = useRole();
  return (
    <Tile
      platform="csv"
      state="ready"
      what={t("what.csv")}
      lacking={t("lacks.csv")}
      action={
        may(role, "import") && (
          <>
            <Button size="sm" asChild>
              <Link to="/imports/new" data-action="import">
                <FileUp aria-hidden />
                {t("tile.import")}
              </Link>
            </Button>
            <Button size="sm" look="ghost" asChild>
              <Link to="/imports">{t("tile.imports")}</Link>
            </Button>
          </>
        )
      }
    >
      {last && (
        <p className="min-w-0 truncate text-table text-muted" data-figure="last-event">
          {t("tile.lastFile")} <Time at={last.createdAt} /> · {last.fileName}
        </p>
      )}
    </Tile>
  );
}
