"""`metrics/month-YYYY-MM`: daily figures, recomputed for the days that commits marked dirty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from functions.figures.overview import refresh_overview
from schema.flow import World
from schema.store import Create as CreateWrite
from schema.store import Data, Delete, Doc, Query, ReadSet, Update, Write, get, settle

FEW_DAYS = 31
"""Up to this many days are counted one by one on the server; more (after a bulk job) are read in one pass over their
span, which costs a read an order once instead of two queries a day."""


def refresh_dirty(world: World) -> int:
    """Recompute what is marked, then drop the marks. Returns how many days were recomputed.

    A mark that was renewed meanwhile stays for the next time: its deletion is guarded by what was read.
    """
    marks = list(world.store.query(Query("dirty")))
    if not marks:
        return 0
    days = sorted({day for mark in marks for day in mark.data["days"]})
    if days:
        recompute_days(world, days)
    refresh_overview(world)
    for mark in marks:
        settle(world.store, [mark.path], partial(_drop, mark=mark))
    return len(days)


def recompute_days(world: World, days: Iterable[str]) -> None:
    """Count and sum each day anew; one document a month."""
    shop = get(world.store, "settings/shop")
    zone = ZoneInfo((shop.data if shop else {}).get("zone") or "UTC")
    by_month: dict[str, list[str]] = defaultdict(list)
    for day in days:
        by_month[day[:7]].append(day)
    wanted = sorted(day for chosen in by_month.values() for day in chosen)
    if len(wanted) > FEW_DAYS:
        figures = _span(world, wanted, zone)
    else:
        with ThreadPoolExecutor(max_workers=8) as pool:
            figures = dict(zip(wanted, pool.map(lambda day: _day(world, day, zone), wanted), strict=True))
    for month, chosen in by_month.items():
        fresh = {day[8:]: figures[day] for day in chosen}
        plan = partial(_merge, month=month, fresh=fresh, world=world)
        settle(world.store, [f"metrics/month-{month}"], plan)


def _day(world: World, day: str, zone: ZoneInfo) -> Data:
    orders = world.store.totals(Query("orders", where=(("day", "==", day),)), ("reportingTotal",))
    start, end = _midnight(day, zone), _midnight(day, zone, 1)
    # An account that was merged into an earlier one is no new customer.
    new = world.store.totals(
        Query("customers", where=(("mergedInto", "==", None), ("createdAt", ">=", start), ("createdAt", "<", end)))
    )
    return {"orders": orders.count, "revenue": int(orders.sums["reportingTotal"]), "newCustomers": new.count}


def _span(world: World, days: list[str], zone: ZoneInfo) -> dict[str, Data]:
    """The same figures for many days, from one pass over the orders and customers between the first and the last."""
    figures: dict[str, Data] = {day: {"orders": 0, "revenue": 0, "newCustomers": 0} for day in days}
    orders = Query(
        "orders",
        where=(("day", ">=", days[0]), ("day", "<=", days[-1])),
        order_by=(("day", "asc"),),
        select=("day", "reportingTotal"),
    )
    for order in world.store.query(orders):
        if (day := order.data["day"]) in figures:
            figures[day]["orders"] += 1
            figures[day]["revenue"] += order.data["reportingTotal"] or 0
    customers = Query(
        "customers",
        where=(("createdAt", ">=", _midnight(days[0], zone)), ("createdAt", "<", _midnight(days[-1], zone, 1))),
        order_by=(("createdAt", "asc"),),
        select=("createdAt", "mergedInto"),
    )
    for customer in world.store.query(customers):
        if customer.data.get("mergedInto"):
            continue
        day = customer.data["createdAt"].astimezone(zone).date().isoformat()
        if day in figures:
            figures[day]["newCustomers"] += 1
    return figures


def _midnight(day: str, zone: ZoneInfo, later: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), zone).astimezone(UTC)


def _merge(docs: ReadSet, month: str, fresh: dict[str, Data], world: World) -> list[Write]:
    path = f"metrics/month-{month}"
    held: Doc | None = docs[path]
    days = {**(held.data["days"] if held else {}), **fresh}
    days = {day: figures for day, figures in sorted(days.items()) if any(figures.values())}
    if not days:
        return [Delete(path, held.update_time)] if held else []
    data: Data = {
        "month": month,
        "days": days,
        **{name: sum(figures[name] for figures in days.values()) for name in ("orders", "revenue", "newCustomers")},
        "computedAt": world.clock(),
    }
    return [Update(path, data, held.update_time)] if held else [CreateWrite(path, data)]


def _drop(docs: ReadSet, mark: Doc) -> list[Write]:
    held = docs[mark.path]
    return [Delete(mark.path, held.update_time)] if held and held.update_time == mark.update_time else []
