"""The simulated Amazon against Amazon's own description of its API, without our client."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient
from jsonschema import ValidationError

from sandbox.shops import amazon, amazon_sqs, server
from sandbox.shops.amazon_shapes import SELLER, change_json, order_id
from sandbox.shops.faults import Faults
from sandbox.shops.server import Clock, create_app
from sandbox.shops.shop import SimulatedShop
from tests.sandbox.amazon_specs import check_answer, check_notification, check_query, notification

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ORDERS, LISTINGS, CATALOG = "orders_2026-01-01.json", "listingsItems_2021-08-01.json", "catalogItems_2022-04-01.json"
EVERYTHING = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"


@dataclass
class Amazon:
    shop: SimulatedShop
    faults: Faults
    clock: Clock
    client: FlaskClient
    blueprint: Any

    def token(self, **form: str) -> Any:
        form = {"client_id": amazon.CLIENT, "client_secret": amazon.CLIENT_SECRET, **form}
        return self.client.post("/amazon/auth/o2/token", data=form)

    def seller(self) -> str:
        code = self.code()
        return str(self.token(grant_type="authorization_code", code=code).get_json()["access_token"])

    def grantless(self) -> str:
        return str(self.token(grant_type="client_credentials", scope=amazon.SCOPE).get_json()["access_token"])

    def code(self) -> str:
        form = {"application_id": amazon.APPLICATION, "state": "s", "redirect_uri": "https://timbre.example/cb"}
        page = self.client.get("/amazon/consent", query_string=form)
        assert page.status_code == 200 and 'id="allow"' in page.text
        sent = self.client.post("/amazon/consent", data=form)
        assert sent.status_code == 302 and f"selling_partner_id={SELLER}" in sent.headers["Location"]
        return str(sent.headers["Location"].split("spapi_oauth_code=")[1])

    def call(
        self, model: str, operation: str, path: str, token: str, query: dict[str, str] | None = None,
        method: str = "GET", body: Any = None, region: str = "eu",
    ) -> tuple[int, Any]:  # fmt: skip
        """One call whose question and answer are both checked against the description."""
        headers = {"x-amz-access-token": token}
        answer = self.client.open(
            f"/amazon/{region}{path}", method=method, query_string=query or {}, json=body, headers=headers
        )
        if answer.status_code == 200:
            check_query(model, operation, query or {})
        check_answer(model, operation, answer.status_code, answer.get_json())
        assert answer.headers["x-amzn-RequestId"] and float(answer.headers["x-amzn-RateLimit-Limit"]) > 0
        return answer.status_code, answer.get_json()


@pytest.fixture
def api() -> Iterator[Amazon]:
    clock, faults = Clock(START), Faults(hold=0.1)
    shop = SimulatedShop(4, 5, 400, clock)
    with patch.object(server, "MODULES", ("sandbox.shops.amazon",)):
        app = create_app(shop, faults, "http://127.0.0.1:1", 100.0, clock)
    yield Amazon(shop, faults, clock, app.test_client(), app.blueprints["amazon"])


def test_orders_are_as_described_with_every_data_set(api: Amazon) -> None:
    token = api.seller()
    held = [o for o in api.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN"]
    paid = next(o for o in held if o.status == "paid" and o.placed_at.year == 2026)
    api.shop.act("cancel", "amazon", order_id=paid.id)
    for status in ("paid", "pending") * 5:
        api.shop.act("order", "amazon", status=status)
    query = {"createdAfter": "2024-12-01T00:00:00Z", "includedData": EVERYTHING, "maxResultsPerPage": "7"}
    seen: list[str] = []
    states: set[str] = set()
    for _ in range(30):
        api.clock.advance(200)
        token = api.seller()
        status, body = api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", token, query)
        assert status == 200 and body["createdBefore"]
        seen += [order["orderId"] for order in body["orders"]]
        states |= {order["fulfillment"]["fulfillmentStatus"] for order in body["orders"]}
        if "pagination" not in body:
            break
        query["paginationToken"] = body["pagination"]["nextToken"]
    held = [o for o in api.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN"]
    since = datetime(2024, 12, 1, tzinfo=UTC)
    assert sorted(seen) == sorted(order_id(o.id) for o in held if o.placed_at >= since)
    assert states == {"SHIPPED", "UNSHIPPED", "PENDING", "CANCELLED"}
    status, body = api.call(
        ORDERS, "getOrder", f"/orders/2026-01-01/orders/{seen[0]}", token, {"includedData": "BUYER"}
    )
    assert status == 200 and body["order"]["orderId"] == seen[0] and "buyer" in body["order"]
    status, body = api.call(ORDERS, "getOrder", f"/orders/2026-01-01/orders/{seen[0]}", token)
    assert not {"buyer", "recipient", "proceeds", "fulfillment"} & set(body["order"])


def test_the_regions_have_their_own_marketplaces(api: Amazon) -> None:
    token = api.seller()
    for region, country, currency in (("eu", "IN", "INR"), ("na", "US", "USD")):
        status, body = api.call(
            "sellers.json",
            "getMarketplaceParticipations",
            "/sellers/v1/marketplaceParticipations",
            token,
            region=region,
        )
        assert status == 200
        (found,) = body["payload"]
        assert (found["marketplace"]["countryCode"], found["marketplace"]["defaultCurrencyCode"]) == (country, currency)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"createdAfter": "2026-01-01T00:00:00Z", "lastUpdatedAfter": "2026-01-01T00:00:00Z"},
        {"createdAfter": "2026-01-01T00:00:00Z", "lastUpdatedBefore": "2026-02-01T00:00:00Z"},
        {"lastUpdatedAfter": "2026-01-01T00:00:00Z", "lastUpdatedBefore": "2026-11-22T08:59:00Z"},
        {"createdAfter": "2026-01-01T00:00:00Z", "maxResultsPerPage": "101"},
        {"createdAfter": "2026-01-01T00:00:00Z", "marketplaceIds": "ATVPDKIKX0DER"},
        {"createdAfter": "2026-01-01T00:00:00Z", "includedData": "ADDRESS"},
        {"createdAfter": "2026-01-01T00:00:00Z", "paginationToken": "made-up"},
        {"createdAfter": "yesterday"},
        {"NextToken": "x", "createdAfter": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_search_that_is_not_allowed_is_refused(api: Amazon, query: dict[str, str]) -> None:
    status, body = api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", api.seller(), query)
    assert status == 400 and body["errors"][0]["code"] == "InvalidInput"


def test_a_page_token_fits_one_search_and_lasts_a_day(api: Amazon) -> None:
    query = {"createdAfter": "2024-12-01T00:00:00Z", "maxResultsPerPage": "5"}
    token = api.seller()
    _, body = api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", token, query)
    further = {"paginationToken": body["pagination"]["nextToken"]}
    other = {**query, "createdAfter": "2025-01-01T00:00:00Z", **further}
    assert api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", token, other)[0] == 400
    free = {**query, "maxResultsPerPage": "9", "includedData": "PROCEEDS", **further}
    assert api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", token, free)[0] == 200
    api.clock.advance(24 * 3600)
    assert api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", api.seller(), {**query, **further})[0] == 400


def test_the_bucket_empties_and_fills(api: Amazon) -> None:
    token, path = api.seller(), f"/orders/2026-01-01/orders/{order_id(1)}"
    assert [api.call(ORDERS, "getOrder", path, token)[0] for _ in range(31)] == [404] * 30 + [429]
    status, body = api.call(ORDERS, "getOrder", path, token)
    assert body["errors"][0]["code"] == "QuotaExceeded"
    api.clock.advance(2)
    assert [api.call(ORDERS, "getOrder", path, token)[0] for _ in range(2)] == [404, 429]
    search = {"createdAfter": "2026-11-01T00:00:00Z"}
    first = [api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", token, search)[0] for _ in range(21)]
    assert first == [200] * 20 + [429]
    api.clock.advance(179)
    assert api.call(ORDERS, "searchOrders", "/orders/2026-01-01/orders", token, search)[0] == 200


def test_tokens_are_of_a_kind_and_end(api: Amazon) -> None:
    token, path = api.seller(), "/orders/2026-01-01/orders/x"
    assert api.call(ORDERS, "getOrder", path, token)[0] == 404
    assert api.call(ORDERS, "getOrder", path, api.grantless())[0] == 403
    assert api.call(ORDERS, "getOrder", path, "")[0] == 403
    listed = api.call("notifications.json", "getDestinations", "/notifications/v1/destinations", token)
    assert listed[0] == 403
    api.clock.advance(3600)
    status, body = api.call(ORDERS, "getOrder", path, token)
    assert status == 403 and "expired" in body["errors"][0]["details"]


def test_login_with_amazon_answers_as_it_does(api: Amazon) -> None:
    code = api.code()
    good = api.token(grant_type="authorization_code", code=code).get_json()
    assert (good["token_type"], good["expires_in"]) == ("bearer", 3600)
    assert good["access_token"].startswith("Atza|") and good["refresh_token"].startswith("Atzr|")
    assert api.token(grant_type="authorization_code", code=code).get_json()["error"] == "invalid_grant"
    again = api.token(grant_type="refresh_token", refresh_token=good["refresh_token"])
    assert again.status_code == 200 and again.get_json()["refresh_token"] == good["refresh_token"]
    assert api.token(grant_type="refresh_token", refresh_token="Atzr|x").status_code == 400
    assert api.token(grant_type="client_credentials", scope="other").get_json()["error"] == "invalid_scope"
    assert api.token(client_secret="wrong", grant_type="refresh_token").status_code == 401
    assert api.token(grant_type="password").get_json()["error"] == "unsupported_grant_type"
    assert api.client.get("/amazon/consent", query_string={"application_id": "x"}).status_code == 400


def test_listings_and_the_catalog_are_as_described(api: Amazon) -> None:
    token, path = api.seller(), f"/listings/2021-08-01/items/{SELLER}"
    everything = "summaries,offers,fulfillmentAvailability"
    query = {
        "marketplaceIds": "A21TJRUUN4KGV", "includedData": everything, "pageSize": "20",
        "sortBy": "lastUpdatedDate", "sortOrder": "ASC",
    }  # fmt: skip
    skus: list[str] = []
    asins: list[str] = []
    for _ in range(50):
        api.clock.advance(1)
        status, body = api.call(LISTINGS, "searchListingsItems", path, token, query)
        assert status == 200
        skus += [item["sku"] for item in body["items"]]
        asins += [item["summaries"][0]["asin"] for item in body["items"]]
        if "pagination" not in body:
            break
        query["pageToken"] = body["pagination"]["nextToken"]
    assert len(set(skus)) == len(skus) == body["numberOfResults"]
    one = {"marketplaceIds": "A21TJRUUN4KGV", "includedData": everything}
    assert api.call(LISTINGS, "getListingsItem", f"{path}/{skus[0]}", token, one)[0] == 200
    assert api.call(LISTINGS, "getListingsItem", f"{path}/none", token, one)[0] == 404
    assert api.call(LISTINGS, "searchListingsItems", path, token)[0] == 400
    assert api.call(LISTINGS, "searchListingsItems", "/listings/2021-08-01/items/A0", token, one)[0] == 403
    found = {"identifiers": ",".join(asins[:20]), "identifiersType": "ASIN", "marketplaceIds": "A21TJRUUN4KGV"}
    status, body = api.call(
        CATALOG, "searchCatalogItems", "/catalog/2022-04-01/items", token, {**found, "pageSize": "20"}
    )
    assert status == 200 and [item["asin"] for item in body["items"]] == asins[:20]
    many = {**found, "identifiers": ",".join(asins[:21])}
    assert api.call(CATALOG, "searchCatalogItems", "/catalog/2022-04-01/items", token, many)[0] == 400


def subscribed(api: Amazon) -> None:
    model, base = "notifications.json", "/notifications/v1"
    free, token = api.grantless(), api.seller()
    asked = {"name": "timbre", "resourceSpecification": {"sqs": {"arn": amazon_sqs.ARN}}}
    status, made = api.call(model, "createDestination", f"{base}/destinations", free, method="POST", body=asked)
    assert status == 200
    assert api.call(model, "createDestination", f"{base}/destinations", free, method="POST", body=asked)[0] == 409
    assert api.call(model, "getDestinations", f"{base}/destinations", free)[1]["payload"] == [made["payload"]]
    path = f"{base}/subscriptions/ORDER_CHANGE"
    assert api.call(model, "getSubscription", path, token, {"payloadVersion": "1.0"})[0] == 404
    body = {"destinationId": made["payload"]["destinationId"], "payloadVersion": "1.0"}
    status, held = api.call(model, "createSubscription", path, token, method="POST", body=body)
    assert status == 200
    assert api.call(model, "createSubscription", path, token, method="POST", body=body)[0] == 409
    assert api.call(model, "getSubscription", path, token)[1] == held


def test_subscriptions_are_as_described(api: Amazon) -> None:
    subscribed(api)
    number = api.blueprint.state.subscriptions["eu"]["subscriptionId"]
    path = f"/notifications/v1/subscriptions/ORDER_CHANGE/{number}"
    for status in (200, 404):
        got = api.call("notifications.json", "deleteSubscriptionById", path, api.grantless(), method="DELETE")
        assert got[0] == status


def sqs(api: Amazon, action: str, secret: str = amazon_sqs.SECRET, **asked: Any) -> Any:
    """A call signed here by hand, independent of our client's signing."""
    import hmac

    url = f"https://sqs.eu-west-1.amazonaws.com/{amazon_sqs.ACCOUNT}/{amazon_sqs.NAME}"
    body = json.dumps({"QueueUrl": url, **asked}).encode()
    when, day = "20261122T090000Z", "20261122"
    target = f"AmazonSQS.{action}"
    signed = f"host:localhost\nx-amz-date:{when}\nx-amz-target:{target}\n"
    canonical = f"POST\n/amazon/sqs/\n\n{signed}\nhost;x-amz-date;x-amz-target\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/eu-west-1/sqs/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{when}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    headers = {
        "X-Amz-Date": when, "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={amazon_sqs.KEY_ID}/{scope}, "
        f"SignedHeaders=host;x-amz-date;x-amz-target, Signature={signature}",
    }  # fmt: skip
    return api.client.post("/amazon/sqs/", data=body, headers=headers)


