"""The history of stages says at any moment what `stage` would have said then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.ingest.statistics import empty_stats, recount_moments
from schema.lifecycle import history, stage

START = datetime(2024, 1, 1, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def orders(*days: float, status: str = "paid") -> list[dict[str, Any]]:
    return [{"placedAt": START + timedelta(days=day), "status": status} for day in days]


def told(*args: Any, **more: Any) -> list[tuple[str, int]]:
    return [(turn.stage, round((turn.at - START) / DAY)) for turn in history(*args, **more)]


def test_one_order_then_silence() -> None:
    turns = history(orders(0), START + 400 * DAY, known_since=START - 5 * DAY)
    assert [(turn.stage, round((turn.at - START) / DAY)) for turn in turns] == [
        ("lead", -5), ("new", 0), ("active", 60), ("at risk", 90), ("lost", 270),
    ]  # fmt: skip
    assert [turn.why.en for turn in turns[1:]] == [
        "First order", "60 days after the first order", "No order for 90 days", "No order for 270 days",
    ]  # fmt: skip


def test_a_regular_buyer_becomes_loyal_and_is_won_back() -> None:
    assert told(orders(0, 20, 40, 60, 80, 500), START + 510 * DAY) == [
        ("new", 0), ("active", 20), ("loyal", 80), ("at risk", 170), ("lost", 350), ("won back", 500),
    ]  # fmt: skip


def test_what_does_not_count_and_what_is_not_yet_leaves_no_trace() -> None:
    noise = [*orders(5, status="cancelled"), *orders(6, status="test"), {**orders(7)[0], "deleted": True}, *orders(99)]
    assert told([*orders(0), *noise], START + 10 * DAY) == [("new", 0)]
    assert history([], START) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 1500 * 24 * 60), max_size=30),
    st.lists(st.integers(-10 * 24 * 60, 2500 * 24 * 60), min_size=1, max_size=12),
)
def test_the_history_agrees_with_the_stage_at_any_moment(minutes: list[int], asked: list[int]) -> None:
    times = sorted(START + timedelta(minutes=one) for one in minutes)
    turns = history([{"placedAt": at, "status": "paid"} for at in times], START + 3000 * DAY)
    assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)
    assert all(one.stage != other.stage for one, other in zip(turns, turns[1:], strict=False))
    borders = [turn.at for turn in turns]
    for moment in (
        *(START + timedelta(minutes=one) for one in asked),
        *borders,
        *(at - DAY / 86_400 for at in borders),
    ):
        before = [at for at in times if at <= moment]
        stats = empty_stats() | {"orders": len(before)}
        recount_moments(stats, before)
        then = next((turn.stage for turn in reversed(turns) if turn.at <= moment), "lead")
        assert then == stage(stats, moment)
