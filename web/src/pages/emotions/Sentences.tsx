import { MessageSquareText } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { may, whoMay } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { EmptyState, NoPermission } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { Sheet } from "@/components/ui/Sheet";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Sentence } from "@/components/words/Sentence";
import { type Cell, useCellTexts } from "@/data/emotions";
import { useFormat } from "@/lib/useFormat";

import type { Open } from "./EmotionsPage";

/** Texts shown before "show more": each is a document of its own. */
const STEP = 8;

/** The very sentences behind a cell. Reads only while open, and only for roles that may read words. */
export function Sentences({ open, onClose }: { open: Open | null; onClose: () => void }) {
  const { t, i18n } = useTranslation("emotions");
  const role = useRole();
  const roles = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(whoMay("readWords").map((each) => t(`common:role.${each}`)));
  return (
    <Sheet open={open !== null} onOpenChange={(next) => !next && onClose()} title={open?.title ?? ""}>
      {open &&
        (may(role, "readWords") ? (
          <Texts key={open.title} cell={open.cell} />
        ) : (
          <NoPermission title={t("texts.denied")}>{t("texts.deniedBody", { roles })}</NoPermission>
        ))}
    </Sheet>
  );
}

function Texts({ cell }: { cell: Cell }) {
  const { t } = useTranslation("emotions");
  const format = useFormat();
  const { active } = useShop();
  const [pages, setPages] = useState(1);
  const [shown, setShown] = useState(STEP);
  const found = useCellTexts(cell, pages, active);
  if (found.state === "loading") return <SkeletonRows rows={5} />;
  if (found.state !== "ready") return <ErrorState onRetry={found.retry} />;
  const look = found.more && (
    <Button className="mt-3 w-full" onClick={() => setPages(pages + 1)}>
      {t("words:texts.look")}
    </Button>
  );
  if (found.texts.length === 0) {
    return (
      <>
        <EmptyState icon={<MessageSquareText aria-hidden />} title={t("texts.none")}>
          {cell.kind === "segment" ? t("texts.noneOf", { count: found.looked, number: format.number(found.looked) }) : t("texts.noneBody")}
        </EmptyState>
        {look}
      </>
    );
  }
  return (
    <>
      <p className="mb-4 text-table text-muted">
        {cell.kind === "segment"
          ? t("texts.ofMembers", { count: found.texts.length, number: format.number(found.texts.length), looked: format.number(found.looked) })
          : t("texts.newest", { count: found.texts.length, number: format.number(found.texts.length) })}
      </p>
      <ul className="flex flex-col gap-3">
        {found.texts.slice(0, shown).map((text) => (
          <li key={text.id}>
            <Sentence id={text.id} emotion={text} labels />
          </li>
        ))}
      </ul>
      {found.texts.length > shown ? (
        <Button className="mt-3 w-full" onClick={() => setShown(shown + STEP)}>
          {t("words:texts.more")}
        </Button>
      ) : (
        look
      )}
    </>
  );
}
