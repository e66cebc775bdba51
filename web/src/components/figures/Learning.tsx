import { useTranslation } from "react-i18next";

import { Progress } from "@/components/ui/Progress";
import { progress, useLearning } from "@/data/runs";
import { useFormat } from "@/lib/useFormat";

/** Why figures are not here yet: the learning job waits or is at work, with how far it is; or when it will be. */
export function NotLearned() {
  const { t } = useTranslation("figures");
  return useLearning() ? <Learning /> : t("notYetBody");
}

/** The learning job while it waits or is at work, with how far it is; nothing while there is none. */
export function Learning() {
  const { t } = useTranslation("figures");
  const format = useFormat();
  const run = useLearning();
  if (!run) return null;
  const share = progress(run);
  const text = run.status === "queued" ? t("learning.queued") : share === null ? t("learning.running") : t("learning.share", { share: format.percent(share, 0) });
  return (
    <div className="mt-2 flex flex-col gap-1.5" aria-live="polite">
      <span>{text}</span>
      <Progress value={run.status === "queued" ? null : share} label={t("learning.running")} />
    </div>
  );
}
