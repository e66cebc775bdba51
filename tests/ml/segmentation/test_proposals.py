"""Warm nights, searches, and proposals that wait for a person; names with feelings only while there are words."""

from __future__ import annotations

import copy
import random
from datetime import timedelta
from typing import Any

import pytest

from functions.access.audit import Actor
from functions.access.calls import Call
from functions.access.errors import Refused
from functions.segmentation import ACTIONS
from ml.segmentation.assign import assign
from ml.segmentation.membership import effective
from ml.segmentation.model import stay
from ml.segmentation.personas import archetypes
from ml.segmentation.recluster import recluster
from ml.segmentation.standing import verdict
from schema.flow import World
from schema.intelligence import Training
from schema.memory_store import MemoryStore
from schema.segments import Segment, Segmentation
from schema.store import Put, Query, Update
from tests.ml.segmentation.minds import ocean, psyche, set_fields, with_words
from tests.ml.shop import NOW, Ticking, fill, order_run, stats, world

FEELINGS = {one.name.en for one in archetypes() if one.feeling}


def doc(store: MemoryStore, path: str) -> dict[str, Any]:
    return store.documents[path][0]


def in_force(store: MemoryStore) -> dict[str, str | None]:
    active = doc(store, "config/segmentation")["active"]
    return {one.id: effective(one.data["segment"], active) for one in store.query(Query("customers"))}


def run(store: MemoryStore, run_id: str, search: bool = False, later: timedelta = timedelta(0)) -> None:
    order_run(store, run_id)
    recluster(world(store, Ticking(NOW + later)), run_id, search=search)


def decide(store: MemoryStore, action: str, version: int) -> World:
    here = world(store)
    actor = Actor("mia", "Mia", "mia@shop.example", "marketer")
    ACTIONS[action][1](Call(here, actor, {"version": version}, None))  # type: ignore[arg-type]
    return here


def copied(held: MemoryStore) -> MemoryStore:
    made = MemoryStore()
    for path, value in copy.deepcopy(dict(held.documents)).items():
        made.documents[path] = value
    made.clock = held.clock
    return made


@pytest.fixture(scope="module")
def before() -> MemoryStore:
    store = MemoryStore()
    fill(store, 140)
    run(store, "first")
    return store


@pytest.fixture
def store(before: MemoryStore) -> MemoryStore:
    return copied(before)


def upset(store: MemoryStore) -> None:
    """A kind of customers is replaced by new ones of a kind that nobody was: a segment vanishes, one appears."""
    for number in range(3, 140, 7):
        days = [NOW - timedelta(days=2 + index) for index in range(40)]
        set_fields(store, f"p{number:05d}", segment=None, stats=stats(days, [80_000] * 40).to_doc())


def test_a_night_is_warm_and_keeps_space_and_groups(store: MemoryStore) -> None:
    run(store, "night", later=timedelta(days=1))
    one, two = (Segmentation.model_validate(doc(store, f"segmentations/{version}")) for version in (1, 2))
    assert (one.mode, two.mode, two.status) == ("search", "warm", "published")
    assert set(one.prototypes) == set(two.prototypes) and one.scaler_center == two.scaler_center
    assert two.searched_at == one.searched_at and two.moved < 0.05 * 140


@pytest.mark.parametrize("days", [6, 8])
def test_a_week_later_it_searches(store: MemoryStore, days: int) -> None:
    run(store, "later", later=timedelta(days=days))
    assert doc(store, "segmentations/2")["mode"] == ("search" if days > 7 else "warm")


def test_settings_that_changed_start_a_search_and_are_followed(store: MemoryStore) -> None:
    wanted = Training(pinned_k=6, pinned_algorithm="kmeans", updated_at=NOW + timedelta(hours=1)).to_doc()
    store.commit([Put("settings/training", wanted)])
    run(store, "next", later=timedelta(hours=2))
    made = Segmentation.model_validate(doc(store, "segmentations/2"))
    assert made.mode == "search" and made.k == 6 and made.status == "proposed"


