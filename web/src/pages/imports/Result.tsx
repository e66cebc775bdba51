import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Progress } from "@/components/ui/Progress";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { reportPages } from "@/data/imports";
import type { Row } from "@/data/live";
import type { Channel, Import } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** What became of the rows. Rows are lines of the file, the rest are records: several lines may be one order. */
export function Counts({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const { counts } = item;
  const unchanged = counts.unchanged > 0 && counts.created + counts.updated === 0;
  const taken = counts.created + counts.updated + counts.unchanged + counts.parked + counts.rejected;
  const folded = item.kind === "orders" && item.status === "done" && taken < counts.rows;
  const hinted = new Set(["repeated", "parked", "withoutCustomer", ...(folded ? ["rows"] : [])]);
  const figures = [
    { key: "rows", value: counts.rows },
    { key: "created", value: counts.created, tone: counts.created > 0 ? "text-good" : "" },
    { key: "updated", value: counts.updated },
    { key: "unchanged", value: counts.unchanged },
    { key: "customers", value: item.kind === "customers" ? 0 : counts.customers },
    { key: "rejected", value: counts.rejected, tone: counts.rejected > 0 ? "text-bad" : "" },
    { key: "repeated", value: counts.repeated },
    { key: "parked", value: counts.parked, tone: counts.parked > 0 ? "text-wait" : "" },
    { key: "withoutCustomer", value: counts.withoutCustomer },
  ].filter(({ key, value }) => value > 0 || ["rows", "created", "updated", "unchanged", "rejected"].includes(key));
  return (
    <Card
      title={t("result.title")}
      hint={item.status === "done" && unchanged ? t("result.nothingNew") : undefined}
      actions={counts.rejected > 0 && <ReportButton item={item} />}
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-5">
        {figures.map(({ key, value, tone }) => (
          <div key={key}>
            <dt className="text-small text-muted">{key === "created" ? t(`result.made.${item.kind}`) : t(`result.${key}`)}</dt>
            <dd className={cx("tabular text-h1 font-semibold", tone)}>{format.number(value)}</dd>
            {hinted.has(key) && (
              <dd className="text-small text-faint">{t(`result.${key}Hint`)}</dd>
            )}
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** The rejected rows with line and reason as a CSV file, page by page from the server. */
function ReportButton({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      // The byte order mark tells spreadsheets that the file is UTF-8.
      const parts: string[] = ["\uFEFF"];
      const page = (after: number | string | null) =>
        callConsole<{ csv: string; next: number | string | null }>("import.report", {
          importId: item.id,
          ...(after === null ? {} : { after }),
        });
      for await (const part of reportPages(page)) parts.push(part);
      const address = URL.createObjectURL(new Blob(parts, { type: "text/csv;charset=utf-8" }));
      const link = document.createElement("a");
      link.href = address;
      link.download = `${item.fileName.replace(/\.(csv|gz|txt)$/gi, "").replace(/\.csv$/i, "")}-rejected.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="sm" busy={busy} icon={<Download aria-hidden />} onClick={() => void download()}>
      {t("result.report")}
    </Button>
  );
}

/** Who could be written to now, and through what. */
export function Reachable({ item }: { item: Row<Import> }) {
  const { t } = useTranslation(["imports", "common"]);
  const format = useFormat();
  const channels = (["email", "sms", "wechat"] as const satisfies readonly Channel[]).filter(
    (channel) => item.reachable[channel] !== undefined,
  );
  const people = item.contactable;
  const most = Math.max(1, people ?? 0, ...channels.map((channel) => item.reachable[channel] ?? 0));
  return (
    <Card title={t("reach.title")} hint={t("reach.hint")}>
      <p className="text-body">
        {people === null
          ? t("reach.unknown")
          : people === 0
            ? t("reach.nobody")
            : t("reach.people", { count: people, formatted: format.number(people) })}
      </p>
      {channels.length > 0 && (
        <dl className="mt-3 flex flex-col gap-3">
          {channels.map((channel) => (
            <div key={channel} className="grid grid-cols-[96px_1fr_72px] items-center gap-3 text-table">
              <dt className="text-muted">{t(`common:channel.${channel}`)}</dt>
              <dd>
                <Progress value={(item.reachable[channel] ?? 0) / most} label={t(`common:channel.${channel}`)} />
              </dd>
              <dd className="tabular text-right font-medium">{format.number(item.reachable[channel] ?? 0)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
