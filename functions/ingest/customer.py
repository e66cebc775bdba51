"""Accounts and their customers while a plan runs: profile, statistics, and the writes that keep them.

Every account has a document `customers/{id}` and its own source with its own statistics. A customer is a root account
and its aliases; the root's document shows what folds over all of them. Whoever writes any of a customer's accounts
writes the root too, under its precondition: so two writers of two accounts never fold past each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from functions.ingest import profile, statistics
from functions.ingest.claims import claim_writes, fingerprint, looked_up, unresolved
from functions.ingest.combine import combined
from functions.ingest.identity import customer_id
from functions.ingest.setting import Outcome, Setting
from schema.lifecycle import stage
from schema.store import Conflict, Create, Doc, Missing, Put, Query, ReadSet, Update, Write, copied
from schema.tagging import tags_of

Data = dict[str, Any]
INFERRED: Data = {"psyche": None, "habits": None, "predictions": None, "modelTags": []}
"""What models say of a customer, before they say anything."""
LISTED_ROWS = 20
"""Rows of one customer in one customer list that are recognised when the list is imported again."""


def customer_paths(customer: str) -> list[str]:
    """What decides an account's profile: three reads."""
    base = f"customers/{customer}"
    return [base, f"{base}/sources/account", f"{base}/sources/manual"]


def source_paths(customer: str) -> list[str]:
    """What an account says, and what members said of it."""
    return customer_paths(customer)[1:]


def own_stats(base: Doc | None, source: Doc | None) -> Data:
    """An account's own statistics; in documents older than profiles of several accounts they are the customer's."""
    if source and source.data.get("stats"):
        return copied(source.data["stats"])  # type: ignore[no-any-return]
    return copied(base.data["stats"]) if base and not base.data.get("aliases") else statistics.empty_stats()


class CustomerState:
    """One account while a plan runs: profile, statistics and what has to be written."""

    def __init__(
        self,
        identity: str,
        account: str | None,
        base: Doc | None,
        source: Doc | None,
        manual: Doc | None,
        docs: ReadSet,
        setting: Setting,
        outcome: Outcome,
    ) -> None:
        self.identity = identity
        self.base = base
        self.docs = docs
        self.setting = setting
        self.outcome = outcome
        self.source_doc = source
        self.manual = self.manual_was = manual.data if manual else None
        # Of a person to be forgotten not even the key is shown: it may be an address.
        forgotten = source is not None and source.data.get("redactedVersion") is not None
        self.account = (None if forgotten else account) or (source.data["externalId"] if source else "")
        # A source of an older version lacks what came later; the account it speaks of is no guest's.
        known: Data = {"guest": False, **copied(source.data)} if source else {}
        self.source: Data = profile.empty_source(setting.origin.connection_id, self.account) | known
        held: Data = base.data if base else {}
        self.stats: Data = own_stats(base, source)
        self.created_at: datetime | None = held.get("createdAt")
        self.created_version: int | None = held.get("createdVersion")
        self.created_by: str | None = held.get("createdBy")
        self.root = str(held.get("mergedInto") or identity)
        self.replaced: dict[str, Data | None] = {}
        self.history_moved = False

    @property
    def is_new(self) -> bool:
        return self.base is None

    def known_since(self, at: datetime, version: int, by: str) -> None:
        self.created_at = at if self.created_at is None else min(self.created_at, at)
        if self.created_version is None or (version, by) < (self.created_version, self.created_by or ""):
            self.created_version, self.created_by = version, by

    def lists(self, row: str, version: int) -> bool:
        """Note a row of a customer list; False when the list before said the same and there is nothing to take."""
        listed = self.source["listed"] or {"version": version, "rows": []}
        if version > listed["version"]:
            if row in listed["rows"]:
                return False
            listed = {"version": version, "rows": []}
        if version == listed["version"]:
            self.source["listed"] = {"version": version, "rows": sorted({*listed["rows"], row})[:LISTED_ROWS]}
        return True

    def saw(self, at: datetime) -> None:
        statistics.see(self.stats, at)

    def count_events(self, difference: int) -> None:
        self.stats["events"] += difference

    def count_words(self, old: Data | None, new: Data | None) -> None:
        statistics.apply_words(self.stats, old, new)

    def replace_order(self, path: str, old: Data | None, new: Data | None) -> None:
        if statistics.moves_history(old, new):
            self.history_moved = True
        statistics.apply_order(self.stats, old, new)
        self.replaced[path] = new

    def created(self) -> Data:
        return {"createdAt": self.created_at, "createdVersion": self.created_version, "createdBy": self.created_by}

    def settle(self) -> bool:
        """Bring the source up to date; returns whether anything of the account has to be written."""
        if self.history_moved:
            statistics.recount_moments(self.stats, self._moments())
        self.source["stats"] = self.stats
        return (
            self.source_doc is None or self.source_doc.data != self.source or bool(self.replaced) or self._created_moved
        )

    @property
    def _created_moved(self) -> bool:
        return self.base is None or any(self.base.data.get(name) != value for name, value in self.created().items())

    @property
    def _forgotten(self) -> bool:
        """Whether the document still names an account that is to be forgotten."""
        named = self.base is not None and self.base.data.get("externalId") is not None
        return named and self.source.get("redactedVersion") is not None

    def source_writes(self) -> list[Write]:
        """The account's own documents, with its claims and, where they changed, the mark to resolve them."""
        path = customer_paths(self.identity)[1]
        was = self.source_doc.data if self.source_doc else None
        # Written whenever anything of the account is: what was read before the root is guarded by it.
        writes: list[Write] = [
            Update(path, self.source, self.source_doc.update_time) if self.source_doc else Create(path, self.source)
        ]
        if self.base and self.root != self.identity and (self._created_moved or self._forgotten):
            fields = self.created() | ({"externalId": None} if self._forgotten else {})
            writes.append(Update(f"customers/{self.identity}", fields, self.base.update_time))
        key, now = self.setting.identity_key, self.setting.now
        before, after = looked_up(was, self.manual_was), looked_up(self.source, self.manual)
        if self.source_doc is None:
            before = frozenset()
        writes.extend(claim_writes(key, self.identity, before, after))
        merged = self.base is not None and (self.root != self.identity or bool(self.base.data["aliases"]))
        if self.base is None or fingerprint(was) != fingerprint(self.source) or (merged and self._created_moved):
            writes.append(unresolved(key, self.identity, now, before - after))
            self.outcome.unresolved.add(self.identity)
        return writes

    def _moments(self) -> list[datetime]:
        """Times of all counted orders as they will be: what is stored, with this plan's changes over it."""
        query = Query("orders", where=(("customerId", "==", self.identity),), select=("placedAt", "status", "deleted"))
        stored = {doc.path: doc.data for doc in self.docs.rows(query)}
        stored.update({path: order for path, order in self.replaced.items() if order is not None})
        for path, order in self.replaced.items():
            if order is None:
                stored.pop(path, None)
        return [order["placedAt"] for order in stored.values() if statistics.counts(order)]


