"""How work flows: publishing, handlers that fail record by record, parked records, and their way back.

Pub/Sub delivers at least once, in any order, and the emulator never redelivers. So a handler never fails as a message:
records that fail are kept in `parked/{id}`, published again with backoff by the sweep, and after five attempts wait
for a
person. In production the trigger's own retry covers a process that died before it got here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import ValidationError

from schema import log
from schema.base import Shape
from schema.clock import Clock
from schema.records import TOPICS
from schema.store import Delete, Doc, Put, Query, ReadSet, Store, Update, Write, get, settle

MAX_ATTEMPTS = 5
RECORDS_A_MESSAGE = 200
_LEASE = timedelta(minutes=2)
"""How long a republished record may take before the sweep sends it again."""
_LARGEST = 900_000
"""Bytes of a message that fit a document of 1 MiB with something to spare."""


class Bus(Protocol):
    """Publishing, as the business code sees it."""

    def publish(self, topic: str, message: Shape) -> None:
        """Hand a message to Pub/Sub and wait until it is accepted."""


@dataclass
class MemoryBus:
    """A bus for tests: keeps what was published, in order."""

    sent: list[tuple[str, Shape]] = field(default_factory=list)

    def publish(self, topic: str, message: Shape) -> None:
        self.sent.append((topic, message))

    def take(self) -> list[tuple[str, Shape]]:
        sent, self.sent = self.sent, []
        return sent


@dataclass(frozen=True)
class World:
    """What business code gets instead of an environment."""

    store: Store
    bus: Bus
    clock: Clock
    identity_key: bytes = b""


@dataclass(frozen=True)
class Failed:
    """A record that could not be digested: the message body that carries it alone, and why."""

    body: dict[str, Any]
    error: str


def stable_id(*parts: object) -> str:
    """A deterministic document id: 20 hex digits of SHA-256 over the parts."""
    text = json.dumps([str(part) for part in parts], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def parked_id(topic: str, body: dict[str, Any]) -> str:
    """One document a record, however often it fails."""
    plain = {name: value for name, value in body.items() if name != "attempt"}
    return stable_id(topic, json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str))


def deliver_once(
    world: World, topic: str, body: dict[str, Any], handle: Callable[[Any], Sequence[Failed] | None]
) -> None:
    """Run a handler over one message so that nothing is lost and nothing is done twice by accident.

    `handle` gets the validated message and returns the records that failed. If it raises, the whole message is kept as
    one record. A message that cannot be read at all is parked at once: trying again would not help.
    """
    attempt = int(body.get("attempt") or 0)
    try:
        message = TOPICS[topic].model_validate(body)
    except ValidationError as error:
        park(world, topic, [Failed(body, _shape_error(error))], MAX_ATTEMPTS)
        log.write("ERROR", "message refused", topic=topic, problems=error.error_count())
        return
    try:
        failed = list(handle(message) or ())
    except Exception as error:
        log.failure("message failed", error, topic=topic, attempt=attempt)
        failed = [Failed(part, type(error).__name__) for part in _storable(body)]
    if failed:
        park(world, topic, failed, attempt + 1)
    if attempt:
        identity = parked_id(topic, body)
        if identity not in {parked_id(topic, one.body) for one in failed}:
            unpark(world.store, identity)


def _storable(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The body whole, or record by record where it is larger than a document may be."""
    records = body.get("records")
    if len(json.dumps(body, ensure_ascii=False).encode()) < _LARGEST:
        return [body]
    if not isinstance(records, list):
        # One call of a platform larger than a document: what it was about stays; the night's comparison reads it again.
        return [{**body, "body": ""}] if "body" in body else [body]
    return [{**body, "records": [record]} for record in records]


def park(world: World, topic: str, failed: Iterable[Failed], attempt: int) -> None:
    """Keep failed records for the sweep (or, after the last attempt, for a person)."""
    now = world.clock()
    for one in failed:
        final = attempt >= MAX_ATTEMPTS
        body = {name: value for name, value in one.body.items() if name != "attempt"}
        identity = parked_id(topic, body)
        path = f"parked/{identity}"

        def keep(
            docs: Any, path: str = path, body: dict[str, Any] = body, one: Failed = one, final: bool = final
        ) -> list[Write]:
            held: Doc | None = docs[path]
            data = {
                "topic": topic,
                "status": "parked" if final else "retrying",
                "record": {"json": json.dumps(body, ensure_ascii=False, default=str)},
                "error": one.error[:200],
                "attempt": min(attempt, MAX_ATTEMPTS),
                "dueAt": None if final else now + backoff(attempt),
                "createdAt": held.data["createdAt"] if held else now,
                "updatedAt": now,
            }
            return [Update(path, data, held.update_time)] if held else [Put(path, data)]

        settle(world.store, [path], keep)


def unpark(store: Store, identity: str) -> None:
    """Forget a record that went through after all."""
    path = f"parked/{identity}"

    def forget(docs: ReadSet) -> list[Write]:
        held = docs[path]
        return [Delete(path, held.update_time)] if held else []

    settle(store, [path], forget)


def backoff(attempt: int) -> timedelta:
    """10 s, 40 s, 160 s, 640 s: long enough for an outage to pass, short enough to be seen the same hour."""
    return timedelta(seconds=10 * 4 ** (attempt - 1))


def republish_due(world: World, limit: int = 200) -> int:
    """Send due parked records again; returns how many. Leased, so that two sweeps do not both send one."""
    now = world.clock()
    due = Query(
        "parked", where=(("status", "==", "retrying"), ("dueAt", "<=", now)), order_by=(("dueAt", "asc"),), limit=limit
    )
    sent = 0
    for doc in list(world.store.query(due)):
        sent += replay(world, doc.id, now)
    return sent


def replay(world: World, identity: str, now: datetime | None = None, from_start: bool = False) -> int:
    """Publish one parked record again. `from_start` gives it five attempts anew (the Replay button)."""
    path = f"parked/{identity}"
    moment = now or world.clock()
    held = get(world.store, path)
    if held is None:
        return 0
    topic = held.data["topic"]
    attempt = 1 if from_start else int(held.data["attempt"])
    fields: dict[str, Any] = {"status": "retrying", "attempt": attempt, "dueAt": moment + _LEASE, "updatedAt": moment}
    message: Shape | None = None
    try:
        message = TOPICS[topic].model_validate({**json.loads(held.data["record"]["json"]), "attempt": attempt})
    except ValidationError:
        # Nobody could read it: it stays for a person, and the sweep goes on with the others.
        fields = {"status": "parked", "dueAt": None, "updatedAt": moment}

    def lease(docs: ReadSet) -> list[Write]:
        now_held = docs[path]
        # Another sweep that was first has moved the time; a person's button counts whatever else happens.
        if now_held is None or not (from_start or now_held.data["dueAt"] == held.data["dueAt"]):
            return []
        return [Update(path, fields, now_held.update_time)]

    if not settle(world.store, [path], lease) or message is None:
        return 0
    world.bus.publish(topic, message)
    return 1


def _shape_error(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
