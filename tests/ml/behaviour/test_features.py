"""`features(history, as_of)`: nothing from after the moment, equal to the intake's statistics, documented."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.ingest.intake import take_in
from ml.behaviour.feature_labels import LABELS
from ml.behaviour.feature_table import FEATURES, NAMES, document, said
from ml.behaviour.features import features, matrix
from ml.behaviour.history import Context, History, Moment, OrderFact, TextFact, ledger
from ml.behaviour.reading import Catalogue, histories, page
from schema.flow import World
from tests.logic import histories as told

T = datetime(2025, 6, 1, 12, tzinfo=UTC)
START = T - timedelta(days=500)


def moments(low: datetime, high: datetime) -> st.SearchStrategy[datetime]:
    return st.datetimes(low.replace(tzinfo=None), high.replace(tzinfo=None), timezones=st.just(UTC))


def orders(low: datetime, high: datetime) -> st.SearchStrategy[OrderFact]:
    return st.builds(
        OrderFact,
        at=moments(low, high),
        net=st.one_of(st.none(), st.integers(0, 50_000)),
        discount=st.sampled_from((0, 0, 500)),
        refunded=st.sampled_from((0, 0, 900)),
        items=st.integers(0, 5),
        categories=st.sampled_from(((), ("tea",), ("tea", "bath"))),
        tier=st.one_of(st.none(), st.floats(0, 1)),
        channel=st.sampled_from((None, "website", "pos")),
    )


def lines(low: datetime, high: datetime) -> st.SearchStrategy[Moment]:
    kinds = st.sampled_from(("visit", "product_viewed", "cart", "click", "delivery", "feedback", "order", "profile"))
    return st.builds(Moment, at=moments(low, high), kind=kinds, category=st.sampled_from((None, "tea")))


def texts(low: datetime, high: datetime) -> st.SearchStrategy[TextFact]:
    return st.builds(TextFact, at=moments(low, high), sentiment=st.floats(-1, 1))


def lives(low: datetime, high: datetime) -> st.SearchStrategy[History]:
    return st.builds(
        History,
        id=st.just("c"),
        since=st.just(START),
        orders=st.lists(orders(low, high), max_size=12).map(tuple),
        moments=st.lists(lines(low, high), max_size=12).map(tuple),
        texts=st.lists(texts(low, high), max_size=4).map(tuple),
    )


CONTEXT = Context("Asia/Shanghai", START)
AFTER = T + timedelta(microseconds=1)


@settings(max_examples=50, deadline=None)
@given(lives(START, T), lives(AFTER, T + timedelta(days=400)))
def test_what_happens_later_changes_nothing(before: History, after: History) -> None:
    both = replace(
        before,
        orders=before.orders + after.orders,
        moments=before.moments + after.moments,
        texts=before.texts + after.texts,
    )
    assert_same(features(both, T, CONTEXT), features(before, T, CONTEXT))


@settings(max_examples=25, deadline=None)
@given(st.lists(lives(START, T), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_many_at_once_are_each_alone_in_any_order(people: list[History], rng: random.Random) -> None:
    shuffled = []
    for one in people:
        facts = [list(one.orders), list(one.moments), list(one.texts)]
        for part in facts:
            rng.shuffle(part)
        shuffled.append(replace(one, orders=tuple(facts[0]), moments=tuple(facts[1]), texts=tuple(facts[2])))
    table = matrix(ledger(shuffled, CONTEXT), T)
    for one, row in zip(people, table, strict=True):
        assert_same(dict(zip(NAMES, row.tolist(), strict=True)), features(one, T, CONTEXT))


@settings(max_examples=30, deadline=None)
@given(lives(START, T))
def test_shares_are_shares_and_counts_count(one: History) -> None:
    made = features(one, T, CONTEXT)
    for feature in FEATURES:
        value = made[feature.name]
        if not math.isnan(value):
            assert math.isfinite(value)
            if feature.unit == "share" and feature.name != "discountDepth":
                assert 0 <= value <= 1
            if feature.unit in ("count", "orders", "days"):
                assert value >= 0
    assert made["orders30"] <= made["orders90"] <= made["orders365"] <= made["orders"] == len(one.orders)


@pytest.mark.parametrize("seed", range(10))
def test_it_equals_the_statistics_that_the_intake_keeps(seed: int) -> None:
    rng = random.Random(seed)
    shop = told.empty_shop()
    for message in told.calm(told.PLATFORM, told.platform_history(rng, 40)):
        assert not take_in(shop, message).failed
    assert compared(shop) > 0


def compared(shop: World) -> int:
    """Hold the features of every customer against `customers.stats`; returns how many had orders."""
    people, _ = page(shop.store, None, 100, False, ("stats",))
    people = [one for one in people if not one.data.get("mergedInto")]
    buyers = 0
    for one, history in zip(people, histories(shop.store, people, Catalogue()), strict=True):
        stats, made = one.data["stats"], features(history, told.NOW)
        assert made["orders"] == stats["orders"]
        converted = stats["orders"] - stats["unconverted"]
        for name, key in (("refunded", "refunded"), ("discount", "discount"), ("items", "items")):
            assert made[name] == stats[key], name
        assert_same({"x": made["revenue"]}, {"x": stats["revenue"] if converted else math.nan})
        assert_same({"x": made["medianGapDays"]}, {"x": number(stats["medianGapDays"])})
        assert_same({"x": made["averageOrder"]}, {"x": number(stats["averageOrder"])})
        if stats["orders"]:
            buyers += 1
            for name, key in (("recencyDays", "lastOrderAt"), ("tenureDays", "firstOrderAt")):
                days = (told.NOW - stats[key]).total_seconds() / 86_400
                assert made[name] == pytest.approx(days, abs=1e-6), name
    return buyers


def number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def assert_same(left: dict[str, float], right: dict[str, float]) -> None:
    for name, value in right.items():
        assert left[name] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), name


def at(days_ago: float) -> datetime:
    return T - timedelta(days=days_ago)


def test_by_hand() -> None:
    one = History(
        "c",
        at(200),
        orders=(
            OrderFact(at(100), 900, discount=100, refunded=0, items=2, categories=("tea",), channel="website"),
            OrderFact(at(80), 500, discount=0, refunded=500, items=1, categories=("bath",), channel="website"),
            OrderFact(at(20), 1600, discount=0, refunded=0, items=3, categories=("tea",), channel="pos"),
            OrderFact(at(10), None, items=2),
        ),
        moments=(
            # A cart that was followed by an order within a day, one that was not, one that is too young to say.
            Moment(at(20.2), "cart"),
            Moment(at(40), "cart"),
            Moment(at(0.5), "cart"),
            Moment(at(5), "visit"),
            Moment(at(45), "visit"),
            Moment(at(3), "delivery"),
        ),
        texts=(TextFact(at(0), 1.0), TextFact(at(180), -1.0)),
    )
    made = features(one, T, Context("UTC", at(60)))
    assert (made["orders"], made["orders30"], made["orders90"]) == (4, 2, 3)
    assert made["recencyDays"] == pytest.approx(10) and made["tenureDays"] == pytest.approx(100)
    assert made["medianGapDays"] == 20 and made["overdue"] == pytest.approx(0.5)
    assert made["rhythm"] == pytest.approx(np.std([20, 60, 10]) / 30)
    assert made["revenue"] == 3000 and made["spend"] == 3500 and made["averageBasket"] == pytest.approx(3500 / 3)
    assert made["averageOrder"] == 1000 and made["itemsPerOrder"] == 2
    # Of the two orders that are 30 days old one went back.
    assert made["returnShare"] == 0.5 and made["discountShare"] == 0.25
    assert made["discountDepth"] == pytest.approx(100 / 3600)
    assert made["breadth"] == 2 and made["channels"] == 2 and made["channelLoyalty"] == pytest.approx(2 / 3)
    assert made["carts90"] == 3 and made["cartAbandonment"] == 0.5
    assert made["visits30"] == 1 and math.isnan(made["visits90"])
    assert made["deliveries90"] == 1 and made["activeDaysAgo"] == pytest.approx(0.5)
    assert made["sentiment"] == pytest.approx((1 - 0.5) / 1.5)


def test_somebody_of_whom_nothing_is_known_has_counts_of_nothing() -> None:
    made = features(History("c", START), T)
    assert made["orders"] == 0 and made["events"] == 0
    assert all(math.isnan(made[name]) for name in ("recencyDays", "revenue", "rhythm", "sentiment", "cartAbandonment"))


def test_an_hour_is_the_shops_and_a_date_has_none() -> None:
    late = tuple(OrderFact(datetime(2025, 5, day, 11, tzinfo=UTC), 100) for day in (1, 2, 3))
    assert features(History("c", START, late), T, Context("Asia/Shanghai"))["eveningShare"] == 1
    assert features(History("c", START, late), T, Context("UTC"))["eveningShare"] == 0
    dates = tuple(OrderFact(datetime(2025, 5, day, tzinfo=UTC), 100) for day in (1, 2, 3))
    assert math.isnan(features(History("c", START, dates), T)["eveningShare"])


def test_the_document_is_the_table() -> None:
    path = Path(__file__).resolve().parents[3] / "docs" / "features.md"
    assert path.read_text(encoding="utf-8") == document()


def test_every_feature_is_said_in_both_languages() -> None:
    for feature in FEATURES:
        words = said(feature, 0.5, "EUR")
        assert "{" not in words.en + words.zh and LABELS[feature.name].en and LABELS[feature.name].zh
    assert len(set(NAMES)) == len(NAMES)
