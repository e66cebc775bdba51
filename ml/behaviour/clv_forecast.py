"""What each customer will do: expected purchases and money with 90 % predictive intervals, and when the next order is.

The expected numbers are those of the fitted parameters. An interval comes from `DRAWS` futures of the customer, each
under its own parameters (normal on the log scale around the fit, with the covariance of the inverse information):

    rate | alive        Gamma(r + x, alpha + T)             stops after a purchase | alive     Beta(a, b + x)
    purchases           min(Poisson(rate * time), Geometric(stop)) where alive, else 0
    money               Gamma(p * purchases) / nu           nu    Gamma(p x + q, v + x zbar)

Rate and stopping are independent given alive, as the likelihood of who is alive is a product of both. All customers
share the same stratified random numbers: a customer's interval depends on the fit and on their own history only, not on
who else is asked about, nor on the order; what depends on x alone is drawn once for each x.

With 199 draws the k-th smallest is the k/200 quantile of a new draw. Where at least 5 % of the futures are without a
purchase nothing lies below zero, and all of the 10 % is left above; else 5 % on each side. An interval always holds the
expected value.

Of the sum over customers the parameters are a common error and their own luck is not: `total` takes the customers'
expected money under each of the drawn parameters, and adds their own futures as independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.behaviour import clv, gamma_gamma
from ml.behaviour.clv import BgNbd, Cells
from ml.behaviour.gamma_gamma import GammaGamma

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DRAWS = 199
SEED = 20050524
TABLE = 256
"""Purchases up to which a future is drawn exactly; beyond, a normal approximation."""
CHUNK = 4_096
SUMMED = 5_000
"""Customers whose expected money is taken under every draw: how the parameters move a sum shows on some of them."""


@dataclass(frozen=True)
class Forecast:
    """One entry a customer, in the order given. Money is NaN where the Gamma-Gamma model has a blocking condition.

    Attributes:
        wait, wait_low, wait_high: time until the next purchase of who is alive: median, 5 % and 95 %.
    """

    alive: Floats
    purchases: Floats
    purchases_low: Floats
    purchases_high: Floats
    value: Floats
    low: Floats
    high: Floats
    variance: Floats
    """Of the money, over the futures."""
    wait: Floats
    wait_low: Floats
    wait_high: Floats


@dataclass(frozen=True)
class Total:
    """How far the money of many customers may be from its expected sum.

    Attributes:
        ratios: the sum under each drawn parameters over the sum under the fitted ones.
        noise: variance of the customers' own futures for each unit of expected money, in units of money.
    """

    ratios: Floats
    noise: float

    def interval(self, expected: float) -> tuple[float, float]:
        """90 % predictive interval of a sum of customers with this expected money; holds the expected sum."""
        from scipy.special import ndtri

        luck = ndtri((np.arange(DRAWS) + 0.5) / DRAWS) * np.sqrt(max(self.noise * expected, 0.0))
        low, high = np.quantile(expected * self.ratios[:, None] + luck, (0.05, 0.95))
        return min(float(low), expected), max(float(high), expected)


@dataclass(frozen=True)
class _Luck:
    """Draws that depend on the fit and x only: rows are draws, columns the distinct x (the first is 0)."""

    xs: Floats
    r: Floats
    alpha: Floats
    a: Floats
    b: Floats
    lives: Floats
    rate: Floats
    """Gamma(r + x, 1)."""
    last: Floats
    """Purchases until they stop."""
    arrivals: Floats
    """Times of a Poisson process of rate 1, draws x TABLE."""
    normal: Floats
    wait: Floats
    """Exponential of mean 1."""
    p: Floats
    v: Floats
    spent: Floats
    """Sums of 0, 1, 2.. draws of Gamma(p, 1)."""
    spread: Floats
    nu: Floats
    """Gamma(p x + q, 1)."""


def forecast(fit: BgNbd, money: GammaGamma | None, held: Cells, mean: Floats, time: float) -> Forecast:
    """Forecast over the coming `time` (in the unit of the fit).

    Args:
        money: None where only purchases are asked for.
        held: cells of the customers.
        mean: mean money of each customer's repeat transactions; NaN where there is none.
    """
    count = len(held.of)
    out = {name: np.full(count, np.nan) for name in Forecast.__dataclass_fields__}
    if not np.isfinite(fit.log_likelihood) or not count:
        return Forecast(**out)
    cell_x = held.x[held.of]
    weight = np.where(gamma_gamma.usable(cell_x, mean), cell_x, 0.0)
    level = weight * np.nan_to_num(mean)
    priced = money is not None and not any(one.blocking for one in money.unmet)
    parameters = fit.parameters
    living = clv.alive(parameters, held.x, held.tx, held.age)
    expected = clv.expected_purchases(parameters, held.x, held.tx, held.age, time)
    out["alive"], out["purchases"] = living[held.of], expected[held.of]
    out["wait"] = clv.waiting(parameters, held.x, held.age, 0.5)[held.of]
    if priced and money is not None:
        out["value"] = out["purchases"] * gamma_gamma.expected_money(money.parameters, cell_x, mean)
    luck = _luck(fit, money if priced else None, np.unique(np.append(held.x, 0.0)))
    # Customers by cell, so that a cell's futures are drawn once and serve all of them.
    order = np.argsort(held.of, kind="stable")
    ends = np.cumsum(np.bincount(held.of, minlength=len(held)))
    for start in range(0, len(held), CHUNK):
        stop = min(start + CHUNK, len(held))
        column = np.searchsorted(luck.xs, held.x[start:stop])
        number, wait = _futures(luck, held.x[start:stop], held.tx[start:stop], held.age[start:stop], column, time)
        low, high = _interval(number, expected[start:stop])
        wait.partition((9, 189), axis=0)
        members = order[(ends[start - 1] if start else 0) : ends[stop - 1]]
        local = held.of[members] - start
        out["purchases_low"][members], out["purchases_high"][members] = low[local], high[local]
        out["wait_low"][members], out["wait_high"][members] = wait[9][local], wait[189][local]
        if priced:
            total = _sums(luck, number)
            for part in range(0, len(members), CHUNK):
                some, at = members[part : part + CHUNK], local[part : part + CHUNK]
                nu = luck.nu[:, np.searchsorted(luck.xs, weight[some])]
                worth = total[:, at] * (luck.v[:, None] + level[some]) / nu
                out["variance"][some] = worth.var(axis=0)
                out["low"][some], out["high"][some] = _interval(worth, out["value"][some])
    # The median of the draws and that of the fit may differ by chance; the interval holds the one that is told.
    out["wait_low"] = np.minimum(out["wait_low"], out["wait"])
    out["wait_high"] = np.maximum(out["wait_high"], out["wait"])
    return Forecast(**out)


def total(fit: BgNbd, money: GammaGamma, held: Cells, mean: Floats, time: float, told: Forecast) -> Total | None:
    """What is common to all customers of a forecast and what is not; None where there is no money to expect.

    Args:
        told: the forecast of the same customers over the same time.
    """
    value = float(told.value.sum()) if len(told.value) else 0.0
    if not np.isfinite(value) or value <= 0:
        return None
    some = np.linspace(0, len(held.of) - 1, min(len(held.of), SUMMED)).astype(np.int64)
    few, of = np.unique(held.of[some], return_inverse=True)
    x, tx, age = held.x[few], held.tx[few], held.age[few]
    sums = np.array(
        [
            clv.expected_purchases(rates, x, tx, age, time)[of] @ gamma_gamma.expected_money(spend, x[of], mean[some])
            for rates, spend in zip(
                _around(fit.parameters, fit.covariance, 0), _around(money.parameters, money.covariance, 9), strict=True
            )
        ]
    )
    known = sums[np.isfinite(sums)]
    if not len(known):
        return None
    # Spend without a mean under some parameters is more than under any of the others.
    ratios = np.where(np.isfinite(sums), sums, known.max()) / float(told.value[some].sum())
    return Total(ratios, float(told.variance.sum()) / value)


def _futures(luck: _Luck, x: Floats, tx: Floats, age: Floats, column: Ints, time: float) -> tuple[Floats, Floats]:
    """Purchases within the time, and the wait given alive: draws x cells."""
    r, alpha, a, b = (one[:, None] for one in (luck.r, luck.alpha, luck.a, luck.b))
    log_odds = (
        np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0)) + (r + x) * (np.log(alpha + age) - np.log(alpha + tx))
    )
    with np.errstate(over="ignore"):
        living = np.where(x > 0, 1 / (1 + np.exp(log_odds)), 1.0)
    rate = luck.rate[:, column] / (alpha + age)
    mean = rate * time
    number = np.empty_like(mean)
    for draw in range(DRAWS):
        number[draw] = np.searchsorted(luck.arrivals[draw], mean[draw], side="right")
    many = mean > TABLE / 2
    if many.any():
        far = np.maximum(np.rint(mean + np.sqrt(mean) * luck.normal[:, None]), 0.0)
        number = np.where(many, far, number)
    number = np.where(luck.lives[:, None] < living, np.minimum(number, luck.last[:, column]), 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        wait = luck.wait[:, None] / rate
    return number, wait


def _sums(luck: _Luck, number: Floats) -> Floats:
    """Gamma(p * number, 1): draws x cells."""
    at = np.minimum(number, TABLE).astype(np.int64)
    total = np.take_along_axis(luck.spent, at, axis=1)
    many = number > TABLE
    if many.any():
        shape = luck.p[:, None] * number
        total = np.where(many, np.maximum(shape + np.sqrt(shape) * luck.spread[:, None], 0.0), total)
    return total


def _interval(draws: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """5 % and 95 % of the draws, or 0 and 90 % where 5 % of them are 0; widened to the expected value."""
    draws.partition((9, 179, 189), axis=0)
    low = draws[9]
    high = np.where(low > 0, draws[189], draws[179])
    return np.minimum(low, expected), np.maximum(high, expected)


def _strata(name: int, columns: int = 1) -> Floats:
    # Each kind of draw has a stream of its own, by x: another x in the data changes no other's draws.
    rng = np.random.default_rng((SEED, name))
    rows = np.tile((np.arange(DRAWS) + 0.5) / DRAWS, (columns, 1))
    return rng.permuted(rows, axis=1).T


def _around(parameters: Floats, covariance: Floats, name: int) -> Floats:
    """Drawn parameters, draws x parameters."""
    from scipy.special import ndtri

    values, vectors = np.linalg.eigh(covariance)
    normal = ndtri(_strata(name, len(parameters)))
    reach = clv.BOUND + np.log(np.maximum(parameters, 1.0))
    logs = np.log(parameters) + (normal * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    drawn: Floats = np.exp(np.clip(logs, -reach, reach))
    return drawn


def _luck(fit: BgNbd, money: GammaGamma | None, xs: Floats) -> _Luck:
    from scipy.special import betaincinv, gammaincinv, ndtri

    def by_x(name: int) -> Floats:
        return np.column_stack([_strata(name + 16 * (1 + int(x)))[:, 0] for x in xs])

    r, alpha, a, b = _around(fit.parameters, fit.covariance, 0).T
    stop = betaincinv(a[:, None], b[:, None] + xs, by_x(3))
    with np.errstate(divide="ignore"):
        last = 1 + np.floor(np.log1p(-by_x(4)) / np.log1p(-np.clip(stop, 1e-15, 1 - 1e-15)))
    rng = np.random.default_rng((SEED, 5))
    gaps = rng.exponential(size=(DRAWS, TABLE))
    gaps[:, 0] = -np.log1p(-_strata(6)[:, 0])
    if money is None:
        nothing = np.zeros(DRAWS)
        p, v, spent, nu = nothing, nothing, np.zeros((DRAWS, TABLE + 1)), np.ones((DRAWS, len(xs)))
    else:
        p, q, v = _around(money.parameters, money.covariance, 9).T
        steps = np.random.default_rng((SEED, 10)).gamma(p[:, None], size=(DRAWS, TABLE))
        steps[:, 0] = gammaincinv(p, _strata(11)[:, 0])
        spent = np.concatenate((np.zeros((DRAWS, 1)), np.cumsum(steps, axis=1)), axis=1)
        nu = np.maximum(gammaincinv(p[:, None] * xs + q[:, None], by_x(12)), 1e-300)
    return _Luck(
        xs=xs, r=r, alpha=alpha, a=a, b=b,
        lives=_strata(1)[:, 0],
        rate=gammaincinv(r[:, None] + xs, by_x(2)),
        last=last,
        arrivals=np.cumsum(gaps, axis=1),
        normal=ndtri(_strata(7)[:, 0]),
        wait=-np.log1p(-_strata(8)[:, 0]),
        p=p, v=v, spent=spent,
        spread=ndtri(_strata(13)[:, 0]),
        nu=nu,
    )  # fmt: skip
