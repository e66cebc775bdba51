"""Members and roles. Only an owner grants owner or admin; the last owner cannot be removed; nobody lifts themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from functions.access.audit import Actor, entry
from functions.access.errors import Forbidden, Refused
from functions.ingest.contact import normal_email
from schema.base import ROLES
from schema.flow import World
from schema.store import Create, Data, Delete, Doc, Query, ReadSet, Update, Write, settle

HIGH = ("owner", "admin")


@dataclass(frozen=True)
class Account:
    """A sign-in account."""

    uid: str
    email: str
    name: str
    created: bool = False


class Directory(Protocol):
    """The accounts that can sign in (Firebase Authentication)."""

    def find_or_create(self, email: str, name: str) -> Account:
        """The account with this address; made without a password when there is none (the person sets one by e-mail)."""


def start_session(world: World, account: Account, verified: bool, owner_email: str) -> Data:
    """The caller's member document, or null for a stranger.

    The first owner is whoever signs in with the verified deploy-time address while there is no owner: not the first to
    come, and never twice.
    """
    path = f"members/{account.uid}"
    now = world.clock()
    result: dict[str, Data | None] = {"member": None}

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        result["member"] = held.data if held else None
        if held or not (verified and owner_email and account.email.lower() == owner_email):
            return []
        if docs.rows(_OWNERS):
            return []
        member: Data = {
            "role": "owner",
            "email": account.email.lower(),
            "name": account.name or account.email.split("@")[0],
            "language": "en",
            "createdAt": now,
            "updatedAt": now,
            "updatedBy": account.uid,
        }
        result["member"] = member
        actor = Actor(account.uid, member["name"], account.email, "owner")
        # `settings/owner` is created once: of two sign-ins at the same moment one fails and reads again.
        return [
            Create(path, member),
            Create("settings/owner", {"uid": account.uid, "at": now}),
            entry(actor, now, "members.first_owner", path, {}, {"role": "owner"}),
        ]

    settle(world.store, [path], plan)
    return result["member"] or {}


_OWNERS = Query("members", where=(("role", "==", "owner"),))


def set_member(world: World, actor: Actor, args: Data, directory: Directory) -> Data:
    """Invite a member or change a role."""
    email = normal_email(str(args.get("email") or ""))
    role = args.get("role")
    if email is None:
        raise Refused(
            "email",
            "email",
            "Give an e-mail address such as mia@example.com.",
            "请输入邮箱地址，例如 mia@example.com。",
        )
    if role not in ROLES:
        raise Refused("role", "role", f"Choose a role: {', '.join(ROLES)}.", "请选择角色。")
    if role in HIGH and actor.role != "owner":
        raise Forbidden(("owner",))
    account = directory.find_or_create(email, str(args.get("name") or "").strip()[:200])
    path = f"members/{account.uid}"
    now = world.clock()
    name = str(args.get("name") or "").strip()[:200] or account.name or email.split("@")[0]

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            member = {
                "role": role,
                "email": email,
                "name": name,
                "language": "en",
                "createdAt": now,
                "updatedAt": now,
                "updatedBy": actor.uid,
            }
            return [Create(path, member), entry(actor, now, "members.invite", path, {}, {"role": role, "email": email})]
        _may_change(actor, held, docs)
        before = {"role": held.data["role"], "name": held.data["name"]}
        after = {"role": role, "name": str(args.get("name") or "").strip()[:200] or held.data["name"]}
        if before == after:
            return []
        if held.data["role"] == "owner" and role != "owner":
            _guard_last_owner(docs)
        changed = {key for key in after if before[key] != after[key]}
        return [
            Update(path, {**after, "updatedAt": now, "updatedBy": actor.uid}, held.update_time),
            *_witness(docs, now),
            entry(actor, now, "members.set", path, {k: before[k] for k in changed}, {k: after[k] for k in changed}),
        ]

    settle(world.store, [path, "settings/owner"], plan)
    return {"uid": account.uid, "invited": account.created}


def remove_member(world: World, actor: Actor, args: Data) -> Data:
    """Take a member's access away; it ends with the next read."""
    uid = str(args.get("uid") or "")
    if not uid or "/" in uid:
        raise Refused("uid", "uid", "uid is missing.", "缺少 uid。")
    path = f"members/{uid}"
    now = world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            return []
        _may_change(actor, held, docs)
        if held.data["role"] == "owner":
            _guard_last_owner(docs)
        return [
            Delete(path, held.update_time),
            *_witness(docs, now),
            entry(actor, now, "members.remove", path, {"role": held.data["role"], "email": held.data["email"]}, {}),
        ]

    settle(world.store, [path, "settings/owner"], plan)
    return {}


def _may_change(actor: Actor, held: Doc, docs: ReadSet) -> None:
    if held.data["role"] in HIGH and actor.role != "owner":
        raise Forbidden(("owner",))


def _guard_last_owner(docs: ReadSet) -> None:
    if len(docs.rows(_OWNERS)) <= 1:
        raise Refused(
            "last_owner",
            "role",
            "This is the last owner: make somebody else an owner first.",
            "这是最后一位所有者：请先指定另一位所有者。",
            "failed-precondition",
        )


def _witness(docs: ReadSet, now: object) -> list[Write]:
    """All changes of owners touch one document, so that two owners cannot remove each other at the same moment."""
    held = docs["settings/owner"]
    return (
        [Update("settings/owner", {"at": now}, held.update_time)]
        if held
        else [Create("settings/owner", {"uid": None, "at": now})]
    )
