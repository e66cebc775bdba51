"""Who is to be forgotten is forgotten in what waits too, and what others said stays where it is."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.ingest.erase import forget_words
from functions.ingest.intake import take_in
from schema.flow import Failed, MemoryBus, World, deliver_once, park, republish_due
from schema.memory_store import MemoryStore
from schema.records import DeletedRecord, Origin, PlatformEvents, WebhookEvent
from schema.store import Query
from tests.ingest.shops import shop
from tests.ingest.test_aside import docs
from tests.ingest.test_things import ANN, BASE, order
from tests.logic.histories import KEY, NOW, PLATFORM, message

BOB = ANN.model_copy(update={"key": "c2", "name": "Bob Ray", "email": "bob@example.com"})
GONE = DeletedRecord(version=BASE + 9, what="customer", id="c1", redact=True)


def waits(here: World, *records: Any, origin: Origin = PLATFORM, attempt: int = 5) -> None:
    body = PlatformEvents(origin=origin, records=[one.to_json() for one in records]).to_json()
    park(here, "platform-events", [Failed(body, "ValueError")], attempt)


def called(here: World, topic: str, body: Any, connection: str = "shop", late: bool = False) -> None:
    """A platform's call that nobody understood."""
    event = WebhookEvent(
        connection_id=connection,
        platform="shopify",
        topic=topic,
        body=body if isinstance(body, str) else json.dumps(body),
        received_at=NOW + timedelta(hours=9) if late else NOW - timedelta(hours=2),
    )
    park(here, "platform-webhooks", [Failed(event.to_json(), "ValueError")], 5)


def test_a_failed_record_of_the_person_is_deleted_and_those_of_others_stay() -> None:
    here = shop()
    waits(here, order(1, person=ANN))
    waits(here, order(2, person=BOB))
    waits(here, order(20, person=ANN, id="later"))
    waits(here, order(1, person=ANN), origin=PLATFORM.model_copy(update={"connection_id": "elsewhere"}))
    take_in(here, message(PLATFORM, [GONE]))
    left = [json.loads(one["record"]["json"]) for one in docs(here, "parked").values()]
    assert sorted((one["origin"]["connectionId"], one["records"][0]["version"] - BASE) for one in left) == [
        ("elsewhere", 1),
        ("shop", 2),
        ("shop", 20),
    ]
    assert forget_words(here, PLATFORM, [GONE]) == 0


def test_a_message_of_several_loses_the_persons_records_and_comes_through_once() -> None:
    here = shop()
    waits(here, order(1, person=ANN), order(2, person=BOB, id="o2"), attempt=1)
    take_in(here, message(PLATFORM, [GONE]))
    [(path, held)] = docs(here, "parked").items()
    assert "Ann" not in str(held) and "Bob" in str(held) and held["status"] == "retrying"
    later = World(here.store, MemoryBus(), lambda: NOW + timedelta(hours=1), KEY)
    assert republish_due(later) == 1
    for topic, one in later.bus.take():  # type: ignore[attr-defined]
        deliver_once(later, topic, one.to_json(), lambda told: take_in(later, told).failed)
    assert docs(here, "parked") == {} and len(docs(here, "orders")) == 1, path


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("orders/create", {"id": 5, "customer": {"id": "c1"}, "email": "x@y.example"}),
        ("customers/update", {"id": "c1", "email": "ann@example.com"}),
        ("order.updated", {"customer_id": "c1"}),
        ("orders/create", {"node": {"customer": {"id": "gid://shopify/Customer/c1"}}}),
    ],
)
def test_a_platforms_call_about_the_person_is_deleted(topic: str, body: Any) -> None:
    here = shop()
    called(here, topic, body)
    called(here, topic, body, late=True)
    called(here, topic, body, connection="elsewhere")
    called(here, "orders/create", {"id": "c1", "customer": {"id": "c2"}, "line_items": [{"id": "c1"}]})
    called(here, "orders/create", "no json c1")
    assert forget_words(here, PLATFORM, [GONE]) == 1
    assert len(docs(here, "parked")) == 4


@pytest.mark.parametrize(
    "body", [{"email": "Ann@Example.com"}, {"billing": [{"email": "ann@example.com"}]}, "{ann@example.com"]
)
def test_a_guest_is_found_by_the_address(body: Any) -> None:
    here = shop()
    called(here, "orders/create", body)
    called(here, "orders/create", {"email": "bob@example.com"})
    guest = GONE.model_copy(update={"id": "email:ann@example.com"})
    assert forget_words(here, PLATFORM, [guest]) == 1
    assert "bob@" in str(docs(here, "parked"))


def test_what_nobody_could_read_harms_nothing() -> None:
    here = shop()
    for topic, body in (
        ("platform-events", {"origin": "shop", "records": "c1"}),
        (
            "platform-events",
            {"origin": {"connectionId": "shop"}, "records": ["c1", {"person": "c1"}, {"person": None}]},
        ),
        ("platform-webhooks", {"connectionId": "shop", "body": 5, "receivedAt": "never"}),
        ("jobs", {"id": "shop"}),
    ):
        park(here, topic, [Failed(body, "refused")], 5)
    odd = {"origin": {"connectionId": "shop"}, "records": [{"person": {"key": "c1"}, "version": "x"}]}
    park(here, "platform-events", [Failed(odd, "refused")], 5)
    assert forget_words(here, PLATFORM, [GONE]) == 1
    assert len(docs(here, "parked")) == 4


def test_what_waits_is_read_once_for_all_people_of_a_message() -> None:
    here = shop()
    assert isinstance(here.store, MemoryStore)
    people = [ANN.model_copy(update={"key": f"k{n}"}) for n in range(10)]
    take_in(here, message(PLATFORM, [order(n, person=one, id=f"o{n}", staff=True) for n, one in enumerate(people, 1)]))
    assert len(docs(here, "setAside")) == 10
    asked: list[str] = []
    inner = here.store.query

    def watched(query: Query) -> Any:
        asked.append(query.collection)
        return inner(query)

    here.store.query = watched  # type: ignore[method-assign]
    gone = [GONE.model_copy(update={"id": one.key}) for one in people[:9]]
    assert not take_in(here, message(PLATFORM, gone)).failed
    assert (asked.count("setAside"), asked.count("parked")) == (1, 1)
    [left] = docs(here, "setAside").values()
    assert '"k9"' in left["record"]["json"]
    asked.clear()
    take_in(here, message(PLATFORM, [order(30, person=BOB, id="other")]))
    assert not {"setAside", "parked"} & set(asked)
