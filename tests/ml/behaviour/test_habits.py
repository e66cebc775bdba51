"""Habits: by hand, in the shop's hours, written only where they changed, none for who refused profiling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ml.behaviour.habits import habits, refresh
from ml.behaviour.history import Context, History, Moment, OrderFact, ledger
from schema.documents import Event, Product
from schema.memory_store import MemoryStore
from schema.minds import Habits
from schema.shop import Shop
from schema.store import Create, Put
from tests.ml.behaviour.shops import NOW, customer, later, order, world


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def of(one: History, context: Context | None = None) -> Habits:
    found = habits(ledger([one], context or Context()), NOW)[0]
    assert found is not None
    return found


def test_by_hand() -> None:
    evening = [datetime(2025, 5, day, 18, 40, tzinfo=UTC) for day in (5, 12, 19)]
    made = of(
        History(
            "c",
            ago(300),
            orders=tuple(OrderFact(at, 1000, categories=("tea",), channel="website", items=2) for at in evening),
            moments=(
                Moment(datetime(2025, 5, 20, 19, 5, tzinfo=UTC), "visit"),
                Moment(datetime(2025, 5, 21, 19, 10, tzinfo=UTC), "product_viewed", category="bath"),
                Moment(datetime(2025, 5, 22, 8, tzinfo=UTC), "visit"),
            ),
        ),
        Context("UTC", ago(200)),
    )
    assert made.best_hour == 18 and made.best_weekday == 0
    assert made.visits30 == 2 and made.views90 == 1 and made.channels == {"website": 1.0}
    assert [one.category for one in made.affinity] == ["tea", "bath"]
    assert made.affinity[0].share > 0.9 and sum(one.share for one in made.affinity) == pytest.approx(1, abs=1e-3)
    assert made.items_per_order == 2 and made.spend365 == 3000 and made.rhythm is None


def test_the_hour_is_the_shops() -> None:
    one = History("c", ago(100), moments=tuple(Moment(ago(day), "visit") for day in range(1, 8)))
    assert of(one, Context("UTC")).best_hour == 12
    assert of(one, Context("Asia/Shanghai")).best_hour == 20


def test_four_moments_are_too_few_for_an_hour_and_messages_sent_are_no_habit() -> None:
    lines = tuple(Moment(ago(day), "visit") for day in range(1, 5))
    sent = tuple(Moment(ago(day), "delivery") for day in range(1, 9))
    assert of(History("c", ago(100), moments=lines + sent)).best_hour is None


def test_who_never_did_anything_has_none() -> None:
    assert habits(ledger([History("c", ago(10))], Context()), NOW) == [None]


def small() -> MemoryStore:
    store = MemoryStore()
    shop = Shop(name="Test", currency="EUR", zone="UTC", real=True, updated_at=NOW).to_doc()
    writes: list[Any] = [Put("settings/shop", shop)]
    for number, price in enumerate((500, 900, 2000)):
        product = Product(
            connection_id="csv", platform="csv", external_id=f"x{number}", category="tea", price=price, currency="EUR",
            source_version=1, content_hash="h", created_version=1, updated_at=NOW,
        )  # fmt: skip
        writes.append(Create(f"products/p{number}", product.to_doc()))
    for who in ("a", "b", "c", "old"):
        writes.append(Create(f"customers/{who}", customer(ago(400), 2, ago(9))))
        for number in range(2):
            line = {"productId": f"p{number + 1}", "quantity": 1}
            writes.append(Create(f"orders/{who}{number}", order(who, ago(9 + 40 * number), 1500, lines=[line])))
        event = Event(customer_id=who, kind="visit", channel="website", at=ago(3))
        writes.append(Create(f"events/{who}", event.to_doc()))
    store.commit(writes)
    # "old" went into "a": its orders stay under its own name.
    store.documents["customers/a"][0]["aliases"] = ["old"]
    store.documents["customers/old"][0]["mergedInto"] = "a"
    store.documents["customers/b"][0]["profiling"] = "opted out"
    return store


def test_they_are_written_where_they_changed_and_for_nobody_who_refused() -> None:
    store = small()
    one = world(store)
    assert refresh(one, None, NOW) is None
    made = {who: store.documents[f"customers/{who}"][0]["habits"] for who in ("a", "b", "c", "old")}
    assert made["b"] is None and made["old"] is None and made["a"] and made["c"]
    assert made["a"]["spend365"] == 6000 and made["c"]["spend365"] == 3000
    # Percentiles of 900 and 2000 among 500, 900 and 2000.
    assert made["c"]["priceTier"] == 0.75 and made["c"]["affinity"] == [{"category": "tea", "share": 1.0}]
    writes = store.writes
    refresh(one, None, NOW)
    assert store.writes == writes
    store.documents["customers/c"][0]["profiling"] = "opted out"
    refresh(one, None, NOW)
    assert store.documents["customers/c"][0]["habits"] is None


def test_older_habits_do_not_replace_newer_ones() -> None:
    store = small()
    refresh(world(store), None, later(5))
    newer = store.documents["customers/a"][0]["habits"]
    refresh(world(store, later(6)), None, ago(20))
    assert store.documents["customers/a"][0]["habits"] == newer


def test_habits_as_of_a_moment_that_the_shop_no_longer_has_are_made_anew() -> None:
    store = small()
    refresh(world(store), None, later(5))
    store.commit([Put("metrics/overview", {"lastOrderAt": ago(21)})])
    refresh(world(store, later(40)), None, ago(20))
    assert store.documents["customers/a"][0]["habits"]["asOf"] == ago(20)
