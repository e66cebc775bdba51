"""The stages of a customer's life: one table of rules over the order statistics, here for people to change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

NEW_DAYS = 60
"""A first order counts as new for this long."""
LOYAL_ORDERS = 5
ACTIVE_DAYS, ACTIVE_GAPS = 90, 2.0
"""Active: the last order is younger than this many days, or than this many of the customer's own median gaps."""
LOST_DAYS, LOST_GAPS = 270, 6.0
"""Lost: older than both. Between active and lost a customer is at risk."""


def stage(stats: dict[str, Any], as_of: datetime) -> str:
    """The lifecycle stage as of a moment: lead, new, active, loyal, at risk, lost or won back.

    Args:
        stats: `customers.stats`.
        as_of: now for a living shop, the day after the newest order for data that ended.
    """
    last, first = stats.get("lastOrderAt"), stats.get("firstOrderAt")
    if not stats.get("orders") or last is None or first is None:
        return "lead"
    silent = (as_of - last).total_seconds() / 86_400
    gap = stats.get("medianGapDays") or 0.0
    if silent > max(LOST_DAYS, LOST_GAPS * gap):
        return "lost"
    if silent > max(ACTIVE_DAYS, ACTIVE_GAPS * gap):
        return "at risk"
    if stats["orders"] == 1:
        return "new" if (as_of - first).total_seconds() / 86_400 <= NEW_DAYS else "active"
    days = stats.get("recentOrderDays") or []
    if len(days) >= 2 and days[-1] - days[-2] > LOST_DAYS:
        return "won back"
    return "loyal" if stats["orders"] >= LOYAL_ORDERS else "active"
