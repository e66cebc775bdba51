"""All counted orders of a shop as columns, for the figures behind its pages: read once, a page at a time.

A customer document is one read, an order is one read; nothing else is looked at (the last 90 days of browsing stand in
`customers.habits`). An order counts when its `day` is set: the intake leaves it null for cancelled, test and deleted
ones. Opted-out customers are absent: their orders count for the shop's trade (`owner` -1), as those without a customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ml.segmentation.membership import effective
from schema.flow import World
from schema.store import Query, pages

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
PAGE = 2_000
EPOCH = date(1970, 1, 1).toordinal()
_CUSTOMER = (
    "aliases", "mergedInto", "profiling", "sample", "segment", "habits.visits90", "habits.views90", "habits.carts90",
)  # fmt: skip
_ORDER = (
    "customerId", "placedAt", "day", "reportingTotal", "discount", "refunded", "lines", "sample",
)  # fmt: skip


@dataclass(frozen=True)
class Book:
    """Columns by customer, by order (sorted by owner, then time), and by (order, product).

    Attributes:
        browsed: visits, products looked at and carts of the last 90 days, customers x 3.
        segments: the segment in force by customer; None for none.
        owner: place of the customer; -1 where nobody is known or may be looked at.
        at: seconds since 1970.
        day: days since 1970 on the shop's calendar.
        hour: hour of the week on the shop's clock (Monday 0:00 is 0); -1 where the moment has no time of day.
        net: total less refunds in minor units of the shop's currency; NaN where there is no rate.
        line_order, line_product: which order holds which product.
    """

    customers: int
    segments: tuple[str | None, ...]
    browsed: Floats
    owner: Ints
    at: Floats
    day: Ints
    hour: Ints
    net: Floats
    discounted: Bools
    refunded: Bools
    line_order: Ints
    line_product: Ints
    products: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.owner)


@dataclass(frozen=True)
class Row:
    """One counted order on its way into the book."""

    owner: int
    at: float
    day: int
    hour: int
    net: float
    discounted: bool
    refunded: bool
    products: tuple[str, ...]


def book(
    customers: int, rows: list[Row], segments: tuple[str | None, ...] | None = None, browsed: Floats | None = None
) -> Book:
    """Rows in any order as columns."""
    rows = sorted(rows, key=lambda row: (row.owner, row.at, row.products))
    codes: dict[str, int] = {}
    lines = [(place, codes.setdefault(one, len(codes))) for place, row in enumerate(rows) for one in row.products]
    return Book(
        customers=customers,
        segments=segments if segments is not None else (None,) * customers,
        browsed=browsed if browsed is not None else np.zeros((customers, 3)),
        owner=np.array([row.owner for row in rows], dtype=np.int64),
        at=np.array([row.at for row in rows], dtype=np.float64),
        day=np.array([row.day for row in rows], dtype=np.int64),
        hour=np.array([row.hour for row in rows], dtype=np.int64),
        net=np.array([row.net for row in rows], dtype=np.float64),
        discounted=np.array([row.discounted for row in rows], dtype=np.bool_),
        refunded=np.array([row.refunded for row in rows], dtype=np.bool_),
        line_order=np.array([place for place, _ in lines], dtype=np.int64),
        line_product=np.array([code for _, code in lines], dtype=np.int64),
        products=tuple(codes),
    )


def until(held: Book, moment: float) -> Book:
    """The book as of a moment: later orders left out. Later refunds of earlier orders cannot be told, and stay."""
    seen = held.at <= moment
    place = np.cumsum(seen) - 1
    lines = seen[held.line_order]
    return Book(
        held.customers, held.segments, held.browsed, held.owner[seen], held.at[seen], held.day[seen], held.hour[seen],
        held.net[seen], held.discounted[seen], held.refunded[seen], place[held.line_order[lines]],
        held.line_product[lines], held.products,
    )  # fmt: skip


def read_book(world: World, as_of: datetime) -> Book:
    """Read customers and orders up to `as_of`; the sample shop's are left out once real data came in."""
    docs = world.store.get_many(["settings/shop", "config/segmentation"])
    shop, pointer = docs["settings/shop"], docs["config/segmentation"]
    real = bool(shop and shop.data.get("real"))
    zone = ZoneInfo(str((shop.data.get("zone") if shop else None) or "UTC"))
    active = int(pointer.data["active"]) if pointer else 0
    place: dict[str, int] = {}
    segments: list[str | None] = []
    browsed: list[list[float]] = []
    everybody = Query("customers", order_by=(("__name__", "asc"),), limit=PAGE, select=_CUSTOMER)
    for doc in chain.from_iterable(pages(world.store, everybody)):
        data = doc.data
        if data.get("mergedInto") or data.get("profiling") == "opted out" or (real and data.get("sample")):
            continue
        for one in (doc.id, *(data.get("aliases") or ())):
            place[one] = len(segments)
        segments.append(effective(data.get("segment"), active))
        habits = data.get("habits") or {}
        browsed.append([float(habits.get(name) or 0) for name in ("visits90", "views90", "carts90")])
    orders = Query("orders", order_by=(("__name__", "asc"),), limit=PAGE, select=_ORDER)
    rows = [
        _row(doc.data, place, zone)
        for doc in chain.from_iterable(pages(world.store, orders))
        if doc.data.get("day") and doc.data["placedAt"] <= as_of and not (real and doc.data.get("sample"))
    ]
    return book(len(segments), rows, tuple(segments), np.array(browsed, dtype=np.float64).reshape(-1, 3))


def week_hour(at: datetime, zone: ZoneInfo) -> int:
    """Hour of the week on the shop's clock; -1 for exact midnight there or in UTC, as dates without a time have."""
    local = at.astimezone(zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0) or int(at.timestamp()) % 86_400 == 0:
        return -1
    return local.weekday() * 24 + local.hour


def _row(data: Mapping[str, Any], place: Mapping[str, int], zone: ZoneInfo) -> Row:
    total = data.get("reportingTotal")
    products = {str(line["productId"]) for line in data.get("lines") or () if line.get("productId")}
    return Row(
        owner=place.get(data.get("customerId") or "", -1),
        at=data["placedAt"].timestamp(),
        day=date.fromisoformat(data["day"]).toordinal() - EPOCH,
        hour=week_hour(data["placedAt"], zone),
        net=np.nan if total is None else float(total),
        discounted=int(data.get("discount") or 0) > 0,
        refunded=int(data.get("refunded") or 0) > 0,
        products=tuple(sorted(products)),
    )
