"""The signed part of a survey's link: whose answer it is and until when, and nothing else about anybody."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

VALID = timedelta(days=60)
"""How long a link may be answered."""


@dataclass(frozen=True)
class Signed:
    """A token that is genuine; whether it is still valid is for the caller to judge."""

    customer: str
    expires: datetime


def sign(key: bytes, survey: str, customer: str, expires: datetime) -> str:
    """The token of a link.

    Args:
        key: the deployment's identity key.
        customer: id of the customer's document, which is itself a keyed hash.
    """
    until = int(expires.timestamp())
    return f"{customer}.{until}.{_mark(key, survey, customer, until)}"


def read(key: bytes, survey: str, token: str) -> Signed | None:
    """What a token says, or None when it was not made by us for this survey."""
    customer, _, rest = token.partition(".")
    until, _, mark = rest.partition(".")
    if not (customer and until.isascii() and until.isdigit() and len(until) <= 11 and token.isascii()):
        return None
    if not hmac.compare_digest(mark, _mark(key, survey, customer, int(until))):
        return None
    return Signed(customer, datetime.fromtimestamp(int(until), UTC))


def _mark(key: bytes, survey: str, customer: str, until: int) -> str:
    own = hmac.new(key, b"survey link", hashlib.sha256).digest()
    mark = hmac.new(own, f"{survey}\0{customer}\0{until}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark[:20]).rstrip(b"=").decode()
