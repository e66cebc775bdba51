"""Decisions about two accounts: `customers/{first}/links/{second}`, first and second in order of id; the newest holds.

Both accounts' `storefront` look-up documents name the other, so that a decision is found from either side, also when an
account comes only after the decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from functions.ingest.claims import storefront_path, unresolved
from functions.ingest.partition import Decided, Pair
from schema.connections import MergeDecision
from schema.store import Create, Data, Doc, Merge, ReadSet, Update, Write


def link_path(one: str, other: str) -> str:
    """The document of the decision about two accounts."""
    first, second = sorted((one, other))
    return f"customers/{first}/links/{second}"


def decide(docs: ReadSet, key: bytes, one: str, other: str, decision: MergeDecision, now: datetime) -> list[Write]:
    """The writes of a decision; none when a newer one holds already. Asks for the document it has to see.

    Raises:
        Missing: the present decision is not in `docs`.
    """
    path = link_path(one, other)
    held = docs[path]
    new = decision.to_doc()
    if held is not None and _rank(held.data) >= _rank(new):
        return []
    accounts = sorted((one, other))
    return [
        Update(path, new, held.update_time) if held else Create(path, new),
        *(
            Merge(storefront_path(key, account), {"kind": "storefront", "claims": dict.fromkeys(accounts, True)})
            for account in accounts
        ),
        *(unresolved(key, account, now) for account in accounts),
    ]


def once(writes: Iterable[Write]) -> list[Write]:
    """The writes of several decisions without doubles; of two decisions about one pair the last that was made."""
    kept: dict[tuple[str, str], Write] = {}
    for write in writes:
        named = write.data.get("claims") if isinstance(write, Merge) else None
        kept[write.path, ",".join(sorted(named or ()))] = write
    return list(kept.values())


def _rank(data: Mapping[str, Any]) -> tuple[datetime, bool, str, str]:
    """The newest decision; at one moment the one that keeps apart."""
    return data["at"], data["decision"] == "apart", data["by"], data.get("reason") or ""


def decided(doc: Doc) -> tuple[Pair, Decided]:
    """A decision as the partition takes it."""
    _, first, _, second = doc.path.split("/")
    data: Data = doc.data
    return frozenset((first, second)), Decided(data["decision"] == "join", data["by"])
