"""The commit that brings the documents of accounts to new profiles: roots, aliases, folded fields, trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from functions.ingest import profile, statistics
from functions.ingest.customer import INFERRED, customer_paths, own_stats, part, shown
from functions.ingest.explore import Component
from functions.ingest.partition import Decided, Pair, Profiles
from functions.ingest.trail import entries, evidence
from schema.flow import stable_id
from schema.store import Data, Put, ReadSet, Update, Write

NOBODY: Data = profile.project_customer(profile.fold(None, None), "", datetime(1970, 1, 1).date())


class Moved(Exception):
    """The accounts are not as they were when the profiles were found: look again."""


def affected(component: Component, wanted: Profiles) -> list[list[str]]:
    """Groups of accounts whose profile is not as it should be; each is written in one commit."""
    target = wanted.root_of()
    group: dict[str, str] = {one: one for one in component.accounts}

    def find(one: str) -> str:
        while group[one] != one:
            one = group[one]
        return one

    for one in component.accounts:
        for root in (component.root_of(one), target[one]):
            if root in group:
                group[find(one)] = find(root)
    found: dict[str, list[str]] = {}
    for one in component.accounts:
        found.setdefault(find(one), []).append(one)
    return [
        sorted(accounts) for accounts in found.values() if any(_differs(one, component, wanted) for one in accounts)
    ]


def _differs(one: str, component: Component, wanted: Profiles) -> bool:
    aliases = wanted.members.get(one, (one,))[1:]
    held = component.bases[one]
    expected = None if one in wanted.members else wanted.root_of()[one]
    return held["mergedInto"] != expected or list(held["aliases"]) != list(aliases)


def group_paths(accounts: Sequence[str]) -> list[str]:
    """What has to be read to bring a group to its new profiles."""
    return [path for one in accounts for path in customer_paths(one)]


def group_writes(
    docs: ReadSet, accounts: Sequence[str], component: Component, wanted: Profiles, now: datetime, zone: ZoneInfo
) -> list[Write]:
    """The writes of one group.

    Raises:
        Moved: what was explored is not what is stored any more.
    """
    for one in accounts:
        base = docs[f"customers/{one}"]
        seen = component.bases[one]
        names = ("mergedInto", "aliases", "createdAt")
        if base is None or any(base.data[name] != seen[name] for name in names):
            raise Moved
    writes: list[Write] = []
    days: set[str] = set()
    for root in sorted(one for one in accounts if one in wanted.members):
        writes.extend(_profile(docs, wanted.members[root], now))
    for one in accounts:
        before, after = component.root_of(one), wanted.root_of()[one]
        if before != after:
            day = component.bases[one]["createdAt"].astimezone(zone).date().isoformat()
            days.add(day)
            writes.extend(_told(one, before, after, component, wanted, now))
    if days:
        identity = stable_id("profiles", *accounts, now.isoformat())
        writes.append(Put(f"dirty/{identity}", {"at": now, "days": sorted(days)}))
    return writes


def _profile(docs: ReadSet, members: Sequence[str], now: datetime) -> list[Write]:
    """One customer: its root shows all accounts, the others show nothing."""
    root, *aliases = members
    base = docs[f"customers/{root}"]
    assert base is not None
    changed = base.data["mergedInto"] is not None or base.data["aliases"] != aliases
    writes: list[Write] = []
    parts = []
    for one in members:
        held, source, manual = (docs[path] for path in customer_paths(one))
        parts.append(part(one, held, source, manual.data if manual else None))
        if source is not None and source.data.get("stats") is None:
            # Older than profiles of several accounts: from here on the account keeps its own figures.
            writes.append(Update(source.path, {"stats": own_stats(held, source)}, source.update_time))
    if changed:
        folded = profile.fold_accounts([(one.source, one.manual) for one in parts])
        fields = shown(parts, None, now)
        fields |= {"aliases": aliases, "mergedInto": None, "updatedAt": now}
        writes.append(Update(base.path, fields, base.update_time))
        writes.append(Put(f"{base.path}/pii/contact", profile.contact(folded)))
    for one in aliases:
        held = docs[f"customers/{one}"]
        assert held is not None
        if held.data["mergedInto"] != root:
            fields = {**_emptied(held.data), "mergedInto": root, "updatedAt": now}
            writes.append(Update(held.path, fields, held.update_time))
            writes.append(Put(f"{held.path}/pii/contact", profile.contact(profile.fold(None, None))))
    return writes


def _emptied(held: Data) -> dict[str, Any]:
    """An alias is in no list, figure, segment or search; whose account it is stays."""
    kept = {name: held.get(name) for name in ("externalId",)}
    return {
        **NOBODY,
        **kept,
        "stats": statistics.empty_stats(),
        "lifecycleStage": "lead",
        "tags": {"manual": [], "source": [], "auto": []},
        "interests": [],
        "rfm": None,
        "segment": None,
        **INFERRED,
        "ruleSegments": [],
        "aliases": [],
    }


def _told(one: str, before: str, after: str, component: Component, wanted: Profiles, now: datetime) -> list[Write]:
    """The trail of one account's change of customer."""
    account, sample = component.accounts[one], component.accounts[one].sample
    writes: list[Write] = []
    if before != one and before in component.accounts:
        told = evidence(account, [], {})
        decided = _decided(one, before, component.decisions)
        writes += entries(before, account, "parted", (told[0], told[1], decided), now, sample)
        if after == one:
            writes += entries(one, account, "parted", (told[0], told[1], decided), now, sample)
    if after != one:
        others = [component.accounts[other] for other in wanted.members[after] if other != one]
        writes += entries(after, account, "joined", evidence(account, others, component.decisions), now, sample)
    return writes


def _decided(one: str, root: str, decisions: Mapping[Pair, Decided]) -> str | None:
    held = decisions.get(frozenset((one, root)))
    return held.by if held and not held.join else None
