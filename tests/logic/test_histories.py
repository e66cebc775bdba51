"""However Pub/Sub delivers a history, the shop ends in the state of one calm delivery in source order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.ingest.hashing import content_hash
from functions.ingest.intake import take_in
from functions.ingest.resolve import sweep_unresolved
from schema.base import Shape
from schema.connections import Cleaned, PriceState, ProductPrice, SetAside, Suggestion
from schema.documents import Contact, Customer, Event, Feedback, Identity, Order, Product, Source
from schema.flow import World
from schema.memory_store import MemoryStore
from schema.records import Origin, Record
from schema.store import Doc, Patience, Query, Store, Totals, Write
from tests.faults import Crash, CrashingStore
from tests.logic.histories import (
    PLATFORM,
    Message,
    Teller,
    calm,
    empty_shop,
    file_history,
    file_origin,
    message,
    platform_history,
    shuffled,
    state,
    world,
)
from tests.logic.recount import assert_counted

VERSION = 1_780_000_000_000
SHAPES: dict[str, type[Shape]] = {
    "customers": Customer,
    "customers/sources": Source,
    "customers/pii": Contact,
    "orders": Order,
    "feedback": Feedback,
    "events": Event,
    "products": Product,
    "identities": Identity,
    "products/prices": ProductPrice,
    "products/state": PriceState,
    "cleaned": Cleaned,
    "setAside": SetAside,
    "customers/suggestions": Suggestion,
}
Dump = dict[str, dict[str, Any]]


def history(seed: int, rng: random.Random) -> tuple[Origin, list[Record]]:
    """Two of three are a platform's, one is a file's."""
    length = rng.choice((2, 4, 6, 10, 16))
    if seed % 3:
        return PLATFORM, platform_history(rng, length)
    return file_origin("i1"), file_history(rng, length, VERSION)


def deliver(here: World, messages: Sequence[Message]) -> None:
    for one in messages:
        assert take_in(here, one).failed == []


def dump_of(here: World) -> Dump:
    """The state once the sweep has resolved what a death left behind."""
    assert isinstance(here.store, MemoryStore)
    sweep_unresolved(here)
    return state(here.store.dump())


def calm_state(origin: Origin, records: Sequence[Record]) -> Dump:
    here = empty_shop()
    deliver(here, calm(origin, records))
    dump = dump_of(here)
    assert_counted(dump)
    return dump


def deliver_with_crashes(here: World, messages: Sequence[Message], rng: random.Random, chance: float) -> int:
    """Deliver; a process dies at a random commit now and then, and its message comes again. Returns the deaths."""
    waiting = list(messages)
    deaths = 0
    while waiting:
        one = waiting.pop(0)
        store: Store = here.store
        if rng.random() < chance and deaths < 50:
            store = CrashingStore(here.store, rng.choice((1, 1, 2, 3)), rng.choice(("before", "after")))
        try:
            deliver(world(store), [one])
        except Crash:
            deaths += 1
            waiting.insert(rng.randint(0, len(waiting)), one)
    return deaths


# --- any order, any number of times, any crash ---


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_two_thousand_shuffled_histories(block: int) -> None:
    deaths = 0
    for seed in range(block * 100, block * 100 + 100):
        rng = random.Random(seed)
        origin, records = history(seed, rng)
        here = empty_shop()
        deaths += deliver_with_crashes(here, shuffled(origin, records, rng), rng, chance=0.4)
        assert dump_of(here) == calm_state(origin, records), f"seed {seed}"
    assert deaths > 20


@given(st.integers(min_value=2000, max_value=2**32), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_delivery_chosen_by_hypothesis(seed: int, rng: random.Random) -> None:
    origin, records = history(seed, random.Random(seed))
    here = empty_shop()
    deliver(here, shuffled(origin, records, rng, times=2))
    assert dump_of(here) == calm_state(origin, records)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_every_single_commit(seed: int, when: Any) -> None:
    rng = random.Random(5000 + seed)
    origin, records = history(seed, rng)
    messages = shuffled(origin, records, rng, times=2)
    expected = calm_state(origin, records)
    at = 0
    while True:
        at += 1
        here = empty_shop()
        store = CrashingStore(here.store, at, when)
        try:
            deliver(world(store), messages)
        except Crash:
            deliver(here, messages)
            assert dump_of(here) == expected, f"crash {when} commit {at}"
            continue
        assert at == store.commits + 1
        break


def test_a_crash_leaves_nothing_half_written() -> None:
    """Between the death and the second delivery the figures already agree with the orders."""
    for seed in range(6000, 6030):
        rng = random.Random(seed)
        origin, records = history(seed, rng)
        here = empty_shop()
        for one in shuffled(origin, records, rng, times=2):
            try:
                deliver(world(CrashingStore(here.store, rng.choice((1, 2)), rng.choice(("before", "after")))), [one])
            except Crash:
                assert_counted(dump_of(here))


class BusyStore:
    """Between any reading and its commit, another worker takes in a message of its own."""

    def __init__(self, inner: Store, others: Iterator[Message]) -> None:
        self.inner = inner
        self.others = others

    def get_many(self, paths: Any) -> dict[str, Doc | None]:
        return self.inner.get_many(paths)

    def query(self, query: Query) -> Iterator[Doc]:
        return self.inner.query(query)

    def totals(self, query: Query, sums: Sequence[str] = ()) -> Totals:
        return self.inner.totals(query, sums)

    def commit(self, writes: Sequence[Write]) -> None:
        for other in self.others:
            deliver(world(self.inner), [other])
            break
        self.inner.commit(writes)


def test_workers_in_each_others_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.store.Patience", lambda: Patience(sleep=lambda _: None))
    for seed in range(7000, 7150):
        rng = random.Random(seed)
        origin, records = history(seed, rng)
        here = empty_shop()
        waiting = iter(shuffled(origin, records, rng, times=3))
        for one in waiting:
            deliver(world(BusyStore(here.store, waiting)), [one])
        assert dump_of(here) == calm_state(origin, records), f"seed {seed}"


def test_a_history_read_before_another_order_moved_is_read_again() -> None:
    """The other order's move changes no figure of the customer, but what is left when the first order is cancelled."""
    any_order = Teller(random.Random(13)).order()
    morning = datetime(2026, 2, 1, tzinfo=UTC)

    def told(name: str, hour: int, number: int, status: str = "paid") -> Message:
        update = {"id": name, "placed_at": morning.replace(hour=hour), "version": VERSION + number, "status": status}
        return message(PLATFORM, [any_order.model_copy(update=update)])

    here = empty_shop()
    deliver(here, [told("first", 9, 1), told("second", 10, 2), told("third", 12, 3)])
    moved = iter([told("second", 11, 4)])
    deliver(world(BusyStore(here.store, moved)), [told("first", 9, 5, "cancelled")])
    assert next(moved, None) is None
    dump = dump_of(here)
    assert_counted(dump)
    assert [data["stats"]["firstOrderAt"].hour for data in dump.values() if "displayName" in data] == [11]


