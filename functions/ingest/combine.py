"""A profile's figures from its accounts' own: exactly what one account with all the orders and words would have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from functions.ingest import statistics

Doc = dict[str, Any]
EARLIEST, LATEST = ("firstOrderAt",), ("lastOrderAt", "lastSeenAt")
DERIVED = ("medianGapDays", "averageOrder")


def combined(accounts: Sequence[Doc]) -> Doc:
    """Sums add up, moments are the first and the last, the rhythm is that of all order days together."""
    if len(accounts) == 1:
        return dict(accounts[0])
    stats = statistics.empty_stats()
    for name, nothing in statistics.empty_stats().items():
        values = [one.get(name) for one in accounts]
        known = [value for value in values if value is not None]
        if name in EARLIEST:
            stats[name] = min(known, default=None)
        elif name in LATEST:
            stats[name] = max(known, default=None)
        elif name == "recentOrderDays":
            stats[name] = sorted(day for days in known for day in days)[-statistics.RECENT :]
        elif name not in DERIVED and isinstance(nothing, int):
            stats[name] = sum(known)
    statistics.finish(stats)
    return stats
