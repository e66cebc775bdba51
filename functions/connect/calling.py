"""One call to a marketplace's API: what can go wrong on the way becomes one of our own errors."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from functions.connect.storefront import Access, Rejected, Throttled, Unavailable
from schema import log

Made = TypeVar("Made")
LONGEST_WAIT = 3600.0
"""Seconds: whoever asks for more is asked again after an hour."""


def send(access: Access, method: str, url: str, untold: float = 1.0, **options: Any) -> httpx.Response:
    """Send a request; the answer may be any below 500 but 429.

    Args:
        untold: seconds to wait where the platform throttles without saying for how long.

    Raises:
        Unavailable: a time-out, a broken line, an answer too large or not as it says, a 5xx.
        Throttled: 429, or 503 with a Retry-After.
    """
    try:
        answer = access.http.request(method, url, **options)
    except httpx.RequestError as error:
        raise unavailable(type(error).__name__) from error
    if answer.status_code == 429 or (answer.status_code == 503 and "retry-after" in answer.headers):
        raise Throttled(retry_after(answer, access.now) or untold)
    if answer.status_code >= 500:
        raise unavailable(str(answer.status_code))
    return answer


def unavailable(what: str) -> Unavailable:
    return Unavailable(
        "unavailable", f"The platform does not answer properly now ({what}).", f"平台暂时无法正常响应（{what}）。"
    )


def retry_after(answer: httpx.Response, now: datetime) -> float | None:
    """Seconds of a Retry-After header; None without a usable one."""
    return wait_of(answer.headers.get("retry-after"), now)


def wait_of(told: str | None, now: datetime) -> float | None:
    """Seconds that a number or an HTTP date asks to wait, an hour at most; None where it is neither."""
    value = (told or "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            at = parsedate_to_datetime(value)
            seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return bounded(seconds) if math.isfinite(seconds) else None


def bounded(seconds: float) -> float:
    """Seconds as anybody may ask us to wait: none, to an hour. What is no number is an hour."""
    return max(0.0, min(seconds, LONGEST_WAIT)) if math.isfinite(seconds) else LONGEST_WAIT


def content(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object in an answer.

    Raises:
        Unavailable: it was cut off, or is a page of some proxy.
    """
    try:
        found = answer.json()
    except (ValueError, RecursionError) as error:
        raise unavailable("truncated") from error
    if not isinstance(found, dict):
        raise unavailable("unexpected answer")
    return found


def readable(what: str, access: Access, make: Callable[..., Made | None], *given: Any) -> Made | None:
    """What `make(*given)` gives; None, and a line in the log, for a thing that is not as its platform describes it.

    One of them must not stop all that come after it. Only the kind of the error is logged: its text may quote it.
    """
    try:
        return make(*given)
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        log.write("WARNING", f"unreadable {what}", connection=access.connection_id, error=type(error).__name__)
        return None


def moment(value: str) -> datetime:
    """An ISO 8601 time of a platform, aware; without a zone it is UTC."""
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as the marketplaces write times."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def pack(state: dict[str, Any]) -> str:
    """A cursor; what is None is left out."""
    return json.dumps({k: v for k, v in state.items() if v is not None}, separators=(",", ":"), sort_keys=True)


def unpack(cursor: str | None) -> dict[str, Any]:
    """What `pack` made.

    Raises:
        Rejected: it is not one of ours.
    """
    if not cursor:
        return {}
    try:
        state = json.loads(cursor)
    except ValueError:
        state = None
    if not isinstance(state, dict):
        raise Rejected(
            "cursor", "The place to continue from is not readable: start again.", "续读位置无效，请重新开始。"
        )
    return state


def short(text: str | None, most: int = 200) -> str | None:
    """A text cut to what our documents hold; None for an empty one."""
    text = (text or "").strip()
    return text[:most].strip() or None


def link(url: str | None) -> str | None:
    """An address whole or not at all: half of one leads nowhere."""
    return url if url and len(url) <= 200 and url.startswith("https://") else None
