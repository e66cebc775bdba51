"""Lists of WooCommerce's REST API: parameters checked as WordPress does, paged by page or offset, with headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

from sandbox.shops.index import By
from sandbox.shops.model import Thing
from sandbox.shops.shop import SimulatedShop
from sandbox.shops.woo_keys import error
from sandbox.shops.woo_shapes import ZONE

DATES = ("after", "before", "modified_after", "modified_before")
BY: dict[str, By] = {"id": "id", "date": "created", "date_gmt": "created", "registered_date": "created"}
BY["modified"] = "updated"


class Invalid(Exception):
    """A parameter that the API refuses."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name)
        self.name, self.why = name, why

    def answer(self) -> tuple[dict[str, Any], int]:
        detail = {"code": "rest_invalid_param", "message": self.why, "data": None}
        return error(
            "rest_invalid_param",
            f"Invalid parameter(s): {self.name}",
            400,
            params={self.name: self.why},
            details={self.name: detail},
        )


@dataclass(frozen=True)
class Asked:
    """The paging and sorting of a request."""

    page: int
    size: int
    offset: int
    orderby: str
    down: bool


def _number(name: str, default: int, low: int, high: int | None) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.lstrip("-").isdigit():
        raise Invalid(name, f"{name} is not of type integer.")
    value = int(text)
    if value < low or (high is not None and value > high):
        limits = f"between {low} (inclusive) and {high} (inclusive)" if high else f"greater than or equal to {low}"
        raise Invalid(name, f"{name} must be {limits}")
    return value


def _choice(name: str, default: str, allowed: Sequence[str]) -> str:
    value = request.args.get(name, default)
    if value not in allowed:
        raise Invalid(name, f"{name} is not one of {', '.join(allowed)}.")
    return value


def asked(orderby: Sequence[str], default: str, down: bool = True) -> Asked:
    size = _number("per_page", 10, 1, 100)
    page = _number("page", 1, 1, None)
    offset = _number("offset", (page - 1) * size, 0, None)
    by = _choice("orderby", default, orderby)
    return Asked(page, size, offset, by, _choice("order", "desc" if down else "asc", ("asc", "desc")) == "desc")


def date(name: str) -> datetime | None:
    """A date filter: without a zone it is the shop's, or GMT where `dates_are_gmt` says so."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(name, "Invalid date.") from None
    if "T" not in text and " " not in text:
        raise Invalid(name, "Invalid date.")
    gmt = request.args.get("dates_are_gmt", "false").lower() in ("true", "1")
    return read.replace(tzinfo=UTC if gmt else ZONE).astimezone(UTC) if read.tzinfo is None else read.astimezone(UTC)


def numbers(name: str) -> set[int]:
    text = request.args.get(name, "")
    try:
        return {int(part) for part in text.split(",") if part.strip()}
    except ValueError:
        raise Invalid(name, f"{name}[0] is not of type integer.") from None


def indexed(
    shop: SimulatedShop, thing: Thing, wanted: Asked, keep: Callable[[Any], bool] | None
) -> tuple[list[Any], int]:
    """One page of the shop's orders, products or reviews, and how many there are.

    Args:
        keep: a filter that the index does not know; then every thing is looked at.
    """
    second = timedelta(seconds=1)
    bounds = {name: date(name) for name in DATES}
    include, exclude = numbers("include"), numbers("exclude")
    by = BY[wanted.orderby]
    same = {"created": ("after", "before"), "updated": ("modified_after", "modified_before"), "id": ("", "")}[by]
    rest = {name: at for name, at in bounds.items() if at is not None and name not in same}
    # The filters exclude their own second.
    since = at + second if (at := bounds.get(same[0])) else None
    until = at - second if (at := bounds.get(same[1])) else None
    if keep is None and not rest and not include and not exclude:
        found = shop.page(
            thing, "woo", by, wanted.size, since=since, until=until, offset=wanted.offset, reverse=wanted.down
        )
        return [one for _, one in found], shop.total(thing, "woo", by, since, until)

    def fits(one: Any) -> bool:
        created, updated = getattr(one, "placed_at", None) or one.created_at, one.updated_at
        checks = {
            "after": lambda at: created > at,
            "before": lambda at: created < at,
            "modified_after": lambda at: updated > at,
            "modified_before": lambda at: updated < at,
        }
        if not all(checks[name](at) for name, at in rest.items()):
            return False
        return (not include or one.id in include) and one.id not in exclude and (keep is None or keep(one))

    every = shop.page(thing, "woo", by, 1 << 40, since=since, until=until, reverse=wanted.down)
    matching = [one for _, one in every if fits(one)]
    return matching[wanted.offset : wanted.offset + wanted.size], len(matching)


def cut(things: Sequence[Any], wanted: Asked, key: Callable[[Any], Any]) -> tuple[list[Any], int]:
    """One page of a short list."""
    ordered = sorted(things, key=key, reverse=wanted.down)
    return ordered[wanted.offset : wanted.offset + wanted.size], len(ordered)


def listed(shapes: list[Any], total: int, wanted: Asked, url: str) -> Response:
    """A page with `X-WP-Total`, `X-WP-TotalPages` and `Link`."""
    answer = jsonify(shapes)
    pages = -(-total // wanted.size)
    answer.headers["X-WP-Total"] = str(total)
    answer.headers["X-WP-TotalPages"] = str(pages)
    links = []
    hidden = {"consumer_key", "consumer_secret", "page"}
    rest = [(name, value) for name, value in request.args.items(multi=True) if name not in hidden]
    for name, page in (("prev", min(wanted.page - 1, pages)), ("next", wanted.page + 1)):
        if 1 <= page <= pages:
            links.append(f'<{url}?{urlencode([*rest, ("page", page)])}>; rel="{name}"')
    if links:
        answer.headers["Link"] = ", ".join(links)
    return answer
