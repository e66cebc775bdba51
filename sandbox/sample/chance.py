"""Draws that `random.Random` lacks."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from random import Random
from typing import TypeVar

T = TypeVar("T")


def poisson(rng: Random, mean: float) -> int:
    """Knuth's product of uniforms: fine for the small means used here (below 30)."""
    limit, count, product = exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def dirichlet(rng: Random, alpha: float, size: int) -> list[float]:
    draws = [rng.gammavariate(alpha, 1.0) + 1e-9 for _ in range(size)]
    return [draw / sum(draws) for draw in draws]


class Bag:
    """Deals the members of a pool like a shuffled pack: none comes again before all have come."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._packs: dict[int, list[int]] = {}

    def deal(self, pool: Sequence[T], avoid: set[T]) -> T:
        """The next of `pool` that is not in `avoid`; when all are, simply the next."""
        pack = self._packs.setdefault(id(pool), [])
        for _ in range(len(pool)):
            if not pack:
                pack.extend(range(len(pool)))
                self._rng.shuffle(pack)
            item = pool[pack.pop()]
            if item not in avoid:
                return item
        return self._rng.choice(pool)
