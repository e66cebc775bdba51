"""Orders told in parts: each order's parts are kept beside it, and the order is published as they make it together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from functions.api.commerce import TrackedOrder, folded, with_part
from functions.api.events import OrderPart
from schema.flow import World, stable_id
from schema.records import OrderRecord
from schema.store import Create, ReadSet, Update, Write, settle


def tracked_path(connection: str, order: str) -> str:
    return f"trackedOrders/{stable_id(connection, 'order', order)}"


def take_parts(world: World, connection: str, parts: Sequence[OrderPart]) -> list[OrderRecord]:
    """Keep the parts of a call and return the orders they make: one read and one write an order.

    An order that nobody has told yet (a refund came first) is kept and returned with the part that tells it. The
    person is the newest part's of this call: who tells a later part names the same person.
    """
    found = []
    for number, group in groupby(sorted(parts, key=lambda part: part.id), key=lambda part: part.id):
        members = sorted(group, key=lambda part: (part.part.version, part.message_id))
        order = _keep(world, tracked_path(connection, number), members)
        fields = folded(order)
        if fields is not None:
            newest = members[-1]
            found.append(
                OrderRecord.model_validate(
                    {**fields, "id": number, "generated_id": newest.generated_id, "person": newest.person}
                )
            )
    return found


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
