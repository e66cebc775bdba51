"""Orders into documents: who they count for, what stands on the timeline, and what a deletion takes away."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from functions.ingest.identity import record_id
from functions.ingest.statistics import counts
from schema.clock import of_milliseconds
from schema.money import convert
from schema.records import DeletedRecord, OrderRecord
from schema.store import Delete, Put, copied

if TYPE_CHECKING:
    from functions.ingest.plan import Planner
    from schema.documents import OrderLine

Data = dict[str, Any]
_OUR_ID = re.compile(r"[0-9a-f]{20}")
"""How the id of a document looks: a line that carries one already keeps it."""


def path_of(connection: str, external: str) -> str:
    """Where an order's document is."""
    return f"orders/{record_id(connection, 'order', external)}"


def take(planner: Planner, record: OrderRecord) -> None:
    """Take in what a record says about an order."""
    person = planner.person(record.person.key) if record.person else None
    path = path_of(planner.connection, record.id)
    new = _document(planner, record, person.identity if person else None)
    held = planner.current(path)
    if planner.imported_again(held, new, record.version):
        return
    if person and record.person:
        planner.fold(person, record.person, record.placed_at, record.version, record.consent)
        person.known_since(record.placed_at, record.version, planner.setting.created_by)
    before = copied(held)
    planner.settle(path, held, new, record.version)
    _moved(planner, path, before)


def delete(planner: Planner, record: DeletedRecord) -> None:
    """Note that the platform deleted an order: the document stays, and counts nowhere."""
    path = path_of(planner.connection, record.id)
    before = copied(planner.current(path))
    planner.bury(path, record.version, lambda version: _nothing(planner, record.id, version))
    _moved(planner, path, before)


def _moved(planner: Planner, path: str, before: Data | None) -> None:
    """Carry what changed in the document to its customers, its day and the timeline."""
    after = planner.held[path]
    if after is None:
        return
    at = after["placedAt"].astimezone(planner.setting.zone)
    after["day"] = (after["day"] or at.date().isoformat()) if counts(after) else None
    if before is not None and _plain(before) == _plain(after):
        return
    former, owner = (before or {}).get("customerId"), after["customerId"]
    if former and former != owner:
        planner.person_by_id(former).replace_order(path, before, None)
    if owner:
        planner.person_by_id(owner).replace_order(path, before if former == owner else None, after)
    planner.outcome.days.update(day for day in ((before or {}).get("day"), after["day"]) if day)
    line = f"events/o-{path.split('/')[1]}"
    if owner and not after["deleted"]:
        planner.outputs[line] = Put(line, _line(after, path))
    elif former:
        planner.outputs[line] = Delete(line)


def _plain(order: Data) -> Data:
    return {name: value for name, value in order.items() if name not in ("sourceVersion", "createdVersion")}


def _line(order: Data, path: str) -> Data:
    return {
        "customerId": order["customerId"],
        "kind": "order",
        "channel": order["channel"],
        "at": order["placedAt"],
        "title": next((line["title"] for line in order["lines"] if line["title"]), None),
        "amount": order["total"],
        "currency": order["currency"],
        "ref": path,
        "session": None,
        "url": None,
        "properties": {},
        "sourceVersion": 0,
        "historic": order["historic"],
        "sample": order["sample"],
    }


def _document(planner: Planner, record: OrderRecord, customer: str | None) -> Data:
    setting = planner.setting

    own = record.shop_money

    def reporting(minor: int) -> int | None:
        if own and own.currency == setting.currency and record.total:
            # The platform's own conversion of that day: exact for the total, in proportion for its parts.
            return round(Decimal(minor) * own.total / record.total)
        return convert(minor, record.currency, setting.currency, setting.rates)

    said: Data = {
        "customerId": customer,
        "connectionId": planner.connection,
        "platform": setting.origin.platform,
        "externalId": None if record.generated_id else record.id,
        "placedAt": record.placed_at,
        "status": record.status,
        "currency": record.currency,
        "total": record.total,
        "discount": record.discount,
        "refunded": record.refunded,
        "reportingTotal": reporting(record.total - record.refunded),
        "reportingDiscount": reporting(record.discount),
        "reportingRefunded": reporting(record.refunded),
        "items": record.items or sum(line.quantity for line in record.lines),
        "lines": lines(planner.connection, record.lines),
        "channel": record.channel or planner.channel,
        "tax": record.tax,
        "shipping": record.shipping,
        "discountCodes": record.discount_codes,
        "day": record.placed_at.astimezone(setting.zone).date().isoformat()
        if record.status not in ("cancelled", "test")
        else None,
    }
    return planner.versioned(said, record) | {
        "historic": planner.historic(record.placed_at),
        "deleted": False,
        "deletedVersion": None,
    }


def lines(connection: str, said: list[OrderLine]) -> list[Data]:
    """Lines with the ids of our product documents."""
    return [
        line.to_doc()
        | {
            "productId": line.product_id
            if line.product_id is None or _OUR_ID.fullmatch(line.product_id)
            else record_id(connection, "product", line.product_id)
        }
        for line in said
    ]


def _nothing(planner: Planner, external: str, version: int) -> Data:
    """An order of which nothing is known but that it was deleted: an older record that comes later fills it."""
    return {
        "customerId": None,
        "connectionId": planner.connection,
        "platform": planner.setting.origin.platform,
        "externalId": external,
        "placedAt": of_milliseconds(version),
        "day": None,
        "status": "cancelled",
        "currency": planner.setting.currency,
        "total": 0,
        "discount": 0,
        "refunded": 0,
        "reportingTotal": 0,
        "reportingDiscount": 0,
        "reportingRefunded": 0,
        "items": 0,
        "lines": [],
        "channel": planner.channel,
        "tax": 0,
        "shipping": 0,
        "discountCodes": [],
        "historic": False,
    }
