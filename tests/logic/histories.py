"""Random histories of a small shop, by seed, and the ways in which Pub/Sub may deliver them.

A history is a list of records in source order. Few ids and few values on purpose: what matters are collisions (two
versions of one order, an order that changes hands, two records of one moment).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import (
    ConsentChange,
    CustomerRecord,
    EventRecord,
    FeedbackRecord,
    OrderRecord,
    Origin,
    Person,
    PlatformEvents,
    ProductRecord,
    Record,
)
from schema.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = b"k" * 32
RATES = {"EUR": 1.1, "JPY": 0.0067}
SHOP = {"currency": "USD", "zone": "Asia/Shanghai", "rates": RATES}
ACCOUNTS = ("c1", "c2", "c3", "email:li@example.com")
PLATFORM = Origin(connection_id="shop", platform="shopify")

Message = PlatformEvents


@dataclass
class Teller:
    """Makes up records; `version` is fixed for one import, and grows (sometimes not) on a platform."""

    rng: random.Random
    import_version: int | None = None
    version: int = 1_700_000_000_000

    def next_version(self) -> int:
        if self.import_version is not None:
            return self.import_version
        # Now and then two different states carry one version, as when a platform counts whole seconds.
        self.version += self.rng.choice((0, 1, 1, 1, 60_000))
        return self.version

    def moment(self) -> datetime:
        """Some moments repeat, some are written with another offset, some are younger than a day."""
        days = self.rng.choice((0, 1, 2, 3, 30, 30, 31, 60, 400))
        moment = NOW - timedelta(days=days, hours=self.rng.choice((0, 0, 5, 18)))
        return moment.astimezone(self.rng.choice((UTC, UTC, timezone(timedelta(hours=8)))))

    def person(self) -> Person:
        pick = self.rng.choice
        return Person(
            key=pick(ACCOUNTS),
            name=pick((None, "Ann Li", "Ann Lee", "王小明")),
            email=pick((None, None, "ann@example.com", "li@example.com")),
            phone=pick((None, None, None, "+447700900123")),
            birth_date=pick((None, None, None, "1990-02-28", "2001-12-31")),
            gender=pick((None, None, "female")),
            country=pick((None, "GB", "CN")),
            language=pick((None, "en", "zh")),
            address=pick((None, None, "1 High Street")),
            tags=pick(([], [], ["vip"], ["vip", "b2b"])),
        )

    def consent(self) -> list[ConsentChange]:
        made = []
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            said = ConsentChange(
                channel=self.rng.choice(("email", "sms")),
                status=self.rng.choice(("granted", "denied")),
                at=self.moment(),
                source=self.rng.choice(("file column", "attestation i0", "storefront", "checkout")),
            )
            made.append(said)
        return made

    def record(self) -> Record:
        make = self.rng.choices((self.customer, self.order, self.words, self.event, self.product), (2, 6, 3, 2, 1))[0]
        return make()

    def customer(self) -> CustomerRecord:
        return CustomerRecord(
            version=self.next_version(),
            person=self.person(),
            consent=self.consent(),
            profiling=self.rng.choice((None, None, "opted out", "allowed")),
            at=self.rng.choice((None, self.moment())),
        )

    def order(self) -> OrderRecord:
        pick = self.rng.choice
        total = pick((0, 999, 1000, 5050))
        return OrderRecord(
            version=self.next_version(),
            id=f"o{self.rng.randrange(6)}",
            person=self.person(),
            placed_at=self.moment(),
            status=pick(("paid", "paid", "paid", "refunded", "cancelled", "test")),
            currency=pick(("USD", "USD", "EUR", "JPY", "CHF")),
            total=total,
            discount=pick((0, 100)),
            refunded=pick((0, 0, total)),
            items=pick((0, 1, 3)),
            lines=pick(([], [{"product_id": "p1", "title": "Tea", "quantity": 2}])),
            consent=self.consent(),
        )

    def words(self) -> FeedbackRecord:
        number = self.rng.randrange(4)
        return FeedbackRecord(
            version=self.next_version(),
            id=f"f{number}",
            person=self.rng.choice((None, self.person())),
            at=self.rng.choice((None, self.moment())),
            product=self.rng.choice((None, "p1")),
            # No two ids say the same: what a person sends twice in one message is set aside (tests/ingest).
            text=self.rng.choice(("Good tea.", "不错")) + str(number),
            rating=self.rng.choice((None, 1, 5)),
        )

    def event(self) -> EventRecord:
        return EventRecord(
            version=self.next_version(),
            id=f"e{self.rng.randrange(4)}",
            person=self.person(),
            event=self.rng.choice(("visit", "cart")),
            at=self.moment(),
            product=self.rng.choice((None, "p1")),
        )

    def product(self) -> ProductRecord:
        return ProductRecord(
            version=self.next_version(), id="p1", title=self.rng.choice(("Tea", "Green tea")), price=500, currency="USD"
        )


def platform_history(rng: random.Random, length: int) -> list[Record]:
    """What a connected storefront tells over time; its versions grow."""
    teller = Teller(rng)
    return [teller.record() for _ in range(length)]


def file_history(rng: random.Random, length: int, version: int) -> list[Record]:
    """What one file says: orders, customers or reviews, all of one version.

    An order's or review's id stands in it once (the importer refuses a second one that says something else), a
    customer's as often as it likes.
    """
    teller = Teller(rng, import_version=version)
    make = rng.choice((teller.order, teller.customer, teller.words))
    records: list[Record] = []
    for line in range(2, length + 2):
        record = make()
        own = {} if isinstance(record, CustomerRecord) else {"id": f"{record.id[0]}{line}"}
        records.append(record.model_copy(update={"line": line, **own}))
    return records


def file_origin(name: str) -> Origin:
    """An import's origin."""
    return Origin(connection_id="csv", platform="csv", bulk=True, import_id=name)


