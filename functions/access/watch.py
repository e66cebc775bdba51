"""An alarm for a member document that changed without an audit entry: whoever wrote it went around the console."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from schema import log
from schema.flow import World, stable_id
from schema.store import Create, Query, ReadSet, Write, settle

_WINDOW = timedelta(seconds=5)


def member_written(world: World, uid: str, at: datetime, auth_type: str | None, auth_id: str | None) -> bool:
    """Check a write to `members/{uid}`; returns whether an alarm was raised.

    The document is read again (the event is a hint and may be late): its last change must be witnessed by an audit
    entry.
    """
    path = f"members/{uid}"
    held = world.store.get_many([path])[path]
    moment: Any = held.data.get("updatedAt") if held else at
    entries = world.store.query(Query("audit", where=(("target", "==", path),)))
    near = [
        doc
        for doc in entries
        if not doc.data["action"].startswith("alarm.") and abs(doc.data["at"] - moment) <= _WINDOW
    ]
    if near:
        return False
    alarm = f"audit/alarm-{stable_id(path, moment)}"

    def raise_alarm(docs: ReadSet) -> list[Write]:
        if docs[alarm]:
            return []
        return [
            Create(
                alarm,
                {
                    "at": at,
                    "actor": auth_id or "unknown",
                    "actorName": auth_type or "unknown",
                    "actorRole": "system",
                    "action": "alarm.unaudited_write",
                    "target": path,
                    "before": {},
                    "after": {},
                },
            )
        ]

    settle(world.store, [alarm], raise_alarm)
    log.write("WARNING", "member changed without an audit entry", uid=uid, auth_type=auth_type)
    return True
