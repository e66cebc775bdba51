"""A small system in memory: uploads, messages delivered calmly or in a storm, workers that die, the sweep."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.figures.reprice import reprice_step
from functions.imports import upload, work
from functions.imports.detect import detect
from functions.sample import removal_step
from functions.schedule import sweep
from schema.flow import MemoryBus, World, deliver_once
from schema.memory_store import MemoryStore
from schema.records import Job, PlatformEvents
from schema.store import Data, Merge, Store
from tests.faults import Crash, CrashingStore

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
KEY = b"k" * 40


class System:
    """The app codebase over one store, with a clock that only moves when told."""

    def __init__(self, store: Store | None = None) -> None:
        self.store: Any = store or MemoryStore()
        self.bus = MemoryBus()
        self.now = START
        self.world = World(self.store, self.bus, lambda: self.now, KEY)
        self.queue: list[tuple[str, Data]] = []
        self.reclusters: list[str] = []

    def upload(self, text: str, kind: str = "orders", part_rows: int = 500, **options: Any) -> str:
        """Upload a CSV text in parts, as a browser does; returns the import's id."""
        found = detect(text[:65_536], kind)  # type: ignore[arg-type]
        made = upload.create(
            self.world,
            {
                "kind": kind,
                "fileName": "file.csv",
                "header": found["header"],
                "mapping": found["mapping"],
                "delimiter": found["delimiter"],
                "currency": found["currency"] or "USD",
                "zone": "UTC",
                "dateOrder": found["dateOrder"],
                **options,
            },
            "u1",
            "Olivia",
        )
        rows = list(csv.reader(io.StringIO(text)))[1:]
        part = 0
        for part, start in enumerate(range(0, len(rows), part_rows)):
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows(rows[start : start + part_rows])
            upload.upload(
                self.world,
                {"importId": made["importId"], "part": part, "firstLine": start + 2, "text": out.getvalue()},
            )
        upload.finish(self.world, {"importId": made["importId"], "parts": part + 1 if rows else 0})
        return str(made["importId"])

    def handle(self, topic: str, body: Data, store: Store | None = None) -> None:
        """Deliver one message to its function, as the trigger does."""
        world = self.world if store is None else World(store, self.bus, lambda: self.now, KEY)
        if topic == "platform-events":
            deliver_once(world, topic, body, lambda message: work.ingest(world, message))
        elif topic == "jobs":
            steps = {
                "import": work.step,
                "attest": work.attest_step,
                "remove_sample": removal_step,
                "reprice": reprice_step,
            }
            deliver_once(world, topic, body, lambda job: steps[job.kind](world, job))
        elif topic == "learn":
            self.reclusters.append(body["then"])
            # The ml codebase answers with finished runs; the sweep would wake unfinished ones for ever.
            self.store.commit([Merge(f"runs/{one}", {"status": "done"}) for one in (body["runId"], body["then"])])

    def collect(self) -> None:
        self.queue += [(topic, message.to_json()) for topic, message in self.bus.take() if topic != "customers-changed"]

    def run(self, limit: int = 100_000) -> None:
        """Deliver calmly, in order, until nothing is left."""
        for _ in range(limit):
            self.collect()
            if not self.queue:
                return
            self.handle(*self.queue.pop(0))
        raise AssertionError("the queue does not run dry")

    def storm(self, rng: random.Random, crash_every: int = 4, limit: int = 20_000) -> None:
        """Deliver each message one to three times, in random order, with workers dying before or after a commit.

        A dead worker's message is lost for good (the emulator does not redeliver): only the sweep can bring it back.
        """
        for _ in range(limit):
            self.collect()
            if not self.queue:
                self.now += timedelta(minutes=4)
                sweep(self.world)
                self.collect()
                if not self.queue:
                    return
            topic, body = self.queue.pop(rng.randrange(len(self.queue)))
            for _ in range(rng.randint(1, 3)):
                store: Store | None = None
                if rng.randrange(crash_every) == 0:
                    store = CrashingStore(self.store, rng.randint(1, 4), rng.choice(["before", "after"]))
                try:
                    self.handle(topic, body, store)
                except Crash:
                    continue
        raise AssertionError("the storm does not end")

    def state(self) -> dict[str, Data]:
        """The documents without what tells only when and how often something was tried."""
        volatile = {"updatedAt", "doneAt", "finishedAt", "computedAt", "startedAt", "asOf", "nextAt", "lastAt", "dueAt"}
        return {
            path: {name: value for name, value in data.items() if name not in volatile}
            for path, data in self.store.dump().items()
            if not path.startswith(("dirty/", "config/schedules"))
        }


__all__ = ["START", "Job", "PlatformEvents", "System"]
