"""Connecting to Shopify: the consent page, forged callbacks, rotating tokens, signatures of webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from urllib.parse import parse_qsl

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from functions.connect import shopify_oauth
from functions.connect.shopify import Shopify
from functions.connect.storefront import App, Rejected, Revoked, Secrets
from sandbox.shops.shopify import CLIENT_ID, CLIENT_SECRET, HOST
from tests.connect.shopify_world import CALLBACK, START, World, world

# Worked examples of Shopify's own rules, as facts: secret, query or body, signature.
QUERY = "code=0123abcd&host=ZGV2LXNob3A&shop=dev-shop.myshopify.com&state=nonce-123&timestamp=1767225600"
QUERY_HMAC = "f3c29831d22044482514fef83fb375df297a380207153b6182c3897d9e72f818"
BODY = b'{"id":42,"email":"jane@example.com","total_price":"19.90"}'
BODY_HMAC = "PdjDO3CywpDkyKtxx229yB5KA6JDaYs4g0lDrsmE0N8="
SECRET = "shpss_dev_example_secret"


@pytest.fixture
def made() -> Iterator[World]:
    with world(10, 10) as one:
        yield one


def test_the_worked_signatures_are_accepted_and_their_neighbours_are_not() -> None:
    front = Shopify()
    assert shopify_oauth.signed(SECRET, f"{QUERY}&hmac={QUERY_HMAC}")
    assert shopify_oauth.signed(SECRET, f"hmac={QUERY_HMAC}&{QUERY}")
    assert not shopify_oauth.signed(SECRET, f"{QUERY.replace('nonce-123', 'nonce-124')}&hmac={QUERY_HMAC}")
    assert not shopify_oauth.signed(SECRET, f"{QUERY}&more=1&hmac={QUERY_HMAC}")
    assert not shopify_oauth.signed(SECRET, QUERY)
    secrets = Secrets(app=App("id", "new-secret", former_secrets=(SECRET,)))
    headers = {"x-shopify-hmac-sha256": BODY_HMAC}
    assert front.verify(secrets, headers, BODY, "", "POST", START)
    assert not front.verify(secrets, headers, BODY + b" ", "", "POST", START)
    assert not front.verify(secrets, {}, BODY, "", "POST", START)
    assert not front.verify(secrets, {"x-shopify-hmac-sha256": "ÿ"}, BODY, "", "POST", START)
    empty = base64.b64encode(hmac.new(b"", BODY, hashlib.sha256).digest()).decode()
    assert not front.verify(Secrets(), {"x-shopify-hmac-sha256": empty}, BODY, "", "POST", START)


def test_allowing_the_app_gives_a_token_for_an_hour_that_reads(made: World) -> None:
    access = made.connected()
    secrets = access.secrets
    assert secrets.expires_at == made.clock().replace(microsecond=0) + timedelta(hours=1)
    assert secrets.refresh_token and "read_all_orders" in secrets.scopes
    info = made.front.test(access)
    assert (info.shop, info.currency, info.zone) == (HOST, "USD", "America/New_York")
    assert secrets.access_token not in repr(secrets) and CLIENT_SECRET not in repr(secrets)


@pytest.mark.parametrize("change", ["hmac", "shop", "code", "timestamp", "spaces"])
def test_a_forged_callback_changes_nothing(made: World, change: str) -> None:
    raw = made.allow("nonce 1" if change == "spaces" else "nonce-1")
    query = dict(parse_qsl(raw))
    if change == "hmac":
        raw = raw.replace(query["hmac"], "0" * 64)
    elif change == "shop":
        raw = raw.replace(HOST, "other.myshopify.com")
    elif change == "code":
        raw = raw.replace(query["code"], "f" * 32)
    elif change == "timestamp":
        made.clock.advance(2 * 24 * 3600)
    else:
        # A space comes as %20 and is signed so; nothing is forged here.
        assert "%20" in raw
        assert made.front.exchange(made.access(), query, raw, CALLBACK).access_token
        return
    with pytest.raises(Rejected) as told:
        made.front.exchange(made.access(), dict(parse_qsl(raw)), raw, CALLBACK)
    assert told.value.code == "signature"


def test_a_code_is_good_once(made: World) -> None:
    raw = made.allow()
    made.front.exchange(made.access(), dict(parse_qsl(raw)), raw, CALLBACK)
    with pytest.raises(Rejected):
        made.front.exchange(made.access(), dict(parse_qsl(raw)), raw, CALLBACK)


def test_a_wrong_client_secret_and_a_scope_that_was_not_granted_are_named(made: World) -> None:
    raw = made.allow()
    wrong = made.access(Secrets(app=App(CLIENT_ID, "shpss_wrong")))
    with pytest.raises(Rejected):
        made.front.exchange(wrong, dict(parse_qsl(raw)), raw, CALLBACK)
    few = App(CLIENT_ID, CLIENT_SECRET, extra={"scopes": "read_products"})
    access = made.access()
    url = made.front.authorize_url(access.endpoints, few, HOST, "n", CALLBACK, CALLBACK)
    answer = made.http.post(url.split("?")[0], data=dict(parse_qsl(url.split("?")[1])))
    raw = answer.headers["location"].split("?")[1]
    with pytest.raises(Rejected) as told:
        made.front.exchange(access, dict(parse_qsl(raw)), raw, CALLBACK)
    assert "read_customers" in told.value.en


def test_refresh_tokens_rotate_and_a_used_one_is_dead(made: World) -> None:
    access = made.connected()
    made.clock.advance(3601)
    with pytest.raises(Revoked):
        made.front.test(made.at_now(access))
    fresh = made.front.refresh(made.at_now(access))
    assert fresh is not None and fresh.refresh_token != access.secrets.refresh_token
    assert made.front.test(replace(made.at_now(access), secrets=fresh)).shop == HOST
    with pytest.raises(Revoked):
        made.front.refresh(made.at_now(access))
    again = made.front.refresh(replace(made.at_now(access), secrets=fresh))
    assert again is not None and again.app == access.secrets.app


def test_client_credentials_give_a_day_and_a_copied_token_needs_no_refresh(made: World) -> None:
    own = made.access(Secrets(app=App(CLIENT_ID, CLIENT_SECRET, extra={"grant": "client_credentials"})))
    got = made.front.refresh(own)
    assert got is not None and got.expires_at == made.clock() + timedelta(hours=24) and not got.refresh_token
    copied = made.http.post(f"{made.running.base_url}/control/shopify/token").json()["access_token"]
    held = made.access(Secrets(access_token=copied))
    assert made.front.refresh(held) is None
    assert made.front.test(held).name == "Timbre Sandbox"


@pytest.mark.parametrize(
    ("typed", "shop"),
    [
        ("my-shop", "my-shop.myshopify.com"),
        ("My-Shop.myshopify.com", "my-shop.myshopify.com"),
        (" https://my-shop.myshopify.com/admin?x=1 ", "my-shop.myshopify.com"),
        ("https://admin.shopify.com/store/my-shop/orders", "my-shop.myshopify.com"),
        ("evil.com/my-shop.myshopify.com", None),
        ("my-shop.myshopify.com.evil.com", None),
        ("my-shop.myshopify.com@evil.com", None),
        ("-x.myshopify.com", None),
        ("", None),
    ],
)
def test_only_a_shop_at_shopify_is_a_shop(typed: str, shop: str | None) -> None:
    if shop is None:
        with pytest.raises(Rejected):
            Shopify().normal_shop(typed)
    else:
        assert Shopify().normal_shop(typed) == shop


def test_webhooks_that_arrive_are_verified_and_understood(made: World) -> None:
    calls: list[tuple[dict[str, str], bytes]] = []

    @Request.application
    def listen(request: Request) -> Response:
        calls.append(({name.lower(): value for name, value in request.headers}, request.get_data()))
        return Response("", 200)

    server = make_server("127.0.0.1", 0, listen)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        access = made.connected()
        made.front.subscribe(access, f"http://127.0.0.1:{server.port}/webhooks/shopify/shopify-1")
        made.shop.act("order", "shopify", product_id=8001)
        assert made.platform.sender.idle()
        topics = {made.front.topic(headers, raw) for headers, raw in calls}
        assert topics == {"orders/create", "products/update"}
        for headers, raw in calls:
            assert made.front.verify(access.secrets, headers, raw, "", "POST", made.clock())
            assert made.front.shop_of(headers, raw) == HOST
    finally:
        server.shutdown()
