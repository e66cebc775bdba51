"""`customers.habits`: what the timeline says beside `stats`, for the customer page and for offers.

Most figures are features (`docs/features.md`) under the names of the document. Beside them:

    channels      share of orders by channel
    bestHour      hour of the shop's clock with most orders, visits, views, carts, clicks and texts of a year; a
                  neighbouring hour counts half, so that 19:55 and 20:05 are not strangers; unknown below five moments
    bestWeekday   the same by weekday (dates without a time count here too)
    affinity      share by category of what was bought (1 an order) and looked at (0.25 a view), each weighted by
                  0.5 ^ (age / 180 days); the eight largest
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from ml.behaviour.feature_table import NAMES
from ml.behaviour.features import matrix
from ml.behaviour.history import DAY, DELIVERY, Floats, Ints, Ledger, ledger
from ml.behaviour.reading import Person, context, histories, page, person, setting
from schema.flow import World
from schema.minds import Affinity, Habits
from schema.moment import superseded
from schema.store import Data, Group, ReadSet, Update, Write, settle_groups

PAGE = 300
YEAR = 365
MOMENTS = 5
LOOKED = 0.25
HALF_LIFE = 180 * DAY
CATEGORIES = 8


def refresh(world: World, after: str | None, as_of: datetime) -> str | None:
    """Write the habits of one page of customers where they changed; returns where to go on, None at the end."""
    shop = setting(world, as_of)
    people, following = page(world.store, after, PAGE, shop.real, ("habits",))
    asked = [one for one in people if one.in_scope]
    known = histories(world.store, asked, shop.catalogue, as_of - timedelta(days=YEAR))
    book = ledger(known, context(world.store, shop.zone, as_of))
    made = dict(zip((one.id for one in asked), habits(book, as_of), strict=True))

    def group(one: Person) -> Group:
        def plan(docs: ReadSet) -> list[Write]:
            doc = docs[one.path]
            if doc is None:
                return []
            new = made.get(one.id) if person(doc, shop.real).in_scope else None
            told = new.to_doc() if new else None
            moved = changed(doc.data.get("habits"), told, shop.present)
            return [Update(one.path, {"habits": told}, doc.update_time)] if moved else []

        return Group((one.path,), plan)

    groups = []
    for one in people:
        new = made.get(one.id)
        if changed(one.data.get("habits"), new.to_doc() if new else None, shop.present):
            groups.append(group(one))
    failures = [error for error in settle_groups(world.store, groups) if error is not None]
    if failures:
        raise failures[0]
    return following


def changed(before: Data | None, after: Data | None, present: datetime) -> bool:
    """Whether anything but the moment differs; older habits never replace newer ones."""
    if before is None or after is None:
        return before is not after
    if superseded(after["asOf"], before.get("asOf"), present):
        return False
    return any(before.get(name) != value for name, value in after.items() if name != "asOf")


def habits(book: Ledger, as_of: datetime) -> list[Habits | None]:
    """Habits of a ledger's customers; None for who never did anything. Pure."""
    if not len(book):
        return []
    values = matrix(book, as_of)
    column = {name: values[:, NAMES.index(name)] for name in NAMES}
    now = as_of.timestamp()
    hours, weekdays = _busiest(book, now)
    tastes, channels = _tastes(book, now), _channels(book, now)

    def whole(name: str, row: int) -> int:
        value = column[name][row]
        return 0 if np.isnan(value) else round(float(value))

    def number(name: str, row: int, digits: int = 4) -> float | None:
        value = column[name][row]
        return None if np.isnan(value) else round(float(value), digits)

    made: list[Habits | None] = []
    for row in range(len(book)):
        if column["orders"][row] == 0 and column["events"][row] == 0:
            made.append(None)
            continue
        spend = column["spend365"][row]
        made.append(
            Habits(
                as_of=as_of,
                visits30=whole("visits30", row),
                visits90=whole("visits90", row),
                views90=whole("views90", row),
                carts90=whole("carts90", row),
                cart_abandonment=number("cartAbandonment", row),
                discount_share=number("discountShare", row),
                discount_depth=_share(number("discountDepth", row)),
                return_share=number("returnShare", row),
                items_per_order=number("itemsPerOrder", row, 2),
                rhythm=number("rhythm", row, 3),
                price_tier=number("priceTier", row),
                spend365=None if np.isnan(spend) else round(float(spend)),
                channels=channels[row],
                best_hour=hours[row],
                best_weekday=weekdays[row],
                affinity=tastes[row],
            )
        )
    return made


