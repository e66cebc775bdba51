"""`features(history, as_of)`: one pure function for training and serving, vectorised over customers.

Every figure uses what happened at or before `as_of` only. The columns, their units and how each is computed stand in
`ml/behaviour/feature_table.py` and `docs/features.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ml.behaviour.feature_table import NAMES
from ml.behaviour.history import (
    CART,
    CLICK,
    DAY,
    DELIVERY,
    TEXT,
    TRACKED,
    VIEW,
    VISIT,
    Context,
    Floats,
    History,
    Ints,
    Ledger,
    ledger,
)

RECENT = 21
"""Orders whose days make the rhythm, as in `customers.stats`."""
SETTLED = 30 * DAY
"""Age from which an order's refund is taken as final."""
MOOD_HALF_LIFE = 180 * DAY


def features(history: History, as_of: datetime, context: Context | None = None) -> dict[str, float]:
    """One customer's features by name; NaN where unknown."""
    row = matrix(ledger([history], context or Context()), as_of)[0]
    return dict(zip(NAMES, (float(value) for value in row), strict=True))


def matrix(book: Ledger, as_of: datetime) -> Floats:
    """Features of all customers of a ledger: a row each, columns in the order of `NAMES`, NaN where unknown."""
    now = as_of.timestamp()
    columns = {**_orders(book, now), **_timeline(book, now), **_words(book, now)}
    active = np.fmax(columns.pop("_lastOrder"), columns.pop("_lastSign"))
    columns["activeDaysAgo"] = (now - active) / DAY
    return np.column_stack([columns[name] for name in NAMES])


@dataclass(frozen=True)
class _Groups:
    """Rows of a sorted table by owner: how many, where each owner's begin, and a row's place from its owner's end."""

    count: Ints
    start: Ints
    from_end: Ints

    @classmethod
    def of(cls, owner: Ints, owners: int) -> _Groups:
        count = np.bincount(owner, minlength=owners)
        end = np.cumsum(count)
        return cls(count, end - count, end[owner] - 1 - np.arange(len(owner), dtype=np.int64))


def _sum(owner: Ints, owners: int, weights: Floats) -> Floats:
    """Sums by owner, leaving out the unknown."""
    return np.bincount(owner, weights=np.nan_to_num(weights), minlength=owners).astype(np.float64)


def _ratio(above: Floats | Ints, below: Floats | Ints) -> Floats:
    """A quotient, NaN over nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)
    return result


def _at(values: Floats, places: Ints, present: Ints) -> Floats:
    """Values at each owner's place, NaN for owners without rows."""
    result = np.full(len(present), np.nan)
    has = present > 0
    result[has] = values[places[has]]
    return result


