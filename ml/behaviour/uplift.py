"""Uplift: what a treatment given at random changes in an outcome, by customer.

An X-learner in two stages (Kuenzel, Sekhon, Bickel, Yu 2019, Metalearners for estimating heterogeneous treatment
effects using machine learning, PNAS 116 (10)):

    first    the outcome under treatment and under control, m1 and m0, by ridge regressions (a T-learner), cross-fitted:
             nobody's m comes from a fit that saw them
    imputed  d = m1 - m0 + t (y - m1) / e - (1 - t) (y - m0) / (1 - e), with e the share treated: for a randomised
             treatment its mean given the features is the effect (augmented inverse propensity weighting)
    second   a lasso of d on the features, its penalty by cross-validation; averaged over `BAGS` bootstraps of the rows,
             whose 5 % and 95 % are the spread of a row's effect: of refits of a shrunk line with one penalty, not a
             90 % interval of the true effect

Effects are small against the noise: a sparse second stage keeps what holds and drops the rest. Where nothing holds, all
rows get the mean effect.

Qini (Radcliffe 2007): customers sorted by predicted effect, best first; the gain of treating the first share f is
q(f) = f (mean outcome of the treated among them - that of the controls among them). The coefficient is the area between
q and the straight line to q(1): outcomes a customer gained over choosing at random, averaged over f; 0 is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BAGS = 50
FOLDS = 5
RESAMPLES = 400
RIDGE = 0.05
"""Penalty of the first stage as a share of a standardised feature's variance."""
LEAST_ARM = 100
"""Customers of either arm below which nothing is told."""


@dataclass(frozen=True)
class Effect:
    """A number with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class UpliftModel:
    """Linear in standardised features: bags x features, and an intercept a bag."""

    mean: Floats
    scale: Floats
    slopes: Floats
    intercepts: Floats

    def effects(self, features: Floats) -> Floats:
        """By bag and row."""
        result: Floats = self.intercepts[:, None] + self.slopes @ ((features - self.mean) / self.scale).T
        return result

    def predict(self, features: Floats) -> tuple[Floats, Floats, Floats]:
        """Effect by row, with the spread of the refits: mean, 5 % and 95 % of the bags."""
        value, low, high = (np.empty(len(features)) for _ in range(3))
        for start in range(0, len(features), 50_000):
            part = slice(start, start + 50_000)
            each = self.effects(features[part])
            value[part] = each.mean(axis=0)
            low[part], high[part] = np.quantile(each, (0.05, 0.95), axis=0)
        return value, np.minimum(low, value), np.maximum(high, value)


def fit(features: Floats, treated: Ints, outcome: Floats, seed: int = 0, bags: int = BAGS) -> UpliftModel:
    """Fit on the rows of a randomised trial.

    Args:
        features: rows x features, without gaps.
        treated: 1 or 0 by row.

    Raises:
        ValueError: an arm has fewer than `LEAST_ARM` rows.
    """
    from sklearn.linear_model import Lasso, LassoCV

    arm = min(int(treated.sum()), int((1 - treated).sum()))
    if arm < LEAST_ARM:
        raise ValueError(f"needs {LEAST_ARM} customers with and without the treatment; the smaller group has {arm}")
    rng = np.random.default_rng(seed)
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-12, scale, 1.0)
    rows = (features - mean) / scale
    imputed = _imputed(rows, treated.astype(np.float64), outcome, rng)
    spread = float(imputed.std())
    if not rows.shape[1] or spread == 0:
        level = imputed[rng.integers(0, len(imputed), (bags, len(imputed)))].mean(axis=1) if spread else np.zeros(bags)
        return UpliftModel(mean, scale, np.zeros((bags, rows.shape[1])), level)
    # In units of its own spread, so that the solver's tolerance suits cents as well as shares.
    target = imputed / spread
    penalty = float(LassoCV(cv=_folds(treated, rng), alphas=30).fit(rows, target).alpha_)
    slopes, intercepts = np.empty((bags, rows.shape[1])), np.empty(bags)
    for bag in range(bags):
        pick = rng.integers(0, len(rows), len(rows))
        line = Lasso(alpha=penalty).fit(rows[pick], target[pick])
        slopes[bag], intercepts[bag] = line.coef_ * spread, line.intercept_ * spread
    return UpliftModel(mean, scale, slopes, intercepts)


def average(treated: Ints, outcome: Floats) -> Effect:
    """The average effect with its 95 % interval (difference of means, unequal variances): NaN where an arm has one."""
    yes, no = outcome[treated == 1], outcome[treated == 0]
    value = float(yes.mean() - no.mean())
    if min(len(yes), len(no)) < 2:
        return Effect(value, float("nan"), float("nan"))
    error = 1.96 * float(np.sqrt(yes.var(ddof=1) / len(yes) + no.var(ddof=1) / len(no)))
    return Effect(value, value - error, value + error)


def qini_curve(effect: Floats, treated: Ints, outcome: Floats) -> tuple[Floats, Floats]:
    """(f, q(f)) from (0, 0) on, at the ends of ties: rows with equal effects have no order."""
    order = np.argsort(-effect, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(effect[order])), len(order) - 1)
    share, gain = _gains(order, ends, treated, outcome, np.ones(len(order)))
    return np.append(0.0, share), np.append(0.0, gain)


def qini(effect: Floats, treated: Ints, outcome: Floats, seed: int = 0) -> Effect:
    """The coefficient with its 95 % interval by bootstrap over the rows; the effects must come from other rows' fit."""
    return qini_of_folds([(effect, treated, outcome)], seed)


