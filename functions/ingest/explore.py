"""Reading the accounts that are connected with some accounts, by what they claim and by how they are joined now.

Many starts are read together, one round of readings for each step away from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from functions.ingest.claims import Account, Claim, account_of, claim_path, storefront_path
from functions.ingest.links import decided, link_path
from functions.ingest.partition import ALL_KINDS, SHARED, Decided, Pair
from schema.store import Data, Doc, Store

LARGEST = 200
"""Accounts of a component that are looked at together; in a larger one weaker kinds of evidence do not count."""
TIERS: tuple[frozenset[str], ...] = (
    ALL_KINDS,
    ALL_KINDS - {"anonymous", "address"},
    ALL_KINDS - {"anonymous", "address", "phone"},
    frozenset(("unionid", "openid", "member")),
    frozenset(),
)


@dataclass
class Component:
    """Connected accounts as they were read."""

    kinds: frozenset[str]
    bases: dict[str, Data] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    decisions: dict[Pair, Decided] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)
    """Accounts that decisions or suggestions were made about."""

    def root_of(self, account: str) -> str:
        """The root that an account has now."""
        return str(self.bases[account]["mergedInto"] or account)


def explore(store: Store, key: bytes, starts: Iterable[str]) -> list[Component]:
    """The components of the accounts; without those that do not exist (yet, or any more)."""
    found: list[Component] = []
    waiting = set(starts)
    for index, kinds in enumerate(TIERS):
        reading = _Reading(store, key, kinds, bounded=index < len(TIERS) - 1)
        reading.run(waiting)
        whole, large = reading.components()
        found += whole
        waiting &= large
        if not waiting:
            break
    return found


def true_claims(doc: Doc | None) -> list[str]:
    """The accounts that a look-up document names."""
    return sorted(one for one, claimed in (doc.data.get("claims") or {}).items() if claimed) if doc else []


class _Reading:
    """Everything that can be reached from some accounts by some kinds of evidence."""

    def __init__(self, store: Store, key: bytes, kinds: frozenset[str], bounded: bool) -> None:
        self.store, self.key, self.kinds, self.bounded = store, key, kinds, bounded
        self.bases: dict[str, Data] = {}
        self.accounts: dict[str, Account] = {}
        self.claims: dict[str, Claim] = {}
        self.shared: set[Claim] = set()
        self.spoken: set[str] = set()
        self.links: set[str] = set()
        self.parent: dict[str, str] = {}
        self.size: dict[str, int] = {}

    def run(self, starts: Iterable[str]) -> None:
        asked: set[str] = set()
        looked: set[str] = set()
        for one in starts:
            self._find(one)
        # What belongs to a component that is too large already need not be read to the end.
        while waiting := sorted(one for one in self.parent.keys() - asked if not self._large(one)):
            asked.update(waiting)
            paths = {path: one for path, one in self._read_accounts(waiting).items() if path not in looked}
            looked.update(paths)
            self._read_identities(paths)

    def components(self) -> tuple[list[Component], set[str]]:
        """Components read to their end, and the accounts of those that are too large."""
        found: dict[str, Component] = {}
        large = {one for one in self.parent if self._large(one)}
        for one in sorted(self.accounts.keys() - large):
            component = found.setdefault(self._find(one), Component(self.kinds))
            account = self.accounts[one]
            component.bases[one] = self.bases[one]
            component.accounts[one] = replace(account, claims=account.claims - self.shared)
            component.spoken.update({one} & self.spoken)
        links = sorted(path for path in self.links if path.split("/")[1] not in large)
        for doc in self.store.get_many(links).values():
            if doc is not None:
                pair, decision = decided(doc)
                if group := found.get(self._find(min(pair))):
                    group.decisions[pair] = decision
        return list(found.values()), large

    def _read_accounts(self, accounts: Iterable[str]) -> dict[str, str]:
        """Paths of the look-up documents of what the accounts claim, each with an account that claims it."""
        docs = self.store.get_many(f"customers/{one}{part}" for one in accounts for part in ("", "/sources/account"))
        paths: dict[str, str] = {}
        for one in accounts:
            base, source = docs[f"customers/{one}"], docs[f"customers/{one}/sources/account"]
            if base is None:
                continue
            self.bases[one] = base.data
            self.accounts[one] = account = account_of(one, base.data, source.data if source else None)
            for other in (*(base.data.get("aliases") or ()), base.data.get("mergedInto")):
                if other:
                    self._join(one, other)
            paths[storefront_path(self.key, one)] = one
            for claim in account.claims:
                if claim[0] in self.kinds:
                    path = claim_path(self.key, claim)
                    self.claims[path] = claim
                    paths.setdefault(path, one)
        return paths

    def _read_identities(self, paths: Mapping[str, str]) -> None:
        for path, doc in self.store.get_many(sorted(paths)).items():
            named, one = true_claims(doc), paths[path]
            if path in self.claims:
                if len(named) > SHARED:
                    self.shared.add(self.claims[path])
                    continue
            elif doc is not None:
                self.spoken.add(one)
                self.links.update(link_path(one, other) for other in named if other != one)
            for other in named:
                self._join(one, other)

    def _find(self, one: str) -> str:
        self.size.setdefault(one, 1)
        top = self.parent.setdefault(one, one)
        while self.parent[top] != top:
            top = self.parent[top]
        self.parent[one] = top
        return top

    def _join(self, one: str, other: str) -> None:
        first, second = sorted((self._find(one), self._find(other)))
        if first != second:
            self.parent[second] = first
            self.size[first] += self.size.pop(second)

    def _large(self, one: str) -> bool:
        return self.bounded and self.size[self._find(one)] > LARGEST
