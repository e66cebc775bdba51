import { Link, useParams } from "@tanstack/react-router";
import { FlaskConical, RotateCw, Unplug } from "lucide-react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { hasData, isPolled, TILES, type TilePlatform } from "@/data/connections";
import { useDoc, useGlow, type Row } from "@/data/live";
import type { Connection } from "@/generated/documents";
import { Cleaned } from "@/pages/cleaning/Cleaned";
import { SetAsideList } from "@/pages/cleaning/SetAsideList";
import { SampleOffer } from "@/pages/imports/SampleOffer";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { Backfill } from "./Backfill";
import { ConnectionActions } from "./ConnectionActions";
import { DriftReports } from "./DriftReports";
import { Gives } from "./Gives";
import { PermittedUses } from "./PermittedUses";
import { PlatformGlyph } from "./PlatformGlyph";
import { StateBadge } from "./StateBadge";
import { Webhooks } from "./Webhooks";

/** One connected shop: how it is, what came in, what differed, and what may be done with it. */
export function ConnectionPage() {
  const { t } = useTranslation("integrations");
  const { connectionId } = useParams({ strict: false }) as { connectionId: string };
  const live = useDoc<Connection>(`connections/${connectionId}`);
  if (live.state === "failed" || live.state === "denied") return <ErrorState onRetry={live.retry} />;
  if (live.state === "loading") return <Loading />;
  if (!live.data) {
    return (
      <EmptyState
        icon={<Unplug aria-hidden />}
        title={t("gone.title")}
        className="min-h-96"
        action={
          <Button asChild>
            <Link to="/integrations">{t("gone.action")}</Link>
          </Button>
        }
      >
        {t("gone.body")}
      </EmptyState>
    );
  }
  return <Shown key={connectionId} connection={live.data} />;
}

function Shown({ connection }: { connection: Row<Connection> }) {
  const { t } = useTranslation("integrations");
  const role = useRole();
  const fed = connection.platform === "tracking" || connection.platform === "pos";
  const tile = TILES.find((platform) => platform === connection.platform) as TilePlatform | undefined;
  return (
    <div data-connection={connection.id}>
      <PageHeader
        title={connection.name}
        heading={
          <span className="flex min-w-0 flex-wrap items-center gap-3">
            {tile && <PlatformGlyph platform={tile} className="size-9" />}
            <span className="min-w-0 break-words">{connection.name}</span>
            <StateBadge status={connection.status} />
            {connection.sandbox && (
              <Badge tone="wait" icon={<FlaskConical aria-hidden />}>
                {t("connection.sandbox")}
              </Badge>
            )}
          </span>
        }
        description={`${t(`platform.${connection.platform}`)} · ${connection.shop}`}
        trail={[{ label: t("title"), to: "/integrations" }]}
        actions={may(role, "connect") && <ConnectionActions connection={connection} />}
      />
      {!fed && <SampleOffer realSeen={hasData(connection)} />}
      <Trouble connection={connection} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="flex min-w-0 flex-col gap-4">
          {!fed && <Backfill connection={connection} />}
          {!fed && <DriftReports connection={connection} />}
          {may(role, "readCleaning") && <Cleaned origin={connection.id} />}
          {may(role, "readSetAside") && <SetAsideList origin={connection.id} />}
          {!fed && !isPolled(connection.platform) && <Webhooks webhooks={connection.webhooks} />}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Facts connection={connection} />
          {connection.gives.length > 0 && (
            <Card title={t("gives.title")} data-section="gives">
              <div className="[&>div]:sm:grid-cols-1">
                <Gives gives={connection.gives} />
              </div>
            </Card>
          )}
          <PermittedUses platform={connection.platform} />
        </div>
      </div>
    </div>
  );
}

/** What is wrong, and the way out: connect again with the address filled in. */
function Trouble({ connection }: { connection: Row<Connection> }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const role = useRole();
  if (connection.status !== "attention" && connection.status !== "disconnected") return null;
  const attention = connection.status === "attention";
  return (
    <Banner
      tone={attention ? "bad" : "wait"}
      className="mb-4"
      action={
        may(role, "connect") && (
          <Button size="sm" look="primary" asChild>
            <Link to="/integrations/connect" search={{ platform: connection.platform, shop: connection.shop }} data-action="reconnect">
              <RotateCw aria-hidden />
              {t("connection.reconnect")}
            </Link>
          </Button>
        )
      }
    >
      <span data-problem={connection.status}>{format.text(connection.problem) || t(attention ? "connection.attention" : "connection.disconnected")}</span>
    </Banner>
  );
}

function Facts({ connection }: { connection: Row<Connection> }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const glow = useGlow(connection.lastEventAt?.toMillis());
  const facts: [string, React.ReactNode, string?][] = [
    [t("facts.lastEvent"), connection.lastEventAt ? <Time at={connection.lastEventAt} /> : t("tile.noEvent"), "last-event"],
    ...(isPolled(connection.platform) ? ([[t("facts.lastPoll"), <Time at={connection.lastPollAt} />, "last-poll"]] as [string, React.ReactNode, string][]) : []),
    [t("facts.reconciled"), connection.reconciledAt ? <Time at={connection.reconciledAt} /> : t("facts.never"), "reconciled"],
    [t("facts.currency"), connection.currency ?? "—"],
    [t("facts.zone"), connection.zone ?? "—"],
    [t("facts.since"), <Time at={connection.createdAt} />],
  ];
  return (
    <Card title={t("facts.title")}>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 text-table">
        {facts.map(([label, value, figure]) => (
          <div key={label} className="min-w-0">
            <dt className="text-small text-faint">{label}</dt>
            <dd className={cx("break-words", figure === "last-event" && glow && "glow")} data-figure={figure}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {connection.detectedBy && (
        <p className="mt-3 text-small text-faint">
          {t("facts.detected")} {format.text(connection.detectedBy)}
        </p>
      )}
      {connection.scopes.length > 0 && (
        <>
          <p className="mt-3 mb-1 text-small text-faint">{t("facts.scopes")}</p>
          <ul className="flex flex-wrap gap-1.5">
            {connection.scopes.map((scope) => (
              <li key={scope} className="rounded-sm bg-subtle px-1.5 py-0.5 font-mono text-micro break-all">
                {scope}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Loading() {
  return (
    <div role="status" aria-busy>
      <Skeleton className="mb-2 h-8 w-72 max-w-full" />
      <Skeleton className="mb-6 h-4 w-96 max-w-full" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <Skeleton className="h-56 w-full rounded-lg" />
        <Skeleton className="h-56 w-full rounded-lg" />
      </div>
    </div>
  );
}
