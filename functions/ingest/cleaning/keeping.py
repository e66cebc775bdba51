"""Keeping what a rule set aside: whole, by thing and rule, with every version that came, as far as a document holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial

from functions.ingest.cleaning.pipeline import Sieved, external_id
from functions.ingest.cleaning.report import origin_of
from functions.ingest.cleaning.rule import Raw
from functions.ingest.hashing import content_hash
from functions.ingest.identity import customer_id
from schema.flow import World
from schema.records import Origin, PlatformEvents
from schema.store import Create, Data, Group, ReadSet, Update, Write, settle_groups

VERSIONS = 20
"""Of one thing at most; the newest."""
LARGEST = 700_000
"""Bytes of all versions together, so that the document stays under 1 MiB; the oldest go, the newest always stays."""


def path_of(world: World, origin: Origin, sieved: Sieved) -> str:
    """Where a record that was set aside is kept."""
    person = getattr(sieved.record, "person", None)
    identity = str(getattr(sieved.record, "id", "") or (person.key if person else ""))
    said: Data = {"origin": origin_of(origin), "thing": sieved.record.kind, "id": identity, "rule": sieved.rule}
    return f"setAside/{content_hash(said, world.identity_key)}"


def keep(world: World, origin: Origin, caught: Sequence[Sieved]) -> list[bool | Exception]:
    """Keep records that were set aside.

    Returns:
        For each whether a member has let its like in already, or why it could not be kept: that is the record's own
        failure, and no other's.
    """
    let_in: dict[str, bool] = {}
    by_path: dict[str, list[Sieved]] = {}
    paths = [path_of(world, origin, one) for one in caught]
    for path, one in zip(paths, caught, strict=True):
        by_path.setdefault(path, []).append(one)
    groups = [
        Group((path,), partial(_kept, path=path, caught=chosen, origin=origin, world=world, let_in=let_in))
        for path, chosen in by_path.items()
    ]
    failures = dict(zip(by_path, settle_groups(world.store, groups), strict=True))
    return [failures[path] or let_in[path] for path in paths]


def _kept(
    docs: ReadSet, path: str, caught: Sequence[Sieved], origin: Origin, world: World, let_in: dict[str, bool]
) -> list[Write]:
    held = docs[path]
    let_in[path] = held is not None and held.data["status"] == "let in"
    if let_in[path]:
        return []
    body = json.loads(held.data["record"]["json"]) if held else {"records": []}
    fresh = [one.raw for one in caught if not _forgotten(docs, one.raw, origin, world)]
    told = {json.dumps(one, sort_keys=True): one for one in [*body["records"], *fresh]}
    order = _that_fit(told, sorted(told, key=lambda text: (int(told[text].get("version") or 0), text))[-VERSIONS:])
    if not fresh or [told[text] for text in order] == body["records"]:
        return []
    newest = max(
        (one for one in caught if one.raw in fresh),
        key=lambda one: (one.record.version, json.dumps(one.raw, sort_keys=True)),
    )
    own = origin.model_copy(update={"chunk": None})
    whole = PlatformEvents(origin=own, records=[told[text] for text in order]).to_json()
    record = {"json": json.dumps(whole, ensure_ascii=False)}
    if held is not None:
        newer = told[order[-1]] == newest.raw
        reason = {"reason": _reason(newest)} if newer else {}
        return [Update(path, {"record": record, **reason}, held.update_time)]
    return [
        Create(
            path,
            {
                "origin": origin_of(origin),
                "connectionId": origin.connection_id,
                "rule": newest.rule,
                "thing": newest.record.kind,
                "externalId": external_id(newest.record),
                "reason": _reason(newest),
                "record": record,
                "status": "set aside",
                "at": world.clock(),
            },
        )
    ]


def _that_fit(told: Mapping[str, Data], order: Sequence[str]) -> list[str]:
    """The newest of the versions, given from the oldest, that a document holds; at least one."""
    kept: list[str] = []
    size = 0
    for text in reversed(order):
        size += len(json.dumps(told[text], ensure_ascii=False).encode())
        if kept and size > LARGEST:
            break
        kept.append(text)
    return kept[::-1]


def _forgotten(docs: ReadSet, raw: Raw, origin: Origin, world: World) -> bool:
    """Whether the record speaks of a person who was to be forgotten after it: then not even this is kept."""
    person = raw.get("person")
    if not isinstance(person, dict):
        return False
    identity = customer_id(world.identity_key, origin.connection_id, str(person.get("key")))
    source = docs[f"customers/{identity}/sources/account"]
    until = source.data.get("redactedVersion") if source else None
    return until is not None and int(str(raw.get("version") or 0)) <= until


def _reason(sieved: Sieved) -> Data | None:
    return sieved.aside.reason.to_doc() if sieved.aside else None
