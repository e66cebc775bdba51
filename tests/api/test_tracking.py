"""The tracking API: every endpoint, limit and refusal, and what each event becomes."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.api.http import LARGEST_BODY, Request
from functions.api.people import hash_of
from functions.api.tracking import handle
from functions.ingest.intake import take_in
from schema.clock import milliseconds
from schema.flow import World
from schema.records import (
    CustomerRecord,
    DeletedRecord,
    EventRecord,
    FeedbackRecord,
    OrderRecord,
    Origin,
    PlatformEvents,
)
from tests.api.driver import IDENTITY_KEY, NOW, Api
from tests.faults import Crash, CrashingStore

AT = "2026-03-02T09:59:00.000Z"
ORDER = {
    "order_id": "1001",
    "total": 30.5,
    "tax": 2.5,
    "shipping": "5.00",
    "discount": 1,
    "coupon": "SPRING",
    "currency": "eur",
    "products": [{"product_id": "p1", "name": "Tea", "price": 11.5, "quantity": 2}],
}


def said(**fields: Any) -> dict[str, Any]:
    return {"messageId": "m1", "timestamp": AT, "userId": "u7", **fields}


@pytest.fixture
def api() -> Api:
    return Api()


def one(api: Api) -> Any:
    [record] = api.records()
    return record


# --- what events become ---


@pytest.mark.parametrize("route", ["track", "t"])
def test_an_order_becomes_an_order(api: Api, route: str) -> None:
    answer = api.send(api.key(), route, said(event="Order Completed", properties=ORDER))
    assert (answer.status, json.loads(answer.body)) == (200, {"success": True})
    record = one(api)
    assert isinstance(record, OrderRecord) and record.person
    assert (record.id, record.total, record.tax, record.shipping, record.discount) == ("1001", 3050, 250, 500, 100)
    assert (record.currency, record.discount_codes, record.items, record.channel) == ("EUR", ["SPRING"], 2, "website")
    assert (record.lines[0].product_id, record.lines[0].title, record.lines[0].price) == ("p1", "Tea", 1150)
    assert (record.person.key, record.placed_at) == ("u7", datetime(2026, 3, 2, 9, 59, tzinfo=UTC))


def test_identify_sets_the_profile_and_consent(api: Api) -> None:
    traits = {
        "email": "ann@example.com", "firstName": "Ann", "lastName": "Lee", "birthday": "1990-05-01T00:00:00Z",
        "gender": "F", "address": {"city": "Bath", "country": "gb"}, "tags": ["vip", 3],
        "consent": {"email": True, "sms": {"status": "denied", "at": "2026-01-01T00:00:00Z", "source": "form"}},
        "profiling": False,
    }  # fmt: skip
    api.send(api.key(), "identify", said(anonymousId="a1", traits=traits, context={"locale": "en-GB"}))
    record = one(api)
    assert isinstance(record, CustomerRecord)
    person = record.person
    assert (person.email, person.name, person.birth_date, person.gender) == (
        "ann@example.com", "Ann Lee", "1990-05-01", "female",
    )  # fmt: skip
    assert (person.country, person.address, person.tags, person.language) == ("GB", "Bath, gb", ["3", "vip"], "en-GB")
    assert [(claim.kind, claim.value) for claim in person.identities] == [("anonymous", "a1")]
    assert {change.channel: change.status for change in record.consent} == {"email": "granted", "sms": "denied"}
    assert record.profiling == "opted out"


@pytest.mark.parametrize(
    ("event", "properties", "kind", "title"),
    [
        ("Product Viewed", {"name": "Tea", "product_id": "p1"}, "product_viewed", "Tea"),
        ("Products Searched", {"query": "green tea"}, "search", "green tea"),
        ("Product Added", {"name": "Tea"}, "cart", "Tea"),
        ("Cart Viewed", {}, "cart", "Cart Viewed"),
        ("Checkout Started", {}, "checkout", "Checkout Started"),
        ("Signed Up", {}, "signup", "Signed Up"),
        ("Quiz_Taken", {"score": 3, "deep": {"a": 1}}, "custom", "Quiz_Taken"),
    ],
)
def test_events(api: Api, event: str, properties: dict[str, Any], kind: str, title: str) -> None:
    api.send(
        api.key("browser"), "track", {"messageId": "m1", "anonymousId": "a1", "event": event, "properties": properties}
    )
    record = one(api)
    assert isinstance(record, EventRecord)
    assert (record.event, record.title, record.id, record.person.key) == (kind, title, "public:m1", "anonymous:a1")
    assert record.product == properties.get("product_id")


def test_a_page_keeps_no_query_that_may_name_a_person(api: Api) -> None:
    url = "https://shop.example/tea?utm_source=mail&email=ann%40example.com&token=1#top"
    api.send(api.key("browser"), "page", {"anonymousId": "a1", "properties": {"title": "Tea", "url": url}})
    record = one(api)
    assert (record.event, record.title, record.url) == ("page", "Tea", "https://shop.example/tea?utm_source=mail")


@pytest.mark.parametrize("event", ["feedback", "Feedback Submitted", "Product Reviewed"])
def test_words(api: Api, event: str) -> None:
    api.send(api.key(), "track", said(event=event, properties={"text": "很好", "rating": "5", "product_id": "p1"}))
    record = one(api)
    assert isinstance(record, FeedbackRecord)
    assert (record.text, record.rating, record.product) == ("很好", 5, "p1")
    assert record.words == ("review" if event == "Product Reviewed" else "message")


def test_alias_and_group(api: Api) -> None:
    key = api.key()
    api.send(key, "alias", said(previousId="old-anonymous"))
    assert [(claim.kind, claim.value) for claim in one(api).person.identities] == [("anonymous", "old-anonymous")]
    api.send(key, "group", said(groupId="g1", traits={"name": "Acme"}))
    assert one(api).person.tags == ["company: Acme"]


def test_a_user_id_that_looks_like_a_guest_stays_apart(api: Api) -> None:
    api.send(api.key(), "page", said(userId="email:victim@example.com"))
    assert one(api).person.key == "user:email:victim@example.com"


def test_a_guest_is_known_by_the_address_of_the_order(api: Api) -> None:
    properties = {**ORDER, "email": "Ann@Example.com"}
    api.send(api.key(), "track", said(userId=None, anonymousId="a1", event="Order Completed", properties=properties))
    known, order = sorted(api.records(), key=lambda record: record.kind)
    assert isinstance(known, CustomerRecord) and isinstance(order, OrderRecord) and order.person
    assert (order.person.key, order.person.guest, order.person.email) == ("email:ann@example.com", True, None)
    assert (known.person.key, known.person.email, known.person.identities) == (
        "email:ann@example.com", "ann@example.com", [],
    )  # fmt: skip


# --- orders in parts ---


def order_events(user: str = "u7") -> list[dict[str, Any]]:
    def event(name: str, minute: int, **properties: Any) -> dict[str, Any]:
        return {
            "type": "track", "messageId": f"{name} {minute}", "userId": user, "event": name,
            "timestamp": f"2026-03-02T09:{minute:02}:00Z", "properties": {"order_id": "1001", **properties},
        }  # fmt: skip

    return [
        event("Order Completed", 1, total=30, currency="EUR"),
        event("Order Updated", 2, total=40, currency="EUR"),
        event("Order Refunded", 3, total=5, currency="EUR"),
        event("Order Refunded", 4, total=7, currency="EUR"),
    ]


def test_an_order_is_the_same_however_its_parts_arrive() -> None:
    finals = set()
    for seed in range(30):
        rng, api = random.Random(seed), Api()
        key = api.key()
        events = [event for event in order_events() for _ in range(rng.randint(1, 3))]
        rng.shuffle(events)
        while events:
            size = rng.randint(1, 3)
            api.send(key, "batch", {"batch": events[:size], "sentAt": "2026-03-02T10:00:00Z"})
            events = events[size:]
        orders = api.records()
        newest = max(orders, key=lambda record: record.version)
        assert isinstance(newest, OrderRecord)
        # The fullest order has the largest version: no earlier one can win over it.
        assert {record.model_dump_json() for record in orders if record.version == newest.version} == {
            newest.model_dump_json()
        }
        finals.add(newest.model_dump_json())
    assert len(finals) == 1
    final = OrderRecord.model_validate_json(finals.pop())
    assert (final.total, final.refunded, final.status, final.placed_at.minute) == (4000, 1200, "paid", 1)


@pytest.mark.parametrize(
    ("more", "status", "refunded"),
    [
        ({"event": "Order Refunded", "properties": {"order_id": "1001"}}, "refunded", 3050),
        ({"event": "Order Cancelled", "properties": {"order_id": "1001"}}, "cancelled", 0),
        (
            {"event": "Order Refunded", "properties": {"order_id": "1001", "products": [{"price": 4, "quantity": 2}]}},
            "paid",
            800,
        ),
    ],
)
def test_refunds_and_cancellations(api: Api, more: dict[str, Any], status: str, refunded: int) -> None:
    key = api.key()
    api.send(key, "track", said(event="Order Completed", properties=ORDER))
    api.send(key, "track", said(messageId="m2", **more))
    record = api.records()[-1]
    assert isinstance(record, OrderRecord)
    assert (record.status, record.refunded, record.total) == (status, refunded, 3050)


def test_a_refund_of_an_order_nobody_told_waits_for_it(api: Api) -> None:
    key = api.key()
    api.send(key, "track", said(messageId="m2", event="Order Refunded", properties={"order_id": "1001"}))
    assert api.records() == []
    api.send(key, "track", said(event="Order Completed", properties=ORDER))
    newest = max(api.records(), key=lambda record: record.version)
    assert isinstance(newest, OrderRecord) and newest.status == "refunded"
    assert newest.person and newest.person.key == "u7"


def test_a_refund_need_not_name_the_buyer(api: Api) -> None:
    key = api.key(channel="pos")
    sale = {"anonymousId": "till-1", "messageId": "m1", "event": "Order Completed", "timestamp": AT}
    api.send(key, "track", {**sale, "properties": {**ORDER, "phone": "+442079460958"}})
    refund = {"anonymousId": "till-1", "messageId": "m2", "event": "Order Refunded", "properties": {"order_id": "1001"}}
    # The sale is not digested yet: the client is told to try again, and nothing is lost.
    [(_, told)] = api.bus.take()
    assert api.send(key, "track", refund).status == 503 and api.bus.take() == []
    take_in(api.world, told)  # type: ignore[arg-type]
    api.bus.take()
    assert api.send(key, "track", refund).status == 200
    [order] = api.records()
    assert isinstance(order, OrderRecord) and order.person
    assert (order.person.key, order.person.guest, order.status) == ("phone:+442079460958", True, "refunded")


@pytest.mark.parametrize(
    "properties",
    [{"order_id": "1"}, {"total": -1, "currency": "USD"}, {"total": 1, "currency": "XXQ"}, {"total": "lots"}],
)
def test_an_order_without_an_amount_is_no_order(api: Api, properties: dict[str, Any]) -> None:
    api.send(api.key(), "track", said(event="Order Completed", properties=properties))
    assert api.records() == [] and api.counted() == {"order_incomplete": 1}


def test_the_shops_currency_where_the_till_names_none(api: Api) -> None:
    api.store.documents["settings/shop"] = ({"currency": "JPY"}, 1)
    api.send(api.key(channel="pos"), "track", said(event="Order Completed", properties={"order_id": "1", "total": 500}))
    assert (one(api).currency, api.bus.take()) == ("JPY", [])


# --- clocks and sessions ---


@pytest.mark.parametrize("wrong", [timedelta(0), timedelta(hours=-3), timedelta(days=400)])
def test_a_wrong_clock_is_set_right(api: Api, wrong: timedelta) -> None:
    happened = NOW - timedelta(minutes=5)
    body = {
        "userId": "u7", "originalTimestamp": (happened + wrong).isoformat(),
        "sentAt": (NOW + wrong - timedelta(milliseconds=300)).isoformat(),
    }  # fmt: skip
    api.send(api.key(), "page", body)
    assert abs(one(api).at - happened) <= timedelta(seconds=5)


def test_sending_again_later_gives_the_same_time(api: Api) -> None:
    key, found = api.key(), set()
    for attempt in range(5):
        api.now = NOW + timedelta(minutes=attempt, milliseconds=700 * attempt)
        sent = NOW + timedelta(minutes=attempt) - timedelta(hours=2)
        body = said(timestamp="2026-03-02T07:50:00Z", sentAt=sent.isoformat())
        api.send(key, "page", body)
        found.add(one(api).model_dump_json())
    assert len(found) == 1


@pytest.mark.parametrize("timestamp", ["2031-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "soon", None, [], 1e300, True])
def test_an_impossible_time_becomes_now(api: Api, timestamp: Any) -> None:
    api.send(api.key(), "page", said(timestamp=timestamp))
    assert one(api).at == NOW


def test_a_session_named_by_the_client(api: Api) -> None:
    key = api.key("browser")
    for minute in (0, 50):
        body = {"anonymousId": "a1", "timestamp": f"2026-03-02T09:{minute:02}:00Z", "context": {"sessionId": 17}}
        api.send(key, "page", body)
    first, second = api.records()
    assert isinstance(first, EventRecord) and isinstance(second, EventRecord)
    assert first.session == second.session and first.session


# --- limits and refusals ---


def test_too_large_is_refused_as_segment_does(api: Api) -> None:
    key = api.key()
    assert api.send(key, "track", said(event="e", properties={"a": "x" * 33_000})).status == 400
    assert api.send(key, "batch", {"batch": [said(event="e", properties={"a": "x" * 600_000})]}).status == 400
    bomb = gzip.compress(b'{"a":"' + b"x" * (LARGEST_BODY * 4) + b'"}')
    assert api.send(key, "batch", bomb, {"content-encoding": "gzip"}).status == 400
    assert api.records() == []


def test_a_large_event_harms_no_other_of_its_batch(api: Api) -> None:
    batch = [
        {"type": "page", "messageId": "good", "userId": "u1"},
        {"type": "page", "messageId": "large", "userId": "u1", "properties": {"a": "x" * 40_000}},
        {"type": "track", "messageId": "nameless", "userId": "u1"},
        {"type": "dance", "userId": "u1"},
        {"type": "page", "messageId": "nobody"},
        "text",
        None,
        {"type": "page", "messageId": "strange", "userId": {"$gt": ""}, "properties": ["a"], "context": 7},
    ]
    assert api.send(api.key(), "batch", {"batch": batch}).status == 200
    assert [record.id for record in api.records()] == ["good"]  # type: ignore[union-attr]
    assert api.counted() == {
        "event_too_large": 1, "no_event_name": 1, "unknown_type": 1, "no_identity": 2, "unreadable_event": 2,
    }  # fmt: skip


def test_more_than_2500_events_are_not_looked_at(api: Api) -> None:
    batch = [{"type": "page", "messageId": str(n), "userId": "u1"} for n in range(2600)]
    assert api.send(api.key(), "batch", {"batch": batch}).status == 200
    assert (len(api.records()), api.counted()) == (2500, {"batch_too_long": 100})


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 5000, b'{"batch": NaN,}'])
def test_no_json(api: Api, body: bytes) -> None:
    answer = api.send(api.key(), "batch", body)
    assert answer.status == 400 and json.loads(answer.body)["success"] is False


@pytest.mark.parametrize("body", [b"\x1f\x8bnonsense", gzip.compress(b'{"batch": []}', mtime=0)[:-6], b"plain"])
def test_no_gzip(api: Api, body: bytes) -> None:
    assert api.send(api.key(), "batch", body, {"content-encoding": "gzip"}).status == 400


def test_gzip(api: Api) -> None:
    body = gzip.compress(json.dumps({"batch": [{"type": "page", "userId": "u1"}]}).encode())
    assert api.send(api.key(), "batch", body, {"content-encoding": "gzip"}).status == 200
    assert one(api).event == "page"


def test_a_beacon_says_text_plain_and_its_key_in_the_body_or_the_query(api: Api) -> None:
    key = api.key("browser")
    plain = {"content-type": "text/plain;charset=UTF-8"}
    assert api.send(None, "t", {"event": "e", "anonymousId": "a1", "writeKey": key}, plain).status == 200
    assert (
        api.send(None, "b", {"batch": [{"type": "page", "anonymousId": "a1"}]}, plain, query={"writeKey": key}).status
        == 200
    )
    assert len(api.records()) == 2


@pytest.mark.parametrize("key", [None, "", "tb_pub_nonsense", "x" * 5000, "a/b"])
def test_an_unknown_key(api: Api, key: str | None) -> None:
    assert api.send(key, "track", said(event="e")).status == 401
    assert api.records() == []


def test_a_disabled_key_ends_within_seconds(api: Api) -> None:
    made = api.act("key.create", name="n", kind="server")
    assert api.send(made["key"], "page", said()).status == 200
    api.act("key.disable", id=made["id"])
    api.now += timedelta(seconds=16)
    assert api.send(made["key"], "page", said()).status == 401


def test_origins(api: Api) -> None:
    key = api.key("browser", origins=["https://shop.example"])
    body = {"anonymousId": "a1"}
    assert api.send(key, "page", body, {"origin": "https://shop.example"}).status == 200
    assert api.send(key, "page", body, {"origin": "https://evil.example"}).status == 403
    assert api.send(key, "page", body).status == 403
    assert api.send(api.key(), "page", said(), {"origin": "https://shop.example"}).status == 403
    assert len(api.records()) == 1


def test_preflight_and_cors(api: Api) -> None:
    asked = {"origin": "https://shop.example", "access-control-request-headers": "authorization,content-type"}
    answer = handle(api.world, Request("OPTIONS", "/v1/t", asked), api.tracker)
    assert answer.status == 204 and answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert "authorization" in answer.headers["access-control-allow-headers"]
    refused = api.send("nonsense", "t", {}, {"origin": "https://shop.example"})
    assert refused.headers["access-control-allow-origin"] == "https://shop.example"


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/v1/track", 405), ("POST", "/v1/nothing", 404), ("POST", "/", 404),
    ("PUT", "/v1/projects/k/settings", 405),
    ("POST", "/v1/m", 200), ("GET", "/track/v1/projects/tb_pub_x/settings", 200),
])  # fmt: skip
def test_routes(api: Api, method: str, path: str, status: int) -> None:
    assert handle(api.world, Request(method, path, {}, b"{}"), api.tracker).status == status


def test_settings_point_at_this_api_and_send_no_metrics(api: Api) -> None:
    request = Request("GET", "/track/v1/projects/tb_pub_x/settings", {}, base="https://fn.example/track")
    body = json.loads(handle(api.world, request, api.tracker).body)
    assert body["integrations"]["Segment.io"]["apiHost"] == "fn.example/track/v1"
    assert body["metrics"]["sampleRate"] == 0


def test_one_address_is_slowed_down_and_another_is_not(api: Api) -> None:
    key = api.key("browser")
    batch = {"batch": [{"type": "page", "anonymousId": "a1", "messageId": str(n)} for n in range(100)]}
    answers = [api.send(key, "batch", batch) for _ in range(12)]
    assert answers[0].status == 200 and answers[-1].status == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert api.send(key, "batch", batch, address="198.51.100.9").status == 200
    api.now += timedelta(seconds=int(answers[-1].headers["retry-after"]) + 1)
    assert api.send(key, "batch", batch).status == 200


def test_the_shared_bucket_holds_for_all_processes(api: Api) -> None:
    key = api.key("browser")
    batch = {"batch": [{"type": "page", "anonymousId": "a1", "messageId": str(n)} for n in range(50)]}
    taken = 0
    for _ in range(8):
        api.fresh()
        while api.send(key, "batch", batch).status == 200:
            taken += 50
    # The shared bucket of 600, and a quarter of it for each of the eight processes.
    assert taken <= 600 + 8 * 150


def test_an_ordinary_visitor_costs_no_writes(api: Api) -> None:
    key = api.key("browser")
    api.send(key, "page", {"anonymousId": "a1"})
    reads, writes = api.store.reads, api.store.writes
    for n in range(40):
        api.send(key, "page", {"anonymousId": "a1", "messageId": str(n)})
    assert (api.store.reads, api.store.writes) == (reads, writes)


def test_no_address_is_kept_in_the_clear(api: Api) -> None:
    for _ in range(90):
        api.send("tb_pub_wrong", "page", {}, address="203.0.113.77")
    assert any(path.startswith("rateLimits/") for path in api.store.documents)
    assert "203.0.113.77" not in repr(api.store.documents)


# --- who does not want to be watched ---


@pytest.mark.parametrize("headers", [{"dnt": "1"}, {"sec-gpc": "1"}])
def test_do_not_track(api: Api, headers: dict[str, str]) -> None:
    answer = api.send(api.key("browser"), "page", {"anonymousId": "a1"}, headers)
    assert (answer.status, api.records(), api.counted()) == (200, [], {"do_not_track": 1})


@pytest.mark.parametrize(
    ("context", "taken"),
    [
        ({"consent": {"categoryPreferences": {"Analytics": False, "Advertising": True}}}, False),
        ({"consent": {"categoryPreferences": {"Analytics": True, "Advertising": False}}}, True),
        ({"consent": {"categoryPreferences": {"Advertising": False, "Functional": True}}}, False),
        ({"consent": {"categoryPreferences": {"one": False, "two": False}}}, False),
        ({"consent": {"categoryPreferences": {"one": False, "two": True}}}, True),
        ({"consent": {"categoryPreferences": {}}}, True),
        ({"consentManagement": {"deniedConsentIds": ["C0002"], "allowedConsentIds": ["C0001"]}}, False),
        ({"gpc": True}, False),
        ({"consent": "yes"}, True),
    ],
)
def test_consent_categories(api: Api, context: dict[str, Any], taken: bool) -> None:
    for key in (api.key("browser"), api.key()):
        assert api.send(key, "page", {"anonymousId": "a1", "context": context}).status == 200
        assert bool(api.records()) == taken


def test_a_server_may_still_tell_a_sale_and_a_withdrawal(api: Api) -> None:
    key, context = api.key(), {"consent": {"categoryPreferences": {"Analytics": False}}}
    api.send(key, "track", said(event="Order Completed", properties=ORDER, context=context))
    assert isinstance(one(api), OrderRecord)
    api.send(key, "identify", said(traits={"name": "Ann", "consent": {"email": False}}, context=context))
    record = one(api)
    assert (record.person.name, record.consent[0].status) == (None, "denied")


@pytest.mark.parametrize("agent", ["Googlebot/2.1", "Mozilla/5.0 (compatible; bingbot/2.0)", "HeadlessChrome/1"])
def test_bots(api: Api, agent: str) -> None:
    api.send(api.key("browser"), "page", {"anonymousId": "a1"}, {"user-agent": agent})
    api.send(api.key(), "page", said(context={"userAgent": agent}), {"user-agent": "python-requests/2"})
    assert api.records() == [] and api.counted() == {"bot_user_agent": 1} | api.counted()


def test_a_server_library_is_no_bot(api: Api) -> None:
    api.send(api.key(), "page", said(), {"user-agent": "python-requests/2"})
    assert one(api).event == "page"


def test_a_phone_of_the_make_cubot_is_no_bot(api: Api) -> None:
    agent = "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    api.send(api.key("browser"), "page", {"anonymousId": "a1"}, {"user-agent": agent})
    assert one(api).event == "page"


@pytest.mark.parametrize("stated", ["0001-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "soon"])
def test_an_impossible_past_is_not_believed(api: Api, stated: str) -> None:
    traits = {"createdAt": stated, "consent": {"email": {"status": "granted", "at": stated}}}
    api.send(api.key(), "identify", said(traits=traits))
    record = one(api)
    assert (record.at, record.consent[0].at) == (None, datetime(2026, 3, 2, 9, 59, tzinfo=UTC))


# --- properties ---


def test_fifty_properties_of_one_kilobyte(api: Api) -> None:
    properties = {f"n{n:03}": "é" * 2000 for n in range(80)}
    body = {"anonymousId": "a1", "event": "e", "properties": dict(list(properties.items())[:2])}
    api.send(api.key("browser"), "track", body)
    assert [len(value.encode()) for value in one(api).properties.values()] == [1024, 1024]
    body["properties"] = dict.fromkeys(properties, "x")
    api.send(api.key("browser"), "track", body)
    assert len(one(api).properties) == 50


def test_personal_properties_are_left_out(api: Api) -> None:
    properties = {
        "email": "x",
        "E-Mail": "x",
        "who": "ann@example.com",
        "call": "+44 20 7946 0000",
        "a.b/c": 1,
        "": 2,
        "ok": True,
    }
    api.send(api.key("browser"), "track", {"anonymousId": "a1", "event": "e", "properties": properties})
    assert one(api).properties == {"a_b_c": "1", "ok": "true"}


# --- browser keys ---


def test_user_hash(api: Api) -> None:
    made = api.act("key.create", name="n", kind="browser")
    good = hash_of(made["hashSecret"], "u7")
    body = said(anonymousId="a1", traits={"email": "ann@example.com"})
    api.send(made["key"], "identify", {**body, "context": {"userHash": good}})
    record = one(api)
    assert (record.person.key, record.person.email) == ("u7", "ann@example.com")
    for wrong in ("", "0" * 64, hash_of(made["hashSecret"], "u8"), hash_of("other", "u7"), 7, None, "é"):
        api.send(made["key"], "identify", {**body, "context": {"userHash": wrong}})
        assert api.records() == []


def test_money_is_what_the_server_says(api: Api) -> None:
    made = api.act("key.create", name="n", kind="browser")
    signed = {"context": {"userHash": hash_of(made["hashSecret"], "u7")}}
    api.send(made["key"], "track", said(event="Order Completed", properties=ORDER, **signed))
    record = one(api)
    assert (record.kind, record.event, record.person.key) == ("event", "checkout", "u7")


# --- tills ---


@pytest.mark.parametrize(
    ("fields", "key", "guest", "claims"),
    [
        ({"properties": {"member": "M-7"}}, "member:M-7", False, [("member", "M-7")]),
        ({"properties": {"phone": "+44 20 7946 0958"}}, "phone:+442079460958", True, []),
        ({"properties": {"phone": "138 0013 8000", "country": "CN"}}, "phone:+8613800138000", True, []),
        ({"userId": "u7", "properties": {"member": "M-7"}}, "u7", False, [("member", "M-7")]),
        ({"properties": {"phone": "what"}}, None, False, []),
        ({"properties": {}}, None, False, []),
    ],
)
def test_a_sale_at_the_till(
    api: Api, fields: dict[str, Any], key: str | None, guest: bool, claims: list[tuple[str, str]]
) -> None:
    properties = {"order_id": "R1", "total": 5, "currency": "GBP", **fields.pop("properties")}
    body = {"anonymousId": "till-1", "event": "Order Completed", "properties": properties, **fields}
    api.send(api.key(channel="pos"), "track", body)
    [(_, message)] = api.bus.sent
    assert (message.origin.connection_id, message.origin.platform) == ("pos", "pos")  # type: ignore[attr-defined]
    records = api.records()
    [order] = [record for record in records if isinstance(record, OrderRecord)]
    assert order.channel == "pos" and (order.person and order.person.key) == key
    known = [record.person for record in records if isinstance(record, CustomerRecord)]
    if key:
        assert order.person and order.person.guest == guest
        assert [(person.key, person.guest) for person in known] == [(key, guest)]
        assert [(claim.kind, claim.value) for claim in known[0].identities] == claims


# --- when things fail ---


def test_a_refund_told_by_some_browser_leaves_the_order_with_its_buyer(api: Api) -> None:
    key = api.key()
    api.send(key, "track", said(event="Order Completed", properties=ORDER))
    for _, told in api.bus.take():
        take_in(api.world, told)  # type: ignore[arg-type]
    api.bus.take()
    refund = {"anonymousId": "office", "event": "Order Refunded", "properties": {"order_id": "1001", "total": 4}}
    api.send(key, "track", {"messageId": "m2", "timestamp": AT, **refund})
    order = one(api)
    assert (order.person.key, order.refunded) == ("u7", 400)


def test_a_refund_for_a_person_who_was_forgotten_is_nobodys(api: Api) -> None:
    key = api.key()
    api.send(key, "track", said(event="Order Completed", properties=ORDER))
    for _, told in api.bus.take():
        take_in(api.world, told)  # type: ignore[arg-type]
    gone = DeletedRecord(version=milliseconds(NOW), what="customer", id="u7", redact=True)
    origin = Origin(connection_id="tracking", platform="tracking")
    take_in(api.world, PlatformEvents(origin=origin, records=[gone.to_json()]))
    api.bus.take()
    refund = {"anonymousId": "a1", "event": "Order Refunded", "properties": {"order_id": "1001", "total": 4}}
    api.send(api.key(channel="website"), "track", {"messageId": "m2", "timestamp": AT, **refund})
    assert one(api).person is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_with_a_refund_loses_nothing(api: Api, when: Any) -> None:
    key = api.key()
    api.send(key, "track", said(event="Order Completed", properties=ORDER))
    refund = said(messageId="m2", event="Order Refunded", properties={"order_id": "1001", "total": 4})
    store, api.world = api.store, World(CrashingStore(api.store, 1, when), api.bus, lambda: api.now, IDENTITY_KEY)
    api.bus.take()
    with pytest.raises(Crash):
        api.send(key, "track", refund)
    api.world = World(store, api.bus, lambda: api.now, IDENTITY_KEY)
    assert api.bus.take() == []
    # The client got no answer and sends the call again.
    assert api.send(key, "track", refund).status == 200
    order = one(api)
    assert (order.refunded, order.version) == (400, 1 + max(part["version"] for part in parts_of(api)))


def parts_of(api: Api) -> list[dict[str, Any]]:
    [order] = [data for path, (data, _) in api.store.documents.items() if path.startswith("trackedOrders/")]
    return list(order["parts"].values())


def test_nothing_is_lost_when_it_cannot_be_published(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key, publish = api.key(), api.bus.publish

    def broken(topic: str, message: Any) -> None:
        raise RuntimeError("no Pub/Sub")

    monkeypatch.setattr(api.bus, "publish", broken)
    assert api.send(key, "track", said(event="Order Completed", properties=ORDER)).status == 503
    monkeypatch.setattr(api.bus, "publish", publish)
    assert api.send(key, "track", said(event="Order Completed", properties=ORDER)).status == 200
    assert one(api).total == 3050


def test_a_page_takes_no_review_from_the_shops_server(api: Api) -> None:
    review = {"event": "Product Reviewed", "properties": {"review_id": "1234", "text": "Good tea", "rating": 5}}
    api.send(api.key(), "track", said(**review))
    told = one(api)
    forged = {"event": "Product Reviewed", "properties": {"text": "Bad tea", "rating": 1}, "anonymousId": "a9"}
    api.send(api.key("browser"), "track", said(**{**forged, "messageId": "1234"}))
    assert (told.id, one(api).id) == ("1234", "public:1234")
