"""Shops for the tests: customers with known kinds of behaviour, written as whole documents."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from schema.documents import Customer, CustomerStats
from schema.flow import MemoryBus, World
from schema.jobs import Run
from schema.shop import Shop
from schema.store import Create, Data, Put, Store

NOW = datetime(2024, 6, 1, 9, tzinfo=UTC)
KINDS = (
    # orders, basket in cents, days between, days since the last, with a spread of a fifth on each
    (14, 9_000, 25, 10),
    (9, 2_000, 12, 20),
    (1, 15_000, 0, 200),
    (1, 1_500, 0, 260),
    (1, 3_000, 0, 12),
    (5, 4_000, 90, 45),
    (6, 6_000, 20, 300),
)


class Ticking:
    """A clock that moves a millisecond at each look."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


def stats(days: Iterable[datetime], amounts: Iterable[int]) -> CustomerStats:
    """What a recount of these orders gives."""
    when, paid = sorted(days), list(amounts)
    gaps = [(b - a).days for a, b in zip(when, when[1:], strict=False)]
    return CustomerStats(
        orders=len(when),
        revenue=sum(paid),
        items=len(when),
        first_order_at=when[0] if when else None,
        last_order_at=when[-1] if when else None,
        median_gap_days=float(median(gaps)) if gaps else None,
        average_order=round(sum(paid) / len(paid)) if paid else None,
    )


def customer(figures: CustomerStats, updated_at: datetime | None = None, **more: Any) -> Data:
    """A whole document; `updated_at` defaults to long before the test."""
    created = figures.first_order_at or NOW - timedelta(days=400)
    base = {"platform": "csv", "created_by": "csv", "created_version": 1, "created_at": created}
    return Customer.model_validate(
        {**base, "stats": figures, "updated_at": updated_at or NOW - timedelta(days=1), **more}
    ).to_doc()


def kind(rng: random.Random, number: int, now: datetime = NOW) -> CustomerStats:
    """A customer of one of the kinds of behaviour."""
    orders, basket, gap, since = KINDS[number % len(KINDS)]

    def about(value: float) -> float:
        return value * rng.uniform(0.8, 1.2)

    count = max(1, round(about(orders)))
    last = now - timedelta(days=about(since))
    days = [last - timedelta(days=about(gap) * index) for index in range(count)]
    return stats(days, [round(about(basket)) for _ in days])


def fill(store: Store, count: int, seed: int = 1) -> list[str]:
    """`count` customers of all kinds, and a shop."""
    rng = random.Random(seed)
    shop = Shop(name="Test", currency="EUR", zone="UTC", updated_at=NOW).to_doc()
    writes: list[Any] = [Put("settings/shop", shop)]
    ids = [f"p{number:05d}" for number in range(count)]
    writes += [Create(f"customers/{one}", customer(kind(rng, number))) for number, one in enumerate(ids)]
    for start in range(0, len(writes), 400):
        store.commit(writes[start : start + 400])
    return ids


def order_run(store: Store, run_id: str) -> str:
    """The run document that the console makes before it publishes the message."""
    run = Run(kind="recluster", status="queued", title="Recluster", started_at=NOW, updated_at=NOW)
    store.commit([Create(f"runs/{run_id}", run.to_doc())])
    return run_id


def world(store: Store, clock: Any = None) -> World:
    return World(store, MemoryBus(), clock or Ticking())


def cdnow() -> dict[str, CustomerStats]:
    """The CDNOW sample (2,357 customers, 6,919 orders) from the installed `lifetimes` package."""
    from importlib.util import find_spec

    spec = find_spec("lifetimes")  # found, not imported: importing it pulls plotting code in
    assert spec is not None and spec.origin is not None
    text = (Path(spec.origin).parent / "datasets" / "CDNOW_sample.txt").read_text()
    orders: dict[str, list[tuple[datetime, int]]] = {}
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 5:
            day = datetime.strptime(parts[2], "%Y%m%d").replace(tzinfo=UTC)
            orders.setdefault(parts[0], []).append((day, round(float(parts[4]) * 100)))
    return {one: stats([day for day, _ in rows], [paid for _, paid in rows]) for one, rows in orders.items()}
