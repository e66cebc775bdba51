"""A customer's figures by delta, case by case; the histories hold them against a recount."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.ingest import statistics

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def order(days: float = 0, total: int | None = 1000, status: str = "paid", items: int = 1) -> dict[str, Any]:
    return {
        "placedAt": DAY + timedelta(days=days),
        "status": status,
        "items": items,
        "reportingTotal": total,
        "reportingRefunded": None if total is None else 10,
        "reportingDiscount": None if total is None else 5,
    }


def after(*orders: dict[str, Any]) -> dict[str, Any]:
    stats = statistics.empty_stats()
    for one in orders:
        statistics.apply_order(stats, None, one)
    return stats


@pytest.mark.parametrize(
    ("days", "median"),
    [
        ([], None),
        ([0], None),
        ([0, 0], 0.0),
        ([0, 10], 10.0),
        ([0, 10, 40], 20.0),
        ([0, 1, 3, 103], 2.0),
        ([40, 0, 10], 20.0),
        ([0, 0.9, 1.1], 0.5),
    ],
)
def test_median_gap(days: list[float], median: float | None) -> None:
    assert after(*(order(day) for day in days))["medianGapDays"] == median


def test_only_the_newest_21_days_are_kept() -> None:
    stats = after(*(order(day) for day in [*range(0, 100, 4), 98]))
    assert len(stats["recentOrderDays"]) == 21
    assert stats["recentOrderDays"][-1] - stats["recentOrderDays"][-2] == 2
    assert stats["firstOrderAt"] == DAY and stats["orders"] == 26


def test_sums_move_by_the_difference() -> None:
    stats = after(order(0), order(5, total=500, items=3))
    assert (stats["orders"], stats["revenue"], stats["items"], stats["averageOrder"]) == (2, 1500, 4, 750)
    assert (stats["refunded"], stats["discount"]) == (20, 10)
    statistics.apply_order(stats, order(5, total=500, items=3), order(5, total=800, items=2))
    assert (stats["orders"], stats["revenue"], stats["items"]) == (2, 1800, 3)


def test_cancelled_and_test_orders_do_not_count() -> None:
    assert after(order(status="cancelled"), order(status="test")) == statistics.empty_stats()
    stats = after(order())
    statistics.apply_order(stats, order(), order(status="cancelled"))
    assert (stats["orders"], stats["revenue"], stats["averageOrder"]) == (0, 0, None)


def test_an_order_in_a_currency_without_a_rate_counts_without_an_amount() -> None:
    stats = after(order(), order(1, total=None))
    assert (stats["orders"], stats["unconverted"], stats["revenue"], stats["averageOrder"]) == (2, 1, 1000, 1000)
    assert after(order(total=None))["averageOrder"] is None


def test_zero_amounts_are_orders() -> None:
    stats = after(order(total=0), order(1, total=1000))
    assert (stats["orders"], stats["averageOrder"]) == (2, 500)


@pytest.mark.parametrize(
    ("old", "new", "moves"),
    [
        (None, order(), False),
        (order(), order(total=5), False),
        (order(), order(status="refunded"), False),
        (order(), order(1), True),
        (order(), order(status="cancelled"), True),
        (order(), None, True),
        (order(status="cancelled"), order(), False),
        (order(status="cancelled"), None, False),
    ],
)
def test_when_the_history_must_be_asked(old: Any, new: Any, moves: bool) -> None:
    assert statistics.moves_history(old, new) is moves


def test_recount_of_moments() -> None:
    stats = after(order(0), order(10), order(30))
    statistics.recount_moments(stats, [DAY + timedelta(days=30), DAY + timedelta(days=10)])
    assert stats["firstOrderAt"] == DAY + timedelta(days=10) and stats["medianGapDays"] == 20.0
    statistics.recount_moments(stats, [])
    assert (stats["firstOrderAt"], stats["lastOrderAt"], stats["recentOrderDays"]) == (None, None, [])


def test_words() -> None:
    stats = statistics.empty_stats()
    statistics.apply_words(stats, None, {"rating": 5})
    statistics.apply_words(stats, None, {"rating": None})
    statistics.apply_words(stats, {"rating": 5}, {"rating": 2})
    assert (stats["feedback"], stats["rated"], stats["ratingSum"]) == (2, 1, 2)
    statistics.apply_words(stats, {"rating": 2}, None)
    assert (stats["feedback"], stats["rated"], stats["ratingSum"]) == (1, 0, 0)


def test_seen() -> None:
    stats = statistics.empty_stats()
    for moment in (None, DAY, DAY - timedelta(days=1), None):
        statistics.see(stats, moment)
    assert stats["lastSeenAt"] == DAY


def test_days_before_1970_and_in_any_offset() -> None:
    assert statistics.day_number(datetime(1969, 12, 31, 23, tzinfo=UTC)) == -1
    assert statistics.day_number(datetime.fromisoformat("2026-01-01T07:00:00+08:00")) == statistics.day_number(DAY) - 1
