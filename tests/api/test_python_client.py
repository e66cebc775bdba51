"""Segment's own Python client and the till built on it, against the API over real HTTP."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from segment.analytics import Client

from functions.api.http import Request, Response, answer_json
from sandbox import till
from schema.records import CustomerRecord, OrderRecord
from tests.api.driver import Api
from tests.api.serving import Serving


@pytest.fixture
def serving() -> Iterator[Serving]:
    with Serving(Api()) as serving:
        yield serving


def client(serving: Serving, problems: list[Any], **options: Any) -> Client:
    def failed(error: Exception, items: Any) -> None:
        problems.append(error)

    return Client(options.pop("key", None) or serving.api.key(), host=serving.url, on_error=failed, **options)


@pytest.mark.parametrize("zipped", [False, True])
def test_every_call_of_the_client(serving: Serving, zipped: bool) -> None:
    problems: list[Any] = []
    segment = client(serving, problems, gzip=zipped)
    at = datetime.now(UTC) - timedelta(days=3)
    segment.identify("u7", {"email": "ann@example.com", "consent": {"email": True}}, anonymous_id="a1")
    segment.track("u7", "Order Completed", {"order_id": "1", "total": 12.5, "currency": "EUR"}, timestamp=at)
    segment.track("u7", "Product Viewed", {"name": "Tea"}, message_id="m-viewed")
    segment.page("u7", "Docs", "Home", {"url": "https://shop.example/"})
    segment.screen("u7", None, "Start")
    segment.group("u7", "g1", {"name": "Acme"})
    segment.alias("a0", "u7")
    segment.shutdown()
    assert problems == []
    records = serving.api.records()
    kinds = sorted(record.kind for record in records)
    assert kinds == ["customer", "customer", "customer", "event", "event", "event", "order"]
    [order] = [record for record in records if isinstance(record, OrderRecord)]
    assert (order.total, order.person and order.person.key) == (1250, "u7")
    assert abs(order.placed_at - at) < timedelta(seconds=1)
    assert {record.id for record in records if record.kind == "event"} >= {"m-viewed"}
    [known] = [record for record in records if isinstance(record, CustomerRecord) and record.person.email]
    assert [(claim.kind, claim.value) for claim in known.person.identities] == [("anonymous", "a1")]

    # What the client really sends, so that a new version that sends something else is noticed.
    request = serving.seen[0].request
    assert (request.method, request.path) == ("POST", "/v1/batch")
    assert request.headers["authorization"].startswith("Basic ")
    body = json.loads(gzip.decompress(request.body) if zipped else request.body)
    assert {"batch", "sentAt", "writeKey"} == body.keys()
    assert {"messageId", "timestamp", "type", "context"} <= body["batch"][0].keys()


def test_the_client_waits_as_long_as_it_is_told(caplog: pytest.LogCaptureFixture) -> None:
    refused: list[Request] = []

    def busy_once(request: Request) -> Response | None:
        refused.append(request)
        return answer_json(429, {"success": False}, {"retry-after": "1"}) if len(refused) == 1 else None

    with Serving(Api(), busy_once) as serving:
        problems: list[Any] = []
        segment = client(serving, problems)
        segment.track("u7", "e", message_id="m1")
        segment.shutdown()
        assert [seen.status for seen in serving.seen] == [429, 200]
        assert len(serving.api.records()) == 1 and problems == []


def test_the_client_gives_up_on_a_wrong_key_at_once(serving: Serving) -> None:
    problems: list[Any] = []
    logging.getLogger("segment").setLevel(logging.CRITICAL)
    segment = client(serving, problems, key="tb_srv_wrong")
    segment.track("u7", "e")
    segment.shutdown()
    assert [seen.status for seen in serving.seen] == [401]
    # The client reads code and message of the answer.
    assert [(error.status, error.code) for error in problems] == [(401, "invalid_write_key")]


def test_a_till(serving: Serving, capsys: pytest.CaptureFixture[str]) -> None:
    key = serving.api.key(channel="pos")
    arguments = ["--url", serving.url, "--key", key, "--sales", "60", "--currency", "GBP"]
    assert till.main(arguments) == 0
    records = serving.api.records()
    orders = {record.id: record for record in records if isinstance(record, OrderRecord)}
    assert len(orders) == 60 and all(order.channel == "pos" and order.currency == "GBP" for order in orders.values())
    keys = [order.person.key.partition(":")[0] if order.person else "nobody" for order in orders.values()]
    assert {"member", "phone", "nobody"} == set(keys)
    assert all(order.person.guest == order.person.key.startswith("phone:") for order in orders.values() if order.person)
    assert any(order.refunded for order in orders.values())
    shown = capsys.readouterr().out
    assert "+1202" not in shown and "M-0" not in shown

    # The same receipts told again are the same sales: the newest record of each is unchanged.
    assert till.main(arguments) == 0
    again = {record.id: record for record in serving.api.records() if isinstance(record, OrderRecord)}
    assert {identity: order.total for identity, order in again.items()} == {
        identity: order.total for identity, order in orders.items()
    }
    assert again.keys() == orders.keys()


def test_a_till_with_a_wrong_key_says_so(serving: Serving, capsys: pytest.CaptureFixture[str]) -> None:
    assert till.main(["--url", serving.url, "--key", "tb_srv_wrong", "--sales", "1"]) == 1
    assert "401" in capsys.readouterr().err
