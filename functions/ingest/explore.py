"""Reading the accounts that are connected with one account, by what they claim and by how they are joined now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

    def root_of(self, account: str) -> str:
        """The root that an account has now."""
        return str(self.bases[account]["mergedInto"] or account)


def explore(store: Store, key: bytes, start: str) -> Component:
    """The component of an account; empty when there is no such account (yet, or any more)."""
    for kinds in TIERS:
        found = _closure(store, key, start, kinds)
        if found is not None:
            return found
    return _closure(store, key, start, frozenset(), bounded=False) or Component(frozenset())


def true_claims(doc: Doc | None) -> list[str]:
    """The accounts that a look-up document names."""
    return sorted(one for one, claimed in (doc.data.get("claims") or {}).items() if claimed) if doc else []


def _closure(store: Store, key: bytes, start: str, kinds: frozenset[str], bounded: bool = True) -> Component | None:
    """All that can be reached; None when it is too much."""
    found = Component(kinds)
    asked: set[str] = set()
    claims: dict[str, Claim] = {}
    shared: set[str] = set()
    looked: set[str] = set()
    links: set[str] = set()
    waiting = {start}
    while waiting:
        asked |= waiting
        docs = store.get_many(f"customers/{one}{part}" for one in sorted(waiting) for part in ("", "/sources/account"))
        paths: dict[str, None] = {}
        reached: set[str] = set()
        for one in sorted(waiting):
            base, source = docs[f"customers/{one}"], docs[f"customers/{one}/sources/account"]
            if base is None:
                continue
            account = account_of(one, base.data, source.data if source else None)
            found.bases[one], found.accounts[one] = base.data, account
            reached.update(base.data.get("aliases") or [])
            reached.update([base.data["mergedInto"]] if base.data.get("mergedInto") else [])
            paths[storefront_path(key, one)] = None
            for claim in sorted(account.claims):
                if claim[0] in kinds:
                    claims[claim_path(key, claim)] = claim
                    paths[claim_path(key, claim)] = None
        if bounded and len(found.bases) > LARGEST:
            return None
        unread = [path for path in paths if path not in looked]
        looked.update(unread)
        for path, doc in store.get_many(unread).items():
            named = true_claims(doc)
            if path in claims and len(named) > SHARED:
                shared.add(path)
                continue
            reached.update(named)
            if path not in claims:
                links.update(_pairs(path, key, named))
        waiting = reached - asked
    _decisions(store, found, links)
    unfit = {claims[path] for path in shared}
    for one, account in found.accounts.items():
        found.accounts[one] = replace(account, claims=account.claims - unfit)
    return found


def _pairs(path: str, key: bytes, named: Iterable[str]) -> Iterator[str]:
    """Paths of the decisions between the owner of a storefront document and those that it names."""
    accounts = list(named)
    owner = next((one for one in accounts if storefront_path(key, one) == path), None)
    return (link_path(owner, other) for other in accounts if owner and other != owner)


def _decisions(store: Store, found: Component, links: set[str]) -> None:
    docs: Mapping[str, Doc | None] = store.get_many(sorted(links)) if links else {}
    for doc in docs.values():
        if doc is not None:
            pair, one = decided(doc)
            found.decisions[pair] = one
