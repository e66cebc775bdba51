"""Histories of customers as plain values, and the same as columns for arithmetic over all of them at once.

A `History` is one customer: orders that count, moments of the timeline, texts. A `Ledger` holds many as columns sorted
by (customer, time); a million orders are a few arrays. Nothing in here knows a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAY = 86_400.0
VISIT, VIEW, CART, CLICK, DELIVERY, TEXT, OTHER = range(7)
KINDS = {
    "visit": VISIT,
    "page": VISIT,
    "search": VISIT,
    "product_viewed": VIEW,
    "cart": CART,
    "checkout": CART,
    "click": CLICK,
    "delivery": DELIVERY,
    "feedback": TEXT,
    "signup": OTHER,
    "till": OTHER,
    "custom": OTHER,
}
"""Kinds of the timeline that count as activity. Orders are counted from `orders`; profile, consent and merge lines say
nothing about behaviour; refunds and deliveries are the shop's doing (deliveries tell who was written to)."""
TRACKED = (VISIT, VIEW)
"""Kinds that only exist where the shop's tracking runs."""


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One order that counts (not cancelled, not a test, not deleted); money in minor units of the shop's currency."""

    at: datetime
    net: int | None
    """Total less refunds; None where the shop has no rate for the order's currency."""
    discount: int = 0
    refunded: int = 0
    items: int = 0
    categories: tuple[str, ...] = ()
    tier: float | None = None
    """Mean percentile of its products' prices within their categories: 0 cheapest, 1 dearest."""
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline that is a sign of life (or a message to the customer)."""

    at: datetime
    kind: str
    channel: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class TextFact:
    """One text of the customer's that was scored."""

    at: datetime
    sentiment: float
    """P(positive) - P(negative)."""


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one customer."""

    id: str
    since: datetime
    """The first sign of the customer."""
    orders: tuple[OrderFact, ...] = ()
    moments: tuple[Moment, ...] = ()
    texts: tuple[TextFact, ...] = ()


@dataclass(frozen=True)
class Context:
    """What the shop, not the customer, brings: its clock, and since when visits are counted."""

    zone: str = "UTC"
    tracked_since: datetime | None = None
    """The first visit that the shop knows of; before it, no visits means nothing was counted."""


@dataclass(frozen=True)
class Orders:
    """Columns of orders; `owner` is the row of the customer. Unknown numbers are NaN, an unknown hour is -1."""

    owner: Ints
    at: Floats
    net: Floats
    refunded: Floats
    discount: Floats
    items: Floats
    tier: Floats
    hour: Ints
    weekday: Ints
    channel: Ints


@dataclass(frozen=True)
class Moments:
    """Columns of the timeline."""

    owner: Ints
    at: Floats
    kind: Ints
    hour: Ints
    weekday: Ints


@dataclass(frozen=True)
class Tastes:
    """Columns of categories bought (`bought` 1) or looked at (0)."""

    owner: Ints
    at: Floats
    category: Ints
    bought: Ints


@dataclass(frozen=True)
class Texts:
    """Columns of scored texts."""

    owner: Ints
    at: Floats
    sentiment: Floats


@dataclass(frozen=True)
class Ledger:
    """Many histories as columns, each table sorted by (owner, at)."""

    ids: tuple[str, ...]
    since: Floats
    """Seconds since 1970 of the first sign."""
    tracked_since: float
    """Seconds since 1970; infinite where nothing is tracked."""
    orders: Orders
    moments: Moments
    tastes: Tastes
    texts: Texts
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


T = TypeVar("T")


def table(kind: Callable[..., T], columns: dict[str, Any]) -> T:
    """A table of the ledger from unsorted columns, sorted by (owner, at); ties keep their order by value."""
    arrays = {
        name: np.asarray(values, dtype=np.float64 if name in _FLOATS else np.int64) for name, values in columns.items()
    }
    order = np.lexsort((arrays["at"], arrays["owner"]))
    return kind(**{name: values[order] for name, values in arrays.items()})


_FLOATS = {"at", "net", "refunded", "discount", "items", "tier", "sentiment"}


def empty(kind: Any) -> Any:
    """A table without rows."""
    return table(kind, {column.name: [] for column in fields(kind)})


@dataclass
class _Codes:
    """Names as small numbers."""

    known: dict[str, int] = field(default_factory=dict)

    def code(self, name: str | None) -> int:
        return -1 if name is None else self.known.setdefault(name, len(self.known))


def ledger(histories: Sequence[History], context: Context) -> Ledger:
    """The histories as columns, in the order given."""
    zone = ZoneInfo(context.zone)
    categories, channels = _Codes(), _Codes()
    orders: dict[str, list[float]] = {column.name: [] for column in fields(Orders)}
    moments: dict[str, list[float]] = {column.name: [] for column in fields(Moments)}
    tastes: dict[str, list[float]] = {column.name: [] for column in fields(Tastes)}
    texts: dict[str, list[float]] = {column.name: [] for column in fields(Texts)}
    for owner, one in enumerate(histories):
        # Sorted by all they hold: two histories with the same facts give the same columns, whatever their order.
        for order in sorted(one.orders, key=repr):
            local = order.at.astimezone(zone)
            _append(
                orders, owner, order.at.timestamp(), _number(order.net), order.refunded, order.discount, order.items,
                _number(order.tier), _hour(local, order.at), local.weekday(), channels.code(order.channel),
            )  # fmt: skip
            for category in order.categories:
                _append(tastes, owner, order.at.timestamp(), categories.code(category), 1)
        for moment in sorted(one.moments, key=repr):
            if moment.kind in KINDS:
                local = moment.at.astimezone(zone)
                row = (moment.at.timestamp(), KINDS[moment.kind], _hour(local, moment.at), local.weekday())
                _append(moments, owner, *row)
                if moment.category is not None:
                    _append(tastes, owner, moment.at.timestamp(), categories.code(moment.category), 0)
        for text in sorted(one.texts, key=repr):
            _append(texts, owner, text.at.timestamp(), text.sentiment)
    return Ledger(
        ids=tuple(one.id for one in histories),
        since=np.array([one.since.timestamp() for one in histories], dtype=np.float64),
        tracked_since=context.tracked_since.timestamp() if context.tracked_since else np.inf,
        orders=table(Orders, orders),
        moments=table(Moments, moments),
        tastes=table(Tastes, tastes),
        texts=table(Texts, texts),
        categories=tuple(categories.known),
        channels=tuple(channels.known),
    )


def of_orders(ids: Sequence[str], owner: Ints, at: Floats, amount: Floats) -> Ledger:
    """A ledger of bare orders, as a file has them.

    Args:
        owner: row of the customer in `ids` by order.
        at: seconds since 1970 of each order.
        amount: money of each order, in any unit.
    """
    count = len(owner)
    zeros, unknown = np.zeros(count), np.full(count, np.nan)
    hour = np.where(at % DAY == 0, -1, (at % DAY) // 3600).astype(np.int64)
    since = np.full(len(ids), np.inf)
    np.minimum.at(since, owner, at)
    return Ledger(
        ids=tuple(ids),
        since=since,
        tracked_since=np.inf,
        orders=table(
            Orders,
            {
                "owner": owner, "at": at, "net": amount, "refunded": zeros, "discount": unknown, "items": unknown,
                "tier": unknown, "hour": hour, "weekday": (at // DAY + 3) % 7, "channel": np.full(count, -1),
            },
        ),
        moments=empty(Moments),
        tastes=empty(Tastes),
        texts=empty(Texts),
    )  # fmt: skip


def _append(columns: dict[str, list[float]], *values: float) -> None:
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _hour(local: datetime, at: datetime) -> int:
    """The hour of the shop's clock; -1 for exact midnight (of the shop or UTC): the sign of a date without a time."""
    midnight = (0, 0, 0)
    if (local.hour, local.minute, local.second) == midnight:
        return -1
    utc = int(at.timestamp()) % 86_400
    return -1 if utc == 0 else local.hour


def counted(histories: Iterable[History]) -> int:
    """Orders in all histories."""
    return sum(len(one.orders) for one in histories)
