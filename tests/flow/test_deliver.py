"""Records that fail: kept one by one, tried again with growing patience, handed to a person after the fifth time."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.ingest.intake import take_in
from schema.firestore_store import FirestoreStore
from schema.flow import Failed, MemoryBus, World, backoff, deliver_once, replay, republish_due
from schema.records import CustomersChanged, PlatformEvents
from schema.store import Data, Doc, Put, Query, Write
from tests.logic.histories import KEY, NOW, PLATFORM, Teller

pytestmark = pytest.mark.emulator
TOPIC = "platform-events"


class Shop:
    """A world on the real emulator whose clock moves by hand, and whose bus is emptied into the handler."""

    def __init__(self, store: FirestoreStore) -> None:
        self.now = NOW
        self.bus = MemoryBus()
        self.world = World(store, self.bus, self.clock, KEY)
        self.delivered = 0

    def clock(self) -> datetime:
        return self.now

    def wait(self, patience: timedelta) -> None:
        self.now += patience

    def deliver(self, body: Data, handle: Callable[[Any], Sequence[Failed] | None] | None = None) -> None:
        self.delivered += 1
        deliver_once(self.world, TOPIC, body, handle or (lambda message: take_in(self.world, message).failed))

    def deliver_published(self, handle: Callable[[Any], Sequence[Failed] | None] | None = None) -> int:
        """Deliver what waits on the bus for the intake; returns how many messages."""
        sent = [message for topic, message in self.bus.take() if topic == TOPIC]
        for message in sent:
            self.deliver(message.to_json(), handle)
        return len(sent)

    def parked(self) -> list[Doc]:
        return list(self.world.store.query(Query("parked")))

    def one_parked(self) -> Doc:
        [doc] = self.parked()
        return doc

    def count(self, collection: str) -> int:
        return self.world.store.totals(Query(collection)).count


@pytest.fixture
def shop(cloud: FirestoreStore) -> Shop:
    return Shop(cloud)


def order(number: int = 1, **change: Any) -> Data:
    made = Teller(random.Random(1)).order().to_json()
    return {**made, "id": f"o{number}", **change}


def body(*records: Data) -> Data:
    return {"origin": PLATFORM.to_json(), "records": list(records)}


def failing(message: PlatformEvents) -> list[Failed]:
    raise RuntimeError("out of order: ann@example.com +44 7700 900123")


# --- one bad record among good ones ---


def test_a_bad_record_is_parked_and_the_others_are_written(shop: Shop) -> None:
    shop.deliver(body(order(1), order(2, total="much"), order(3)))
    assert shop.count("orders") == 2
    parked = shop.one_parked()
    assert (parked.data["status"], parked.data["attempt"], parked.data["topic"]) == ("retrying", 1, TOPIC)
    assert parked.data["dueAt"] == NOW + backoff(1)
    kept = json.loads(parked.data["record"]["json"])
    assert [record["id"] for record in kept["records"]] == ["o2"] and kept["origin"] == PLATFORM.to_json()
    assert "total" in parked.data["error"] and "much" not in parked.data["error"]


def test_a_record_that_only_the_database_refuses_is_parked_alone(shop: Shop) -> None:
    mine = order(1)["person"]
    theirs = {**mine, "key": "somebody else"}
    shop.deliver(body(order(1), order(2, items=10**30, person=theirs), order(3, items=10**30), order(4)))
    assert shop.count("orders") == 2
    assert sorted(json.loads(doc.data["record"]["json"])["records"][0]["id"] for doc in shop.parked()) == ["o2", "o3"]


def test_everyone_in_the_message_is_announced_also_when_nothing_changed(shop: Shop) -> None:
    for _ in range(2):
        shop.deliver(body(order(1)))
        [(topic, message)] = shop.bus.take()
        assert topic == "customers-changed" and isinstance(message, CustomersChanged) and len(message.ids) == 1


# --- five attempts ---


def test_five_attempts_with_growing_patience_and_then_a_person(shop: Shop) -> None:
    shop.deliver(body(order(total="much")))
    waits = []
    for attempt in range(1, 5):
        held = shop.one_parked().data
        assert (held["status"], held["attempt"]) == ("retrying", attempt)
        waits.append((held["dueAt"] - shop.now).total_seconds())
        shop.wait(backoff(attempt) - timedelta(seconds=1))
        assert republish_due(shop.world) == 0
        shop.wait(timedelta(seconds=1))
        assert republish_due(shop.world) == 1
        assert shop.deliver_published() == 1
    assert waits == [10, 40, 160, 640]
    held = shop.one_parked().data
    assert (held["status"], held["attempt"], held["dueAt"]) == ("parked", 5, None)
    assert shop.delivered == 5
    shop.wait(timedelta(days=30))
    assert republish_due(shop.world) == 0
    assert held["createdAt"] == NOW and held["updatedAt"] > NOW


def test_two_sweeps_send_a_record_once_and_again_when_its_worker_died(shop: Shop) -> None:
    shop.deliver(body(order(total="much")))
    shop.wait(backoff(1))
    assert (republish_due(shop.world), republish_due(shop.world)) == (1, 0)
    shop.bus.take()  # The worker dies with it.
    shop.wait(timedelta(minutes=2))
    assert republish_due(shop.world) == 1
    assert shop.one_parked().data["attempt"] == 1


def test_two_sweeps_at_the_same_moment_send_a_record_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.deliver(body(order(total="much")))
    shop.wait(backoff(1))
    store, sent = shop.world.store, []

    def after_the_other(writes: Sequence[Write]) -> None:
        monkeypatch.undo()
        sent.append(republish_due(shop.world))
        store.commit(writes)

    monkeypatch.setattr(store, "commit", after_the_other)
    sent.append(republish_due(shop.world))
    assert sent == [1, 0]
    assert len([topic for topic, _ in shop.bus.sent if topic == TOPIC]) == 1


def test_a_record_that_goes_through_after_all_is_forgotten(shop: Shop) -> None:
    shop.deliver(body(order(1), order(2)), failing)
    assert shop.count("orders") == 0
    assert shop.one_parked().data["error"] == "RuntimeError"
    shop.wait(backoff(1))
    republish_due(shop.world)
    assert shop.deliver_published() == 1
    assert shop.count("orders") == 2
    assert shop.parked() == []


def test_the_part_that_fails_again_stays_and_the_rest_is_forgotten(shop: Shop) -> None:
    shop.deliver(body(order(1), order(2, total="much")), failing)
    shop.wait(backoff(1))
    republish_due(shop.world)
    shop.deliver_published()
    assert shop.count("orders") == 1
    held = shop.one_parked().data
    assert [record["id"] for record in json.loads(held["record"]["json"])["records"]] == ["o2"]
    assert held["attempt"] == 2


def test_a_whole_message_too_large_for_a_document_is_kept_record_by_record(shop: Shop) -> None:
    texts = [{"kind": "feedback", "version": 1, "id": f"f{n}", "text": "好" * 9_000} for n in range(60)]
    shop.deliver(body(*texts), failing)
    assert len(shop.parked()) == 60
    shop.wait(backoff(1))
    assert republish_due(shop.world) == 60
    shop.deliver_published()
    assert (shop.count("feedback"), shop.count("parked")) == (60, 0)


# --- a person ---


def test_the_replay_button_gives_five_attempts_anew(shop: Shop) -> None:
    shop.deliver(body(order(1)) | {"attempt": 4}, failing)
    parked = shop.one_parked()
    assert (parked.data["status"], parked.data["attempt"]) == ("parked", 5)
    assert replay(shop.world, parked.id, from_start=True) == 1
    held = shop.one_parked().data
    assert (held["status"], held["attempt"], held["dueAt"]) == ("retrying", 1, NOW + timedelta(minutes=2))
    shop.deliver_published(failing)
    assert (shop.one_parked().data["status"], shop.one_parked().data["attempt"]) == ("retrying", 2)
    shop.wait(backoff(2))
    republish_due(shop.world)
    shop.deliver_published()
    assert (shop.count("orders"), shop.count("parked")) == (1, 0)


def test_replaying_what_is_gone_does_nothing(shop: Shop) -> None:
    assert replay(shop.world, "none") == 0
    assert shop.bus.sent == []


# --- what nobody can read ---


@pytest.mark.parametrize(
    "unreadable", [{"unreadable": True}, {"origin": PLATFORM.to_json()}, {"origin": {}, "records": "x"}, {}]
)
def test_an_unreadable_message_is_parked_at_once(shop: Shop, unreadable: Data) -> None:
    def never(message: Any) -> None:
        raise AssertionError

    shop.deliver(unreadable, never)
    held = shop.one_parked().data
    assert (held["status"], held["attempt"], held["dueAt"]) == ("parked", 5, None)
    assert json.loads(held["record"]["json"]) == unreadable


def test_an_unreadable_message_stops_neither_the_button_nor_the_sweep(shop: Shop) -> None:
    shop.deliver({"unreadable": True})
    unreadable = shop.one_parked()
    assert replay(shop.world, unreadable.id, from_start=True) == 0
    assert shop.one_parked().data["status"] == "parked"
    # As after an update that no longer reads an older message.
    shop.world.store.commit([Put("parked/old", {**unreadable.data, "status": "retrying", "attempt": 1, "dueAt": NOW})])
    shop.deliver(body(order(1)), failing)
    shop.wait(backoff(1))
    assert republish_due(shop.world) == 1
    shop.deliver_published()
    assert shop.count("orders") == 1
    assert {doc.data["status"] for doc in shop.parked()} == {"parked"}


# --- logs ---


def test_no_log_line_quotes_what_failed(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.deliver(body(order(1)), failing)
    shop.deliver(body(order(2, total="ann@example.com")))
    shop.deliver({"unreadable": "ann@example.com"})
    shop.deliver(body(order(3, items=10**30)))
    caught = capsys.readouterr()
    lines = [json.loads(line) for line in (caught.out + caught.err).splitlines()]
    assert {line["message"] for line in lines} == {"message failed", "message refused", "record failed"}
    assert all(line["severity"] == "ERROR" and line["execution_id"] for line in lines)
    text = caught.out + caught.err
    for secret in ("ann@example.com", "7700", "out of order", "Ann", "example"):
        assert secret not in text
    [failed] = [line for line in lines if line["message"] == "message failed"]
    assert failed["error"] == "RuntimeError" and "failing" in failed["at"][-1]
