"""Random histories of a connected shop: everything a storefront can say, with deletions, prices and carts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from functions.ingest.announce import announce_due
from functions.ingest.cleaning.report import fold_cleaning
from functions.ingest.prices import REST
from functions.ingest.resolve import sweep_unresolved
from schema.documents import OrderLine
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import (
    CartRecord,
    DeletedRecord,
    EventRecord,
    OfferEvent,
    OrderRecord,
    Person,
    ProductRecord,
    Record,
)
from schema.store import Store
from tests.logic.histories import KEY, NOW, SHOP, Teller


class ShopTeller(Teller):
    """Makes up what a storefront says."""

    def record(self) -> Record:
        kinds = (
            (self.customer, 2),
            (self.shop_order, 5),
            (self.words, 2),
            (self.visit, 2),
            (self.priced, 5),
            (self.cart, 4),
            (self.deletion, 3),
        )
        makers, weights = zip(*kinds, strict=True)
        made: Record = self.rng.choices(makers, weights)[0]()
        return made

    def shop_order(self) -> OrderRecord:
        pick = self.rng.choice
        return self.order().model_copy(
            update={
                "person": pick((None, self.person(), self.person())),
                "channel": pick((None, "website", "pos")),
                "tax": pick((0, 80)),
                "shipping": pick((0, 500)),
                "discount_codes": pick(([], ["TEA10"])),
                "staff": pick((False, False, False, True)),
            }
        )

    def priced(self) -> ProductRecord:
        pick = self.rng.choice
        return ProductRecord(
            version=self.next_version(),
            id=pick(("p1", "p1", "p2")),
            title=pick(("Tea", "Green tea")),
            price=pick((900, 1000, 1000, 1100, None)),
            currency="USD",
            stock=pick((0, 0, 3, 5, None)),
            status=pick(("active", "active", "active", "hidden")),
        )

    def cart(self) -> CartRecord:
        pick = self.rng.choice
        return CartRecord(
            version=self.next_version(),
            id=pick(("k1", "k2")),
            person=pick((None, self.person(), self.person())),
            at=self.moment(),
            status=pick(("open", "abandoned", "abandoned", "recovered")),
            currency="USD",
            total=pick((500, 1500)),
            lines=pick(([], [OrderLine(product_id="p1", title="Tea")])),
            consent=self.consent(),
        )

    def visit(self) -> EventRecord:
        pick = self.rng.choice
        return self.event().model_copy(
            update={
                "event": pick(("page", "search", "signup", "custom", "product_viewed")),
                "session": pick((None, "s1")),
                "url": pick((None, "https://shop.example/tea")),
                "properties": pick(({}, {"query": "green"}, {"userAgent": "Googlebot/2.1"})),
                "title": pick((None, "Search")),
            }
        )

    def deletion(self) -> DeletedRecord:
        what, ids = self.rng.choice(
            (
                ("order", [f"o{n}" for n in range(6)]),
                ("product", ["p1", "p2"]),
                ("cart", ["k1", "k2"]),
                ("customer", ["c1", "c2", "email:li@example.com"]),
            )
        )
        redact = what == "customer" and self.rng.random() < 0.6
        return DeletedRecord(
            version=self.next_version(),
            what=what,
            id=self.rng.choice(ids),
            redact=redact,
        )

    def person(self) -> Person:
        said = super().person()
        claims = self.rng.choice(([], [], [{"kind": "member", "value": "m1"}]))
        return Person.model_validate(said.model_dump() | {"identities": claims, "guest": "@" in said.key})


def shop_history(rng: random.Random, length: int, recent: bool = False) -> list[Record]:
    """What a connected shop tells over time. `recent`: its versions end now, so that nothing is history."""
    teller = ShopTeller(rng)
    if recent:
        teller.version = int((NOW - timedelta(hours=2)).timestamp() * 1000)
    return [teller.record() for _ in range(length)]


def shop() -> World:
    """A shop in memory with its settings."""
    store = MemoryStore()
    store.documents["settings/shop"] = (dict(SHOP), 0)
    return at(store)


def at(store: Store, later: timedelta = timedelta(0), bus: MemoryBus | None = None) -> World:
    """The shop at a moment after the histories'."""
    return World(store, bus or MemoryBus(), lambda: NOW + later, KEY)


def rest(store: Store) -> list[OfferEvent]:
    """Let everything rest, then sweep: what offers are told."""
    bus = MemoryBus()
    here = at(store, REST + timedelta(seconds=1), bus)
    sweep_unresolved(at(store))
    announce_due(here)
    fold_cleaning(here)
    return told(bus)


def told(bus: MemoryBus) -> list[OfferEvent]:
    """The offer events on a bus, each once, by id."""
    events = {one.id: one for topic, one in bus.sent if topic == "offer-events" and isinstance(one, OfferEvent)}
    return [events[identity] for identity in sorted(events)]


def only(records: Sequence[Record], *kinds: str) -> list[Record]:
    """The records of some kinds."""
    return [record for record in records if record.kind in kinds]
