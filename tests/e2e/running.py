"""The running suite as the journeys see it: a server's client of Firestore, the bus, and the workers' processes."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from google.cloud import firestore, pubsub_v1
from google.cloud.firestore_v1.base_query import FieldFilter

from scripts.lib.accounts import Accounts
from scripts.lib.emulated import Firestore
from scripts.lib.paths import PROJECT
from scripts.lib.reaper import TAG
from scripts.lib.schedules import Ticker

NEEDED = ("TIMBRE_HOSTING_URL", "TIMBRE_FUNCTIONS_URL", "FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST")
WAIT = 90.0
"""Seconds for a function to start cold and answer on a busy machine."""
LONG = 400.0
"""Seconds for an import or a recluster on a busy machine."""
T = TypeVar("T")


class Running:
    """One suite; made once a session."""

    def __init__(self) -> None:
        env = os.environ
        self.hosting = env["TIMBRE_HOSTING_URL"]
        functions = urlsplit(env["TIMBRE_FUNCTIONS_URL"]).netloc
        self.identity_key = env["IDENTITY_KEY"].encode()
        self.functions_log = Path(env["TIMBRE_FUNCTIONS_LOG"])
        self.accounts = Accounts(env["FIREBASE_AUTH_EMULATOR_HOST"], functions)
        self.ticker = Ticker(functions, Firestore(env["FIRESTORE_EMULATOR_HOST"]))
        self.db = firestore.Client(project=PROJECT)
        self._publisher = pubsub_v1.PublisherClient()

    def publish(self, topic: str, body: dict[str, Any]) -> None:
        """One message, accepted when this returns."""
        path = f"projects/{PROJECT}/topics/{topic}"
        self._publisher.publish(path, json.dumps(body, ensure_ascii=False).encode()).result(timeout=30)

    def get(self, path: str) -> dict[str, Any]:
        """A document's fields; empty when there is none."""
        return self.db.document(path).get().to_dict() or {}

    def where(self, collection: str, field: str, value: Any, limit: int | None = None) -> list[Any]:
        query = self.db.collection(collection).where(filter=FieldFilter(field, "==", value))
        return list((query.limit(limit) if limit else query).stream())

    def count(self, collection: str) -> int:
        return int(self.db.collection(collection).count().get()[0][0].value)

    def newest(self, collection: str, by: str) -> Any:
        """The newest document's snapshot, None in an empty collection."""
        query = self.db.collection(collection).order_by(by, direction=firestore.Query.DESCENDING).limit(1)
        return next(iter(query.stream()), None)

    def workers(self) -> list[int]:
        """Process ids of the Python workers of this very suite, and of no other on the machine."""
        tag = f"{TAG}={os.environ[TAG]}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                serves = any(word.endswith(b"functions-framework") for word in words[:2])
                if serves and tag in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def kill_workers(self) -> int:
        """kill -9 every worker of this suite; returns how many there were."""
        doomed = self.workers()
        for pid in doomed:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(doomed)


def eventually(what: str, look: Callable[[], T], timeout: float = WAIT, every: float = 0.2) -> T:
    """The first truthy value of `look`.

    Raises:
        AssertionError: there was none in `timeout` seconds; the message names `what` and the last value.
    """
    end = time.monotonic() + timeout
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout:.0f} s: {what} (last seen: {value!r})")
        time.sleep(every)


def pages(items: list[T], size: int = 300) -> Iterable[list[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
