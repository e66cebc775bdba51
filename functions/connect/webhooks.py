"""The front door for the platforms' calls: verify over the raw bytes, publish, answer. No work, no heavy import.

A missing or wrong signature changes nothing and is answered 401. What is accepted is handed to Pub/Sub before the
answer, so that an answered call is never lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from functions.connect.outside import Outside
from functions.connect.platforms import storefront
from functions.connect.state import connection_id, current_app, secrets_path
from functions.connect.storefront import Rejected, Secrets, Storefront
from functions.connect.vault import VaultError, unseal_secrets
from schema import log
from schema.flow import World
from schema.records import WebhookEvent
from schema.store import get

MAX_BODY = 4_000_000
"""Bytes; the largest bodies of the platforms stay below 1 MB, Pub/Sub takes 10."""
REMEMBER = 60.0
"""Seconds for which an opened secret is kept in this process."""


@dataclass(frozen=True)
class Call:
    """One HTTP call, as received."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    query: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Memory:
    """Opened secrets of a process, for a minute: a burst of calls costs one read."""

    monotonic: Callable[[], float] = time.monotonic
    held: dict[str, tuple[float, Secrets]] = field(default_factory=dict)

    def get(self, connection: str) -> Secrets | None:
        found = self.held.get(connection)
        return found[1] if found and self.monotonic() - found[0] < REMEMBER else None

    def put(self, connection: str, secrets: Secrets) -> None:
        if len(self.held) > 200:
            self.held.clear()
        self.held[connection] = (self.monotonic(), secrets)


UNSIGNED = Answer(401, "signature missing or wrong")


def receive_call(world: World, outside: Outside, memory: Memory, call: Call) -> Answer:
    """Answer `/webhooks/{platform}/{connectionId}`.

    `/webhooks/shopify/app` is for the topics that a platform sends to one address of the app: the shop is named in the
    call.
    """
    parts = call.path.strip("/").split("/")
    if len(parts) != 3 or parts[0] != "webhooks":
        return Answer(404, "no such address")
    if call.method != "POST":
        return Answer(405, "POST only", {"Allow": "POST"})
    if len(call.body) > MAX_BODY:
        return Answer(413, "too large")
    try:
        front = storefront(parts[1])
    except Rejected:
        return Answer(404, "no such platform")
    connection = parts[2]
    if connection == "app":
        shop = front.shop_of(call.headers, call.body)
        connection = connection_id(front.platform, shop) if shop else "app"
    if not connection.startswith(f"{front.platform}-"):
        return UNSIGNED
    if front.unsigned(call.headers, call.body):
        return Answer(200)
    if not _verified(world, outside, memory, front, connection, call):
        # A genuine call to the app's address about a shop that we know nothing of: nothing to do, and nothing wrong.
        return Answer(200) if parts[2] == "app" and _of_the_app(outside, front, call, world.clock()) else UNSIGNED
    event = WebhookEvent(
        connection_id=connection,
        platform=front.platform,
        topic=front.topic(call.headers, call.body)[:200],
        body=call.body.decode("utf-8", "replace"),
        headers={name: call.headers[name] for name in front.keep_headers() if name in call.headers},
        received_at=world.clock(),
    )
    world.bus.publish("platform-webhooks", event)
    return Answer(200)


def _of_the_app(outside: Outside, front: Storefront, call: Call, now: datetime) -> bool:
    ours = outside.apps.get(front.platform)
    url = f"{outside.public_url}{call.path}"
    return ours is not None and front.verify(Secrets(app=ours), call.headers, call.body, url, call.method, now)


def _verified(world: World, outside: Outside, memory: Memory, front: Storefront, connection: str, call: Call) -> bool:
    """Try the secrets we remember; when they do not fit, those that are stored now (they may have been rotated)."""
    url = f"{outside.public_url}{call.path}" + (f"?{call.query}" if call.query else "")

    def fits(secrets: Secrets) -> bool:
        return front.verify(secrets, call.headers, call.body, url, call.method, world.clock())

    known = memory.get(connection)
    if known is not None and fits(known):
        return True
    held = get(world.store, secrets_path(connection))
    if held is None:
        return False
    try:
        secrets = unseal_secrets(outside.ring, held.data["sealed"], connection)
    except VaultError as error:
        log.failure("credentials do not open", error, connection=connection)
        return False
    secrets = current_app(outside, front.platform, secrets)
    memory.put(connection, secrets)
    return fits(secrets)
