"""How customers buy, as the figures behind two pages: `metrics/behaviour` and `metrics/affinity`.

Pure functions over the columns of `shop_book`, and `figures`, which reads once and writes both documents. Days, weeks
and months are those of the shop's calendar. Intervals are Wilson's at 90 % unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from ml.behaviour.affinity import affinity
from ml.behaviour.rfm_moves import grid_and_moves
from ml.behaviour.shop_book import EPOCH, Book, Bools, Floats, Ints, read_book
from schema.base import Localized
from schema.flow import World
from schema.pictures import BehaviourFigures, Bin, Cohort, Funnel, SecondOrder, WeekTrend
from schema.store import Put, Store

WEEKS = 52
MONTHS = 24
FUNNEL_DAYS = 90
RETURN_DAYS = 180
GAPS = (0, 7, 14, 30, 60, 90, 120, 180, 270, 365)
"""Edges of the bins of days between orders; the last bin is open."""
LEAST_BUYERS = 20
"""First orders with a product below which its share of returners is not told."""
SHOWN = 15
LEAST_CUSTOMERS = 5
Z90 = 1.6448536269514722


def figures(world: World, as_of: datetime) -> None:
    """Compute both documents as of a moment and write them; the same data give the same figures."""
    docs = world.store.get_many(["settings/shop"])
    shop = docs["settings/shop"]
    currency = str((shop.data.get("currency") if shop else None) or "USD")
    zone = ZoneInfo(str((shop.data.get("zone") if shop else None) or "UTC"))
    held = read_book(world, as_of)
    now = world.clock()
    found, wanted = second_orders(held, local_day(as_of, zone))
    names = titles(world.store, wanted)
    picture = behaviour(held, as_of, zone, currency, now).model_copy(
        update={"second_orders": [one.model_copy(update={"title": names[one.product_id]}) for one in found]}
    )
    world.store.commit(
        [
            Put("metrics/behaviour", picture.to_doc()),
            Put("metrics/affinity", affinity(world.store, held, as_of, now).to_doc()),
        ]
    )


def behaviour(held: Book, as_of: datetime, zone: ZoneInfo, currency: str, now: datetime) -> BehaviourFigures:
    """`metrics/behaviour` without the products' names; nothing after `as_of` may be in the book."""
    buyers = np.unique(held.owner[held.owner >= 0])
    today = local_day(as_of, zone)
    unmet = None
    if len(buyers) < LEAST_CUSTOMERS:
        unmet = Localized(
            en=f"Needs {LEAST_CUSTOMERS} customers with an order; there are {len(buyers)}.",
            zh=f"需要 {LEAST_CUSTOMERS} 位有订单的客户，目前 {len(buyers)} 位。",
        )
    grid, moves = grid_and_moves(held, as_of) if unmet is None else ([], [])
    between = gaps(held)
    found, _ = second_orders(held, today)
    overall = returned(held, today)
    return BehaviourFigures(
        as_of=as_of, currency=currency, customers=len(buyers), grid=grid, moves=moves, cohorts=cohorts(held, today),
        gaps=bins(between), median_gap=float(np.median(between)) if len(between) else None, second_orders=found,
        second_order_overall=float(overall[1].mean()) if len(overall[1]) else None, funnel=funnel(held, today),
        trends=trends(held, today, zone), clock=clock(held), unmet=unmet, computed_at=now,
    )  # fmt: skip


def local_day(moment: datetime, zone: ZoneInfo) -> int:
    """Days since 1970 on the shop's calendar."""
    return moment.astimezone(zone).date().toordinal() - EPOCH


def order_days(held: Book) -> tuple[Ints, Ints]:
    """(owner, day) of each customer's days with an order, ascending; orders of nobody are left out."""
    mine = held.owner >= 0
    if not mine.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pairs = np.unique(np.column_stack((held.owner[mine], held.day[mine])), axis=0)
    return pairs[:, 0], pairs[:, 1]


def gaps(held: Book) -> Floats:
    """Days between consecutive order days of a customer."""
    owner, day = order_days(held)
    between: Floats = np.diff(day)[owner[1:] == owner[:-1]].astype(np.float64)
    return between


def bins(values: Floats) -> list[Bin]:
    """The histogram over `GAPS`: more than the lower edge, up to the upper one."""
    if not len(values):
        return []
    edges = np.array(GAPS, dtype=np.float64)
    count = np.bincount(np.searchsorted(edges, values, side="left") - 1, minlength=len(GAPS))
    return [
        Bin(low=low, high=GAPS[place + 1] if place + 1 < len(GAPS) else None, n=int(count[place]))
        for place, low in enumerate(GAPS)
    ]


def cohorts(held: Book, today: int) -> list[Cohort]:
    """By month of the first order, the share that ordered again in the n-th month after it; complete months only."""
    owner, day = order_days(held)
    if not len(day):
        return []
    month = _months(day)
    fresh = np.ones(len(owner), dtype=bool)
    fresh[1:] = owner[1:] != owner[:-1]
    first = month[fresh][np.cumsum(fresh) - 1]
    current = int(_months(np.array([today]))[0])
    # One line a customer and month.
    seen = np.unique(np.column_stack((first, owner, month - first)), axis=0)
    made = []
    for start in sorted({int(one) for one in first})[-MONTHS:]:
        rows = seen[seen[:, 0] == start]
        size = int((rows[:, 2] == 0).sum())
        complete = min(current - 1 - start, MONTHS)
        came = np.bincount(rows[:, 2], minlength=max(complete, 0) + 1)
        made.append(
            Cohort(
                month=f"{start // 12 + 1970:04d}-{start % 12 + 1:02d}", size=size,
                retained=[float(came[n] / size) for n in range(1, complete + 1)],
            )
        )  # fmt: skip
    return made


