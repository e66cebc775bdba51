import { Link, useParams } from "@tanstack/react-router";
import { CircleStop, FileQuestion, RotateCw } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { toast } from "@/components/ui/toast-store";
import { callConsole, ConsoleError, toConsoleError } from "@/data/console";
import { isEnded } from "@/data/imports";
import { useDoc, type Row } from "@/data/live";
import { NotTextError } from "@/data/upload";
import { stopUpload, useUpload } from "@/data/uploads";
import type { Import } from "@/generated/documents";
import { Cleaned } from "@/pages/cleaning/Cleaned";
import { SetAsideList } from "@/pages/cleaning/SetAsideList";
import { useFormat } from "@/lib/useFormat";

import { Attest } from "./Attest";
import { goOn } from "./calls";
import { Bars } from "./ImportLive";
import { Counts, Reachable } from "./Result";
import { SampleOffer } from "./SampleOffer";
import { StatusBadge } from "./StatusBadge";

export function ImportPage() {
  const { t } = useTranslation("imports");
  const { importId } = useParams({ strict: false }) as { importId: string };
  return may(useRole(), "import") ? (
    <OneImport key={importId} importId={importId} />
  ) : (
    <Denied page={t("title")} permission="import" />
  );
}

function OneImport({ importId }: { importId: string }) {
  const { t } = useTranslation("imports");
  const live = useDoc<Import>(`imports/${importId}`);
  if (live.state === "failed" || live.state === "denied") return <ErrorState onRetry={live.retry} />;
  if (live.state === "loading") return <Loading />;
  const item = live.data;
  if (!item) {
    return (
      <EmptyState
        icon={<FileQuestion aria-hidden />}
        title={t("gone.title")}
        className="min-h-96"
        action={
          <Button asChild>
            <Link to="/imports">{t("new.allImports")}</Link>
          </Button>
        }
      >
        {t("gone.body")}
      </EmptyState>
    );
  }
  return <Shown item={item} />;
}

function Shown({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const done = item.status === "done";
  return (
    <>
      <PageHeader
        title={item.fileName}
        heading={
          <span className="flex min-w-0 flex-wrap items-center gap-3">
            <span className="min-w-0 break-all">{item.fileName}</span>
            <StatusBadge item={item} />
          </span>
        }
        description={t("import.description", {
          kind: t(`kind.${item.kind}`),
          name: item.createdByName,
          time: format.dateTime(item.createdAt.toDate()),
        })}
        trail={[{ label: t("title"), to: "/imports" }]}
        actions={!isEnded(item.status) && <Cancel item={item} />}
      />
      {!item.sample && <SampleOffer realSeen={item.counts.created > 0} />}
      <div className="flex flex-col gap-4">
        {item.status === "failed" && (
          <Banner tone="bad" action={<AnotherTry />}>
            {format.text(item.error) || t("failed.body")}
          </Banner>
        )}
        {item.status === "cancelled" && <Banner action={<AnotherTry />}>{t("cancelled.body")}</Banner>}
        <Card title={t(isEnded(item.status) ? "import.way" : "import.working")}>
          <Bars item={item} />
          <UploadTrouble item={item} />
        </Card>
        {(done || item.counts.rows > 0) && <Counts item={item} />}
        {done && (
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Reachable item={item} />
            {!item.consentColumn && item.kind !== "reviews" && !item.sample && <Attest item={item} />}
          </div>
        )}
        {!item.sample && <CleaningOf item={item} />}
        <Settings item={item} />
      </div>
    </>
  );
}

/** What the rules did to this file's records; there is nothing to say before the first one came in. */
function CleaningOf({ item }: { item: Row<Import> }) {
  const role = useRole();
  if (item.status === "uploading") return null;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      {may(role, "readCleaning") && <Cleaned origin={item.id} />}
      {may(role, "readSetAside") && <SetAsideList origin={item.id} />}
    </div>
  );
}

function AnotherTry() {
  const { t } = useTranslation("imports");
  return (
    <Button asChild size="sm" icon={<RotateCw aria-hidden />}>
      <Link to="/imports/new">{t("failed.again")}</Link>
    </Button>
  );
}

