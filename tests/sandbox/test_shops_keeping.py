"""The simulated shops over a restart: a shop that was connected stays so, and what happened has happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx

from sandbox.shops.faults import Faults
from sandbox.shops.keeping import load, save
from sandbox.shops.server import Clock, Running, serve
from sandbox.shops.shop import SimulatedShop

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


def opened(clock: Clock, seed: int = 5) -> tuple[SimulatedShop, Running]:
    shop = SimulatedShop(seed, 20, 40, clock)
    return shop, serve(shop, Faults(), clock=clock)


def test_orders_tokens_and_subscriptions_outlast_a_restart(tmp_path: Path) -> None:
    file, clock = tmp_path / "shops.state", Clock(START)
    shop, running = opened(clock)
    keys = httpx.get(f"{running.base_url}/control/woo/keys").json()
    auth = (keys["consumer_key"], keys["consumer_secret"])
    hook = {"name": "ours", "topic": "order.created", "delivery_url": "http://127.0.0.1:9/none", "secret": "s"}
    assert httpx.post(f"{running.base_url}/woo/wp-json/wc/v3/webhooks", json=hook, auth=auth).status_code == 201
    token = httpx.post(f"{running.base_url}/control/shopify/token").json()
    order = shop.act("order", "woo")
    assert order is not None
    save(shop, file)
    running.close()

    again, running = opened(clock)
    try:
        assert again.get("orders", order.id) is None
        assert load(again, file)
        assert again.get("orders", order.id) == shop.get("orders", order.id)
        [held] = httpx.get(f"{running.base_url}/woo/wp-json/wc/v3/webhooks", auth=auth).json()
        assert (held["topic"], held["status"]) == ("order.created", "active")
        listed = httpx.get(f"{running.base_url}/woo/wp-json/wc/v3/orders/{order.id}", auth=auth)
        assert listed.json()["id"] == order.id
        ask = {"query": "{ shop { name } }"}
        url = f"{running.base_url}/shopify/timbre-sandbox.myshopify.com/admin/api/2026-10/graphql.json"
        [access] = [value for value in token.values() if str(value).startswith("shp")]
        said = httpx.post(url, json=ask, headers={"X-Shopify-Access-Token": access})
        assert said.status_code == 200 and said.json()["data"]["shop"]["name"]
        further = again.act("order", "woo")
        assert further is not None and further.id > order.id
    finally:
        running.close()


def test_a_file_that_is_none_begins_a_new_shop(tmp_path: Path) -> None:
    file, clock = tmp_path / "shops.state", Clock(START)
    shop, running = opened(clock)
    try:
        before = shop.total("orders", "woo")
        assert not load(shop, file)
        file.write_bytes(b"not a shop")
        assert not load(shop, file)
        save(shop, file)
        file.write_bytes(file.read_bytes()[:100])
        assert not load(shop, file)
        assert shop.total("orders", "woo") == before
    finally:
        running.close()
