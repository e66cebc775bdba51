import { Info, MoreHorizontal, UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMember } from "@/auth/session";
import { Avatar } from "@/components/ui/Avatar";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { DropdownMenu, MenuItem } from "@/components/ui/DropdownMenu";
import { ErrorState } from "@/components/ui/ErrorState";
import { Select } from "@/components/ui/Select";
import { SkeletonRows } from "@/components/ui/Skeleton";
import { Time } from "@/components/ui/Time";
import { toast } from "@/components/ui/toast-store";
import { Tooltip } from "@/components/ui/Tooltip";
import { callConsole, toConsoleError } from "@/data/console";
import { useChangedIds, type QuerySpec, type Row } from "@/data/live";
import { grantable, refusal, type Person } from "@/data/members";
import { usePaged } from "@/data/paged";
import { ROLES, type Member, type Role } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { Invite } from "./Invite";

const SPEC: QuerySpec = { collection: "members" };

/** The members of this shop; each row says itself what may be done with it, and why not. */
export function People() {
  const { t } = useTranslation(["members", "common"]);
  const me = useMember();
  const [inviting, setInviting] = useState(false);
  // Asked of the server, not of the cache: one's own document is cached from the sign-in and would look like a shop of one.
  const paged = usePaged<Member>(SPEC, 200);
  const changed = useChangedIds(paged.rows as Row<Member>[]);
  const people = [...paged.rows].sort(
    (left, right) => ROLES.indexOf(left.role) - ROLES.indexOf(right.role) || left.name.localeCompare(right.name),
  );
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Card
        flush
        title={t("people.title")}
        actions={
          <Button look="primary" size="sm" icon={<UserPlus aria-hidden />} onClick={() => setInviting(true)}>
            {t("people.invite")}
          </Button>
        }
      >
        {paged.error ? (
          <ErrorState onRetry={paged.retry} />
        ) : paged.loading ? (
          <SkeletonRows className="px-5 pb-5" rows={5} />
        ) : (
          <ul className="border-t">
            {people.map((person) => (
              <PersonItem
                key={person.id}
                person={person}
                people={people}
                mine={person.id === me.id}
                glow={changed.has(person.id)}
              />
            ))}
          </ul>
        )}
      </Card>
      <Card title={t("roles.title")}>
        <dl className="flex flex-col gap-3 text-table">
          {ROLES.map((role) => (
            <div key={role}>
              <dt className="font-medium">{t(`common:role.${role}`)}</dt>
              <dd className="text-muted">{t(`roles.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Invite open={inviting} onOpenChange={setInviting} roles={grantable(me.role)} />
    </div>
  );
}

interface PersonItemProps {
  person: Person;
  people: readonly Person[];
  mine: boolean;
  glow: boolean;
}

function PersonItem({ person, people, mine, glow }: PersonItemProps) {
  const { t } = useTranslation(["members", "common"]);
  const format = useFormat();
  const me = useMember();
  const [asking, setAsking] = useState(false);
  const [pending, setPending] = useState<Role | null>(null);
  const reason = refusal(me.role, person, people);
  const roles = grantable(me.role);
  const change = async (role: Role) => {
    setPending(role);
    try {
      await callConsole("members.set", { email: person.email, name: person.name, role });
      toast({ tone: "good", title: t("people.changed", { name: person.name, role: t(`common:role.${role}`) }) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setPending(null);
    }
  };
  const remove = async () => {
    try {
      await callConsole("members.remove", { uid: person.id });
      toast({ tone: "good", title: t("people.removed", { name: person.name }) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
      throw error;
    }
  };
  return (
    <li
      className={cx("flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-5 py-3 last:border-b-0", glow && "glow")}
    >
      <Avatar name={person.name} size="md" />
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex items-center gap-2 truncate text-body font-medium">
          {person.name}
          {mine && <Badge>{t("people.you")}</Badge>}
        </p>
        <p className="truncate text-small text-faint">
          {person.email} · {t("people.since")} <Time at={person.createdAt} />
        </p>
      </div>
      <div className="flex items-center gap-2">
        {reason ? (
          <>
            <span className="text-table text-muted">{t(`common:role.${person.role}`)}</span>
            <Tooltip content={t(`refusal.${reason}`)}>
              <button
                type="button"
                className="rounded-full p-1 text-faint hover:text-ink"
                aria-label={t(`refusal.${reason}`)}
              >
                <Info className="size-4" aria-hidden />
              </button>
            </Tooltip>
          </>
        ) : (
          <>
            <Select
              size="sm"
              className="w-36"
              aria-label={t("people.roleOf", { name: person.name })}
              value={pending ?? person.role}
              disabled={pending !== null}
              onChange={(role) => void change(role as Role)}
              options={roles.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
            />
            <DropdownMenu
              trigger={
                <Button look="ghost" size="icon-sm" aria-label={t("people.more", { name: person.name })}>
                  <MoreHorizontal aria-hidden />
                </Button>
              }
            >
              <MenuItem danger onSelect={() => setAsking(true)}>
                {t("people.remove")}
              </MenuItem>
            </DropdownMenu>
          </>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("people.removeTitle", { name: person.name })}
        description={t(mine ? "people.removeSelf" : "people.removeBody")}
        confirmLabel={t("people.remove")}
        onConfirm={remove}
      />
    </li>
  );
}
