"""Gamma-Gamma: how much a customer spends a transaction, fitted by maximum likelihood.

A transaction's money is Gamma(p, nu), nu differs by customer as Gamma(q, gamma), independently of how often they buy:

    P. Fader, B. Hardie (2013), The Gamma-Gamma Model of Monetary Value, http://brucehardie.com/notes/025/

x is the number of repeat transactions, zbar their mean money. `v` is the paper's gamma, as other programs call it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml.behaviour.clv import BOUND, FEW_REPEATS, LEAST_REPEATS, inverse_information
from ml.behaviour.conditions import Condition, condition

Floats = NDArray[np.float64]
RELATED = 0.3
"""Correlation between frequency and money from which their independence cannot be assumed."""


@dataclass(frozen=True)
class GammaGamma:
    """A fitted model.

    Attributes:
        covariance: of the logarithms of (p, q, v), 3 x 3.
        buyers: repeat buyers with positive mean money, on which the fit rests.
        correlation: between x and zbar among them; NaN where either is constant.
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    covariance: Floats
    buyers: int
    correlation: float
    unmet: tuple[Condition, ...] = ()

    @property
    def parameters(self) -> Floats:
        return np.array([self.p, self.q, self.v])


def usable(x: ArrayLike, mean: ArrayLike) -> NDArray[np.bool_]:
    """Who has repeat transactions with positive mean money; refunds can take all of it."""
    known: NDArray[np.bool_] = (np.asarray(x) > 0) & (np.nan_to_num(np.asarray(mean, dtype=np.float64)) > 0)
    return known


def expected_money(parameters: ArrayLike, x: ArrayLike, mean: ArrayLike) -> Floats:
    """E[money a transaction | x, zbar] = p (v + x zbar) / (p x + q - 1); the population's where nothing is known.

    NaN for q <= 1, where a new customer's mean does not exist.
    """
    p, q, v = np.asarray(parameters, dtype=np.float64)
    weight = np.where(usable(x, mean), np.asarray(x, dtype=np.float64), 0.0)
    left = p * weight + q - 1
    if q <= 1:
        return np.full(left.shape, np.nan)
    result: Floats = p * (v + weight * np.nan_to_num(np.asarray(mean, dtype=np.float64))) / left
    return result


def log_likelihood(parameters: ArrayLike, x: ArrayLike, mean: ArrayLike) -> Floats:
    """Log-likelihood by customer, equation 1a of the note; x and mean must be positive."""
    return _terms(np.asarray(parameters, dtype=np.float64), np.asarray(x, float), np.asarray(mean, float))[0]