class People:
    """The accounts that a plan is about, and the customers that they belong to."""

    def __init__(self, docs: ReadSet, setting: Setting, outcome: Outcome) -> None:
        self.docs = docs
        self.setting = setting
        self.outcome = outcome
        self.states: dict[str, CustomerState] = {}

    def account(self, key: str) -> CustomerState:
        """The account with this key at the plan's connection.

        Raises:
            Missing: its documents, or those of its customer's other accounts, have to be read.
        """
        return self.load(customer_id(self.setting.identity_key, self.setting.origin.connection_id, key), key)

    def load(self, identity: str, key: str | None = None) -> CustomerState:
        """The account with this document id."""
        if identity not in self.states:
            need(self.docs, customer_paths(identity))
            base, source, manual = (self.docs[path] for path in customer_paths(identity))
            state = CustomerState(identity, key, base, source, manual, self.docs, self.setting, self.outcome)
            self._members(state)
            self.states[identity] = state
            self.outcome.customers.update((identity, state.root))
        return self.states[identity]

    def _members(self, state: CustomerState) -> list[str]:
        return members(self.docs, state.identity) if state.base else [state.identity]

    def writes(self) -> list[Write]:
        """What keeps the accounts and their customers."""
        writes: list[Write] = []
        changed = [state for state in self.states.values() if state.settle()]
        for state in changed:
            writes.extend(state.source_writes())
        for root in dict.fromkeys(state.root for state in changed):
            writes.extend(self._root_writes(next(state for state in changed if state.root == root)))
        return writes

    def _root_writes(self, state: CustomerState) -> list[Write]:
        root, now = state.root, self.setting.now
        path = f"customers/{root}"
        ids = self._members(state)
        held = self.docs[path] if state.base else None
        if held is None and state.created_at is None:
            # Nothing is known but that the account was deleted: no customer comes of that.
            return []
        accounts = [self._part(one) for one in ids]
        was = [(source.data if source else None, manual) for source, manual in map(self._stored, ids)]
        created = self.states[root].created() if root in self.states else {}
        data = shown(accounts, held.data if held else None, now) | created
        writes: list[Write] = []
        contact = profile.contact(profile.fold_accounts([(one.source, one.manual) for one in accounts]))
        if held is None or profile.contact(profile.fold_accounts(was)) != contact:
            writes.append(Put(f"{path}/pii/contact", contact))
        if held is None:
            writes.append(Create(path, {**_new_customer(self.setting), **data, "updatedAt": now}))
        else:
            # Written whenever anything of the customer is, also when an order changed and no figure did: its
            # precondition is what makes the group atomic, and what guards the history that another plan has read.
            fields = {name: value for name, value in data.items() if held.data.get(name) != value}
            writes.append(Update(path, {**fields, "updatedAt": now}, held.update_time))
        moments = {data.get("createdAt"), held.data["createdAt"] if held else None} - {None} if created else set()
        if held is None or len(moments) > 1:
            self.outcome.days.update(at.astimezone(self.setting.zone).date().isoformat() for at in moments if at)
        return writes

    def _stored(self, identity: str) -> tuple[Doc | None, Data | None]:
        if identity in self.states:
            state = self.states[identity]
            return state.source_doc, state.manual_was
        source, manual = (self.docs[path] for path in source_paths(identity))
        return source, manual.data if manual else None

    def _part(self, identity: str) -> Part:
        """An account as it will be."""
        if identity in self.states:
            state = self.states[identity]
            return Part(identity, state.account, state.source, state.manual, state.stats)
        source, manual = self._stored(identity)
        return part(identity, None, source, manual)


