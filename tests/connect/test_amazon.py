"""Amazon: our client against the simulated shop, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from functions.connect.amazon import Amazon
from functions.connect.amazon_market import MARKETS
from functions.connect.storefront import App, Endpoints, Rejected, Revoked, Storefront, Throttled, Unavailable
from sandbox.shops.amazon_shapes import SELLER, order_id
from schema.records import OrderRecord, ProductRecord
from tests.connect.amazon_shop import START, Bazaar, bazaar


@pytest.fixture(scope="module")
def still() -> Iterator[Bazaar]:
    """Only read from; its clock may be moved on."""
    with bazaar(orders=900) as made:
        yield made.connect()


@pytest.fixture
def busy() -> Iterator[Bazaar]:
    with bazaar(orders=60) as made:
        yield made.connect()


def test_it_is_a_storefront_and_says_what_it_does_not_give() -> None:
    front: Storefront = Amazon()
    gives = {one.thing: one for one in front.gives()}
    nothing = ("customers", "email", "phone", "address", "consent", "carts", "reviews", "messages", "browsing")
    assert all(gives[thing].given == "no" and gives[thing].why for thing in nothing)  # type: ignore[index]
    assert gives["orders"].given == "partly" and front.polled and front.oauth


@pytest.mark.parametrize(
    ("typed", "shop"),
    [
        ("amazon.in", "amazon.in"),
        ("https://www.amazon.co.uk/gp/browse", "amazon.co.uk"),
        ("sellercentral.amazon.de", "amazon.de"),
        ("IN", "amazon.in"),
        ("uk", "amazon.co.uk"),
        ("ATVPDKIKX0DER", "amazon.com"),
        ("amazon.in/a3timbresandbox", "amazon.in/A3TIMBRESANDBOX"),
        ("IN A3TIMBRESANDBOX", "amazon.in/A3TIMBRESANDBOX"),
    ],
)
def test_the_marketplace_is_understood(typed: str, shop: str) -> None:
    assert Amazon().normal_shop(typed) == shop == Amazon().normal_shop(shop)


@pytest.mark.parametrize(
    "typed", ["", "amazon.xx", "amazon.com.evil.example", "shop.example", "sellercentral-europe.amazon.com"]
)
def test_another_place_is_refused(typed: str) -> None:
    with pytest.raises(Rejected) as refused:
        Amazon().normal_shop(typed)
    assert refused.value.field == "shop"


def test_every_marketplace_has_its_own_consent_and_region() -> None:
    assert len(MARKETS) == 23 and {m.region for m in MARKETS} == {"na", "eu", "fe"}
    app = App("c", "s", {"applicationId": "amzn1.sp.solution.x", "draft": "true"})
    url = httpx.URL(Amazon().authorize_url(Endpoints(), app, "amazon.co.jp", "n", "https://timbre.example/cb", ""))
    assert url.host == "sellercentral.amazon.co.jp" and url.params["version"] == "beta"
    assert (url.params["state"], url.params["redirect_uri"]) == ("n", "https://timbre.example/cb")
    with pytest.raises(Rejected) as refused:
        Amazon().authorize_url(Endpoints(), App("c", "s"), "amazon.in", "n", "https://timbre.example/cb", "")
    assert refused.value.field == "applicationId"


def test_connecting_leads_to_the_seller_and_the_marketplace(busy: Bazaar) -> None:
    info = busy.front.test(busy.access)
    assert (info.shop, info.currency, info.name) == (f"amazon.in/{SELLER}", "INR", "Timbre Sandbox")
    assert busy.secrets.expires_at == START + timedelta(hours=1)
    assert busy.secrets.refresh_expires_at == START + timedelta(days=365)
    assert busy.secrets.access_token not in repr(busy.secrets)


def test_a_marketplace_that_the_seller_is_not_in_is_named(busy: Bazaar) -> None:
    elsewhere = replace(busy.access, shop=f"amazon.de/{SELLER}")
    with pytest.raises(Rejected, match="amazon.in") as refused:
        busy.front.test(elsewhere)
    assert refused.value.field == "shop"


def test_codes_and_secrets_that_are_wrong_are_refused(busy: Bazaar) -> None:
    query = busy.consent()
    callback = "http://127.0.0.1:1/cb"
    wrong = busy.secrets.refreshed(app=App("amzn1.application-oa2-client.other", "no", busy.secrets.app.extra))
    with pytest.raises(Rejected) as refused:
        busy.front.exchange(replace(busy.access, secrets=wrong), query, "", callback)
    assert refused.value.field == "clientSecret"
    busy.front.exchange(busy.access, query, "", callback)
    with pytest.raises(Rejected, match="expired"):
        busy.front.exchange(busy.access, query, "", callback)
    late = busy.consent()
    busy.clock.advance(301)
    with pytest.raises(Rejected, match="expired"):
        busy.front.exchange(busy.access, late, "", callback)
    bare = busy.secrets.refreshed(refresh_token="")
    with pytest.raises(Rejected, match="not allowed"):
        busy.front.exchange(replace(busy.access, secrets=bare), {"state": "x"}, "", callback)


def test_an_own_application_connects_by_its_refresh_token(busy: Bazaar) -> None:
    token = busy.secrets.refresh_token
    access = replace(busy.access, secrets=busy.secrets.refreshed(refresh_token="", access_token=""))
    made = busy.front.exchange(access, {"refreshToken": token}, "", "")
    assert made.refresh_token == token and made.access_token


def test_a_token_lasts_an_hour_and_is_renewed(busy: Bazaar) -> None:
    busy.clock.advance(3601)
    with pytest.raises(Revoked, match="run out"):
        busy.front.one(busy.access, "orders", order_id(500001))
    busy.keep()
    assert busy.secrets.expires_at == busy.clock() + timedelta(hours=1)
    busy.front.one(busy.access, "orders", order_id(500001))


def test_a_withdrawn_authorisation_is_told_apart(busy: Bazaar) -> None:
    busy.shop.act("uninstall", "amazon")
    with pytest.raises(Revoked):
        busy.front.one(busy.access, "orders", order_id(500001))
    with pytest.raises(Revoked):
        busy.front.refresh(busy.access)


def expected(bazaar: Bazaar, country: str = "IN") -> set[str]:
    orders = [o for o in bazaar.shop.orders.values() if o.platform == "amazon" and o.marketplace == country]
    return {
        order_id(o.id) for o in orders if o.status != "pending" and o.placed_at < bazaar.clock() - timedelta(minutes=3)
    }


def test_every_order_is_read_once_and_equals_a_single_read(still: Bazaar) -> None:
    pages = list(still.pages("orders"))
    records = [record for page in pages for record in page.records]
    assert all(isinstance(record, OrderRecord) for record in records)
    ids = [record.id for record in records if isinstance(record, OrderRecord)]
    assert len(ids) == len(set(ids)) and set(ids) == expected(still)
    for record in records[:25]:
        assert isinstance(record, OrderRecord)
        still.keep()
        still.clock.advance(3)
        assert list(still.front.one(still.access, "orders", record.id)) == [record]


def test_an_order_carries_its_money_and_no_person(still: Bazaar) -> None:
    orders = {order_id(o.id): o for o in still.shop.orders.values()}
    for record in still.all("orders"):
        assert isinstance(record, OrderRecord)
        order = orders[record.id]
        assert record.person is None and record.currency == "INR" and record.channel == "storefront"
        if order.status == "cancelled":
            assert (record.status, record.total) == ("cancelled", 0)
            continue
        assert (record.status, record.total, record.refunded) == ("paid", order.total, 0)
        assert (record.discount, record.shipping, record.tax) == (order.discount, order.shipping, order.tax)
        assert [(x.quantity, x.price) for x in record.lines] == [(x.quantity, x.price) for x in order.lines]
        assert record.items == sum(x.quantity for x in order.lines)


def test_nothing_personal_is_asked_for_or_kept(busy: Bazaar) -> None:
    asked: list[httpx.Request] = []
    busy.http.event_hooks["request"].append(asked.append)
    records = busy.all("orders") + busy.all("products")
    assert records and asked
    for request in asked:
        included = request.url.params.get("includedData", "")
        assert not {"BUYER", "RECIPIENT", "PACKAGES", "PAYMENT", "TAX"} & set(included.split(","))
    text = json.dumps([record.to_json() for record in records], ensure_ascii=False)
    for order in busy.shop.orders.values():
        if order.platform == "amazon":
            where = order.shipping_to
            for word in (order.billing.last.strip(), where.line1, where.postcode, where.phone):
                assert not word or f'"{word}' not in text
    assert "@" not in text


def test_changed_orders_alone_are_read_since_a_time(busy: Bazaar) -> None:
    busy.clock.advance(600)
    since = busy.clock()
    busy.clock.advance(60)
    order = next(
        o for o in busy.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN" and o.status == "paid"
    )
    busy.shop.act("cancel", "amazon", order_id=order.id)
    assert busy.all("orders", since) == []  # Amazon shows nothing newer than two minutes.
    busy.clock.advance(180)
    (record,) = busy.all("orders", since)
    assert isinstance(record, OrderRecord) and (record.id, record.status) == (order_id(order.id), "cancelled")


def test_products_are_the_listings_with_their_category(still: Bazaar) -> None:
    pages = list(still.pages("products"))
    records = {r.id: r for page in pages for r in page.records if isinstance(r, ProductRecord)}
    variants = [(p, v) for p in still.shop.products.values() for v in p.variants]
    assert len(records) == len(variants) == pages[0].total
    for product, variant in variants:
        record = records[variant.sku or f"TB-{variant.id}"]
        assert record.category == product.kind and (record.title or "").startswith(product.title)
        active = product.status == "active" and variant.stock > 0
        assert record.status == ("active" if active else "hidden")
        assert record.stock == (None if product.id % 3 == 0 else variant.stock)
        assert (record.currency, record.price is None) == (
            ("INR", False) if product.status == "active" else (None, True)
        )
    for record in list(records.values())[:5]:
        still.clock.advance(1)
        assert list(still.front.one(still.access, "products", record.id)) == [record]
    assert still.front.one(still.access, "products", "no such") == ()
    versions = [r.version for page in pages for r in page.records]
    assert versions == sorted(versions)


def test_an_order_that_does_not_exist_is_nothing(still: Bazaar) -> None:
    assert list(still.front.one(still.access, "orders", "403-0000001-0000001")) == []
    assert still.front.page(still.access, "customers", None, None).records == ()
    assert still.front.count(still.access, "orders") is None


def test_amazon_never_has_to_refuse_for_its_rate(busy: Bazaar) -> None:
    """The shared bucket is asked before each call, so that Amazon's own, of the same size, never runs empty."""
    answers: list[int] = []
    busy.http.event_hooks["response"].append(lambda answer: answers.append(answer.status_code))
    calls = 0
    for _ in range(40):
        busy.keep()
        try:
            busy.front.one(busy.access, "orders", order_id(500001))
            calls += 1
        except Throttled as told:
            assert 0 < told.wait <= 2.0
            busy.clock.advance(told.wait)
    assert calls > 30 and 429 not in answers
    assert ("getOrder", 0.5, 30) in (busy.buckets.told if busy.buckets else [])


