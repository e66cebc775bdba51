"""Carts into documents; one left behind is told to offers once it has rested, unless it was recovered meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from functions.ingest.identity import record_id
from functions.ingest.orders import lines
from functions.ingest.prices import REST
from schema.clock import of_milliseconds
from schema.records import CartRecord, DeletedRecord
from schema.store import Delete, Put, copied

if TYPE_CHECKING:
    from functions.ingest.plan import Planner

Data = dict[str, Any]


def path_of(connection: str, external: str) -> str:
    """Where a cart's document is."""
    return f"carts/{record_id(connection, 'cart', external)}"


def take(planner: Planner, record: CartRecord) -> None:
    """Take in what a record says about a cart."""
    person = planner.person(record.person.key) if record.person else None
    path = path_of(planner.connection, record.id)
    said: Data = {
        "customerId": person.identity if person else None,
        "connectionId": planner.connection,
        "platform": planner.setting.origin.platform,
        "externalId": record.id,
        "status": record.status,
        "at": record.at,
        "currency": record.currency,
        "total": record.total,
        "lines": lines(planner.connection, record.lines),
        "url": record.url,
    }
    new = planner.versioned(said, record) | {
        "historic": planner.historic(record.at),
        "deleted": False,
        "deletedVersion": None,
        "dueAt": None,
        "announced": False,
    }
    held = planner.current(path)
    if person and record.person:
        planner.fold(person, record.person, record.at, record.version, record.consent)
        person.known_since(record.at, record.version, planner.setting.created_by)
        person.saw(record.at)
    before = copied(held)
    planner.settle(path, held, new, record.version)
    _moved(planner, path, before)


def delete(planner: Planner, record: DeletedRecord) -> None:
    """Note that the platform deleted a cart."""
    path = path_of(planner.connection, record.id)
    before = copied(planner.current(path))

    def nothing(version: int) -> Data:
        return {
            "customerId": None,
            "connectionId": planner.connection,
            "platform": planner.setting.origin.platform,
            "externalId": record.id,
            "status": "open",
            "at": of_milliseconds(version),
            "currency": planner.setting.currency,
            "total": 0,
            "lines": [],
            "url": None,
            "historic": False,
            "dueAt": None,
            "announced": False,
        }

    planner.bury(path, record.version, nothing)
    _moved(planner, path, before)


def due(cart: Data, held: datetime | None, now: datetime) -> datetime | None:
    """When to tell offers that the cart was left behind; None when there is nothing to tell."""
    return (held or now + REST) if waiting(cart) else None


def waiting(cart: Data) -> bool:
    """Whether offers have to be told of the cart. What nobody owns, and history, start no offer."""
    return (
        cart["status"] == "abandoned"
        and cart["customerId"] is not None
        and not (cart["deleted"] or cart["historic"] or cart["announced"])
    )


def _moved(planner: Planner, path: str, before: Data | None) -> None:
    after = planner.held[path]
    if after is None:
        return
    after["announced"] = bool(before and before["announced"])
    after["dueAt"] = due(after, (before or {}).get("dueAt"), planner.setting.now)
    former = before["customerId"] if before and not before["deleted"] else None
    owner = after["customerId"] if not after["deleted"] else None
    if former != owner:
        if former:
            planner.person_by_id(former).count_events(-1)
        if owner:
            planner.person_by_id(owner).count_events(1)
    line = f"events/c-{path.split('/')[1]}"
    if owner:
        planner.outputs[line] = Put(line, _line(after, path))
    elif former:
        planner.outputs[line] = Delete(line)


def _line(cart: Data, path: str) -> Data:
    return {
        "customerId": cart["customerId"],
        "kind": "cart",
        "channel": "storefront",
        "at": cart["at"],
        "title": next((line["title"] for line in cart["lines"] if line["title"]), None),
        "amount": cart["total"],
        "currency": cart["currency"],
        "ref": path,
        "session": None,
        "url": None,
        "properties": {"status": cart["status"]},
        "sourceVersion": 0,
        "historic": cart["historic"],
        "sample": cart["sample"],
    }
