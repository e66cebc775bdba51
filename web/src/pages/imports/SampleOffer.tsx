import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { Progress } from "@/components/ui/Progress";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { useQuery } from "@/data/live";
import { isActive, progress } from "@/data/runs";
import type { Run } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/**
 * The first thing to say once real data are in while the sample shop is still loaded: the two must not stay mixed.
 * Shows the removal's progress instead while it runs, whoever started it.
 */
export function SampleOffer({ realSeen = false }: { realSeen?: boolean }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const { shop } = useShop();
  const role = useRole();
  const [asking, setAsking] = useState(false);
  const runs = useQuery<Run>({ collection: "runs", orderBy: [["startedAt", "desc"]], limit: 10 });
  const removal = runs.data?.find((run) => run.kind === "remove_sample");
  if (removal && isActive(removal)) {
    return (
      <Banner tone="wait" className="mb-4">
        <div className="flex flex-col gap-2">
          <p>{format.text(removal.step) || t("sample.removing")}</p>
          <Progress value={progress(removal)} label={t("sample.removing")} />
        </div>
      </Banner>
    );
  }
  if (!shop?.sample || !(shop.real || realSeen)) return null;
  const remove = async () => {
    try {
      await callConsole("sample.remove");
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  };
  const allowed = may(role, "removeSample");
  return (
    <>
      <Banner
        tone="wait"
        className="mb-4"
        action={
          allowed && (
            <Button look="primary" size="sm" icon={<Trash2 aria-hidden />} onClick={() => setAsking(true)}>
              {t("sample.remove")}
            </Button>
          )
        }
      >
        <b className="font-semibold">{t("sample.title")}</b> {t(allowed ? "sample.body" : "sample.bodyOther")}
      </Banner>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("sample.confirmTitle")}
        description={t("sample.confirmBody")}
        confirmLabel={t("sample.remove")}
        typeToConfirm={t("sample.word")}
        onConfirm={remove}
      />
    </>
  );
}