def test_changed_orders_are_told_as_described_and_the_queue_behaves_like_one(api: Amazon) -> None:
    subscribed(api)
    api.blueprint.queue.twice = 0
    order = next(o for o in api.shop.orders.values() if o.platform == "amazon" and o.marketplace == "IN")
    for what in ("ship", "cancel"):
        api.shop.act(what, "amazon", order_id=order.id)
    got = sqs(api, "ReceiveMessage", MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=30).get_json(
        force=True
    )
    bodies = [json.loads(message["Body"]) for message in got["Messages"]]
    for message, body in zip(got["Messages"], bodies, strict=True):
        check_notification(body)
        assert hashlib.md5(message["Body"].encode()).hexdigest() == message["MD5OfBody"]
    assert {body["NotificationType"] for body in bodies} == {"ORDER_CHANGE"}
    assert len({body["NotificationMetadata"]["NotificationId"] for body in bodies}) == len(bodies) >= 2
    # Hidden while they are worked on, then there again; gone once deleted by the newest handle.
    assert sqs(api, "ReceiveMessage", MaxNumberOfMessages=10).get_json(force=True) == {}
    api.clock.advance(31)
    again = sqs(api, "ReceiveMessage", MaxNumberOfMessages=10).get_json(force=True)["Messages"]
    assert {m["MessageId"] for m in again} == {m["MessageId"] for m in got["Messages"]}
    stale = sqs(api, "DeleteMessage", ReceiptHandle=got["Messages"][0]["ReceiptHandle"])
    assert stale.status_code == 400 and stale.get_json(force=True)["__type"].endswith("#ReceiptHandleIsInvalid")
    entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(again)]
    entries.append({"Id": "x", "ReceiptHandle": "no"})
    done = sqs(api, "DeleteMessageBatch", Entries=entries).get_json(force=True)
    assert len(done["Successful"]) == len(again) and [one["Id"] for one in done["Failed"]] == ["x"]
    api.clock.advance(100)
    assert sqs(api, "ReceiveMessage").get_json(force=True) == {}


