"""Two moments compared: the change, its 90 % interval, and how far above the noise it is.

Proportions: Newcombe's interval for the difference of two independent proportions (hybrid score, method 10), and the
pooled z test (Newcombe 1998, Statistics in Medicine 17:873-890). Means: Welch. Counts of rare things: the exact
conditional test of two Poisson rates through the binomial (Przyborowski & Wilenski 1940), interval by Clopper-Pearson.
Many comparisons in one night: Benjamini & Hochberg (1995), so that of all findings shown at most a tenth is expected to
be noise.
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
    a, b = sum(now) / len(now), sum(then) / len(then)
    error = math.sqrt(_variance(now, a) / len(now) + _variance(then, b) / len(then))
    if error <= 0:
        return None
    return Change(a, b, a - b - Z90 * error, a - b + Z90 * error, normal_p((a - b) / error))


def counts(now: int, days_now: float, then: int, days_then: float) -> Change | None:
    """Change of a daily rate of rare things, told as counts in the newer period's length."""
    total = now + then
    if total == 0 or days_now <= 0 or days_then <= 0:
        return None
    from scipy.stats import beta, binom

    share = days_now / (days_now + days_then)
    upper = float(binom.sf(now - 1, total, share))
    lower = float(binom.cdf(now, total, share))
    p = min(1.0, 2 * min(upper, lower))
    expected = then * days_now / days_then
    # The interval of now's share in the total, turned into a difference at the expected level.
    low = float(beta.ppf(0.05, now, total - now + 1)) if now else 0.0
    high = float(beta.ppf(0.95, now + 1, total - now)) if now < total else 1.0
    return Change(float(now), expected, total * low - expected, total * high - expected, p)


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


def _variance(values: Sequence[float], mean: float) -> float:
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
