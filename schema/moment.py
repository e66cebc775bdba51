"""The moment that a shop is looked at as of: one rule for recency, stages, churn, value and figures."""

from __future__ import annotations

from datetime import datetime, timedelta

from schema.flow import World
from schema.store import get

LIVING = timedelta(days=30)
"""A shop whose newest order is older than this has data that ended."""
AFTER = timedelta(days=1)
"""Where data that ended is looked at from. A full day and no midnight: it is the day after in every time zone."""


def ended(newest_order: datetime | None, now: datetime) -> bool:
    """Whether the shop's data ended before now."""
    return newest_order is not None and now - newest_order > LIVING


def as_of(newest_order: datetime | None, now: datetime) -> datetime:
    """Now for a living shop, the day after the newest order for data that ended."""
    return newest_order + AFTER if newest_order is not None and ended(newest_order, now) else now


def moment(world: World) -> datetime:
    """The shop's moment at present, by the newest order that its overview knows."""
    overview = get(world.store, "metrics/overview")
    return as_of(overview.data.get("lastOrderAt") if overview else None, world.clock())


def superseded(told: datetime, held: datetime | None, present: datetime) -> bool:
    """Whether what is told as of one moment comes too late over what is held as of another.

    What is held as of a moment beyond the shop's present one is not newer: the data ended since, or orders went (a
    sample shop was removed), and the shop is looked at from earlier.
    """
    return held is not None and told < held <= present
