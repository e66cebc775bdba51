"""The heart of the intake: `plan(records, documents) -> writes`, pure.

What must hold (and is tested with shuffled, duplicated and crashed deliveries): the same records in any order, any
number
of times, leave one state; a customer's statistics equal a recount; an older version never overwrites a newer one (equal
versions: the larger content hash wins).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.ingest import profile
from functions.ingest.customer import CustomerState, customer_paths
from functions.ingest.identity import customer_id, record_id
from functions.ingest.setting import Outcome, Setting
from schema.clock import milliseconds
from schema.money import convert
from schema.records import (
    CustomerRecord,
    DeletedRecord,
    EventRecord,
    FeedbackRecord,
    OrderRecord,
    ProductRecord,
    Record,
)
from schema.store import Create, Delete, Missing, Put, ReadSet, Update, Write, copied

Data = dict[str, Any]
HISTORY_AFTER = timedelta(hours=24)


def about(record: Record) -> str | None:
    """The account that a record is about; None for products and texts without a customer."""
    if isinstance(record, DeletedRecord):
        return record.id if record.what == "customer" else None
    if isinstance(record, ProductRecord):
        return None
    return record.person.key if record.person else None


def paths_of(record: Record, setting: Setting) -> list[str]:
    """The documents to read for a record."""
    connection = setting.origin.connection_id
    account = about(record)
    paths = customer_paths(customer_id(setting.identity_key, connection, account)) if account else []
    match record:
        case OrderRecord():
            paths.append(f"orders/{record_id(connection, 'order', record.id)}")
        case FeedbackRecord():
            paths.append(f"feedback/{record_id(connection, 'feedback', record.id)}")
        case ProductRecord():
            paths.append(f"products/{record_id(connection, 'product', record.id)}")
        case EventRecord():
            paths.append(f"events/{event_id('e', record_id(connection, 'event', record.id))}")
        case _:
            pass
    return paths


def event_id(prefix: str, identity: str) -> str:
    """Id of the timeline line of an order (`o`), a text (`f`) or an event of its own (`e`)."""
    return f"{prefix}-{identity}"


def plan(records: Sequence[Record], docs: ReadSet, setting: Setting, outcome: Outcome) -> list[Write]:
    """The writes that take `records` (of one customer, or of none) into the documents.

    Raises:
        Missing: further documents or a history are needed; read them and call again.
    """
    outcome.clear()
    return _Planner(docs, setting, outcome).run(records)


class _Planner:
    def __init__(self, docs: ReadSet, setting: Setting, outcome: Outcome) -> None:
        self.docs = docs
        self.setting = setting
        self.outcome = outcome
        self.people: dict[str, CustomerState] = {}
        self.held: dict[str, Data | None] = {}
        self.outputs: dict[str, Write] = {}

    def run(self, records: Sequence[Record]) -> list[Write]:
        for record in sorted(records, key=lambda one: (one.version, one.line or 0)):
            match record:
                case OrderRecord():
                    self.order(record)
                case FeedbackRecord():
                    self.words(record)
                case ProductRecord():
                    self.product(record)
                case EventRecord():
                    self.event(record)
                case CustomerRecord():
                    self.customer(record)
        writes = self._document_writes()
        for person in self.people.values():
            writes.extend(person.writes())
        return [*writes, *self.outputs.values()]

    # --- records ---

    def customer(self, record: CustomerRecord) -> None:
        person = self.person(record.person.key)
        if self.setting.origin.import_id and not person.lists(self._fingerprint({}, record), record.version):
            self.outcome.unchanged += 1
            return
        at = record.at or _of_version(record.version)
        before = copied(person.source)
        profile.fold_person(person.source, record.person, _of_version(record.version), record.version)
        profile.fold_consent(person.source, record.consent)
        profile.fold_profiling(person.source, record.profiling, _of_version(record.version), record.version)
        if person.is_new or person.created_version == record.version:
            self.outcome.created += 1
        elif _said(before) != _said(person.source):
            self.outcome.updated += 1
        else:
            self.outcome.unchanged += 1
        person.known_since(at, record.version, self.setting.created_by)

    def order(self, record: OrderRecord) -> None:
        if record.person is None:
            raise NotImplementedError("orders without a customer")
        person = self.person(record.person.key)
        identity = record_id(self.setting.origin.connection_id, "order", record.id)
        path = f"orders/{identity}"
        new = self._order_doc(record, person.identity)
        old = self.current(path)
        if self._imported_again(old, new, record.version):
            return
        profile.fold_person(person.source, record.person, record.placed_at, record.version)
        profile.fold_consent(person.source, record.consent)
        person.known_since(record.placed_at, record.version, self.setting.created_by)
        if not self._newer(path, old, new, record.version):
            return
        if old is not None and old["customerId"] != person.identity:
            former = self.person_by_id(old["customerId"])
            former.replace_order(path, old, None)
            person.replace_order(path, None, new)
        else:
            person.replace_order(path, old, new)
        self.outcome.days.update(day for day in ((old or {}).get("day"), new["day"]) if day)
        self.outputs[f"events/{event_id('o', identity)}"] = Put(
            f"events/{event_id('o', identity)}",
            {
                "customerId": person.identity,
                "kind": "order",
                "channel": _channel(self.setting.origin.platform),
                "at": record.placed_at,
                "title": next((line.title for line in record.lines if line.title), None),
                "amount": record.total,
                "currency": record.currency,
                "ref": path,
                "sourceVersion": 0,
                "historic": new["historic"],
                "sample": self.setting.origin.sample,
            },
        )

    def words(self, record: FeedbackRecord) -> None:
        connection = self.setting.origin.connection_id
        identity = record_id(connection, "feedback", record.id)
        path = f"feedback/{identity}"
        person = self.person(record.person.key) if record.person else None
        at = record.at
        new: Data = {
            "customerId": person.identity if person else None,
            "connectionId": connection,
            "platform": self.setting.origin.platform,
            "externalId": None if record.generated_id else record.id,
            "kind": record.words,
            "at": at,
            "productId": record_id(connection, "product", record.product) if record.product else None,
            "productTitle": record.product_title or record.product,
            "title": record.title,
            "text": record.text,
            "rating": record.rating,
            "language": record.language,
        }
        new = self._versioned(new, record) | {"bulk": self.setting.origin.bulk}
        old = self.current(path)
        if self._imported_again(old, new, record.version):
            return
        if person and record.person:
            when = at or _of_version(record.version)
            profile.fold_person(person.source, record.person, when, record.version)
            person.known_since(when, record.version, self.setting.created_by)
        if not self._newer(path, old, new, record.version):
            return
        if old is not None and old["customerId"] and old["customerId"] != new["customerId"]:
            self.person_by_id(old["customerId"]).count_words(old, None)
            if person:
                person.count_words(None, new)
        elif person:
            person.count_words(old if old and old["customerId"] else None, new)
        if person and at is not None:
            self.outputs[f"events/{event_id('f', identity)}"] = Put(
                f"events/{event_id('f', identity)}",
                {
                    "customerId": person.identity,
                    "kind": "feedback",
                    "channel": _channel(self.setting.origin.platform),
                    "at": at,
                    "title": (record.title or record.text)[:120] or None,
                    "amount": None,
                    "currency": None,
                    "ref": path,
                    "sourceVersion": 0,
                    "historic": self._historic(at),
                    "sample": self.setting.origin.sample,
                },
            )
        elif old and old["at"]:
            self.outputs[f"events/{event_id('f', identity)}"] = Delete(f"events/{event_id('f', identity)}")

    def product(self, record: ProductRecord) -> None:
        connection = self.setting.origin.connection_id
        path = f"products/{record_id(connection, 'product', record.id)}"
        new: Data = {
            "connectionId": connection,
            "platform": self.setting.origin.platform,
            "externalId": record.id,
            "title": record.title,
            "category": record.category,
            "price": record.price,
            "currency": record.currency,
        }
        new = self._versioned(new, record)
        old = self.current(path)
        if not self._imported_again(old, new, record.version):
            self._newer(path, old, new, record.version)

    def event(self, record: EventRecord) -> None:
        person = self.person(record.person.key)
        connection = self.setting.origin.connection_id
        path = f"events/{event_id('e', record_id(connection, 'event', record.id))}"
        profile.fold_person(person.source, record.person, record.at, record.version)
        person.known_since(record.at, record.version, self.setting.created_by)
        person.saw(record.at)
        new: Data = {
            "customerId": person.identity,
            "kind": record.event,
            "channel": record.channel,
            "at": record.at,
            "title": record.title,
            "amount": None,
            "currency": None,
            "ref": f"products/{record_id(connection, 'product', record.product)}" if record.product else None,
            "sourceVersion": record.version,
            "historic": self._historic(record.at),
            "sample": self.setting.origin.sample,
        }
        old = self.current(path)
        if old is not None and _event_rank(new) <= _event_rank(old):
            self.outcome.unchanged += 1
            return
        if old is not None:
            self.person_by_id(old["customerId"]).count_events(-1)
        self.held[path] = new
        person.count_events(1)
        self.outcome.updated += old is not None
        self.outcome.created += old is None

    # --- documents ---

    def person(self, account: str) -> CustomerState:
        return self._load(customer_id(self.setting.identity_key, self.setting.origin.connection_id, account), account)

    def person_by_id(self, identity: str) -> CustomerState:
        return self._load(identity, None)

    def _load(self, identity: str, account: str | None) -> CustomerState:
        if identity not in self.people:
            paths = customer_paths(identity)
            if unread := [path for path in paths if path not in self.docs.docs]:
                raise Missing(unread)
            base, source, manual = (self.docs[path] for path in paths)
            self.people[identity] = CustomerState(
                identity, account, base, source, manual, self.docs, self.setting, self.outcome
            )
        return self.people[identity]

    def current(self, path: str) -> Data | None:
        if path not in self.held:
            doc = self.docs[path]
            self.held[path] = copied(doc.data) if doc else None
        return self.held[path]

    def _imported_again(self, old: Data | None, new: Data, version: int) -> bool:
        """Whether a file repeats what the document says: then nothing of the record is taken, not even its time."""
        if not self.setting.origin.import_id or old is None or old["contentHash"] != new["contentHash"]:
            return False
        replayed = old["createdVersion"] == version
        self.outcome.created += replayed
        self.outcome.unchanged += not replayed
        return True

    def _newer(self, path: str, old: Data | None, new: Data, version: int) -> bool:
        """Take `new` over `old` if it is newer; count what happened. Returns whether it was taken."""
        if old is None:
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

    def _order_doc(self, record: OrderRecord, identity: str) -> Data:
        setting = self.setting

        def reporting(minor: int) -> int | None:
            return convert(minor, record.currency, setting.currency, setting.rates)

        counted = record.status not in ("cancelled", "test")
        net = reporting(record.total - record.refunded)
        return self._versioned(
            {
                "customerId": identity,
                "connectionId": setting.origin.connection_id,
                "platform": setting.origin.platform,
                "externalId": None if record.generated_id else record.id,
                "placedAt": record.placed_at,
                "day": record.placed_at.astimezone(setting.zone).date().isoformat() if counted else None,
                "status": record.status,
                "currency": record.currency,
                "total": record.total,
                "discount": record.discount,
                "refunded": record.refunded,
                "reportingTotal": net,
                "reportingDiscount": reporting(record.discount),
                "reportingRefunded": reporting(record.refunded),
                "items": record.items or sum(line.quantity for line in record.lines),
                "lines": [line.to_doc() for line in record.lines],
            },
            record,
        ) | {"historic": self._historic(record.placed_at)}

    def _versioned(self, data: Data, record: OrderRecord | FeedbackRecord | ProductRecord) -> Data:
        return data | {
            "sourceVersion": record.version,
            "contentHash": self._fingerprint(data, record),
            "createdVersion": record.version,
            "sample": self.setting.origin.sample,
            "updatedAt": self.setting.now,
        }

    def _fingerprint(self, data: Data, record: Record) -> str:
        """What a record says, with person and consent: only one that says nothing new may be passed over."""
        said = dict(data)
        if not isinstance(record, (ProductRecord, DeletedRecord)) and record.person:
            said["person"] = record.person.to_doc()
        if isinstance(record, CustomerRecord):
            said |= {"profiling": record.profiling, "at": record.at}
        if isinstance(record, (CustomerRecord, OrderRecord)):
            # Consent without a date of its own bears that of its file.
            said["consent"] = [
                [one.channel, one.status, one.source, None if milliseconds(one.at) == record.version else one.at]
                for one in record.consent
            ]
        return content_hash(said, self.setting.identity_key)

    def _historic(self, at: datetime) -> bool:
        return self.setting.origin.bulk and self.setting.now - at > HISTORY_AFTER


def content_hash(data: Data, key: bytes = b"") -> str:
    """16 hex digits over what a record says, without versions and times of writing.

    Args:
        key: makes a hash over personal data useless for guessing at them.
    """
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=lambda value: value.astimezone(UTC).isoformat())
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def _event_rank(event: Data) -> tuple[int, str]:
    return event["sourceVersion"], content_hash({name: value for name, value in event.items() if name != "historic"})


def _said(source: Data) -> Data:
    return {name: value for name, value in source.items() if name != "ranks"}


def _of_version(version: int) -> datetime:
    return datetime.fromtimestamp(version / 1000, UTC)


def _channel(platform: str) -> str:
    return {"csv": "csv", "pos": "pos", "wechat": "wechat", "tracking": "website"}.get(platform, "storefront")