# --- what is written is what the schema says ---


def test_one_moment_in_two_offsets_is_one_content() -> None:
    """Firestore gives every time back in UTC, whatever offset it was written with."""
    moment = datetime(2026, 2, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert content_hash({"at": moment}) == content_hash({"at": moment.astimezone(UTC)})
    assert content_hash({"at": moment}) != content_hash({"at": moment}, b"key")


def test_every_document_has_the_shape_of_its_class() -> None:
    seen = set()
    for seed in range(8000, 8040):
        rng = random.Random(seed)
        origin, records = history(seed, rng)
        for path, data in calm_state(origin, records).items():
            collection = "/".join(path.split("/")[::2])
            if collection in ("settings", "unresolved"):
                continue
            seen.add(collection)
            shape = SHAPES[collection].model_validate(data)
            assert shape.to_doc().keys() == data.keys(), path
    assert seen == set(SHAPES)


# --- the same file twice ---


@pytest.mark.parametrize("seed", range(60))
def test_a_second_identical_import_writes_nothing(seed: int) -> None:
    rng = random.Random(9000 + seed)
    first, again = rng.getrandbits(32), VERSION + 60_000
    here = empty_shop()
    assert isinstance(here.store, MemoryStore)
    deliver(here, shuffled(file_origin("i1"), file_history(random.Random(first), 20, VERSION), rng))
    before, writes = here.store.dump(), here.store.writes
    messages = shuffled(file_origin("i2"), file_history(random.Random(first), 20, again), rng)
    results = [take_in(here, one) for one in messages]
    assert here.store.writes == writes
    assert here.store.dump() == before
    assert sum(one.created + one.updated for one in results) == 0
    assert sum(one.unchanged for one in results) == sum(len(one.records) for one in messages)


def test_a_third_import_that_says_something_else_is_taken_and_the_first_again_too() -> None:
    here = empty_shop()
    row = Teller(random.Random(3), import_version=VERSION).customer()

    def imported(number: int, name: str) -> str:
        said = row.model_copy(
            update={"version": VERSION + number, "person": row.person.model_copy(update={"name": name}), "consent": []}
        )
        deliver(here, [message(file_origin(f"i{number}"), [said])])
        [name] = [data["displayName"] for data in dump_of(here).values() if "displayName" in data]
        return str(name)

    assert [imported(1, "Ann"), imported(2, "Bea"), imported(3, "Ann")] == ["Ann", "Bea", "Ann"]


def test_two_files_at_once_end_as_one_after_the_other() -> None:
    """`scripts/import --orders A --customers B`: both are under way together."""
    for seed in range(10_000, 10_100):
        rng = random.Random(seed)
        files = [(file_origin(f"i{n}"), file_history(rng, 8, VERSION + n)) for n in (1, 2)]
        if len({records[0].kind for _, records in files}) == 1:
            continue
        here, expected = empty_shop(), empty_shop()
        for origin, records in files:
            deliver(expected, calm(origin, records))
        both = [one for origin, records in files for one in shuffled(origin, records, rng)]
        rng.shuffle(both)
        deliver(here, both)
        assert dump_of(here) == dump_of(expected), f"seed {seed}"


# --- what it costs ---


def test_an_order_of_a_known_customer_costs_four_reads_and_four_writes() -> None:
    here = empty_shop()
    assert isinstance(here.store, MemoryStore)
    store = here.store
    any_order = Teller(random.Random(11)).order()
    people = 20

    def wave(number: int) -> Message:
        made = []
        for n in range(people):
            update = {
                "id": f"w{number}-{n}",
                "version": VERSION + number,
                "placed_at": any_order.placed_at + timedelta(days=number),
                "person": any_order.person and any_order.person.model_copy(update={"key": f"p{n}"}),
                "status": "paid",
            }
            made.append(any_order.model_copy(update=update))
        return message(file_origin("i1"), made)

    deliver(here, [wave(0)])
    reads, writes, commits = store.reads, store.writes, store.commits
    deliver(here, [wave(1)])
    # A message costs one read (the shop) and one mark beside its records.
    assert store.reads - reads - 1 <= 4 * people
    assert store.writes - writes - 1 <= 4 * people
    assert store.commits - commits == 1


def test_an_order_cancelled_or_moved_asks_for_the_history_and_nothing_else_does() -> None:
    asked: list[Query] = []

    class Watching(MemoryStore):
        def query(self, query: Query) -> Iterator[Doc]:
            asked.append(query)
            return super().query(query)

    here = world(Watching())
    paid = Teller(random.Random(12)).order().model_copy(update={"status": "paid", "version": VERSION})
    steps: list[tuple[dict[str, Any], int]] = [
        ({}, 0),
        ({"id": "another", "placed_at": paid.placed_at - timedelta(days=3)}, 0),
        ({"refunded": 5, "total": 50, "version": VERSION + 1}, 0),
        ({"placed_at": paid.placed_at + timedelta(hours=1), "version": VERSION + 2}, 1),
        ({"status": "cancelled", "version": VERSION + 3}, 1),
    ]
    for change, queries in steps:
        asked.clear()
        deliver(here, [message(PLATFORM, [paid.model_copy(update=change)])])
        assert len(asked) == queries, change
