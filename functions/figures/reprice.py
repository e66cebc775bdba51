"""Orders in a currency without a rate, expressed in the reporting currency once the shop gives one.

Only orders that had no rate are touched: a figure counted with yesterday's rate does not change under a report.
"""

from __future__ import annotations

from functools import partial

from functions.ingest.customer import People, customer_paths
from functions.ingest.intake import shop_setting
from functions.ingest.setting import Outcome, Setting
from schema.flow import World, stable_id
from schema.money import convert
from schema.records import Job, Origin
from schema.store import Doc, Group, Put, Query, ReadSet, Update, Write, settle_groups

PAGE = 200


def reprice_step(world: World, job: Job) -> None:
    """One page of unconverted orders; publishes the next page's step."""
    query = Query(
        "orders",
        where=(("reportingTotal", "==", None),),
        order_by=(("__name__", "asc"),),
        limit=PAGE,
        after=(job.cursor,) if job.cursor else None,
    )
    page = list(world.store.query(query))
    by_customer: dict[str | None, list[Doc]] = {}
    for order in page:
        by_customer.setdefault(order.data["customerId"], []).append(order)
    setting = shop_setting(world, Origin(connection_id="reprice", platform="csv", bulk=True))
    groups = [
        Group(
            (*(customer_paths(customer) if customer else ()), *(order.path for order in orders)),
            partial(_plan, customer=customer, paths=[order.path for order in orders], setting=setting),
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


def _plan(docs: ReadSet, customer: str | None, paths: list[str], setting: Setting) -> list[Write]:
    people = People(docs, setting, Outcome())
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
            new[name] = convert(minor, new["currency"], setting.currency, setting.rates)
        if new["reportingTotal"] is None:
            continue
        if customer:
            people.load(customer).replace_order(path, order.data, new)
        writes.append(Update(path, new, order.update_time))
    return [*writes, *people.writes()]
