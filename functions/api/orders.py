"""Orders told in parts: each order's parts are kept beside it, and the order is published as they make it together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from functions.api.commerce import TrackedOrder, folded, with_part
from functions.api.events import OrderPart
from functions.ingest.identity import record_id
from schema.flow import World, stable_id
from schema.records import OrderRecord, Person
from schema.store import Create, ReadSet, Update, Write, get, settle


class NotYet(Exception):
    """The call is right but too early: the client sends it again."""


def tracked_path(connection: str, order: str) -> str:
    return f"trackedOrders/{stable_id(connection, 'order', order)}"


def take_parts(world: World, connection: str, parts: Sequence[OrderPart]) -> list[OrderRecord]:
    """Keep the parts of a call and return the orders they make: one read and one write an order.

    An order that nobody has told yet (a refund came first) is kept and returned with the part that tells it.
    A later part need not name the buyer again.

    Raises:
        NotYet: see `_buyer`.
    """
    found = []
    for number, group in groupby(sorted(parts, key=lambda part: part.id), key=lambda part: part.id):
        members = sorted(group, key=lambda part: (part.part.version, part.message_id))
        order = _keep(world, tracked_path(connection, number), members)
        told = [_alone(one, order.updated_at) for one in members if one.base is not None]
        # Each telling also at its own version, so that the order's first version is the same in any order of arrival.
        states = [fields for state in (*told, order) if (fields := folded(state))]
        person = _buyer(world, connection, number, members) if states else None
        for fields in states:
            record = {**fields, "id": number, "generated_id": members[-1].generated_id, "person": person}
            found.append(OrderRecord.model_validate(record))
    return found


def _buyer(world: World, connection: str, number: str, members: Sequence[OrderPart]) -> Person | None:
    """The newest person that the call names; where it names none and the sale was told before, the order's owner.

    Raises:
        NotYet: the sale was told and is not digested yet, so that its owner cannot be read.
    """
    named = next((part.person for part in reversed(members) if part.person), None)
    if named is not None or any(part.base for part in members):
        return named
    order = get(world.store, f"orders/{record_id(connection, 'order', number)}")
    if order is None:
        raise NotYet("an order that is not digested yet")
    owner = order.data["customerId"]
    source = get(world.store, f"customers/{owner}/sources/account") if owner else None
    # Of a person who was forgotten not even the key is left.
    account = source.data["externalId"] if source else ""
    return Person(key=account, guest=bool(source.data.get("guest"))) if source and account else None


def _alone(one: OrderPart, at: datetime) -> TrackedOrder:
    return with_part(TrackedOrder(updated_at=at), one.message_id, one.part, one.base)


def _keep(world: World, path: str, members: Sequence[OrderPart]) -> TrackedOrder:
    now = world.clock()
    outcome: list[TrackedOrder] = []

    def plan(docs: ReadSet) -> list[Write]:
        doc = docs[path]
        held = TrackedOrder.model_validate(doc.data) if doc else TrackedOrder(updated_at=now)
        order = held
        for one in members:
            order = with_part(order, one.message_id, one.part, one.base)
        outcome[:] = [order]
        if doc is not None and order == held:
            return []
        data = {**order.to_doc(), "updatedAt": now}
        return [Update(path, data, doc.update_time)] if doc else [Create(path, data)]

    settle(world.store, [path], plan)
    return outcome[0]
