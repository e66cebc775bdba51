import { Link } from "@tanstack/react-router";
import { Plug, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { CONNECTIONS, hasData, TILES } from "@/data/connections";
import { useQuery } from "@/data/live";
import type { Connection, Import, WriteKey } from "@/generated/documents";
import { SampleOffer } from "@/pages/imports/SampleOffer";

import { FileTile, KeyTile, ShopTile } from "./Tiles";
import { SubNav } from "./SubNav";

/** Where the data come from: one tile a platform, with its state, its last news and what it does not give. */
export function IntegrationsPage() {
  const { t } = useTranslation("integrations");
  const role = useRole();
  const live = useQuery<Connection>(CONNECTIONS);
  const keys = useQuery<WriteKey>(may(role, "manageKeys") ? { collection: "writeKeys" } : null);
  const imports = useQuery<Import>(
    may(role, "import") ? { collection: "imports", orderBy: [["createdAt", "desc"]], limit: 1 } : null,
  );
  const connections = live.data ?? [];
  const connect = may(role, "connect");
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          connect && (
            <Button look="primary" asChild>
              <Link to="/integrations/connect" data-action="connect">
                <Plus aria-hidden />
                {t("connect.open")}
              </Link>
            </Button>
          )
        }
      />
      <SubNav />
      <SampleOffer realSeen={connections.some(hasData)} />
      {live.state === "failed" || live.state === "denied" ? (
        <ErrorState onRetry={live.retry} />
      ) : (
        <>
          {live.state === "ready" && connections.length === 0 && <Empty connect={connect} />}
          <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3" aria-busy={live.state === "loading"}>
            {TILES.map((platform) => {
              if (live.state === "loading") return <TileSkeleton key={platform} />;
              const shops = connections
                .filter((connection) => connection.platform === platform)
                .sort((left, right) => left.name.localeCompare(right.name));
              if (platform === "csv") return <FileTile key={platform} last={imports.data?.[0] ?? null} />;
              if (platform === "tracking" || platform === "pos") {
                return <KeyTile key={platform} platform={platform} shops={shops} keys={keys.data ?? null} />;
              }
              return <ShopTile key={platform} platform={platform} shops={shops} />;
            })}
          </ul>
        </>
      )}
    </>
  );
}

/** A new shop: what this is for, and the one thing to do. */
function Empty({ connect }: { connect: boolean }) {
  const { t } = useTranslation("integrations");
  return (
    <section
      data-state="empty"
      className="mb-4 flex flex-col items-start gap-4 rounded-lg border border-primary/25 bg-primary-soft p-5 sm:flex-row sm:items-center"
    >
      <span className="flex size-12 shrink-0 items-center justify-center rounded-full bg-surface text-primary-ink">
        <Plug className="size-6" strokeWidth={1.75} aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="text-h3 font-semibold">{t("empty.title")}</h2>
        <p className="text-body text-muted">{t(connect ? "empty.body" : "empty.bodyOther")}</p>
      </div>
      {connect && (
        <Button look="primary" asChild>
          <Link to="/integrations/connect">{t("connect.open")}</Link>
        </Button>
      )}
    </section>
  );
}

function TileSkeleton() {
  return (
    <li className="flex flex-col gap-3 rounded-lg border bg-surface p-5 shadow-card" role="status" aria-busy>
      <div className="flex items-center gap-3">
        <Skeleton className="size-11 rounded-md" />
        <Skeleton className="h-5 w-32" />
      </div>
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="mt-4 h-8 w-24 rounded-md" />
    </li>
  );
}