def test_a_proposal_changes_nothing_in_force_and_publishing_puts_it_in_force(store: MemoryStore) -> None:
    upset(store)
    held = in_force(store)
    cards = {one.id: one.data for one in store.query(Query("segments"))}
    run(store, "second", search=True)
    made = Segmentation.model_validate(doc(store, "segmentations/2"))
    assert made.status == "proposed" and made.proposal and "vanishes" in made.proposal.en and made.movements
    assert in_force(store) == held and {one.id: one.data for one in store.query(Query("segments"))} == cards
    assert doc(store, "runs/second")["result"]["proposed"] == 1
    here = decide(store, "segmentation.publish", 2)
    assert doc(store, "config/segmentation")["active"] == 2 and doc(store, "segmentations/2")["status"] == "published"
    assert set(in_force(store).values()) == set(made.prototypes)
    alive = [Segment.model_validate(one.data) for one in store.query(Query("segments")) if not one.data["retired"]]
    assert sum(one.size for one in alive) == 140
    assert [one for one in store.documents if one.startswith("audit/")]
    changed = [one for topic, message in here.bus.sent if topic == "customers-changed" for one in message.ids]
    assign(world(store), changed)
    assert set(in_force(store).values()) == set(made.prototypes)
    decide(store, "segmentation.publish", 2)  # once more is no change
    with pytest.raises(Refused):
        decide(store, "segmentation.keep", 2)


def test_nights_leave_a_waiting_proposal_alone_and_the_next_search_supersedes_it(store: MemoryStore) -> None:
    upset(store)
    run(store, "second", search=True)
    run(store, "night", later=timedelta(days=1))
    assert doc(store, "segmentations/2")["status"] == "proposed" and doc(store, "config/segmentation")["active"] == 1
    assert doc(store, "runs/night")["status"] == "done" and doc(store, "runs/night")["result"]["waiting"] == 1
    run(store, "week", later=timedelta(days=8))
    assert doc(store, "segmentations/2")["status"] == "kept" and doc(store, "segmentations/2")["note"]
    newest = doc(store, "config/segmentation")["nextVersion"] - 1
    assert doc(store, f"segmentations/{newest}")["status"] == "proposed"
    with pytest.raises(Refused):
        decide(store, "segmentation.publish", 2)


def test_kept_is_kept_and_the_next_night_is_warm(store: MemoryStore) -> None:
    run(store, "second", search=True)
    decide(store, "segmentation.keep", 2)
    with pytest.raises(Refused):
        decide(store, "segmentation.publish", 2)
    run(store, "night", later=timedelta(days=1))
    assert doc(store, "segmentations/3")["mode"] == "warm" and doc(store, "config/segmentation")["active"] == 3
    assert set(in_force(store).values()) <= set(doc(store, "segmentations/1")["prototypes"])


def test_a_renamed_card_keeps_its_name_through_publishing(store: MemoryStore) -> None:
    upset(store)
    run(store, "second", search=True)
    one = in_force(store)["p00000"]
    path = f"segments/{one}"
    name = {"en": "Our best", "zh": "最好的"}
    store.commit([Update(path, {"name": name, "renamedBy": "mia"}, store.documents[path][1])])
    decide(store, "segmentation.publish", 2)
    assert doc(store, path)["name"] == name and doc(store, path)["renamedBy"] == "mia"


def test_the_verdict() -> None:
    former = {"prototypes": {"a": [], "b": []}}
    for search in (True, False):
        assert verdict(None, ["a"], 0, 0, 100, search) is None
        assert verdict(former, ["a", "b"], 40, 40, 100, search) is None  # over half of today's customers are new
        moved = verdict(former, ["a", "b"], 100, 11, 100, search)
        appears = verdict(former, ["a", "b", "c"], 100, 0, 100, search)
        assert moved and "11%" in moved.en and appears and "1 segment appears" in appears.en
        gone = verdict(former, [], 100, 100, 100, search)
        assert gone and "2 segments vanish" in gone.en
    assert verdict(former, ["a", "b"], 100, 10, 100, False) is None
    asked = verdict(former, ["a", "b"], 100, 2, 100, True)
    assert asked and "2%" in asked.en and "2%" in asked.zh


