"""`customers.psyche`: reading a customer's texts and cases, and the one plan that writes what `folding.fold` makes of
them.

Texts keep the id of the account that wrote them; a customer is the root of merged accounts and its aliases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ml.of_customers import of_customers
from ml.text.artefact import Head
from ml.text.folding import NEWEST, SAID, UNREAD, day_end, differs, fold
from ml.text.registry import Registry, standard
from schema import log
from schema.flow import World
from schema.store import Data, Doc, Group, Query, ReadSet, Store, Update, Write, settle_groups

__all__ = ["fold", "refresh"]

FIELDS = (
    "customerId", "at", "status", "words", "rating", "sentiment", "groups", "frustrated", "ocean", "model", "language",
    "sample",
)  # fmt: skip
AHEAD = timedelta(days=1)
"""Dates further ahead of the clock are no evidence of anything."""
_CASE = ("kind", "status", "feedbackId", "doneAt")


def roots(store: Store, ids: Sequence[str]) -> dict[str, Doc]:
    """The document of the customer that each account belongs to now; accounts nobody knows are left out."""
    wanted = list(dict.fromkeys(ids))
    docs = store.get_many([f"customers/{one}" for one in wanted])
    found: dict[str, Doc] = {}
    joined: dict[str, str] = {}
    for one in wanted:
        doc = docs[f"customers/{one}"]
        if doc is not None and doc.data.get("mergedInto"):
            joined[one] = str(doc.data["mergedInto"])
        elif doc is not None:
            found[one] = doc
    if joined:
        more = store.get_many([f"customers/{root}" for root in dict.fromkeys(joined.values())])
        found |= {one: doc for one, root in joined.items() if (doc := more[f"customers/{root}"]) is not None}
    return found


def everybody(customer: Doc) -> list[str]:
    """The customer's id and its aliases."""
    return [customer.id, *(customer.data.get("aliases") or [])][:30]


def texts_queries(ids: Sequence[str], now: datetime, more: int) -> list[Query]:
    """All that `fold` looks at of these accounts' texts: the newest scored ones and the newest of each unread status.

    Ties go by id, as the index has them.

    Args:
        more: texts whose emotions are written in the same batch; as many may drop out of what is found.
    """
    return [
        Query(
            "emotions",
            where=(("customerId", "in", tuple(ids)), ("status", "==", status), ("at", "<=", now + AHEAD)),
            order_by=(("at", "desc"),),
            limit=most + more,
            select=FIELDS,
        )
        for status, most in (("scored", NEWEST), *((status, 1) for status in UNREAD))
    ]


def cases_query(ids: Sequence[str]) -> Query:
    return Query("cases", where=(("customerId", "in", tuple(ids)),), select=_CASE)


def traits_of(registry: Registry) -> tuple[str, Head] | None:
    """Id and head of the personality model in force."""
    serving = registry.serving("en", "ocean")
    return (serving[0].id, serving[1]) if serving else None


def folded(
    customer: Doc, emotions: Mapping[str, Data], cases: Sequence[Data], as_of: datetime, now: datetime,
    traits: tuple[str, Head] | None,
) -> Data | None:  # fmt: skip
    """The psyche as it is stored.

    A shop whose orders ended still hears its customers and answers them: where the newest text or the last closing of
    a case is later than `as_of`, the psyche is as of that day."""
    known = {
        one: data
        for one, data in emotions.items()
        if data["status"] in SAID and data.get("at") and data["at"] <= now + AHEAD
    }
    happened = [data["at"] for data in known.values()]
    happened += [case["doneAt"] for case in cases if case.get("doneAt") and case["doneAt"] <= now]
    profiling = customer.data.get("profiling") or "allowed"
    made = fold(known, day_end(max([as_of, *happened])), profiling, cases, traits)
    return made.to_doc() if made else None


