"""However Pub/Sub delivers what a shop says, it ends in the state, the history and the offers of one calm delivery."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.ingest.intake import take_in
from schema.base import Shape
from schema.connections import Cart, Cleaned, Cleaning, PriceState, ProductPrice, SetAside
from schema.documents import Contact, Event, Feedback, Order, Product, Source
from schema.flow import World
from schema.memory_store import MemoryStore
from schema.records import OfferEvent, Record
from schema.store import Store
from tests.faults import Crash, CrashingStore
from tests.ingest.shops import at, rest, shop, shop_history
from tests.logic.histories import PLATFORM, Message, calm, shuffled, state
from tests.logic.recount import assert_counted

Dump = dict[str, dict[str, Any]]
SHAPES: dict[str, type[Shape]] = {
    "customers/sources": Source,
    "customers/pii": Contact,
    "orders": Order,
    "feedback": Feedback,
    "events": Event,
    "products": Product,
    "products/prices": ProductPrice,
    "products/state": PriceState,
    "carts": Cart,
    "cleaned": Cleaned,
    "cleaning/days": Cleaning,
    "setAside": SetAside,
}


def deliver(here: World, messages: Sequence[Message]) -> None:
    for one in messages:
        assert take_in(here, one).failed == []


def dump_of(store: Store) -> Dump:
    assert isinstance(store, MemoryStore)
    return state(store.dump())


def calmly(records: Sequence[Record]) -> tuple[Dump, list[OfferEvent]]:
    here = shop()
    deliver(here, calm(PLATFORM, records))
    told = rest(here.store)
    dump = dump_of(here.store)
    assert_counted(dump)
    return dump, told


def deliver_with_crashes(base: Store, messages: Sequence[Message], rng: random.Random, chance: float) -> int:
    """Processes die at random commits; their messages come again, at any later time. Returns the deaths."""
    waiting, deaths = list(messages), 0
    while waiting:
        one = waiting.pop(0)
        store = base
        if rng.random() < chance and deaths < 40:
            store = CrashingStore(base, rng.choice((1, 1, 2, 3)), rng.choice(("before", "after")))
        try:
            deliver(at(store), [one])
        except Crash:
            deaths += 1
            waiting.insert(rng.randint(0, len(waiting)), one)
    return deaths


def stormily(messages: Sequence[Message], rng: random.Random, chance: float) -> tuple[Dump, list[OfferEvent], int]:
    """The state and the offers after a storm, and how many processes died."""
    here = shop()
    deaths = deliver_with_crashes(here.store, messages, rng, chance)
    told = rest(here.store)
    return dump_of(here.store), told, deaths


def random_history(seed: int) -> list[Record]:
    rng = random.Random(seed)
    return shop_history(rng, rng.choice((2, 4, 8, 14, 22)), recent=seed % 2 == 0)


def storms(seeds: range) -> None:
    deaths = 0
    for seed in seeds:
        rng = random.Random(seed)
        records = random_history(seed)
        dump, told, died = stormily(shuffled(PLATFORM, records, rng), rng, 0.4)
        expected, expected_told = calmly(records)
        assert dump == expected, f"seed {seed}"
        assert told == expected_told, f"seed {seed}"
        deaths += died
    assert deaths > len(seeds) // 4


def test_shuffled_shops() -> None:
    storms(range(40))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_two_thousand_shuffled_shops(block: int) -> None:
    storms(range(1000 + block * 100, 1100 + block * 100))


@given(st.integers(min_value=10_000, max_value=2**32), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_delivery_chosen_by_hypothesis(seed: int, rng: random.Random) -> None:
    records = random_history(seed)
    dump, told, _ = stormily(shuffled(PLATFORM, records, rng, times=2), rng, 0)
    assert (dump, told) == calmly(records)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_every_single_commit(seed: int, when: Any) -> None:
    records = random_history(20_000 + seed)[:8]
    messages = shuffled(PLATFORM, records, random.Random(seed), times=2)
    expected = calmly(records)
    number = 0
    while True:
        number += 1
        here = shop()
        store = CrashingStore(here.store, number, when)
        try:
            deliver(at(store), messages)
        except Crash:
            deliver(here, messages)
            told = rest(here.store)
            assert (dump_of(here.store), told) == expected, f"crash {when} commit {number}"
            continue
        break
    assert number > 2


def test_every_document_has_the_shape_of_its_class() -> None:
    seen = set()
    for seed in range(30_000, 30_040):
        dump, _ = calmly(random_history(seed))
        for path, data in dump.items():
            parts = path.split("/")
            collection = "/".join(parts[::2]) if parts[0] != "cleaning" else "cleaning/days"
            if collection not in SHAPES:
                continue
            seen.add(collection)
            assert SHAPES[collection].model_validate(data).to_doc().keys() == data.keys(), path
    assert seen == set(SHAPES)
