"""A console over a small shop in memory: five members, a handful of customers with orders behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.access.console import Caller, answer
from functions.access.members import Account
from functions.ingest.statistics import empty_stats, recount_moments
from schema.documents import Contact, Customer, Manual, Tags
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.shop import Member
from schema.store import Put

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Accounts:
    def find_or_create(self, email: str, name: str) -> Account:
        return Account(email, email, name, created=True)


class Desk:
    """The console as a member meets it."""

    def __init__(self) -> None:
        self.store: Any = MemoryStore()
        self.bus = MemoryBus()
        self.now = NOW
        self.world = World(self.store, self.bus, lambda: self.now, b"k" * 40)
        for role in ("owner", "admin", "marketer", "analyst", "support"):
            member = Member(
                role=role,
                email=f"{role}@shop.example",
                name=role.title(),
                created_at=NOW,
                updated_at=NOW,
                updated_by="x",
            )
            self.store.commit([Put(f"members/{role}", member.to_doc())])

    def call(self, who: str, action: str, **args: Any) -> Any:
        caller = Caller(Account(who, f"{who}@shop.example", who.title()), verified=True)
        return answer(self.world, caller, {"action": action, **args}, Accounts(), "nobody@shop.example")

    def customer(self, identity: str, *days_ago: float, tags: tuple[str, ...] = (), **fields: Any) -> str:
        """Put a customer with orders so many days ago."""
        stats = empty_stats() | {"orders": len(days_ago), "revenue": 1250 * len(days_ago)}
        moments = [NOW - timedelta(days=days) for days in days_ago]
        recount_moments(stats, moments)
        held = Customer(
            platform="csv", tags=Tags(manual=list(tags)), created_by="c", created_version=1,
            created_at=NOW - timedelta(days=900), updated_at=NOW - timedelta(days=1),
        ).to_doc()  # fmt: skip
        held |= {"stats": stats, "displayName": identity.title(), "externalId": identity} | fields
        contact = Contact(name=identity.title(), email=f"{identity}@x.example", phone="+44123").to_doc()
        writes = [Put(f"customers/{identity}", held), Put(f"customers/{identity}/pii/contact", contact)]
        if tags:
            manual = Manual(tags=list(tags), updated_by="x").to_doc()
            writes.append(Put(f"customers/{identity}/sources/manual", manual))
        for number, at in enumerate(moments):
            order = {"customerId": identity, "placedAt": at, "status": "paid", "deleted": False}
            writes.append(Put(f"orders/{identity}-{number}", order))
        self.store.commit(writes)
        return identity

    def audit(self) -> list[dict[str, Any]]:
        return [data for path, data in self.store.dump().items() if path.startswith("audit/")]

    def get(self, path: str) -> Any:
        held = self.store.get_many([path])[path]
        return held.data if held else None


@pytest.fixture
def desk() -> Desk:
    return Desk()