def _orders(book: Ledger, now: float) -> dict[str, Floats]:
    people, table = len(book), book.orders
    seen = table.at <= now
    owner, at = table.owner[seen], table.at[seen]
    groups = _Groups.of(owner, people)
    count = groups.count.astype(np.float64)
    first, last = _at(at, groups.start, groups.count), _at(at, groups.start + groups.count - 1, groups.count)
    age = (now - at) / DAY

    def within(days: int) -> Floats:
        return np.bincount(owner[age < days], minlength=people).astype(np.float64)

    net, refunded, discount = table.net[seen], table.refunded[seen], table.discount[seen]
    items, known = table.items[seen], ~np.isnan(net)
    gross = net + refunded
    converted = np.bincount(owner[known], minlength=people).astype(np.float64)
    revenue, spend = _sum(owner, people, net), _sum(owner, people, gross)
    discounts, pieces = _sum(owner, people, np.where(known, discount, np.nan)), _sum(owner, people, items)
    has_discounts = not np.isnan(discount).all() if len(discount) else True
    has_items = not np.isnan(items).all() if len(items) else True
    nothing = np.full(people, np.nan)
    settled = now - at >= SETTLED
    median, rhythm, longest = _gaps(owner, at, people, groups)
    recency = (now - last) / DAY
    channel = table.channel[seen]
    used = _tally(owner, channel, people)
    hours = _hours(book, now)
    tier = table.tier[seen]
    tiers = np.bincount(owner[~np.isnan(tier)], minlength=people)
    weekend = np.bincount(owner[table.weekday[seen] >= 5], minlength=people)
    tastes = book.tastes
    bought = (tastes.at <= now) & (tastes.bought == 1)
    return {
        "_lastOrder": last,
        "recencyDays": recency,
        "orders": count,
        "orders30": within(30),
        "orders90": within(90),
        "orders365": within(365),
        "tempo30": _sum(owner, people, 0.5 ** (age / 30)),
        "tempo120": _sum(owner, people, 0.5 ** (age / 120)),
        "tenureDays": (now - first) / DAY,
        "medianGapDays": median,
        "rhythm": rhythm,
        "overdue": recency / np.maximum(median, 1),
        "overdueLongest": _ratio(recency, np.nan_to_num(longest)),
        "revenue": np.where(converted > 0, revenue, np.nan),
        "refunded": _sum(owner, people, np.where(known, refunded, np.nan)),
        "discount": discounts if has_discounts else nothing,
        "items": pieces if has_items else nothing,
        "averageOrder": np.rint(_ratio(revenue, converted)),
        "spend": np.where(converted > 0, spend, np.nan),
        "spend365": np.where(converted > 0, _sum(owner, people, np.where(age < 365, gross, np.nan)), np.nan),
        "averageBasket": _ratio(spend, converted),
        "itemsPerOrder": _ratio(pieces, count) if has_items else nothing,
        "priceTier": _ratio(_sum(owner, people, tier), tiers),
        "breadth": _tally(tastes.owner[bought], tastes.category[bought], people)[0],
        "returnShare": _ratio(
            np.bincount(owner[settled & (refunded > 0)], minlength=people),
            np.bincount(owner[settled], minlength=people),
        ),
        "discountShare": _ratio(np.bincount(owner[discount > 0], minlength=people), count)
        if has_discounts
        else nothing,
        "discountDepth": _ratio(discounts, spend + discounts) if has_discounts else nothing,
        "channels": np.where(used[1] > 0, used[0], np.nan),
        "channelLoyalty": _ratio(used[2], used[1]),
        "eveningShare": hours,
        "weekendShare": np.where(count > 0, (weekend + 2 * 2 / 7) / (count + 2), np.nan),
    }


def _gaps(owner: Ints, at: Floats, people: int, groups: _Groups) -> tuple[Floats, Floats, Floats]:
    """Median gap of the newest orders, variation of the gaps between newest order days, and the longest gap; days."""
    day = np.floor(at / DAY)
    same = owner[1:] == owner[:-1]
    gap, whose = np.diff(day)[same], owner[1:][same]
    place = groups.from_end[:-1][same]
    recent = place <= RECENT - 1
    median = _median(whose[recent], gap[recent], people)
    apart = recent & (gap > 0)
    number = np.bincount(whose[apart], minlength=people)
    mean = _ratio(_sum(whose[apart], people, gap[apart]), number)
    square = _ratio(_sum(whose[apart], people, gap[apart] ** 2), number)
    rhythm = np.where(number >= 3, np.sqrt(np.maximum(square - mean**2, 0)) / mean, np.nan)
    longest = np.zeros(people)
    np.maximum.at(longest, whose, gap)
    return median, rhythm, np.where(longest > 0, longest, np.nan)


def _median(owner: Ints, values: Floats, people: int) -> Floats:
    """Medians by owner; NaN without values."""
    order = np.lexsort((values, owner))
    ranked, count = values[order], np.bincount(owner, minlength=people)
    start = np.cumsum(count) - count
    result = np.full(people, np.nan)
    has = count > 0
    low, high = start[has] + (count[has] - 1) // 2, start[has] + count[has] // 2
    result[has] = (ranked[low] + ranked[high]) / 2
    return result


