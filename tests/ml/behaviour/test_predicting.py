"""Predictions in the database: the same in any order and any number of times, none for who refused, levels crossed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ml.behaviour import prediction_figures
from ml.behaviour.predicting import crossed, moved, predict, predict_ids, risk_tier
from ml.behaviour.registry import due, load
from ml.behaviour.training import train
from schema.flow import World
from schema.intelligence import ModelCard
from schema.memory_store import MemoryStore
from schema.minds import Predictions
from schema.pictures import PredictionFigures
from schema.store import copied
from tests.ml.behaviour.shops import NOW, later, shop, world

MODELS = ("value", "churn", "intent", "engagement", "campaign", "discount")


@pytest.fixture(scope="module")
def trained() -> dict[str, tuple[Any, int]]:
    made = shop(240)
    made.store.documents["customers/c0003"][0]["profiling"] = "opted out"  # type: ignore[attr-defined]
    made.store.documents["customers/c0004"][0]["sample"] = True  # type: ignore[attr-defined]
    for name in MODELS:
        assert train(made, name, NOW)  # type: ignore[arg-type]
    return dict(made.store.documents)  # type: ignore[attr-defined]


@pytest.fixture
def held(trained: dict[str, tuple[Any, int]]) -> World:
    store = MemoryStore()
    for path, (data, version) in trained.items():
        store.documents[path] = (copied(data), version)
    return world(store)


def told(one: World, who: str) -> Any:
    return one.store.get_many([f"customers/{who}"])[f"customers/{who}"].data["predictions"]  # type: ignore[union-attr]


def everybody(one: World, as_of: datetime = NOW) -> None:
    after: str | None = None
    while True:
        after = predict(one, after, as_of)
        if after is None:
            return


def all_predictions(one: World) -> dict[str, Any]:
    dump = one.store.dump()  # type: ignore[attr-defined]
    return {path: data["predictions"] for path, data in dump.items() if path.startswith("customers/")}


def test_everybody_in_scope_is_predicted_in_full(held: World) -> None:
    everybody(held)
    made = Predictions.model_validate(told(held, "c0010"))
    assert made.as_of == NOW and made.churn.value is not None and made.intent.value is not None
    assert made.churn.low is not None and made.churn.high is not None
    assert made.churn.low <= made.churn.value <= made.churn.high
    assert made.churn.model == "churn@1" and made.churn.basis in ("model", "baseline")
    assert made.value.expected is not None and made.value_tier is not None and made.churn_tier is not None
    assert made.discount.basis == "behaviour with shrinkage" and made.discount.value is not None
    # No message was ever sent: no number, and the condition is named.
    assert made.campaign.value is None and made.campaign.unmet is not None and "there are 0" in made.campaign.unmet.en
    assert made.intent.drivers and all(one.text.en and one.text.zh for one in made.intent.drivers)


def test_who_refused_or_is_of_the_sample_has_none(held: World) -> None:
    everybody(held)
    assert told(held, "c0003") is None and told(held, "c0004") is None
    held.store.documents["customers/c0010"][0]["profiling"] = "opted out"  # type: ignore[attr-defined]
    held.store.documents["customers/c0011"][0]["mergedInto"] = "c0012"  # type: ignore[attr-defined]
    predict_ids(held, ["c0010", "c0011"])
    assert told(held, "c0010") is None and told(held, "c0011") is None


def test_again_and_in_another_order_changes_nothing(held: World, trained: dict[str, Any]) -> None:
    everybody(held)
    first, writes = all_predictions(held), held.store.writes  # type: ignore[attr-defined]
    everybody(held)
    assert held.store.writes == writes  # type: ignore[attr-defined]
    store = MemoryStore()
    for path, (data, version) in trained.items():
        store.documents[path] = (copied(data), version)
    other = world(store)
    ids = sorted((path.split("/")[1] for path in trained if path.startswith("customers/")), reverse=True)
    for start in range(0, len(ids), 90):
        predict_ids(other, [*ids[start : start + 90], *ids[start : start + 5]])
    assert all_predictions(other) == first


def test_a_late_message_does_not_put_older_predictions_over_newer_ones(held: World) -> None:
    everybody(held, later(3))
    newer = all_predictions(held)
    everybody(held, NOW)
    assert all_predictions(held) == newer


def test_an_order_lowers_the_risk_and_a_long_silence_crosses_the_threshold(held: World) -> None:
    everybody(held)
    low = [path for path, one in all_predictions(held).items() if one and (one["churn"]["value"] or 1) < 0.5]
    assert low
    everybody(held, later(120))
    risen = [all_predictions(held)[path] for path in low]
    assert any(one["churn"]["value"] >= 0.7 and one["crossedAt"] == later(120) for one in risen)
    assert all(one["crossedAt"] is None or one["churn"]["value"] >= 0.7 for one in risen)


def test_without_models_nothing_is_made_up() -> None:
    one = shop(20)
    everybody(one)
    made = Predictions.model_validate(told(one, "c0001"))
    assert made.churn.value is None and made.churn.unmet is not None and made.churn.model == "churn@0"
    assert made.value.expected is None and made.discount.value is None and made.churn_tier is None


def test_figures_add_up_and_name_nobody(held: World) -> None:
    everybody(held)
    prediction_figures.figures(held, NOW)
    data = held.store.get_many(["metrics/predictions"])["metrics/predictions"]
    assert data is not None
    made = PredictionFigures.model_validate(data.data)
    asked = [one for one in all_predictions(held).values() if one]
    assert made.predicted == len(asked) == sum(one.n for one in made.churn) == sum(one.n for one in made.value)
    assert made.value_total == sum(one["value"]["expected"] for one in asked)
    assert made.value_low is not None and made.value_high is not None and made.value_total is not None
    assert made.value_low <= made.value_total <= made.value_high
    assert sum(one.customers for one in made.churn_tiers) == made.predicted
    assert made.at_risk == sum(one["churn"]["value"] >= 0.7 for one in asked)
    assert "c00" not in str(data.data)


def test_pages_are_read_with_bounded_cost(held: World) -> None:
    orders = sum(path.startswith("orders/") for path in held.store.documents)  # type: ignore[attr-defined]
    people = 240
    before = held.store.reads  # type: ignore[attr-defined]
    everybody(held)
    # Each customer twice (listed, then read to be written), each order once, and a few documents a page.
    assert held.store.reads - before <= 2 * people + orders + 60  # type: ignore[attr-defined]


def test_training_is_done_when_it_is_due(held: World) -> None:
    assert not train(held, "intent", NOW)
    assert due(None, "nightly", NOW, False) and not due(None, "off", NOW, False) and due(None, "off", NOW, True)
    card = {"trainedAt": NOW - timedelta(hours=23)}
    assert due(card, "nightly", NOW, False) and not due(card, "weekly", NOW, False)


def test_a_pinned_version_stays_and_is_looked_at_again(held: World) -> None:
    card = held.store.documents["models/intent"][0]  # type: ignore[attr-defined]
    card["pinned"] = True
    assert train(held, "intent", NOW, force=True)
    after = ModelCard.model_validate(held.store.documents["models/intent"][0])  # type: ignore[attr-defined]
    assert after.version == 1 and after.pinned and [line.version for line in after.history] == [2, 1]
    assert after.health == "green" and "pinned" in after.why.en
    assert load(held.store, ["intent"])["intent"].label == "intent@1"


def test_levels_and_moves() -> None:
    assert [risk_tier(one, 0.7) for one in (None, 0.2, 0.35, 0.7)] == [None, "low", "medium", "high"]
    base = {"value": None, "model": "x@1"}
    part = {"as_of": NOW, "value": {"expected": None, "model": "x@1"}, "intent": base, "engagement": base,
            "campaign": base,
            "discount": {"value": None, "basis": "behaviour with shrinkage", "model": "x@1"}}  # fmt: skip

    def at(risk: float, moment: datetime = NOW) -> Predictions:
        return Predictions.model_validate({**part, "as_of": moment, "churn": {"value": risk, "model": "churn@1"}})

    first = crossed(at(0.9), None, 0.7)
    assert first["crossedAt"] is None
    low = crossed(at(0.5), first, 0.7)
    high = crossed(at(0.7, later(1)), low, 0.7)
    assert high["crossedAt"] == later(1)
    assert crossed(at(0.8, later(2)), high, 0.7)["crossedAt"] == later(1)
    assert not moved(low, crossed(at(0.504), low, 0.7)) and moved(low, crossed(at(0.53), low, 0.7))
    assert moved(low, crossed(at(0.5, later(8)), low, 0.7)) and moved(None, low)
