"""Shops for the behaviour tests: customers who order at a rhythm of their own and silently stop, by seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from ml.behaviour.history import DAY, Ledger, of_orders
from schema.documents import Customer, Order
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.shop import Shop
from schema.store import Create, Put

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
DAYS = 500


def order_times(people: int, seed: int = 3, days: int = DAYS, now: datetime = NOW) -> list[list[float]]:
    """Seconds since 1970 of each customer's orders, ascending; a rate and an end of one's own, both by gamma."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(people):
        start = rng.uniform(0, days * 0.7)
        rate, life = rng.gamma(1.2, 1 / 25), rng.exponential(rng.gamma(2, 150))
        at, times = start, [start]
        while True:
            at += rng.exponential(1 / max(rate, 1e-3))
            if at > min(days, start + life):
                break
            times.append(at)
        made.append([now.timestamp() - (days - one) * DAY for one in times])
    return made


def book(people: int, seed: int = 3, days: int = DAYS) -> Ledger:
    """Their orders as a ledger."""
    times = order_times(people, seed, days)
    owner = np.repeat(np.arange(people), [len(one) for one in times])
    at = np.array([moment for one in times for moment in one])
    amount = np.random.default_rng(seed).gamma(4, 500, len(at)).round()
    return of_orders([f"c{index:04d}" for index in range(people)], owner, at, amount)


def customer(created: datetime, orders: int, last: datetime | None = None, **more: object) -> dict[str, object]:
    """A whole document of `customers`."""
    stats = {"orders": orders, "events": orders, "firstOrderAt": created, "lastOrderAt": last or created}
    return Customer.model_validate(
        {"platform": "csv", "createdBy": "csv", "createdVersion": 1, "createdAt": created, "updatedAt": NOW,
         "stats": stats, **more}
    ).to_doc()  # fmt: skip


def order(who: str, at: datetime, total: int, **more: object) -> dict[str, object]:
    """A whole document of `orders`."""
    return Order.model_validate(
        {"customerId": who, "connectionId": "csv", "platform": "csv", "placedAt": at, "day": at.date().isoformat(),
         "currency": "EUR", "total": total, "reportingTotal": total, "reportingDiscount": 0, "reportingRefunded": 0,
         "items": 1, "sourceVersion": 1, "contentHash": "h", "createdVersion": 1, "updatedAt": NOW, **more}
    ).to_doc()  # fmt: skip


def world(store: MemoryStore, now: datetime = NOW) -> World:
    return World(store, MemoryBus(), lambda: now)


def shop(people: int, seed: int = 3) -> World:
    """A shop in memory with customers and their orders as documents; every fifth order with a discount."""
    store = MemoryStore()
    writes: list[Create | Put] = [
        Put(
            "settings/shop", Shop(name="Test", currency="EUR", zone="Europe/Berlin", real=True, updated_at=NOW).to_doc()
        )
    ]
    rng = np.random.default_rng(seed)
    for index, times in enumerate(order_times(people, seed)):
        who = f"c{index:04d}"
        moments = [datetime.fromtimestamp(one, UTC) for one in times]
        writes.append(Create(f"customers/{who}", customer(moments[0], len(moments), moments[-1])))
        for number, at in enumerate(moments):
            total = int(rng.gamma(4, 500)) + 1
            discount = 100 if number % 5 == 0 else 0
            data = order(who, at, total, discount=discount, reportingDiscount=discount)
            writes.append(Create(f"orders/{who}-{number}", data))
    for begin in range(0, len(writes), 400):
        store.commit(writes[begin : begin + 400])
    return world(store)


def later(days: float, now: datetime = NOW) -> datetime:
    return now + timedelta(days=days)
