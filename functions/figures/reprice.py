"""Orders in a currency without a rate, expressed in the reporting currency once the shop gives one.

Only orders that had no rate are touched: a figure counted with yesterday's rate does not change under a report.
"""

from __future__ import annotations

import copy
from functools import partial

from functions.ingest import statistics
from schema.flow import World, stable_id
from schema.money import convert
from schema.records import Job
from schema.store import Data, Doc, Group, Put, Query, ReadSet, Update, Write, get, settle_groups

PAGE = 200


def reprice_step(world: World, job: Job) -> None:
    """One page of unconverted orders; publishes the next page's step."""
    shop = get(world.store, "settings/shop")
    settings = shop.data if shop else {}
    query = Query(
        "orders",
        where=(("reportingTotal", "==", None),),
        order_by=(("__name__", "asc"),),
        limit=PAGE,
        after=(job.cursor,) if job.cursor else None,
    )
    page = list(world.store.query(query))
    by_customer: dict[str, list[Doc]] = {}
    for order in page:
        by_customer.setdefault(order.data["customerId"], []).append(order)
    groups = [
        Group(
            (f"customers/{customer}", *(order.path for order in orders)),
            partial(_plan, customer=customer, paths=[order.path for order in orders], settings=settings, world=world),
        )
        for customer, orders in by_customer.items()
    ]
    days = sorted({order.data["day"] for order in page if order.data["day"]})

    def marks(writes: object) -> list[Write]:
        return [Put(f"dirty/{stable_id('reprice', job.cursor, *days)}", {"at": world.clock(), "days": days})]

    for failure in settle_groups(world.store, groups, marks=marks):
        if failure is not None:
            raise failure
    if len(page) == PAGE:
        world.bus.publish("jobs", Job(kind="reprice", id=job.id, step=job.step + 1, cursor=page[-1].id))


def _plan(docs: ReadSet, customer: str, paths: list[str], settings: Data, world: World) -> list[Write]:
    held = docs[f"customers/{customer}"]
    if held is None:
        return []
    stats = copy.deepcopy(held.data["stats"])
    writes: list[Write] = []
    for path in paths:
        order = docs[path]
        if order is None or order.data["reportingTotal"] is not None or order.data["customerId"] != customer:
            continue
        new = dict(order.data)
        for name, minor in (
            ("reportingTotal", new["total"] - new["refunded"]),
            ("reportingDiscount", new["discount"]),
            ("reportingRefunded", new["refunded"]),
        ):
            new[name] = convert(minor, new["currency"], settings.get("currency") or "USD", settings.get("rates") or {})
        if new["reportingTotal"] is None:
            continue
        statistics.apply_order(stats, order.data, new)
        writes.append(Update(path, new, order.update_time))
    if not writes:
        return []
    now = world.clock()
    return [*writes, Update(f"customers/{customer}", {"stats": stats, "updatedAt": now}, held.update_time)]
