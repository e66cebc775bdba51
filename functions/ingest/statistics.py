"""`customers.stats` by delta: always what a recount of the customer's orders and words would give.

Sums move by the difference between an order's old and new contribution. First, last and rhythm move with an added
order; when an order is cancelled or moved in time they cannot be known from the statistics alone, and the history is
asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import Any

Doc = dict[str, Any]
RECENT = 21


def empty_stats() -> Doc:
    """The statistics of a customer without orders; every sortable field exists as null."""
    return {
        "orders": 0,
        "revenue": 0,
        "refunded": 0,
        "discount": 0,
        "items": 0,
        "unconverted": 0,
        "firstOrderAt": None,
        "lastOrderAt": None,
        "recentOrderDays": [],
        "medianGapDays": None,
        "averageOrder": None,
        "feedback": 0,
        "ratingSum": 0,
        "rated": 0,
        "events": 0,
        "lastSeenAt": None,
    }


def counts(order: Doc | None) -> bool:
    """Whether an order counts: not cancelled, not a test, not deleted."""
    return order is not None and order["status"] not in ("cancelled", "test") and not order.get("deleted")


def moves_history(old: Doc | None, new: Doc | None) -> bool:
    """Whether replacing `old` by `new` takes a moment away, so that first, last and rhythm must be asked anew."""
    return counts(old) and (not counts(new) or old["placedAt"] != new["placedAt"])  # type: ignore[index]


def apply_order(stats: Doc, old: Doc | None, new: Doc | None) -> None:
    """Move the sums by the difference of two states of one order, and the rhythm by an added one; in place."""
    for order, sign in ((old, -1), (new, 1)):
        if not counts(order) or order is None:
            continue
        stats["orders"] += sign
        stats["items"] += sign * order["items"]
        if order["reportingTotal"] is None:
            stats["unconverted"] += sign
        else:
            stats["revenue"] += sign * order["reportingTotal"]
            stats["refunded"] += sign * order["reportingRefunded"]
            stats["discount"] += sign * order["reportingDiscount"]
    if counts(new) and not counts(old) and new is not None:
        add_moment(stats, new["placedAt"])
    finish(stats)


def add_moment(stats: Doc, at: datetime) -> None:
    """Take one more order time into first, last and the recent days; in place."""
    stats["firstOrderAt"] = at if stats["firstOrderAt"] is None else min(stats["firstOrderAt"], at)
    stats["lastOrderAt"] = at if stats["lastOrderAt"] is None else max(stats["lastOrderAt"], at)
    stats["recentOrderDays"] = sorted([*stats["recentOrderDays"], day_number(at)])[-RECENT:]


def recount_moments(stats: Doc, moments: Iterable[datetime]) -> None:
    """Set first, last and the recent days from the whole history; in place."""
    times = sorted(moments)
    stats["firstOrderAt"] = times[0] if times else None
    stats["lastOrderAt"] = times[-1] if times else None
    stats["recentOrderDays"] = [day_number(at) for at in times][-RECENT:]
    finish(stats)


def apply_words(stats: Doc, old: Doc | None, new: Doc | None) -> None:
    """Move the counts of texts and ratings; in place."""
    for words, sign in ((old, -1), (new, 1)):
        if words is not None:
            stats["feedback"] += sign
            if words["rating"] is not None:
                stats["rated"] += sign
                stats["ratingSum"] += sign * words["rating"]


def see(stats: Doc, at: datetime | None) -> None:
    """The customer was active at `at`; in place."""
    if at is not None:
        stats["lastSeenAt"] = at if stats["lastSeenAt"] is None else max(stats["lastSeenAt"], at)


def finish(stats: Doc) -> None:
    """The figures that follow from the others; in place."""
    days = stats["recentOrderDays"]
    gaps = [later - earlier for earlier, later in zip(days, days[1:], strict=False)]
    stats["medianGapDays"] = float(median(gaps)) if gaps else None
    converted = stats["orders"] - stats["unconverted"]
    stats["averageOrder"] = round(stats["revenue"] / converted) if converted > 0 else None


def day_number(at: datetime) -> int:
    """Days since 1970-01-01 in UTC."""
    return int(at.timestamp() // 86_400)
