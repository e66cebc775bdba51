"""A world with write keys, and calls to the tracking API as clients send them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from functions.access.audit import Actor
from functions.access.calls import Call
from functions.api.counting import Tally
from functions.api.http import Request, Response
from functions.api.keys import KeyBook, actions
from functions.api.limits import Limits
from functions.api.tracking import Tracker, handle
from functions.connect.vault import KeyRing
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import RECORD, PlatformEvents, Record

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
IDENTITY_KEY = b"k" * 32
RING = KeyRing({1: b"r" * 32})
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"}


class _NoDirectory:
    """Keys and surveys ask for no account."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


@dataclass
class Api:
    """The API on an empty store, with a clock that the test moves."""

    now: datetime = NOW
    store: MemoryStore = field(default_factory=MemoryStore)
    bus: MemoryBus = field(default_factory=MemoryBus)

    def __post_init__(self) -> None:
        self.world = World(self.store, self.bus, lambda: self.now, IDENTITY_KEY)
        self.fresh()

    def fresh(self) -> None:
        """Another process: nothing remembered but the store."""
        self.tracker = Tracker(KeyBook(lambda: RING), Limits(), Tally())

    def act(self, action: str, role: str = "owner", **args: Any) -> dict[str, Any]:
        call = Call(self.world, Actor("u1", "Ann", "ann@shop.example", role), args, _NoDirectory())  # type: ignore[arg-type]
        return actions(lambda: RING)[action][1](call)

    def key(self, kind: str = "server", **args: Any) -> str:
        return str(self.act("key.create", name="test", kind=kind, **args)["key"])

    def send(
        self,
        key: str | None,
        route: str,
        body: Any,
        headers: dict[str, str] | None = None,
        address: str = "203.0.113.7",
        query: dict[str, str] | None = None,
    ) -> Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        auth = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()} if key else {}
        request = Request(
            "POST",
            f"/v1/{route}",
            {**BROWSER, **auth, **(headers or {})},
            raw,
            address,
            query or {},
            "https://t.example",
        )
        return handle(self.world, request, self.tracker)

    def records(self) -> list[Record]:
        """What was published since the last look."""
        found: list[Record] = []
        for topic, message in self.bus.take():
            assert topic == "platform-events" and isinstance(message, PlatformEvents)
            assert not message.origin.bulk
            found += [RECORD.validate_python(record) for record in message.records]
        return found

    def counted(self) -> dict[str, int]:
        """Rules by how often they struck, as far as it is written."""
        return {
            one["rule"]: one["changed"] + one["setAside"]
            for path, (data, _) in self.store.documents.items()
            if path.startswith("cleaning/")
            for one in data["counts"]
        }
