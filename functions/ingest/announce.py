"""Telling offers what happened in the shop: a price that fell, stock that came back, a cart that was left.

Told by the sweep once a change has rested (`prices.REST`), from what the documents say then: so a message that came
late or twice changes nothing, and what was undone meanwhile is not told. Published before it is noted as told: a crash
between tells it again under the same id.
"""

from __future__ import annotations

from functools import partial

from functions.ingest import carts, catalog, prices
from schema import log
from schema.flow import World, stable_id
from schema.records import OfferEvent
from schema.store import Data, Query, ReadSet, Update, Write, settle

PAGE = 200


def announce_due(world: World) -> int:
    """Tell of every product and cart that is due. Returns how many events were published."""
    told = 0
    for collection, tell in (("products", _tell_product), ("carts", _tell_cart)):
        due = Query(collection, where=(("dueAt", "<=", world.clock()),), order_by=(("dueAt", "asc"),), limit=PAGE)
        for doc in list(world.store.query(due)):
            try:
                told += tell(world, doc.path)
            except Exception as error:
                log.failure("offers not told", error, path=doc.path)
    return told


def _tell_product(world: World, path: str) -> int:
    state_path = catalog.state_path(path)
    read = world.store.get_many([path, state_path])
    product, state = read[path], read[state_path]
    events: list[OfferEvent] = []
    if product is not None and state is not None and not product.data["deleted"]:
        events = prices.happened(state.data, product.id) if product.data["status"] == "active" else []
    for event in events:
        world.bus.publish("offer-events", event)
    if product is not None:
        guards = {path: product.update_time, state_path: state.update_time if state else None}
        settle(world.store, [path, state_path], partial(_rested, path=path, state_path=state_path, guards=guards))
    return len(events)


def _rested(docs: ReadSet, path: str, state_path: str, guards: Data) -> list[Write]:
    product, state = docs[path], docs[state_path]
    if product is None or product.update_time != guards[path]:
        # It changed while it was told: the next sweep looks again.
        return []
    writes: list[Write] = [Update(path, {"dueAt": None}, product.update_time)]
    if state is not None:
        if state.update_time != guards[state_path]:
            return []
        writes.append(Update(state_path, {"settled": state.data["seen"][-1]}, state.update_time))
    return writes


def _tell_cart(world: World, path: str) -> int:
    cart = world.store.get_many([path])[path]
    if cart is None:
        return 0
    left = carts.waiting(cart.data)
    if left:
        event = OfferEvent(
            id=stable_id("cart_abandoned", cart.id),
            kind="cart_abandoned",
            at=cart.data["at"],
            customer_id=cart.data["customerId"],
            cart_id=cart.id,
            after=cart.data["total"],
            currency=cart.data["currency"],
        )
        world.bus.publish("offer-events", event)

    def note(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None or held.update_time != cart.update_time:
            return []
        return [Update(path, {"dueAt": None, "announced": held.data["announced"] or left}, held.update_time)]

    settle(world.store, [path], note)
    return int(left)
