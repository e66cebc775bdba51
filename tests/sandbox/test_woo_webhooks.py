"""The simulated shop's webhooks: made, signed, sent once, given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.shops.woo_hooks import encoded, signature
from tests.connect.woo import Listener, Woo, woo
from tests.sandbox.woo_specs import ERROR, problems

API = "/wp-json/wc/v3"


@pytest.fixture
def shop() -> Iterator[Woo]:
    with woo(customers=12, orders=30) as made:
        yield made


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def call(shop: Woo, method: str, path: str, body: Any = None, **params: Any) -> httpx.Response:
    keys = (shop.access.secrets.consumer_key, shop.access.secrets.consumer_secret)
    return httpx.request(method, f"{shop.store}{API}{path}", auth=keys, json=body, params=params, trust_env=False)


def subscribed(shop: Woo, listener: Listener, topic: str, secret: str = "s") -> dict[str, Any]:
    body = {"name": topic, "topic": topic, "delivery_url": f"{listener.url}/hook", "secret": secret}
    made: dict[str, Any] = call(shop, "POST", "/webhooks", body).json()
    return made


def until(shop: Woo, number: int, status: str, seconds: float = 5.0) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while True:
        held: dict[str, Any] = call(shop, "GET", f"/webhooks/{number}").json()
        if held["status"] == status or time.monotonic() > end:
            return held
        time.sleep(0.02)


def test_the_worked_example() -> None:
    body = encoded({"id": 7, "status": "completed", "site": "https://shop.example/"})
    assert body == b'{"id":7,"status":"completed","site":"https:\\/\\/shop.example\\/"}'
    assert signature("woo-dev-secret", body) == "Hk0ztU8OzgMxl1jctj9jzw3pGU/GGXFZyekRnQ8AaTY="


def test_making_and_changing(shop: Woo, listener: Listener) -> None:
    made = subscribed(shop, listener, "order.created", "hidden")
    assert problems("webhooks", made) == [] and "hidden" not in json.dumps(made)
    assert (made["status"], made["resource"], made["event"]) == ("active", "order", "created")
    assert call(shop, "GET", f"/webhooks/{made['id']}").json() == made
    (ping,) = listener.wait(1)
    assert ping.body == f"webhook_id={made['id']}".encode()
    assert ping.headers["content-type"] == "application/x-www-form-urlencoded"
    assert not [name for name in ping.headers if name.startswith("x-wc-")]
    paused = call(shop, "PUT", f"/webhooks/{made['id']}", {"status": "paused"}).json()
    assert paused["status"] == "paused"
    assert call(shop, "GET", "/webhooks", status="paused").headers["X-WP-Total"] == "1"
    for body in ({"topic": "order.eaten"}, {"delivery_url": "nowhere"}, {"status": "dead"}):
        answer = call(shop, "PUT", f"/webhooks/{made['id']}", body)
        assert answer.status_code == 400 and ERROR.is_valid(answer.json())
    for body in ({}, {"topic": "customer.restored", "delivery_url": listener.url}, {"topic": "order.created"}):
        assert call(shop, "POST", "/webhooks", body).status_code == 400
    assert call(shop, "DELETE", f"/webhooks/{made['id']}").status_code == 501
    assert call(shop, "DELETE", f"/webhooks/{made['id']}", force="true").status_code == 200
    assert call(shop, "DELETE", f"/webhooks/{made['id']}", force="true").status_code == 404


def test_a_delivery(shop: Woo, listener: Listener) -> None:
    made = subscribed(shop, listener, "order.created", "a &amp; b")
    placed = shop.shop.act("order", "woo")
    assert placed is not None
    (told,) = listener.wait(1, topic="order.created")
    expected = base64.b64encode(hmac.new(b"a & b", told.body, hashlib.sha256).digest()).decode()
    assert told.headers["x-wc-webhook-signature"] == expected
    assert told.headers["x-wc-webhook-source"] == f"{shop.store}/"
    assert (told.headers["x-wc-webhook-resource"], told.headers["x-wc-webhook-event"]) == ("order", "created")
    assert told.headers["x-wc-webhook-id"] == str(made["id"])
    body = json.loads(told.body)
    assert problems("orders", body) == [] and "_links" not in body
    rest = call(shop, "GET", f"/orders/{placed.id}").json()
    assert {name: value for name, value in rest.items() if name != "_links"} == body


def test_one_checkout_is_told_several_times_within_a_second(shop: Woo, listener: Listener) -> None:
    subscribed(shop, listener, "order.updated")
    shop.shop.act("order", "woo")
    calls = listener.wait(3, topic="order.updated")
    assert len({one.headers["x-wc-webhook-delivery-id"] for one in calls}) == 1
    shop.clock.advance(1)
    shop.shop.act("ship", "woo")
    calls = listener.wait(4, topic="order.updated")
    assert len({one.headers["x-wc-webhook-delivery-id"] for one in calls}) == 2


def test_only_its_own_things(shop: Woo, listener: Listener) -> None:
    for topic in ("order.created", "order.deleted", "customer.updated"):
        subscribed(shop, listener, topic)
    shop.shop.act("order", "shopify")
    shop.shop.act("order", "amazon")
    gone = next(o for o in shop.shop.orders.values() if o.platform == "woo")
    shop.shop.tell([shop.shop.drop("orders", gone.id)])
    (told,) = listener.wait(1, topic="order.deleted")
    assert json.loads(told.body) == {"id": gone.id}
    one = next(c for c in shop.shop.customers.values() if "woo" in c.platforms)
    shop.shop.act("edit_customer", "woo", customer_id=one.id)
    (told,) = listener.wait(1, topic="customer.updated")
    assert problems("customers", json.loads(told.body)) == []
    assert not [one for one in listener.heard if one.headers.get("x-wc-webhook-topic") == "order.created"]


def test_the_seventh_failure_in_a_row_ends_it(shop: Woo, listener: Listener) -> None:
    made = subscribed(shop, listener, "customer.updated")
    listener.wait(1)
    listener.status = 500

    def fail(times: int) -> None:
        for _ in range(times):
            before = len(listener.heard)
            shop.shop.act("edit_customer", "woo")
            listener.wait(before + 1)

    fail(6)
    time.sleep(0.1)
    assert call(shop, "GET", f"/webhooks/{made['id']}").json()["status"] == "active"
    # One that is taken forgets what failed before; a redirect counts as taken, and is not followed.
    listener.status = 302
    fail(1)
    time.sleep(0.1)
    listener.status = 404
    fail(6)
    time.sleep(0.1)
    assert call(shop, "GET", f"/webhooks/{made['id']}").json()["status"] == "active"
    fail(1)
    assert until(shop, made["id"], "disabled")["status"] == "disabled"
    before = len(listener.heard)
    shop.shop.act("edit_customer", "woo")
    time.sleep(0.2)
    assert len(listener.heard) == before, "a disabled webhook is silent, and nothing is sent twice"
    # Made active again it still remembers: the next failure ends it at once.
    call(shop, "PUT", f"/webhooks/{made['id']}", {"status": "active"})
    fail(1)
    assert until(shop, made["id"], "disabled")["status"] == "disabled"


def test_lost_for_good(shop: Woo, listener: Listener) -> None:
    subscribed(shop, listener, "order.created")
    listener.wait(1)
    shop.faults.set("woo", "drop_webhooks", 0.5, seed=3)
    for _ in range(20):
        shop.shop.act("order", "woo")
    time.sleep(0.4)
    told = len(listener.heard) - 1
    assert 3 <= told <= 17