def resettle(store: MemoryStore) -> None:
    """A sixth of the customers now behave as another kind does, and nobody was told of it yet."""
    for number in range(0, 140, 7):
        if number % 14 == 0 or number < 98:
            other = doc(store, f"customers/p{number + 4:05d}")
            set_fields(store, f"p{number:05d}", **copy.deepcopy({name: other[name] for name in ("stats", "createdAt")}))


def test_a_night_that_moves_many_is_a_proposal_and_once_kept_is_not_made_again(store: MemoryStore) -> None:
    resettle(store)
    held = in_force(store)
    run(store, "night", later=timedelta(days=1))
    made = Segmentation.model_validate(doc(store, "segmentations/2"))
    assert (made.mode, made.status) == ("warm", "proposed") and made.moved > 14 and in_force(store) == held
    decide(store, "segmentation.keep", 2)
    run(store, "next", later=timedelta(days=2))
    assert doc(store, "config/segmentation")["active"] == 1 and "segmentations/3" not in store.documents
    assert "waiting" not in doc(store, "runs/next")["result"]


def test_drift_is_told_for_who_lives_on(store: MemoryStore) -> None:
    run(store, "calm")
    made = Segmentation.model_validate(doc(store, "segmentations/2"))
    assert {one.segment_id for one in made.drift} == set(made.prototypes)
    assert all(one.shift < 0.01 and one.before == one.after > 0 for one in made.drift)
    for number in range(2, 140, 7):
        held = doc(store, f"customers/p{number:05d}")["stats"]
        set_fields(store, f"p{number:05d}", stats={**held, "revenue": held["revenue"] * 2})
    run(store, "night")
    later = Segmentation.model_validate(doc(store, "segmentations/3"))
    assert later.drift[0].segment_id == in_force(store)["p00002"] and later.drift[0].shift > 0.05
    assert [one.shift for one in later.drift] == sorted((one.shift for one in later.drift), reverse=True)


def test_a_search_on_unchanged_data_is_a_proposal_too(store: MemoryStore) -> None:
    run(store, "second", search=True)
    made = Segmentation.model_validate(doc(store, "segmentations/2"))
    assert made.status == "proposed" and made.moved == 0 and doc(store, "config/segmentation")["active"] == 1


def test_reasons_follow_what_holds_and_an_unchanged_night_writes_nobody(store: MemoryStore) -> None:
    def written(run_id: str, days: int) -> set[str]:
        versions = {path: version for path, (_, version) in store.documents.items() if path.startswith("customers/")}
        run(store, run_id, later=timedelta(days=days))
        return {path for path, version in versions.items() if store.documents[path][1] != version}

    one = doc(store, "customers/p00000")
    held, said = one["segment"]["id"], [text["en"] for text in one["segment"]["reasons"]]
    set_fields(store, "p00000", stats={**one["stats"], "revenue": round(one["stats"]["revenue"] * 1.3)})
    assert "customers/p00000" in written("night", 0)
    now = doc(store, "customers/p00000")["segment"]
    assert now["id"] == held and [text["en"] for text in now["reasons"]] != said
    assert written("calm", 0) == set()


def test_somebody_moves_only_to_a_clearly_nearer_group() -> None:
    import numpy as np

    away = np.array([[1.0, 0.95], [1.0, 0.89], [1.0, 0.5]])
    assert stay(away, np.array([1, 1, 1]), np.array([0, 0, -1])).tolist() == [0, 1, 1]


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spoken() -> MemoryStore:
    store = with_words(210)
    run(store, "first")
    return store


