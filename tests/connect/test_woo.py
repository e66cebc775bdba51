"""WooCommerce: our client against the simulated shop, over HTTP."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from functions.connect.storefront import Page, Rejected, Revoked, Storefront, Throttled, Unavailable
from functions.connect.woocommerce import TOPICS, WooCommerce
from schema.connections import Thing
from schema.records import CustomerRecord, DeletedRecord, FeedbackRecord, OrderRecord, ProductRecord
from tests.connect.woo import START, Listener, Woo, answering, woo


@pytest.fixture(scope="module")
def still() -> Iterator[Woo]:
    with woo() as made:
        yield made


@pytest.fixture
def busy() -> Iterator[Woo]:
    with woo(customers=20, orders=40) as made:
        yield made


def test_it_is_a_storefront() -> None:
    found: Storefront = WooCommerce()
    assert {one.thing: one.given for one in found.gives()}["carts"] == "no"


def test_the_test_read_names_the_shop(still: Woo) -> None:
    info = still.client.test(still.access)
    assert (info.name, info.currency, info.zone) == ("Alder &amp; Co", "USD", "America/New_York")
    wrong = replace(still.access, secrets=still.access.secrets.refreshed(consumer_secret="cs_" + "0" * 40))
    with pytest.raises(Rejected, match="does not accept") as refused:
        still.client.test(wrong)
    assert refused.value.field == "consumerKey" and not isinstance(refused.value, Revoked)
    with pytest.raises(Revoked):
        still.client.page(wrong, "orders", None, None)


@pytest.mark.parametrize("thing", ["customers", "orders", "products", "reviews"])
def test_a_page_equals_a_single_read(still: Woo, thing: Thing) -> None:
    records = still.all(thing)
    assert records
    for record in records:
        number = record.person.key if isinstance(record, CustomerRecord) else record.id  # type: ignore[union-attr]
        assert list(still.client.one(still.access, thing, str(number))) == [record]


def test_everything_is_read(still: Woo) -> None:
    customers = still.all("customers")
    accounts = {str(one.id) for one in still.shop.customers.values() if "woo" in one.platforms}
    assert {one.person.key for one in customers if isinstance(one, CustomerRecord)} == accounts
    placed = {str(o.id): o for o in still.shop.orders.values() if o.platform == "woo"}
    orders = {one.id: one for one in still.all("orders") if isinstance(one, OrderRecord)}
    assert set(orders) == {number for number, o in placed.items() if o.status != "pending"}
    for number, record in orders.items():
        order = placed[number]
        assert (record.total, record.refunded, record.tax, record.shipping) == (
            order.total,
            order.refunded,
            order.tax,
            order.shipping,
        )
        assert record.placed_at == order.placed_at
        assert sum(line.quantity for line in record.lines) == record.items == sum(o.quantity for o in order.lines)
        assert record.discount_codes == [code.lower() for code in order.codes]
        # Lines before discounts and tax, less the discount, plus tax and shipping: to the cent what was paid.
        goods = sum((line.price or 0) * line.quantity for line in record.lines)
        rounding = sum(line.quantity for line in record.lines)
        assert abs(goods - record.discount + record.tax + record.shipping - record.total) <= rounding
    assert still.client.count(still.access, "orders") == len(orders)
    products = {one.id: one for one in still.all("products") if isinstance(one, ProductRecord)}
    for product in still.shop.products.values():
        told = products[str(product.id)]
        assert told.price == min(v.price for v in product.variants)
        assert told.stock == sum(v.stock for v in product.variants)
        assert told.status == ("active" if product.status == "active" else "hidden")
        assert told.currency == "USD" and "&amp;" not in (told.title or "")
    reviews = [one for one in still.all("reviews") if isinstance(one, FeedbackRecord)]
    assert len(reviews) == len(still.shop.reviews)


def test_guests_are_their_address_and_accounts_their_id(still: Woo) -> None:
    for record in still.all("orders"):
        assert isinstance(record, OrderRecord) and record.person
        order = still.shop.orders[int(record.id)]
        if order.customer_id is None:
            assert record.person.guest and record.person.key == f"email:{record.person.email}"
        else:
            assert record.person.key == str(order.customer_id)
            assert not record.person.guest and record.person.email is None


def test_reading_since_reads_what_changed(busy: Woo) -> None:
    before = len(busy.all("orders"))
    busy.clock.advance(60)
    placed = busy.shop.act("order", "woo")
    found = busy.all("orders", since=START)
    assert before > 1 and placed is not None
    assert str(placed.id) in {one.id for one in found if isinstance(one, OrderRecord)}
    late = [one for one in found if isinstance(one, OrderRecord) and one.version < START.timestamp() * 1000]
    assert not late


@pytest.mark.parametrize("seed", range(6))
def test_paging_neither_skips_nor_repeats_while_the_list_changes(seed: int) -> None:
    draw = random.Random(seed)
    with woo(customers=260, orders=700, seed=seed + 1) as made:
        things: tuple[Thing, ...] = ("customers", "orders")
        for thing in things:
            seen: dict[str, int] = {}
            cursor: str | None = None
            there = (
                {str(one.id) for one in made.shop.customers.values() if "woo" in one.platforms}
                if thing == "customers"
                else {str(one.id) for one in made.shop.orders.values() if one.platform == "woo"}
            )
            for _ in range(200):
                page: Page = made.client.page(made.access, thing, cursor, None)
                for number in page.ids:
                    seen[number] = seen.get(number, 0) + 1
                cursor = page.cursor
                if cursor is None:
                    break
                made.clock.advance(1)
                for _ in range(draw.randrange(12)):
                    if thing == "orders":
                        what = draw.choice(["order", "ship", "refund", "delete_order"])
                        made.shop.act(what, "woo")
                    else:
                        made.shop.act(draw.choice(["customer", "edit_customer", "delete_customer"]), "woo")
            held = made.shop.customers if thing == "customers" else made.shop.orders
            gone = {number for number in there if int(number) not in held}
            if thing == "customers":
                gone |= {n for n in there - gone if "woo" not in made.shop.customers[int(n)].platforms}
            assert there - gone <= set(seen), "something was skipped"
            if thing == "customers":
                assert set(seen.values()) == {1}, "something came twice"


def test_many_things_of_one_second(busy: Woo) -> None:
    for _ in range(230):
        busy.shop.act("order", "woo")
    ids: list[str] = []
    cursor: str | None = None
    for _ in range(20):
        page = busy.client.page(busy.access, "orders", cursor, None)
        ids += page.ids
        cursor = page.cursor
        if cursor is None:
            break
    assert len(ids) == len(set(ids)) == sum(o.platform == "woo" for o in busy.shop.orders.values())


def test_a_shop_without_sorting_by_change_is_read_by_id(still: Woo) -> None:
    def older(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("orderby") == "modified":
            return httpx.Response(400, json={"code": "rest_invalid_param", "message": "", "data": {"status": 400}})
        url = str(request.url).replace("https://shop.example", still.store)
        return still.access.http.get(url, headers={"Authorization": request.headers["Authorization"]})

    access = answering(still.access, older)
    page = still.client.page(access, "orders", None, None)
    assert page.ids == sorted(page.ids, key=int) and page.records


def test_products_with_variations_cost_little_at_once(still: Woo) -> None:
    asked: list[int] = []

    def take(operation: str, rate: float, burst: float) -> float:
        asked.append(1)
        return 0.0 if len(asked) % 7 else 1.5

    access = replace(still.access, take=take)
    ids: list[str] = []
    waits: list[float] = []
    cursor: str | None = None
    for _ in range(60):
        try:
            page = still.client.page(access, "products", cursor, None)
        except Throttled as told:
            waits.append(told.wait)
            continue
        ids += page.ids
        waits.append(page.wait)
        cursor = page.cursor
        if cursor is None:
            break
    assert len(ids) == len(set(ids)) == len(still.shop.products)
    assert 1.5 in waits


@pytest.mark.parametrize("kind", ["429", "500", "timeout", "truncate"])
def test_faults_are_told_and_can_be_tried_again(busy: Woo, kind: str) -> None:
    busy.faults.set("woo", kind, 1.0)  # type: ignore[arg-type]
    with pytest.raises(Unavailable) as told:
        busy.client.page(busy.access, "orders", None, None)
    if kind == "429":
        assert isinstance(told.value, Throttled) and told.value.wait == 2.0
    assert busy.access.secrets.consumer_key not in str(told.value)
    busy.faults.clear()
    busy.client.page(busy.access, "orders", None, None)


def test_a_flaky_shop_is_read_whole(busy: Woo) -> None:
    for place, kind in enumerate(("429", "500", "truncate")):
        busy.faults.set("woo", kind, 0.25, seed=place)  # type: ignore[arg-type]
    ids: list[str] = []
    cursor: str | None = None
    for _ in range(300):
        try:
            page = busy.client.page(busy.access, "orders", cursor, None)
        except Unavailable:
            continue
        ids += page.ids
        cursor = page.cursor
        if cursor is None:
            break
    assert len(ids) == len(set(ids)) == sum(o.platform == "woo" for o in busy.shop.orders.values())


def test_revoked_keys_need_a_person(busy: Woo) -> None:
    busy.faults.set("woo", "revoke", 1.0)
    with pytest.raises(Revoked):
        busy.client.page(busy.access, "orders", None, None)


def test_a_host_that_drops_the_header_gets_the_keys_in_the_query_over_https_only(still: Woo) -> None:
    calls: list[httpx.Request] = []

    def deaf(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if "consumer_key" not in request.url.params:
            body = {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot list resources."}
            return httpx.Response(401, json=body)
        return httpx.Response(200, json=[])

    still.client.page(answering(still.access, deaf, "https://deaf.example"), "customers", None, None)
    assert [("consumer_key" in call.url.params) for call in calls] == [False, True]
    assert "authorization" not in calls[1].headers
    still.client.page(answering(still.access, deaf, "https://deaf.example"), "customers", None, None)
    assert len(calls) == 3
    with pytest.raises(Revoked):
        still.client.page(answering(still.access, deaf, "http://127.0.0.1:1"), "customers", None, None)
    assert len(calls) == 4


def test_connecting_through_the_shops_own_page(busy: Woo) -> None:
    listener = Listener()
    try:
        url = busy.client.authorize_url(
            busy.access.endpoints,
            busy.access.secrets.app,
            busy.store,
            "one-time",
            f"{listener.url}/cb",
            f"{listener.url}/b",
        )
        http = httpx.Client(follow_redirects=False)
        page = http.get(url)
        assert 'id="allow"' in page.text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        answer = http.post(f"{busy.store}/wc-auth/v1/access_granted", data=fields)
        assert answer.headers["location"] == f"{listener.url}/b?success=1&user_id=one-time"
        body = json.loads(listener.wait(1)[0].body)
        assert body["user_id"] == "one-time"
        secrets = busy.client.exchange(busy.access, body, "", f"{listener.url}/cb")
        assert secrets.scopes == ("read_write",)
        assert busy.client.test(replace(busy.access, secrets=secrets)).currency == "USD"
        with pytest.raises(Rejected):
            busy.client.exchange(busy.access, body | {"key_permissions": "read"}, "", "")
        # Answered with anything but 200, the keys are gone.
        listener.status = 204
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', http.get(url).text))
        assert http.post(f"{busy.store}/wc-auth/v1/access_granted", data=fields).status_code == 401
        lost = busy.client.exchange(busy.access, json.loads(listener.wait(2)[1].body), "", "")
        with pytest.raises(Rejected):
            busy.client.test(replace(busy.access, secrets=lost))
    finally:
        listener.close()


def test_subscribing_is_repeatable_and_brings_back_what_was_given_up(busy: Woo) -> None:
    listener = Listener()
    callback = f"{listener.url}/webhooks/woocommerce/w1"
    try:
        first = busy.client.subscribe(busy.access, callback)
        assert {one.topic for one in first} == set(TOPICS) and all(one.status == "active" for one in first)
        assert [one.external_id for one in busy.client.subscribe(busy.access, callback)] == [
            one.external_id for one in first
        ]
        # Two that mean the same, made by two workers at once: the younger goes.
        url = f"{busy.store}/wp-json/wc/v3/webhooks"
        auth = (busy.access.secrets.consumer_key, busy.access.secrets.consumer_secret)
        busy.access.http.post(url, auth=auth, json={"topic": "order.created", "delivery_url": callback})
        number = first[0].external_id
        busy.access.http.put(f"{url}/{number}", auth=auth, json={"status": "disabled"})
        again = busy.client.subscribe(busy.access, callback)
        assert [one.external_id for one in again] == [one.external_id for one in first]
        assert [one.topic for one in again if one.status == "disabled"] == [first[0].topic]
        assert all(one.status == "active" for one in busy.client.subscribe(busy.access, callback))
        assert len(busy.access.http.get(url, auth=auth, params={"per_page": 100}).json()) == len(TOPICS)
        read_only = busy.access.http.get(f"{busy.running.base_url}/control/woo/keys?permissions=read").json()
        keys = busy.access.secrets.refreshed(
            consumer_key=read_only["consumer_key"], consumer_secret=read_only["consumer_secret"]
        )
        with pytest.raises(Rejected, match="may only read"):
            busy.client.subscribe(replace(busy.access, secrets=keys), "https://other.example/")
        busy.client.unsubscribe(busy.access, callback)
        assert busy.access.http.get(url, auth=auth).json() == []
    finally:
        listener.close()


def test_webhooks_say_what_the_api_says(busy: Woo) -> None:
    listener = Listener()
    try:
        busy.client.subscribe(busy.access, f"{listener.url}/hook")
        pings = listener.wait(len(TOPICS))
        for ping in pings:
            assert busy.client.unsigned(ping.headers, ping.body)
            assert busy.client.topic(ping.headers, ping.body) == "ping"
            assert not busy.client.verify(busy.access.secrets, ping.headers, ping.body, "", "POST", START)
        placed = busy.shop.act("order", "woo", status="paid")
        assert placed is not None
        (created,) = listener.wait(1, topic="order.created")
        assert len(listener.wait(3, topic="order.updated")) == 3
        assert busy.client.verify(busy.access.secrets, created.headers, created.body, "", "POST", START)
        assert not busy.client.verify(busy.access.secrets, created.headers, created.body + b" ", "", "POST", START)
        for call in listener.heard[len(pings) :]:
            topic = busy.client.topic(call.headers, call.body)
            hook = busy.client.understand(busy.event(topic, call.body), busy.access)
            if hook.read:
                records = busy.client.one(busy.access, *hook.read)
            else:
                records = hook.records
            number = str(json.loads(call.body)["id"])
            thing: Thing = "orders" if topic.startswith("order") else "products"
            paged = [one for one in busy.all(thing) if getattr(one, "id", "") == number]
            assert list(records) == paged == list(busy.client.one(busy.access, thing, number))
        edited = busy.shop.act("edit_customer", "woo")
        assert edited is not None
        (told,) = listener.wait(1, topic="customer.updated")
        hook = busy.client.understand(busy.event("customer.updated", told.body), busy.access)
        assert list(hook.records) == list(busy.client.one(busy.access, "customers", str(edited.id)))
    finally:
        listener.close()


def test_what_was_deleted_is_asked_for_first(busy: Woo) -> None:
    gone = next(o for o in busy.shop.orders.values() if o.platform == "woo")
    raw = json.dumps({"id": gone.id}).encode()
    early = busy.client.understand(busy.event("order.deleted", raw), busy.access)
    assert [one.kind for one in early.records] == ["order"], "a late message about something that is there again"
    busy.shop.drop("orders", gone.id)
    hook = busy.client.understand(busy.event("order.deleted", raw), busy.access)
    (record,) = hook.records
    assert isinstance(record, DeletedRecord) and (record.what, record.id) == ("order", str(gone.id))
    assert busy.client.one(busy.access, "orders", str(gone.id)) == ()
    busy.faults.set("woo", "500", 1.0)
    (told,) = busy.client.understand(busy.event("order.deleted", raw), busy.access).records
    assert told.kind == "deleted", "the shop cannot be asked: its signed word is enough"


def test_a_rotated_secret_reaches_the_shop(busy: Woo) -> None:
    listener = Listener()
    try:
        busy.client.subscribe(busy.access, f"{listener.url}/hook")
        secrets = busy.access.secrets.refreshed(webhook_secrets=("new &amp; better", "woo-dev-secret"))
        busy.client.subscribe(replace(busy.access, secrets=secrets), f"{listener.url}/hook")
        busy.shop.act("edit_customer", "woo")
        (call,) = listener.wait(1, topic="customer.updated")
        alone = secrets.refreshed(webhook_secrets=("new &amp; better",))
        assert busy.client.verify(alone, call.headers, call.body, "", "POST", START)
        assert not busy.client.verify(busy.access.secrets, call.headers, call.body, "", "POST", START)
    finally:
        listener.close()
