"""The real store, bus and clock of a deployed function, made on first use: discovery imports mains without a
project."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import lru_cache
from typing import Any

from schema.base import Shape
from schema.clock import system_clock
from schema.firestore_store import FirestoreStore
from schema.flow import World


def project() -> str:
    """The Firebase project this process serves."""
    return os.environ.get("GCLOUD_PROJECT") or os.environ.get("GOOGLE_CLOUD_PROJECT") or "demo-timbre"


class PubSubBus:
    """`Bus` on the official Pub/Sub client (which reads PUBSUB_EMULATOR_HOST by itself)."""

    def __init__(self) -> None:
        from google.cloud.pubsub_v1 import PublisherClient  # type: ignore[import-untyped]

        self._client = PublisherClient()

    def publish(self, topic: str, message: Shape) -> None:
        from google.api_core.exceptions import AlreadyExists, NotFound

        path = f"projects/{project()}/topics/{topic}"
        data = json.dumps(message.to_json(), ensure_ascii=False).encode()
        try:
            self._client.publish(path, data).result(timeout=30)
        except NotFound:
            # A deploy makes only the topics that a function listens to.
            with suppress(AlreadyExists):
                self._client.create_topic(name=path)
            self._client.publish(path, data).result(timeout=30)


@lru_cache(maxsize=1)
def store() -> FirestoreStore:
    """The process's one store."""
    from google.cloud import firestore

    return FirestoreStore(firestore.Client(project=project()))


@lru_cache(maxsize=1)
def bus() -> PubSubBus:
    """The process's one publisher."""
    return PubSubBus()


def world(identity_key: bytes = b"") -> World:
    """Everything a handler needs."""
    return World(store(), bus(), system_clock, identity_key)


def message_body(data: Any) -> dict[str, Any]:
    """The JSON body of a Pub/Sub CloudEvent's data; an unreadable one becomes a body that validation refuses."""
    try:
        body = data.message.json
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"unreadable": True}
