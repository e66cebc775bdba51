"""Orders told in parts: each order's parts are kept beside it, and the order is published as they make it together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from functions.api.commerce import TrackedOrder, folded, with_buyer, with_part
from functions.api.events import OrderPart
from functions.ingest.identity import customer_id, record_id
from schema.flow import World, stable_id
from schema.records import OrderRecord, Person, PlatformEvents
from schema.store import Create, Query, ReadSet, Update, Write, get, settle


class NotYet(Exception):
    """The call is right but too early: the client sends it again."""


@dataclass
class Taken:
    """What the parts of a call made."""

    records: list[OrderRecord] = field(default_factory=list)
    early: int = 0
    """Orders whose buyer cannot be named yet: their parts are kept, the call that comes again publishes them."""


def tracked_path(connection: str, order: str) -> str:
    return f"trackedOrders/{stable_id(connection, 'order', order)}"


def take_parts(world: World, connection: str, parts: Sequence[OrderPart]) -> Taken:
    """Keep the parts of a call and return the orders they make: one read and one write an order.

    An order that nobody has told yet (a refund came first) is kept and returned with the part that tells it.
    A later part need not name the buyer again. An order that has to wait holds up no other.
    """
    taken = Taken()
    for number, group in groupby(sorted(parts, key=lambda part: part.id), key=lambda part: part.id):
        members = sorted(group, key=lambda part: (part.part.version, part.message_id))
        order = _keep(world, connection, number, members)
        told = [_alone(one, order.updated_at) for one in members if one.base is not None]
        # Each telling also at its own version, so that the order's first version is the same in any order of arrival.
        states = [fields for state in (*told, order) if (fields := folded(state))]
        try:
            person = _buyer(world, connection, number, members, order.buyer) if states else None
        except NotYet:
            taken.early += 1
            continue
        for fields in states:
            record = {**fields, "id": number, "generated_id": members[-1].generated_id, "person": person}
            taken.records.append(OrderRecord.model_validate(record))
    return taken


def _buyer(
    world: World, connection: str, number: str, members: Sequence[OrderPart], buyer: str | None
) -> Person | None:
    """The newest person that the call names; where it names none and the sale was told before, the order's buyer.

    Args:
        buyer: the customer that the order's parts named, as far as they named one.

    Raises:
        NotYet: the sale named somebody who is not digested yet, so that their account cannot be read.
    """
    named = next((part.person for part in reversed(members) if part.person), None)
    if named is not None or any(part.base for part in members):
        return named
    order = get(world.store, f"orders/{record_id(connection, 'order', number)}")
    for customer in filter(None, (order.data["customerId"] if order else None, buyer)):
        source = get(world.store, f"customers/{customer}/sources/account")
        if source is not None:
            # Of a person who was forgotten not even the key is left.
            account = source.data["externalId"]
            return Person(key=account, guest=bool(source.data.get("guest"))) if account else None
    if order is not None or buyer is None:
        return None
    return _set_aside(world, connection, number, buyer)


def _set_aside(world: World, connection: str, number: str, buyer: str) -> Person:
    """The buyer as a sale says that a cleaning rule kept out: it is kept whole, also once it is discarded.

    Raises:
        NotYet: no such sale is kept.
    """
    query = Query("setAside", where=(("connectionId", "==", connection), ("externalId", "==", number)))
    for held in world.store.query(query):
        for record in PlatformEvents.model_validate_json(held.data["record"]["json"]).records:
            said = record.get("person")
            person = Person.model_validate(said) if said and record.get("kind") == "order" else None
            if person and customer_id(world.identity_key, connection, person.key) == buyer:
                return Person(key=person.key, guest=person.guest)
    raise NotYet("an order that is not digested yet")


def _alone(one: OrderPart, at: datetime) -> TrackedOrder:
    return with_part(TrackedOrder(updated_at=at), one.message_id, one.part, one.base)


def _keep(world: World, connection: str, number: str, members: Sequence[OrderPart]) -> TrackedOrder:
    path, now = tracked_path(connection, number), world.clock()
    outcome: list[TrackedOrder] = []

    def plan(docs: ReadSet) -> list[Write]:
        doc = docs[path]
        held = TrackedOrder.model_validate(doc.data) if doc else TrackedOrder(updated_at=now)
        order = held
        for one in members:
            order = with_part(order, one.message_id, one.part, one.base)
            if one.person is not None:
                buyer = customer_id(world.identity_key, connection, one.person.key)
                order = with_buyer(order, one.message_id, one.part.version, buyer)
        outcome[:] = [order]
        if doc is not None and order == held:
            return []
        data = {**order.to_doc(), "updatedAt": now}
        return [Update(path, data, doc.update_time)] if doc else [Create(path, data)]

    settle(world.store, [path], plan)
    return outcome[0]
