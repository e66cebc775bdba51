"""What was set aside waits whole; let in, the shop is as if it had never been; and every number is exact."""

from __future__ import annotations

import random
from typing import Any

import pytest

from functions.access.audit import Actor
from functions.access.calls import Call
from functions.access.errors import Refused
from functions.ingest import aside
from functions.ingest.cleaning.report import fold_cleaning
from functions.ingest.intake import take_in
from schema.connections import Cleaning, SetAside
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import PlatformEvents, Record
from tests.ingest.shops import ShopTeller, shop
from tests.logic.histories import KEY, NOW, PLATFORM, SHOP, calm, message, shuffled, state

OWNER = Actor("u1", "Olivia", "owner@timbre.test", "owner")


def docs(here: World, collection: str) -> dict[str, dict[str, Any]]:
    assert isinstance(here.store, MemoryStore)
    return {path: data for path, data in here.store.dump().items() if path.startswith(f"{collection}/")}


def decide(here: World, action: str, identity: str) -> None:
    aside.ACTIONS[action][1](Call(here, OWNER, {"id": identity}, None))  # type: ignore[arg-type]


def staff_orders(count: int) -> list[Record]:
    teller = ShopTeller(random.Random(5))
    made = []
    for number in range(count):
        order = teller.shop_order()
        person = order.person or teller.person()
        made.append(order.model_copy(update={"id": "o1", "staff": number != 0, "status": "paid", "person": person}))
    return list(made)


def work_off(here: World) -> None:
    """Deliver what was published to the intake, until nothing is."""
    assert isinstance(here.bus, MemoryBus)
    while sent := here.bus.take():
        for topic, one in sent:
            if topic == "platform-events" and isinstance(one, PlatformEvents):
                assert not take_in(here, one).failed


def plain(here: World) -> dict[str, Any]:
    """The shop without what speaks of cleaning, and without the members' log."""
    assert isinstance(here.store, MemoryStore)
    apart = ("setAside/", "cleaned/", "cleaning/", "audit/", "settings/")
    return {path: data for path, data in state(here.store.dump()).items() if not path.startswith(apart)}


@pytest.mark.parametrize("seed", range(8))
def test_let_in_equals_never_set_aside(seed: int) -> None:
    records = staff_orders(4)
    here, expected = shop(), shop()
    for one in shuffled(PLATFORM, records, random.Random(seed)):
        take_in(here, one)
    [(path, held)] = docs(here, "setAside").items()
    assert SetAside.model_validate(held).to_doc().keys() == held.keys()
    assert (held["rule"], held["status"], held["externalId"]) == ("staff orders", "set aside", "o1")
    decide(here, "setAside.letIn", path.split("/")[1])
    work_off(here)
    # Nothing is caught again, also when the platform tells it again or tells more.
    for one in shuffled(PLATFORM, records, random.Random(seed + 100)):
        assert take_in(here, one).set_aside == 0
    off = SHOP | {"cleaning": {"off": ["staff orders"]}}
    assert isinstance(expected.store, MemoryStore)
    expected.store.documents["settings/shop"] = (off, 0)
    for one in calm(PLATFORM, records):
        assert take_in(expected, one).set_aside == 0
    assert plain(here) == plain(expected)
    assert docs(here, "setAside")[path]["status"] == "let in"
    [logged] = docs(here, "audit").values()
    assert (logged["action"], logged["target"], logged["actor"]) == ("setAside.letIn", path, "u1")


def test_discarded_stays_out_and_is_kept() -> None:
    here = shop()
    take_in(here, message(PLATFORM, staff_orders(3)[1:2]))
    [path] = docs(here, "setAside")
    decide(here, "setAside.discard", path.split("/")[1])
    result = take_in(here, message(PLATFORM, staff_orders(3)[2:]))
    assert (result.set_aside, result.created) == (1, 0)
    held = docs(here, "setAside")[path]
    assert held["status"] == "discarded"
    assert len(PlatformEvents.model_validate_json(held["record"]["json"]).records) == 2
    assert not docs(here, "orders")


def test_a_version_that_comes_between_publishing_and_deciding_is_let_in_too() -> None:
    first, second = staff_orders(3)[1:]
    here = shop()
    take_in(here, message(PLATFORM, [first]))
    [path] = docs(here, "setAside")

    class Meanwhile(MemoryBus):
        busy = True

        def publish(self, topic: str, one: Any) -> None:
            super().publish(topic, one)
            if self.busy:
                self.busy = False
                take_in(here, message(PLATFORM, [second]))

    bus = Meanwhile()
    decide(World(here.store, bus, lambda: NOW, KEY), "setAside.letIn", path.split("/")[1])
    work_off(World(here.store, bus, lambda: NOW, KEY))
    [order] = docs(here, "orders").values()
    assert order["sourceVersion"] == max(first.version, second.version)


def test_who_asks_for_nothing_gets_an_answer_in_both_languages() -> None:
    for identity in ("", "a/b", "missing"):
        with pytest.raises(Refused) as refused:
            decide(shop(), "setAside.letIn", identity)
        assert refused.value.en and refused.value.zh


def test_the_days_numbers_are_exact_however_often_a_message_comes() -> None:
    teller = ShopTeller(random.Random(9))
    person = teller.person().model_copy(update={"name": "ANN LEE", "address": " 1  High Street"})
    records: list[Record] = [
        teller.shop_order().model_copy(
            update={"id": f"o{n}", "person": person, "staff": n < 3, "status": "paid", "refunded": 0}
        )
        for n in range(10)
    ]
    seen = []
    for seed in range(5):
        here = shop()
        for one in shuffled(PLATFORM, records, random.Random(seed)):
            take_in(here, one)
            if seed % 2:
                fold_cleaning(here)
        fold_cleaning(here)
        assert fold_cleaning(here) == 0
        [(path, day)] = docs(here, "cleaning").items()
        assert path == "cleaning/shop/days/2026-03-01"
        Cleaning.model_validate(day)
        assert day["records"] == 10
        assert day["counts"] == [
            {"rule": "addresses", "changed": 10, "setAside": 0},
            {"rule": "names", "changed": 10, "setAside": 0},
            {"rule": "staff orders", "changed": 0, "setAside": 3},
        ]
        assert "ANN" not in str(day["examples"]) and "LEE" not in str(day["examples"])
        seen.append(day)
    assert all(one == seen[0] for one in seen)


def test_an_untouched_order_costs_nothing_more() -> None:
    here = shop()
    assert isinstance(here.store, MemoryStore)
    order = (
        ShopTeller(random.Random(3)).shop_order().model_copy(update={"status": "paid", "staff": False, "person": None})
    )
    reads = here.store.reads
    take_in(here, message(PLATFORM, [order]))
    assert here.store.reads - reads == 2
