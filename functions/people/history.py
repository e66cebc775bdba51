"""The stages of one customer's life, from the orders of every account that the customer is made of."""

from __future__ import annotations

from functions.access.calls import FRONT, Actions, Call
from functions.people.arguments import existing, identity
from schema.lifecycle import history
from schema.moment import moment
from schema.store import Data, Query, get

MOST = 2000
"""Newest orders looked at; before them the history is told as cut."""


def stages(call: Call) -> Data:
    """`stages`, oldest first: from when, which, and why. `cut` when older orders were left out."""
    world, customer = call.world, identity(call.args, "customerId")
    held = existing(get(world.store, f"customers/{customer}"))
    ids = [customer, *held.data["aliases"]][:30]
    query = Query(
        "orders",
        where=(("customerId", "in", ids),),
        order_by=(("placedAt", "desc"),),
        limit=MOST,
        select=("placedAt", "status", "deleted"),
    )
    orders = [doc.data for doc in world.store.query(query)]
    cut = len(orders) == MOST
    turns = history(orders, moment(world), None if cut else held.data["createdAt"])
    told = [{"stage": one.stage, "at": one.at.isoformat(), "why": one.why.to_doc()} for one in turns]
    return {"stages": told, "cut": cut}


ACTIONS: Actions = {"people.history": (FRONT, stages)}