def psyche_writes(
    docs: ReadSet, path: str, changed: Mapping[str, Data | None], as_of: datetime, now: datetime,
    traits: tuple[str, Head] | None, out: list[str],
) -> list[Write]:  # fmt: skip
    """The write of a customer's psyche, if it is worth one; the id goes to `out`.

    Args:
        changed: emotions that are written in the same batch, by id; None for one that is deleted.
    """
    customer = docs[path]
    if customer is None or customer.data.get("mergedInto"):
        return []
    fresh: Data | None = None
    if customer.data.get("profiling") != "opted out":
        ids = everybody(customer)
        queries = texts_queries(ids, now, len(changed))
        emotions: dict[str, Data] = {doc.id: doc.data for query in queries for doc in docs.rows(query)}
        for one, data in changed.items():
            emotions.pop(one, None)
            if data is not None:
                emotions[one] = data
        cases = [doc.data for doc in docs.rows(cases_query(ids))] if _may_be_settled(emotions) else []
        fresh = folded(customer, emotions, cases, as_of, now, traits)
    held: Any = customer.data.get("psyche")
    if not differs(held, fresh, exactly=bool(changed)):
        return []
    out.append(customer.id)
    return [Update(path, {"psyche": fresh, "updatedAt": now}, customer.update_time)]


def _may_be_settled(emotions: Mapping[str, Data]) -> bool:
    return any(data.get("frustrated") for data in emotions.values())


def refresh(world: World, ids: Sequence[str], as_of: datetime, registry: Registry | None = None) -> int:
    """Fold these customers anew as of a moment; returns how many psyches changed. Accounts that were merged are left
    out.

    The texts of 30 accounts are one query; a customer is read again only where a write is due.
    """
    traits = traits_of(registry or standard())
    now = world.clock()
    docs = world.store.get_many([f"customers/{one}" for one in ids])
    people = [doc for doc in docs.values() if doc is not None and not doc.data.get("mergedInto")]
    texts = _by_customer(world.store, people, "emotions", FIELDS)
    angry = [doc for doc in people if _may_be_settled(texts[doc.id])]
    cases = _by_customer(world.store, angry, "cases", ("customerId", *_CASE))
    due = []
    for doc in people:
        held: Any = doc.data.get("psyche")
        if held or texts[doc.id]:
            fresh = folded(doc, texts[doc.id], list(cases[doc.id].values()), as_of, now, traits)
            if differs(held, fresh, exactly=False):
                due.append(doc.path)
    written: list[str] = []
    groups = [
        Group((path,), partial(psyche_writes, path=path, changed={}, as_of=as_of, now=now, traits=traits, out=written))
        for path in due
    ]
    for failure in settle_groups(world.store, groups):
        if failure is not None:
            log.failure("psyche not written", failure)
    _forget(world, people, texts, registry)
    return len(set(written))


def _forget(
    world: World, people: Sequence[Doc], texts: Mapping[str, Mapping[str, Data]], registry: Registry | None
) -> None:
    """Take the scores off the texts of who refused profiling since they were read."""
    from ml.text.work import score  # it writes psyches itself

    refused = [doc for doc in people if doc.data.get("profiling") == "opted out"]
    read = sorted(one for doc in refused for one, data in texts[doc.id].items() if data["status"] == "scored")
    for at in range(0, len(read), 200):
        for failed in score(world, read[at : at + 200], registry=registry):
            log.write("WARNING", "scores not taken off", error=failed.error)


def _by_customer(
    store: Store, people: Sequence[Doc], collection: str, fields: tuple[str, ...]
) -> defaultdict[str, dict[str, Data]]:
    """Documents by the customer whose accounts they belong to."""
    owner = {one: doc.id for doc in people for one in everybody(doc)}
    found: defaultdict[str, dict[str, Data]] = defaultdict(dict)
    for doc in of_customers(store, collection, [doc.id for doc in people], owner, fields):
        found[owner[doc.data["customerId"]]][doc.id] = doc.data
    return found
