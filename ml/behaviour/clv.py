"""BG/NBD: how often customers buy and when they stop, fitted by maximum likelihood.

While alive a customer buys as a Poisson process at rate lambda ~ Gamma(r, alpha); after each purchase they stop with
probability p ~ Beta(a, b); lambda and p are independent. Likelihood, expected purchases and P(alive) are those of

    P. Fader, B. Hardie, K. L. Lee (2005), "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD
    Model, Marketing Science 24 (2), http://brucehardie.com/papers/018/
    P. Fader, B. Hardie (2008), Computing P(alive) Using the BG/NBD Model, http://brucehardie.com/notes/021/

x is the number of repeat transactions (days with an order after the first), t_x the age at the last one, T the age now.
Time may be in any unit; weeks here. Everything is computed over the distinct (x, t_x, T), on the log scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml.behaviour.conditions import Condition, condition

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_REPEATS = 5
"""Repeat buyers below which four parameters cannot be told."""
FEW_REPEATS = 100
"""Repeat buyers below which the parameters are vague."""
BOUND = 8.0
"""Of the logarithm of a parameter: e^-8 .. e^8."""
FLAT = 1.5
"""Standard deviation of a log parameter in a direction in which the likelihood is flat."""


@dataclass(frozen=True)
class Cells:
    """The distinct (x, t_x, T), ascending, how many customers are in each, and the cell of each customer."""

    x: Floats
    tx: Floats
    age: Floats
    count: Floats
    of: Ints

    def __len__(self) -> int:
        return len(self.x)


def cells(x: ArrayLike, tx: ArrayLike, age: ArrayLike) -> Cells:
    """Group customers by their recency and frequency; inputs have one entry a customer.

    Raises:
        ValueError: not 0 <= t_x <= T, t_x > 0 without a repeat transaction, or a number that is not finite.
    """
    rows = np.column_stack([np.asarray(one, dtype=np.float64) for one in (x, tx, age)]).reshape(-1, 3)
    if not np.isfinite(rows).all():
        raise ValueError("x, t_x and T must be finite")
    if (rows < 0).any() or (rows[:, 1] > rows[:, 2]).any() or ((rows[:, 0] == 0) & (rows[:, 1] > 0)).any():
        raise ValueError("needs 0 <= t_x <= T, and t_x = 0 where x = 0")
    if not len(rows):
        nothing = np.zeros(0)
        return Cells(nothing, nothing, nothing, nothing, np.zeros(0, dtype=np.int64))
    unique, of, count = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return Cells(unique[:, 0], unique[:, 1], unique[:, 2], count.astype(np.float64), of.reshape(-1).astype(np.int64))


@dataclass(frozen=True)
class BgNbd:
    """A fitted model.

    Attributes:
        covariance: of the logarithms of (r, alpha, a, b), 4 x 4: the inverse of the observed information.
        unmet: conditions that were not met; with a blocking one the parameters mean nothing.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: Floats
    customers: int
    repeat_buyers: int
    unmet: tuple[Condition, ...] = ()

    @property
    def parameters(self) -> Floats:
        return np.array([self.r, self.alpha, self.a, self.b])


def log_likelihood(parameters: ArrayLike, held: Cells) -> Floats:
    """Log-likelihood of each cell, one customer each; never NaN for positive parameters."""
    return _terms(np.asarray(parameters, dtype=np.float64), held)[0]


def alive(parameters: ArrayLike, x: ArrayLike, tx: ArrayLike, age: ArrayLike) -> Floats:
    """P(alive | x, t_x, T); 1 without a repeat transaction, since nobody stops before their first one."""
    r, alpha, a, b = np.asarray(parameters, dtype=np.float64)
    x, tx, age = (np.asarray(one, dtype=np.float64) for one in (x, tx, age))
    log_odds = (
        np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0)) + (r + x) * (np.log(alpha + age) - np.log(alpha + tx))
    )
    # exp overflows to infinity far out, and 1 / infinity is the right answer there.
    with np.errstate(over="ignore"):
        result: Floats = np.where(x > 0, 1 / (1 + np.exp(log_odds)), 1.0)
    return result


