"""Time as an argument: business code never asks the machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970: the unit of source versions."""
    return int(moment.timestamp() * 1000)


def of_milliseconds(value: int) -> datetime:
    """The moment that many milliseconds after 1970."""
    return datetime.fromtimestamp(value / 1000, UTC)