def test_the_queue_repeats_shuffles_and_refuses(api: Amazon) -> None:
    queue = api.blueprint.queue
    queue.twice = 1.0
    for number in range(5):
        queue.send(str(number))
    got = sqs(api, "ReceiveMessage", MaxNumberOfMessages=10).get_json(force=True)["Messages"]
    bodies = [message["Body"] for message in got]
    assert sorted(bodies) == sorted("0123401234") and bodies != sorted(bodies)
    entry = {"Id": "1", "ReceiptHandle": got[0]["ReceiptHandle"], "VisibilityTimeout": 0}
    assert sqs(api, "ChangeMessageVisibilityBatch", Entries=[entry]).get_json(force=True)["Successful"]
    assert len(sqs(api, "ReceiveMessage", MaxNumberOfMessages=10).get_json(force=True)["Messages"]) == 1
    assert sqs(api, "ReceiveMessage", secret="wrong").status_code == 403
    assert (
        sqs(api, "ReceiveMessage", MaxNumberOfMessages=11)
        .get_json(force=True)["__type"]
        .endswith("InvalidParameterValue")
    )
    assert (
        sqs(api, "ReceiveMessage", QueueUrl="https://sqs/1/other")
        .get_json(force=True)["__type"]
        .endswith("QueueDoesNotExist")
    )
    assert sqs(api, "PurgeQueue").get_json(force=True)["__type"].endswith("InvalidAction")
    assert sqs(api, "DeleteMessageBatch", Entries=[]).get_json(force=True)["__type"].endswith("EmptyBatchRequest")


