"""Tiny models, and a shop in memory whose feedback they read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ml.text import work
from ml.text.registry import Registry
from schema.documents import Customer, Feedback
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.store import Delete, Put
from tests.ml.text import tiny

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(tiny.registry_folder(tmp_path_factory.mktemp("models")))


class Desk:
    """A shop whose customers talk."""

    def __init__(self, registry: Registry) -> None:
        self.store = MemoryStore()
        self.bus = MemoryBus()
        self.now = NOW
        self.registry = registry
        self.world = World(self.store, self.bus, lambda: self.now)

    def customer(self, identity: str, **fields: Any) -> None:
        held = Customer(
            platform="csv", created_by="c", created_version=1, created_at=NOW - timedelta(days=900), updated_at=NOW
        ).to_doc()
        self.store.commit([Put(f"customers/{identity}", held | fields)])

    def said(self, identity: str, text: str, customer: str | None = "ann", days_ago: float = 1, **fields: Any) -> None:
        held = Feedback(
            customer_id=customer, connection_id="c", platform="csv", at=NOW - timedelta(days=days_ago), text=text,
            source_version=1, content_hash="h", created_version=1, updated_at=NOW,
        ).to_doc()  # fmt: skip
        self.store.commit([Put(f"feedback/{identity}", held | fields)])

    def gone(self, identity: str) -> None:
        self.store.commit([Delete(f"feedback/{identity}")])

    def score(self, *ids: str, explain: bool = False) -> None:
        assert work.score(self.world, ids, explain, self.registry) == []

    def get(self, path: str) -> Any:
        held = self.store.get_many([path])[path]
        return held.data if held else None

    def psyche(self, customer: str = "ann") -> Any:
        return self.get(f"customers/{customer}")["psyche"]


@pytest.fixture
def desk(registry: Registry) -> Desk:
    return Desk(registry)
