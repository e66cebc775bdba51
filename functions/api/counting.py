"""What the tracking API dropped or changed, counted by named rule: `cleaning/{key id}/days/{day}`.

Counts gather in the process and are written at most every 20 seconds, so that a crawler's thousand calls are one write.
A process that dies loses at most those seconds of counts; no record depends on them.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from functions.api.events import INCOMPLETE, NO_IDENTITY, NO_NAME, NO_TYPE, UNSIGNED
from functions.api.properties import CLIPPED, PERSONAL
from schema import log
from schema.connections import Cleaning, CleaningCount
from schema.flow import World
from schema.store import Create, ReadSet, StoreError, Update, Write, settle

EVERY = timedelta(seconds=20)
TOO_LARGE, TOO_MANY, UNREADABLE = "event_too_large", "batch_too_long", "unreadable_event"
CHANGED = frozenset((CLIPPED, PERSONAL))
"""Rules that change a record; all others keep it out."""
RULES = (
    "bot_user_agent", "do_not_track", "consent_refused", NO_IDENTITY, UNSIGNED, NO_NAME, NO_TYPE, INCOMPLETE,
    TOO_LARGE, TOO_MANY, UNREADABLE, CLIPPED, PERSONAL,
)  # fmt: skip


@dataclass
class Tally:
    """One process's counts that are not written yet."""

    _counts: dict[str, Counter[str]] = field(default_factory=dict)
    _records: Counter[str] = field(default_factory=Counter)
    _written: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, world: World, key: str, messages: int, notes: Counter[str]) -> None:
        """Count a call, and write if it is time. Never fails a call."""
        now = world.clock()
        with self._lock:
            self._counts.setdefault(key, Counter()).update(notes)
            self._records[key] += messages
            last = self._written.get(key)
            if not self._counts[key] or (last is not None and now - last < EVERY):
                return
            counts, records = self._counts.pop(key), self._records.pop(key, 0)
            self._written[key] = now
        try:
            _write(world, key, now, records, counts)
        except StoreError as error:
            log.failure("tracking counts not written", error)


def _write(world: World, key: str, now: datetime, records: int, counts: Counter[str]) -> None:
    day = now.date().isoformat()
    path = f"cleaning/{key}/days/{day}"
    settle(world.store, [path], partial(_add, path=path, key=key, day=day, now=now, records=records, counts=counts))


def _add(
    docs: ReadSet, path: str, key: str, day: str, now: datetime, records: int, counts: Counter[str]
) -> list[Write]:
    doc = docs[path]
    before = Cleaning.model_validate(doc.data) if doc else Cleaning(origin=key, day=day, updated_at=now)
    totals = {one.rule: one for one in before.counts}
    for rule, count in sorted(counts.items()):
        held = totals.get(rule, CleaningCount(rule=rule))
        changed = count if rule in CHANGED else 0
        totals[rule] = CleaningCount(
            rule=rule, changed=held.changed + changed, set_aside=held.set_aside + count - changed
        )
    data = Cleaning(
        origin=key,
        day=day,
        records=before.records + records,
        counts=list(totals.values()),
        examples=before.examples,
        updated_at=now,
    ).to_doc()
    return [Update(path, data, doc.update_time)] if doc else [Create(path, data)]
