"""Products into documents, with the history of price and stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from functions.ingest import prices
from functions.ingest.identity import record_id
from schema.clock import of_milliseconds
from schema.records import DeletedRecord, ProductRecord
from schema.store import copied

if TYPE_CHECKING:
    from functions.ingest.plan import Planner

Data = dict[str, Any]


def path_of(connection: str, external: str) -> str:
    """Where a product's document is."""
    return f"products/{record_id(connection, 'product', external)}"


def state_path(product: str) -> str:
    """Where a product's sightings are."""
    return f"{product}/state/prices"


def take(planner: Planner, record: ProductRecord) -> None:
    """Take in what a record says about a product."""
    path = path_of(planner.connection, record.id)
    new: Data = {
        "connectionId": planner.connection,
        "platform": planner.setting.origin.platform,
        "externalId": record.id,
        "title": record.title,
        "category": record.category,
        "price": record.price,
        "currency": record.currency,
        "compareAt": record.compare_at,
        "stock": record.stock,
        "image": record.image,
        "url": record.url,
        "skus": record.skus,
        "status": record.status,
    }
    new = planner.versioned(new, record) | {"deleted": False, "deletedVersion": None, "dueAt": None}
    held = planner.current(path)
    if planner.imported_again(held, new, record.version):
        return
    due_at = held.get("dueAt") if held else None
    planner.settle(path, held, new, record.version)
    told = planner.current(state_path(path))
    state = told or prices.empty()
    old = copied(state)
    sighting: Data = {
        "version": record.version,
        "price": record.price,
        "currency": record.currency,
        "stock": record.stock,
        "hash": new["contentHash"],
        "historic": planner.historic(of_milliseconds(record.version)),
    }
    prices.see(state, sighting)
    planner.held[state_path(path)] = state
    for write in prices.history_writes(path, old, state):
        planner.outputs[write.path] = write
    document = planner.held[path]
    if document is not None:
        document["dueAt"] = prices.due(state, due_at, planner.setting.now)


def delete(planner: Planner, record: DeletedRecord) -> None:
    """Note that the platform deleted a product."""
    nothing: Data = {
        "connectionId": planner.connection,
        "platform": planner.setting.origin.platform,
        "externalId": record.id,
        **dict.fromkeys(("title", "category", "price", "currency", "compareAt", "stock", "image", "url")),
        "skus": [],
        "status": "hidden",
        "dueAt": None,
    }
    planner.bury(path_of(planner.connection, record.id), record.version, lambda _: dict(nothing))
