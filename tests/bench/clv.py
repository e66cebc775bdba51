"""Lifetime value against the `lifetimes` package: the same customers, the same answers, seconds and their ratio.

Each is fitted from nothing and asked for P(alive) and the expected purchases of 52 weeks. Ours then also draws the 90 %
intervals of purchases and money, which the other does not have.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ml.behaviour import clv, clv_forecast, gamma_gamma

WEEKS = 52.0
LEAST = 1.0
"""Ours must not be slower."""


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The best of some runs, and what it gave."""
    best, found = np.inf, None
    for _ in range(times):
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
    return best, found


def crowd(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x, t_x, T and mean money of customers who behave as the models say, with whole days, as shops have them."""
    rng = np.random.default_rng(1)
    age = rng.integers(60, 730, count).astype(float)
    rate, stop = rng.gamma(0.4, 1 / 40, count), rng.beta(0.8, 2.5, count)
    x, last, now = np.zeros(count), np.zeros(count), np.zeros(count)
    alive = np.ones(count, dtype=bool)
    while alive.any():
        now += rng.exponential(size=count) / np.maximum(rate, 1e-12)
        alive &= now <= age
        x[alive] += 1
        last[alive] = np.ceil(now[alive])
        alive &= rng.random(count) >= stop
    return x, last / 7, age / 7, rng.gamma(6.0 * np.maximum(x, 1)) / np.maximum(x, 1) / rng.gamma(4.0, 1 / 15, count)


def main() -> int:
    warnings.simplefilter("ignore")
    import lifetimes
    from lifetimes.datasets import load_cdnow_summary

    table = load_cdnow_summary(index_col=[0])
    sample = tuple(table[name].to_numpy(float) for name in ("frequency", "recency", "T"))
    slow = 0
    for name, (x, tx, age), times in (
        ("CDNOW, 2,357 customers", sample, 5),
        ("made up, 100,000 customers", crowd(100_000)[:3], 1),
    ):

        def ours(x: Any = x, tx: Any = tx, age: Any = age) -> tuple[Any, Any]:
            held = clv.cells(x, tx, age)
            fit = clv.fit(held)
            expected = clv.expected_purchases(fit.parameters, held.x, held.tx, held.age, WEEKS)[held.of]
            return expected, clv.alive(fit.parameters, held.x, held.tx, held.age)[held.of]

        def theirs(x: Any = x, tx: Any = tx, age: Any = age) -> tuple[Any, Any]:
            fit = lifetimes.BetaGeoFitter(penalizer_coef=0.0).fit(x, tx, age)
            expected = fit.conditional_expected_number_of_purchases_up_to_time(WEEKS, x, tx, age)
            return np.asarray(expected), np.asarray(fit.conditional_probability_alive(x, tx, age))

        ours()
        our, mine = timed(ours, times)
        their, other = timed(theirs, times)
        apart = max(float(np.nanmax(np.abs(a - b))) for a, b in zip(mine, other, strict=True))
        slow += their / our < LEAST
        print(
            f"{name:28} ours {our:7.3f} s   lifetimes {their:7.3f} s   {their / our:5.1f} times as fast   "
            f"largest difference {apart:.1e}"
        )
    x, tx, age, money = crowd(100_000)
    held = clv.cells(x, tx, age)
    fit, spend = clv.fit(held), gamma_gamma.fit(x, money)
    took, _ = timed(lambda: clv_forecast.forecast(fit, spend, held, money, WEEKS), 1)
    print(f"90 % intervals of 100,000 customers in {len(held):,} cells, {clv_forecast.DRAWS} draws: {took:.1f} s")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
