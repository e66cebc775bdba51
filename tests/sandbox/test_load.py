"""Loading: through the same door as real data, watched, patient with a lossy emulator, and never beside real data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.ingest.intake import take_in
from sandbox.sample import publish
from sandbox.sample.publish import NotAllowed, Pace, Stalled, is_loaded, load
from schema.base import Shape
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import PlatformEvents
from schema.store import Put, Query, get
from tests.sandbox.shops import WINTER, messages_of, shop_of

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
KEY = b"k" * 32


class Ticking:
    """A clock that runs only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.on_sleep: Callable[[], None] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.on_sleep()

    def pace(self) -> Pace:
        return Pace(monotonic=lambda: self.seconds, sleep=self.sleep, poll=2.0)


class Delivery:
    """A bus that hands messages to the intake later, in reverse order, and may lose some."""

    def __init__(self, lose: set[int] | None = None, dead: bool = False) -> None:
        self.store = MemoryStore()
        self.waiting: list[PlatformEvents] = []
        self.most_waiting = 0
        self.sent = 0
        self.lose, self.dead = lose or set(), dead
        self.world = World(self.store, self, lambda: NOW, KEY)
        self._inner = World(self.store, MemoryBus(), lambda: NOW, KEY)

    def publish(self, topic: str, message: Shape) -> None:
        assert topic == "platform-events" and isinstance(message, PlatformEvents)
        assert message.origin.sample and message.origin.bulk and message.origin.platform == "sample"
        self.sent += 1
        if self.sent not in self.lose:
            self.waiting.append(PlatformEvents.model_validate(message.to_json()))
        self.most_waiting = max(self.most_waiting, len(self.waiting))

    def deliver(self) -> None:
        if self.waiting and not self.dead:
            assert not take_in(self._inner, self.waiting.pop()).failed


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[list[dict[str, Any]]]:
    """The first six messages instead of all: what is tested here is the way, not the freight."""
    bunches = messages_of(WINTER)[:6]
    monkeypatch.setattr(publish, "messages", lambda shop: iter(bunches))
    monkeypatch.setattr(publish, "build", lambda until, seed: shop_of(WINTER))
    return bunches


def test_everything_arrives_with_at_most_two_messages_on_their_way(few: list[list[dict[str, Any]]]) -> None:
    delivery, ticking = Delivery(), Ticking()
    ticking.on_sleep = delivery.deliver
    told: list[tuple[int, int]] = []
    counts = load(delivery.world, WINTER, lambda done, total: told.append((done, total)), pace=ticking.pace())
    total = sum(len(bunch) for bunch in few)
    assert delivery.most_waiting == 2 and delivery.sent == len(few)
    assert sum(counts.values()) == total
    assert told[-1] == (total, total) and [done for done, _ in told] == sorted(done for done, _ in told)
    run = get(delivery.store, "runs/sample")
    assert run and run.data["status"] == "done" and run.data["result"]["until"] == "2026-03-01"
    shop = get(delivery.store, "settings/shop")
    assert shop and shop.data["sample"] and shop.data["rates"] == {"CNY": 0.14} and not shop.data["real"]
    assert is_loaded(delivery.world)
    # Orders in yuan are worth something because the rate was there before them.
    yuan = list(delivery.store.query(Query("orders", where=(("currency", "==", "CNY"),))))
    assert yuan and all(order.data["reportingTotal"] is not None for order in yuan)


def test_a_lost_message_is_sent_again_and_counted_once(few: list[list[dict[str, Any]]]) -> None:
    delivery, ticking = Delivery(lose={3, 6}), Ticking()
    ticking.on_sleep = delivery.deliver
    counts = load(delivery.world, WINTER, lambda done, total: None, pace=ticking.pace())
    assert sum(counts.values()) == sum(len(bunch) for bunch in few)
    assert delivery.sent > len(few)


def test_it_gives_up_with_a_sentence_and_goes_on_with_the_date_it_began(few: list[list[dict[str, Any]]]) -> None:
    delivery, ticking = Delivery(dead=True), Ticking()
    ticking.on_sleep = delivery.deliver
    with pytest.raises(Stalled, match="ingest"):
        load(delivery.world, WINTER, lambda done, total: None, pace=ticking.pace())
    run = get(delivery.store, "runs/sample")
    assert run and run.data["status"] == "failed" and run.data["error"]["en"] and run.data["error"]["zh"]
    assert not is_loaded(delivery.world)
    delivery.dead = False
    load(delivery.world, date(2026, 3, 9), lambda done, total: None, pace=ticking.pace())
    run = get(delivery.store, "runs/sample")
    assert run and run.data["result"]["until"] == "2026-03-01"


def test_sample_data_never_join_real_data(few: list[list[dict[str, Any]]]) -> None:
    delivery = Delivery()
    delivery.store.commit([Put("settings/shop", {"name": "Real", "currency": "EUR", "real": True, "sample": False})])
    with pytest.raises(NotAllowed, match="never mix"):
        load(delivery.world, WINTER, lambda done, total: None)
    assert delivery.sent == 0 and get(delivery.store, "runs/sample") is None


def test_an_interrupted_load_sends_only_what_is_missing(few: list[list[dict[str, Any]]]) -> None:
    delivery, ticking = Delivery(), Ticking()

    def stop_after_three() -> None:
        delivery.dead = delivery.sent > 4
        delivery.deliver()

    ticking.on_sleep = stop_after_three
    with pytest.raises(Stalled):
        load(delivery.world, WINTER, lambda done, total: None, pace=ticking.pace())
    there = len(list(delivery.store.query(Query("customers"))))
    assert 0 < there < sum(record["kind"] == "customer" for bunch in few for record in bunch)
    delivery.sent, delivery.waiting = 0, []
    ticking.on_sleep = lambda: (setattr(delivery, "dead", False), delivery.deliver())[0]
    counts = load(delivery.world, WINTER, lambda done, total: None, pace=ticking.pace())
    assert sum(counts.values()) == sum(len(bunch) for bunch in few)
    assert delivery.sent < len(few)
