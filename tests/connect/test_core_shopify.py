"""The whole way with a Shopify shop: OAuth, backfill, rotated tokens, webhooks, privacy topics, repair."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from random import Random, randrange

import httpx

from functions.connect.connecting import Begun, connect_ecommerce, status
from functions.connect.forget import forget_step
from functions.connect.receive import receive
from functions.connect.state import current_app, open_shop
from functions.connect.storefront import App, Secrets
from functions.connect.work import begin_work
from schema.records import WebhookEvent
from tests.connect.town import OWNER, Town, town

MODULE = "sandbox.shops.shopify"
SHOP = "timbre-sandbox.myshopify.com"


def connected(here: Town) -> str:
    # As an app's configuration says it: the privacy topics come to one address, whatever the shop.
    where = {"privacy_uri": f"{here.outside.public_url}/webhooks/shopify/app"}
    httpx.post(f"{here.running.base_url}/control/shopify", json=where).raise_for_status()
    begun: Begun = connect_ecommerce(here.world, here.outside, OWNER, SHOP)
    assert begun.url is not None and begun.state is not None
    here.walk(begun.url)
    found = status(here.world, begun.state, OWNER.uid)
    assert found["problem"] is None, found
    return str(found["connectionId"])


def heard(here: Town, wait: float = 0.4) -> int:
    """Take in what came, once nothing more comes."""
    total = calls = 0
    ends = time.monotonic() + 6
    while time.monotonic() < ends:
        calls = len(here.answers)
        time.sleep(wait)
        total += here.hear()
        if len(here.answers) == calls:
            return total
    return total


def test_a_shop_is_connected_and_read_whole() -> None:
    with town(module=MODULE) as here:
        connection = connected(here)
        here.work()
        held = here.connection(connection)
        assert (held["status"], held["problem"]) == ("active", None)
        assert held["shop"] == SHOP and held["detectedBy"]["en"] != "You chose the platform."
        assert all(step["done"] for step in held["steps"].values())
        assert here.count("orders") > 0 and here.count("products") > 0 and here.count("carts") > 0
        assert held["webhooks"] and all(one["status"] == "active" for one in held["webhooks"])
        dump = str(here.world.store.dump())  # type: ignore[attr-defined]
        assert "shpat_" not in dump and "shpss_" not in dump and "shprt_" not in dump


def test_an_ended_token_is_renewed_once_by_whoever_needs_it() -> None:
    with town(customers=5, orders=5, module=MODULE) as here:
        connection = connected(here)
        here.work()
        first = open_shop(here.world, here.outside, connection)
        here.clock.advance(3600)
        second = open_shop(here.world, here.outside, connection)
        third = open_shop(here.world, here.outside, connection)
        assert first and second and third
        assert first.access.secrets.access_token != second.access.secrets.access_token
        assert second.access.secrets == third.access.secrets
        assert second.storefront.test(second.access).shop == SHOP


def test_orders_and_privacy_topics_come_by_webhook_and_an_uninstalled_app_is_disconnected() -> None:
    with town(customers=12, orders=20, module=MODULE) as here:
        connection = connected(here)
        here.work()
        heard(here)
        before = here.count("orders")
        here.shop.act("order", "shopify")
        assert heard(here) > 0
        assert here.count("orders") == before + 1
        here.shop.act("uninstall", "shopify")
        heard(here)
        held = here.connection(connection)
        assert held["status"] == "disconnected" and held["problem"]["en"]
        here.shop.act("shop_redact", "shopify")
        heard(here)
        assert set(here.answers) <= {200, 302}
        dump = here.world.store.dump()  # type: ignore[attr-defined]
        people = [path for path in dump if path.endswith("/pii/contact")]
        for _ in range(20):
            for topic, message in here.waiting:
                if topic == "jobs":
                    forget_step(here.world, message)  # type: ignore[arg-type]
            here.waiting = [one for one in here.bus.take() if one[0] == "jobs"]
        held = here.world.store.dump()  # type: ignore[attr-defined]
        assert people and all(held.get(path, {}).get("email") is None for path in people)
        assert all(doc["displayName"] is None or "@" not in doc["displayName"] for path, doc in held.items()
                   if path.startswith("customers/") and path.count("/") == 1)  # fmt: skip
        assert here.count("orders") == before + 1


def test_a_tenth_of_the_webhooks_is_lost_and_the_night_repairs_it() -> None:
    """Which ones are lost is drawn anew each time: the night must repair any of them."""
    seed = randrange(1_000_000)
    print(f"seed {seed}")
    with town(customers=15, orders=30, module=MODULE) as here:
        connection = connected(here)
        here.work()
        heard(here)
        here.rng, here.lose = Random(seed), 0.1
        acts = ("order", "refund", "price", "edit_customer", "ship", "stock", "delete_order", "consent", "cart")
        for number in range(200):
            try:
                here.shop.act(acts[number % len(acts)], "shopify")
            except ValueError:
                continue  # There is nothing left to refund or to ship.
            here.clock.advance(60)
            if number % 20 == 19:
                heard(here, 0.2)
                if number >= 39 and here.lost:
                    break
        assert here.lost > 0
        here.lose = 0.0
        begin_work(here.world, here.outside, connection, "reconcile", None)
        here.work()
        held = here.connection(connection)
        report = here.world.store.dump()[f"connections/{connection}/drift/{held['runId']}"]  # type: ignore[attr-defined]
        assert held["drift"]["unrepaired"] == 0, [one for one in report["items"] if not one["fixed"]]
        begin_work(here.world, here.outside, connection, "reconcile", None)
        here.work()
        again = here.connection(connection)["drift"]
        assert (again["missing"], again["stale"], again["extra"]) == (0, 0, 0)


def test_a_late_uninstall_does_not_end_a_connection_made_after_it() -> None:
    with town(customers=5, orders=5, module=MODULE) as here:
        connection = connected(here)
        here.work()
        here.lose = 1.0
        here.shop.act("uninstall", "shopify")
        told = WebhookEvent(
            connection_id=connection, platform="shopify", topic="app/uninstalled", body="{}",
            headers={"x-shopify-triggered-at": here.clock().isoformat()}, received_at=here.clock(),
        )  # fmt: skip
        here.lose = 0.0
        here.clock.advance(60)
        assert connected(here) == connection
        here.work()
        receive(here.world, here.outside, told)
        assert here.connection(connection)["status"] == "active"
        now = told.model_copy(update={"headers": {}, "received_at": here.clock() + timedelta(seconds=1)})
        receive(here.world, here.outside, now)
        assert here.connection(connection)["status"] == "disconnected"


def test_old_orders_that_left_the_window_are_kept() -> None:
    """Without the approval for all orders Shopify lists only the last sixty days: what is older is still ours."""
    with town(customers=12, orders=60, module=MODULE) as here:
        connection = connected(here)
        here.work()
        before = here.count("orders")
        shop = open_shop(here.world, here.outside, connection)
        assert shop is not None and shop.storefront.lasting(shop.access.secrets, "orders")
        narrow = shop.access.secrets.refreshed(scopes=("read_orders", "read_customers", "read_products"))
        assert not shop.storefront.lasting(narrow, "orders") and shop.storefront.lasting(narrow, "products")
        assert here.count("orders") == before


def test_rotated_app_secrets_hold_for_shops_that_are_connected_already() -> None:
    with town(customers=5, orders=5, module=MODULE) as here:
        connection = connected(here)
        here.work()
        rotated = App("timbre-sandbox-app", "shpss_" + "9" * 32)
        secrets = Secrets(app=App("timbre-sandbox-app", "shpss_old"))
        outside = replace(here.outside, apps={"shopify": rotated})
        found = current_app(outside, "shopify", secrets).app
        assert (found.client_secret, found.former_secrets) == (rotated.client_secret, ("shpss_old",))
        assert current_app(here.outside, "amazon", secrets) == secrets
        assert here.connection(connection)["status"] == "active"
