"""Our Shopify client against the simulated shop: every page, every fault, both shapes of each thing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import functions.connect.shopify as client
from functions.connect import shopify_bulk
from functions.connect.storefront import ConnectError, Rejected, Revoked, Throttled, Unavailable
from sandbox.shops.model import Change, Order
from sandbox.shops.shopify.payloads import Payloads
from schema.connections import Thing
from schema.records import (
    CartRecord,
    CustomerRecord,
    DeletedRecord,
    LinkRecord,
    OrderRecord,
    ProductRecord,
    Record,
    WebhookEvent,
)
from tests.connect.shopify_world import World, records, world

THINGS: tuple[Thing, ...] = ("products", "customers", "orders", "carts")


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with world() as made:
        yield made


def _key(record: Record) -> str:
    return str(getattr(record, "id", None) or record.person.key)  # type: ignore[union-attr]


def _paid(order: Order) -> bool:
    return order.status != "pending" or order.test


def _event(change: Change, topic: str, body: dict[str, Any]) -> WebhookEvent:
    return WebhookEvent(
        connection_id="shopify-1", platform="shopify", topic=topic, body=json.dumps(body),
        headers={"x-shopify-triggered-at": change.at.isoformat()}, received_at=change.at,
    )  # fmt: skip


def test_every_thing_is_read_once_and_in_the_order_of_its_changes(shared: World) -> None:
    access = shared.connected()
    shop = shared.shop
    expected = {
        "products": {str(p.id) for p in shop.products.values()},
        "customers": {str(c.id) for c in shop.customers.values() if "shopify" in c.platforms},
        "orders": {str(o.id) for o in shop.orders.values() if o.platform == "shopify" and _paid(o)},
        "carts": {str(c.id) for c in shop.carts.values()},
    }
    for thing in THINGS:
        read = records(shared.read(access, thing))
        assert len(read) == len(expected[thing]) > 5
        assert {_key(one) for one in read} == expected[thing]
        if thing != "carts":
            versions = [one.version for one in read]
            assert versions == sorted(versions)


def test_an_order_says_what_the_buyer_paid_in_their_own_currency(shared: World) -> None:
    access = shared.connected()
    read = {_key(one): one for one in records(shared.read(access, "orders"))}
    found = [o for o in shared.shop.orders.values() if o.platform == "shopify" and _paid(o)]
    assert {o.currency for o in found} >= {"USD", "INR", "CNY"}
    for held in found:
        record = read[str(held.id)]
        assert isinstance(record, OrderRecord)
        assert (record.currency, record.total, record.discount, record.refunded, record.tax, record.shipping) == (
            held.currency, held.total, held.discount, held.refunded, held.tax, held.shipping,
        )  # fmt: skip
        assert record.placed_at == held.placed_at
        assert record.discount_codes == list(held.codes)
        assert record.items == sum(line.quantity for line in held.lines)
        assert [line.product_id for line in record.lines] == [str(line.product_id) for line in held.lines]
        assert [line.price for line in record.lines] == [line.price for line in held.lines]
        assert record.staff == held.staff
        expected = "test" if held.test else {"partially_refunded": "paid"}.get(held.status, held.status)
        assert record.status == expected
        if held.customer_id is None:
            assert record.person is None or record.person.guest
            assert held.email is None or (record.person and record.person.key == f"email:{held.email.lower()}")
        else:
            assert record.person and record.person.key == str(held.customer_id) and not record.person.guest


def test_consent_is_told_only_where_shopify_states_it(shared: World) -> None:
    access = shared.connected()
    states = {"subscribed": "granted", "unsubscribed": "denied"}
    for record in records(shared.read(access, "customers")):
        assert isinstance(record, CustomerRecord)
        held = shared.shop.customers[int(record.person.key)]
        said = {one.channel: (one.status, one.at) for one in record.consent}
        expected = {}
        if held.email and held.email_consent.state in states:
            expected["email"] = (states[held.email_consent.state], held.email_consent.at)
        if held.phone and held.sms_consent.state in states:
            expected["sms"] = (states[held.sms_consent.state], held.sms_consent.at)
        assert said == expected
        assert record.person.email == held.email
        assert record.person.tags == list(held.tags)


@pytest.mark.parametrize("thing", THINGS)
def test_a_page_a_single_read_and_a_webhook_say_the_same(shared: World, thing: Thing) -> None:
    access = shared.connected()
    payloads = Payloads(shared.shop, personal=True)
    seen = 0
    for record in records(shared.read(access, thing)):
        number = int(_key(record))
        now = shared.at_now(access)
        assert list(shared.front.one(now, thing, str(number))) == [record]
        change = Change(thing, "updated", number, shared.clock(), frozenset(("shopify",)))
        ((topic, body),) = payloads.messages(change)
        hook = shared.front.understand(_event(change, topic, body), now)
        assert hook.note is None
        told = list(hook.records) or list(shared.front.one(now, *hook.read)) if hook.read else list(hook.records)
        assert told == [record]
        seen += not hook.read
        shared.clock.advance(1)
    # A customer's webhook lacks consent and tags, a checkout's in another currency its amounts: they are read again.
    assert seen > 3 or thing == "customers"


def test_only_what_changed_since_a_time_is_read(shared: World) -> None:
    access = shared.connected()
    since = shared.clock() - timedelta(days=100)
    read = records(shared.read(access, "orders", since))
    expected = {
        str(o.id) for o in shared.shop.orders.values()
        if o.platform == "shopify" and _paid(o) and o.updated_at >= since
    }  # fmt: skip
    assert {_key(one) for one in read} == expected
    assert 0 < len(expected) < shared.front.count(access, "orders")  # type: ignore[operator]


def test_long_orders_and_wide_products_are_read_whole(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    access = shared.connected()
    whole = {thing: {_key(r): r for r in records(shared.read(access, thing))} for thing in ("orders", "products")}
    from functions.connect import shopify_api

    original = shopify_api.query

    def small(name: str) -> str:
        return original(name).replace("first: 10)", "first: 1)").replace("first: 20)", "first: 1)").replace(
            "first: 100, after", "first: 1, after").replace("first: 200, after", "first: 1, after")  # fmt: skip

    monkeypatch.setattr(shopify_api, "query", small)
    shared.clock.advance(60)
    for thing in ("orders", "products"):
        page = shared.front.page(shared.at_now(access), thing, None, None)
        shared.clock.advance(60)
        assert len(page.records) > 5
        assert all(whole[thing][_key(record)] == record for record in page.records)


def test_a_bulk_operation_gives_the_same_records_wherever_it_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as made:
        access = made.connected()
        monkeypatch.setattr(client, "BULK_FROM", 10_000)
        paged = {thing: {_key(r): r for r in records(made.read(access, thing))} for thing in THINGS}
        monkeypatch.setattr(client, "BULK_FROM", 1)
        monkeypatch.setattr(shopify_bulk, "CHUNK", 3_000)
        for thing in ("products", "customers", "orders"):
            pages = made.read(access, thing)
            assert pages[0].cursor is not None and pages[0].cursor.startswith("bulk:")
            assert len(pages) > 5
            read = records(pages)
            assert len(read) == len(paged[thing])
            assert {_key(one): one for one in read} == paged[thing]
            # Any page again, from its cursor alone.
            again = made.front.page(access, thing, pages[3].cursor, None)
            assert again == pages[4]


def test_reading_goes_on_by_pages_when_the_bulk_operation_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(20, 60) as made:
        access = made.connected()
        monkeypatch.setattr(client, "BULK_FROM", 1)
        first = made.front.page(access, "orders", None, None)
        for operation in made.platform.state.bulks.values():
            operation.canceled = True
        second = made.front.page(access, "orders", first.cursor, None)
        assert (second.cursor, list(second.records)) == ("page:", [])
        assert made.front.page(access, "orders", second.cursor, None).records


@pytest.mark.parametrize("kind", ["429", "500", "truncate"])
def test_faults_lose_nothing_and_repeat_nothing(kind: str) -> None:
    with world() as made:
        access = made.connected()
        made.faults.set("shopify", kind, 0.3, seed=5)  # type: ignore[arg-type]
        for thing in THINGS:
            read: list[Any] = []
            cursor, failures = None, 0
            while True:
                try:
                    page = made.front.page(made.at_now(access), thing, cursor, None)
                except Unavailable as error:
                    failures += 1
                    made.clock.advance(getattr(error, "wait", 1.0))
                    assert failures < 200
                    continue
                read += page.records
                made.clock.advance(page.wait)
                cursor = page.cursor
                if cursor is None:
                    break
            assert len({_key(one) for one in read}) == len(read)
            made.faults.clear()
            expected = made.front.count(access, thing)
            made.faults.set("shopify", kind, 0.3, seed=6)  # type: ignore[arg-type]
            unpaid = sum(o.platform == "shopify" and not _paid(o) for o in made.shop.orders.values())
            assert len(read) == (expected or 0) - (unpaid if thing == "orders" else 0)


def test_waiting_as_told_never_meets_the_throttle() -> None:
    with world(200, 1500) as made:
        access = made.connected()
        pages = made.read(access, "orders", made.clock() - timedelta(days=3000))
        assert sum(page.wait for page in pages) > 10
        assert sum(len(page.records) for page in pages) > 600


def test_without_waiting_the_throttle_says_how_long() -> None:
    with world(200, 1500) as made:
        access = made.connected()
        cursor = None
        with pytest.raises(Throttled) as told:
            for _ in range(500):
                cursor = made.front.page(access, "orders", cursor, made.clock() - timedelta(days=3000)).cursor
        assert 0 < told.value.wait < 20
        made.clock.advance(told.value.wait)
        assert made.front.page(access, "orders", cursor, made.clock() - timedelta(days=3000)).records


def test_an_app_without_protected_customer_data_reads_the_rest() -> None:
    with world(30, 60) as made:
        access = made.connected()
        made.platform.state.personal = False
        people = records(made.read(access, "customers"))
        assert people
        assert all(isinstance(r, CustomerRecord) and (r.person.email, r.person.name) == (None, None) for r in people)
        orders = records(made.read(access, "orders"))
        assert any(isinstance(r, OrderRecord) and r.person is None for r in orders)
        assert all(isinstance(r, OrderRecord) and r.total > 0 for r in orders)


def test_a_revoked_token_and_a_missing_scope_are_told_apart() -> None:
    with world(10, 10) as made:
        access = made.connected()
        made.faults.set("shopify", "revoke", 1.0)
        with pytest.raises(Revoked):
            made.front.page(access, "products", None, None)
        made.faults.clear()
        few = made.http.post(f"{made.running.base_url}/control/shopify/token", json={"scopes": ["read_products"]})
        poor = made.access(access.secrets.refreshed(access_token=few.json()["access_token"]))
        assert made.front.page(poor, "products", None, None).records
        with pytest.raises(Rejected) as told:
            made.front.page(poor, "customers", "page:", None)
        assert not isinstance(told.value, Revoked)
        with pytest.raises(Rejected):
            made.front.test(poor)


def test_a_shop_that_hangs_is_unavailable() -> None:
    with world(10, 10) as made:
        access = made.connected()
        made.http.timeout = 0.1
        made.faults.set("shopify", "timeout", 1.0)
        with pytest.raises(Unavailable):
            made.front.page(access, "products", None, None)


def test_every_kind_of_webhook_is_understood(shared: World) -> None:
    access = shared.connected()
    payloads = Payloads(shared.shop, personal=True)
    heard: list[tuple[Change, str, dict[str, Any]]] = []
    stop = shared.shop.listen(lambda change: heard.extend((change, *said) for said in payloads.messages(change)))
    order = shared.shop.act("order", "shopify")
    assert isinstance(order, Order)
    shared.shop.act("refund", "shopify", order_id=order.id)
    shared.shop.act("cancel", "shopify", order_id=order.id)
    shared.shop.act("delete_order", "shopify", order_id=order.id)
    shared.shop.act("cart", "shopify")
    shared.shop.act("price")
    shared.shop.act("delete_product")
    shared.shop.act("consent", "shopify")
    shared.shop.act("consent", "shopify", channel="sms")
    shared.shop.act("merge", "shopify")
    for what in ("data_request", "redact", "shop_redact"):
        shared.shop.act(what, "shopify")
    stop()
    said = [(topic, shared.front.understand(_event(change, topic, body), access)) for change, topic, body in heard]
    topics = {topic for topic, _ in said}
    assert topics >= {
        "refunds/create", "orders/delete", "products/update", "products/delete", "customers/merge",
        "customers_email_marketing_consent/update", "customers_marketing_consent/update", "customers/delete",
        "customers/redact", "customers/data_request", "shop/redact", "checkouts/create",
    }  # fmt: skip
    for topic, hook in said:
        kinds = [type(record) for record in hook.records]
        if topic == "customers/merge":
            assert kinds == [LinkRecord]
        elif topic.endswith("/delete"):
            assert kinds == [DeletedRecord]
        elif topic == "customers/redact":
            assert set(kinds) == {DeletedRecord} and all(r.redact for r in hook.records)  # type: ignore[union-attr]
        elif topic == "shop/redact":
            assert hook.uninstalled and hook.forget
        elif topic == "customers/data_request":
            assert hook.note and not hook.records
        else:
            assert hook.read or kinds[0] in (OrderRecord, CartRecord, ProductRecord)


def test_a_wish_to_be_forgotten_by_address_alone_finds_the_guest(shared: World) -> None:
    def told(customer: dict[str, Any]) -> list[str]:
        change = Change("customers", "redact", 1, shared.clock(), frozenset(("shopify",)))
        event = _event(change, "customers/redact", {"shop_domain": "x", "customer": customer, "orders_to_redact": []})
        hook = shared.front.understand(event, shared.access())
        assert all(isinstance(one, DeletedRecord) and one.redact and one.what == "customer" for one in hook.records)
        return [_key(one) for one in hook.records]

    assert told({"email": "Jane@Example.com"}) == ["email:jane@example.com"]
    assert told({"id": 12, "email": "jane@example.com"}) == ["12", "email:jane@example.com"]
    assert told({"id": 12, "email": None, "phone": None}) == ["12"]
    assert told({}) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(1, 400))
def test_a_bulk_result_cut_anywhere_gives_each_thing_once_and_whole(children: list[int], step: int) -> None:
    rows: list[dict[str, object]] = []
    for number, count in enumerate(children):
        rows.append({"id": f"gid://shopify/Order/{number}", "name": "名" * number})
        rows += [
            {"id": f"gid://shopify/LineItem/{number}{one}", "__parentId": f"gid://shopify/Order/{number}"}
            for one in range(count)
        ]
    raw = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    offset, length, seen = 0, step, list[tuple[str, int]]()
    while offset < len(raw):
        part = raw[offset : offset + length]
        nodes, used = shopify_bulk.whole(part, offset + len(part) >= len(raw))
        seen += [(str(node["id"]), len(node["lineItems"]["nodes"])) for node in nodes]
        offset, length = offset + used, length * 2 if used == 0 else step
    assert seen == [(f"gid://shopify/Order/{number}", count) for number, count in enumerate(children)]


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"id": null}', '{"id": {"x": 1}, "updated_at": 5}'])
@pytest.mark.parametrize("topic", ["orders/updated", "products/update", "checkouts/update", "customers/merge", "x/y"])
def test_a_body_that_makes_no_sense_is_passed_over(shared: World, topic: str, body: str) -> None:
    event = WebhookEvent(
        connection_id="shopify-1", platform="shopify", topic=topic, body=body, received_at=shared.clock()
    )
    hook = shared.front.understand(event, shared.access())
    assert not hook.records and not hook.uninstalled


def test_subscriptions_exist_once_and_come_back() -> None:
    with world(10, 10) as made:
        access = made.connected()
        callback = "https://timbre.example/webhooks/shopify/shopify-1"
        first = made.front.subscribe(access, callback)
        assert {one.status for one in first} == {"active"}
        assert made.front.subscribe(access, callback) == first
        assert len(made.platform.state.subscriptions) == len(first)
        made.platform.state.subscriptions.pop(next(iter(made.platform.state.subscriptions)))
        assert {one.status for one in made.front.subscribe(access, callback)} == {"active"}
        assert len(made.platform.state.subscriptions) == len(first)
        made.front.unsubscribe(access, callback)
        assert not made.platform.state.subscriptions


def test_errors_say_what_to_do_in_both_languages() -> None:
    with world(10, 10) as made, pytest.raises(ConnectError) as told:
        made.front.test(made.access(made.access().secrets.refreshed(access_token="shpat_wrong")))
    assert told.value.en and told.value.zh and "shpat" not in str(told.value)
