"""The simulated Shopify's webhooks: signed, repeated, given up, and of the shape that Shopify documents."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, cast

import httpx
import pytest
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from sandbox.shops.shopify import CLIENT_SECRET, HOST
from tests.sandbox.shopify_world import World, running

SPECS = Path(__file__).parent / "specs"


@pytest.fixture
def made() -> Iterator[World]:
    with running() as world:
        yield world


@dataclass
class Listener:
    server: BaseWSGIServer
    calls: list[tuple[dict[str, str], bytes]]
    status: list[int]

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/hooks"


@pytest.fixture
def listener() -> Iterator[Listener]:
    calls: list[tuple[dict[str, str], bytes]] = []
    status = [200]

    @Request.application
    def listen(request: Request) -> Response:
        calls.append((dict(request.headers), request.get_data()))
        return Response("", status[0])

    server = make_server("127.0.0.1", 0, listen)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Listener(server, calls, status)
    server.shutdown()


def subscribe(made: World, topic: str, uri: str) -> dict[str, Any]:
    query = "mutation($t: WebhookSubscriptionTopic!, $u: String!) { webhookSubscriptionCreate(topic: $t, \
webhookSubscription: {uri: $u}) { webhookSubscription { id topic uri } userErrors { field message } } }"
    found: dict[str, Any] = made.ask(query, t=topic, u=uri)["data"]["webhookSubscriptionCreate"]
    return found


def test_a_webhook_has_shopifys_headers_and_a_signature_over_its_bytes(made: World, listener: Listener) -> None:
    assert not subscribe(made, "ORDERS_CREATE", listener.uri)["userErrors"]
    assert not subscribe(made, "ORDERS_CREATE", f"{listener.uri}/2")["userErrors"]
    assert subscribe(made, "ORDERS_CREATE", listener.uri)["userErrors"]
    assert subscribe(made, "ORDERS_CREATE", "http://shop.example/x")["userErrors"]
    made.shop.act("order", "shopify")
    made.shop.act("order", "woo")
    assert made.platform.sender.idle()
    assert len(listener.calls) == 2
    (one, body), (two, _) = listener.calls
    for name in ("Topic", "Shop-Domain", "Api-Version", "Webhook-Id", "Event-Id", "Triggered-At", "Hmac-Sha256"):
        assert one[f"X-Shopify-{name}"]
    assert one["X-Shopify-Topic"] == "orders/create" and one["X-Shopify-Shop-Domain"] == HOST
    assert one["X-Shopify-Event-Id"] == two["X-Shopify-Event-Id"]
    assert one["X-Shopify-Webhook-Id"] != two["X-Shopify-Webhook-Id"]
    signed = base64.b64encode(hmac.new(CLIENT_SECRET.encode(), body, hashlib.sha256).digest()).decode()
    assert one["X-Shopify-Hmac-Sha256"] == signed


def test_a_failing_listener_is_tried_nine_times_with_the_first_payload_and_then_left(
    made: World, listener: Listener
) -> None:
    subscribe(made, "ORDERS_CREATE", listener.uri)
    listener.status[0] = 500
    order = made.shop.act("order", "shopify")
    made.shop.act("cancel", "shopify", order_id=cast(Any, order).id)
    assert made.platform.sender.idle()
    assert len(listener.calls) == 9
    assert len({(headers["X-Shopify-Webhook-Id"], body) for headers, body in listener.calls}) == 1
    assert not made.platform.state.subscriptions


def test_a_dropped_webhook_never_comes(made: World, listener: Listener) -> None:
    subscribe(made, "ORDERS_CREATE", listener.uri)
    made.faults.set("shopify", "drop_webhooks", 0.5, seed=3)
    for _ in range(20):
        made.shop.act("order", "shopify")
    assert made.platform.sender.idle()
    assert 4 <= len(listener.calls) <= 16


def test_uninstalling_says_so_and_ends_every_token(made: World, listener: Listener) -> None:
    subscribe(made, "APP_UNINSTALLED", listener.uri)
    made.shop.act("uninstall", "shopify")
    assert made.platform.sender.idle()
    assert [headers["X-Shopify-Topic"] for headers, _ in listener.calls] == ["app/uninstalled"]
    assert not made.platform.state.subscriptions and not made.platform.state.tokens


def test_privacy_topics_go_to_the_address_of_the_app(made: World, listener: Listener) -> None:
    httpx.post(f"{made.url}/control/shopify", json={"privacy_uri": listener.uri})
    for what in ("data_request", "redact", "shop_redact"):
        made.shop.act(what, "shopify")
    assert made.platform.sender.idle()
    topics = {headers["X-Shopify-Topic"] for headers, _ in listener.calls}
    assert topics == {"customers/data_request", "customers/redact", "shop/redact"}


def test_bodies_have_only_fields_that_shopify_has(made: World) -> None:
    known: dict[str, dict[str, list[str]]] = json.loads((SPECS / "shopify_webhooks.json").read_text(encoding="utf-8"))
    from sandbox.shops.shopify.payloads import Payloads

    payloads = Payloads(made.shop, personal=True)
    said: list[tuple[str, dict[str, Any]]] = []
    made.shop.listen(lambda change: said.extend(payloads.messages(change)))
    order = cast(Any, made.shop.act("order", "shopify", code="SPRING15"))
    made.shop.act("refund", order_id=order.id)
    made.shop.act("cancel", order_id=order.id)
    made.shop.act("delete_order", order_id=order.id)
    for what in ("cart", "recover", "consent", "customer", "edit_customer", "merge", "price", "delete_product",
                 "redact", "data_request", "shop_redact", "uninstall"):  # fmt: skip
        made.shop.act(what, "shopify")
    made.shop.act("consent", "shopify", channel="sms")
    topics = {topic for topic, _ in said}
    assert len(topics) >= 18
    for topic, body in said:
        assert set(body) <= set(known[topic][""]), topic
        for inner, names in known[topic].items():
            found = body.get(inner) if inner else None
            for row in found if isinstance(found, list) else [found] if found else []:
                assert set(row) <= set(names), (topic, inner, set(row) - set(names))
