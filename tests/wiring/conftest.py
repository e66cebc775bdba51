"""Deployed functions as production calls them: the real framework, the real decorators, one golden event each."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from schema import runtime
from schema.base import Shape
from schema.firestore_store import FirestoreStore

EVENTS = Path(__file__).parent / "events"
ROOT = Path(__file__).parents[2]
KEYS = "1:" + "A" * 43 + "="


class Sent:
    """What was published while a function ran."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Shape]] = []

    def publish(self, topic: str, message: Shape) -> None:
        self.messages.append((topic, message))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, firestore_client: firestore.Client, emulator_project: str) -> Iterator[Sent]:
    """The function's environment: this test's Firestore project, and a bus that keeps what is published."""
    monkeypatch.setenv("GCLOUD_PROJECT", emulator_project)
    monkeypatch.setenv("IDENTITY_KEY", "k" * 40)
    monkeypatch.setenv("OWNER_EMAIL", "owner@timbre.test")
    monkeypatch.setenv("FUNCTIONS_EMULATOR", "true")
    monkeypatch.setenv("CREDENTIALS_KEYS", KEYS)
    monkeypatch.setenv("PUBLIC_URL", "https://timbre.example")
    kept = Sent()
    monkeypatch.setattr(runtime, "store", lambda: FirestoreStore(firestore_client))
    monkeypatch.setattr(runtime, "bus", lambda: kept)
    yield kept


Deliver = Callable[..., Any]


@pytest.fixture
def deliver(sent: Sent) -> Deliver:
    """Send a golden event to a function through functions-framework; returns the HTTP answer."""
    import functions_framework

    def send(function: str, event: str, kind: str, message: Any = None, body: bytes | None = None) -> Any:
        golden = json.loads((EVENTS / event).read_text())
        app = functions_framework.create_app(function, str(ROOT / "deploy" / "app" / "main.py"), kind)
        if body is None:
            data = json.dumps(message if message is not None else golden.get("message", {})).encode()
            publish_time = "2026-03-02T10:00:00.000Z"
            held = {
                "message": {
                    "data": base64.b64encode(data).decode(),
                    "messageId": golden["headers"].get("ce-id", "1"),
                    "message_id": golden["headers"].get("ce-id", "1"),
                    "publishTime": publish_time,
                    "publish_time": publish_time,
                    "attributes": {},
                },
                "subscription": "projects/demo-timbre/subscriptions/golden",
            }
            body = json.dumps(held).encode() if "ce-id" in golden["headers"] else b"{}"
        with app.test_client() as client:
            return client.post("/", data=body, headers=golden["headers"])

    return send
