import { useNavigate } from "@tanstack/react-router";
import { Link2, MessageCircleQuestion, Settings2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/DropdownMenu";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { useQuery, type Row } from "@/data/live";
import type { Survey } from "@/generated/documents";
import { copyText } from "@/lib/copy";
import { useFormat } from "@/lib/useFormat";

/** Copies a link to an open survey that is signed for this customer: the answer becomes their words. */
export function SurveyLink({ customerId }: { customerId: string }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const copy = async (survey: Row<Survey>) => {
    setBusy(true);
    try {
      const { url } = await callConsole<{ url: string }>("survey.link", { surveyId: survey.id, customerId });
      const copied = await copyText(url);
      toast(
        copied
          ? { tone: "good", title: t("survey.copied", { name: survey.name }), detail: t("survey.once") }
          : { tone: "plain", title: t("survey.here", { name: survey.name }), detail: <span className="break-all">{url}</span> },
      );
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <DropdownMenu
      trigger={
        <Button size="sm" busy={busy} icon={<MessageCircleQuestion aria-hidden />} aria-label={t("survey.button")} data-action="survey-link">
          <span className="hidden sm:inline">{t("survey.button")}</span>
        </Button>
      }
    >
      <OpenSurveys onChoose={(survey) => void copy(survey)} />
    </DropdownMenu>
  );
}

/** Mounted while the menu is open: nobody who does not ask reads the surveys. */
function OpenSurveys({ onChoose }: { onChoose: (survey: Row<Survey>) => void }) {
  const { t } = useTranslation("customer");
  const navigate = useNavigate();
  const live = useQuery<Survey>({ collection: "surveys" });
  const open = (live.data ?? [])
    .filter((survey) => !survey.closed)
    .sort((left, right) => right.createdAt.toMillis() - left.createdAt.toMillis());
  return (
    <>
      <MenuLabel>
        {t(live.state === "loading" ? "survey.loading" : live.state !== "ready" ? "survey.failed" : open.length === 0 ? "survey.none" : "survey.title")}
      </MenuLabel>
      {open.map((survey) => (
        <MenuItem key={survey.id} icon={<Link2 aria-hidden />} onSelect={() => onChoose(survey)}>
          <span className="max-w-64 truncate" data-survey={survey.id}>
            {survey.name}
          </span>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<Settings2 aria-hidden />} onSelect={() => void navigate({ to: "/integrations/surveys" })}>
        {t(live.state === "ready" && open.length === 0 ? "survey.write" : "survey.all")}
      </MenuItem>
    </>
  );
}
