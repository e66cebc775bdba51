"""The night's refresh: stages and rule tags as of now, written only where time changed them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.people import nightly
from schema.store import Put, Update
from tests.people.conftest import Desk


def test_time_changes_stages_and_tags_and_a_second_run_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "PAGE", 2)
    desk.customer("new", 10)
    desk.customer("old", 300)
    desk.customer("lead")
    desk.customer("joined", 300, mergedInto="old")
    assert nightly.refresh(desk.world) == 2
    assert [desk.get(f"customers/{one}")["lifecycleStage"] for one in ("new", "old", "lead")] == ["new", "lost", "lead"]
    assert [tag["tag"] for tag in desk.get("customers/old")["tags"]["auto"]] == ["one-time buyer", "dormant"]
    assert desk.get("customers/joined")["tags"]["auto"] == []
    before = desk.store.dump()
    assert nightly.refresh(desk.world) == 0
    assert desk.store.dump() == before
    desk.now += timedelta(days=51)
    assert nightly.refresh(desk.world) == 1
    assert desk.get("customers/new")["lifecycleStage"] == "active"


def test_data_that_ended_are_told_as_of_their_end(desk: Desk) -> None:
    desk.customer("ann", 10)
    desk.store.commit([Put("metrics/overview", {"lastOrderAt": desk.now - timedelta(days=10)})])
    desk.now += timedelta(days=400)
    nightly.refresh(desk.world)
    assert desk.get("customers/ann")["lifecycleStage"] == "new"
    told = desk.call("support", "people.history", customerId="ann")
    assert [turn["stage"] for turn in told["stages"]] == ["lead", "new"]
    assert not told["cut"]


def test_a_manual_tag_that_comes_meanwhile_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.customer("old", 300)
    commit = desk.store.commit
    once: list[int] = []

    def interrupted(writes: object) -> None:
        if not once:
            once.append(1)
            held = desk.store.get_many(["customers/old"])["customers/old"]
            commit([Update("customers/old", {"tags.manual": ["vip"]}, held.update_time)])
        commit(writes)

    monkeypatch.setattr(desk.store, "commit", interrupted)
    assert nightly.refresh(desk.world) == 1
    tags = desk.get("customers/old")["tags"]
    assert (tags["manual"], len(tags["auto"])) == (["vip"], 2)


def test_the_history_takes_in_every_account_of_the_customer(desk: Desk) -> None:
    desk.customer("old", 500, mergedInto="ann")
    desk.customer("ann", 20, aliases=["old"])
    told = desk.call("owner", "people.history", customerId="ann")
    assert [turn["stage"] for turn in told["stages"]] == ["lead", "new", "active", "at risk", "lost", "won back"]
    assert all(turn["why"]["en"] and turn["why"]["zh"] for turn in told["stages"])
