"""Who changed what: an audit entry in the very commit of the edit, append only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schema.flow import stable_id
from schema.store import Create

PERSONAL = frozenset(("name", "email", "phone", "address", "birthDate", "note"))


@dataclass(frozen=True)
class Actor:
    """The signed-in member who acts."""

    uid: str
    name: str
    email: str
    role: str


def entry(
    actor: Actor, at: datetime, action: str, target: str, before: dict[str, Any], after: dict[str, Any]
) -> Create:
    """The audit document of one edit. Personal values are named, not quoted.

    `before` and `after` hold the changed fields only.
    """
    shown_before, shown_after = dict(before), dict(after)
    if target.startswith("customers/"):
        for name in PERSONAL.intersection(set(before) | set(after)):
            shown_before[name] = "(kept private)" if before.get(name) else None
            shown_after[name] = "changed" if after.get(name) else "removed"
    identity = stable_id(actor.uid, at.isoformat(), action, target, sorted(after.items(), key=str))
    return Create(
        f"audit/{identity}",
        {
            "at": at,
            "actor": actor.uid,
            "actorName": actor.name,
            "actorRole": actor.role,
            "action": action,
            "target": target,
            "before": shown_before,
            "after": shown_after,
        },
    )
