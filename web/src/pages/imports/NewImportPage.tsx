import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { useShop } from "@/app/shop";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { PageHeader } from "@/components/ui/PageHeader";
import { formProblems, IMPORT_KINDS } from "@/data/imports";

import { DraftCard } from "./DraftCard";
import { DropZone } from "./DropZone";
import { useDrafts, type Draft } from "./useDrafts";

export function NewImportPage() {
  const { t } = useTranslation("imports");
  return may(useRole(), "import") ? <NewImport /> : <Denied page={t("new.title")} permission="import" />;
}

const isReady = (draft: Draft): boolean =>
  draft.state === "ready" && draft.form !== null && formProblems(draft.form).length === 0;

function NewImport() {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const { drafts, add, edit, start, remove, again } = useDrafts(useShop());
  const ready = drafts.filter(isReady);

  // A file dropped beside the area would otherwise replace the whole console by its text.
  useEffect(() => {
    const keep = (event: DragEvent) => event.preventDefault();
    window.addEventListener("dragover", keep);
    window.addEventListener("drop", keep);
    return () => {
      window.removeEventListener("dragover", keep);
      window.removeEventListener("drop", keep);
    };
  }, []);

  const startOne = async (draft: Draft) => {
    const importId = await start(draft);
    if (importId && drafts.length === 1) await navigate({ to: "/imports/$importId", params: { importId } });
  };
  const startAll = async () => {
    // People before what they bought, and that before what they wrote: names are then there from the first order on.
    const order = ["customers", "orders", "reviews"];
    const sorted = [...ready].sort(
      (left, right) => order.indexOf(left.form?.kind ?? "") - order.indexOf(right.form?.kind ?? ""),
    );
    for (const draft of sorted) await start(draft);
  };

  return (
    <>
      <PageHeader
        title={t("new.title")}
        description={t("new.description")}
        trail={[{ label: t("title"), to: "/imports" }]}
        actions={
          ready.length > 1 && (
            <Button look="primary" onClick={() => void startAll()}>
              {t("new.startAll", { count: ready.length })}
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-4">
        {drafts.map((draft) => (
          <DraftCard
            key={draft.key}
            draft={draft}
            onEdit={(change) => edit(draft, change)}
            onStart={() => void startOne(draft)}
            onRemove={() => remove(draft.key)}
            onAgain={() => again(draft)}
          />
        ))}
        <DropZone onFiles={add} small={drafts.length > 0} />
        {drafts.length === 0 && <Recognised />}
        {drafts.some((draft) => draft.state === "started") && (
          <Button asChild look="link" className="self-start">
            <Link to="/imports">{t("new.allImports")}</Link>
          </Button>
        )}
      </div>
    </>
  );
}

/** What a file may hold, and where to find one to try. */
function Recognised() {
  const { t } = useTranslation("imports");
  return (
    <Card title={t("recognised.title")} hint={t("recognised.hint")}>
      <div className="grid gap-5 md:grid-cols-3">
        {IMPORT_KINDS.map((kind) => (
          <div key={kind}>
            <h3 className="text-table font-semibold">{t(`kind.${kind}`)}</h3>
            <p className="mt-1 text-table text-muted">{t(`recognised.${kind}`)}</p>
          </div>
        ))}
      </div>
      <p className="mt-4 border-t pt-4 text-table text-muted">{t("recognised.samples")}</p>
    </Card>
  );
}