def _tally(owner: Ints, code: Ints, people: int) -> tuple[Floats, Floats, Floats]:
    """By owner: how many different codes, how many rows with one, and the rows of the most frequent one."""
    known = code >= 0
    width = int(code.max(initial=0)) + 1
    pairs, rows = np.unique(owner[known] * width + code[known], return_counts=True)
    whose = pairs // width
    most = np.zeros(people)
    np.maximum.at(most, whose, rows)
    return (
        np.bincount(whose, minlength=people).astype(np.float64),
        np.bincount(owner[known], minlength=people).astype(np.float64),
        most,
    )


def _hours(book: Ledger, now: float) -> Floats:
    """Share of orders and visits from 18:00 on; NaN below three moments with an hour."""
    people, visits = len(book), (book.moments.at <= now) & np.isin(book.moments.kind, TRACKED)
    orders = book.orders.at <= now
    owner = np.concatenate((book.orders.owner[orders], book.moments.owner[visits]))
    hour = np.concatenate((book.orders.hour[orders], book.moments.hour[visits]))
    total = np.bincount(owner[hour >= 0], minlength=people)
    late = np.bincount(owner[hour >= 18], minlength=people)
    return np.where(total >= 3, _ratio(late, total), np.nan)


def _timeline(book: Ledger, now: float) -> dict[str, Floats]:
    people, table = len(book), book.moments
    seen = table.at <= now
    owner, at, kind = table.owner[seen], table.at[seen], table.kind[seen]
    age = (now - at) / DAY

    def number(kinds: int, days: int, tracked: bool = False) -> Floats:
        rows = np.bincount(owner[(kind == kinds) & (age < days)], minlength=people).astype(np.float64)
        return np.full(people, np.nan) if tracked and book.tracked_since > now - days * DAY else rows

    carts, left = _carts(book, now)
    own = kind != DELIVERY
    sign = np.full(people, -np.inf)
    np.maximum.at(sign, owner[own], at[own])
    return {
        "_lastSign": np.where(np.isfinite(sign), sign, np.nan),
        "visits30": number(VISIT, 30, True),
        "visits90": number(VISIT, 90, True),
        "views30": number(VIEW, 30, True),
        "views90": number(VIEW, 90, True),
        "carts90": carts,
        "cartAbandonment": left,
        "clicks90": number(CLICK, 90),
        "deliveries90": number(DELIVERY, 90),
        "events": np.bincount(owner[own], minlength=people).astype(np.float64),
        "texts": np.bincount(owner[kind == TEXT], minlength=people).astype(np.float64),
    }


def _carts(book: Ledger, now: float) -> tuple[Floats, Floats]:
    """Cart days of the last 90 days, and the share left behind of those of a year that are over a day old."""
    people, table, orders = len(book), book.moments, book.orders
    rows = (table.kind == CART) & (table.at <= now) & (table.at > now - 365 * DAY)
    owner, at = table.owner[rows], table.at[rows]
    day = np.floor(at / DAY)
    opens = np.ones(len(owner), dtype=bool)
    opens[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1])
    closes = np.ones(len(owner), dtype=bool)
    closes[:-1] = opens[1:]
    whose, first, last = owner[opens], at[opens], at[closes]
    judged = now - last > DAY
    # Owner and time as one growing number: how many orders lie between two moments of one customer.
    span = max(now, float(orders.at.max(initial=0.0)), DAY) * 2
    line = orders.owner * span + orders.at
    low = np.searchsorted(line, whose * span + first, side="left")
    high = np.searchsorted(line, whose * span + last + DAY, side="right")
    left = judged & (high == low)
    return (
        np.bincount(whose[now - first < 90 * DAY], minlength=people).astype(np.float64),
        _ratio(np.bincount(whose[left], minlength=people), np.bincount(whose[judged], minlength=people)),
    )


def _words(book: Ledger, now: float) -> dict[str, Floats]:
    people, table = len(book), book.texts
    seen = table.at <= now
    owner = table.owner[seen]
    weight = 0.5 ** ((now - table.at[seen]) / MOOD_HALF_LIFE)
    return {"sentiment": _ratio(_sum(owner, people, weight * table.sentiment[seen]), _sum(owner, people, weight))}
