"""The comparisons behind insights: intervals cover, noise does not pass, a real change does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.insights.statistics import beyond_noise, counts, means, normal_p, proportions, two_sided_z, wilson


def test_wilson_gives_the_published_interval() -> None:
    """Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263 at 95 % is .2553 to .3662."""
    low, high = wilson(81, 263, z=1.959964)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_the_difference_of_two_proportions_gives_the_published_interval() -> None:
    """Newcombe 1998, 17:873, method 10: 56/70 against 48/80 at 95 % is .0524 to .3339."""
    low_a, high_a = wilson(56, 70, 1.959964)
    low_b, high_b = wilson(48, 80, 1.959964)
    a, b = 56 / 70, 48 / 80
    low = a - b - math.hypot(a - low_a, high_b - b)
    high = a - b + math.hypot(high_a - a, b - low_b)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    change = proportions(56, 70, 48, 80)
    assert change is not None
    # At 90 % it is narrower and lies within.
    assert 0.0524 < change.low < change.difference < change.high < 0.3339


@given(st.integers(0, 200), st.integers(1, 200), st.integers(0, 200), st.integers(1, 200))
def test_every_change_lies_in_its_interval(a: int, of_a: int, b: int, of_b: int) -> None:
    change = proportions(min(a, of_a), of_a, min(b, of_b), of_b)
    assert change is not None
    assert change.low - 1e-12 <= change.difference <= change.high + 1e-12
    assert 0 <= change.p <= 1


@given(st.integers(0, 60), st.floats(1, 60), st.integers(0, 60), st.floats(1, 120))
def test_rates_told_as_counts_lie_in_their_interval(now: int, days: float, then: int, before: float) -> None:
    change = counts(now, days, then, before)
    if now + then == 0:
        assert change is None
        return
    assert change is not None and 0 <= change.p <= 1
    assert change.value == now
    assert change.low - 1e-9 <= change.difference <= change.high + 1e-9


def test_equal_rates_are_no_news_and_a_burst_is() -> None:
    calm, burst = counts(4, 14, 26, 91), counts(40, 14, 4, 90)
    assert calm is not None and calm.p > 0.5
    assert burst is not None and burst.p < 1e-12 and burst.low > 20


def test_noise_passes_about_as_rarely_as_promised() -> None:
    rng = np.random.default_rng(5)
    nights = [beyond_noise([normal_p(z) for z in rng.normal(size=30)]) for _ in range(400)]
    # Where nothing is true, a night with any finding is a false one: at most the rate of a tenth, with its own error.
    assert sum(any(night) for night in nights) / len(nights) < 0.14


def test_a_true_change_passes_among_noise() -> None:
    rng = np.random.default_rng(6)
    values = [normal_p(z) for z in rng.normal(size=20)] + [1e-6]
    assert beyond_noise(values)[-1]


def test_means_need_three_on_a_side_and_some_spread() -> None:
    assert means([1.0, 2.0], [1.0, 2.0, 3.0]) is None
    assert means([1.0, 1.0, 1.0], [1.0, 1.0, 1.0]) is None
    change = means([0.1, 0.2, 0.3, 0.2], [0.8, 0.9, 0.7, 0.8])
    assert change is not None and change.difference == pytest.approx(-0.6) and change.high < 0


@pytest.mark.parametrize(("now", "then"), [(3, 3), (4, 12), (5, 30)])
def test_the_interval_of_few_means_covers_as_often_as_it_says(now: int, then: int) -> None:
    rng = np.random.default_rng(7)
    pairs = [means([*rng.normal(size=now)], [*rng.normal(size=then)]) for _ in range(1500)]
    found = [one for one in pairs if one is not None]
    # 1,500 draws: a standard error under a point. Welch's own approximation is good to about two.
    assert sum(one.low <= 0 <= one.high for one in found) / len(found) == pytest.approx(0.9, abs=0.03)
    assert sum(one.p < 0.01 for one in found) / len(found) < 0.02


@pytest.mark.parametrize(
    ("now", "days", "then", "before"),
    [(5, 7, 20, 28), (8, 14, 10, 90), (20, 7, 80, 28), (25, 14, 4, 90), (40, 14, 8, 90), (2, 14, 15, 90)],
)
def test_the_interval_of_counts_covers_calm_and_burst(now: int, days: int, then: int, before: int) -> None:
    rng = np.random.default_rng(8)
    true = now - then * days / before
    drawn = [counts(int(rng.poisson(now)), days, int(rng.poisson(then)), before) for _ in range(1500)]
    found = [one for one in drawn if one is not None]
    share = sum(one.low <= true <= one.high for one in found) / len(found)
    # Counts are whole numbers, so no interval covers exactly: a little more is no fault, a little less is.
    assert 0.87 <= share <= 0.95


@pytest.mark.parametrize("z", [0.5, 1.0, 1.96, 3.29, 6.0])
def test_the_strength_is_the_z_of_the_p(z: float) -> None:
    assert two_sided_z(normal_p(z)) == pytest.approx(z, abs=0.002)
