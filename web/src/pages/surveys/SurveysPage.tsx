import { Link2, MessageCircleQuestion, PencilLine, Plus, SquareX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

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
import type { Survey } from "@/generated/documents";
import { copyText } from "@/lib/copy";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";
import { SubNav } from "@/pages/integrations/SubNav";

import { SurveyDialog } from "./SurveyDialog";

/** Hosted pages with one question: the customers' words that no platform hands over. */
export function SurveysPage() {
  const { t } = useTranslation(["surveys", "integrations"]);
  const role = useRole();
  const live = useQuery<Survey>({ collection: "surveys" });
  const changed = useChangedIds(live.data);
  const [editing, setEditing] = useState<Row<Survey> | "new" | null>(null);
  const edit = may(role, "editSurveys");
  const surveys = [...(live.data ?? [])].sort(
    (left, right) => Number(left.closed) - Number(right.closed) || right.createdAt.toMillis() - left.createdAt.toMillis(),
  );
  const add = edit && (
    <Button look="primary" icon={<Plus aria-hidden />} data-action="create-survey" onClick={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} trail={[{ label: t("integrations:title"), to: "/integrations" }]} actions={add} />
      <SubNav />
      {edit && <p className="mb-3 text-table text-muted">{t("anonymous")}</p>}
      <Card flush>
        {live.state === "loading" ? (
          <SkeletonRows className="p-5" rows={3} />
        ) : live.state !== "ready" ? (
          <ErrorState onRetry={live.retry} />
        ) : surveys.length === 0 ? (
          <EmptyState icon={<MessageCircleQuestion aria-hidden />} title={t("empty.title")} action={add}>
            {t(edit ? "empty.body" : "empty.bodyOther")}
          </EmptyState>
        ) : (
          <ul>
            {surveys.map((survey) => (
              <SurveyItem key={survey.id} survey={survey} edit={edit} glow={changed.has(survey.id)} onEdit={() => setEditing(survey)} />
            ))}
          </ul>
        )}
      </Card>
      {editing && <SurveyDialog survey={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}

function SurveyItem({ survey, edit, glow, onEdit }: { survey: Row<Survey>; edit: boolean; glow: boolean; onEdit: () => void }) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const link = async () => {
    setBusy(true);
    try {
      const { url } = await callConsole<{ url: string }>("survey.link", { surveyId: survey.id });
      const copied = await copyText(url);
      toast(copied ? { tone: "good", title: t("copied"), detail: url } : { tone: "plain", title: t("here"), detail: url });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };
  const close = async () => {
    try {
      await callConsole("survey.close", { surveyId: survey.id });
      toast({ tone: "good", title: t("closed", { name: survey.name }) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  };
  return (
    <li className={cx("flex flex-wrap items-center gap-x-5 gap-y-2 border-b px-5 py-4 last:border-b-0", glow && "glow")} data-survey={survey.id}>
      <div className={cx("min-w-0 flex-1 basis-64", survey.closed && "[&_p:first-child]:text-muted")}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-body font-medium">
          <span className="min-w-0 truncate">{survey.name}</span>
          <Badge>{t(`kind.${survey.kind}`)}</Badge>
          <Badge tone={survey.closed ? "neutral" : "good"}>{t(survey.closed ? "isClosed" : "isOpen")}</Badge>
        </p>
        <p className="text-table text-muted">{format.text(survey.question)}</p>
        <p className="text-small text-faint">
          {t("since")} <Time at={survey.createdAt} />
        </p>
      </div>
      <div className="text-right">
        <p className="tabular text-h2 font-semibold" data-figure="answers">
          {format.number(survey.answers)}
        </p>
        <p className="text-small text-faint">{t("answers", { count: survey.answers })}</p>
      </div>
      {edit && (
        <div className="flex flex-wrap gap-2">
          {!survey.closed && (
            <Button size="sm" busy={busy} icon={<Link2 aria-hidden />} data-action="copy-link" onClick={() => void link()}>
              {t("copyLink")}
            </Button>
          )}
          <Button size="sm" look="ghost" icon={<PencilLine aria-hidden />} data-action="edit-survey" onClick={onEdit}>
            {t("edit")}
          </Button>
          {!survey.closed && (
            <Button size="sm" look="ghost" icon={<SquareX aria-hidden />} data-action="close-survey" onClick={() => setAsking(true)}>
              {t("close")}
            </Button>
          )}
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("closeTitle", { name: survey.name })}
        description={t("closeBody")}
        confirmLabel={t("close")}
        onConfirm={close}
      />
    </li>
  );
}
