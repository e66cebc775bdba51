"""Two moments compared: the change, its 90 % interval, and how far above the noise it is.

Proportions: Newcombe's interval for the difference of two independent proportions (hybrid score, method 10), and the
pooled z test (Newcombe 1998, Statistics in Medicine 17:873-890). Means: Welch's t with the degrees of freedom of
Satterthwaite (Welch 1947, Biometrika 34:28-35). Counts of rare things: the exact conditional test of two Poisson rates
through the binomial (Przyborowski & Wilenski 1940); the interval of their difference puts the score intervals of both
rates together as Newcombe does with proportions (Zou & Donner 2008, Statistics in Medicine 27:1693-1702), so that what
was usual is not taken for known. Many comparisons in one night: Benjamini & Hochberg (1995), so that of all findings
shown at most a tenth is expected to be noise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Change:
    """`value` now and `before`; `low`..`high` is the 90 % interval of value - before."""

    value: float
    before: float
    low: float
    high: float
    p: float
    """Two-sided probability of a change as large where nothing changed."""

    @property
    def difference(self) -> float:
        return self.value - self.before

    @property
    def strength(self) -> float:
        """Standard errors above the noise, from the p-value; at most 12."""
        return two_sided_z(self.p)


def wilson(successes: float, count: float, z: float = Z90) -> tuple[float, float]:
    """Wilson's score interval of a proportion; (0, 1) of nothing."""
    if count <= 0:
        return 0.0, 1.0
    share, square = successes / count, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def proportions(now: int, of_now: int, then: int, of_then: int) -> Change | None:
    """Change of a share; None where one side has nothing."""
    if of_now <= 0 or of_then <= 0:
        return None
    a, b = now / of_now, then / of_then
    low_a, high_a = wilson(now, of_now)
    low_b, high_b = wilson(then, of_then)
    difference = a - b
    low = difference - math.hypot(a - low_a, high_b - b)
    high = difference + math.hypot(high_a - a, b - low_b)
    pooled = (now + then) / (of_now + of_then)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of_now + 1 / of_then))
    return Change(a, b, low, high, normal_p(difference / error) if error > 0 else 1.0)


def means(now: Sequence[float], then: Sequence[float]) -> Change | None:
    """Change of a mean; None below three values on a side."""
    if len(now) < 3 or len(then) < 3:
        return None
    from scipy.stats import t

    a, b = sum(now) / len(now), sum(then) / len(then)
    part_a, part_b = _variance(now, a) / len(now), _variance(then, b) / len(then)
    error = math.sqrt(part_a + part_b)
    if error <= 0:
        return None
    freedom = error**4 / (part_a**2 / (len(now) - 1) + part_b**2 / (len(then) - 1))
    half = float(t.ppf(0.95, freedom)) * error
    return Change(a, b, a - b - half, a - b + half, float(2 * t.sf(abs(a - b) / error, freedom)))


def counts(now: int, days_now: float, then: int, days_then: float) -> Change | None:
    """Change of a daily rate of rare things, told as counts in the newer period's length."""
    total = now + then
    if total == 0 or days_now <= 0 or days_then <= 0:
        return None
    from scipy.stats import binom

    share = days_now / (days_now + days_then)
    upper = float(binom.sf(now - 1, total, share))
    lower = float(binom.cdf(now, total, share))
    p = min(1.0, 2 * min(upper, lower))
    ratio = days_now / days_then
    expected = then * ratio
    low_now, high_now = _score(now)
    low_then, high_then = (ratio * end for end in _score(then))
    low = now - expected - math.hypot(now - low_now, high_then - expected)
    high = now - expected + math.hypot(high_now - now, expected - low_then)
    return Change(float(now), expected, low, high, p)


def beyond_noise(p_values: Sequence[float], rate: float = 0.1) -> list[bool]:
    """Which tests pass when at most `rate` of those that pass may be noise (Benjamini-Hochberg)."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    last = -1
    for rank, index in enumerate(order):
        if p_values[index] <= rate * (rank + 1) / len(p_values):
            last = rank
    passed = set(order[: last + 1])
    return [index in passed for index in range(len(p_values))]


def normal_p(z: float) -> float:
    """Two-sided tail of the standard normal."""
    return math.erfc(abs(z) / math.sqrt(2))


def two_sided_z(p: float) -> float:
    """The z whose two-sided tail is p, 0..12, by bisection of the complementary error function."""
    low, high = 0.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_p(middle) > p else (low, middle)
    return round(low, 3)


def _score(count: int) -> tuple[float, float]:
    """90 % score interval of a Poisson mean."""
    middle, half = count + Z90**2 / 2, Z90 * math.sqrt(count + Z90**2 / 4)
    return max(0.0, middle - half), middle + half


def _variance(values: Sequence[float], mean: float) -> float:
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
