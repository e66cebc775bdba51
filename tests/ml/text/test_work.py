"""Feedback scored into emotions and a psyche: one state for one set of words, whatever came how often and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.text import folding, work
from ml.text import psyche as psyche_module
from ml.text.psyche import refresh
from ml.text.registry import Registry
from schema.documents import Customer
from schema.intelligence import Emotion
from schema.minds import Psyche
from schema.store import Put
from tests.ml.text import tiny
from tests.ml.text.conftest import NOW, Desk

GOOD, BAD = "This kettle is great and lovely", "This kettle is awful and broken"


def test_a_text_is_scored_and_its_writer_s_psyche_folded_in_one_commit(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", GOOD)
    before = desk.store.commits
    desk.score("r1")
    assert desk.store.commits == before + 1
    emotion = desk.get("emotions/r1")
    assert emotion["status"] == "scored" and emotion["language"] == "en" and emotion["words"] == 6
    assert emotion["sentiment"]["label"] == "positive" and emotion["top"] == "delighted"
    assert emotion["emotionLabels"] and len(emotion["emotions"]) == 28
    assert emotion["model"] == "en@1+traits@1"
    assert sum(emotion["groups"].values()) == pytest.approx(1)
    Emotion.model_validate(emotion)
    psyche = desk.psyche()
    assert psyche["texts"] == 1 and psyche["sentiment"] > 0.5 and psyche["mood"] == "delighted"
    assert psyche["oceanReason"] == "not enough text"
    Psyche.model_validate(psyche)
    Customer.model_validate(desk.get("customers/ann"))
    [(topic, message)] = desk.bus.take()
    assert topic == "customers-changed"
    assert message.to_json() == {"ids": ["ann"], "fields": ["psyche"], "historic": False, "attempt": 0}


def test_a_replay_writes_and_tells_nothing(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", BAD)
    desk.score("r1")
    desk.bus.take()
    before, writes = desk.store.dump(), desk.store.writes
    desk.now += timedelta(hours=3)
    desk.score("r1", "r1")
    assert desk.store.dump() == before and desk.store.writes == writes
    assert desk.bus.take() == []


def test_rows_of_a_bulk_job_are_told_to_nobody(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", BAD, bulk=True)
    desk.score("r1")
    assert desk.psyche()["texts"] == 1 and desk.bus.take() == []


@pytest.mark.parametrize(
    ("text", "status", "language"),
    [
        ("质量很差，用了两天就坏了", "scored", "zh"),
        ("Très déçue, la machine ne marche plus", "not supported", "fr"),
        ("Love it!", "too short", "en"),
        ("很好", "too short", "zh"),
        ("[erased]", "no words", "und"),
        ("5/5 !!!", "no words", "und"),
    ],
)
def test_what_cannot_be_scored_says_why(desk: Desk, text: str, status: str, language: str) -> None:
    desk.customer("ann")
    desk.said("r1", text)
    desk.score("r1")
    emotion = desk.get("emotions/r1")
    assert (emotion["status"], emotion["language"]) == (status, language)
    assert (emotion["sentiment"] is not None) == (status == "scored")
    assert emotion["emotions"] == {}


def test_words_of_who_refused_profiling_are_not_read_and_what_was_read_goes(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", GOOD)
    desk.score("r1")
    desk.customer("ann", profiling="opted out", psyche=desk.psyche())
    refresh(desk.world, ["ann"], NOW, desk.registry)
    emotion = desk.get("emotions/r1")
    assert emotion["status"] == "opted out" and emotion["sentiment"] is None and emotion["groups"] is None
    assert desk.psyche() is None
    desk.score("r1")
    assert desk.get("emotions/r1") == emotion
    assert work.backlog(desk.world, None, 10, desk.registry) == ([], None)
    desk.customer("ann")
    assert work.backlog(desk.world, None, 10, desk.registry) == (["r1"], None)
    desk.score("r1")
    assert desk.psyche()["texts"] == 1


def test_a_text_that_was_erased_or_deleted_leaves_nothing(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", GOOD)
    desk.said("r2", BAD)
    desk.score("r1", "r2")
    desk.said("r1", "[erased]")
    desk.gone("r2")
    desk.score("r1", "r2")
    assert desk.get("emotions/r1")["status"] == "no words" and desk.get("emotions/r2") is None
    assert desk.psyche() is None


def test_a_text_without_a_customer_is_scored_and_one_that_moves_leaves_its_former_writer(desk: Desk) -> None:
    desk.customer("ann")
    desk.customer("bob")
    desk.said("r0", GOOD, customer=None, productId="p")
    desk.said("r1", BAD)
    desk.score("r0", "r1")
    assert desk.get("emotions/r0")["status"] == "scored" and desk.psyche()["texts"] == 1
    desk.said("r1", BAD, customer="bob")
    desk.score("r1")
    assert desk.psyche() is None and desk.psyche("bob")["texts"] == 1


def test_words_of_merged_accounts_are_the_customer_s(desk: Desk) -> None:
    desk.customer("ann", aliases=["ann2"])
    desk.customer("ann2", mergedInto="ann")
    desk.said("r1", GOOD)
    desk.said("r2", GOOD, customer="ann2")
    desk.score("r1")
    desk.score("r2")
    assert desk.psyche()["texts"] == 2 and desk.psyche("ann2") is None
    assert desk.get("emotions/r2")["customerId"] == "ann2"


def test_sample_words_are_not_read_once_the_shop_has_its_own(desk: Desk) -> None:
    desk.customer("ann")
    desk.store.commit([Put("settings/shop", {"real": True})])
    desk.said("r1", GOOD, sample=True)
    desk.score("r1")
    assert desk.get("emotions/r1") is None
    assert work.backlog(desk.world, None, 10, desk.registry) == ([], None)


def test_evidence_is_found_once_asked_for_and_stays(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", "The kettle is great", title="Broken!")
    desk.score("r1", explain=True)
    evidence = desk.get("emotions/r1")["evidence"]
    text = "Broken!\nThe kettle is great"
    spans = {text[span["start"] : span["end"]]: span for span in evidence["spans"]}
    assert spans["great"]["sentiment"] * spans["Broken"]["sentiment"] < 0
    assert max(abs(span["sentiment"]) for span in evidence["spans"]) == pytest.approx(1)
    before = desk.store.dump()
    desk.now += timedelta(days=1)
    desk.score("r1", explain=True)
    desk.score("r1")
    assert desk.store.dump() == before
    desk.said("r1", "The kettle is awful")
    desk.score("r1")
    assert desk.get("emotions/r1")["evidence"] is None


def test_the_backlog_finds_what_is_not_read_or_read_by_another_model(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PAGE", 3)
    desk.customer("ann")
    for number in range(10):
        desk.said(f"r{number}", GOOD)
    desk.score("r0", "r4", "r7")
    found, place = [], None
    while True:
        ids, place = work.backlog(desk.world, place, 2, desk.registry)
        found += ids
        if place is None:
            break
    assert found == ["r1", "r2", "r3", "r5", "r6", "r8", "r9"]
    desk.score(*found)
    assert work.backlog(desk.world, None, 100, desk.registry) == ([], None)
    changed = desk.get("emotions/r4") | {"model": "en@0"}
    desk.store.commit([Put("emotions/r4", changed)])
    assert work.backlog(desk.world, None, 100, desk.registry) == (["r4"], None)


def test_without_models_nothing_is_scored_and_nothing_breaks(desk: Desk, tmp_path: Any) -> None:
    desk.registry = Registry(tmp_path)
    desk.customer("ann")
    desk.said("r1", GOOD)
    desk.score("r1")
    assert desk.get("emotions/r1")["status"] == "not supported"
    assert desk.psyche()["texts"] == 0


def test_the_night_refolds_only_what_time_changed(desk: Desk) -> None:
    desk.customer("ann")
    desk.customer("bob")
    desk.said("r1", BAD)
    desk.score("r1")
    assert refresh(desk.world, ["ann", "bob"], NOW, desk.registry) == 0
    assert desk.psyche()["frustration"]["feedbackId"] == "r1"
    assert refresh(desk.world, ["ann", "bob"], NOW + timedelta(days=1), desk.registry) == 0
    assert refresh(desk.world, ["ann", "bob"], NOW + timedelta(days=60), desk.registry) == 1
    psyche = desk.psyche()
    assert psyche["frustration"] is None and psyche["weight"] < 0.7 and psyche["texts"] == 1


def test_a_closed_case_settles_a_frustration(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", BAD, days_ago=3)
    desk.score("r1")
    assert desk.psyche()["frustration"]["settled"] is None
    case = {"customerId": "ann", "kind": "frustrated", "status": "done", "feedbackId": "r1", "doneAt": NOW}
    desk.store.commit([Put("cases/k", case)])
    assert refresh(desk.world, ["ann"], NOW, desk.registry) == 1
    assert desk.psyche()["frustration"]["settled"] == "closed case"


def test_a_case_closed_after_the_last_order_and_text_settles_too(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", BAD, days_ago=20)
    desk.score("r1")
    case = {"customerId": "ann", "kind": "frustrated", "status": "done", "feedbackId": "r1", "doneAt": NOW}
    desk.store.commit([Put("cases/k", case)])
    assert refresh(desk.world, ["ann"], NOW - timedelta(days=20), desk.registry) == 1
    assert desk.psyche()["frustration"]["settled"] == "closed case"


def test_ironic_words_settle_nothing(desk: Desk) -> None:
    desk.customer("ann")
    desk.said("r1", BAD, days_ago=5, rating=1)
    desk.said("r2", GOOD, days_ago=2, rating=1)
    desk.score("r1", "r2")
    assert desk.psyche()["frustration"]["settled"] is None and desk.psyche()["mood"] == "frustrated"
    desk.said("r3", GOOD, days_ago=1, rating=5)
    desk.score("r3")
    assert desk.psyche()["frustration"]["settled"] == "positive text"


@pytest.mark.parametrize("first", [True, False])
def test_an_old_text_counts_however_many_newer_ones_nobody_could_read(desk: Desk, first: bool) -> None:
    desk.customer("ann")
    desk.said("old", BAD, days_ago=20)
    newer = [f"n{number}" for number in range(560)]
    for number, identity in enumerate(newer):
        desk.said(identity, "Love it!" if number % 2 else "Très déçue, elle ne marche plus", days_ago=1 + number / 1000)
    for ids in (["old"], newer) if first else (newer, ["old"]):
        for at in range(0, len(ids), 100):
            desk.score(*ids[at : at + 100])
    psyche = desk.psyche()
    assert psyche["texts"] == 1 and psyche["frustration"]["feedbackId"] == "old"
    assert psyche["oceanReason"] == "not enough text"
    assert refresh(desk.world, ["ann"], NOW, desk.registry) == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_order_leaves_no_trace_among_more_texts_than_count(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    # As many scored texts as count are three here: what is left out matters as much as what is kept.
    monkeypatch.setattr(psyche_module, "NEWEST", 3)
    monkeypatch.setattr(folding, "NEWEST", 3)
    texts = data.draw(st.lists(st.sampled_from([text for text in VERSIONS if text]), min_size=4, max_size=12))
    ids = [f"r{number}" for number in range(len(texts))]

    def shop(order: list[str], size: int) -> Desk:
        desk = Desk(registry)
        desk.customer("ann")
        for number, text in enumerate(texts):
            # Some are dated ahead of the clock.
            desk.said(f"r{number}", text, days_ago=number - 2)
        for at in range(0, len(order), size):
            desk.score(*order[at : at + size])
        return desk

    orderly = shop(ids, len(ids))
    mixed = shop(data.draw(st.permutations(ids)), data.draw(st.integers(1, len(ids))))
    assert mixed.psyche() == orderly.psyche()
    assert refresh(mixed.world, ["ann"], NOW, registry) == 0


@pytest.mark.parametrize("broken", ["en/model.onnx", "en/manifest.json", "traits/model.onnx"])
def test_a_broken_model_is_no_unsupported_language(desk: Desk, tmp_path: Any, broken: str) -> None:
    folder = tiny.registry_folder(tmp_path / "models")
    whole = (folder / broken).read_bytes()
    (folder / broken).write_bytes(b"{")
    desk.registry = Registry(folder)
    desk.customer("ann")
    desk.customer("bob")
    desk.said("r1", GOOD)
    desk.said("r2", "质量很差，用了两天就坏了", customer="bob")
    desk.said("r3", "Très déçue, la machine ne marche plus", customer=None)
    [failed] = work.score(desk.world, ["r1", "r2", "r3"], registry=desk.registry)
    assert failed.body["ids"] == ["r1"] and failed.error == "ArtefactError"
    assert desk.get("emotions/r1") is None
    assert desk.get("emotions/r2")["status"] == "scored" and desk.get("emotions/r3")["status"] == "not supported"
    (folder / broken).write_bytes(whole)
    desk.registry = Registry(folder)
    desk.score("r1")
    assert desk.get("emotions/r1")["model"] == "en@1+traits@1"


VERSIONS = ("", GOOD, BAD, "Love it!", "[erased]", "质量很差很差", "Très déçue, la machine ne marche plus")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_shuffled_duplicated_and_late_events_leave_the_same_documents(registry: Registry, data: st.DataObject) -> None:
    ids = [f"r{number}" for number in range(data.draw(st.integers(1, 5)))]
    steps = data.draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(VERSIONS)), max_size=8))
    refuses = data.draw(st.booleans())
    events = [*ids, *data.draw(st.lists(st.sampled_from(ids), max_size=6))]
    shuffled = data.draw(st.permutations(events))

    def shop() -> Desk:
        desk = Desk(registry)
        desk.customer("ann", aliases=["ann2"])
        desk.customer("ann2", mergedInto="ann")
        for number, identity in enumerate(ids):
            desk.said(identity, GOOD, customer="ann2" if number == 1 else "ann", days_ago=number * 20)
        return desk

    once, often = shop(), shop()
    for desk in (once, often):
        for identity, text in steps:
            if desk is often:
                # Some events arrive between the edits, and are late for what comes after.
                desk.score(identity)
            if text:
                desk.said(identity, text, days_ago=int(identity[1:]) * 20)
        if refuses:
            desk.customer("ann", aliases=["ann2"], profiling="opted out", psyche=desk.psyche())
    once.score(*ids)
    cut = data.draw(st.integers(0, len(shuffled)))
    for identity in shuffled[:cut]:
        often.score(identity)
    if shuffled[cut:]:
        often.score(*shuffled[cut:])
    assert often.store.dump() == once.store.dump()
