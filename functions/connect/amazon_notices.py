"""Amazon's subscription to changed orders: the application's destination (its queue) and the seller's subscription."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from functions.connect.amazon_api import NOTIFICATIONS, Api
from functions.connect.amazon_queue import Queue
from functions.connect.storefront import ConnectError, Rejected
from schema.connections import WebhookState

TOPIC = "ORDER_CHANGE"
VERSION = "1.0"
_SUBSCRIPTIONS = f"/notifications/v1/subscriptions/{TOPIC}"


def subscribe(api: Api, queue: Queue) -> Sequence[WebhookState]:
    """Make the destination and the subscription exist, once each, however often this runs."""
    token = api.grantless(NOTIFICATIONS)
    destination = _destination(api, queue, token)
    held = _subscription(api)
    if held is not None and held["destinationId"] != destination:
        api.call("deleteSubscriptionById", "DELETE", f"{_SUBSCRIPTIONS}/{held['subscriptionId']}", token=token)
        held = None
    if held is None:
        asked = {"payloadVersion": VERSION, "destinationId": destination}
        made = api.call("createSubscription", "POST", _SUBSCRIPTIONS, json=asked, missing=(409,))
        held = made["payload"] if made else _subscription(api)
    if held is None:
        raise Rejected("subscription", "Amazon did not keep the subscription.", "亚马逊未保存通知订阅。")
    return [
        WebhookState(
            topic=TOPIC, external_id=held["subscriptionId"], status="active", checked_at=api.access.now
        )
    ]  # fmt: skip


def unsubscribe(api: Api) -> None:
    """Remove the seller's subscription, best effort; the destination stays, other sellers share it."""
    try:
        held = _subscription(api)
        if held is not None:
            token = api.grantless(NOTIFICATIONS)
            path = f"{_SUBSCRIPTIONS}/{held['subscriptionId']}"
            api.call("deleteSubscriptionById", "DELETE", path, token=token, missing=(404,))
    except ConnectError:
        return


def _destination(api: Api, queue: Queue, token: str) -> str:
    found = _found_destination(api, queue, token)
    if found:
        return found
    # The name is derived from the queue, so that a repeated call cannot make a second one.
    name = f"timbre-{hashlib.sha256(queue.arn.encode()).hexdigest()[:12]}"
    asked = {"name": name, "resourceSpecification": {"sqs": {"arn": queue.arn}}}
    path = "/notifications/v1/destinations"
    made = api.call("createDestination", "POST", path, json=asked, token=token, missing=(409,))
    found = str(made["payload"]["destinationId"]) if made else _found_destination(api, queue, token)
    if not found:
        raise Rejected(
            "destination",
            "Amazon does not take the queue: let Amazon's notification service send to it.",
            "亚马逊未接受该队列：请允许亚马逊通知服务向其发送消息。",
            field="sqsQueueUrl",
        )
    return found


def _found_destination(api: Api, queue: Queue, token: str) -> str | None:
    found = api.call("getDestinations", "GET", "/notifications/v1/destinations", token=token) or {}
    for destination in found.get("payload") or []:
        if (destination["resource"].get("sqs") or {}).get("arn") == queue.arn:
            return str(destination["destinationId"])
    return None


def _subscription(api: Api) -> dict[str, Any] | None:
    found = api.call("getSubscription", "GET", _SUBSCRIPTIONS, {"payloadVersion": VERSION}, missing=(404,))
    payload: dict[str, Any] | None = (found or {}).get("payload")
    return payload
