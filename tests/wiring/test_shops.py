"""The functions that the outside calls, and what they hand on: each woken as production wakes it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from google.cloud import firestore

from functions.connect.state import secrets_path
from functions.connect.storefront import App, Secrets
from functions.connect.vault import KeyRing, seal_secrets
from schema.connections import Connection
from tests.wiring.conftest import KEYS, ROOT, Deliver, Sent

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
CONNECTION = "woocommerce-golden"
SECRET = "woo-dev-secret"
ORDER = {
    "id": 727, "status": "completed", "currency": "USD", "total": "29.35", "discount_total": "0.00",
    "total_tax": "0.00", "shipping_total": "0.00", "customer_id": 25, "date_created_gmt": "2026-03-01T09:30:00",
    "date_modified_gmt": "2026-03-01T09:31:00", "date_paid_gmt": "2026-03-01T09:31:00", "refunds": [],
    "coupon_lines": [],
    "line_items": [
        {"product_id": 93, "name": "Mug", "quantity": 2, "total": "29.35", "subtotal": "29.35", "price": 14.675}
    ],
    "billing": {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com", "country": "US"},
}  # fmt: skip
"""An order in the fields of WooCommerce's own description (wc/v3)."""
Ask = Callable[..., Any]


@pytest.fixture
def ask(sent: Sent) -> Ask:
    """Call an HTTP function through functions-framework."""
    import functions_framework

    def send(function: str, method: str, path: str, **options: Any) -> Any:
        app = functions_framework.create_app(function, str(ROOT / "deploy" / "app" / "main.py"), "http")
        with app.test_client() as client:
            return client.open(path, method=method, **options)

    return send


@pytest.fixture
def shop(firestore_client: firestore.Client) -> None:
    """A connected WooCommerce shop."""
    held = Connection(
        platform="woocommerce", name="Alder", shop="https://shop.example", status="active", created_at=NOW,
        created_by="u1", updated_at=NOW, currency="USD",
    ).to_doc()  # fmt: skip
    firestore_client.document(f"connections/{CONNECTION}").set(held)
    secrets = Secrets(app=App(), consumer_key="ck_x", consumer_secret="cs_x", webhook_secrets=(SECRET,))
    sealed = {"sealed": seal_secrets(KeyRing.parse(KEYS), secrets, CONNECTION), "updatedAt": NOW}
    firestore_client.document(secrets_path(CONNECTION)).set(sealed)


def signed(body: bytes) -> dict[str, str]:
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    return {
        "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Signature": signature,
        "Content-Type": "application/json",
    }


def test_a_signed_webhook_is_published_and_answered(ask: Ask, sent: Sent, shop: None) -> None:
    body = json.dumps(ORDER).encode()
    for path in (f"/woocommerce/{CONNECTION}", f"/webhooks/woocommerce/{CONNECTION}"):
        assert ask("webhooks", "POST", path, data=body, headers=signed(body)).status_code == 200
    assert [topic for topic, _ in sent.messages] == ["platform-webhooks"] * 2
    said = sent.messages[0][1].to_json()
    assert (said["connectionId"], said["topic"], json.loads(said["body"])["id"]) == (CONNECTION, "order.updated", 727)
    assert SECRET not in json.dumps(said) and "signature" not in json.dumps(said["headers"]).lower()


def test_an_unsigned_or_forged_webhook_is_answered_401_and_changes_nothing(ask: Ask, sent: Sent, shop: None) -> None:
    body = json.dumps(ORDER).encode()
    path = f"/webhooks/woocommerce/{CONNECTION}"
    bare = {"X-WC-Webhook-Topic": "order.updated"}
    assert ask("webhooks", "POST", path, data=body, headers=bare).status_code == 401
    assert ask("webhooks", "POST", path, data=body + b" ", headers=signed(body)).status_code == 401
    assert (
        ask("webhooks", "POST", "/webhooks/woocommerce/woocommerce-none", data=body, headers=signed(body)).status_code
        == 401
    )
    assert sent.messages == []


def test_receive_takes_a_call_into_documents(deliver: Deliver, shop: None, firestore_client: firestore.Client) -> None:
    message = {
        "connectionId": CONNECTION, "platform": "woocommerce", "topic": "order.updated", "body": json.dumps(ORDER),
        "headers": {}, "receivedAt": NOW.isoformat(),
    }  # fmt: skip
    for _ in range(2):
        assert deliver("receive", "ingest.json", "cloudevent", message=message).status_code == 200
    [order] = firestore_client.collection("orders").stream()
    assert (order.get("total"), order.get("platform"), order.get("connectionId")) == (2935, "woocommerce", CONNECTION)
    assert firestore_client.document(f"connections/{CONNECTION}").get().get("lastEventAt") is not None


def test_a_task_of_an_older_generation_does_nothing(ask: Ask, shop: None, firestore_client: firestore.Client) -> None:
    before = firestore_client.document(f"connections/{CONNECTION}").get().to_dict()
    task = {"data": {"connectionId": CONNECTION, "generation": 7}}
    assert ask("shopwork", "POST", "/", json=task).status_code in (200, 204)
    assert firestore_client.document(f"connections/{CONNECTION}").get().to_dict() == before


def test_a_connecting_that_nobody_began_leads_nowhere(ask: Ask) -> None:
    assert ask("connect", "GET", "/connect/start?state=guess").status_code == 400
    assert ask("connect", "GET", "/connect/shopify/callback?state=guess&code=x").status_code == 400
    assert ask("connect", "GET", "/connect/elsewhere").status_code == 404


def test_track_refuses_an_unknown_key_and_survey_an_unknown_page(ask: Ask, sent: Sent) -> None:
    event = {"event": "Order Completed", "userId": "u1", "messageId": "m1"}
    assert ask("track", "POST", "/v1/track", json=event).status_code == 401
    assert ask("survey", "GET", "/s/none").status_code == 404
    assert sent.messages == []
