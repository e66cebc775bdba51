"""How much one key and one address may send: token buckets that are shared by all instances, and cheap.

Each process gives a quarter of the allowance from its own memory, without any reading. Who needs more takes a tenth of
the shared bucket at a time, one read and one write, kept in `rateLimits/{id}`. So the true limit is the shared bucket
plus a quarter for each running instance; in exchange an ordinary visitor costs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from schema.connections import Bucket
from schema.flow import World
from schema.store import Contention, Create, ReadSet, Update, Write, settle

REMEMBERED = 10_000
"""Buckets a process remembers; the longest unused one is forgotten first."""


@dataclass(frozen=True)
class Allowance:
    """Tokens a second, and the most that can gather."""

    rate: float
    burst: float


SERVER_KEY = Allowance(1000, 20_000)
BROWSER_KEY = Allowance(500, 10_000)
ADDRESS = Allowance(20, 600)
"""Of events by browser keys: a household or an office behind one address, not a machine."""
STRANGER = Allowance(1, 40)
"""Of calls with an unknown key from one address: each may cost a reading."""
SURVEY_LINK = Allowance(0.2, 40)
"""Of answers through one signed link."""
SURVEY_OPEN = Allowance(2, 120)
"""Of answers through open links, from one address."""


@dataclass
class _Local:
    tokens: float
    at: datetime
    borrowed: float = 0.0
    shut_until: datetime | None = None


@dataclass
class Limits:
    """One process's buckets."""

    _held: OrderedDict[str, _Local] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, world: World, name: str, allowed: Allowance, cost: float = 1.0) -> int:
        """Take `cost` tokens.

        Args:
            name: what is limited; kept only as a keyed hash, since it may be an address.

        Returns:
            0 when they were taken, else whole seconds to wait.
        """
        now, cost = world.clock(), min(cost, allowed.burst)
        with self._lock:
            local = self._local(name, allowed, now)
            if local.tokens >= cost:
                local.tokens -= cost
                return 0
            if local.borrowed >= cost:
                local.borrowed -= cost
                return 0
            if local.shut_until is not None and now < local.shut_until:
                return math.ceil((local.shut_until - now).total_seconds()) or 1
        granted, wait = _borrow(world, name, allowed, cost, now)
        with self._lock:
            local = self._local(name, allowed, now)
            if granted:
                local.borrowed += granted - cost
                local.shut_until = None
                return 0
            seconds = max(1, math.ceil(wait))
            local.shut_until = datetime.fromtimestamp(now.timestamp() + seconds, now.tzinfo)
            return seconds

    def _local(self, name: str, allowed: Allowance, now: datetime) -> _Local:
        local = self._held.get(name)
        if local is None:
            local = self._held[name] = _Local(allowed.burst / 4, now)
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)
        self._held.move_to_end(name)
        gone = max(0.0, (now - local.at).total_seconds())
        local.tokens = min(allowed.burst / 4, local.tokens + gone * allowed.rate / 4)
        local.at = max(now, local.at)
        return local


def limit_path(key: bytes, name: str) -> str:
    return f"rateLimits/{hmac.new(key, b'limit' + name.encode(), hashlib.sha256).hexdigest()[:32]}"


def _borrow(world: World, name: str, allowed: Allowance, cost: float, now: datetime) -> tuple[float, float]:
    """Take a tenth of the shared bucket, at least `cost`. Returns tokens taken (0: none) and seconds to wait."""
    path = limit_path(world.identity_key, name)
    outcome = [(0.0, 1.0)]

    def plan(docs: ReadSet) -> list[Write]:
        doc = docs[path]
        tokens = allowed.burst
        if doc is not None:
            gone = max(0.0, (now - doc.data["at"]).total_seconds())
            tokens = min(allowed.burst, float(doc.data["tokens"]) + gone * allowed.rate)
        if tokens < cost:
            outcome[:] = [(0.0, (cost - tokens) / allowed.rate)]
            return []
        taken = min(tokens, max(cost, allowed.burst / 10))
        outcome[:] = [(taken, 0.0)]
        at = now if doc is None else max(now, doc.data["at"])
        data = Bucket(tokens=tokens - taken, rate=allowed.rate, burst=allowed.burst, at=at).to_doc()
        return [Update(path, data, doc.update_time)] if doc else [Create(path, data)]

    try:
        settle(world.store, [path], plan)
    except Contention:
        # So many at once that nobody could write: that is what the limit is for.
        return 0.0, 1.0
    return outcome[0]
