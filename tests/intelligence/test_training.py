"""Training settings are checked and audited; a model is rolled back and released; insights keep what was said."""

from __future__ import annotations

from typing import Any

import pytest

from functions.access.errors import Forbidden, Refused
from schema.base import Localized
from schema.intelligence import Drift, Metrics, ModelCard, ModelVersion, Training
from schema.store import Put
from tests.people.conftest import NOW, Desk


def test_settings_given_are_saved_and_the_others_stay(desk: Desk) -> None:
    desk.call("admin", "training.save", kMin=4, schedule="weekly")
    desk.call("admin", "training.save", riskThreshold=0.8)
    held = Training.model_validate(desk.get("settings/training"))
    assert (held.k_min, held.k_max, held.schedule, held.risk_threshold) == (4, 10, "weekly", 0.8)
    assert held.updated_by == "admin"
    changes = {entry["action"]: entry["after"] for entry in desk.audit() if "riskThreshold" in entry["after"]}
    assert changes == {"training.save": {"riskThreshold": 0.8}}


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"kMin": 11}, "kMin"),
        ({"kMin": 1}, "kMin"),
        ({"riskThreshold": 3}, "riskThreshold"),
        ({"historyDays": 5}, "historyDays"),
        ({"schedule": "hourly"}, "schedule"),
        ({"nonsense": 1}, "nonsense"),
        ({"blocks": {"behaviour": {"on": False}, "emotion": {"on": False}, "personality": {"on": False}}}, "blocks"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(desk: Desk, args: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.call("owner", "training.save", **args)
    assert refused.value.field == field
    assert desk.get("settings/training") is None


def test_a_bound_is_told_in_both_languages(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.call("owner", "training.save", riskThreshold=3)
    assert refused.value.en == "riskThreshold: the value must be at most 0.95."
    assert refused.value.zh == "riskThreshold：取值应为不大于 0.95。"


def test_a_marketer_decides_how_customers_are_grouped_and_nothing_else(desk: Desk) -> None:
    desk.call("marketer", "training.save", pinnedK=7, pinnedAlgorithm="kmeans")
    assert desk.get("settings/training")["pinnedK"] == 7
    with pytest.raises(Forbidden):
        desk.call("marketer", "training.save", pinnedK=8, riskThreshold=0.8)
    assert desk.get("settings/training")["pinnedK"] == 7


def test_saving_the_same_again_leaves_no_trace(desk: Desk) -> None:
    desk.call("owner", "training.save", kMin=5)
    before = desk.store.dump()
    desk.call("owner", "training.save", kMin=5)
    assert desk.store.dump() == before


def a_model(desk: Desk) -> None:
    metrics, baseline = Metrics(rows=900, positives=200, auc=0.8), Metrics(rows=900, positives=200, auc=0.7)
    words = Localized(en="Better than recency", zh="优于基线")
    card = ModelCard(
        name="churn", version=2, in_use="baseline", estimator="logistic", baseline="recency", why=words, health="red",
        reasons=[words], drift=[Drift(feature="recency", psi=0.4)], fit={"r": 0.2}, updated_at=NOW,
    )  # fmt: skip
    old = ModelVersion(
        version=1, trained_at=NOW, as_of=NOW, estimator="logistic", metrics=metrics, baseline=baseline, health="green"
    )
    desk.store.commit([Put("models/churn", card.to_doc()), Put("models/churn/versions/1", old.to_doc())])


def test_a_former_version_is_put_back_and_stays_until_released(desk: Desk) -> None:
    a_model(desk)
    desk.call("owner", "model.rollback", name="churn", version=1)
    card = ModelCard.model_validate(desk.get("models/churn"))
    assert (card.version, card.pinned, card.in_use, card.health) == (1, True, "model", "green")
    assert card.metrics and card.metrics.auc == 0.8 and "Owner" in card.why.en
    # Nothing that was measured on the other version is left beside it.
    assert not (card.reasons or card.drift or card.fit or card.calibration or card.slices or card.importance)
    desk.call("owner", "model.unpin", name="churn")
    assert desk.get("models/churn")["pinned"] is False
    assert sorted(entry["action"] for entry in desk.audit()) == ["model.rollback", "model.unpin"]


@pytest.mark.parametrize(
    ("args", "field"),
    [({"name": "churn", "version": 7}, "version"), ({"name": "churn", "version": True}, "version"),
     ({"name": "fate", "version": 1}, "name")],
)  # fmt: skip
def test_a_version_that_is_not_kept_cannot_come_back(desk: Desk, args: dict[str, Any], field: str) -> None:
    a_model(desk)
    before = desk.store.dump()
    with pytest.raises(Refused) as refused:
        desk.call("owner", "model.rollback", **args)
    assert refused.value.field == field and desk.store.dump() == before


def test_retraining_starts_one_learning_job_with_its_recluster(desk: Desk) -> None:
    run = desk.call("owner", "model.train")["runId"]
    [(topic, message)] = desk.bus.take()
    assert topic == "learn" and message.to_json()["runId"] == run and message.to_json()["force"] is True
    assert desk.get(f"runs/{run}")["status"] == desk.get(f"runs/{message.to_json()['then']}")["status"] == "queued"


def test_what_members_say_of_an_insight_is_kept(desk: Desk) -> None:
    desk.store.commit([Put("insights/i1", {"status": "new", "useful": None, "decidedBy": None, "updatedAt": NOW})])
    desk.call("analyst", "insight.useful", insightId="i1", useful=True)
    desk.call("marketer", "insight.dismiss", insightId="i1")
    assert (desk.get("insights/i1")["status"], desk.get("insights/i1")["useful"]) == ("dismissed", True)
    desk.call("marketer", "insight.restore", insightId="i1")
    desk.call("analyst", "insight.useful", insightId="i1", useful=None)
    assert (desk.get("insights/i1")["status"], desk.get("insights/i1")["useful"]) == ("new", None)
    with pytest.raises(Refused):
        desk.call("owner", "insight.useful", insightId="i1", useful="yes")


def test_evidence_is_asked_for_by_message(desk: Desk) -> None:
    desk.call("support", "evidence.ask", feedbackId="f1")
    [(topic, message)] = desk.bus.take()
    assert (topic, message.to_json()["ids"], message.to_json()["explain"]) == ("texts", ["f1"], True)
    with pytest.raises(Refused):
        desk.call("support", "evidence.ask", feedbackId="gone")