/** An upload that ended early: what happened, what is safe, and the way to go on. */
function UploadTrouble({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const upload = useUpload(item.id);
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  if (upload && upload.unreadable > 0 && upload.status !== "failed") {
    return (
      <Banner tone="wait" className="mt-4">
        {t("upload.unreadable", { count: upload.unreadable, formatted: format.number(upload.unreadable) })}
      </Banner>
    );
  }
  if (item.status !== "uploading" || (upload && (upload.status === "sending" || upload.status === "sent"))) return null;
  const problem = upload?.problem;
  const choose = async (file: File) => {
    // Another file would give other parts under the same numbers.
    if (file.name !== item.fileName || (item.fileBytes !== null && file.size !== item.fileBytes)) {
      setWrong(t("upload.otherFile", { name: item.fileName }));
      return;
    }
    setWrong(null);
    try {
      await goOn(item.id, item.delimiter, file);
    } catch (error) {
      setWrong(error instanceof NotTextError ? t(`notText.${error.kind}`) : t("upload.unreadableFile"));
    }
  };
  return (
    <Banner
      tone={problem ? "bad" : "wait"}
      className="mt-4"
      action={
        problem?.kind !== "line" && (
          <Button size="sm" onClick={() => input.current?.click()}>
            {t("upload.goOn")}
          </Button>
        )
      }
    >
      {problem
        ? problem.kind === "server"
          ? problem.error instanceof ConsoleError
            ? problem.error.say(format.language)
            : t("upload.failed")
          : t(`upload.problem.${problem.kind}`, { line: problem.line })
        : t("upload.interrupted", { name: item.fileName })}
      {wrong && (
        <p role="alert" className="mt-1 text-bad">
          {wrong}
        </p>
      )}
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label={t("upload.goOn")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void choose(file);
        }}
      />
    </Banner>
  );
}

function Cancel({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const cancel = async () => {
    stopUpload(item.id);
    try {
      await callConsole("import.cancel", { importId: item.id });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  };
  return (
    <>
      <Button icon={<CircleStop aria-hidden />} onClick={() => setAsking(true)}>
        {t("cancel.button")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("cancel.title")}
        description={t(item.status === "uploading" ? "cancel.bodyUploading" : "cancel.body")}
        confirmLabel={t("cancel.button")}
        onConfirm={cancel}
      />
    </>
  );
}

/** How the file was read. */
function Settings({ item }: { item: Row<Import> }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const used = item.mapping.filter((match) => match.field);
  const ignored = item.mapping.filter((match) => !match.field);
  const facts = [
    [t("form.currency"), item.currency],
    [t("form.zone"), item.zone],
    [t("form.dateOrder"), t(`dateOrder.${item.dateOrder}`)],
    [t("import.size"), item.fileBytes === null ? "—" : format.bytes(item.fileBytes)],
  ];
  return (
    <Card title={t("import.settings")}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-table sm:grid-cols-4">
        {facts.map(([label, value]) => (
          <div key={label} className="min-w-0">
            <dt className="text-small text-faint">{label}</dt>
            <dd className="truncate">{value}</dd>
          </div>
        ))}
      </dl>
      <ul className="mt-4 flex flex-wrap gap-2 text-small">
        {used.map((match) => (
          <li key={`${match.column} ${match.field}`} className="rounded-sm bg-subtle px-2 py-1">
            <span className="font-mono">{match.column}</span> →{" "}
            {t(`field.${match.field}`, { defaultValue: match.field ?? "" })}
          </li>
        ))}
      </ul>
      {ignored.length > 0 && (
        <p className="mt-2 text-small text-faint">
          {t("import.ignored", { columns: ignored.map((match) => match.column).join(", ") })}
        </p>
      )}
    </Card>
  );
}

function Loading() {
  return (
    <div role="status" aria-busy>
      <Skeleton className="mb-2 h-7 w-72 max-w-full" />
      <Skeleton className="mb-6 h-4 w-96 max-w-full" />
      <Skeleton className="mb-4 h-32 w-full rounded-lg" />
      <Skeleton className="h-40 w-full rounded-lg" />
    </div>
  );
}