def test_a_refusal_for_the_rate_waits_for_one_token(busy: Bazaar) -> None:
    unshared = replace(busy.access, take=lambda operation, rate, burst: 0.0)
    for _ in range(20):
        busy.front.page(unshared, "orders", None, None)
    with pytest.raises(Throttled) as told:
        busy.front.page(unshared, "orders", None, None)
    assert told.value.wait == pytest.approx(1 / 0.0056)


def test_a_rate_that_amazon_tells_is_kept_in_the_cursor(busy: Bazaar, monkeypatch: pytest.MonkeyPatch) -> None:
    from sandbox.shops import amazon as theirs

    monkeypatch.setitem(theirs.LIMITS, "searchOrders", (0.0167, 20))
    page = busy.front.changes(busy.access, None)
    assert page.cursor and json.loads(page.cursor)["rates"] == {"searchOrders": 0.0167}
    assert page.wait == pytest.approx(1 / 0.0167)
    busy.clock.advance(page.wait)
    busy.front.changes(busy.access, page.cursor)
    assert busy.buckets and ("searchOrders", 0.0167, 20) in busy.buckets.told


def test_a_window_stays_the_same_over_its_pages_and_a_stale_token_begins_again(busy: Bazaar) -> None:
    requests: list[httpx.URL] = []
    busy.http.event_hooks["request"].append(lambda request: requests.append(request.url))
    place = json.dumps(
        {"window": {"createdAfter": "2025-01-01T00:00:00.000Z", "createdBefore": "2026-11-01T00:00:00.000Z"},
         "token": "long-gone", "at": "2026-11-20T00:00:00.000Z"}
    )  # fmt: skip
    busy.front.page(busy.access, "orders", place, None)
    asked = requests[-1].params
    assert "paginationToken" not in asked and asked["createdAfter"].startswith("2025-01-01")


