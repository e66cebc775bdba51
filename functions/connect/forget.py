"""Forgetting every person of a shop, page by page: names, addresses and words go, orders stay as statistics."""

from __future__ import annotations

from functions.connect.state import path_of
from functions.ingest.intake import take_in
from schema.clock import milliseconds
from schema.flow import World, park
from schema.records import DeletedRecord, Job, Origin, PlatformEvents
from schema.store import Query, get

PAGE = 100


def forget_step(world: World, job: Job) -> None:
    """One page of the customers that came from the shop; publishes the next page's step."""
    shop = get(world.store, path_of(job.id))
    if shop is None:
        return
    query = Query(
        "customers",
        where=(("createdBy", "==", job.id),),
        order_by=(("__name__", "asc"),),
        limit=PAGE,
        after=(job.cursor,) if job.cursor else None,
        select=("createdBy",),
    )
    page = list(world.store.query(query))
    sources = world.store.get_many([f"{customer.path}/sources/account" for customer in page])
    version = milliseconds(world.clock())
    records = [
        DeletedRecord(version=version, what="customer", id=source.data["externalId"], redact=True).to_json()
        for source in sources.values()
        if source is not None and source.data["connectionId"] == job.id and source.data.get("redactedVersion") is None
    ]
    if records:
        origin = Origin(connection_id=job.id, platform=shop.data["platform"])
        failed = take_in(world, PlatformEvents(origin=origin, records=records)).failed
        if failed:
            park(world, "platform-events", failed, 1)
    if len(page) == PAGE:
        world.bus.publish("jobs", Job(kind="forget_shop", id=job.id, step=job.step + 1, cursor=page[-1].id))
