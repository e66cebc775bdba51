"""Sorted views on the shop's things, so that a page costs its own length and not the whole list's."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

By = Literal["id", "created", "updated"]


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


class Index:
    """(key, id) pairs in order. `key` is milliseconds for times, the id itself for `id`."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._pairs = sorted(pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def add(self, key: int, number: int) -> None:
        insort(self._pairs, (key, number))

    def remove(self, key: int, number: int) -> None:
        place = bisect_left(self._pairs, (key, number))
        if place < len(self._pairs) and self._pairs[place] == (key, number):
            del self._pairs[place]

    def span(self, since: int | None, until: int | None) -> tuple[int, int]:
        """Places of the pairs with since <= key <= until."""
        low = 0 if since is None else bisect_left(self._pairs, (since, -1))
        high = len(self._pairs) if until is None else bisect_right(self._pairs, (until, 1 << 62))
        return low, max(low, high)

    def page(
        self,
        limit: int,
        after: tuple[int, int] | None = None,
        since: int | None = None,
        until: int | None = None,
        offset: int = 0,
        reverse: bool = False,
    ) -> list[tuple[int, int]]:
        """Up to `limit` pairs in order (`reverse`: newest first), behind the pair `after` or from `offset` on."""
        low, high = self.span(since, until)
        if not reverse:
            if after is not None:
                low = max(low, bisect_right(self._pairs, after))
            return self._pairs[low + offset : min(high, low + offset + limit)]
        if after is not None:
            high = min(high, bisect_left(self._pairs, after))
        high = max(low, high - offset)
        return self._pairs[max(low, high - limit) : high][::-1]
