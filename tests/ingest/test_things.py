"""What only shops say: orders of nobody, deletions, people to be forgotten, accounts joined by the platform."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from functions.figures.daily import refresh_dirty
from functions.ingest.erase import forget_words
from functions.ingest.identity import customer_id, record_id
from functions.ingest.intake import take_in
from functions.ingest.links import link_path
from functions.ingest.words import ERASED
from schema.flow import World
from schema.memory_store import MemoryStore
from schema.records import (
    ConsentChange,
    CustomerRecord,
    DeletedRecord,
    EventRecord,
    FeedbackRecord,
    LinkRecord,
    OrderRecord,
    Origin,
    Person,
    Record,
)
from schema.store import Put
from tests.ingest.shops import shop
from tests.logic.histories import KEY, NOW, PLATFORM, message, state
from tests.logic.recount import assert_counted

BASE = int((NOW - timedelta(hours=1)).timestamp() * 1000)
ANN = Person(key="c1", name="Ann Lee", email="ann@example.com", phone="+447700900123", address="1 High Street")
FOUND = customer_id(KEY, "shop", "c1")


def dump(here: World) -> dict[str, dict[str, Any]]:
    assert isinstance(here.store, MemoryStore)
    return state(here.store.dump())


def deliver(here: World, *records: Record, origin: Origin = PLATFORM) -> None:
    for record in records:
        assert not take_in(here, message(origin, [record])).failed


def order(version: int = 1, **said: Any) -> OrderRecord:
    fields: dict[str, Any] = {
        "id": "o1",
        "person": None,
        "placed_at": NOW - timedelta(days=1),
        "currency": "USD",
        "total": 2000,
        "lines": [{"productId": "77", "title": "Tea", "quantity": 2, "price": 1000}],
    } | said
    return OrderRecord(version=BASE + version, **fields)


def test_an_order_of_nobody_is_a_statistic() -> None:
    here = shop()
    deliver(here, order(channel="website", tax=100, shipping=300, discount_codes=["TEA"]))
    docs = dump(here)
    [placed] = [data for path, data in docs.items() if path.startswith("orders/")]
    assert (placed["customerId"], placed["channel"], placed["tax"], placed["discountCodes"]) == (
        None,
        "website",
        100,
        ["TEA"],
    )
    assert placed["lines"][0]["productId"] == record_id("shop", "product", "77")
    assert not [path for path in docs if path.startswith(("customers/", "events/"))]
    refresh_dirty(here)
    month = dump(here)["metrics/month-2026-02"]
    assert (month["orders"], month["revenue"]) == (1, 2000)


def test_an_id_of_ours_in_a_line_stays() -> None:
    here, ours = shop(), record_id("csv", "product", "77")
    deliver(here, order(lines=[{"productId": ours, "title": None, "quantity": 1, "price": None}]))
    assert [data["lines"][0]["productId"] for path, data in dump(here).items() if path.startswith("orders/")] == [ours]


def test_a_deleted_order_counts_nowhere_and_a_newer_one_brings_it_back() -> None:
    gone = DeletedRecord(version=BASE + 5, what="order", id="o1")
    told: list[Record] = [order(1, person=ANN), order(3, person=ANN, total=2500), gone]
    for steps in permutations(told):
        here = shop()
        deliver(here, *steps)
        docs = dump(here)
        assert_counted(docs)
        [placed] = [data for path, data in docs.items() if path.startswith("orders/")]
        assert (placed["deleted"], placed["day"], placed["total"]) == (True, None, 2500)
        assert docs[f"customers/{FOUND}"]["stats"]["orders"] == 0
        assert not [path for path in docs if path.startswith("events/")]
        deliver(here, order(7, person=ANN, total=2500))
        docs = dump(here)
        assert_counted(docs)
        assert docs[f"customers/{FOUND}"]["stats"]["revenue"] == 2500
        assert [path for path in docs if path.startswith("events/o-")]


SAID: tuple[Record, ...] = (
    CustomerRecord(
        version=BASE + 1,
        person=ANN,
        consent=[ConsentChange(channel="email", status="granted", at=NOW - timedelta(days=2), source="shopify")],
    ),
    order(2, person=ANN),
    FeedbackRecord(
        version=BASE + 3, id="f1", person=ANN, at=NOW - timedelta(days=1), title="Me, Ann", text="I live in Ann Street"
    ),
    EventRecord(
        version=BASE + 4,
        id="e1",
        person=ANN,
        event="search",
        at=NOW - timedelta(days=1),
        title="ann street",
        url="https://shop.example/?q=ann",
        properties={"query": "ann"},
    ),
    order(5, id="o2", person=ANN, staff=True),
)
PERSONAL = ("Ann", "ann@example.com", "ann street", "High Street", "+447700900123", "q=ann")


@pytest.mark.parametrize("first", range(len(SAID) + 1))
def test_a_person_to_be_forgotten_leaves_statistics_only(first: int) -> None:
    """Whether the request comes before, between or after what it is about."""
    here = shop()
    gone = DeletedRecord(version=BASE + 9, what="customer", id="c1", redact=True)
    deliver(here, *SAID[:first], gone, *SAID[first:], *SAID)
    docs = dump(here)
    assert_counted(docs)
    kept = str(docs)
    assert [word for word in PERSONAL if word in kept] == []
    customer = docs[f"customers/{FOUND}"]
    assert (customer["stats"]["orders"], customer["stats"]["feedback"], customer["stats"]["events"]) == (1, 1, 1)
    assert (customer["displayName"], customer["externalId"], customer["reach"]["any"]) == (None, None, False)
    assert [data["text"] for path, data in docs.items() if path.startswith("feedback/")] == [ERASED]
    assert not [path for path in docs if path.startswith(("identities/", "setAside/"))]


def test_what_members_typed_is_forgotten_too() -> None:
    here = shop()
    deliver(here, *SAID)
    base = f"customers/{FOUND}"
    typed = {"name": "Annie", "email": None, "phone": None, "country": None, "language": None, "tags": ["vip"]}
    here.store.commit(
        [
            Put(f"{base}/sources/manual", typed | {"note": "lives nearby", "updatedBy": "u1"}),
            Put(f"{base}/notes/n1", {"text": "Annie called", "at": NOW - timedelta(days=1), "deleted": False}),
        ]
    )
    gone = DeletedRecord(version=BASE + 9, what="customer", id="c1", redact=True)
    deliver(here, gone, gone)
    assert "Annie" not in str(dump(here)) and "nearby" not in str(dump(here))
    assert dump(here)[f"{base}/sources/manual"]["tags"] == ["vip"]
    assert forget_words(here, PLATFORM, [gone]) == 0


def test_a_deleted_account_keeps_its_words_and_loses_its_addresses() -> None:
    here = shop()
    deliver(here, DeletedRecord(version=BASE + 9, what="customer", id="c1"))
    assert not [path for path in dump(here) if path.count("/") == 1 and path.startswith("customers/")]
    deliver(here, *SAID)
    docs = dump(here)
    assert docs[f"customers/{FOUND}/pii/contact"]["email"] is None
    assert "Ann Street" in str([data["text"] for path, data in docs.items() if path.startswith("feedback/")])
    deliver(here, CustomerRecord(version=BASE + 20, person=ANN))
    assert dump(here)[f"customers/{FOUND}/pii/contact"]["email"] == "ann@example.com"
    assert dump(here)[f"customers/{FOUND}"]["reach"]["email"] is False


def test_accounts_that_the_platform_joined() -> None:
    here = shop()
    link = LinkRecord(version=BASE + 1, person=Person(key="c1"), other="c2")
    deliver(here, link, link)
    decision = dump(here)[link_path(FOUND, customer_id(KEY, "shop", "c2"))]
    assert (decision["decision"], decision["by"]) == ("join", "shop")
