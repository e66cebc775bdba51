import { Link, useSearch } from "@tanstack/react-router";
import { CircleCheck, LoaderCircle, RotateCw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { useOutcome, wasRefused } from "@/data/connecting";
import { hasData, isConnectable, wasConnected } from "@/data/connections";
import { useDoc } from "@/data/live";
import type { Connection } from "@/generated/documents";
import { SampleOffer } from "@/pages/imports/SampleOffer";
import { useFormat } from "@/lib/useFormat";

import { Backfill } from "./Backfill";
import { PlatformGlyph } from "./PlatformGlyph";
import { StateBadge } from "./StateBadge";

/** Back from the platform: what became of it, and the backfill as it goes. */
export function ReturnPage() {
  const { t } = useTranslation("integrations");
  return may(useRole(), "connect") ? <Returned /> : <Denied page={t("return.title")} permission="connect" />;
}

export function Returned() {
  const { t } = useTranslation("integrations");
  const search = useSearch({ strict: false }) as Partial<Record<"state" | "connection" | "success" | "error", unknown>>;
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  const direct = text(search.connection);
  // A number in the address is read as a number by the router.
  const state = direct ? null : (text(search.state) ?? (typeof search.state === "number" ? String(search.state) : null));
  const refused = !direct && wasRefused(search);
  // Nothing comes of a refusal, so nothing is waited for.
  const outcome = useOutcome(refused ? null : state);
  const connectionId = direct ?? (outcome.state === "connected" ? outcome.connectionId : null);
  return (
    <>
      <PageHeader title={t("return.title")} trail={[{ label: t("title"), to: "/integrations" }]} />
      <div className="max-w-3xl">
        {connectionId ? (
          <Connected connectionId={connectionId} />
        ) : refused ? (
          <Problem text={t("return.refused")} kept={false} />
        ) : state === null ? (
          <Problem text={t("return.nothing")} />
        ) : outcome.state === "problem" ? (
          <ProblemOf outcome={outcome} />
        ) : (
          <Card data-state="waiting">
            <p className="flex items-center gap-3 text-body" role="status">
              <LoaderCircle className="size-5 animate-spin text-primary-ink" aria-hidden />
              {t(outcome.state === "waiting" && outcome.slow ? "return.slow" : "return.waiting")}
            </p>
          </Card>
        )}
      </div>
    </>
  );
}

function ProblemOf({ outcome }: { outcome: Extract<ReturnType<typeof useOutcome>, { state: "problem" }> }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  return <Problem text={format.text(outcome.problem) || outcome.error?.say(format.language) || t("return.expired")} />;
}

/** `kept={false}`: the text itself says that nothing was kept. */
function Problem({ text, kept = true }: { text: string; kept?: boolean }) {
  const { t } = useTranslation("integrations");
  return (
    <Card data-state="problem">
      <div className="flex flex-col items-start gap-4 sm:flex-row">
        <span className="flex size-11 shrink-0 items-center justify-center rounded-full bg-bad-soft text-bad">
          <TriangleAlert className="size-5" aria-hidden />
        </span>
        <div className="min-w-0 flex-1" role="alert">
          <h2 className="text-h3 font-semibold">{t("return.failed")}</h2>
          <p className="mt-0.5 text-body break-words text-muted">{text}</p>
          {kept && <p className="mt-1 text-small text-faint">{t("return.nothingKept")}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button look="primary" asChild>
            <Link to="/integrations/connect" data-action="retry">
              <RotateCw aria-hidden />
              {t("return.again")}
            </Link>
          </Button>
        </div>
      </div>
    </Card>
  );
}

function Connected({ connectionId }: { connectionId: string }) {
  const { t } = useTranslation("integrations");
  const { state, data: connection } = useDoc<Connection>(`connections/${connectionId}`);
  if (!connection) {
    return state === "loading" ? <Skeleton className="h-40 w-full rounded-lg" /> : <Problem text={t("return.gone")} />;
  }
  return (
    <div data-state="connected" data-connection={connectionId}>
      <SampleOffer realSeen={hasData(connection)} />
      <Card className="mb-4">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          {isConnectable(connection.platform) && <PlatformGlyph platform={connection.platform} />}
          <div className="min-w-0 flex-1 basis-56" role="status">
            <h2 className="flex flex-wrap items-center gap-2 text-h3 font-semibold">
              <CircleCheck className="size-5 text-good" aria-hidden />
              {t("return.connected", { name: connection.name })}
              <StateBadge status={connection.status} />
            </h2>
            <p className="text-table break-words text-muted">
              {t(`platform.${connection.platform}`)} · {connection.shop}
            </p>
          </div>
          <Button look="primary" asChild>
            <Link to="/integrations/$connectionId" params={{ connectionId }} data-action="open">
              {t("return.open")}
            </Link>
          </Button>
        </div>
        <p className="mt-3 text-body text-muted" data-again={wasConnected(connection) || undefined}>
          {t(wasConnected(connection) ? "return.renewed" : "return.next")}
        </p>
      </Card>
      <Backfill connection={connection} />
    </div>
  );
}
