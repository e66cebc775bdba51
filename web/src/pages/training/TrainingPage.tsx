import { Link } from "@tanstack/react-router";
import { History, RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { toast } from "@/components/ui/toast-store";
import { Tooltip } from "@/components/ui/Tooltip";
import { callConsole, toConsoleError } from "@/data/console";
import { useTraining, useTrainingEffects } from "@/data/training";
import { useFormat } from "@/lib/useFormat";

import { LastRun } from "./Effects";
import { TrainingForm } from "./TrainingForm";

/** How customers are grouped and models trained: the settings, what each did in the last run, and retraining. */
export function TrainingPage() {
  const { t } = useTranslation("training");
  return may(useRole(), "pinSegments") ? <Settings /> : <Denied page={t("title")} permission="pinSegments" />;
}

function Settings() {
  const { t } = useTranslation("training");
  const format = useFormat();
  const governs = may(useRole(), "train");
  const settings = useTraining();
  const effects = useTrainingEffects();
  const [asking, setAsking] = useState(false);
  const [runId, setRunId] = useState<string | null>(null);
  const [dirty, setDirty] = useState(false);
  const retrain = async () => {
    setAsking(true);
    try {
      setRunId((await callConsole<{ runId: string }>("model.train")).runId);
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setAsking(false);
    }
  };
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          governs && (
            <>
              <Tooltip content={t("rollBackHint")}>
                <Button asChild>
                  <Link to="/predictions">
                    <History aria-hidden />
                    {t("rollBack")}
                  </Link>
                </Button>
              </Tooltip>
              <Tooltip content={t("retrainMade")}>
                <Button look="primary" busy={asking} icon={<RefreshCw aria-hidden />} onClick={() => void retrain()}>
                  {t("retrain")}
                </Button>
              </Tooltip>
            </>
          )
        }
      />
      <div className="flex flex-col gap-5">
        {runId && (
          <Banner
            action={
              <Button size="sm" asChild>
                <Link to="/runs">{t("toRun")}</Link>
              </Button>
            }
          >
            {t("underWay")} {dirty && t("underWayUnsaved")}
          </Banner>
        )}
        {effects.state === "ready" && effects.data === null && <Banner>{t("noRun")}</Banner>}
        {(effects.state === "failed" || effects.state === "denied") && <Banner tone="wait">{t("effectsFailed")}</Banner>}
        {settings.state === "loading" ? (
          <div className="grid gap-5 xl:grid-cols-2" role="status" aria-busy>
            <Skeleton className="h-96 w-full rounded-lg" />
            <Skeleton className="h-96 w-full rounded-lg" />
            <Skeleton className="h-96 w-full rounded-lg" />
            <Skeleton className="h-96 w-full rounded-lg" />
          </div>
        ) : settings.state !== "ready" ? (
          <Card>
            <ErrorState onRetry={settings.retry} />
          </Card>
        ) : (
          <>
            <p className="text-small text-faint">
              {settings.data?.updatedAt ? (
                <>
                  {t("savedAt")} <Time at={settings.data.updatedAt} />
                </>
              ) : (
                t("notSaved")
              )}
            </p>
            <LastRun value={effects.state === "ready" ? effects.data : null}>
              <TrainingForm held={settings.data} governs={governs} onDirty={setDirty} />
            </LastRun>
          </>
        )}
      </div>
    </>
  );
}