@pytest.mark.parametrize(
    ("kind", "error"), [("429", Throttled), ("500", Unavailable), ("truncate", Unavailable), ("timeout", Unavailable)]
)
def test_a_bad_minute_is_to_be_tried_again(busy: Bazaar, kind: str, error: type[Exception]) -> None:
    known = sorted(expected(busy))[0]
    busy.faults.set("amazon", kind, 1.0)  # type: ignore[arg-type]
    for call in (
        lambda: busy.front.page(busy.access, "orders", None, None),
        lambda: busy.front.one(busy.access, "orders", known),
        lambda: busy.front.refresh(busy.access),
    ):
        with pytest.raises(error):
            call()
    busy.faults.clear()
    assert busy.front.page(busy.access, "orders", None, None).ids


def test_a_role_that_is_missing_names_the_operation(busy: Bazaar) -> None:
    stranger = replace(busy.access, shop="amazon.in/A3SOMEBODYELSE")
    with pytest.raises(Rejected, match="searchListingsItems") as refused:
        busy.front.page(stranger, "products", None, None)
    assert not isinstance(refused.value, Revoked)


def test_amazon_calls_nobody(still: Bazaar) -> None:
    assert not still.front.verify(still.secrets, {}, b"{}", "https://x", "POST", still.clock())
    assert still.front.subscribe(still.access, "https://x") == ()


