import { Check, ChevronRight, CircleAlert, CircleCheck, CircleMinus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { countsOf, THINGS, unexplained } from "@/data/connections";
import { useQuery, type Row } from "@/data/live";
import type { Connection, Drift, DriftItem } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Every comparison with the platform: what differed, why, and whether it was put right. The newest is open. */
export function DriftReports({ connection }: { connection: Row<Connection> }) {
  const { t } = useTranslation("integrations");
  const live = useQuery<Drift>({ collection: `connections/${connection.id}/drift`, orderBy: [["at", "desc"]], limit: 30 });
  const [latest, ...earlier] = live.data ?? [];
  return (
    <Card title={t("drift.title")} hint={t("drift.hint")} data-section="drift">
      {live.state === "loading" ? (
        <SkeletonRows rows={3} />
      ) : live.state !== "ready" ? (
        <ErrorState onRetry={live.retry} />
      ) : !latest ? (
        <p className="text-body text-muted">{t(connection.work === "reconcile" ? "drift.working" : "drift.first")}</p>
      ) : (
        <>
          <Verdict drift={latest} />
          <Report drift={latest} />
          {earlier.length > 0 && (
            <div className="mt-5 border-t pt-4">
              <h3 className="mb-1 text-table font-semibold">{t("drift.earlier")}</h3>
              <ul className="-mx-2">
                {earlier.map((drift) => (
                  <li key={drift.id}>
                    <details className="group rounded-md px-2 open:bg-subtle open:pb-3">
                      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-sm py-1.5 text-table [&::-webkit-details-marker]:hidden">
                        <ChevronRight className="size-4 shrink-0 text-faint transition-transform duration-150 group-open:rotate-90" aria-hidden />
                        <Verdict drift={drift} />
                      </summary>
                      <Report drift={drift} />
                    </details>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </Card>
  );
}

function Verdict({ drift }: { drift: Row<Drift> }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const differed = drift.missing + drift.stale + drift.extra;
  const uneven = differed === 0 && unexplained(drift).length > 0;
  const text =
    differed === 0
      ? t(uneven ? "drift.compared" : "drift.same")
      : drift.unrepaired > 0
        ? t("drift.open", { count: drift.unrepaired, formatted: format.number(drift.unrepaired) })
        : t("drift.repaired", { count: drift.repaired, formatted: format.number(drift.repaired) });
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 text-table">
      {drift.unrepaired > 0 ? (
        <CircleAlert className="size-4 shrink-0 text-bad" aria-hidden />
      ) : uneven ? (
        <CircleMinus className="size-4 shrink-0 text-muted" aria-hidden />
      ) : (
        <CircleCheck className="size-4 shrink-0 text-good" aria-hidden />
      )}
      <span className="min-w-0 font-medium" data-figure="drift" data-uneven={uneven || undefined}>
        {text}
      </span>
      <span className="ml-auto text-small text-faint">
        <Time at={drift.at} />
      </span>
    </span>
  );
}

const SHOWN = 10;

function Report({ drift }: { drift: Row<Drift> }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const [all, setAll] = useState(false);
  const counted = THINGS.filter((thing) => drift.counts[thing] || drift.checked[thing]);
  const items = all ? drift.items : drift.items.slice(0, SHOWN);
  const total = drift.missing + drift.stale + drift.extra;
  const uneven = unexplained(drift);
  const cell = (value: number | null | undefined) => (value === null || value === undefined ? t("drift.unsaid") : format.number(value));
  return (
    <div className="mt-3 flex flex-col gap-4">
      {counted.length > 0 && (
        <table className="w-full max-w-lg text-table">
          <thead>
            <tr className="border-b text-small text-faint">
              <th scope="col" className="py-1 text-left font-medium">
                {t("drift.thing")}
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                {t("drift.ours")}
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                {t("drift.theirs")}
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                {t("drift.checked")}
              </th>
            </tr>
          </thead>
          <tbody>
            {counted.map((thing) => {
              const { ours, theirs, setAside } = countsOf(drift)[thing] ?? {};
              return (
                <tr key={thing} className="border-b last:border-b-0" data-thing={thing}>
                  <th scope="row" className="py-1.5 text-left font-normal">
                    {t(`thing.${thing}`)}
                  </th>
                  <td className="tabular py-1.5 text-right" data-figure="ours">
                    {cell(ours)}
                  </td>
                  <td className={`tabular py-1.5 text-right ${total > 0 && uneven.includes(thing) ? "font-medium text-wait" : ""}`} data-figure="theirs">
                    {cell(theirs)}
                    {setAside ? (
                      <span className="block text-small text-faint" data-figure="set-aside">
                        {t("drift.setAside", { count: setAside, formatted: format.number(setAside) })}
                      </span>
                    ) : null}
                  </td>
                  <td className="tabular py-1.5 text-right text-muted" data-figure="checked">
                    {format.number(drift.checked[thing] ?? 0)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {total === 0 && uneven.length > 0 && (
        <p className="max-w-lg text-table text-muted" data-note="uneven">
          {t(uneven.includes("orders") ? "drift.unevenOrders" : "drift.uneven")}
        </p>
      )}
      {total > 0 && (
        <dl className="flex flex-wrap gap-x-6 gap-y-1 text-table">
          {(["missing", "stale", "extra", "repaired", "unrepaired"] as const).map((key) => (
            <div key={key} className="flex items-baseline gap-1.5">
              <dd className="tabular font-semibold" data-figure={key}>
                {format.number(drift[key])}
              </dd>
              <dt className="text-muted">{t(`drift.kind.${key}`)}</dt>
            </div>
          ))}
        </dl>
      )}
      {drift.webhooksRestored.length > 0 && (
        <p className="text-table text-muted">
          {t("drift.restored")} <span className="font-mono text-small break-all">{drift.webhooksRestored.join(", ")}</span>
        </p>
      )}
      {items.length > 0 && (
        <ul className="rounded-md border bg-surface">
          {items.map((item) => (
            <Item key={`${item.thing} ${item.externalId} ${item.field ?? ""}`} item={item} />
          ))}
        </ul>
      )}
      {drift.items.length > items.length && (
        <Button size="sm" look="ghost" className="self-start" onClick={() => setAll(true)}>
          {t("drift.all", { count: drift.items.length, formatted: format.number(drift.items.length) })}
        </Button>
      )}
      {all && total > drift.items.length && <p className="text-small text-faint">{t("drift.more", { count: total - drift.items.length })}</p>}
    </div>
  );
}

function Item({ item }: { item: DriftItem }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  return (
    <li className="flex items-start gap-3 border-b px-3 py-2 text-table last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{t(`drift.of.${item.thing}`)}</span>
          <span className="font-mono text-small break-all text-muted">{item.externalId}</span>
          <span className="text-muted">{t(`drift.kind.${item.kind}`)}</span>
        </p>
        {item.field && (
          <p className="text-small break-words text-muted">
            <span className="font-mono">{item.field}</span>: <s className="text-faint">{item.ours ?? "—"}</s> → {item.theirs ?? "—"}
          </p>
        )}
        <p className="text-small text-muted">{format.text(item.why)}</p>
      </div>
      <Badge tone={item.fixed ? "good" : "bad"} icon={item.fixed ? <Check aria-hidden /> : <CircleAlert aria-hidden />}>
        {t(item.fixed ? "drift.fixed" : "drift.notFixed")}
      </Badge>
    </li>
  );
}
