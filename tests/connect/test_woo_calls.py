"""What our client asks a shop for is in WooCommerce's documentation, call by call."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx

from schema.connections import Thing
from tests.connect.woo import START, woo
from tests.sandbox.woo_specs import parameters

PATHS = {
    r"/orders(/\d+)?": "orders",
    r"/customers(/\d+)?": "customers",
    r"/products(/\d+)?": "products",
    r"/products/reviews(/\d+)?": "product_reviews",
    r"/products/\d+/variations": "product_variations",
    r"/webhooks(/\d+)?": "webhooks",
    r"/data/currencies/current": "",
}


def test_every_call_is_documented() -> None:
    seen: list[httpx.Request] = []
    with woo(customers=10, orders=20) as made:
        made.access.http.event_hooks["request"].append(seen.append)
        things: tuple[Thing, ...] = ("customers", "orders", "products", "reviews", "carts")
        made.client.test(made.access)
        for thing in things:
            made.all(thing)
            made.all(thing, since=START)
            made.client.count(made.access, thing)
            made.client.one(made.access, thing, "1001")
        made.client.subscribe(made.access, "https://timbre.example/hook")
        secrets = made.access.secrets.refreshed(webhook_secrets=("new", "old"))
        made.client.subscribe(replace(made.access, secrets=secrets), "https://timbre.example/hook")
        made.client.unsubscribe(made.access, "https://timbre.example/hook")
    asked = {
        (request.method, request.url.path.split("/wp-json", 1)[1], frozenset(request.url.params)) for request in seen
    }
    assert len(asked) > 15
    for method, path, given in asked:
        if path == "/":
            continue
        short = path.removeprefix("/wc/v3")
        (resource,) = [name for pattern, name in PATHS.items() if re.fullmatch(pattern, short)]
        listing = method == "GET" and resource and not re.search(r"/\d+$", short)
        allowed = parameters(resource) if listing else {"force"} if method == "DELETE" else set()
        assert given <= allowed, (method, path, given - allowed)
    for request in seen:
        assert request.url.params.get("per_page", "1").isdigit() and int(request.url.params.get("per_page", "1")) <= 100
        assert "consumer_secret" not in request.url.params