def expected_purchases(parameters: ArrayLike, x: ArrayLike, tx: ArrayLike, age: ArrayLike, time: float) -> Floats:
    """E[purchases in (T, T + time] | x, t_x, T], equation 10 of the paper.

    By Euler's transformation of 2F1 the bracket is 1 - ((alpha+T)/(alpha+T+t))^(a-1) 2F1(a-1, a+b-1-r; a+b+x-1; z), in
    which x stands only in the third parameter: nothing overflows, however many purchases there were.
    """
    r, alpha, a, b = np.asarray(parameters, dtype=np.float64)
    x, tx, age = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (x, tx, age)))
    if abs(a - 1) < 1e-6:
        # 0 / 0 at a = 1: the mean of both sides.
        sides = [_if_alive(r, alpha, 1 + step, b, x, age, time) for step in (-1e-5, 1e-5)]
        given = (sides[0] + sides[1]) / 2
    else:
        given = _if_alive(r, alpha, a, b, x, age, time)
    return given * alive((r, alpha, a, b), x, tx, age)


def _if_alive(r: float, alpha: float, a: float, b: float, x: Floats, age: Floats, time: float) -> Floats:
    from scipy.special import hyp2f1

    # Many cells share x and T.
    pairs, of = np.unique(np.column_stack((x.ravel(), age.ravel())), axis=0, return_inverse=True)
    left = a + b + pairs[:, 0] - 1
    left = np.where(np.abs(left) < 1e-7, 1e-7, left)
    z = time / (alpha + pairs[:, 1] + time)
    with np.errstate(all="ignore"):
        shrunk = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(a - 1, a + b - 1 - r, left, z)
        given = left / (a - 1) * (1 - shrunk)
        most = (r + pairs[:, 0]) * time / (alpha + pairs[:, 1])
        # Between nothing and what somebody buys who never stops; the bracket loses its digits where it is small.
        sound = (given >= 0) & (given <= most * (1 + 1e-6)) & (np.abs(1 - shrunk) > 1e-9) & (max(a, b) < 100)
    if not sound.all():
        given[~sound] = _by_quadrature(r, alpha, a, b, pairs[~sound], time)
    result: Floats = given[of.reshape(-1)].reshape(x.shape)
    return result


def _by_quadrature(r: float, alpha: float, a: float, b: float, pairs: Floats, time: float) -> Floats:
    """The same as the mean over p ~ Beta(a, b + x) of (1 - (1 + p t / (alpha + T))^-(r+x)) / p, at its quantiles."""
    from scipy.special import betaincinv

    middles = (np.arange(400) + 0.5) / 400
    result = np.empty(len(pairs))
    for x in np.unique(pairs[:, 0]):
        rows = pairs[:, 0] == x
        stop = np.maximum(betaincinv(a, b + x, middles), 1e-12)
        longer = np.log1p(stop * (time / (alpha + pairs[rows, 1]))[:, None])
        result[rows] = (-np.expm1(-(r + x) * longer) / stop).mean(axis=1)
    return result


def waiting(parameters: ArrayLike, x: ArrayLike, age: ArrayLike, probability: float) -> Floats:
    """Time until the next purchase of who is alive, at a quantile; infinite where it is beyond all numbers.

    lambda given alive is Gamma(r + x, alpha + T), so that the wait is Lomax: P(W > w) = ((alpha+T)/(alpha+T+w))^(r+x).
    """
    r, alpha, _, _ = np.asarray(parameters, dtype=np.float64)
    x, age = np.asarray(x, dtype=np.float64), np.asarray(age, dtype=np.float64)
    with np.errstate(over="ignore"):
        result: Floats = (alpha + age) * np.expm1(-np.log1p(-probability) / (r + x))
    return result


