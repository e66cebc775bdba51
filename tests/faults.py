"""Fault injection: a crash at the n-th commit, before or after it; messages duplicated, delayed and reordered."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from schema.store import Doc, Query, Store, Totals, Write


class Crash(BaseException):
    """The process died. Not an Exception: no handler may catch it, as none could catch a kill -9."""


class CrashingStore:
    """Passes everything through; at commit number `at` (1-based) it dies before or after writing."""

    def __init__(self, inner: Store, at: int, when: Literal["before", "after"]) -> None:
        self.inner = inner
        self.at = at
        self.when = when
        self.commits = 0

    def get_many(self, paths: Iterable[str]) -> dict[str, Doc | None]:
        return self.inner.get_many(paths)

    def query(self, query: Query) -> Iterator[Doc]:
        return self.inner.query(query)

    def totals(self, query: Query, sums: Sequence[str] = ()) -> Totals:
        return self.inner.totals(query, sums)

    def commit(self, writes: Sequence[Write]) -> None:
        self.commits += 1
        if self.commits == self.at and self.when == "before":
            raise Crash
        self.inner.commit(writes)
        if self.commits == self.at and self.when == "after":
            raise Crash


def storm(messages: Sequence[Any], rng: random.Random, times: int = 3) -> list[Any]:
    """Every message one to `times` times, in random order: duplicates, delays and reordering at once."""
    delivered = [message for message in messages for _ in range(rng.randint(1, times))]
    rng.shuffle(delivered)
    return delivered