def fit(x: ArrayLike, mean: ArrayLike) -> GammaGamma:
    """Maximum likelihood over repeat buyers with positive mean money; inputs have one entry a customer."""
    from scipy.optimize import minimize

    known = usable(x, mean)
    buyers = int(known.sum())
    repeats = int((np.asarray(x) > 0).sum())
    unmet = []
    if repeats > buyers:
        unmet.append(
            condition(
                "money not positive",
                f"{repeats - buyers} repeat buyers have no positive mean spend (refunds); ignored for money.",
                f"{repeats - buyers} 位复购客户的平均消费不为正（退款），未用于金额估计。",
            )
        )
    if buyers < LEAST_REPEATS:
        text = condition(
            "few repeat buyers",
            f"Needs at least {LEAST_REPEATS} repeat buyers with positive spend; there are {buyers}.",
            f"至少需要 {LEAST_REPEATS} 位消费为正的复购客户，目前 {buyers} 位。",
            blocking=True,
        )
        nan = float("nan")
        return GammaGamma(nan, nan, nan, nan, np.full((3, 3), nan), buyers, nan, (text, *unmet))
    pairs, count = np.unique(
        np.column_stack((np.asarray(x, float), np.asarray(mean, float)))[known], axis=0, return_counts=True
    )
    share = count / buyers
    # Money in units of its mean inside: cents and yen start from the same place.
    unit = float(share @ pairs[:, 1])
    times, money = pairs[:, 0], pairs[:, 1] / unit

    def loss(log_parameters: Floats) -> tuple[float, Floats]:
        parameters = np.exp(log_parameters)
        value, slope = _terms(parameters, times, money)
        return -float(share @ value), -(slope @ share) * parameters

    best = None
    for start in ((6.0, 4.0, 0.5), (1.0, 2.0, 1.0), (30.0, 10.0, 0.3)):
        found = minimize(
            loss, np.log(start), jac=True, method="L-BFGS-B", bounds=[(-BOUND, BOUND)] * 3,
            options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9},
        )  # fmt: skip
        if np.isfinite(found.fun) and (best is None or found.fun < best.fun):
            best = found
        if best is not None and np.abs(best.jac).max() < 1e-5 and np.abs(best.x).max() < BOUND - 1e-3:
            # A maximum inside the bounds: only where there is none are the other starting points tried.
            break
    assert best is not None
    inside = np.abs(best.x) < BOUND - 1e-3
    if np.abs(best.jac[inside]).max(initial=0.0) > 1e-4:
        unmet.append(
            condition("no convergence", "The fit of money a transaction did not converge.", "每单金额的拟合未收敛。")
        )
    covariance, flat = inverse_information(lambda at: loss(at)[1] * buyers, best.x)
    if flat or not inside.all():
        unmet.append(
            condition(
                "parameters not identified",
                "The data do not tell how much spend differs between customers from how much it differs within one.",
                "数据无法区分客户之间与客户自身的消费差异。",
            )
        )
    if buyers < FEW_REPEATS:
        unmet.append(
            condition(
                "few repeat buyers",
                f"Money rests on {buyers} repeat buyers; below {FEW_REPEATS} the intervals are wide.",
                f"金额估计仅基于 {buyers} 位复购客户；少于 {FEW_REPEATS} 位时区间较宽。",
            )
        )
    p, q, v = (float(one) for one in np.exp(best.x))
    if q <= 1:
        unmet.append(
            condition(
                "money without a mean",
                "Spend varies so much between customers that a new one's mean does not exist.",
                "客户之间消费差异过大，新客户的平均消费无法确定。",
                blocking=True,
            )
        )
    correlation, related = _related(np.asarray(x, float)[known], np.asarray(mean, float)[known])
    if related:
        unmet.append(
            condition(
                "frequency and money related",
                f"How often and how much customers buy are related (correlation {correlation:.2f}); the model "
                "takes them for independent.",
                f"购买频率与金额相关（相关系数 {correlation:.2f}），而模型假设二者独立。",
            )
        )
    total = float(count @ log_likelihood((p, q, v * unit), *pairs.T))
    return GammaGamma(p, q, v * unit, total, covariance, buyers, correlation, tuple(unmet))


def _related(x: Floats, mean: Floats) -> tuple[float, bool]:
    """Pearson's correlation, and whether it is over the bound by more than chance (Fisher's z, 90 %)."""
    # Equal values have a spread of some rounding.
    if np.ptp(x) == 0 or np.ptp(mean) <= 1e-9 * abs(mean).max():
        return float("nan"), False
    value = float(np.clip(np.corrcoef(x, mean)[0, 1], -1, 1))
    reach = np.arctanh(min(abs(value), 1 - 1e-12)) - 1.645 / np.sqrt(max(len(x) - 3, 1))
    return value, bool(abs(value) > RELATED and np.tanh(reach) > RELATED / 3)


def _terms(parameters: Floats, x: Floats, mean: Floats) -> tuple[Floats, Floats]:
    from scipy.special import gammaln, psi

    p, q, v = parameters
    px, whole = p * x, v + x * mean
    value = (
        gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v) + (px - 1) * np.log(mean) + px * np.log(x)
        - (px + q) * np.log(whole)
    )  # fmt: skip
    more = psi(px + q)
    slope = np.empty((3, len(x)))
    slope[0] = x * (more - psi(px) + np.log(mean) + np.log(x) - np.log(whole))
    slope[1] = more - psi(q) + np.log(v) - np.log(whole)
    slope[2] = q / v - (px + q) / whole
    return value, slope
