"""Flipkart: our client against the simulated shop, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.connect.flipkart import Flipkart
from functions.connect.flipkart_api import further
from functions.connect.flipkart_records import order_record
from functions.connect.storefront import App, Endpoints, Rejected, Revoked, Secrets, Storefront, Throttled, Unavailable
from sandbox.shops.flipkart import APP_ID, SECRET
from sandbox.shops.flipkart_notify import body_of, signed
from sandbox.shops.flipkart_shapes import order_id, parts_of, undelivered
from sandbox.shops.model import Order, to_shop
from schema.records import OrderRecord, ProductRecord, WebhookEvent
from tests.connect.flipkart_shop import CALLBACK, START, THIRD, Mall, mall

HOOK = "https://timbre.example/webhooks/flipkart/flipkart-1"


@pytest.fixture(scope="module")
def still() -> Iterator[Mall]:
    """Only read from."""
    with mall(orders=700) as made:
        yield made.connect()


@pytest.fixture
def busy() -> Iterator[Mall]:
    with mall(orders=100) as made:
        yield made.connect()


def sold(mall: Mall) -> list[Order]:
    return [o for o in mall.shop.orders.values() if o.platform == "flipkart" and o.status != "pending"]


def test_it_is_a_storefront_and_says_what_it_does_not_give() -> None:
    front: Storefront = Flipkart()
    gives = {one.thing: one for one in front.gives()}
    nothing = ("customers", "email", "phone", "address", "consent", "carts", "reviews", "messages", "browsing")
    assert all(gives[thing].given == "no" and gives[thing].why for thing in nothing)  # type: ignore[index]
    assert front.polled and front.subscribe is not None


@pytest.mark.parametrize(
    ("typed", "shop"),
    [
        ("", "flipkart"),
        ("https://seller.flipkart.com/index.html", "flipkart"),
        ("Flipkart", "flipkart"),
        ("My second shop", "my-second-shop"),
        ("班加罗尔店", "班加罗尔店"),
        (APP_ID, APP_ID),
    ],
)
def test_the_account_has_a_name(typed: str, shop: str) -> None:
    assert Flipkart().normal_shop(typed) == shop == Flipkart().normal_shop(shop)


def test_an_application_of_the_sellers_own_needs_no_page(busy: Mall) -> None:
    info = busy.front.test(busy.access)
    assert (info.shop, info.currency, info.zone, info.scopes) == (APP_ID, "INR", "Asia/Kolkata", ("Seller_Api",))
    assert busy.front.authorize_url(busy.access.endpoints, busy.secrets.app, "flipkart", "n", CALLBACK, CALLBACK) == ""
    assert busy.secrets.expires_at == START + timedelta(seconds=5183999) and not busy.secrets.refresh_token
    busy.clock.advance(5183999 - 60)
    fresh = busy.front.refresh(busy.access)
    assert fresh and fresh.access_token != busy.secrets.access_token
    busy.clock.advance(61)
    with pytest.raises(Revoked):
        busy.front.test(busy.access)
    busy.secrets = fresh
    assert busy.front.test(busy.access).shop == APP_ID


def test_a_third_party_application_leads_through_flipkarts_page(busy: Mall) -> None:
    busy.secrets, busy.place = Secrets(app=THIRD), "my-shop"
    query = busy.consent()
    assert query["state"] == "nonce-1"
    busy.secrets = busy.front.exchange(busy.access, query, "", CALLBACK)
    assert busy.secrets.refresh_token and busy.secrets.refresh_expires_at == START + timedelta(seconds=10703805)
    assert busy.front.test(busy.access).shop == "my-shop"
    with pytest.raises(Rejected, match="expired"):
        busy.front.exchange(busy.access, query, "", CALLBACK)
    old = busy.secrets
    fresh = busy.front.refresh(busy.access)
    assert fresh and fresh.refresh_token != old.refresh_token
    with pytest.raises(Revoked):
        busy.front.refresh(busy.access)  # The old refresh token was used up.
    with pytest.raises(Rejected, match="name of its own"):
        busy.front.test(replace(busy.access, shop="flipkart"))
    with pytest.raises(Rejected, match="not allowed"):
        busy.front.exchange(busy.access, {"error": "access_denied"}, "", CALLBACK)


def test_a_token_whose_end_is_not_said_is_renewed_early(busy: Mall) -> None:
    busy.state.says_expiry = False
    busy.secrets = Secrets(app=THIRD)
    made = busy.front.exchange(busy.access, busy.consent(), "", CALLBACK)
    assert made.expires_at == START + timedelta(hours=12) and made.refresh_expires_at is None


def test_wrong_credentials_name_the_field(busy: Mall) -> None:
    for app in (App("f" * 40, SECRET), App(APP_ID, "wrong")):
        with pytest.raises(Rejected) as refused:
            busy.front.exchange(replace(busy.access, secrets=Secrets(app=app)), {}, "", CALLBACK)
        assert refused.value.field == "clientSecret" and not isinstance(refused.value, Revoked)


def test_every_order_is_read_and_equals_a_single_read(still: Mall) -> None:
    last: dict[str, OrderRecord] = {}
    for page in still.pages("orders"):
        for record in page.records:
            assert isinstance(record, OrderRecord)
            # An order shows in several searches, always as the same record.
            assert last.setdefault(record.id, record) == record
    assert set(last) == {order_id(o.id) for o in sold(still)}
    for number, record in list(last.items())[:40]:
        assert list(still.front.one(still.access, "orders", number)) == [record]
        shipment = parts_of(still.shop.orders[int(number[2:])])[-1][0]
        assert list(still.front.one(still.access, "orders", f"shipment:{shipment}")) == [record]
    assert list(still.front.one(still.access, "orders", order_id(1))) == []


def test_an_order_is_all_of_its_shipments_and_no_person(still: Mall) -> None:
    records = {r.id: r for r in still.all("orders") if isinstance(r, OrderRecord)}
    seen: set[str] = set()
    for order in sold(still):
        record = records[order_id(order.id)]
        assert record.person is None and record.currency == "INR"
        assert record.total == order.total and record.shipping == order.shipping
        assert record.items == sum(line.quantity for line in order.lines)
        assert {line.product_id for line in record.lines} == {
            line.sku or f"TB-{line.variant_id}" for line in order.lines
        }
        if order.status == "cancelled" or undelivered(order):
            assert (record.status, record.refunded) == ("cancelled", 0)
        elif order.status == "refunded":
            assert (record.status, record.refunded) == ("refunded", order.total)
        else:
            assert record.status in ("paid", "refunded")
        seen.add(record.status)
        seen.add("split" if len(parts_of(order)) > 1 else "whole")
    assert {"paid", "refunded", "cancelled", "split", "whole"} <= seen


def test_nothing_personal_is_kept_or_asked_for(busy: Mall) -> None:
    paths: list[str] = []
    busy.http.event_hooks["request"].append(lambda request: paths.append(request.url.path))
    text = json.dumps([r.to_json() for r in busy.all("orders") + busy.all("products")], ensure_ascii=False)
    assert "@" not in text
    for order in sold(busy):
        for word in (order.shipping_to.last.strip(), order.shipping_to.line1, order.shipping_to.postcode):
            assert f'"{word}' not in text or not word
    # The operation that carries addresses is not called at all.
    assert not [path for path in paths if path.startswith("/flipkart/sellers/v3/shipments/") and "filter" not in path]


def test_products_are_the_listings(still: Mall) -> None:
    pages = list(still.pages("products"))
    assert len(pages) > 1
    records = {r.id: r for page in pages for r in page.records if isinstance(r, ProductRecord)}
    variants = [(p, v) for p in still.shop.products.values() for v in p.variants]
    assert len(records) == len(variants)
    for product, variant in variants:
        record = records[variant.sku or f"TB-{variant.id}"]
        assert record.stock == variant.stock and record.currency == "INR" and record.title is None
        assert record.price and abs(to_shop(record.price, "INR") - variant.price) <= 1
        assert (record.compare_at is not None) == (variant.compare_at is not None)
        assert record.status == ("active" if product.status == "active" else "hidden")
    first = next(iter(records.values()))
    assert list(still.front.one(still.access, "products", first.id)) == [first]
    assert list(still.front.one(still.access, "products", "none")) == []


def test_polling_finds_everything_that_happens(busy: Mall) -> None:
    page = busy.front.changes(busy.access, None)
    assert page.wait == 60
    held: dict[str, OrderRecord] = {}
    cursor = page.cursor
    touched: set[str] = set()
    for round_ in range(6):
        for what in ("order", "ship", "refund", "cancel"):
            done = busy.shop.act(what, "flipkart", **({"full": True} if what == "refund" else {}))
            assert done is not None
            touched.add(order_id(done.id))
        busy.clock.advance(60 + 30 * round_)
        for _ in range(50):
            page = busy.front.changes(busy.access, cursor)
            cursor = page.cursor
            held |= {r.id: r for r in page.records if isinstance(r, OrderRecord)}
            if page.wait:
                break
    assert touched <= set(held)
    for number in touched:
        assert list(busy.front.one(busy.access, "orders", number)) == [held[number]]


def test_changed_orders_alone_are_read_since_a_time(busy: Mall) -> None:
    busy.clock.advance(3600)
    since = busy.clock()
    busy.clock.advance(60)
    order = next(o for o in sold(busy) if o.status == "paid")
    busy.shop.act("cancel", "flipkart", order_id=order.id)
    (record,) = busy.all("orders", since)
    assert isinstance(record, OrderRecord) and (record.id, record.status) == (order_id(order.id), "cancelled")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", Throttled),
        ("500", Unavailable),
        ("truncate", Unavailable),
        ("timeout", Unavailable),
        ("revoke", Revoked),
    ],
)
def test_a_bad_minute_is_told_for_what_it_is(busy: Mall, kind: str, error: type[Exception]) -> None:
    known = order_id(sold(busy)[0].id)
    busy.faults.set("flipkart", kind, 1.0)  # type: ignore[arg-type]
    calls: list[Callable[[], Any]] = [
        lambda: busy.front.page(busy.access, "orders", None, None),
        lambda: busy.front.one(busy.access, "orders", known),
        lambda: busy.front.changes(busy.access, None),
    ]
    for call in calls:
        with pytest.raises(error):
            call()
    busy.faults.clear()
    assert list(busy.front.one(busy.access, "orders", known))


def answering(mall: Mall, answer: Callable[[httpx.Request], httpx.Response]) -> Any:
    return replace(mall.access, http=httpx.Client(transport=httpx.MockTransport(answer)))


def test_backing_off_follows_what_is_said(still: Mall) -> None:
    for headers, status, wait in (
        ({"Retry-After": "17"}, 429, 17),
        ({"Retry-After": "Sun, 22 Nov 2026 09:00:30 GMT"}, 503, 30),
        ({}, 429, 5),
        ({"Retry-After": "soon"}, 429, 5),
    ):
        access = answering(still, lambda request, s=status, h=headers: httpx.Response(s, headers=h))  # type: ignore[misc]
        with pytest.raises(Throttled) as told:
            still.front.one(access, "orders", "OD1")
        assert told.value.wait == pytest.approx(wait)


def test_a_further_page_stays_at_flipkart(still: Mall) -> None:
    base = still.access.endpoints.flipkart
    assert further(still.access, "/v3/shipments/filter?next_token=a") == "/v3/shipments/filter?next_token=a"
    assert further(still.access, "/sellers/v2/returns?x=1") == "/v2/returns?x=1"
    assert further(still.access, f"{base}/sellers/returns/search/abc") == "/returns/search/abc"
    for url in ("https://evil.example/sellers/v3/shipments", "//evil.example/x", "/v3/../../oauth-service/x"):
        with pytest.raises(Unavailable):
            further(still.access, url)


def test_states_that_this_edition_does_not_take_are_passed_over(still: Mall) -> None:
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            asked.append(json.loads(request.content)["filter"])
            if "RETURNED" in asked[-1]["states"]:
                return httpx.Response(400, json={"errors": [{"code": "INVALID_FILTER"}]})
        return httpx.Response(200, json={"hasMore": False, "shipments": [], "returnItems": []})

    page = still.front.changes(answering(still, answer), None)
    assert page.records == [] and page.wait == 60 and len(asked) == 6
    assert {(a["type"], a.get("cancellationType")) for a in asked} == {
        ("preDispatch", None), ("postDispatch", None), ("cancelled", "sellerCancellation"),
        ("cancelled", "buyerCancellation"), ("cancelled", "marketplaceCancellation"),
    }  # fmt: skip
    assert all(a["modifiedDate"]["from"] < a["modifiedDate"]["to"] for a in asked)


def shipment(number: str, *items: dict[str, Any]) -> dict[str, Any]:
    base = {"orderId": "OD1", "orderDate": "2026-01-01T10:00:00+05:30", "quantity": 1, "status": "DELIVERED"}
    prices = {"priceComponents": {"totalPrice": 110.5, "customerPrice": 100.5, "shippingCharge": 10}}
    return {
        "shipmentId": number,
        "updatedAt": "2026-01-02T10:00:00+05:30",
        "orderItems": [{**base, "orderItemId": f"{number}{n}", **prices, **item} for n, item in enumerate(items)],
    }


def test_parts_of_an_order_count_each_for_what_became_of_them() -> None:
    mixed = [
        shipment("a", {}, {"status": "CANCELLED"}),
        shipment("b", {"status": "RETURNED"}, {"status": "RETURNED", "courierReturn": True}),
        shipment("c", {"is_replacement": True}),
    ]
    record = order_record("OD1", mixed)
    assert record and (record.total, record.refunded, record.shipping, record.items) == (22100, 11050, 3000, 3)
    assert record.status == "paid" and record.placed_at == datetime(2026, 1, 1, 4, 30, tzinfo=UTC)
    returned = order_record("OD1", [shipment("a", {"status": "RETURNED"})])
    assert returned and (returned.status, returned.refunded) == ("refunded", 11050)
    for gone in ({"status": "CANCELLED"}, {"status": "RETURNED", "courierReturn": True}):
        record = order_record("OD1", [shipment("a", gone)])
        assert record and (record.status, record.total, record.refunded) == ("cancelled", 11050, 0)
    assert order_record("OD2", mixed) is None


def test_one_broken_thing_does_not_stop_the_others(still: Mall) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        broken = {**shipment("b", {"orderId": "OD2"}), "updatedAt": "soon"}
        shown = [shipment("a", {}), broken] if "returns" not in request.url.path else []
        return httpx.Response(200, json={"hasMore": False, "shipments": shown, "returnItems": []})

    page = still.front.page(answering(still, answer), "orders", None, None)
    assert [r.id for r in page.records if isinstance(r, OrderRecord)] == ["OD1"] and list(page.ids) == ["OD1", "OD2"]


# --- notifications ---


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("form", ["date", "seconds"])
def test_a_notification_is_signed_in_either_form(still: Mall, form: Any) -> None:
    order = sold(still)[0]
    headers, raw = signed(APP_ID, SECRET, HOOK, body_of(order, "shipment_created", START), START, form)
    front, secrets, given = still.front, still.secrets, lower(headers)
    assert front.verify(secrets, given, raw, HOOK, "POST", START)
    hyphens = {name.replace("_", "-"): value for name, value in given.items()}
    assert front.verify(secrets, hyphens, raw, HOOK, "POST", START)
    rotated = secrets.refreshed(app=App(APP_ID, "new", {}, (SECRET,)))
    assert front.verify(rotated, given, raw, HOOK, "POST", START)
    assert not front.verify(secrets, given, raw, HOOK + "2", "POST", START)
    assert not front.verify(secrets, given, raw, HOOK, "PUT", START)
    assert not front.verify(secrets.refreshed(app=App(APP_ID, "new")), given, raw, HOOK, "POST", START)
    assert not front.verify(secrets.refreshed(app=App("other", SECRET)), given, raw, HOOK, "POST", START)
    for broken in ("", "FKLOGIN", "FKLOGIN ***", "Basic " + given["x_authorization"].split()[1], "FKLOGIN YQ=="):
        assert not front.verify(secrets, {**given, "x_authorization": broken}, raw, HOOK, "POST", START)
    assert not front.verify(secrets, {"x_authorization": given["x_authorization"]}, raw, HOOK, "POST", START)


def test_the_worked_example_of_a_signature_holds() -> None:
    login = "FKLOGIN YXBwLWlkLTE6YTNkODk2NjgxOGU0NzIwZWZmNjNmYzBiZDYxMThhNGRjYjQ0NzFmNg=="
    headers = {"x_authorization": login, "x_date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    secrets = Secrets(app=App("app-id-1", "app-secret-1"))
    url = "https://app.example.com/hooks/flipkart"
    assert Flipkart().verify(secrets, headers, b"anything", url, "POST", START)
    assert Flipkart().verify(secrets, {**headers, "x_date": "1767225600"}, b"else", url, "POST", START)


def test_a_notification_says_only_what_to_read_again(still: Mall) -> None:
    front, order = still.front, next(o for o in sold(still) if o.status == "refunded")
    for kind in ("shipment_created", "shipment_cancelled", "shipment_delivered", "return_created"):
        raw = json.dumps(body_of(order, kind, START)).encode()
        event = WebhookEvent(
            connection_id="c", platform="flipkart", topic=front.topic({}, raw), body=raw.decode(), received_at=START
        )
        hook = front.understand(event, still.access)
        assert event.topic == kind and hook.records == () and hook.read is not None
        (record,) = front.one(still.access, *hook.read)
        assert isinstance(record, OrderRecord) and record.id == order_id(order.id)
    for body in ("{}", "not json", "[]", '{"attributes": 7}'):
        event = WebhookEvent(connection_id="c", platform="flipkart", topic="x", body=body, received_at=START)
        hook = front.understand(event, still.access)
        assert hook.read is None and hook.note
    assert front.topic({}, b"x") == "unknown" and not front.unsigned({}, b"{}")


def test_production_hosts_are_flipkarts_own() -> None:
    url = httpx.URL(Flipkart().authorize_url(Endpoints(), THIRD, "s", "n", "https://timbre.example/cb", ""))
    assert (url.host, url.path) == ("api.flipkart.net", "/oauth-service/oauth/authorize")
    assert (url.params["client_id"], url.params["response_type"], url.params["scope"]) == (APP_ID, "code", "Seller_Api")
    assert not [p for p in Path("functions/connect").glob("flipkart*.py") if "127.0.0.1" in p.read_text()]
