"""Amazon's queue of changed orders: signed, repeated, out of order, acknowledged only when the records are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.connect.amazon_changes import notice_of
from functions.connect.amazon_queue import Message, queue_of, receive, sign
from functions.connect.storefront import App, Page, Rejected, Throttled, Unavailable
from sandbox.shops import amazon_sqs
from sandbox.shops.amazon_shapes import change_json, order_id
from schema.records import OrderRecord
from tests.connect.amazon_shop import Bazaar, bazaar

AWS_KEY, AWS_SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
AWS_TIME = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)


@pytest.fixture
def watched() -> Iterator[Bazaar]:
    with bazaar(orders=60) as made:
        made.connect().with_queue()
        made.front.subscribe(made.access, "")
        yield made


@pytest.mark.parametrize(
    ("method", "url", "headers", "body", "service", "signature"),
    [
        # AWS's published vectors: get-vanilla, post-x-www-form-urlencoded, and the ListUsers example of its manual.
        (
            "GET", "https://example.amazonaws.com/", {}, b"", "service",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "POST", "https://example.amazonaws.com/", {"Content-Type": "application/x-www-form-urlencoded"},
            b"Param1=value1", "service", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
        (
            "GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, b"", "iam",
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        ),
    ],
)  # fmt: skip
def test_signatures_are_those_that_aws_published(
    method: str, url: str, headers: dict[str, str], body: bytes, service: str, signature: str
) -> None:
    signed = sign(method, url, headers, body, "us-east-1", service, AWS_KEY, AWS_SECRET, AWS_TIME)
    assert signed["authorization"].endswith(f"Signature={signature}")
    assert f"Credential={AWS_KEY}/20150830/us-east-1/{service}/aws4_request" in signed["authorization"]


def drain(shop: Bazaar, calls: int = 60) -> list[OrderRecord]:
    """Poll until the queue is empty, keeping the cursor as the caller does."""
    found: list[OrderRecord] = []
    cursor: str | None = None
    for _ in range(calls):
        shop.keep()
        try:
            page = shop.front.changes(shop.access, cursor)
        except Throttled as told:
            shop.clock.advance(told.wait + 1)
            continue
        found += [record for record in page.records if isinstance(record, OrderRecord)]
        cursor = page.cursor
        if not page.records and not len(shop.queue):
            return found
        shop.clock.advance(5)
    raise AssertionError("the queue does not empty")


def mine(shop: Bazaar, count: int) -> set[str]:
    """Place orders until there are `count` in the connected marketplace; their ids."""
    ids: set[str] = set()
    while len(ids) < count:
        made = shop.shop.act("order", "amazon")
        assert made is not None
        if getattr(made, "marketplace") == "IN":  # noqa: B009
            ids.add(order_id(made.id))
    return ids


def test_subscribing_is_done_once_however_often_it_is_asked_for(watched: Bazaar) -> None:
    first = watched.front.subscribe(watched.access, "")
    watched.clock.advance(10)
    again = watched.front.subscribe(watched.access, "")
    assert [s.external_id for s in first] == [s.external_id for s in again] and first[0].status == "active"
    assert len(watched.blueprint.state.destinations) == 1 and len(watched.blueprint.state.subscriptions) == 1
    (held,) = watched.blueprint.state.destinations.values()
    assert held["resource"]["sqs"]["arn"] == amazon_sqs.ARN
    watched.clock.advance(10)
    watched.front.unsubscribe(watched.access, "")
    assert not watched.blueprint.state.subscriptions
    watched.front.unsubscribe(watched.access, "")


def test_a_subscription_to_another_queue_is_replaced(watched: Bazaar) -> None:
    state = watched.blueprint.state
    state.subscriptions["eu"]["destinationId"] = "another"
    watched.clock.advance(10)
    (held,) = watched.front.subscribe(watched.access, "")
    assert state.subscriptions["eu"]["subscriptionId"] == held.external_id
    assert state.subscriptions["eu"]["destinationId"] in state.destinations


def test_every_changed_order_arrives_though_messages_repeat_and_come_in_any_order(watched: Bazaar) -> None:
    watched.queue.twice = 0.5
    ids = mine(watched, 25)
    chosen = sorted(ids)[:5]
    for number in chosen:
        watched.shop.act("ship", "amazon", order_id=int(number.split("-")[1]))
        watched.shop.act("cancel", "amazon", order_id=int(number.split("-")[1]))
    last = {record.id: record for record in drain(watched)}
    assert set(last) == ids
    assert all(last[number].status == "cancelled" for number in chosen)
    for number, record in last.items():
        watched.clock.advance(3)
        assert list(watched.front.one(watched.access, "orders", number)) == [record]
    assert len(watched.queue) == 0


def test_a_message_is_acknowledged_only_by_the_next_call(watched: Bazaar) -> None:
    watched.queue.twice = 0
    (number,) = mine(watched, 1)
    page = poll_until(watched, number)
    held = len(watched.queue)
    assert held >= 1
    # Killed before the records were kept: the cursor is lost, and the message comes again after its time.
    watched.clock.advance(121)
    again = poll_until(watched, number)
    assert [r for r in again.records if r.id == number] == [r for r in page.records if r.id == number]  # type: ignore[union-attr]
    watched.front.changes(watched.access, again.cursor)
    assert len(watched.queue) < held or held == 0


def poll_until(shop: Bazaar, number: str) -> Page:
    """The page that shows an order; the cursor of each page before it is kept."""
    cursor: str | None = None
    for _ in range(30):
        page = shop.front.changes(shop.access, cursor)
        if number in page.ids:
            return page
        cursor = page.cursor
    raise AssertionError("it does not come")


def test_a_repeated_notification_costs_no_call(watched: Bazaar) -> None:
    order = next(o for o in watched.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN")
    told = json.dumps(change_json(order, watched.clock(), "the-same", "app", "sub"))
    watched.queue.twice = 0
    watched.queue.send(told)
    first = watched.front.changes(watched.access, None)
    assert list(first.ids) == [order_id(order.id)]
    watched.queue.send(told)
    calls = len(watched.buckets.told if watched.buckets else [])
    second = watched.front.changes(watched.access, first.cursor)
    assert second.records == [] and watched.buckets and len(watched.buckets.told) == calls
    watched.front.changes(watched.access, second.cursor)
    assert len(watched.queue) == 0


def test_messages_of_others_are_given_back_and_rubbish_is_dropped(watched: Bazaar) -> None:
    order = next(o for o in watched.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN")
    foreign = change_json(order, watched.clock(), "n-1", "app", "sub")
    foreign["Payload"]["OrderChangeNotification"]["SellerId"] = "A3ANOTHERSELLER"
    other_country = next(o for o in watched.shop.orders.values() if o.platform == "amazon" and o.marketplace == "US")
    watched.queue.twice = 0
    for body in (json.dumps(foreign), "{not json", "[]", '{"NotificationType": "REPORT"}'):
        watched.queue.send(body)
    watched.queue.send(json.dumps(change_json(other_country, watched.clock(), "n-2", "app", "sub")))
    page = watched.front.changes(watched.access, None)
    assert page.records == [] and page.ids == []
    watched.front.changes(watched.access, page.cursor)
    assert len(watched.queue) == 1  # The other seller's, visible again.
    queue = queue_of(watched.secrets.app)
    assert queue and [json.loads(m.body) for m in receive(watched.access, queue)] == [foreign]


def test_an_order_that_is_older_than_its_notification_is_waited_for(watched: Bazaar) -> None:
    order = next(
        o for o in watched.shop.orders.values()
        if o.platform == "amazon" and o.marketplace == "IN" and o.status != "pending"
    )  # fmt: skip
    told = change_json(order, watched.clock(), "ahead", "app", "sub")
    told["Payload"]["OrderChangeNotification"]["OrderChangeTrigger"]["TimeOfOrderChange"] = "2026-11-22T08:59:59Z"
    watched.queue.twice = 0
    watched.queue.send(json.dumps(told))
    page = watched.front.changes(watched.access, None)
    assert len(page.records) == 1
    page = watched.front.changes(watched.access, page.cursor)
    assert len(watched.queue) == 1 and page.records == []
    watched.clock.advance(601)
    page = watched.front.changes(watched.access, page.cursor)
    assert len(page.records) == 1
    watched.front.changes(watched.access, page.cursor)
    assert len(watched.queue) == 0


def test_an_empty_bucket_leaves_the_rest_in_the_queue(watched: Bazaar) -> None:
    watched.queue.twice = 0
    ids = mine(watched, 12)
    left = [3]

    def take(operation: str, rate: float, burst: float) -> float:
        left[0] -= 1
        return 0.0 if left[0] >= 0 else 2.0

    tight = replace(watched.access, take=take)
    page = watched.front.changes(tight, None)
    assert 0 < len(page.ids) <= 3 and page.wait == 2.0
    with pytest.raises(Throttled):
        for _ in range(10):
            watched.front.changes(tight, None)
    watched.clock.advance(121)
    assert {r.id for r in drain(watched)} | set(page.ids) == ids


def test_without_a_queue_amazon_is_asked_every_three_minutes() -> None:
    with bazaar(orders=40) as shop:
        shop.connect()
        page = shop.front.changes(shop.access, None)
        assert page.wait == pytest.approx(1 / 0.0056)
        seen: set[str] = set()
        ids: set[str] = set()
        cursor = page.cursor
        for _ in range(4):
            ids |= mine(shop, 2)
            shop.clock.advance(page.wait)
            page = shop.front.changes(shop.access, cursor)
            cursor = page.cursor
            seen |= set(page.ids)
        shop.clock.advance(page.wait)
        seen |= set(shop.front.changes(shop.access, cursor).ids)
        assert ids <= seen


def test_many_changes_come_page_by_page_in_one_window() -> None:
    with bazaar(orders=20) as shop:
        shop.connect()
        cursor = shop.front.changes(shop.access, None).cursor
        ids = mine(shop, 130)
        asked = len(shop.buckets.told if shop.buckets else [])
        early = shop.front.changes(shop.access, cursor)
        assert early.cursor == cursor and 170 < early.wait < 179
        assert shop.buckets and len(shop.buckets.told) == asked
        shop.clock.advance(180)
        first = shop.front.changes(shop.access, cursor)
        second = shop.front.changes(shop.access, first.cursor)
        assert (len(first.ids), first.wait) == (100, 0.0) and second.wait > 0
        assert ids <= set(first.ids) | set(second.ids) and not set(first.ids) & set(second.ids)


def test_a_queue_that_is_wrong_says_so(watched: Bazaar) -> None:
    extra = {**watched.secrets.app.extra, "awsSecret": "wrong"}
    access = replace(watched.access, secrets=watched.secrets.refreshed(app=App("c", "s", extra)))
    with pytest.raises(Rejected) as refused:
        watched.front.changes(access, None)
    assert refused.value.field == "sqsQueueUrl"
    with pytest.raises(Rejected):
        queue_of(App("c", "s", {**extra, "sqsQueueUrl": "https://shop.example/queue"}))
    assert queue_of(App("c", "s", {"sqsQueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q"})) is None
    made = queue_of(App("c", "s", {**extra, "sqsQueueUrl": "https://sqs.ap-south-1.amazonaws.com/111122223333/q"}))
    assert made and made.arn == "arn:aws:sqs:ap-south-1:111122223333:q"


def test_the_typed_address_is_never_called(watched: Bazaar) -> None:
    """Only the configured host of SQS is; the address in the settings just names the queue."""
    called: list[str] = []
    watched.http.event_hooks["request"].append(lambda request: called.append(request.url.host))
    watched.front.changes(watched.access, None)
    assert set(called) == {"127.0.0.1"}


@pytest.mark.parametrize("kind", ["500", "truncate"])
def test_a_queue_in_trouble_is_tried_again(watched: Bazaar, kind: str) -> None:
    watched.faults.set("amazon", kind, 1.0)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        watched.front.changes(watched.access, None)


def test_throttling_by_sqs_is_waited_for(watched: Bazaar) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"__type": "com.amazonaws.sqs#RequestThrottled", "message": "slow"})

    access = replace(watched.access, http=httpx.Client(transport=httpx.MockTransport(answer)))
    with pytest.raises(Throttled):
        watched.front.changes(access, None)


def test_the_providers_own_example_is_understood() -> None:
    from tests.sandbox.amazon_specs import notification

    (example,) = notification()["examples"]
    notice = notice_of(Message("m", "h", json.dumps(example)))
    assert notice and (notice.order, notice.seller) == ("903-8868176-2219830", "A3TH9S8BH6GOGM")
    assert notice.at == datetime(2020, 1, 11, 0, 9, 53, 109000, tzinfo=UTC)


@pytest.fixture(scope="module")
def lasting() -> Iterator[Bazaar]:
    with bazaar(orders=60, seed=8) as made:
        made.connect().with_queue()
        yield made


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=st.lists(st.tuples(st.integers(0, 6), st.integers(1, 5)), min_size=1, max_size=12),
    killed=st.sets(st.integers(0, 7), max_size=4),
    seed=st.integers(0, 10**6),
)
def test_any_deliveries_and_any_crashes_end_in_the_shops_own_state(
    lasting: Bazaar, changed: list[tuple[int, int]], killed: set[int], seed: int
) -> None:
    """Each notification comes one to five times, in any order; at `killed` calls the process dies before or after its
    records were kept, and the cursor is lost with it.
    """
    orders = [o for o in lasting.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN"]
    draw, queue = Random(seed), lasting.queue
    queue.twice = 0
    lasting.clock.advance(3600)
    lasting.secrets = lasting.front.refresh(lasting.access) or lasting.secrets
    deliveries: list[str] = []
    for number, (place, times) in enumerate(changed):
        order = orders[place % len(orders)]
        told = json.dumps(change_json(order, lasting.clock(), f"{seed}-{number}", "app", "sub"))
        deliveries += [told] * times
    draw.shuffle(deliveries)
    for told in deliveries:
        queue.send(told)
    kept: dict[str, OrderRecord] = {}
    cursor: str | None = None
    for call in range(200):
        if not len(queue):
            break
        try:
            page = lasting.front.changes(lasting.access, cursor)
        except Throttled as told_to_wait:
            lasting.clock.advance(told_to_wait.wait + 1)
            continue
        if call in killed:
            if draw.random() < 0.5:
                kept |= {r.id: r for r in page.records if isinstance(r, OrderRecord)}
            cursor = None
            lasting.clock.advance(121)
            continue
        kept |= {r.id: r for r in page.records if isinstance(r, OrderRecord)}
        cursor = page.cursor
        lasting.clock.advance(3)
    assert len(queue) == 0
    wanted = {order_id(orders[place % len(orders)].id) for place, _ in changed}
    assert set(kept) == wanted
    for identity, record in kept.items():
        lasting.clock.advance(3)
        assert list(lasting.front.one(lasting.access, "orders", identity)) == [record]
