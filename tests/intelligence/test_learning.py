"""One learning job at a time: a newer one takes over what an unfinished one would have done."""

from __future__ import annotations

from datetime import timedelta

from functions.learning import start_learning
from functions.schedule import wake_runs
from schema.store import Update, get
from tests.people.conftest import Desk


def status(desk: Desk, run: str) -> str:
    return str(desk.get(f"runs/{run}")["status"])


def test_a_newer_job_takes_over_with_its_recluster_and_what_was_forced(desk: Desk) -> None:
    first = start_learning(desk.world, "owner", once="a", force=True)
    second = start_learning(desk.world, None, once="b")
    assert (status(desk, first), status(desk, second)) == ("cancelled", "queued")
    assert status(desk, first.replace("learn-", "recluster-")) == "cancelled"
    assert status(desk, second.replace("learn-", "recluster-")) == "queued"
    assert desk.bus.take()[-1][1].to_json()["force"] is True


def test_the_same_occasion_again_is_the_same_job(desk: Desk) -> None:
    first = start_learning(desk.world, "owner", once="a")
    assert start_learning(desk.world, "owner", once="a") == first
    assert status(desk, first) == "queued"


def test_a_recluster_under_way_is_left_to_its_end(desk: Desk) -> None:
    first = start_learning(desk.world, "owner", once="a")
    held = get(desk.store, f"runs/{first.replace('learn-', 'recluster-')}")
    assert held is not None
    desk.store.commit([Update(held.path, {"status": "running"}, held.update_time)])
    start_learning(desk.world, "owner", once="b")
    assert status(desk, first) == "cancelled" and status(desk, held.id) == "running"


def test_a_step_under_way_is_not_woken_and_a_lost_one_is(desk: Desk) -> None:
    run = start_learning(desk.world, "owner", once="a")
    desk.bus.take()
    for minutes, state, woken in ((4, "queued", 1), (9, "running", 0), (11, "running", 1)):
        held = get(desk.store, f"runs/{run}")
        assert held is not None
        since = desk.now - timedelta(minutes=minutes)
        desk.store.commit([Update(held.path, {"status": state, "updatedAt": since}, held.update_time)])
        assert wake_runs(desk.world) == woken
        assert [topic for topic, _ in desk.bus.take()] == ["learn"] * woken
