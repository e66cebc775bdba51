"""What waits and speaks of people who are to be forgotten: records set aside by a rule, and messages that failed.

Both are kept whole, so both are looked through, once for all the people of a message. What was true later stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from schema.clock import milliseconds
from schema.flow import World, parked_id
from schema.records import Origin
from schema.store import Create, Data, Delete, Group, Query, ReadSet, Update, Write

Forgotten = Mapping[str, int]
"""By the account's key: the version up to which nothing of the person is kept."""
_NAMES = frozenset(("customer_id", "customerid", "user_id", "userid"))
"""Where platforms put a customer's id beside `customer: {id}`."""
_ADDRESSES = ("email:", "phone:")


def groups_of(world: World, origin: Origin, people: Forgotten) -> list[Group]:
    """What to take away so that nothing that waits speaks of the people of a connection."""
    asked = Query("setAside", where=(("connectionId", "==", origin.connection_id),))
    groups = [
        Group((held.path,), partial(_drop, path=held.path, people=people))
        for held in world.store.query(asked)
        if _left(json.loads(held.data["record"]["json"])["records"], people) is not None
    ]
    # Few wait there, and no field of theirs says whose they are.
    for held in world.store.query(Query("parked")):
        text = held.data["record"]["json"]
        if origin.connection_id in text and _remains(held.data, origin.connection_id, people) is not _SAME:
            plan = partial(_unpark, path=held.path, connection=origin.connection_id, people=people)
            groups.append(Group((held.path,), plan))
    return groups


def _left(records: object, people: Forgotten) -> list[Any] | None:
    """The records that stay, or None when none is about one of the people."""
    told = records if isinstance(records, list) else []
    kept = [one for one in told if not _about(one, people)]
    return kept if len(kept) < len(told) else None


def _about(record: object, people: Forgotten) -> bool:
    person = record.get("person") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(person, dict):
        return False
    until = people.get(str(person.get("key")))
    version = str(record.get("version") or 0)
    # A version that nobody can read is no reason to keep a person's data.
    return until is not None and (not version.isdecimal() or int(version) <= until)


def _drop(docs: ReadSet, path: str, people: Forgotten) -> list[Write]:
    held = docs[path]
    body: Data = json.loads(held.data["record"]["json"]) if held else {}
    kept = _left(body.get("records"), people)
    if held is None or kept is None:
        return []
    if not kept:
        return [Delete(path, held.update_time)]
    record = {"json": json.dumps(body | {"records": kept}, ensure_ascii=False)}
    return [Update(path, {"record": record}, held.update_time)]


_SAME: Data = {}
"""Nothing to take away."""


def _remains(parked: Data, connection: str, people: Forgotten) -> Data | None:
    """The message without what speaks of the people; None when nothing stays of it, `_SAME` when all does."""
    body = json.loads(parked["record"]["json"])
    if not isinstance(body, dict):
        return _SAME
    if parked["topic"] == "platform-webhooks":
        return None if body.get("connectionId") == connection and _names(body, people) else _SAME
    origin = body.get("origin")
    if parked["topic"] != "platform-events" or not isinstance(origin, dict) or origin.get("connectionId") != connection:
        return _SAME
    kept = _left(body.get("records"), people)
    if kept is None:
        return _SAME
    return body | {"records": kept} if kept else None


def _unpark(docs: ReadSet, path: str, connection: str, people: Forgotten) -> list[Write]:
    held = docs[path]
    remains = _remains(held.data, connection, people) if held else _SAME
    if held is None or remains is _SAME:
        return []
    writes: list[Write] = [Delete(path, held.update_time)]
    if remains is not None:
        # A message is found again by what it says: what is left of it is another one.
        renamed = f"parked/{parked_id(held.data['topic'], remains)}"
        if docs[renamed] is None:
            record = {"json": json.dumps(remains, ensure_ascii=False, default=str)}
            writes.append(Create(renamed, held.data | {"record": record}))
    return writes


def _names(event: Data, people: Forgotten) -> bool:
    """Whether a platform's call, as it came, names one of the people at a time that is over."""
    try:
        at = milliseconds(datetime.fromisoformat(str(event.get("receivedAt"))))
    except ValueError:
        at = 0
    wanted = {key.lower() for key, until in people.items() if at <= until}
    if not wanted:
        return False
    text = str(event.get("body") or "")
    try:
        said = json.loads(text)
    except ValueError:
        return any(key.removeprefix(kind) in text.lower() for key in wanted for kind in _ADDRESSES if kind in key)
    # `customers/update` and `customer.updated` are about a customer as a whole.
    whole = "customer" if str(event.get("topic") or "").startswith("customer") else ""
    return any(key in wanted for key in _keys(said, whole))


def _keys(said: object, parent: str) -> Iterator[str]:
    """The keys of accounts that a platform's words may name."""
    if isinstance(said, list):
        for one in said:
            yield from _keys(one, parent)
    elif isinstance(said, dict):
        for name, value in said.items():
            if name.lower() in _NAMES or (parent == "customer" and name == "id"):
                yield str(value).lower()
            yield from _keys(value, name.lower())
    elif isinstance(said, str):
        text = said.strip().lower()
        yield from (f"{kind}{text}" for kind in _ADDRESSES)
        if text.startswith("gid://") and "/customer/" in text:
            yield text.rsplit("/", 1)[1].partition("?")[0]
