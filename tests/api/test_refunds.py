"""Refunds that name no buyer: the order keeps its own, wherever its sale is, and nothing else waits for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.ingest.cleaning.keeping import keep
from functions.ingest.cleaning.pipeline import Sieved
from functions.ingest.cleaning.rule import Aside
from functions.ingest.intake import take_in
from schema.base import Localized
from schema.records import OrderRecord, Origin
from tests.api.driver import Api
from tests.api.test_tracking import AT, ORDER, api, one, said

__all__ = ["api"]


def sold_and_refunded(properties: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    sale = {"type": "track", "messageId": "m1", "anonymousId": "office", "event": "Order Completed", "timestamp": AT}
    back = {"type": "track", "messageId": "m2", "anonymousId": "office", "event": "Order Refunded"}
    return {**sale, "properties": properties}, {**back, "properties": {"order_id": properties["order_id"], "total": 4}}


def test_a_refund_that_must_wait_holds_up_nothing_else(api: Api) -> None:
    key = api.key()
    sale, back = sold_and_refunded({**ORDER, "email": "ann@example.com"})
    api.send(key, "track", sale)
    [(_, told)] = api.bus.take()
    others = [said(type="track", messageId="m3", event="Product Viewed"), {**sale, "messageId": "m4", "properties": {
        "order_id": "7", "total": 9, "currency": "USD", "email": "bob@example.com"}}]  # fmt: skip
    for _ in range(2):
        answer = api.send(key, "batch", {"batch": [back, *others]})
        assert (answer.status, json.loads(answer.body)["code"]) == (503, "too_early")
        assert [record.kind for record in api.records()] == ["event", "customer", "order"]
    take_in(api.world, told)  # type: ignore[arg-type]
    api.bus.take()
    assert api.send(key, "batch", {"batch": [back, *others]}).status == 200
    [first, *_] = [record for record in api.records() if isinstance(record, OrderRecord) and record.id == "1001"]
    assert first.person and (first.person.key, first.refunded) == ("email:ann@example.com", 400)


def test_a_refund_of_a_known_customer_need_not_wait_for_the_sale(api: Api) -> None:
    key = api.key()
    api.send(key, "identify", said(traits={"name": "Ann"}))
    for _, told in api.bus.take():
        take_in(api.world, told)  # type: ignore[arg-type]
    api.bus.take()
    sale, back = sold_and_refunded(ORDER)
    api.send(key, "track", {**sale, "userId": "u7"})
    api.bus.take()
    assert api.send(key, "track", back).status == 200
    assert one(api).person.key == "u7"


@pytest.mark.parametrize("decided", ["set aside", "discarded"])
def test_a_refund_of_a_sale_that_was_set_aside_keeps_its_buyer(api: Api, decided: str) -> None:
    key = api.key()
    sale, back = sold_and_refunded({**ORDER, "email": "ann@example.com"})
    api.send(key, "track", sale)
    told = next(record for record in api.records() if isinstance(record, OrderRecord))
    origin = Origin(connection_id="tracking", platform="tracking")
    reason = Aside(Localized(en="A test.", zh="测试。"))
    keep(api.world, origin, [Sieved(told.to_json(), told, rule="test_order", aside=reason)])
    [path] = [path for path in api.store.documents if path.startswith("setAside/")]
    api.store.documents[path][0]["status"] = decided
    assert api.send(key, "track", back).status == 200
    order = one(api)
    assert (order.person.key, order.person.guest, order.refunded) == ("email:ann@example.com", True, 400)


def test_a_refund_of_a_sale_to_nobody_waits_for_nothing(api: Api) -> None:
    key = api.key(channel="pos")
    sale, back = sold_and_refunded(ORDER)
    api.send(key, "track", sale)
    api.bus.take()
    assert api.send(key, "track", back).status == 200
    assert one(api).person is None


def test_the_parts_of_an_order_name_nobody(api: Api) -> None:
    sale, _ = sold_and_refunded({**ORDER, "email": "ann@example.com"})
    api.send(api.key(), "track", sale)
    [held] = [data for path, (data, _) in api.store.documents.items() if path.startswith("trackedOrders/")]
    assert len(held["buyer"]) == 20 and "ann@" not in json.dumps(held, default=str)
