"""Who is one person, brought into the documents: for accounts whose claims changed, after the commit that changed them.

A pass reads everything that is connected, asks the partition, and writes what differs, each group of accounts in one
guarded commit; then it looks again. An account's mark (`unresolved/{id}`) goes only after a pass that found nothing to
do, and only if nobody renewed it: so whatever was written between two readings is seen by a later pass, and any order
of events ends in the same customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from functions.ingest.claims import claim_path, claims_of, storefront_path, unresolved_path
from functions.ingest.explore import Component, explore, true_claims
from functions.ingest.joining import Moved, affected, group_paths, group_writes
from functions.ingest.partition import SHARED, partition
from functions.ingest.suggest import suggestion_writes
from schema import log
from schema.flow import World
from schema.records import CustomersChanged
from schema.store import BATCH_WRITES, Conflict, Contention, Delete, Doc, Group, Query, Write, get, settle_groups

PASSES = 20
"""Passes over one component before the rest is left to the sweep."""
STARTS = 1_000
"""Carriers of a value that are looked at when too many carry it and what it joined has to be taken apart."""
SWEPT = 300


def resolve(world: World, accounts: Iterable[str], historic: bool = False) -> list[str]:
    """Resolve accounts; returns the roots of customers that changed, which are announced.

    Args:
        historic: the change comes from a bulk job; nothing it causes is news.
    """
    ids = sorted(set(accounts))
    if not ids:
        return []
    marks, starts, simple = _sort(world, ids)
    _unmark(world, [marks[one] for one in simple])
    changed: set[str] = set()
    dirty = _bring(world, {start for found in starts.values() for start in found}, changed)
    _unmark(world, [marks[one] for one, found in starts.items() if not dirty.intersection(found)])
    if changed:
        _announce(world, sorted(changed), historic)
    if dirty:
        log.write("WARNING", "identity left to the sweep", accounts=len(dirty))
    return sorted(changed)


def sweep_unresolved(world: World) -> int:
    """Resolve what a crash left behind; returns how many accounts were looked at."""
    waiting = [doc.id for doc in world.store.query(Query("unresolved", limit=SWEPT))]
    resolve(world, waiting, historic=True)
    return len(waiting)


def _sort(world: World, ids: Sequence[str]) -> tuple[dict[str, Doc | None], dict[str, list[str]], set[str]]:
    """The accounts' marks, from where to look, and those that share nothing with anybody: three readings for all."""
    key = world.identity_key
    docs = world.store.get_many(
        path for one in ids for path in (unresolved_path(one), f"customers/{one}", f"customers/{one}/sources/account")
    )
    marks = {one: docs[unresolved_path(one)] for one in ids}
    paths: dict[str, list[str]] = {}
    for one in ids:
        source, mark = docs[f"customers/{one}/sources/account"], marks[one]
        claims = [claim_path(key, claim) for claim in sorted(claims_of(source.data if source else None))]
        dropped = [f"identities/{identity}" for identity in sorted((mark.data["identities"] if mark else None) or {})]
        paths[one] = [storefront_path(key, one), *claims, *dropped]
    identities = world.store.get_many(dict.fromkeys(path for one in ids for path in paths[one]))
    starts: dict[str, list[str]] = {}
    simple: set[str] = set()
    for one in ids:
        base = docs[f"customers/{one}"]
        named = {other for path in paths[one] if (doc := identities[path]) for other in doc.data.get("claims") or {}}
        alone = base is None or (base.data["mergedInto"] is None and not base.data["aliases"])
        if alone and named <= {one}:
            simple.add(one)
            continue
        found = [one]
        for path in paths[one]:
            carriers = true_claims(identities[path])
            found += carriers if len(carriers) <= SHARED else _merged(world, carriers[:STARTS])
        starts[one] = list(dict.fromkeys(found))
    return marks, starts, simple


def _merged(world: World, accounts: Sequence[str]) -> list[str]:
    """Those of the accounts that are joined with any other."""
    docs = world.store.get_many(f"customers/{one}" for one in accounts)
    return [doc.id for doc in docs.values() if doc and (doc.data["mergedInto"] or doc.data["aliases"])]


def _bring(world: World, starts: set[str], changed: set[str]) -> set[str]:
    """Bring the components of the starts to their profiles; the starts where others kept getting in between."""
    dirty = starts
    for _ in range(PASSES):
        if not dirty:
            break
        again = _pass(world, explore(world.store, world.identity_key, dirty), dirty, changed)
        dirty = {one for one in dirty if one in again}
    return dirty


def _pass(world: World, components: Sequence[Component], starts: set[str], changed: set[str]) -> set[str]:
    """Write what differs; the accounts of components where anything did."""
    again: set[str] = set()
    groups: list[Group] = []
    owners: list[list[str]] = []
    suggestions: list[Write] = []
    shop = get(world.store, "settings/shop")
    zone, now = ZoneInfo((shop.data.get("zone") if shop else None) or "UTC"), world.clock()
    for component in components:
        wanted = partition(component.accounts.values(), component.decisions, component.kinds)
        # Announced also when a crash came between the commit and its announcement, and nothing differs any more.
        roots = wanted.root_of()
        changed.update(roots[one] for one in component.accounts if one in starts)
        for accounts in affected(component, wanted):
            plan = partial(group_writes, accounts=accounts, component=component, wanted=wanted, now=now, zone=zone)
            groups.append(Group(tuple(group_paths(accounts)), plan))
            owners.append([one for one in accounts if one in wanted.members])
            again.update(component.accounts)
        told = suggestion_writes(world.store, world.identity_key, component, wanted, now)
        if told:
            suggestions += told
            again.update(component.accounts)
    for found, failure in zip(owners, settle_groups(world.store, groups), strict=True):
        if failure is None:
            changed.update(found)
        elif not isinstance(failure, (Moved, Contention)):
            raise failure
    for first in range(0, len(suggestions), BATCH_WRITES):
        world.store.commit(suggestions[first : first + BATCH_WRITES])
    return again


def _unmark(world: World, marks: Sequence[Doc | None]) -> None:
    """Drop marks that nobody renewed since they were read."""
    held = [Delete(doc.path, doc.update_time) for doc in marks if doc]
    for first in range(0, len(held), BATCH_WRITES):
        part = held[first : first + BATCH_WRITES]
        try:
            world.store.commit(part)
        except Conflict:
            for one in part:
                try:
                    world.store.commit([one])
                except Conflict:
                    continue


def _announce(world: World, roots: Sequence[str], historic: bool) -> None:
    for first in range(0, len(roots), BATCH_WRITES):
        message = CustomersChanged(ids=list(roots[first : first + BATCH_WRITES]), fields=["aliases"], historic=historic)
        world.bus.publish("customers-changed", message)
