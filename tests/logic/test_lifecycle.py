"""The lifecycle table, row by row, and that time alone only moves a customer away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest import statistics
from schema.lifecycle import stage

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def stats(*ages: float) -> dict[str, Any]:
    """Statistics of a customer with one order each of these many days ago."""
    held = statistics.empty_stats()
    for age in ages:
        order = {
            "status": "paid",
            "placedAt": NOW - timedelta(days=age),
            "items": 1,
            "reportingTotal": 100,
            "reportingRefunded": 0,
            "reportingDiscount": 0,
        }
        statistics.apply_order(held, None, order)
    return held


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ((), "lead"),
        ((5,), "new"),
        ((80,), "active"),
        ((40, 5), "active"),
        ((200, 150, 100, 50, 5), "loyal"),
        ((120,), "at risk"),
        ((300,), "lost"),
        ((400, 5), "won back"),
        ((500, 300, 100), "active"),
    ],
)
def test_stages(ages: tuple[float, ...], expected: str) -> None:
    assert stage(stats(*ages), NOW) == expected


@given(st.lists(st.integers(0, 900), min_size=1, max_size=12), st.integers(0, 2000))
def test_silence_only_leads_away(ages: list[int], later: int) -> None:
    away = ["new", "active", "at risk", "lost"]
    rank = {name: index for index, name in enumerate(away)} | {"loyal": 1, "won back": 1}
    held = stats(*ages)
    assert rank[stage(held, NOW + timedelta(days=later))] >= rank[stage(held, NOW)]
