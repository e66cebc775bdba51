"""The two triggers with the very events that Pub/Sub sends, on the Firestore emulator."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from schema.firestore_store import FirestoreStore
from schema.store import Query, Update, get
from tests.ml.shop import fill, order_run

if TYPE_CHECKING:
    from google.cloud.firestore import Client


def event(topic: str, body: dict[str, Any]) -> Any:
    """A CloudEvent as the Pub/Sub trigger receives it: both spellings of the message's fields."""
    from cloudevents.http import CloudEvent

    message = {
        "data": base64.b64encode(json.dumps(body).encode()).decode(),
        "attributes": {},
        "messageId": "1",
        "message_id": "1",
        "publishTime": "2024-06-01T09:00:00.000Z",
        "publish_time": "2024-06-01T09:00:00.000Z",
    }
    attributes = {
        "id": "golden",
        "type": "google.cloud.pubsub.topic.v1.messagePublished",
        "source": f"//pubsub.googleapis.com/projects/demo/topics/{topic}",
        "time": "2024-06-01T09:00:00.000Z",
    }
    return CloudEvent(attributes, {"message": message, "subscription": f"projects/demo/subscriptions/{topic}"})


@pytest.fixture
def store(emulator_project: str, firestore_client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    from schema import runtime

    monkeypatch.setenv("GCLOUD_PROJECT", emulator_project)
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", "127.0.0.1:1")  # nothing is published; production must not be reached
    runtime.store.cache_clear()
    runtime.bus.cache_clear()
    yield FirestoreStore(firestore_client)
    runtime.store.cache_clear()
    runtime.bus.cache_clear()


def test_a_recluster_message_and_then_a_changed_customer(store: FirestoreStore) -> None:
    import ml.main

    fill(store, 70)
    ml.main.recluster(event("recluster", {"runId": order_run(store, "run")}))
    pointer = get(store, "config/segmentation")
    assert pointer is not None and pointer.data["active"] == 1
    held = get(store, "customers/p00000")
    assert held is not None and held.data["segment"]["from"] == 1
    store.commit([Update(held.path, {"segment": None, "rfm": None}, held.update_time)])
    ml.main.assign(event("customers-changed", {"ids": ["p00000"], "fields": ["stats"], "historic": False}))
    after = get(store, "customers/p00000")
    assert after is not None and after.data["segment"]["id"] == held.data["segment"]["id"] and after.data["rfm"]


def test_a_message_that_cannot_be_read_is_parked(store: FirestoreStore) -> None:
    import ml.main

    ml.main.recluster(event("recluster", {"nonsense": 1}))
    [parked] = store.query(Query("parked"))
    assert parked.data["topic"] == "recluster" and parked.data["status"] == "parked"
