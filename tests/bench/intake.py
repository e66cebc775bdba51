"""What an import costs: records a second, Firestore reads and writes an order, memory of 100,000 orders.

emulator: firestore
"""

from __future__ import annotations

import os
import resource
import time
import tracemalloc
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.imports import upload, work
from functions.imports.rows import parse_rows
from functions.ingest.intake import take_in
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import OrderRecord, Origin, Person, PlatformEvents
from schema.store import Doc, Query, Store, Totals, Write

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ORIGIN = Origin(connection_id="csv", platform="csv", bulk=True)


class Counting:
    """Counts what passes through to a store."""

    def __init__(self, inner: Store) -> None:
        self.inner, self.reads, self.writes, self.commits = inner, 0, 0, 0

    def get_many(self, paths: Iterable[str]) -> dict[str, Doc | None]:
        wanted = list(dict.fromkeys(paths))
        self.reads += len(wanted)
        return self.inner.get_many(wanted)

    def query(self, query: Query) -> Iterator[Doc]:
        for doc in self.inner.query(query):
            self.reads += 1
            yield doc

    def totals(self, query: Query, sums: Sequence[str] = ()) -> Totals:
        self.reads += 1
        return self.inner.totals(query, sums)

    def commit(self, writes: Sequence[Write]) -> None:
        self.commits += 1
        self.writes += len(writes)
        self.inner.commit(writes)


def message(first: int, customers: int) -> PlatformEvents:
    records = [
        OrderRecord(
            version=1_772_000_000_000 + n,
            id=f"o{n}",
            person=Person(key=f"c{n % customers}", name="Ann Lee", email=f"c{n % customers}@example.com"),
            placed_at=NOW - timedelta(days=400, minutes=-n),
            currency="USD",
            total=1999,
        ).to_json()
        for n in range(first, first + 200)
    ]
    return PlatformEvents(origin=ORIGIN, records=records)


def run(name: str, store: Store, messages: int, customers: int) -> None:
    """First `customers` orders make customers; then orders of known customers are counted."""
    counting = Counting(store)
    world = World(counting, MemoryBus(), lambda: NOW, b"k" * 40)
    for first in range(0, customers, 200):
        take_in(world, message(first, customers))
    counting.reads = counting.writes = counting.commits = 0
    began = time.perf_counter()
    for n in range(messages):
        take_in(world, message(customers + n * 200, customers))
    took = time.perf_counter() - began
    orders = messages * 200
    print(
        f"{name:22} {orders / took:8.0f} records/s   {counting.reads / orders:.2f} reads and "
        f"{counting.writes / orders:.2f} writes an order of a known customer, "
        f"{counting.commits / messages:.1f} commits a message"
    )


def rows(count: int) -> Iterator[str]:
    for n in range(count):
        day = NOW - timedelta(minutes=n * 7)
        yield f"{n},c{n % 20_000},{day:%Y-%m-%d %H:%M},{(n * 37) % 20_000 / 100:.2f},c{n % 20_000}@example.com\n"


class Forgetting(MemoryStore):
    """Keeps no chunk's content: what is measured is the program's memory, not the store's."""

    def commit(self, writes: Sequence[Write]) -> None:
        super().commit([write for write in writes if "/chunks/" not in write.path])


def streaming(count: int) -> tuple[float, float]:
    """(seconds, peak MB) of uploading a file of `count` orders as a stream of parts."""
    store = Forgetting()
    world = World(store, MemoryBus(), lambda: NOW, b"k" * 40)
    header = ["order id", "customer id", "date", "amount", "email"]
    mapping = [{"field": name} for name in ("orderId", "customerId", "date", "amount", "email")]
    args: dict[str, Any] = {
        "kind": "orders",
        "fileName": "big.csv",
        "header": header,
        "mapping": mapping,
        "delimiter": ",",
        "currency": "USD",
        "zone": "UTC",
        "dateOrder": "ymd",
    }
    import_id = upload.create(world, args, "u", "U")["importId"]
    tracemalloc.start()
    began = time.perf_counter()
    part: list[str] = []
    number = 0
    for row in rows(count):
        part.append(row)
        if len(part) == 2000:
            upload.upload(
                world, {"importId": import_id, "part": number, "firstLine": number * 2000 + 2, "text": "".join(part)}
            )
            part, number = [], number + 1
    took = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return took, peak


def whole(count: int) -> None:
    """100,000 orders in one go against the emulator: upload, numbering, every chunk."""
    from google.cloud import firestore

    from schema.firestore_store import FirestoreStore

    client = firestore.Client(project=f"demo-bench-{uuid.uuid4().hex[:8]}")
    store = Counting(FirestoreStore(client))
    bus = MemoryBus()
    clock = lambda: datetime.now(UTC)  # noqa: E731
    world = World(store, bus, clock, b"k" * 40)
    args: dict[str, Any] = {
        "kind": "orders",
        "fileName": "big.csv",
        "header": ["order id", "customer id", "date", "amount", "email"],
        "mapping": [{"field": name} for name in ("orderId", "customerId", "date", "amount", "email")],
        "delimiter": ",",
        "currency": "USD",
        "zone": "UTC",
        "dateOrder": "ymd",
    }
    import_id = upload.create(world, args, "u", "U")["importId"]
    began = time.perf_counter()
    part: list[str] = []
    number = 0
    for row in rows(count):
        part.append(row)
        if len(part) == 2000:
            upload.upload(
                world, {"importId": import_id, "part": number, "firstLine": number * 2000 + 2, "text": "".join(part)}
            )
            part, number = [], number + 1
    upload.finish(world, {"importId": import_id, "parts": number})
    uploaded = time.perf_counter() - began
    while sent := bus.take():
        for topic, body in sent:
            if topic == "platform-events":
                assert isinstance(body, PlatformEvents)
                work.ingest(world, body)
            elif topic == "jobs":
                work.step(world, body)  # type: ignore[arg-type]
    took = time.perf_counter() - began
    overview = client.document("metrics/overview").get().to_dict() or {}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} orders whole     upload {uploaded:.0f} s, all {took:.0f} s = {count / took:.0f} records/s, "
        f"{store.reads / count:.2f} reads and {store.writes / count:.2f} writes an order, "
        f"{overview.get('orders'):,} orders counted, peak {memory:.0f} MB"
    )


def main() -> None:
    text = "".join(rows(20_000))
    from zoneinfo import ZoneInfo

    from functions.imports.rows import Reading

    reading = Reading(
        "orders",
        ",",
        ("order id", "customer id", "date", "amount", "email"),
        ("orderId", "customerId", "date", "amount", "email"),
        "USD",
        ZoneInfo("UTC"),
        "ymd",
        1,
        NOW,
        NOW,
    )
    began = time.perf_counter()
    parsed = parse_rows(text, 2, reading)
    print(f"{'parse CSV rows':22} {len(parsed.records) / (time.perf_counter() - began):8.0f} records/s")
    run("plan, store in memory", MemoryStore(), 20, 2000)
    if os.environ.get("FIRESTORE_EMULATOR_HOST"):
        from google.cloud import firestore

        from schema.firestore_store import FirestoreStore

        run(
            "Firestore emulator",
            FirestoreStore(firestore.Client(project=f"demo-bench-{uuid.uuid4().hex[:8]}")),
            10,
            2000,
        )
    for count in (10_000, 100_000):
        took, peak = streaming(count)
        print(f"{f'stream {count:,}':22} {count / took:8.0f} records/s   peak of Python objects {peak:.1f} MB")
    if os.environ.get("FIRESTORE_EMULATOR_HOST"):
        whole(100_000)


if __name__ == "__main__":
    main()
