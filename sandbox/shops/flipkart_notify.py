"""Flipkart's notifications, for receivers set up on request: signed by SHA-1 over everything but the body."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from sandbox.shops.flipkart_shapes import LOCATION, Json, order_id, parts_of, returns_json, shipment_json, stamp
from sandbox.shops.model import Order

Form = Literal["date", "seconds"]


def body_of(order: Order, event: str, at: datetime) -> Json:
    """One notification about an order's first shipment, or about its return."""
    base: Json = {
        "eventType": event,
        "source": "flipkart",
        "version": "v3",
        "locationId": LOCATION,
        "timestamp": stamp(at),
    }
    number, lines = parts_of(order)[0]
    if event.startswith("return_"):
        items = [{k: v for k, v in item.items() if k != "orderId"} for _, _, item in returns_json(order)]
        found = items[0]["returnId"] if items else str(order.id)
        return {**base, "returnId": found, "attributes": {"status": event.upper(), "returnItems": items}}
    shown = shipment_json(order, number, lines, at)
    if event == "shipment_created":
        kept = (
            "dispatchByDate",
            "dispatchAfterDate",
            "updatedAt",
            "hold",
            "mps",
            "orderItems",
            "forms",
            "subShipments",
        )
        return {**base, "shipmentId": number, "attributes": {name: shown[name] for name in kept}}
    few = [{"orderItemId": i["orderItemId"], "orderId": order_id(order.id)} for i in shown["orderItems"]]
    return {
        **base,
        "shipmentId": number,
        "attributes": {"status": event.removeprefix("shipment_").upper(), "orderItems": few},
    }


def signed(
    app_id: str, secret: str, url: str, body: Json, at: datetime, form: Form = "date"
) -> tuple[dict[str, str], bytes]:
    """Headers and body as they are sent. The manual speaks of an HTTP date, its example signs seconds since 1970."""
    date = format_datetime(at, usegmt=True)
    over = date if form == "date" else str(int(at.timestamp()))
    signature = hashlib.sha1(f"{over}{url}POST{secret}".encode()).hexdigest()
    login = base64.b64encode(f"{app_id}:{signature}".encode()).decode()
    headers = {"X_Date": date, "X_Authorization": f"FKLOGIN {login}", "Content-Type": "application/json"}
    return headers, json.dumps(body).encode()