def _share(value: float | None) -> float | None:
    # Refunds of more than was paid could push a share of money out of its range.
    return None if value is None else min(1.0, max(0.0, value))


def _busiest(book: Ledger, now: float) -> tuple[list[int | None], list[int | None]]:
    """By customer the busiest hour and weekday of a year, where there are enough moments."""
    orders = (book.orders.at <= now) & (book.orders.at > now - YEAR * DAY)
    lines = (book.moments.at <= now) & (book.moments.at > now - YEAR * DAY) & (book.moments.kind != DELIVERY)
    owner = np.concatenate((book.orders.owner[orders], book.moments.owner[lines]))
    hour = np.concatenate((book.orders.hour[orders], book.moments.hour[lines]))
    weekday = np.concatenate((book.orders.weekday[orders], book.moments.weekday[lines]))
    timed = hour >= 0
    return _mode(owner[timed], hour[timed], len(book), 24, True), _mode(owner, weekday, len(book), 7, False)


def _mode(owner: Ints, code: Ints, people: int, width: int, smooth: bool) -> list[int | None]:
    table: Floats = (
        np.bincount(owner * width + code, minlength=people * width).reshape(people, width).astype(np.float64)
    )
    enough = table.sum(axis=1) >= MOMENTS
    if smooth:
        table = table + 0.5 * np.roll(table, 1, axis=1) + 0.5 * np.roll(table, -1, axis=1)
    most = table.argmax(axis=1)
    return [int(one) if known else None for one, known in zip(most, enough, strict=True)]


def _channels(book: Ledger, now: float) -> list[dict[str, float]]:
    """By customer the share of orders by channel, of those whose channel is known."""
    seen = (book.orders.at <= now) & (book.orders.channel >= 0)
    made: list[dict[str, float]] = [{} for _ in range(len(book))]
    width = max(1, len(book.channels))
    pairs, rows = np.unique(book.orders.owner[seen] * width + book.orders.channel[seen], return_counts=True)
    total = np.bincount(book.orders.owner[seen], minlength=len(book))
    for pair, number in zip(pairs.tolist(), rows.tolist(), strict=True):
        made[pair // width][book.channels[pair % width]] = round(number / int(total[pair // width]), 4)
    return made


def _tastes(book: Ledger, now: float) -> list[list[Affinity]]:
    """By customer the shares of categories, largest first, equal ones by name."""
    table = book.tastes
    seen = table.at <= now
    owner, code = table.owner[seen], table.category[seen]
    weight = np.where(table.bought[seen] == 1, 1.0, LOOKED) * 0.5 ** ((now - table.at[seen]) / HALF_LIFE)
    total = np.bincount(owner, weights=weight, minlength=len(book))
    width = max(1, len(book.categories))
    pairs, place = np.unique(owner * width + code, return_inverse=True)
    sums = np.bincount(place, weights=weight)
    found: list[list[tuple[float, str]]] = [[] for _ in range(len(book))]
    for pair, amount in zip(pairs.tolist(), sums.tolist(), strict=True):
        found[pair // width].append((-amount / float(total[pair // width]), book.categories[pair % width]))
    return [_largest(one) for one in found]


def _largest(rows: Sequence[tuple[float, str]]) -> list[Affinity]:
    ranked = sorted((round(share, 4), name) for share, name in rows)[:CATEGORIES]
    return [Affinity(category=name, share=min(1.0, -share)) for share, name in ranked]