def qini_of_folds(folds: list[tuple[Floats, Ints, Floats]], seed: int = 0) -> Effect:
    """Mean coefficient over folds, each ranked within itself: levels of different fits are not compared."""
    rng = np.random.default_rng(seed)
    total = np.zeros(RESAMPLES + 1)
    for effect, treated, outcome in folds:
        order = np.argsort(-effect, kind="stable")
        ends = np.append(np.flatnonzero(np.diff(effect[order])), len(order) - 1)
        total[0] += _area(*_gains(order, ends, treated, outcome, np.ones(len(order))))
        for draw in range(1, RESAMPLES + 1):
            weight = rng.multinomial(len(order), np.full(len(order), 1 / len(order))).astype(np.float64)
            total[draw] += _area(*_gains(order, ends, treated, outcome, weight))
    total /= len(folds)
    low, high = np.quantile(total[1:], (0.025, 0.975))
    # The bootstrap of an area under a fixed ranking is centred on the sample's own value.
    return Effect(float(total[0]), float(low), float(high))


def cross_fitted(features: Floats, treated: Ints, outcome: Floats, seed: int = 0) -> Effect:
    """The Qini coefficient on rows that the fit did not see: `FOLDS` fits, each judged on the rest.

    The fits share most of their rows, so that the folds are not independent and their spread is too small. By Nadeau
    and Bengio (2003, Inference for the generalization error, Machine Learning 52: the corrected resampled variance) the
    variance 1 / FOLDS becomes 1 / FOLDS + test rows / training rows: with five folds 1.5 times the width.
    """
    rng = np.random.default_rng(seed)
    judged = []
    for learn, test in _folds(treated, rng):
        model = fit(features[learn], treated[learn], outcome[learn], seed, bags=10)
        judged.append((model.predict(features[test])[0], treated[test], outcome[test]))
    found = qini_of_folds(judged, seed)
    wider = float(np.sqrt(1 + FOLDS / (FOLDS - 1)))
    return Effect(
        found.value, found.value - wider * (found.value - found.low), found.value + wider * (found.high - found.value)
    )


def _gains(order: Ints, ends: Ints, treated: Ints, outcome: Floats, weight: Floats) -> tuple[Floats, Floats]:
    t, w = treated[order], weight[order]
    y = outcome[order] * w
    n1, n0 = np.cumsum(w * t)[ends], np.cumsum(w * (1 - t))[ends]
    y1, y0 = np.cumsum(y * t)[ends], np.cumsum(y * (1 - t))[ends]
    share = (n1 + n0) / w.sum()
    # Where one arm has nobody yet its mean is taken for nothing: the very first customers.
    mean1 = np.divide(y1, n1, out=np.zeros_like(y1), where=n1 > 0)
    mean0 = np.divide(y0, n0, out=np.zeros_like(y0), where=n0 > 0)
    both = (n1 > 0) & (n0 > 0)
    return share, np.where(both, share * (mean1 - mean0), 0.0)


def _area(share: Floats, gain: Floats) -> float:
    x, y = np.append(0.0, share), np.append(0.0, gain)
    return float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum() - y[-1] / 2)


def _imputed(rows: Floats, treated: Floats, outcome: Floats, rng: np.random.Generator) -> Floats:
    share = float(treated.mean())
    found = np.empty(len(rows))
    for learn, test in _folds(treated.astype(np.int64), rng):
        under = []
        for arm in (1.0, 0.0):
            mine = learn[treated[learn] == arm]
            under.append(_ridge(rows[mine], outcome[mine], rows[test]))
        m1, m0 = under
        t, y = treated[test], outcome[test]
        found[test] = m1 - m0 + t * (y - m1) / share - (1 - t) * (y - m0) / (1 - share)
    return found


def _ridge(rows: Floats, outcome: Floats, asked: Floats) -> Floats:
    centre, level = rows.mean(axis=0), outcome.mean()
    around = rows - centre
    gram = around.T @ around + RIDGE * len(rows) * np.eye(rows.shape[1])
    result: Floats = level + (asked - centre) @ np.linalg.solve(gram, around.T @ (outcome - level))
    return result


def _folds(treated: Ints, rng: np.random.Generator) -> list[tuple[Ints, Ints]]:
    """(rows to learn from, rows to judge), each arm dealt evenly."""
    fold: Any = np.empty(len(treated), dtype=np.int64)
    for arm in (0, 1):
        mine = np.flatnonzero(treated == arm)
        fold[rng.permutation(mine)] = np.arange(len(mine)) % FOLDS
    return [(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in range(FOLDS)]
