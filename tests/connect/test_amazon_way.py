"""The whole way with Amazon and with Flipkart: wizard, backfill, polling, reconciliation; killed and repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.connect.connecting import connect_ecommerce, status
from functions.connect.storefront import App
from functions.connect.work import begin_work, poll, sweep_connections
from sandbox.shops import amazon_sqs
from sandbox.shops.amazon_shapes import SELLER
from sandbox.shops.flipkart import APP_ID
from schema.memory_store import MemoryStore
from tests.connect.town import OWNER, Town, town
from tests.faults import Crash, CrashingStore

QUEUE = {
    "sqsQueueUrl": f"https://sqs.{amazon_sqs.REGION}.amazonaws.com/{amazon_sqs.ACCOUNT}/{amazon_sqs.NAME}",
    "awsKeyId": amazon_sqs.KEY_ID,
    "awsSecret": amazon_sqs.SECRET,
}


def to_amazon(here: Town, queue: bool = False) -> str:
    """Through the wizard, Amazon's page and back."""
    here.running.app.blueprints["amazon"].queue.speed = 100.0  # type: ignore[attr-defined]
    ours = here.outside.apps["amazon"]
    plain = {name: value for name, value in ours.extra.items() if name not in QUEUE}
    chosen = App(ours.client_id, ours.client_secret, {**plain, **(QUEUE if queue else {})})
    here.outside = replace(here.outside, apps={**here.outside.apps, "amazon": chosen})
    begun = connect_ecommerce(here.world, here.outside, OWNER, "IN", platform="amazon")
    assert begun.url is not None and begun.state is not None
    here.walk(begun.url)
    found = status(here.world, begun.state, OWNER.uid)
    assert found["problem"] is None, found
    return str(found["connectionId"])


def documents(here: Town, collection: str) -> dict[str, dict[str, Any]]:
    assert isinstance(here.world.store, MemoryStore)
    return {
        path: doc
        for path, doc in here.world.store.dump().items()
        if path.startswith(f"{collection}/") and path.count("/") == 1
    }


def test_amazon_is_read_whole_and_leaves_no_customer() -> None:
    with town(customers=5, orders=200, module="sandbox.shops.amazon") as here:
        connection = to_amazon(here)
        here.work()
        held = here.connection(connection)
        assert (held["status"], held["problem"], held["shop"]) == ("active", None, f"amazon.in/{SELLER}")
        assert held["currency"] == "INR" and held["webhooks"] == []
        orders = documents(here, "orders")
        theirs = [o for o in here.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN"]
        assert len(orders) == len(theirs) > 5 and len(documents(here, "products")) > 60
        assert all(order["customerId"] is None for order in orders.values())
        assert not documents(here, "customers") and not documents(here, "identities")
        paid = sum(order["total"] for order in orders.values() if order["status"] == "paid")
        assert paid == sum(o.total for o in theirs if o.status != "cancelled")


def test_amazon_is_polled_without_and_with_a_queue() -> None:
    for queue in (False, True):
        with town(customers=5, orders=60, module="sandbox.shops.amazon") as here:
            connection = to_amazon(here, queue)
            here.work()
            assert bool(here.connection(connection)["webhooks"]) == queue
            before = set(documents(here, "orders"))
            poll(here.world, here.outside, connection)
            placed = 0
            while placed < 3:
                made = here.shop.act("order", "amazon")
                placed += getattr(made, "marketplace") == "IN"  # noqa: B009
            for _ in range(6):
                here.clock.advance(200)
                poll(here.world, here.outside, connection)
            assert len(set(documents(here, "orders")) - before) == 3
            assert here.connection(connection)["problem"] is None


@pytest.mark.parametrize("at", [2, 5, 9])
def test_a_killed_backfill_of_amazon_goes_on(at: int) -> None:
    with town(customers=5, orders=120, module="sandbox.shops.amazon") as here:
        connection = to_amazon(here)
        with pytest.raises(Crash):
            here.work(CrashingStore(here.world.store, at, "after"))
        here.clock.advance(120)
        here.queue.take()
        assert sweep_connections(here.world, here.outside) == 1
        here.work()
        assert here.connection(connection)["status"] == "active"
        theirs = [o for o in here.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN"]
        assert len(documents(here, "orders")) == len(theirs)


def test_a_withdrawn_authorisation_asks_for_attention() -> None:
    with town(customers=5, orders=30, module="sandbox.shops.amazon") as here:
        connection = to_amazon(here)
        here.work()
        here.shop.act("uninstall", "amazon")
        poll(here.world, here.outside, connection)
        held = here.connection(connection)
        assert held["status"] == "attention" and "connect the shop again" in held["problem"]["en"]


def to_flipkart(here: Town) -> str:
    app = here.outside.apps["flipkart"]
    fields = {"clientId": app.client_id, "clientSecret": app.client_secret}
    begun = connect_ecommerce(here.world, here.outside, OWNER, "my shop", fields, "flipkart")
    assert begun.connection_id is not None
    return begun.connection_id


def test_flipkart_is_read_whole_polled_and_compared() -> None:
    with town(customers=5, orders=300, module="sandbox.shops.flipkart") as here:
        connection = to_flipkart(here)
        here.work()
        held = here.connection(connection)
        assert (held["status"], held["problem"], held["shop"]) == ("active", None, APP_ID)
        theirs = [o for o in here.shop.orders.values() if o.platform == "flipkart"]
        orders = documents(here, "orders")
        assert len(orders) == len(theirs) > 5 and not documents(here, "customers")
        poll(here.world, here.outside, connection)
        here.shop.act("order", "flipkart")
        here.shop.act("cancel", "flipkart", order_id=theirs[0].id) if theirs[0].status == "paid" else None
        here.clock.advance(90)
        poll(here.world, here.outside, connection)
        assert len(documents(here, "orders")) == len(orders) + 1
        assert here.connection(connection)["pollCursor"]
        # The same again changes nothing.
        state = documents(here, "orders")
        here.clock.advance(90)
        poll(here.world, here.outside, connection)
        assert documents(here, "orders") == state


def test_what_polling_missed_is_repaired_by_night() -> None:
    with town(customers=5, orders=80, module="sandbox.shops.flipkart") as here:
        connection = to_flipkart(here)
        here.work()
        before = len(documents(here, "orders"))
        here.clock.advance(3600)
        for _ in range(3):
            here.shop.act("order", "flipkart")
        here.clock.advance(3600)
        begin_work(here.world, here.outside, connection, "reconcile", None)
        here.work()
        held = here.connection(connection)
        assert len(documents(here, "orders")) == before + 3
        print(held["drift"])
        assert held["drift"]["missing"] == 3 and held["drift"]["unrepaired"] == 0
