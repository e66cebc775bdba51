"""Moments of a day, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def moment(day: date, hour: float) -> datetime:
    """`hour` may have a fraction; it stays within the day, to the second."""
    seconds = min(86399, max(0, int(hour * 3600)))
    return datetime.combine(day, time.min, UTC) + timedelta(seconds=seconds)