def test_more_listings_than_a_search_gives_are_read_in_several(busy: Bazaar, monkeypatch: pytest.MonkeyPatch) -> None:
    from functions.connect import amazon as ours
    from sandbox.shops import amazon_reads

    monkeypatch.setattr(amazon_reads, "MOST_LISTINGS", 40)
    monkeypatch.setattr(ours, "LISTINGS_CAP", 40)
    ids = {record.id for record in busy.all("products") if isinstance(record, ProductRecord)}
    assert len(ids) == sum(len(p.variants) for p in busy.shop.products.values()) > 80


def test_one_broken_thing_does_not_stop_the_others(busy: Bazaar, capsys: pytest.CaptureFixture[str]) -> None:
    found = busy.front.page(busy.access, "orders", None, None)

    def answer(request: httpx.Request) -> httpx.Response:
        real = busy.http.request(request.method, request.url, headers=dict(request.headers))
        body = real.json()
        body["orders"][0]["createdTime"] = "the day before yesterday"
        del body["orders"][1]["salesChannel"]
        return httpx.Response(200, json=body)

    access = replace(busy.access, http=httpx.Client(transport=httpx.MockTransport(answer)))
    page = busy.front.page(access, "orders", None, None)
    assert len(page.records) == len(found.records) - 2 and page.ids == found.ids
    said = capsys.readouterr().out
    assert "unreadable order" in said and "yesterday" not in said
