"""`metrics/overview`: the first screen in one document, by count and sum queries over the index."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from schema.flow import World
from schema.moment import as_of, ended
from schema.store import Data, Operator, Put, Query, Store, get, settle

_CHANNELS = ("email", "sms", "push", "wechat")


def refresh_overview(world: World) -> Data:
    """Recompute and write the overview. Returns the document."""
    store, now = world.store, world.clock()
    shop = get(store, "settings/shop")
    settings = shop.data if shop else {}

    def count(*where: Any) -> int:
        return store.totals(Query("customers", where=where)).count

    def extreme(field: str, direction: Any) -> datetime | None:
        query = Query(
            "customers",
            where=((field, ">", datetime.min.replace(year=1900, tzinfo=now.tzinfo)),),
            order_by=((field, direction),),
            limit=1,
            select=(field,),
        )
        found = next(iter(store.query(query)), None)
        if found is None:
            return None
        moment: datetime = found.data["stats"][field.split(".")[1]]
        return moment

    def total(collection: str, field: str) -> int:
        return int(store.totals(Query(collection), (field,)).sums[field])

    nobody = _of_nobody(store)
    orders, revenue = total("customers", "stats.orders") + nobody[0], total("customers", "stats.revenue") + nobody[1]
    unconverted = total("customers", "stats.unconverted") + nobody[2]
    rated, rating_sum = _ratings(store)
    last = extreme("stats.lastOrderAt", "desc")
    document: Data = {
        "customers": count(("mergedInto", "==", None)),
        "buyers": count(("stats.orders", ">=", 1)),
        "repeatBuyers": count(("stats.orders", ">=", 2)),
        "orders": orders,
        "revenue": revenue,
        "averageOrder": round(revenue / (orders - unconverted)) if orders > unconverted else None,
        "feedback": store.totals(Query("feedback")).count,
        "reviewers": count(("stats.feedback", ">=", 1)),
        "ratingAverage": rating_sum / rated if rated else None,
        "unconvertedOrders": unconverted,
        "currency": settings.get("currency") or "USD",
        "firstOrderAt": extreme("stats.firstOrderAt", "asc"),
        "lastOrderAt": last,
        "asOf": as_of(last, now),
        "dataEnded": ended(last, now),
        "sampleCustomers": count(("sample", "==", True), ("mergedInto", "==", None)),
        "reachable": {channel: count((f"reach.{channel}", "==", True)) for channel in _CHANNELS},
        "contactable": count(("reach.any", "==", True)),
        "computedAt": now,
    }
    settle(store, (), lambda _: [Put("metrics/overview", document)])
    return document


def _of_nobody(store: Store) -> tuple[int, int, int]:
    """Orders without a buyer, their revenue, and how many have no rate: of platforms that give no customers."""
    shops = store.query(Query("connections", select=("gives",)))
    if not any(
        given["thing"] == "customers" and given["given"] == "no" for shop in shops for given in shop.data["gives"]
    ):
        return 0, 0, 0
    orders = revenue = unconverted = 0
    for status in ("paid", "refunded"):
        where: tuple[tuple[str, Operator, Any], ...] = (
            ("customerId", "==", None),
            ("status", "==", status),
            ("deleted", "==", False),
        )
        counted = store.totals(Query("orders", where=where), ("reportingTotal",))
        orders, revenue = orders + counted.count, revenue + int(counted.sums["reportingTotal"])
        unconverted += store.totals(Query("orders", where=(*where, ("reportingTotal", "==", None)))).count
    return orders, revenue, unconverted


def _ratings(store: Store) -> tuple[int, int]:
    rated = store.totals(Query("feedback", where=(("rating", ">=", 1),)), ("rating",))
    return rated.count, int(rated.sums["rating"])
