"""The heart of the intake: `plan(records, documents) -> writes`, pure.

What must hold (and is tested with shuffled, duplicated and crashed deliveries): the same records in any order, any
number of times, leave one state; a customer's statistics equal a recount; an older version never overwrites a newer one
(equal versions: the larger content hash wins). Each kind of record has its own file beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from functions.ingest import carts, catalog, erase, orders, profile, visits, words
from functions.ingest.customer import CustomerState, People, customer_paths
from functions.ingest.hashing import content_hash
from functions.ingest.identity import customer_id, record_id
from functions.ingest.links import decide, link_path, once
from functions.ingest.setting import Outcome, Setting
from schema.clock import milliseconds, of_milliseconds
from schema.connections import MergeDecision
from schema.records import (
    CartRecord,
    ConsentChange,
    CustomerRecord,
    DeletedRecord,
    EventRecord,
    FeedbackRecord,
    LinkRecord,
    OrderRecord,
    Person,
    ProductRecord,
    Record,
)
from schema.store import Create, ReadSet, Update, Write, copied

Data = dict[str, Any]
HISTORY_AFTER = timedelta(hours=24)
_CHANNELS = {"csv": "csv", "pos": "pos", "wechat": "wechat", "tracking": "website"}


def about(record: Record) -> str | None:
    """The account that a record is about; None for products, and for orders and texts without a customer."""
    if isinstance(record, DeletedRecord):
        return record.id if record.what == "customer" else None
    if isinstance(record, ProductRecord):
        return None
    return record.person.key if record.person else None


def subject(record: Record, setting: Setting) -> list[str]:
    """The documents that hold the thing itself."""
    connection = setting.origin.connection_id
    match record:
        case OrderRecord():
            return [orders.path_of(connection, record.id)]
        case FeedbackRecord():
            return [f"feedback/{record_id(connection, 'feedback', record.id)}"]
        case ProductRecord():
            product = catalog.path_of(connection, record.id)
            return [catalog.state_path(product), product]
        case CartRecord():
            return [carts.path_of(connection, record.id)]
        case EventRecord():
            return [visits.path_of(connection, record.id)]
        case DeletedRecord(what="order"):
            return [orders.path_of(connection, record.id)]
        case DeletedRecord(what="product"):
            return [catalog.path_of(connection, record.id)]
        case DeletedRecord(what="cart"):
            return [carts.path_of(connection, record.id)]
        case LinkRecord():
            keys = (record.person.key, record.other)
            return [link_path(*(customer_id(setting.identity_key, connection, key) for key in keys))]
        case _:
            return []


def paths_of(record: Record, setting: Setting) -> list[str]:
    """The documents to read for a record."""
    account = about(record)
    identity = customer_id(setting.identity_key, setting.origin.connection_id, account) if account else None
    return [*(customer_paths(identity) if identity else ()), *subject(record, setting)]


def plan(records: Sequence[Record], docs: ReadSet, setting: Setting, outcome: Outcome) -> list[Write]:
    """The writes that take `records` (of one customer, or of none) into the documents.

    Raises:
        Missing: further documents or a history are needed; read them and call again.
    """
    outcome.clear()
    return Planner(docs, setting, outcome).run(records)


class Planner:
    """Documents and people while a plan runs; what the files of the records' kinds work with."""

    def __init__(self, docs: ReadSet, setting: Setting, outcome: Outcome) -> None:
        self.docs = docs
        self.setting = setting
        self.outcome = outcome
        self.connection = setting.origin.connection_id
        self.channel = _CHANNELS.get(setting.origin.platform, "storefront")
        self.people = People(docs, setting, outcome)
        self.held: dict[str, Data | None] = {}
        self.outputs: dict[str, Write] = {}
        """Writes that follow from a guarded document of the same batch, by path."""
        self.decisions: list[Write] = []

    def run(self, records: Sequence[Record]) -> list[Write]:
        for record in sorted(records, key=lambda one: (one.version, one.line or 0)):
            match record:
                case OrderRecord():
                    orders.take(self, record)
                case FeedbackRecord():
                    words.take(self, record)
                case ProductRecord():
                    catalog.take(self, record)
                case CartRecord():
                    carts.take(self, record)
                case EventRecord():
                    visits.take(self, record)
                case CustomerRecord():
                    self.customer(record)
                case LinkRecord():
                    self.link(record)
                case DeletedRecord(what="order"):
                    orders.delete(self, record)
                case DeletedRecord(what="product"):
                    catalog.delete(self, record)
                case DeletedRecord(what="cart"):
                    carts.delete(self, record)
                case DeletedRecord():
                    erase.take(self, record)
        writes = self._document_writes()
        return [*writes, *self.people.writes(), *self.outputs.values(), *once(self.decisions)]

    # --- people ---

    def customer(self, record: CustomerRecord) -> None:
        person = self.person(record.person.key)
        if self.setting.origin.import_id and not person.lists(self.fingerprint({}, record), record.version):
            self.outcome.unchanged += 1
            return
        at = record.at or of_milliseconds(record.version)
        before = copied(person.source)
        self.fold(person, record.person, of_milliseconds(record.version), record.version, record.consent)
        profile.fold_profiling(person.source, record.profiling, of_milliseconds(record.version), record.version)
        if person.is_new or person.created_version == record.version:
            self.outcome.created += 1
        elif _said(before) != _said(person.source):
            self.outcome.updated += 1
        else:
            self.outcome.unchanged += 1
        person.known_since(at, record.version, self.setting.created_by)

    def link(self, record: LinkRecord) -> None:
        """Two accounts that the platform itself joined; who is one person is decided by what reads the decision."""
        person = self.person(record.person.key)
        at = of_milliseconds(record.version)
        self.fold(person, record.person, at, record.version)
        person.known_since(at, record.version, self.setting.created_by)
        other = customer_id(self.setting.identity_key, self.connection, record.other)
        if other == person.identity:
            self.outcome.unchanged += 1
            return
        decision = MergeDecision(decision="join", by=self.connection, at=at, reason=self.setting.origin.platform)
        made = decide(self.docs, self.setting.identity_key, person.identity, other, decision, self.setting.now)
        self.decisions.extend(made)
        if made:
            self.outcome.unresolved.update((person.identity, other))
        self.outcome.updated += bool(made)
        self.outcome.unchanged += not made

    def fold(
        self,
        person: CustomerState,
        said: Person,
        at: datetime,
        version: int,
        consent: Sequence[ConsentChange] = (),
    ) -> None:
        """Take what a record says of its person; of what was true before an erasure only what kind of account it is."""
        if erase.over(person.source, at):
            said = Person(key=said.key, guest=said.guest, relay=said.relay)
        profile.fold_person(person.source, said, at, version)
        erase.date_claims(person.source, said, at, version)
        # A word about consent is no identifier; one from before the erasure grants nothing (`profile.fold`).
        profile.fold_consent(person.source, list(consent))

    def person(self, account: str) -> CustomerState:
        return self.people.account(account)

    def person_by_id(self, identity: str) -> CustomerState:
        return self.people.load(identity)

    # --- documents ---

    def current(self, path: str) -> Data | None:
        """A document as this plan has left it; a copy that may be changed in place."""
        if path not in self.held:
            doc = self.docs[path]
            self.held[path] = copied(doc.data) if doc else None
        return self.held[path]

    def imported_again(self, old: Data | None, new: Data, version: int) -> bool:
        """Whether a file repeats what the document says: then nothing of the record is taken, not even its time."""
        if not self.setting.origin.import_id or old is None or old["contentHash"] != new["contentHash"]:
            return False
        replayed = old["createdVersion"] == version
        self.outcome.created += replayed
        self.outcome.unchanged += not replayed
        return True

    def settle(self, path: str, old: Data | None, new: Data, version: int) -> bool:
        """Take `new` over `old` if it is newer; count what happened. Returns whether it was taken."""
        taken = self._newer(path, old, new, version)
        document = self.held[path]
        if document is not None and "deleted" in new:
            document["deletedVersion"] = old.get("deletedVersion") if old else None
            _overlay(document)
        return taken

    def says(self, path: str, new: Data, version: int) -> bool:
        """Whether the document at `path` has this content, and at this version."""
        held = self.held[path]
        return held is not None and held["contentHash"] == new["contentHash"] and held["sourceVersion"] == version

    def bury(self, path: str, version: int, nothing: Callable[[int], Data]) -> None:
        """Note a deletion. `nothing` makes the document of a thing of which only its deletion is known."""
        held = self.current(path)
        before = copied(held)
        if held is None or not held["contentHash"]:
            latest = max(version, held["deletedVersion"] if held else version)
            held = nothing(latest) | {
                "deletedVersion": latest,
                "sourceVersion": 0,
                "contentHash": "",
                "createdVersion": 0,
                "sample": self.setting.origin.sample,
                "updatedAt": before["updatedAt"] if before else self.setting.now,
            }
            self.held[path] = held
        known = held.get("deletedVersion")
        held["deletedVersion"] = version if known is None else max(known, version)
        _overlay(held)
        if before is None or before["deleted"] != held["deleted"]:
            held["updatedAt"] = self.setting.now
        self.outcome.updated += before != held
        self.outcome.unchanged += before == held

    def _newer(self, path: str, old: Data | None, new: Data, version: int) -> bool:
        if old is None or not old["contentHash"]:
            self.held[path] = new
            self.outcome.created += 1
            return True
        created = old["createdVersion"]
        old["createdVersion"] = new["createdVersion"] = min(created, version)
        if old["contentHash"] == new["contentHash"]:
            self.outcome.created += created == version
            self.outcome.unchanged += created != version
            # A platform's version moves on even when nothing else did, so that a late older state cannot win.
            old["sourceVersion"] = max(version, old["sourceVersion"])
            return False
        if (version, new["contentHash"]) <= (old["sourceVersion"], old["contentHash"]):
            self.outcome.unchanged += 1
            return False
        self.held[path] = new
        self.outcome.updated += 1
        return True

    def _document_writes(self) -> list[Write]:
        writes: list[Write] = []
        for path, data in self.held.items():
            doc = self.docs[path]
            if data is None or (doc and doc.data == data):
                continue
            writes.append(Update(path, data, doc.update_time) if doc else Create(path, data))
        return writes

    def versioned(self, data: Data, record: OrderRecord | FeedbackRecord | ProductRecord | CartRecord) -> Data:
        return data | {
            "sourceVersion": record.version,
            "contentHash": self.fingerprint(data, record),
            "createdVersion": record.version,
            "sample": self.setting.origin.sample,
            "updatedAt": self.setting.now,
        }

    def fingerprint(self, data: Data, record: Record) -> str:
        """What a record says, with person and consent: only one that says nothing new may be passed over."""
        said = dict(data)
        if not isinstance(record, (ProductRecord, DeletedRecord)) and record.person:
            said["person"] = record.person.to_doc()
        if isinstance(record, CustomerRecord):
            said |= {"profiling": record.profiling, "at": record.at}
        if isinstance(record, (CustomerRecord, OrderRecord, CartRecord)):
            # Consent without a date of its own bears that of its file.
            said["consent"] = [
                [one.channel, one.status, one.source, None if milliseconds(one.at) == record.version else one.at]
                for one in record.consent
            ]
        return content_hash(said, self.setting.identity_key)

    def historic(self, at: datetime) -> bool:
        return self.setting.origin.bulk and self.setting.now - at > HISTORY_AFTER


def _overlay(document: Data) -> None:
    """A thing is deleted unless a newer record speaks of it."""
    until = document["deletedVersion"]
    document["deleted"] = until is not None and until >= document["sourceVersion"]


def _said(source: Data) -> Data:
    return {name: value for name, value in source.items() if name != "ranks"}
