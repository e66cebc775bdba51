"""When something happened, although the caller's clock may be wrong, and which part of a session it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from schema.flow import stable_id

SESSION_GAP = timedelta(minutes=30)
"""A visitor who is silent for longer begins a new session."""
_TRUSTED = timedelta(seconds=30)
"""A difference this small is the journey of the request, not a wrong clock."""
_STEP = timedelta(seconds=10)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def moment(value: Any) -> datetime | None:
    """A time as clients write it: ISO 8601 (without a zone: UTC), or seconds or milliseconds since 1970."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC)
        if not isinstance(value, str):
            return None
        found = datetime.fromisoformat(value.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def past(value: Any, latest: datetime) -> datetime | None:
    """A time that a caller states about former days; None where it cannot be true."""
    found = moment(value)
    return found if found is not None and _EARLIEST <= found <= latest else None


def happened_at(message: dict[str, Any], sent_at: Any, received: datetime) -> datetime:
    """The event's time on our clock: received - (sent - original).

    What the clock is off by is rounded to ten seconds, and to nothing below half a minute: a client that sends the
    same event again, with a new `sentAt`, then gives the same time again. A time in the future becomes `received`.

    Args:
        sent_at: the batch's, for messages that carry none.
    """
    original = moment(message.get("originalTimestamp")) or moment(message.get("timestamp"))
    if original is None or original < _EARLIEST:
        return received
    sent = moment(message.get("sentAt")) or moment(sent_at)
    if sent is not None:
        off = received - sent
        if abs(off) > _TRUSTED:
            try:
                original += round(off / _STEP) * _STEP
            except OverflowError:
                return received
    return received if original > received + _TRUSTED or original < _EARLIEST else original


def session_part(connection: str, who: str, at: datetime, named: str | None) -> str:
    """Id of the session that an event belongs to, or of a part of one.

    A session that the client names is taken as named. Otherwise the id is made of the visitor and the half hour of the
    clock in which the event lies: two events in one half hour are always less than 30 minutes apart, so a part never
    has to be split, and it follows from the event alone, whatever came before or comes late. `sessions` joins parts.
    """
    if named:
        return stable_id("session", connection, who, named)
    return stable_id("session part", connection, who, int(at.timestamp() // SESSION_GAP.total_seconds()))


def sessions(events: Iterable[tuple[datetime, str]]) -> list[list[tuple[datetime, str]]]:
    """One visitor's events (time, session part) as sessions: parts that touch within 30 minutes are one session."""
    found: list[list[tuple[datetime, str]]] = []
    for event in sorted(events):
        last = found[-1][-1] if found else None
        if last is not None and (event[1] == last[1] or event[0] - last[0] <= SESSION_GAP):
            found[-1].append(event)
        else:
            found.append([event])
    return found
