"""WooCommerce's shapes as records, and the parts of its client that need no shop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from functions.connect.storefront import Access, Endpoints, Rejected, Secrets, Throttled, Unavailable
from functions.connect.woocommerce import WooCommerce, decoded
from functions.connect.woocommerce_records import amount, customer, order, product, review
from schema.records import DeletedRecord, WebhookEvent
from tests.connect.woo import answering

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
WOO = WooCommerce()
ACCESS = Access(
    http=httpx.Client(),
    endpoints=Endpoints(),
    shop="https://shop.example",
    secrets=Secrets(consumer_key="ck_x", consumer_secret="cs_x", webhook_secrets=("woo-dev-secret",)),
    now=NOW,
    currency="USD",
)
ORDER: dict[str, Any] = {
    "id": 727, "status": "processing", "currency": "USD", "date_created": "2017-03-22T16:28:02",
    "date_created_gmt": "2017-03-22T19:28:02", "date_modified_gmt": "2017-03-22T19:28:08",
    "discount_total": "1.50", "shipping_total": "10.00", "total": "27.85", "total_tax": "1.35", "customer_id": 0,
    "created_via": "checkout", "date_paid_gmt": "2017-03-22T19:28:08",
    "billing": {"first_name": "John", "last_name": "Doe", "address_1": "969 Market", "city": "San Francisco",
                "state": "CA", "postcode": "94103", "country": "US", "email": "John.Doe@Example.com",
                "phone": "(415) 555-2671"},
    "line_items": [
        {"id": 315, "name": "Woo &amp; Single", "product_id": 93, "variation_id": 0, "quantity": 2,
         "subtotal": "6.00", "total": "4.50"},
        {"id": 316, "name": "Tea by weight", "product_id": 0, "quantity": 0.5, "subtotal": "12.00", "total": "12.00"},
    ],
    "coupon_lines": [{"code": "10off"}], "refunds": [],
}  # fmt: skip
UNPAID = {"status": "checkout-draft", "date_paid_gmt": None}


def test_the_signature_of_the_worked_example() -> None:
    body = b'{"id":7,"status":"completed","site":"https:\\/\\/shop.example\\/"}'
    headers = {"x-wc-webhook-signature": "Hk0ztU8OzgMxl1jctj9jzw3pGU/GGXFZyekRnQ8AaTY="}
    assert WOO.verify(ACCESS.secrets, headers, body, "", "POST", NOW)
    assert not WOO.verify(ACCESS.secrets, headers, body + b"\n", "", "POST", NOW)
    assert not WOO.verify(ACCESS.secrets, {}, body, "", "POST", NOW)
    assert not WOO.verify(Secrets(), headers, body, "", "POST", NOW)
    assert not WOO.verify(ACCESS.secrets, {"x-wc-webhook-signature": "é"}, body, "", "POST", NOW)


@pytest.mark.parametrize(
    ("stored", "signed"),
    [
        ("plain", "plain"),
        ("a &amp; b", "a & b"),
        ("&lt;&gt;&quot;&#039;&#39;&#x27;", "<>\"'''"),
        ("&amp;lt;", "&lt;"),
        ("&eacute;", "&eacute;"),
    ],
)
def test_secrets_are_unescaped_once_and_only_where_wordpress_does(stored: str, signed: str) -> None:
    assert decoded(stored) == signed


def test_a_ping_is_no_event() -> None:
    assert WOO.unsigned({"content-type": "application/x-www-form-urlencoded"}, b"webhook_id=12")
    assert not WOO.unsigned({"x-wc-webhook-signature": "x"}, b"webhook_id=12")
    assert not WOO.unsigned({}, b'{"id": 12}')
    assert not WOO.unsigned({}, b"webhook_id=12&also=this")


def test_an_order_to_the_cent() -> None:
    found = order(ORDER)
    assert found is not None and found.person is not None
    assert (found.total, found.discount, found.tax, found.shipping) == (2785, 150, 135, 1000)
    assert (found.id, found.status, found.currency, found.discount_codes) == ("727", "paid", "USD", ["10off"])
    assert found.version == 1490210888000
    assert found.placed_at == datetime(2017, 3, 22, 19, 28, 2, tzinfo=UTC)
    assert [(line.product_id, line.title, line.quantity, line.price) for line in found.lines] == [
        ("93", "Woo & Single", 2, 300),
        (None, "Tea by weight", 1, 1200),
    ]
    assert found.items == 3
    person = found.person
    assert (person.key, person.guest, person.phone) == ("email:john.doe@example.com", True, "+14155552671")
    assert (person.name, person.country, person.address) == (
        "John Doe", "US", "969 Market, San Francisco, CA 94103",
    )  # fmt: skip


def test_money_is_read_as_text_not_as_a_float() -> None:
    assert amount("0.1") == Decimal("0.1") and amount("") is None and amount("NaN") is None and amount(None) is None
    yen = order(ORDER | {"currency": "JPY", "total": "2500", "total_tax": "", "line_items": []})
    dinar = order(ORDER | {"currency": "BHD", "total": "27.855"})
    assert yen and dinar and (yen.total, yen.tax, dinar.total) == (2500, 0, 27855)


@pytest.mark.parametrize(
    ("status", "paid", "expected"),
    [
        ("pending", False, None),
        ("checkout-draft", False, None),
        ("failed", False, None),
        ("on-hold", False, None),
        ("on-hold", True, "paid"),
        ("failed", True, "cancelled"),
        ("processing", False, "paid"),
        ("completed", True, "paid"),
        ("cancelled", False, "cancelled"),
        ("refunded", True, "refunded"),
        ("trash", True, None),
        ("awaiting-shipment", True, "paid"),
        ("wc-completed", True, "paid"),
    ],
)
def test_which_orders_count(status: str, paid: bool, expected: str | None) -> None:
    found = order(ORDER | {"status": status, "date_paid_gmt": "2017-03-22T19:28:08" if paid else None})
    assert (found.status if found else None) == expected


def test_refunds_are_negative_in_the_list_and_positive_here() -> None:
    part = order(ORDER | {"refunds": [{"id": 1, "total": "-5.00"}, {"id": 2, "total": "-2.85"}]})
    whole = order(ORDER | {"refunds": [{"id": 1, "total": "-27.85"}]})
    marked = order(ORDER | {"status": "refunded"})
    assert part and (part.refunded, part.status) == (785, "paid")
    assert whole and (whole.refunded, whole.status) == (2785, "refunded")
    assert marked and (marked.refunded, marked.status) == (2785, "refunded")


def test_an_account_is_its_id_whatever_was_typed() -> None:
    found = order(ORDER | {"customer_id": 25})
    assert found and found.person and (found.person.key, found.person.guest) == ("25", False)
    assert found.person.email is None and found.person.phone is None
    nobody = order(ORDER | {"billing": {}})
    assert nobody and nobody.person is None
    by_phone = order(ORDER | {"billing": {"phone": "+44 20 7946 0958"}})
    assert by_phone and by_phone.person and by_phone.person.key == "phone:+442079460958"


def test_the_till_of_the_shop() -> None:
    sold = order(ORDER | {"created_via": "pos-rest-api"})
    assert sold and sold.channel == "pos"
    assert (found := order(ORDER)) and found.channel == "storefront"


def test_accounts() -> None:
    body = {
        "id": 25, "date_created_gmt": "2017-03-21T19:09:28", "date_modified_gmt": None, "email": "J@X.example",
        "first_name": "", "last_name": "", "role": "subscriber", "shipping": {},
        "billing": {"first_name": "Jo&#227;o", "country": "br"},
    }  # fmt: skip
    found = customer(body)
    assert found and (found.person.key, found.person.name, found.person.country) == ("25", "João", "BR")
    assert found.person.email == "j@x.example" and found.version == 1490123368000 and not found.consent
    assert customer(body | {"role": "administrator"}) is None


def _product(**more: Any) -> dict[str, Any]:
    return {
        "id": 794, "name": "Premium &amp; Quality", "type": "simple", "status": "publish", "price": "21.99",
        "regular_price": "25.00", "date_modified_gmt": "2017-03-23T20:01:14", "manage_stock": True,
        "stock_quantity": 3, "images": [{"src": "https://x.example/a.jpg"}], "categories": [{"name": "Tea"}],
        "permalink": "https://x.example/p", "sku": "A", **more,
    }  # fmt: skip


def test_products() -> None:
    found = product(_product(), (), "USD")
    assert found and (found.price, found.compare_at, found.stock, found.title) == (2199, 2500, 3, "Premium & Quality")
    assert (found.category, found.image, found.skus) == ("Tea", "https://x.example/a.jpg", ["A"])
    unknown = product(_product(price=""), (), "USD")
    assert unknown and (unknown.price, unknown.currency) == (None, None)
    bare = product(_product(manage_stock=False, stock_status="instock"), (), None)
    assert bare and (bare.stock, bare.price) == (None, None)
    empty = product(_product(manage_stock=False, stock_status="outofstock"), (), "USD")
    assert empty and empty.stock == 0
    hidden = product(_product(status="private"), (), "USD")
    assert hidden and hidden.status == "hidden"
    assert product(_product(status="trash"), (), "USD") is None


def test_variations_give_the_lowest_price_and_the_sum_of_their_stock() -> None:
    parent = _product(type="variable", manage_stock=False, variations=[1, 2, 3], price="9.00")

    def one(number: int, **more: Any) -> dict[str, Any]:
        return {
            "id": number, "price": "9.00", "regular_price": "9.00", "manage_stock": True, "stock_quantity": 2,
            "status": "publish", "date_modified_gmt": "2017-03-24T00:00:00", "sku": f"V{number}", **more,
        }  # fmt: skip

    found = product(
        parent, [one(1, price="12.00"), one(2, price="8.00", regular_price="10.00"), one(3, price="")], "USD"
    )
    assert found and (found.price, found.compare_at, found.stock) == (800, 1000, 6)
    assert found.version == 1490313600000 and found.skus == ["A", "V1", "V2", "V3"]
    private = product(parent, [one(1), one(2, price="1.00", status="private")], "USD")
    assert private and (private.price, private.stock) == (900, 2)
    shared = product(_product(type="variable", stock_quantity=7), [one(1, manage_stock="parent")], "USD")
    assert shared and shared.stock == 7
    vague = product(parent, [one(1), one(2, manage_stock=False, stock_status="instock")], "USD")
    assert vague and vague.stock is None


def test_reviews() -> None:
    body = {
        "id": 22, "date_created_gmt": "2018-10-18T20:59:17", "product_id": 93, "status": "approved",
        "reviewer": "John &amp; Jane", "reviewer_email": "j@x.example", "review": "<p>Nice!</p>", "rating": 5,
        "verified": True,
    }  # fmt: skip
    found = review(body)
    assert found and found.person and (found.id, found.product, found.rating) == ("22", "93", 5)
    assert (found.person.key, found.person.guest, found.person.name) == ("email:j@x.example", True, "John & Jane")
    assert review(body | {"status": "hold"}) is None and review(body | {"review": "", "rating": 0}) is None
    silent = review(body | {"rating": 0, "reviewer_email": ""})
    assert silent and silent.rating is None and silent.person is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Shop.Example", "https://shop.example"),
        ("http://shop.example/", "https://shop.example"),
        ("https://shop.example/en/wp-admin/admin.php", "https://shop.example/en"),
        ("https://shop.example/wp-json/wc/v3", "https://shop.example"),
        ("shop.example:8443", "https://shop.example:8443"),
        ("http://127.0.0.1:9800/woo/", "http://127.0.0.1:9800/woo"),
    ],
)
def test_the_shops_address(typed: str, expected: str) -> None:
    assert WOO.normal_shop(typed) == expected == WOO.normal_shop(expected)


@pytest.mark.parametrize("typed", ["", "ftp://x.example", "nohost", "https://", "https://u:p@x.example", "https://[x"])
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Rejected) as told:
        WOO.normal_shop(typed)
    assert told.value.field == "shop"


def _answers(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Access:
    def handler(request: httpx.Request) -> httpx.Response:
        if isinstance(body, bytes):
            return httpx.Response(status, content=body, headers=headers)
        return httpx.Response(status, json=body, headers=headers)

    return answering(ACCESS, handler)


def test_waiting_as_the_shop_asks() -> None:
    for header, wait in (("7", 7.0), ("Mon, 02 Mar 2026 10:01:00 GMT", 60.0), ("soon", 30.0), (None, 30.0)):
        with pytest.raises(Throttled) as told:
            WOO.page(_answers(429, {}, {"retry-after": header} if header else None), "orders", None, None)
        assert told.value.wait == wait
    with pytest.raises(Throttled):
        WOO.page(_answers(503, b"down", {"retry-after": "20"}), "orders", None, None)
    with pytest.raises(Throttled):
        WOO.page(replace(_answers(200, []), take=lambda *_: 2.5), "orders", None, None)


def test_what_the_answers_mean() -> None:
    for status, body in ((502, b""), (200, b"<html>maintenance"), (403, b"<html>firewall")):
        with pytest.raises(Unavailable):
            WOO.page(_answers(status, body), "orders", None, None)
    no_route = {"code": "rest_no_route", "message": "", "data": {"status": 404}}
    for status, answer in ((404, no_route), (404, b"<html>"), (301, b"")):
        with pytest.raises(Rejected) as told:
            WOO.one(_answers(status, answer), "orders", "1")
        assert told.value.field == "shop"
    gone = {"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID.", "data": {"status": 404}}
    assert WOO.one(_answers(404, gone), "orders", "1") == ()
    assert WOO.one(_answers(200, ORDER | {"status": "trash"}), "orders", "727") == ()
    assert WOO.page(_answers(200, b"\xef\xbb\xbf[]"), "orders", None, None).cursor is None
    assert WOO.one(ACCESS, "customers", "email:a@b.example") == ()


def _event(topic: str, body: Any) -> WebhookEvent:
    return WebhookEvent(connection_id="w1", platform="woocommerce", topic=topic, body=json.dumps(body), received_at=NOW)


def test_messages() -> None:
    assert WOO.understand(_event("order.updated", ORDER), ACCESS).records == (order(ORDER),)
    assert WOO.understand(_event("order.restored", ORDER), ACCESS).records == (order(ORDER),)
    assert WOO.understand(_event("order.updated", ORDER | UNPAID), ACCESS).records == ()
    assert WOO.understand(_event("coupon.updated", {"id": 1}), ACCESS).note
    assert WOO.understand(_event("order.updated", [1]), ACCESS).note
    variation = {"id": 732, "type": "variation", "parent_id": 22, "date_created_gmt": "2017-03-23T03:36:38"}
    assert WOO.understand(_event("product.updated", variation), ACCESS).read == ("products", "22")
    variable = _product(type="variable", variations=[1], date_created_gmt="2017-03-23T03:36:38")
    assert WOO.understand(_event("product.updated", variable), ACCESS).read == ("products", "794")
    # A webhook whose user may not see the thing carries the API's error.
    assert WOO.understand(_event("order.updated", {"id": 5, "code": "x"}), ACCESS).read == ("orders", "5")


def test_a_deletion_carries_the_shops_own_time() -> None:
    gone = {"code": "woocommerce_rest_shop_order_invalid_id", "message": "", "data": {"status": 404}}
    access = _answers(404, gone, {"date": "Mon, 02 Mar 2026 10:00:20 GMT"})
    (record,) = WOO.understand(_event("order.deleted", {"id": 727}), access).records
    assert isinstance(record, DeletedRecord) and record.version == 1772445620001
    trashed = _answers(200, ORDER | {"status": "trash"})
    (record,) = WOO.understand(_event("order.deleted", {"id": 727}), trashed).records
    assert isinstance(record, DeletedRecord) and record.version == 1490210888001


def test_one_odd_thing_does_not_keep_the_others_out() -> None:
    odd = [
        ORDER | {"id": 1, "line_items": "none"},
        ORDER | {"id": 2, "total": "99999999999999999999"},
        ORDER | {"id": 3, "billing": [], "refunds": None, "coupon_lines": None},
        ORDER | {"id": 4, "currency": "U$D"},
        ORDER,
    ]
    page = WOO.page(_answers(200, odd), "orders", None, None)
    assert [record.id for record in page.records if record.kind == "order"] == ["3", "727"]
    assert len(page.ids) == 5 and page.cursor is None
    for answer in ({"code": "x"}, "text", None):
        with pytest.raises(Unavailable):
            WOO.page(_answers(200, answer), "orders", None, None)
        with pytest.raises(Unavailable):
            WOO.one(_answers(200, answer), "orders", "727")