def fit(held: Cells) -> BgNbd:
    """Maximum likelihood over the cells with the analytic gradient, from up to three starting points.

    Below `LEAST_REPEATS` repeat buyers nothing is fitted, and the parameters are NaN.
    """
    from scipy.optimize import minimize

    customers = int(held.count.sum())
    repeats = int(held.count[held.x > 0].sum())
    unmet = []
    if repeats < LEAST_REPEATS:
        text = condition(
            "few repeat buyers" if repeats else "no repeat orders",
            f"Needs at least {LEAST_REPEATS} customers with a second order; there are {repeats}.",
            f"至少需要 {LEAST_REPEATS} 位有第二次订单的客户，目前 {repeats} 位。",
            blocking=True,
        )
        nan = float("nan")
        return BgNbd(nan, nan, nan, nan, nan, np.full((4, 4), nan), customers, repeats, (text,))
    if repeats < FEW_REPEATS:
        unmet.append(
            condition(
                "few repeat buyers",
                f"Only {repeats} customers have a second order; below {FEW_REPEATS} the intervals are wide.",
                f"只有 {repeats} 位客户有第二次订单；少于 {FEW_REPEATS} 位时区间较宽。",
            )
        )
    share = held.count / customers
    # Time is measured in mean ages inside, so that the starting points suit days as well as weeks.
    unit = float((share * held.age).sum()) or 1.0
    scaled = Cells(held.x, held.tx / unit, held.age / unit, held.count, held.of)

    def loss(log_parameters: Floats) -> tuple[float, Floats]:
        parameters = np.exp(log_parameters)
        value, slope = _terms(parameters, scaled)
        return -float(share @ value), -(slope @ share) * parameters

    best = None
    for start in ((0.3, 0.2, 0.8, 2.5), (1.0, 1.0, 1.0, 1.0), (2.0, 0.5, 0.2, 5.0)):
        found = minimize(
            loss, np.log(start), jac=True, method="L-BFGS-B", bounds=[(-BOUND, BOUND)] * 4,
            options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9},
        )  # fmt: skip
        if np.isfinite(found.fun) and (best is None or found.fun < best.fun):
            best = found
        if best is not None and np.abs(best.jac).max() < 1e-5 and np.abs(best.x).max() < BOUND - 1e-3:
            # A maximum inside the bounds: only where there is none are the other starting points tried.
            break
    assert best is not None  # log-likelihoods of positive parameters are finite
    inside = np.abs(best.x) < BOUND - 1e-3
    if np.abs(best.jac[inside]).max(initial=0.0) > 1e-4:
        unmet.append(
            condition("no convergence", "The fit of order frequency did not converge.", "下单频率的拟合未收敛。")
        )
    covariance, flat = inverse_information(lambda at: loss(at)[1] * customers, best.x)
    if flat or not inside.all():
        unmet.append(
            condition(
                "parameters not identified",
                "The data do not tell how quickly customers stop from how often they buy; intervals are wide.",
                "数据无法区分客户流失的快慢与购买的频率，区间较宽。",
            )
        )
    r, alpha, a, b = (float(one) for one in np.exp(best.x))
    alpha *= unit
    total = float(held.count @ log_likelihood((r, alpha, a, b), held))
    return BgNbd(r, alpha, a, b, total, covariance, customers, repeats, tuple(unmet))


def inverse_information(slope: object, at: Floats) -> tuple[Floats, bool]:
    """Covariance of log parameters from the gradient of the negative log-likelihood; whether a direction was flat.

    The Hessian is taken by central differences of the analytic gradient. A direction with less information than a
    standard deviation of `FLAT` has gets that deviation: as if e^(+-1.5) were all that is known of it.
    """
    assert callable(slope)
    step, size = 1e-4, len(at)
    hessian = np.empty((size, size))
    for index in range(size):
        shift = np.zeros(size)
        shift[index] = step
        hessian[index] = (slope(at + shift) - slope(at - shift)) / (2 * step)
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    least = 1 / FLAT**2
    covariance: Floats = (vectors / np.maximum(values, least)) @ vectors.T
    return covariance, bool((values < least).any())


def _terms(parameters: Floats, held: Cells) -> tuple[Floats, Floats]:
    """Log-likelihood by cell, and its gradient by parameter and cell (4 x cells).

    ln L = lnG(r+x) - lnG(r) + r ln alpha + lnB(a, b+x) - lnB(a, b)
           + ln[ (alpha+T)^-(r+x) + [x > 0] a/(b+x-1) (alpha+t_x)^-(r+x) ]
    """
    from scipy.special import betaln, gammaln, psi

    r, alpha, a, b = parameters
    # Special functions once for each x: there are few.
    xs, of = np.unique(held.x, return_inverse=True)
    of = of.reshape(-1)
    repeat = held.x > 0
    now, then = np.log(alpha + held.age), np.log(alpha + held.tx)
    times = r + held.x
    left = np.where(repeat, b + held.x - 1, 1.0)
    stays = -times * now
    stops = np.where(repeat, np.log(a) - np.log(left) - times * then, -np.inf)
    either = np.logaddexp(stays, stops)
    base = gammaln(r + xs) - gammaln(r) + r * np.log(alpha) + betaln(a, b + xs) - betaln(a, b)
    gone = np.exp(stops - either)
    slope = np.empty((4, len(held.x)))
    slope[0] = (psi(r + xs) - psi(r) + np.log(alpha))[of] - (1 - gone) * now - gone * then
    slope[1] = r / alpha - times * ((1 - gone) / (alpha + held.age) + gone / (alpha + held.tx))
    both = (psi(a + b) - psi(a + b + xs))[of]
    slope[2] = both + gone / a
    slope[3] = both + (psi(b + xs) - psi(b))[of] - gone / left
    return base[of] + either, slope
