"""The shop's value model: trained and judged on histories, told per customer, honest where it knows little."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from ml.behaviour import discount_model, value_model
from ml.behaviour.history import DAY, Context, History, Ledger, OrderFact, ledger, of_orders
from schema.intelligence import ModelCard, ModelVersion

AS_OF = datetime(2024, 6, 1, tzinfo=UTC)
START = datetime(2022, 6, 1, tzinfo=UTC)


def shop(customers: int, seed: int = 1, until: int = 731) -> Ledger:
    """Customers who follow the models."""
    rng = np.random.default_rng(seed)
    owner, at, amount = [], [], []
    for one in range(customers):
        rate, stop, level = rng.gamma(0.8, 1 / 60), rng.beta(0.9, 3.5), rng.gamma(5.0, 1 / 2_000)
        now = float(rng.uniform(0, 300))
        while now < until:
            owner.append(one)
            at.append(START.timestamp() + now * DAY)
            amount.append(round(rng.gamma(6.0) / level * 10))
            if now and rng.random() < stop:
                break
            now += rng.exponential(1 / rate)
    return of_orders([f"c{n}" for n in range(customers)], np.array(owner), np.array(at), np.array(amount, dtype=float))


def test_it_is_trained_judged_and_told() -> None:
    book = shop(900)
    made = value_model.train_value(book, AS_OF, AS_OF)
    card = ModelCard.model_validate(made.card.to_doc())
    assert made.version is not None and card.in_use == "model" and card.health == "green" and card.unmet is None
    assert card.metrics is not None and 0.85 < (card.metrics.coverage or 0) < 0.97
    assert card.slices[0].tested_to == AS_OF and card.fit["r"] > 0
    # Served from what the database gives back.
    stored = ModelVersion.model_validate(json.loads(json.dumps(made.version.to_json())))
    told = value_model.value_of(book, stored.parameters, "value@1", AS_OF)
    assert len(told) == 900
    for one in told:
        assert one.unmet is None and one.model == "value@1"
        assert one.expected is not None and one.low is not None and one.high is not None
        assert one.low <= one.expected <= one.high
        assert one.next_order_at is None or one.next_order_at > AS_OF


def test_the_version_knows_how_far_the_sum_of_all_may_be_off() -> None:
    made = value_model.train_value(shop(400), AS_OF, AS_OF)
    assert made.version is not None
    stored = ModelVersion.model_validate(json.loads(json.dumps(made.version.to_json()))).parameters
    for used in ("model", "baseline"):
        few, many = (value_model.total_of({**stored, "inUse": used}, expected) for expected in (1e5, 1e7))
        assert few is not None and many is not None
        assert few[0] < 1e5 < few[1] and many[0] < 1e7 < many[1]
        # More customers of the same kind: their luck evens out, what is wrong for all of them stays.
        assert 0.02 < (many[1] - many[0]) / 1e7 < (few[1] - few[0]) / 1e5
    assert value_model.total_of({"inUse": "model"}, 1e5) is None


def test_nothing_after_the_moment_is_looked_at() -> None:
    moment = AS_OF - timedelta(days=200)
    book = shop(300)
    seen = book.orders.at <= moment.timestamp()
    past = of_orders(book.ids, book.orders.owner[seen], book.orders.at[seen], book.orders.net[seen])
    early, short = (value_model.train_value(one, moment, AS_OF) for one in (book, past))
    assert not seen.all()
    assert early.card == short.card and early.version == short.version


def test_one_customer_is_told_the_same_alone() -> None:
    book = shop(300)
    made = value_model.train_value(book, AS_OF, AS_OF)
    assert made.version is not None
    told = value_model.value_of(book, made.version.parameters, "value@1", AS_OF)
    mine = book.orders.owner == 17
    alone = of_orders(["c17"], np.zeros(mine.sum(), dtype=np.int64), book.orders.at[mine], book.orders.net[mine])
    assert value_model.value_of(alone, made.version.parameters, "value@1", AS_OF) == [told[17]]


def test_a_shop_without_second_orders_says_what_is_missing() -> None:
    book = of_orders(["a", "b"], np.array([0, 1]), np.array([START.timestamp()] * 2), np.array([100.0, 200.0]))
    made = value_model.train_value(book, AS_OF, AS_OF)
    assert made.version is None and made.card.in_use == "none"
    assert made.card.unmet is not None and "5 customers" in made.card.unmet.en
    told = value_model.value_of(book, None, "value@0", AS_OF, made.card.unmet)
    assert [(one.expected, one.unmet) for one in told] == [(None, made.card.unmet)] * 2


def test_customers_without_an_order_have_no_value() -> None:
    made = value_model.train_value(shop(300), AS_OF, AS_OF)
    assert made.version is not None
    nobody = of_orders(["x"], np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    told = value_model.value_of(nobody, made.version.parameters, "value@1", AS_OF)
    assert told[0].expected is None and told[0].unmet == value_model.NO_ORDER


def test_a_shop_that_broke_its_habits_falls_back() -> None:
    # Everybody stops at once, 250 days before the end: nothing of what the fit expects comes.
    made = value_model.train_value(shop(600, until=430), AS_OF, AS_OF)
    assert made.card.health == "red" and made.card.in_use == "baseline" and made.card.reasons
    assert made.version is not None
    told = value_model.value_of(shop(600, until=430), made.version.parameters, "value@1", AS_OF)
    assert {one.expected for one in told} == {0} and all(one.purchases is None for one in told)


def discounted(shares: list[tuple[int, int]]) -> Ledger:
    people = [
        History(
            f"c{n}", START,
            tuple(OrderFact(START + timedelta(days=k), 1_000, discount=100 if k < d else 0) for k in range(orders)),
        )
        for n, (d, orders) in enumerate(shares)
    ]  # fmt: skip
    return ledger(people, Context())


def test_discount_shares_are_shrunk_and_labelled() -> None:
    rng = np.random.default_rng(2)
    shares = [(int(rng.binomial(n, rng.beta(2, 6))), int(n)) for n in rng.integers(1, 9, 300)]
    book = discounted([*shares, (1, 1), (8, 8), (0, 8), (0, 0)])
    made = discount_model.train_discount(book, AS_OF, AS_OF)
    assert made.version is not None and made.card.in_use == "baseline" and made.card.health == "yellow"
    assert made.card.fit["share"] == pytest.approx(0.25, abs=0.04)
    assert made.card.fit["strength"] == pytest.approx(8, rel=0.6)
    told = discount_model.discount_of(book, made.version.parameters, "discount@1", AS_OF)
    once, always, never, nobody = told[-4:]
    assert all(one.basis == "behaviour with shrinkage" for one in told)
    assert 0 < (never.value or 0) < (once.value or 0) < (always.value or 0) < discount_model.FACTOR
    assert (always.low or 0) < 0 < (always.value or 0) < (always.high or 0)
    assert nobody.value is None and nobody.unmet is not None


def test_few_discounts_say_how_far_it_is() -> None:
    made = discount_model.train_discount(discounted([(1, 3), (0, 2)]), AS_OF, AS_OF)
    assert made.version is None and made.card.unmet is not None and "2 and 1" in made.card.unmet.en


def test_health_speaks_of_what_was_missed() -> None:
    ones = np.ones(200)
    seen = SimpleNamespace(
        expected=ones * 10, low=ones * 0, high=ones * 20, actual=np.where(np.arange(200) < 150, 100.0, 0.0),
        repeated=ones, ratio=75.0,
    )  # fmt: skip
    health, reasons = value_model.judge(seen)  # type: ignore[arg-type]
    assert health == "red" and any("25%" in one.en for one in reasons)
    assert value_model.judge(None)[0] == "yellow"