def need(docs: ReadSet, paths: Sequence[str]) -> None:
    """Ask for documents that were not read yet, all at once.

    Raises:
        Missing: some were not.
    """
    if unread := [path for path in paths if path not in docs.docs]:
        raise Missing(unread)


def members(docs: ReadSet, identity: str) -> list[str]:
    """All accounts of the customer that an account (that exists) belongs to, the root first, the others by id.

    Raises:
        Missing: documents of theirs have to be read first.
        Conflict: the account was joined or parted between two readings: read again.
    """
    base = docs[f"customers/{identity}"]
    root = str((base.data["mergedInto"] if base else None) or identity)
    held = docs[f"customers/{root}"]
    aliases: list[str] = held.data["aliases"] if held else []
    if held is None or held.data["mergedInto"] or (root != identity and identity not in aliases):
        raise Conflict(f"{identity} moved")
    if aliases:
        need(docs, [path for one in (root, *aliases) for path in source_paths(one)])
    return [root, *aliases]


class Part:
    """One account's share in a customer."""

    def __init__(self, identity: str, account: str, source: Data | None, manual: Data | None, stats: Data) -> None:
        self.identity = identity
        self.account = account
        self.source = source
        self.manual = manual
        self.stats = stats


def part(identity: str, base: Doc | None, source: Doc | None, manual: Data | None) -> Part:
    """An account's share as it is stored."""
    key = source.data["externalId"] if source else str((base.data.get("externalId") if base else None) or "")
    return Part(identity, key, source.data if source else None, manual, own_stats(base, source))


def shown(accounts: Sequence[Part], held: Data | None, now: datetime) -> Data:
    """A customer document's fields that follow from its accounts, the root first.

    Args:
        held: the document as it is; what follows from the figures alone is judged anew only when they moved.
    """
    folded = profile.fold_accounts([(one.source, one.manual) for one in accounts])
    first, *others = accounts
    data: Data = {
        **profile.project_customer(folded, first.account, now.date(), [one.account for one in others]),
        "stats": combined([one.stats for one in accounts]),
    }
    if held is None or held["stats"] != data["stats"]:
        data["lifecycleStage"] = stage(data["stats"], now)
    # Rules over time are asked anew when the customer changes; what time alone changes is the nightly job's.
    moved = held is None or any(held.get(name) != data[name] for name in ("stats", "consent", "profiling"))
    auto = tags_of({**(held or {}), **data}, now) if moved else held["tags"].get("auto") if held else []
    data["tags"] = {"manual": folded["manualTags"], "source": folded["sourceTags"], "auto": auto}
    return data


def _new_customer(setting: Setting) -> Data:
    return {
        "platform": setting.origin.platform,
        "lifecycleStage": "lead",
        "interests": [],
        "rfm": None,
        "segment": None,
        **INFERRED,
        "ruleSegments": [],
        "aliases": [],
        "mergedInto": None,
        "sample": setting.origin.sample,
        "evaluatedAt": None,
    }
