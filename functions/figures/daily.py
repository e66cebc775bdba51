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

_MARKS = 400


def refresh_dirty(world: World) -> int:
    """Recompute what is marked, then drop the marks. Returns how many days were recomputed.

    A mark that was renewed meanwhile stays for the next time: its deletion is guarded by what was read.
    """
    marks = list(world.store.query(Query("dirty", limit=_MARKS)))
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
    with ThreadPoolExecutor(max_workers=8) as pool:
        figures = dict(
            zip(
                (day for chosen in by_month.values() for day in chosen),
                pool.map(lambda day: _day(world, day, zone), (day for chosen in by_month.values() for day in chosen)),
                strict=True,
            )
        )
    for month, chosen in by_month.items():
        fresh = {day[8:]: figures[day] for day in chosen}
        plan = partial(_merge, month=month, fresh=fresh, world=world)
        settle(world.store, [f"metrics/month-{month}"], plan)


def _day(world: World, day: str, zone: ZoneInfo) -> Data:
    orders = world.store.totals(Query("orders", where=(("day", "==", day),)), ("reportingTotal",))
    start = datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC)
    end = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), zone).astimezone(UTC)
    new = world.store.totals(Query("customers", where=(("createdAt", ">=", start), ("createdAt", "<", end))))
    return {"orders": orders.count, "revenue": int(orders.sums["reportingTotal"]), "newCustomers": new.count}


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