def message(origin: Origin, records: Sequence[Record]) -> Message:
    """One message, as it comes off the wire."""
    return PlatformEvents(origin=origin, records=[record.to_json() for record in records])


def world(store: Store) -> World:
    """A shop at a fixed moment."""
    return World(store, MemoryBus(), lambda: NOW, KEY)


def empty_shop() -> World:
    """A shop in memory with its settings."""
    store = MemoryStore()
    store.documents["settings/shop"] = (dict(SHOP), 0)
    return world(store)


def calm(origin: Origin, records: Sequence[Record], size: int = 7) -> list[Message]:
    """Source order, each record once."""
    return [message(origin, records[start : start + size]) for start in range(0, len(records), size)]


def shuffled(origin: Origin, records: Sequence[Record], rng: random.Random, times: int = 5) -> list[Message]:
    """Every record one to `times` times, in any order, in messages of any size."""
    delivered = [record for record in records for _ in range(rng.randint(1, times))]
    rng.shuffle(delivered)
    messages = []
    while delivered:
        size = rng.choice((1, 2, 5, 20, 200))
        messages.append(message(origin, delivered[:size]))
        delivered = delivered[size:]
    return messages


def state(dump: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A dump without what says nothing about the shop.

    `dirty/` and `unresolved/` are marks of work to do. An address that nobody claims any more is no claim, and who was
    one customer for a moment depends on the order of arrival: the trail of it is history, not state.
    """
    kept: dict[str, dict[str, Any]] = {}
    for path, data in dump.items():
        if path.startswith(("dirty/", "unresolved/", "events/m-")) or "/trail/" in path:
            continue
        if path.startswith("identities/"):
            if data["kind"] == "storefront":
                continue
            claims = {customer: True for customer, claimed in data["claims"].items() if claimed}
            if not claims:
                continue
            data = {**data, "claims": claims}
        kept[path] = data
    return kept