def test_words_enter_groups_cards_and_reasons(spoken: MemoryStore) -> None:
    made = Segmentation.model_validate(doc(spoken, "segmentations/1"))
    assert made.blocks.keys() == {"behaviour", "emotion"} and made.words_share == 1 and made.words_gate == 0
    cards = [Segment.model_validate(one.data) for one in spoken.query(Query("segments"))]
    angry = next(one for one in cards if one.persona == "frustrated")
    assert angry.strength and angry.mood and angry.mood.frustrated > 0.4 and angry.mood_customers == angry.size
    for card in cards:
        assert card.basis and card.basis.words > 0 and card.basis.words_known == 1 and card.basis.ocean_known == 0
        assert card.basis.behaviour + card.basis.words + card.basis.personality == pytest.approx(1, abs=1e-3)
    told = [text["en"] for one in spoken.query(Query("customers")) for text in one.data["segment"]["reasons"]]
    assert any("What they wrote lately shows more" in text for text in told)
    for one in spoken.query(Query("customers")):
        segment = one.data["segment"]
        assert segment["second"] not in (None, segment["id"]) and 0 <= segment["margin"] <= 1


def test_when_all_words_are_gone_the_feeling_names_vanish(spoken: MemoryStore) -> None:
    store = copied(spoken)
    assert FEELINGS & {one.data["name"]["en"] for one in store.query(Query("segments"))}
    for one in list(store.query(Query("customers"))):
        set_fields(store, one.id, psyche=None)
    run(store, "night", later=timedelta(days=1))
    names = {one.data["name"]["en"] for one in store.query(Query("segments")) if not one.data["retired"]}
    assert doc(store, "config/segmentation")["active"] == 2 and names and not FEELINGS & names
    told = [text["en"] for one in store.query(Query("customers")) for text in one.data["segment"]["reasons"]]
    assert told and not any("wrote" in text for text in told)


def test_having_written_is_no_group() -> None:
    """Half wrote, whoever they are: the gate holds, and mood still counts."""
    store = MemoryStore()
    fill(store, 210)
    rng = random.Random(5)
    for number in range(210):
        if rng.random() < 0.5:
            set_fields(store, f"p{number:05d}", psyche=psyche(rng, rng.choice(("delighted", "worried")), texts=2))
    run(store, "first")
    made = Segmentation.model_validate(doc(store, "segmentations/1"))
    assert made.words_gate is not None and made.words_gate < 0.05 and 0.35 < made.words_share < 0.65


@pytest.mark.parametrize(("scored", "enters"), [(30, False), (80, True)])
def test_personality_enters_from_a_fifth_of_the_customers_on(scored: int, enters: bool) -> None:
    store = with_words(210)
    rng = random.Random(2)
    for number in range(scored):
        doc(store, f"customers/p{number:05d}")["psyche"]["ocean"] = ocean(rng)
    run(store, "first")
    made = Segmentation.model_validate(doc(store, "segmentations/1"))
    assert ("personality" in made.blocks) == enters and made.ocean_share == pytest.approx(scored / 210, abs=1e-3)
    assert enters or (made.note is not None and "Personality is out" in made.note.en)
    cards = [Segment.model_validate(one.data) for one in store.query(Query("segments"))]
    assert any(one.ocean and one.ocean.openness.low <= one.ocean.openness.score for one in cards)


def test_opting_out_takes_what_was_inferred_along(spoken: MemoryStore) -> None:
    store = copied(spoken)
    set_fields(store, "p00000", profiling="opted out", habits={"visits90": 2}, modelTags=[{"tag": "gift"}])
    assign(world(store), ["p00000"])
    held = doc(store, "customers/p00000")
    assert [held[name] for name in ("segment", "rfm", "psyche", "habits", "predictions")] == [None] * 5
    assert held["modelTags"] == []
