"""The simulated Flipkart against the facts known of Flipkart's API (`specs/flipkart.json`), without our client."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft7Validator, ValidationError

from sandbox.shops import flipkart, server
from sandbox.shops.faults import Faults
from sandbox.shops.flipkart_notify import body_of, signed
from sandbox.shops.flipkart_shapes import order_id, parts_of
from sandbox.shops.model import Order
from sandbox.shops.server import Clock, create_app
from sandbox.shops.shop import SimulatedShop
from tests.sandbox.amazon_specs import FORMATS

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FILE = Path(__file__).parent / "specs" / "flipkart.json"
LOGIN = (flipkart.APP_ID, flipkart.SECRET)
PRE = sorted(flipkart.STATES["preDispatch"])
POST = sorted(flipkart.STATES["postDispatch"])


@cache
def definitions() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["definitions"]
    return found


def check(name: str, body: Any) -> Any:
    schema = {"$ref": f"#/definitions/{name}", "definitions": definitions()}
    Draft7Validator(schema, format_checker=FORMATS).validate(body)
    return body


@dataclass
class Api:
    shop: SimulatedShop
    faults: Faults
    clock: Clock
    client: FlaskClient
    state: flipkart.State

    def token(self, method: str = "GET", login: tuple[str, str] = LOGIN, **asked: str) -> Any:
        where = {"query_string": asked} if method == "GET" else {"data": asked}
        return self.client.open("/flipkart/oauth-service/oauth/token", method=method, auth=login, **where)  # type: ignore[arg-type]

    def headers(self) -> dict[str, str]:
        given = self.token(grant_type="client_credentials", scope="Seller_Api").get_json()
        return {"Authorization": f"Bearer {given['access_token']}"}

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"/flipkart/sellers{path}", json=body, headers=self.headers())

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/flipkart/sellers{path}", query_string=query or None, headers=self.headers())

    def orders(self) -> list[Order]:
        return [o for o in self.shop.orders.values() if o.platform == "flipkart" and o.status != "pending"]


@pytest.fixture
def api() -> Iterator[Api]:
    clock, faults = Clock(START), Faults(hold=0.1)
    shop = SimulatedShop(6, 5, 900, clock)
    with patch.object(server, "MODULES", ("sandbox.shops.flipkart",)):
        app = create_app(shop, faults, "http://127.0.0.1:1", 100.0, clock)
    blueprint: Any = app.blueprints["flipkart"]
    yield Api(shop, faults, clock, app.test_client(), blueprint.state)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_tokens_are_given_by_either_method(api: Api, method: str) -> None:
    own = check("token", api.token(method, grant_type="client_credentials", scope="Seller_Api").get_json())
    assert own["expires_in"] == 5183999 and "refresh_token" not in own
    for login, said in ((("x" * 40, LOGIN[1]), "No client with requested id"), ((LOGIN[0], "x"), "Bad credentials")):
        refused = api.token(method, login, grant_type="client_credentials")
        error = check("tokenError", refused.get_json())
        assert refused.status_code == 401 and error["error"] == "unauthorized" and said in error["error_description"]
    assert api.token(method, grant_type="password").status_code == 400


def test_a_third_party_is_allowed_on_a_page_and_its_refresh_token_is_used_once(api: Api) -> None:
    asked = {
        "client_id": LOGIN[0], "redirect_uri": "https://timbre.example/cb", "response_type": "code",
        "scope": "Seller_Api", "state": "<s>",
    }  # fmt: skip
    page = api.client.get("/flipkart/oauth-service/oauth/authorize", query_string=asked)
    assert page.status_code == 200 and 'id="allow"' in page.text and "<s>" not in page.text
    for wrong in ({"client_id": "x"}, {"response_type": "token"}, {"scope": "All"}, {"redirect_uri": ""}):
        got = api.client.get("/flipkart/oauth-service/oauth/authorize", query_string={**asked, **wrong})
        assert got.status_code == 400
    sent = api.client.post("/flipkart/oauth-service/oauth/authorize", data=asked)
    code = sent.headers["Location"].split("code=")[1].split("&")[0]
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": asked["redirect_uri"]}
    given = check("token", api.token(**grant).get_json())
    assert api.token(**grant).get_json()["error"] == "invalid_grant"
    refresh = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    assert check("token", api.token(**refresh).get_json())["refresh_token"] != given["refresh_token"]
    assert api.token(**refresh).status_code == 400


def test_a_token_ends_after_sixty_days(api: Api) -> None:
    headers = api.headers()
    ask = {"json": {"filters": {}}, "headers": headers}
    assert api.client.post("/flipkart/sellers/listings/v3/search", **ask).status_code == 200  # type: ignore[arg-type]
    api.clock.advance(5183999)
    late = api.client.post("/flipkart/sellers/listings/v3/search", **ask)  # type: ignore[arg-type]
    assert late.status_code == 401
    assert api.client.get("/flipkart/sellers/v3/shipments").status_code == 401


def searched(api: Api, asked: dict[str, Any]) -> list[dict[str, Any]]:
    answer = check("searchAnswer", api.post("/v3/shipments/filter", check("search", asked)).get_json())
    found = answer["shipments"]
    while answer["hasMore"]:
        assert answer["nextPageUrl"].startswith("/v3/shipments/filter?next_token=")
        answer = check("searchAnswer", api.get(answer["nextPageUrl"]).get_json())
        found += answer["shipments"]
    # An address of a further page is there on the last page too.
    assert answer["nextPageUrl"]
    return list(found)


def test_every_shipment_is_found_by_its_type_and_states(api: Api) -> None:
    for _ in range(3):
        api.shop.act("order", "flipkart")
    searches: list[dict[str, Any]] = [{"type": "preDispatch", "states": PRE}, {"type": "postDispatch", "states": POST}]
    searches += [{"type": "cancelled", "states": ["CANCELLED"], "cancellationType": c} for c in flipkart.CANCELLERS]
    found = [s["shipmentId"] for asked in searches for s in searched(api, {"filter": asked})]
    ours = [number for order in api.orders() for number, _ in parts_of(order)]
    assert sorted(found) == sorted(ours) and len(found) > 40


def test_searches_are_sorted_bounded_and_limited(api: Api) -> None:
    span = {"from": "2026-06-01T00:00:00.000Z", "to": "2026-10-01T00:00:00.000Z"}
    asked = {
        "filter": {"type": "postDispatch", "states": POST, "modifiedDate": span},
        "pagination": {"pageSize": 7}, "sort": {"field": "modifiedDate", "order": "asc"},
    }  # fmt: skip
    times = [datetime.fromisoformat(s["updatedAt"]) for s in searched(api, asked)]
    low, high = (datetime.fromisoformat(value) for value in span.values())
    assert times and times == sorted(times) and all(low <= at <= high for at in times)
    first = api.post("/v3/shipments/filter", {**asked, "pagination": {"pageSize": 500}}).get_json()
    assert len(first["shipments"]) <= 20


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"type": "preDispatch"},
        {"type": "preDispatch", "states": ["SHIPPED"]},
        {"type": "postDispatch", "states": ["APPROVED"]},
        {"type": "cancelled", "states": ["CANCELLED"]},
        {"type": "cancelled", "states": ["CANCELLED"], "cancellationType": "nobody"},
        {"type": "preDispatch", "states": ["APPROVED"], "modifiedDate": {"from": "yesterday"}},
    ],
)
def test_a_search_that_is_not_allowed_is_refused(api: Api, wanted: dict[str, Any]) -> None:
    assert api.post("/v3/shipments/filter", {"filter": wanted}).status_code == 400


def test_shipments_are_read_by_one_kind_of_id(api: Api) -> None:
    order = next(o for o in api.orders() if len(parts_of(o)) > 1)
    by_order = check("shipments", api.get("/v3/shipments", orderIds=order_id(order.id)).get_json())["shipments"]
    assert [s["shipmentId"] for s in by_order] == [number for number, _ in parts_of(order)]
    one = by_order[0]
    item = one["orderItems"][0]["orderItemId"]
    for query in ({"shipmentIds": one["shipmentId"]}, {"orderItemIds": item}):
        assert check("shipments", api.get("/v3/shipments", **query).get_json())["shipments"] == [one]
    assert check("shipments", api.get(f"/v3/shipments/{one['shipmentId']}").get_json())["shipments"] == [one]
    assert api.get("/v3/shipments", shipmentIds="a", orderIds="b").status_code == 400
    assert api.get("/v3/shipments").status_code == 400
    assert api.get("/v3/shipments", orderIds=",".join(["x"] * 101)).status_code == 400
    total = sum(i["priceComponents"]["totalPrice"] for s in by_order for i in s["orderItems"])
    assert round(total * 100) == order.total


def test_returns_come_in_pages(api: Api) -> None:
    for _ in range(30):
        api.shop.act("order", "flipkart")
        api.shop.act("refund", "flipkart", full=True)
    pages, items = 0, []
    for source in ("customer_return", "courier_return"):
        query = check("returnsQuery", {"source": source, "modifiedAfter": "2024-01-01T00:00:00.000Z"})
        answer = check("returns", api.get("/v2/returns", **query).get_json())
        while True:
            pages += 1
            items += answer["returnItems"]
            assert {item["type"] for item in answer["returnItems"]} <= {source}
            if not answer["hasMore"]:
                break
            answer = check("returns", api.get(answer["nextUrl"]).get_json())
    assert pages > 2 and len({item["returnId"] for item in items}) == len(items)
    assert len(items) == sum(len(refund.lines) for order in api.orders() for refund in order.refunds)
    assert api.get("/v2/returns").status_code == 400


def test_listings_are_found_and_read(api: Api) -> None:
    skus: list[str] = []
    for status in ("ACTIVE", "INACTIVE"):
        asked = check("listingSearch", {"filters": {"lisitng_status": status}})
        skus += [
            one["sku_id"]
            for one in check("listingSearchAnswer", api.post("/listings/v3/search", asked).get_json())["listings"]
        ]
    everything = check("listingSearchAnswer", api.post("/listings/v3/search", {}).get_json())
    assert sorted(skus) == sorted(one["sku_id"] for one in everything["listings"]) and len(set(skus)) == len(skus)
    answer = check("listings", api.get(f"/listings/v3/{skus[0]},none,{skus[1]}").get_json())
    assert set(answer["available"]) == set(skus[:2]) and answer["unavailable"] == ["none"]
    assert api.post("/listings/v3/search", {"filters": {"listing_status": "ACTIVE"}}).status_code == 400


@pytest.mark.parametrize("form", ["date", "seconds"])
def test_notifications_are_signed_over_all_but_the_body(api: Api, form: Any) -> None:
    order = next(o for o in api.orders() if o.refunds)
    for kind in ("shipment_created", "shipment_delivered", "shipment_cancelled", "return_created"):
        body = check("notification", body_of(order, kind, START))
        headers, raw = signed(*LOGIN, "https://timbre.example/hook", body, START, form)
        app, signature = base64.b64decode(headers["X_Authorization"].split()[1]).decode().split(":")
        over = headers["X_Date"] if form == "date" else str(int(START.timestamp()))
        text = f"{over}https://timbre.example/hookPOST{LOGIN[1]}"
        assert (app, signature) == (LOGIN[0], hashlib.sha1(text.encode()).hexdigest())
        assert json.loads(raw) == body


def test_faults_and_withdrawal(api: Api) -> None:
    for kind, status in (("429", 429), ("500", 500), ("timeout", 504), ("revoke", 401)):
        headers = api.headers()
        api.faults.set("flipkart", kind, 1.0)  # type: ignore[arg-type]
        got = api.client.get("/flipkart/sellers/v3/shipments?orderIds=x", headers=headers)
        assert got.status_code == status
        api.faults.clear()
    headers = api.headers()
    api.shop.act("uninstall", "flipkart")
    assert api.client.get("/flipkart/sellers/v3/shipments?orderIds=x", headers=headers).status_code == 401


def test_the_facts_refuse_what_is_misspelt() -> None:
    with pytest.raises(ValidationError):
        check("listingSearch", {"filters": {"listing_status": "ACTIVE"}})
    with pytest.raises(ValidationError):
        check("search", {"filter": {"type": "preDispatch", "states": ["SOLD"]}})
