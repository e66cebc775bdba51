"""What offers are told: true, settled, once; and the price history behind it."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from functions.ingest.announce import announce_due
from functions.ingest.intake import take_in
from functions.ingest.prices import KEPT, REST
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import CartRecord, DeletedRecord, OfferEvent, Origin, Person, ProductRecord, Record
from tests.faults import Crash, CrashingStore
from tests.ingest.shops import at, rest, shop, told
from tests.logic.histories import NOW, PLATFORM, message

BASE = int((NOW - timedelta(hours=1)).timestamp() * 1000)


def seen(version: int, price: int | None = 1000, stock: int | None = 5, **said: Any) -> ProductRecord:
    return ProductRecord(version=BASE + version, id="p1", title="Tea", price=price, currency="USD", stock=stock, **said)


def cart(version: int, status: Any, **said: Any) -> CartRecord:
    fields: dict[str, Any] = {"person": Person(key="c1"), "at": NOW - timedelta(minutes=40)} | said
    return CartRecord(version=BASE + version, id="k1", status=status, currency="USD", total=900, **fields)


def deliver(here: World, *records: Record, origin: Origin = PLATFORM) -> None:
    for record in records:
        assert not take_in(here, message(origin, [record])).failed


def history(here: World) -> dict[int, tuple[int | None, int | None]]:
    assert isinstance(here.store, MemoryStore)
    return {
        int(path.split("/")[3]) - BASE: (data["price"], data["stock"])
        for path, data in here.store.dump().items()
        if "/prices/" in path and path.count("/") == 3
    }


def summary(events: list[OfferEvent]) -> list[tuple[str, int | None, int | None]]:
    return sorted((one.kind, one.before, one.after) for one in events)


def test_a_price_that_fell_is_told_once_it_has_rested() -> None:
    here = shop()
    deliver(here, seen(1, 1000), seen(2, 800))
    bus = MemoryBus()
    assert announce_due(at(here.store, REST / 2, bus)) == 0
    [event] = rest(here.store)
    assert (event.kind, event.before, event.after, event.currency, event.historic) == (
        "price_drop",
        1000,
        800,
        "USD",
        False,
    )
    assert rest(here.store) == []
    deliver(here, seen(2, 800), seen(1, 1000))
    assert rest(here.store) == []
    assert history(here) == {1: (1000, 5), 2: (800, 5)}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_any_order_of_arrival_tells_the_same(order: tuple[int, ...]) -> None:
    sightings = [seen(1, 1000, 0), seen(2, 1200, 0), seen(3, 1200, 0), seen(4, 900, 3)]
    here = shop()
    deliver(here, *(sightings[number] for number in order))
    assert summary(rest(here.store)) == [("back_in_stock", 0, 3), ("price_drop", 1000, 900)]
    assert history(here) == {1: (1000, 0), 2: (1200, 0), 4: (900, 3)}


@pytest.mark.parametrize(
    "sightings",
    [
        [seen(1, 1000), seen(2, 800), seen(3, 1000)],
        [seen(1, 1000), seen(2, 1200)],
        [seen(1, 1000), seen(2, None)],
        [seen(1, None), seen(2, 900)],
        [seen(1, 1000, None), seen(2, 1000, 4)],
        [seen(1, 1000, 5), seen(2, 1000, 0)],
        [seen(1, 1000), seen(2, 800, status="hidden")],
        [seen(1, 1000), seen(2, 800), DeletedRecord(version=BASE + 3, what="product", id="p1")],
        [seen(1, 1000)],
    ],
)
def test_what_is_no_reason_to_tell(sightings: list[Record]) -> None:
    here = shop()
    deliver(here, *reversed(sightings))
    assert rest(here.store) == []


def test_a_late_sighting_of_the_past_tells_nothing() -> None:
    here = shop()
    deliver(here, seen(1, 1000), seen(5, 900))
    assert len(rest(here.store)) == 1
    deliver(here, seen(3, 1500), seen(4, 700))
    assert rest(here.store) == []
    assert list(history(here).values()) == [(1000, 5), (1500, 5), (700, 5), (900, 5)]


def test_bulk_of_long_ago_is_history() -> None:
    here = shop()
    bulk = PLATFORM.model_copy(update={"bulk": True})
    old = int((NOW - timedelta(days=9)).timestamp() * 1000) - BASE
    deliver(here, seen(old, 1000), seen(old + 1, 700), origin=bulk)
    assert [one.historic for one in rest(here.store)] == [True]


def test_more_sightings_than_are_kept_leave_the_whole_history() -> None:
    here = shop()
    deliver(here, *(seen(number, 1000 + number) for number in range(KEPT + 20)))
    assert history(here) == {number: (1000 + number, 5) for number in range(KEPT + 20)}
    deliver(here, seen(3, 1), seen(4, 1004))
    assert len(history(here)) == KEPT + 20


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_crash_of_the_sweep_tells_the_same_again(number: int, when: Any) -> None:
    here = shop()
    deliver(here, seen(1, 1000), seen(2, 800), cart(1, "abandoned"))
    bus = MemoryBus()
    with pytest.raises(Crash):
        announce_due(at(CrashingStore(here.store, number, when), REST * 2, bus))
    announce_due(at(here.store, REST * 2, bus))
    assert sorted(one.kind for one in told(bus)) == ["cart_abandoned", "price_drop"]
    assert rest(here.store) == []


def test_a_cart_left_behind_is_told_unless_it_was_recovered() -> None:
    here = shop()
    deliver(here, cart(1, "abandoned"))
    [event] = rest(here.store)
    assert (event.kind, event.after, event.customer_id is not None) == ("cart_abandoned", 900, True)
    deliver(here, cart(2, "open"), cart(3, "abandoned"))
    assert rest(here.store) == []
    for steps in permutations((cart(1, "abandoned"), cart(2, "recovered"))):
        other = shop()
        deliver(other, *steps)
        assert rest(other.store) == []


def test_carts_of_nobody_deleted_or_of_long_ago_are_not_told() -> None:
    bulk = PLATFORM.model_copy(update={"bulk": True})
    gone = DeletedRecord(version=BASE + 9, what="cart", id="k1")
    cases: list[tuple[list[Record], Origin]] = [
        ([cart(1, "abandoned", person=None)], PLATFORM),
        ([gone, cart(1, "abandoned")], PLATFORM),
        ([cart(1, "abandoned", at=NOW - timedelta(days=3))], bulk),
    ]
    for records, origin in cases:
        here = shop()
        deliver(here, *records, origin=origin)
        assert rest(here.store) == []


def test_a_page_of_products_is_one_reading_and_few_batches() -> None:
    here = shop()
    assert isinstance(here.store, MemoryStore)
    rng = random.Random(1)

    class Watching(CrashingStore):
        readings = 0

        def get_many(self, paths: Any) -> Any:
            self.readings += 1
            return super().get_many(paths)

    watching = Watching(here.store, 0, "before")
    page = [seen(1, rng.randrange(500, 900)).model_copy(update={"id": f"p{n}"}) for n in range(200)]
    take_in(at(watching), message(PLATFORM, page))
    # The shop, then everything; products, sightings and history fit two commits.
    assert (watching.readings, watching.commits) == (2, 2)