def test_the_notification_has_the_shape_of_the_providers_example(api: Amazon) -> None:
    (example,) = notification()["examples"]
    check_notification(example)
    order = next(o for o in api.shop.orders.values() if o.platform == "amazon")
    ours = change_json(order, START, "n", "a", "s")
    assert set(ours) == set(example) and set(ours["NotificationMetadata"]) == set(example["NotificationMetadata"])
    inside, theirs = ours["Payload"]["OrderChangeNotification"], example["Payload"]["OrderChangeNotification"]
    assert set(inside) == set(theirs) and set(inside["Summary"]) <= set(theirs["Summary"])
    inside["Summary"]["Misspelt"] = 1
    with pytest.raises(ValidationError):
        check_notification(ours)


def test_faults_answer_in_amazons_own_form(api: Amazon) -> None:
    token, path = api.seller(), "/orders/2026-01-01/orders/x"
    for kind, status in (("429", 429), ("500", 500)):
        api.faults.set("amazon", kind, 1.0)  # type: ignore[arg-type]
        got, body = api.call(ORDERS, "getOrder", path, token)
        assert got == status and body["errors"][0]["code"]
        api.faults.clear()
    api.faults.set("amazon", "revoke", 1.0)
    assert api.call(ORDERS, "getOrder", path, token)[0] == 403
    api.faults.clear()
    api.faults.set("amazon", "drop_webhooks", 1.0)
    subscribed(api)
    api.shop.act("order", "amazon")
    assert len(api.blueprint.queue) == 0
