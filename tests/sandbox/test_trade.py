"""Trading on: one thing at a time, by people of the sample, until told to stop."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.trade import Trader, loaded_until, trade
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import RECORD, PlatformEvents
from schema.store import Merge, Put
from tests.sandbox.shops import WINTER, shop_of

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def shop_world(**shop: object) -> tuple[World, MemoryBus]:
    store, bus = MemoryStore(), MemoryBus()
    store.commit([Put("settings/shop", {"sample": True, "real": False, **shop})])
    return World(store, bus, lambda: NOW, b"k" * 32), bus


def test_what_happens_is_varied_valid_and_of_now() -> None:
    trader, kinds, ids = Trader(shop_of(WINTER), Random(1)), Counter[str](), set()
    regulars = {shopper.key for shopper in shop_of(WINTER).people}
    for second in range(300):
        now = NOW + timedelta(seconds=15 * second)
        happened = trader.next(now)
        kinds["+".join(record.kind for record in happened)] += 1
        for record in happened:
            said = record.to_json()
            assert RECORD.validate_python(said) == record
            assert datetime.fromisoformat(said.get("placedAt") or said["at"]) == now
            assert (said["person"]["key"] in regulars) == (len(happened) == 1)
            if record.kind != "customer":
                assert said["id"] not in ids
                ids.add(said["id"])
    assert set(kinds) == {"order", "customer+order", "event", "feedback"}
    assert min(kinds.values()) >= 5


def test_the_same_random_source_gives_the_same_trade() -> None:
    first, second = (Trader(shop_of(WINTER), Random(5)) for _ in range(2))
    for minute in range(20):
        now = NOW + timedelta(minutes=minute)
        assert [one.to_json() for one in first.next(now)] == [one.to_json() for one in second.next(now)]


def test_it_stops_when_told() -> None:
    world, bus = shop_world()
    turns = iter([True, True, True, False])
    assert trade(world, Trader(shop_of(WINTER), Random(1)), lambda: next(turns)) == 3
    sent = bus.take()
    assert len(sent) == 3
    for topic, message in sent:
        assert topic == "platform-events" and isinstance(message, PlatformEvents)
        assert message.origin.sample and not message.origin.bulk


def test_it_stops_by_itself_when_the_sample_is_gone() -> None:
    world, bus = shop_world()
    turns = 0

    def wait() -> bool:
        nonlocal turns
        turns += 1
        if turns == 3:
            world.store.commit([Merge("settings/shop", {"sample": False})])
        return True

    assert trade(world, Trader(shop_of(WINTER), Random(1)), wait) == 2
    assert len(bus.take()) == 2


def test_it_never_begins_beside_real_data() -> None:
    world, bus = shop_world(real=True)
    assert trade(world, Trader(shop_of(WINTER), Random(1)), lambda: True) == 0
    assert bus.take() == []


def test_it_knows_with_which_date_the_sample_was_loaded() -> None:
    world, _ = shop_world()
    assert loaded_until(world) == NOW.date()
    world.store.commit([Put("runs/sample", {"result": {"until": "2026-02-20"}})])
    assert loaded_until(world).isoformat() == "2026-02-20"
