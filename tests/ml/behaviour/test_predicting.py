"""Predictions in the database: the same in any order and any number of times, none for who refused, levels crossed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ml.behaviour import prediction_figures, tasks
from ml.behaviour.predicting import crossed, moved, predict, predict_ids, risk_tier
from ml.behaviour.registry import due, load, publish
from ml.behaviour.training import build, sample, train
from ml.behaviour.value_model import total_of
from schema.flow import World
from schema.intelligence import ModelCard, Training
from schema.memory_store import MemoryStore
from schema.minds import Predictions
from schema.pictures import PredictionFigures
from schema.store import Put, copied
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
    everybody(world(held.store, later(4)), NOW)  # type: ignore[arg-type]
    assert all_predictions(held) == newer


def test_predictions_as_of_a_moment_that_the_shop_no_longer_has_are_made_anew(held: World) -> None:
    # The sample shop went, or the newest order is over 30 days old by now: the shop is looked at from earlier.
    everybody(held, later(3))
    held.store.commit([Put("metrics/overview", {"lastOrderAt": later(-1)})])
    past = world(held.store, later(45))  # type: ignore[arg-type]
    predict_ids(past, ["c0010"])
    everybody(past, NOW)
    assert {one["asOf"] for one in all_predictions(past).values() if one} == {NOW}


def test_an_order_lowers_the_risk_and_a_long_silence_crosses_the_threshold(held: World) -> None:
    everybody(held)
    low = [path for path, one in all_predictions(held).items() if one and (one["churn"]["value"] or 1) < 0.5]
    assert low
    everybody(held, later(120))
    risen = [all_predictions(held)[path] for path in low]
    assert any(one["churn"]["value"] >= 0.7 and one["crossedAt"] == later(120) for one in risen)
    assert all(one["crossedAt"] is None or one["churn"]["value"] >= 0.7 for one in risen)


def risks(one: World) -> dict[str, Any]:
    return {path: told for path, told in all_predictions(one).items() if told and told["churn"]["value"] is not None}


def test_a_retrain_is_no_crossing_and_hides_none(held: World) -> None:
    everybody(held)
    high = [path for path, one in risks(held).items() if one["churn"]["value"] >= 0.7]
    assert high
    documents = held.store.documents  # type: ignore[attr-defined]
    for path in high:
        # As if a version before had thought otherwise of who has a high risk by this one.
        documents[path][0]["predictions"]["churn"] |= {"value": 0.4, "model": "churn@0"}
    everybody(held, later(1))
    now = risks(held)
    same = [path for path in high if now[path]["churn"]["model"] == "churn@1" and now[path]["churn"]["value"] >= 0.71]
    assert same and all(now[path]["crossedAt"] is None for path in same)


def test_a_night_without_a_value_hides_no_crossing(held: World) -> None:
    everybody(held)
    first = risks(held)
    everybody(held, later(6))
    second = risks(held)
    rise = {
        path: one["churn"]["value"] - first[path]["churn"]["value"] for path, one in second.items() if path in first
    }
    rose = max((path for path in rise if 0.35 < second[path]["churn"]["value"] < 0.9), key=lambda path: rise[path])
    threshold = second[rose]["churn"]["value"] - rise[rose] / 2
    held.store.commit([Put("settings/training", {"riskThreshold": threshold})])
    data = held.store.documents[rose][0]["predictions"]  # type: ignore[attr-defined]
    data["churn"] |= {"value": None, "basis": None}
    data["churnTier"] = None
    predict_ids(world(held.store, later(6.5)), [rose.split("/")[1]])  # type: ignore[arg-type]
    assert all_predictions(held)[rose]["crossedAt"] == later(6.5)


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
    assert made.value_low < made.value_total < made.value_high
    # As wide as the version in force says, not as customers who are independent of each other would have it.
    version = load(held.store, ["value"])["value"]
    known = total_of({**version.parameters, "inUse": version.card.in_use}, made.value_total)
    assert known is not None and (made.value_low, made.value_high) == (round(known[0]), round(known[1]))
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


def card_of(one: World, name: str) -> ModelCard:
    return ModelCard.model_validate(one.store.documents[f"models/{name}"][0])  # type: ignore[attr-defined]


def test_shuffled_outcomes_are_red_in_the_shop_and_the_model_predicts_nothing(held: World) -> None:
    built = build(sample(held, NOW), tasks.task("churn"), NOW, Training(), NOW, shuffle=2)
    publish(held.store, built.card, built.version)
    everybody(held)
    card = card_of(held, "churn")
    assert card.health == "red" and card.in_use != "model"
    assert any("Not surely better than chance" in one.en and "不能确定优于随机" in one.zh for one in card.reasons)
    assert "alone is used" in card.why.en or "nothing is predicted" in card.why.en
    assert "仅使用" in card.why.zh or "不作预测" in card.why.zh
    for one in filter(None, all_predictions(held).values()):
        churn = one["churn"]
        assert churn["model"] == f"churn@{card.version}"
        if card.in_use == "none":
            assert churn["value"] is None and churn["unmet"] == card.why.to_doc()
        else:
            assert churn["basis"] == "baseline" and churn["value"] is not None


@pytest.mark.parametrize("schedule", ["weekly", "off"])
def test_a_version_in_force_is_judged_though_nothing_is_trained(held: World, schedule: str) -> None:
    held.store.commit([Put("settings/training", {"schedule": schedule})])
    before = card_of(held, "intent")
    assert not train(held, "intent", NOW) and card_of(held, "intent") == before
    version = held.store.documents["models/intent/versions/1"][0]["parameters"]  # type: ignore[attr-defined]
    version[before.in_use]["slope"] *= -1
    assert not train(held, "intent", NOW)
    card = card_of(held, "intent")
    assert card.health == "red" and card.in_use == ("baseline" if before.in_use == "model" else "none")
    assert "failed its check" in card.why.en and "未通过" in card.why.zh and card.reasons and card.version == 1
    version[before.in_use]["slope"] *= -1
    assert not train(held, "intent", NOW)
    assert card_of(held, "intent").in_use == before.in_use and card_of(held, "intent").health == before.health


def test_a_value_that_misses_the_newest_window_falls_back(held: World) -> None:
    held.store.commit([Put("settings/training", {"schedule": "off"})])
    before = card_of(held, "value")
    assert before.in_use == "model" and not train(held, "value", NOW) and card_of(held, "value") == before
    version = held.store.documents["models/value/versions/1"][0]["parameters"]  # type: ignore[attr-defined]
    version["gammaGamma"]["v"] *= 5
    assert not train(held, "value", NOW)
    card = card_of(held, "value")
    assert card.health == "red" and card.in_use == "baseline" and "differed" in card.reasons[0].en + card.reasons[-1].en


def test_levels_and_moves() -> None:
    assert [risk_tier(one, 0.7) for one in (None, 0.2, 0.35, 0.7)] == [None, "low", "medium", "high"]
    base = {"value": None, "model": "x@1"}
    part = {"as_of": NOW, "value": {"expected": None, "model": "x@1"}, "intent": base, "engagement": base,
            "campaign": base,
            "discount": {"value": None, "basis": "behaviour with shrinkage", "model": "x@1"}}  # fmt: skip

    def at(risk: float | None, moment: datetime = NOW, model: str = "churn@1") -> Predictions:
        return Predictions.model_validate({**part, "as_of": moment, "churn": {"value": risk, "model": model}})

    first = crossed(at(0.9), None, 0.7)
    assert first["crossedAt"] is None
    low = crossed(at(0.5), first, 0.7)
    high = crossed(at(0.7, later(1)), low, 0.7)
    assert high["crossedAt"] == later(1)
    assert crossed(at(0.8, later(2)), high, 0.7)["crossedAt"] == later(1)
    assert crossed(at(0.6, later(2)), high, 0.7)["crossedAt"] is None
    # Another version: only what it says of the last time tells whether the customer moved.
    other = at(0.8, later(2), "churn@2")
    assert crossed(other, low, 0.7, 0.75)["crossedAt"] is None and crossed(other, low, 0.7)["crossedAt"] is None
    assert crossed(other, low, 0.7, 0.6)["crossedAt"] == later(2)
    assert crossed(other, high, 0.7, 0.6)["crossedAt"] == later(1)
    # A night without a value neither ends what was told nor hides what comes.
    silent = crossed(at(None, later(2)), high, 0.7)
    assert silent["crossedAt"] == later(1)
    assert crossed(at(0.8, later(3)), silent, 0.7, 0.75)["crossedAt"] == later(1)
    nothing = crossed(at(None, later(1)), low, 0.7)
    assert crossed(at(0.8, later(2)), nothing, 0.7, 0.6)["crossedAt"] == later(2)
    soon = later(9)
    # Older predictions do not replace newer ones, unless those were made before there was a model.
    held_back = crossed(at(0.9), None, 0.7)
    assert not moved(crossed(at(0.2, later(1)), None, 0.7), held_back, soon)
    assert moved(crossed(at(None, later(1)), None, 0.7), held_back, soon)
    assert not moved(low, crossed(at(0.504), low, 0.7), soon) and moved(low, crossed(at(0.53), low, 0.7), soon)
    assert moved(low, crossed(at(0.5, later(8)), low, 0.7), soon) and moved(None, low, soon)
