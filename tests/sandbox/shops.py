"""The simulated shop of a date, made once a test process."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from sandbox.sample import SampleShop, build
from sandbox.sample.records import messages

WINTER = date(2026, 3, 1)
AUTUMN = date(2026, 11, 21)


@lru_cache(maxsize=2)
def shop_of(until: date) -> SampleShop:
    return build(until)


@lru_cache(maxsize=2)
def messages_of(until: date) -> list[list[dict[str, Any]]]:
    """Everything that comes out, as it is published."""
    return list(messages(shop_of(until)))


def records_of(until: date) -> list[dict[str, Any]]:
    return [record for bunch in messages_of(until) for record in bunch]
