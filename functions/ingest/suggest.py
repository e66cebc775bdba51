"""Pairs of customers that look like one, for a person to decide: `customers/{id}/suggestions/{other}`, both ways."""

from __future__ import annotations

from datetime import datetime

from functions.ingest.claims import storefront_path
from functions.ingest.explore import Component
from functions.ingest.partition import IDENTIFYING, Profiles
from functions.ingest.trail import NAMES
from schema.base import Localized
from schema.connections import Suggestion
from schema.store import Data, Delete, Merge, Put, Query, Store, Write


def suggestion_path(one: str, other: str) -> str:
    return f"customers/{one}/suggestions/{other}"


def suggestion_writes(store: Store, key: bytes, component: Component, wanted: Profiles, now: datetime) -> list[Write]:
    """What brings the stored suggestions of a component to those that hold; nothing when they do.

    Who has had a suggestion is known by its `storefront` look-up document, so that nobody else is asked for any.
    """
    held = {
        doc.path: doc.data
        for one in sorted(component.spoken)
        for doc in store.query(Query(f"customers/{one}/suggestions"))
    }
    expected: dict[str, Data] = {}
    for pair, kinds in wanted.suggestions.items():
        dismissed = any(
            held.get(suggestion_path(*ids), {}).get("dismissed")
            for one in wanted.members[min(pair)]
            for other in wanted.members[max(pair)]
            for ids in ((one, other), (other, one))
        )
        for one in pair:
            [other] = pair - {one}
            path = suggestion_path(one, other)
            since = held[path]["at"] if path in held else now
            expected[path] = _suggestion(other, kinds, since, bool(dismissed))
    writes: list[Write] = [Put(path, data) for path, data in expected.items() if held.get(path) != data]
    for one in sorted({path.split("/")[1] for path in expected} - component.spoken):
        writes.append(Merge(storefront_path(key, one), {"kind": "storefront", "claims": {one: True}}))
    for path, data in held.items():
        if path in expected or data["dismissed"]:
            continue
        _, one, _, other = path.split("/")
        writes.append(Delete(path))
        if other not in component.accounts:
            writes.append(Delete(suggestion_path(other, one)))
    return writes


def _suggestion(other: str, kinds: frozenset[str], since: datetime, dismissed: bool) -> Data:
    known = [kind for kind in IDENTIFYING if kind in kinds]
    reason = Localized(en="; ".join(NAMES[kind][0] for kind in known), zh="；".join(NAMES[kind][1] for kind in known))
    return Suggestion(other=other, reason=reason, kinds=known, at=since, dismissed=dismissed).to_doc()