def returned(held: Book, today: int) -> tuple[Ints, Bools]:
    """Buyers whose first order is `RETURN_DAYS` or more ago, and whether a second order day came within that time."""
    owner, day = order_days(held)
    if not len(day):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    start = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    first = day[start]
    following = np.append(day, 0)[np.minimum(start + 1, len(day))]
    second = np.append(owner, -1)[np.minimum(start + 1, len(day))] == owner[start]
    old = first + RETURN_DAYS <= today
    back: Bools = second & (following - first <= RETURN_DAYS)
    return owner[start][old], back[old]


def second_orders(held: Book, today: int) -> tuple[list[SecondOrder], list[str]]:
    """Products of first orders by the lower end of the share of buyers who came back, and their ids; no titles yet."""
    buyers, back = returned(held, today)
    if not len(buyers) or not len(held.line_order):
        return [], []
    state = np.full(held.customers, -1, dtype=np.int64)
    state[buyers] = back
    owner, day = order_days(held)
    first = np.full(held.customers, np.iinfo(np.int64).max)
    np.minimum.at(first, owner, day)
    who = held.owner[held.line_order]
    counted = (who >= 0) & (state[np.maximum(who, 0)] >= 0)
    counted &= held.day[held.line_order] == first[np.maximum(who, 0)]
    if not counted.any():
        return [], []
    pairs = np.unique(np.column_stack((held.line_product[counted], who[counted])), axis=0)
    number = np.bincount(pairs[:, 0], minlength=len(held.products))
    came = np.bincount(pairs[:, 0], state[pairs[:, 1]], minlength=len(held.products))
    made = []
    for place in np.flatnonzero(number >= LEAST_BUYERS):
        low, high = wilson(float(came[place]), float(number[place]))
        made.append(
            SecondOrder(
                product_id=held.products[place], title="", buyers=int(number[place]), returned=int(came[place]),
                share=float(came[place] / number[place]), low=low, high=high,
            )
        )  # fmt: skip
    made = sorted(made, key=lambda one: (-one.low, one.product_id))[:SHOWN]
    return made, [one.product_id for one in made]


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's 90 % interval of a share (1927)."""
    share, spread = hits / n, Z90**2 / n
    centre = (share + spread / 2) / (1 + spread)
    reach = Z90 / (1 + spread) * float(np.sqrt(share * (1 - share) / n + spread / (4 * n)))
    return max(0.0, centre - reach), min(1.0, centre + reach)


def funnel(held: Book, today: int) -> Funnel | None:
    """Customers who visited, looked at a product, filled a cart and ordered in the last 90 days, by their habits."""
    visits, views, carts = held.browsed.T
    came = (visits > 0) | (views > 0) | (carts > 0)
    if not came.any():
        return None
    looked = came & (views > 0)
    carted = looked & (carts > 0)
    recent = (held.owner >= 0) & (held.day > today - FUNNEL_DAYS)
    bought = np.bincount(held.owner[recent], minlength=held.customers) > 0
    return Funnel(
        days=FUNNEL_DAYS, visitors=int(came.sum()), viewers=int(looked.sum()), carted=int(carted.sum()),
        bought=int((carted & bought).sum()),
    )  # fmt: skip


def trends(held: Book, today: int, zone: ZoneInfo) -> list[WeekTrend]:
    """The running week and the `WEEKS` before it, from the first order on; all orders that count."""
    if not len(held.day):
        return []
    # 1970-01-01 was a Thursday.
    week, current = (held.day + 3) // 7, (today + 3) // 7
    first = np.full(held.customers, np.iinfo(np.int64).max)
    mine = held.owner >= 0
    np.minimum.at(first, held.owner[mine], week[mine])
    made = []
    for one in range(max(int(week.min()), current - WEEKS), current + 1):
        rows = week == one
        monday = date.fromordinal(one * 7 - 3 + EPOCH)
        year, number, _ = monday.isocalendar()
        made.append(
            WeekTrend(
                week=f"{year:04d}-W{number:02d}", start=datetime(monday.year, monday.month, monday.day, tzinfo=zone),
                orders=int(rows.sum()), customers=len(np.unique(held.owner[rows & mine])),
                new_customers=int((first == one).sum()), revenue=round(float(np.nansum(held.net[rows]))),
                discounted=int(held.discounted[rows].sum()), refunded=int(held.refunded[rows].sum()),
            )
        )  # fmt: skip
    return made


def clock(held: Book) -> list[int]:
    """Orders by hour of the week; empty where fewer than half of the orders have a time of day."""
    timed = held.hour >= 0
    if not len(held) or timed.mean() < 0.5:
        return []
    return [int(one) for one in np.bincount(held.hour[timed], minlength=168)]


def titles(store: Store, products: list[str]) -> Mapping[str, str]:
    """Names of products; the id where there is none."""
    docs = store.get_many([f"products/{one}" for one in products]) if products else {}
    found = {one: docs.get(f"products/{one}") for one in products}
    return {one: str((doc.data.get("title") if doc else None) or one) for one, doc in found.items()}


def _months(day: Ints) -> Ints:
    months: Ints = np.asarray(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months
