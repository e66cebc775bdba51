"""Who is one person: a pure function of what accounts claim and what people and platforms decided.

Like Kruskal's: evidence is taken in one order, the strongest first, and each piece joins two groups unless a rule
forbids it. The order depends on nothing but the accounts, so that every history ends in the same profiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from functions.ingest.claims import Account

ACCOUNTS = 30
"""Accounts of one profile: its root and 29 aliases."""
ADDRESSES = 5
"""Different e-mail addresses, and different phone numbers, of one profile."""
PHONE_PROFILES = 3
"""Profiles a phone number may be seen at: with more it is a family's or a shop's."""
SHARED = 40
"""A value that more accounts carry is nobody's: it is no evidence, and no way from one account to another."""
STRONG = ("unionid", "openid", "member", "email")
"""Kinds that join wherever they meet, the strongest first."""
LEAF = (*STRONG, "phone")
IDENTIFYING = (*LEAF, "anonymous", "address")
ALL_KINDS = frozenset(IDENTIFYING)

Pair = frozenset[str]


@dataclass(frozen=True)
class Decided:
    """The decision in force about two accounts."""

    join: bool
    by: str


@dataclass
class Profiles:
    """Groups of accounts, and pairs of groups that a person might look at."""

    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By root: all accounts, the root first, the others by id."""
    suggestions: dict[Pair, frozenset[str]] = field(default_factory=dict)
    """By pair of roots: the kinds of evidence that they share."""

    def root_of(self) -> dict[str, str]:
        return {account: root for root, accounts in self.members.items() for account in accounts}


class _Groups:
    def __init__(self, accounts: Mapping[str, Account], decisions: Mapping[Pair, Decided]) -> None:
        self.accounts = accounts
        self.group: dict[str, str] = {one: one for one in accounts}
        self.held: dict[str, set[str]] = {one: {one} for one in accounts}
        self.apart: dict[str, set[str]] = {}
        for pair, decided in decisions.items():
            if not decided.join and len(pair) == 2 and all(one in accounts for one in pair):
                first, second = sorted(pair)
                self.apart.setdefault(first, set()).add(second)
                self.apart.setdefault(second, set()).add(first)

    def may(self, one: str, other: str, capped: bool = True) -> bool:
        """Whether two groups may become one."""
        first, second = self.held[one], self.held[other]
        if len(first) + len(second) > ACCOUNTS or any(self.apart.get(member, set()) & second for member in first):
            return False
        sample, relay = self.accounts[one].sample, self.accounts[one].relay
        if sample != self.accounts[other].sample or relay or self.accounts[other].relay:
            return False
        return not capped or all(
            len(self.values(one, kind) | self.values(other, kind)) <= ADDRESSES for kind in ("email", "phone")
        )

    def join(self, one: str, other: str) -> None:
        keep, gone = sorted((one, other))
        for member in self.held[gone]:
            self.group[member] = keep
        self.held[keep] |= self.held.pop(gone)

    def values(self, group: str, kind: str) -> set[str]:
        """What the group's accounts claim; what was typed without an account is not the group's."""
        return {
            value
            for member in self.held[group]
            if not self.accounts[member].guest
            for value in self.accounts[member].values(kind)
        }

    def names(self, group: str) -> set[str]:
        names = {self.accounts[member].name for member in self.held[group] if not self.accounts[member].guest}
        return {name for name in names if name}

    def contradict(self, one: str, other: str) -> bool:
        """Whether two groups look like two people who share a phone."""
        emails = self.values(one, "email"), self.values(other, "email")
        if emails[0] and emails[1] and not emails[0] & emails[1]:
            return True
        return any(not same_name(name, another) for name in self.names(one) for another in self.names(other))


def same_name(one: str, other: str) -> bool:
    """Whether two plain names may be one person's: the words of the one are among the other's."""
    first, second = set(one.split()), set(other.split())
    return first <= second or second <= first


def partition(
    accounts: Iterable[Account], decisions: Mapping[Pair, Decided], kinds: frozenset[str] = ALL_KINDS
) -> Profiles:
    """The profiles of a component of accounts (all that are connected by what they claim, or a part of no interest).

    Args:
        decisions: by pair of accounts, the newest decision.
        kinds: kinds of evidence that count (fewer in a component too large to be looked at whole).
    """
    known = {one.id: one for one in sorted(accounts, key=lambda one: one.id)}
    groups = _Groups(known, decisions)
    carriers = _carriers(known.values(), kinds)
    joined = sorted(sorted(pair) for pair, decided in decisions.items() if decided.join and len(pair) == 2)
    for first, second in joined:
        if first in known and second in known:
            _try(groups, first, second, capped=False)
    real = [one.id for one in known.values() if not (one.guest or one.device or one.relay)]
    _strong(groups, carriers, set(real))
    _phones(groups, carriers, set(real))
    _leaves(groups, known, set(real), kinds)
    return _named(groups, known, _suggested(groups, carriers, known))


def _carriers(accounts: Iterable[Account], kinds: frozenset[str]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in accounts:
        for claim in one.claims:
            if claim[0] in kinds and not one.relay:
                found.setdefault(claim, []).append(one.id)
    return {claim: ids for claim, ids in sorted(found.items()) if 1 < len(ids) <= SHARED}


def _try(groups: _Groups, one: str, other: str, capped: bool = True) -> bool:
    first, second = groups.group[one], groups.group[other]
    if first == second:
        return True
    if not groups.may(first, second, capped):
        return False
    groups.join(first, second)
    return True


def _strong(groups: _Groups, carriers: Mapping[tuple[str, str], Sequence[str]], real: set[str]) -> None:
    for kind in STRONG:
        pairs = {
            pair
            for claim, ids in carriers.items()
            if claim[0] == kind
            for pair in combinations([one for one in ids if one in real], 2)
        }
        for one, other in sorted(pairs):
            _try(groups, one, other)


def _phones(groups: _Groups, carriers: Mapping[tuple[str, str], Sequence[str]], real: set[str]) -> None:
    """A phone joins where few carry it and nothing says that they are several people; else it joins nobody."""
    for claim, ids in carriers.items():
        if claim[0] != "phone":
            continue
        found = sorted({groups.group[one] for one in ids if one in real})
        if len(found) > PHONE_PROFILES or any(groups.contradict(*pair) for pair in combinations(found, 2)):
            continue
        for one, other in combinations(found, 2):
            _try(groups, one, other)


def _leaves(groups: _Groups, known: Mapping[str, Account], real: set[str], kinds: frozenset[str]) -> None:
    """Who has no account is put with the one customer whose account has the address; with two it stays alone."""
    held: dict[tuple[str, str], set[str]] = {}
    for one in real:
        for claim in known[one].claims:
            held.setdefault(claim, set()).add(one)

    def at(claim: tuple[str, str]) -> list[str]:
        """The profiles whose accounts have the value; a value that too many accounts carry has none."""
        count = sum(claim in one.claims for one in known.values())
        return sorted({groups.group[one] for one in held.get(claim, ())}) if count <= SHARED else []

    def free(leaf: Account, found: Iterable[str]) -> list[str]:
        """Those of the profiles that nobody put apart from the leaf."""
        return [group for group in sorted(set(found)) if not groups.apart.get(leaf.id, set()) & groups.held[group]]

    waiting = [one for one in known.values() if len(groups.held[groups.group[one.id]]) == 1 and not one.relay]
    chosen: list[tuple[str, str]] = []
    for guest in (one for one in waiting if one.guest and not one.device):
        for kind in LEAF:
            values = sorted(guest.values(kind)) if kind in kinds else []
            found = free(guest, (group for value in values for group in at((kind, value))))
            if kind == "phone":
                found = [group for group in found if not _other_person(guest, groups, group)]
            if len(found) == 1:
                chosen.append((guest.id, found[0]))
            if found:
                break
    for leaf, group in chosen:
        _try(groups, leaf, group, capped=False)
    seen: dict[str, set[str]] = {}
    for account in known.values():
        if not account.device and not account.relay and "anonymous" in kinds:
            for value in account.values("anonymous"):
                seen.setdefault(value, set()).add(groups.group[account.id])
    for device in (one for one in waiting if one.device):
        found = free(device, (group for value in device.values("anonymous") for group in seen.get(value, ())))
        if len(found) == 1:
            _try(groups, device.id, groups.group[found[0]], capped=False)


def _other_person(guest: Account, groups: _Groups, group: str) -> bool:
    emails = groups.values(group, "email")
    if guest.values("email") and emails and not guest.values("email") & emails:
        return True
    return bool(guest.name) and any(not same_name(guest.name or "", name) for name in groups.names(group))


def _suggested(
    groups: _Groups, carriers: Mapping[tuple[str, str], Sequence[str]], known: Mapping[str, Account]
) -> dict[Pair, frozenset[str]]:
    """Pairs of profiles that share what may not join them by itself, and that nobody put apart."""
    found: dict[Pair, set[str]] = {}
    for (kind, _), ids in carriers.items():
        if kind == "anonymous":
            continue
        here = sorted({groups.group[one] for one in ids if not known[one].device})
        if len(here) > PHONE_PROFILES + 1:
            continue
        for one, other in combinations(here, 2):
            parted = any(groups.apart.get(member, set()) & groups.held[other] for member in groups.held[one])
            if not parted and known[one].sample == known[other].sample:
                found.setdefault(frozenset((one, other)), set()).add(kind)
    return {pair: frozenset(kinds) for pair, kinds in found.items()}


def _named(groups: _Groups, known: Mapping[str, Account], suggested: Mapping[Pair, frozenset[str]]) -> Profiles:
    """Each group by its root: the account that was first, a customer's account before a guest's."""
    root: dict[str, str] = {}
    result = Profiles()
    for group, held in groups.held.items():
        first = min(held, key=lambda one: (known[one].device, known[one].guest, *known[one].age))
        root[group] = first
        result.members[first] = (first, *sorted(held - {first}))
    result.suggestions = {frozenset(root[one] for one in pair): kinds for pair, kinds in suggested.items()}
    return result
