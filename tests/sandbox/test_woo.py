"""The simulated WooCommerce shop without our client: its answers as documented, its lists, its keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.connect.woo import Listener, Woo, woo
from tests.sandbox.woo_specs import ERROR, problems

API = "/wp-json/wc/v3"


@pytest.fixture(scope="module")
def shop() -> Iterator[Woo]:
    with woo(customers=40, orders=160, seed=9) as made:
        yield made


def get(shop: Woo, path: str, auth: Any = None, **params: Any) -> httpx.Response:
    keys = (shop.access.secrets.consumer_key, shop.access.secrets.consumer_secret)
    return httpx.get(f"{shop.store}{API}{path}", auth=auth or keys, params=params, trust_env=False)


@pytest.mark.parametrize(
    ("resource", "path", "one"),
    [
        ("orders", "/orders", "/orders/{id}"),
        ("customers", "/customers", "/customers/{id}"),
        ("products", "/products", "/products/{id}"),
        ("product_reviews", "/products/reviews", "/products/reviews/{id}"),
        ("coupons", "/coupons", "/coupons/{id}"),
    ],
)
def test_answers_are_as_documented(shop: Woo, resource: str, path: str, one: str) -> None:
    found = get(shop, path, per_page=100).json()
    assert found
    for body in found:
        assert problems(resource, body) == []
        single = get(shop, one.format(id=body["id"])).json()
        assert single == body


def test_variations_and_refunds_are_as_documented(shop: Woo) -> None:
    variable = [one for one in get(shop, "/products", per_page=100).json() if one["type"] == "variable"]
    assert variable
    for product in variable[:5]:
        held = get(shop, f"/products/{product['id']}/variations", per_page=100).json()
        assert sorted(one["id"] for one in held) == sorted(product["variations"])
        assert product["price"] == min((one["price"] for one in held), key=float)
        for body in held:
            assert problems("product_variations", body) == []
            assert get(shop, f"/products/{product['id']}/variations/{body['id']}").json() == body
    refunded = [one for one in get(shop, "/orders", per_page=100).json() if one["refunds"]]
    assert refunded
    for order in refunded:
        for body in get(shop, f"/orders/{order['id']}/refunds").json():
            assert problems("order_refunds", body) == []
            # Positive by itself, negative in the order's list.
            assert {"id": body["id"], "reason": body["reason"], "total": f"-{body['amount']}"} in order["refunds"]


def test_money_is_text_that_adds_up(shop: Woo) -> None:
    for order in get(shop, "/orders", per_page=100).json():
        lines = sum(round(float(line["total"]) * 100) for line in order["line_items"])
        rest = sum(round(float(order[name]) * 100) for name in ("shipping_total", "total_tax"))
        assert lines + rest == round(float(order["total"]) * 100)
        for line in order["line_items"]:
            assert re.fullmatch(r"-?\d+\.\d\d", line["total"])


def test_pages(shop: Woo) -> None:
    first = get(shop, "/orders")
    total = sum(o.platform == "woo" for o in shop.shop.orders.values())
    assert len(first.json()) == 10 and first.headers["X-WP-Total"] == str(total)
    assert first.headers["X-WP-TotalPages"] == str(-(-total // 10))
    assert 'rel="next"' in first.headers["Link"] and 'rel="prev"' not in first.headers["Link"]
    ids: list[int] = []
    url: str | None = f"{shop.store}{API}/orders?per_page=7&orderby=id&order=asc"
    while url:
        page = httpx.get(url, auth=(shop.access.secrets.consumer_key, shop.access.secrets.consumer_secret))
        ids += [one["id"] for one in page.json()]
        found = re.search(r'<([^>]+)>; rel="next"', page.headers.get("Link", ""))
        url = found[1] if found else None
    assert ids == sorted(ids) and len(ids) == total
    assert get(shop, "/orders", page=999).json() == []
    newest = [one["date_created_gmt"] for one in first.json()]
    assert newest == sorted(newest, reverse=True), "the newest first by default"
    changed = get(shop, "/orders", orderby="modified", order="asc", per_page=100).json()
    keys = [(one["date_modified_gmt"], one["id"]) for one in changed]
    assert keys == sorted(keys)
    offset = get(shop, "/orders", orderby="modified", order="asc", per_page=5, offset=3).json()
    assert [one["id"] for one in offset] == [one["id"] for one in changed[3:8]]


def test_filters(shop: Woo) -> None:
    changed = get(shop, "/orders", orderby="modified", order="asc", per_page=100).json()
    middle = changed[len(changed) // 2]["date_modified_gmt"]
    later = get(shop, "/orders", modified_after=middle, dates_are_gmt="true", per_page=100).json()
    assert {one["id"] for one in later} == {one["id"] for one in changed if one["date_modified_gmt"] > middle}
    # Without the word for it, a date is the shop's own.
    local = get(shop, "/orders", modified_after=middle, per_page=100).json()
    assert len(local) <= len(later)
    some = [one["id"] for one in changed[:3]]
    only = get(shop, "/orders", include=",".join(map(str, some)), per_page=100).json()
    assert sorted(one["id"] for one in only) == sorted(some)
    without = get(shop, "/orders", exclude=",".join(map(str, some)), per_page=100)
    assert int(without.headers["X-WP-Total"]) == int(get(shop, "/orders").headers["X-WP-Total"]) - 3
    pending = get(shop, "/orders", status="pending,on-hold", per_page=100).json()
    assert {one["status"] for one in pending} <= {"pending", "on-hold"}
    guests = get(shop, "/orders", customer=0, per_page=100).json()
    assert guests and all(one["customer_id"] == 0 and one["billing"]["email"] for one in guests)
    reader = get(shop, "/customers", email="owner@shop.example", role="all").json()
    assert [one["role"] for one in reader] == ["administrator"]
    assert all(one["role"] == "customer" for one in get(shop, "/customers", per_page=100).json())


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/orders", {"per_page": 101}),
        ("/orders", {"per_page": 0}),
        ("/orders", {"page": 0}),
        ("/orders", {"orderby": "total"}),
        ("/orders", {"order": "up"}),
        ("/orders", {"status": "shipped"}),
        ("/orders", {"modified_after": "yesterday"}),
        ("/customers", {"orderby": "modified"}),
        ("/customers", {"role": "king"}),
        ("/products/reviews", {"orderby": "modified"}),
    ],
)
def test_wrong_parameters(shop: Woo, path: str, params: dict[str, Any]) -> None:
    answer = get(shop, path, **params)
    assert answer.status_code == 400 and answer.json()["code"] == "rest_invalid_param"
    assert list(answer.json()["data"]["params"]) == [next(iter(params))]
    assert ERROR.is_valid(answer.json())


def test_keys(shop: Woo) -> None:
    key, secret = shop.access.secrets.consumer_key, shop.access.secrets.consumer_secret
    base = f"{shop.store}{API}/orders"
    nobody = httpx.get(base)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "woocommerce_rest_cannot_view")
    unknown = get(shop, "/orders", auth=("ck_" + "0" * 39 + "9", secret))
    assert unknown.json()["code"] == "woocommerce_rest_cannot_view"
    wrong = get(shop, "/orders", auth=(key, "cs_" + "0" * 40))
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Consumer secret is invalid.")
    assert httpx.get(base, params={"consumer_key": key, "consumer_secret": secret}).status_code == 200
    reader = httpx.get(f"{shop.running.base_url}/control/woo/keys?permissions=read").json()
    auth = (reader["consumer_key"], reader["consumer_secret"])
    assert get(shop, "/orders", auth=auth).status_code == 200
    refused = httpx.post(f"{shop.store}{API}/webhooks", auth=auth, json={"topic": "order.created"})
    assert refused.json()["message"] == "The API key provided does not have write permissions."
    assert all(ERROR.is_valid(one.json()) for one in (nobody, unknown, wrong, refused))


def test_what_is_not_there(shop: Woo) -> None:
    for path, code in (
        ("/orders/1", "woocommerce_rest_shop_order_invalid_id"),
        ("/products/1", "woocommerce_rest_product_invalid_id"),
        ("/customers/2", "woocommerce_rest_invalid_id"),
        ("/nothing", "rest_no_route"),
    ):
        answer = get(shop, path)
        assert (answer.status_code, answer.json()["code"]) == (404, code)
        assert ERROR.is_valid(answer.json())
    index = httpx.get(f"{shop.store}/wp-json/").json()
    assert "wc/v3" in index["namespaces"] and index["timezone_string"] == "America/New_York"
    assert get(shop, "/data/currencies/current").json()["code"] == "USD"


def _ask(shop: Woo, **changes: str | None) -> httpx.Response:
    query: dict[str, str | None] = {
        "app_name": "Timbre", "scope": "read_write", "user_id": "token", "return_url": "https://x.example/back",
        "callback_url": "https://x.example/keys", **changes,
    }  # fmt: skip
    asked = {name: value for name, value in query.items() if value is not None}
    return httpx.get(f"{shop.store}/wc-auth/v1/authorize", params=asked)


def test_the_authorize_page_checks_what_it_is_asked(shop: Woo) -> None:
    page = _ask(shop)
    assert page.status_code == 200 and 'id="allow"' in page.text
    assert "https://x.example/back?success=0&amp;user_id=token" in page.text
    for changes, said in (
        ({"app_name": None}, "Missing parameter app_name"),
        ({"user_id": ""}, "Missing parameter user_id"),
        ({"scope": "all"}, "Invalid scope all"),
        ({"return_url": "https://"}, "is not a valid URL"),
        ({"callback_url": "http://x.example/keys"}, "needs to be over SSL"),
    ):
        refused = _ask(shop, **changes)
        assert refused.status_code == 401 and said in refused.text
    forged = httpx.post(
        f"{shop.store}/wc-auth/v1/access_granted",
        data={
            "app_name": "Timbre", "scope": "read_write", "user_id": "t", "return_url": "https://x.example/b",
            "callback_url": "https://x.example/k", "wc_auth_nonce": "guessed",
        },
    )  # fmt: skip
    assert forged.status_code == 401 and "nonce" in forged.text
    escaped = _ask(shop, app_name='<script>alert("x")</script>')
    assert "<script>alert" not in escaped.text


def test_keys_survive_a_restart_but_not_a_callback_that_failed(shop: Woo) -> None:
    listener = Listener()
    try:
        page = _ask(shop, callback_url=f"{listener.url}/k", return_url=f"{listener.url}/b", scope="read")
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        url = f"{shop.store}/wc-auth/v1/access_granted"
        assert httpx.post(url, data=fields).status_code == 302
        told = json.loads(listener.wait(1)[0].body)
        assert set(told) == {"key_id", "user_id", "consumer_key", "consumer_secret", "key_permissions"}
        assert told["key_permissions"] == "read"
        assert httpx.post(url, data=fields).status_code == 401, "a nonce works once"
        with woo(customers=3, orders=3) as other:
            again = get(other, "/orders", auth=(told["consumer_key"], told["consumer_secret"]))
            assert again.status_code == 200
    finally:
        listener.close()


def test_time_is_told_twice(shop: Woo) -> None:
    for order in get(shop, "/orders", per_page=20).json():
        local = datetime.fromisoformat(order["date_created"])
        gmt = datetime.fromisoformat(order["date_created_gmt"])
        assert gmt - local in (timedelta(hours=4), timedelta(hours=5))
