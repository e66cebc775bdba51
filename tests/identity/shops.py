"""A few people with accounts at several shops, by seed: who shares which address, what they ordered and said."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.ingest.identity import customer_id
from functions.ingest.intake import take_in
from functions.ingest.resolve import sweep_unresolved
from schema.documents import IdentityClaim
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import (
    CustomerRecord,
    EventRecord,
    FeedbackRecord,
    LinkRecord,
    OrderRecord,
    Origin,
    Person,
    PlatformEvents,
    Record,
)
from schema.store import Store
from tests.logic.histories import KEY, SHOP, state

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = 1_700_000_000_000
SHOPIFY = Origin(connection_id="shopify-1", platform="shopify")
WOO = Origin(connection_id="woo-1", platform="woocommerce")
TILL = Origin(connection_id="till-1", platform="pos")
WEB = Origin(connection_id="web-1", platform="tracking")
AMAZON = Origin(connection_id="amazon-1", platform="amazon")
Told = tuple[Origin, Record]
Dump = dict[str, dict[str, Any]]


def account(origin: Origin, key: str) -> str:
    return customer_id(KEY, origin.connection_id, key)


def shop(store: Store | None = None, at: datetime = NOW) -> World:
    """A shop whose clock a test may move."""
    held = store or MemoryStore()
    if isinstance(held, MemoryStore) and "settings/shop" not in held.documents:
        held.documents["settings/shop"] = (dict(SHOP), 0)
    return World(held, MemoryBus(), lambda: at, KEY)


def person(key: str, **fields: Any) -> Person:
    return Person(key=key, **fields)


def signed_up(who: Person, version: int = START, days: float = 100) -> CustomerRecord:
    return CustomerRecord(version=version, person=who, at=NOW - timedelta(days=days))


def ordered(who: Person, number: int, version: int = START, days: float = 10, total: int = 1000) -> OrderRecord:
    return OrderRecord(
        version=version,
        id=f"o{number}",
        person=who,
        placed_at=NOW - timedelta(days=days),
        currency="USD",
        total=total,
    )


def tell(here: World, origin: Origin, *records: Record) -> None:
    message = PlatformEvents(origin=origin, records=[record.to_json() for record in records])
    assert take_in(here, message).failed == []


def dump(here: World) -> Dump:
    """The state once the sweep has found what a death left behind."""
    assert isinstance(here.store, MemoryStore)
    while sweep_unresolved(here):
        pass
    return state(here.store.dump())


def profiles(found: Dump) -> dict[str, list[str]]:
    """Accounts by root."""
    customers = {path.split("/")[1]: data for path, data in found.items() if _is_customer(path)}
    return {one: [one, *data["aliases"]] for one, data in customers.items() if data["mergedInto"] is None}


def _is_customer(path: str) -> bool:
    return path.startswith("customers/") and path.count("/") == 1


class Teller:
    """Makes up what shops tell of few people with few addresses: what matters are collisions."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.version = START

    def next(self) -> int:
        self.version += self.rng.choice((0, 1, 1, 60_000))
        return self.version

    def person(self, origin: Origin) -> Person:
        pick = self.rng.choice
        email = pick((None, "ann@example.com", "ann@example.com", "bo@example.com", "cy@example.com"))
        phone = pick((None, None, "+447700900123", "+447700900124"))
        name = pick((None, "Ann Lee", "Ann Lee", "Bo Lee", "Lee"))
        address = pick((None, None, "1 High Street"))
        if origin is TILL and phone:
            return Person(key=f"phone:{phone}", phone=phone, guest=True, name=name)
        if origin is WEB:
            device = pick(("d1", "d2"))
            claim = IdentityClaim(kind="anonymous", value=device)
            if self.rng.random() < 0.5:
                return Person(key=f"anonymous:{device}", identities=[claim])
            codes = [IdentityClaim(kind=pick(("member", "unionid", "openid")), value=pick(("m1", "m2")))]
            return Person(key=pick(("u1", "u2")), identities=[claim, *codes[: pick((0, 1))]], email=email)
        if email and self.rng.random() < 0.2:
            return Person(key=f"email:{email}", email=email, guest=True, name=name, phone=phone, address=address)
        return Person(key=pick(("1", "2", "3")), email=email, phone=phone, name=name, address=address)

    def told(self) -> Told:
        rng = self.rng
        origin = rng.choice((SHOPIFY, SHOPIFY, WOO, WOO, TILL, WEB))
        who, version = self.person(origin), self.next()
        moment = NOW - timedelta(days=rng.choice((1, 2, 30, 31, 400)), hours=rng.choice((0, 5)))
        kind = rng.choices(("customer", "order", "words", "event", "link"), (4, 5, 2, 3, 1))[0]
        record: Record
        if kind == "customer":
            record = CustomerRecord(version=version, person=who, at=rng.choice((None, moment)))
        elif kind == "order":
            status = rng.choice(("paid", "paid", "refunded", "cancelled"))
            record = ordered(who, rng.randrange(6), version, total=rng.choice((500, 1000)))
            record = record.model_copy(update={"placed_at": moment, "status": status})
        elif kind == "words":
            record = FeedbackRecord(
                version=version,
                id=f"f{rng.randrange(4)}",
                person=who,
                at=moment,
                text="Good.",
                rating=rng.choice((1, 5)),
            )
        elif kind == "event":
            record = EventRecord(version=version, id=f"e{rng.randrange(4)}", person=who, event="visit", at=moment)
        else:
            other = rng.choice(("1", "2", "3"))
            record = LinkRecord(version=version, person=who, other=other)
        return origin, record

    def history(self, length: int) -> list[Told]:
        return [self.told() for _ in range(length)]
