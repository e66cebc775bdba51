import { ChevronDown, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useMember, useRole } from "@/auth/session";
import { Avatar } from "@/components/ui/Avatar";
import { Button } from "@/components/ui/Button";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/DropdownMenu";
import { assignCase } from "@/data/cases";
import { type Row, useQuery } from "@/data/live";
import type { Case, Member } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Whose case it is; members take it themselves, those who see all members give it to one of them. */
export function Assignee({ held }: { held: Row<Case> }) {
  const { t } = useTranslation("care");
  const format = useFormat();
  const member = useMember();
  const lists = may(useRole(), "manageMembers");
  const [busy, setBusy] = useState(false);
  const assign = async (uid: string | null, name: string) => {
    setBusy(true);
    await assignCase(held, uid, format.language, { done: uid ? t("said.assigned", { name }) : t("said.released"), undo: t("said.undo") });
    setBusy(false);
  };
  if (!held.assignee && !lists) {
    return (
      <Button size="sm" busy={busy} icon={<UserRoundPlus aria-hidden />} onClick={() => void assign(member.id, member.name)}>
        {t("take")}
      </Button>
    );
  }
  return (
    <DropdownMenu
      align="start"
      trigger={
        <Button size="sm" look={held.assignee ? "ghost" : "secondary"} busy={busy} icon={held.assignee ? undefined : <UserRoundPlus aria-hidden />}>
          {held.assignee && <Avatar name={held.assigneeName} size="sm" />}
          <span className="max-w-40 truncate">{held.assignee === member.id ? t("mine") : (held.assigneeName ?? t("assign"))}</span>
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {held.assignee !== member.id && <MenuItem onSelect={() => void assign(member.id, member.name)}>{t("take")}</MenuItem>}
      {held.assignee && <MenuItem onSelect={() => void assign(null, "")}>{t("release")}</MenuItem>}
      {lists && <Others held={held} onChoose={(uid, name) => void assign(uid, name)} />}
    </DropdownMenu>
  );
}

/** Read when the menu opens: few are ever opened. */
function Others({ held, onChoose }: { held: Row<Case>; onChoose: (uid: string, name: string) => void }) {
  const { t } = useTranslation("care");
  const me = useMember();
  const members = useQuery<Member>({ collection: "members", limit: 50 });
  const others = (members.data ?? []).filter((each) => each.id !== me.id && each.id !== held.assignee && each.role !== "analyst");
  if (others.length === 0) return null;
  return (
    <>
      <MenuSeparator />
      <MenuLabel>{t("others")}</MenuLabel>
      {others.map((each) => (
        <MenuItem key={each.id} icon={<Avatar name={each.name} size="sm" />} onSelect={() => onChoose(each.id, each.name)}>
          {each.name}
        </MenuItem>
      ))}
    </>
  );
}
