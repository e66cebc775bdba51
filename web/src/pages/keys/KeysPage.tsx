import { useNavigate, useSearch } from "@tanstack/react-router";
import { Ban, KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { useChangedIds, useQuery, type Row } from "@/data/live";
import type { WriteKey } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";
import { Cleaned } from "@/pages/cleaning/Cleaned";
import { SetAsideList } from "@/pages/cleaning/SetAsideList";
import { SubNav } from "@/pages/integrations/SubNav";

import { NewKey, type Made } from "./NewKey";
import { Snippets } from "./Snippets";

/** Keys of the tracking API, and the lines to paste. */
export function KeysPage() {
  const { t } = useTranslation("keys");
  return may(useRole(), "manageKeys") ? <Keys /> : <Denied page={t("title")} permission="manageKeys" />;
}

/** What came in by keys is kept under one name for tills and one for everything else. */
const ORIGINS = ["tracking", "pos"] as const;

function Keys() {
  const { t } = useTranslation(["keys", "integrations"]);
  const navigate = useNavigate();
  const { create } = useSearch({ strict: false }) as { create?: unknown };
  const live = useQuery<WriteKey>({ collection: "writeKeys" });
  const changed = useChangedIds(live.data);
  const [made, setMade] = useState<Made | null>(null);
  const keys = [...(live.data ?? [])].sort(
    (left, right) => Number(left.disabled) - Number(right.disabled) || right.createdAt.toMillis() - left.createdAt.toMillis(),
  );
  const asking = create !== undefined && create !== null && create !== false;
  const ask = (open: boolean) =>
    void navigate({ to: "/integrations/keys", search: open ? { create: "tracking" } : {}, replace: true });
  const add = (
    <Button look="primary" icon={<Plus aria-hidden />} data-action="create-key" onClick={() => ask(true)}>
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} trail={[{ label: t("integrations:title"), to: "/integrations" }]} actions={add} />
      <SubNav />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Card flush title={t("list")} hint={t("listHint")}>
          {live.state === "loading" ? (
            <SkeletonRows className="px-5 pb-5" rows={3} />
          ) : live.state !== "ready" ? (
            <ErrorState onRetry={live.retry} />
          ) : keys.length === 0 ? (
            <EmptyState icon={<KeyRound aria-hidden />} title={t("empty.title")} action={add}>
              {t("empty.body")}
            </EmptyState>
          ) : (
            <ul className="border-t">
              {keys.map((key) => (
                <KeyItem key={key.id} item={key} glow={changed.has(key.id)} />
              ))}
            </ul>
          )}
        </Card>
        <Snippets made={made} />
      </div>
      {ORIGINS.filter((origin) => keys.some((key) => key.connectionId === origin)).map((origin) => (
        <div key={origin} className="mt-4 grid items-start gap-4 lg:grid-cols-2">
          <Cleaned origin={origin} title={t(`cleaned.${origin}`)} />
          <SetAsideList origin={origin} title={t(`aside.${origin}`)} />
        </div>
      ))}
      {asking && <NewKey till={create === "pos"} onClose={() => ask(false)} onMade={setMade} />}
    </>
  );
}

function KeyItem({ item, glow }: { item: Row<WriteKey>; glow: boolean }) {
  const { t } = useTranslation("keys");
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const [open, setOpen] = useState(false);
  const disable = async () => {
    try {
      await callConsole("key.disable", { id: item.id });
      toast({ tone: "good", title: t("disabled", { name: item.name }) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  };
  return (
    <li className={cx("flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-5 py-3 last:border-b-0", glow && "glow")} data-key={item.id}>
      <div className={cx("min-w-0 flex-1 basis-56", item.disabled && "[&_p:first-child]:text-muted")}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-body font-medium">
          <span className="min-w-0 truncate">{item.name}</span>
          <Badge tone={item.kind === "server" ? "primary" : "neutral"}>{t(`kind.${item.kind}`)}</Badge>
          <Badge>{t(`channel.${item.channel}`)}</Badge>
          {item.disabled && <Badge tone="bad">{t("isDisabled")}</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-2 text-small text-faint">
          <span className="font-mono">{item.hint}…</span>
          <span data-figure="last-used">
            {item.lastUsedAt ? (
              <>
                {t("lastUsed")} <Time at={item.lastUsedAt} className="text-muted" />
              </>
            ) : (
              t("neverUsed")
            )}
          </span>
        </p>
        {item.kind === "browser" && (
          <p className="text-small break-words text-faint">
            {item.origins.length > 0 ? t("from", { origins: item.origins.join(", ") }) : t("fromAnywhere")}
          </p>
        )}
      </div>
      <Button size="sm" look="ghost" aria-expanded={open} data-action="taken" onClick={() => setOpen(!open)}>
        {t("leftOut")}
      </Button>
      {!item.disabled && (
        <Button size="sm" look="ghost" icon={<Ban aria-hidden />} data-action="disable-key" onClick={() => setAsking(true)}>
          {t("disable")}
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("disableTitle", { name: item.name })}
        description={t("disableBody")}
        confirmLabel={t("disable")}
        onConfirm={disable}
      />
      {open && (
        <div className="w-full">
          <Cleaned origin={item.id} title={t("leftOutTitle")} />
        </div>
      )}
    </li>
  );
}
