"""How predicted probabilities met outcomes: AUC, average precision, Brier, calibration, and their intervals.

Intervals come from resampling customers, not rows: one customer's rows at several moments are not independent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ml.behaviour.history import Floats, Ints
from schema.intelligence import CalibrationBin, Metrics

RESAMPLES = 200
LEVEL = (5.0, 95.0)
"""90 % intervals."""
SURE = 2.326
"""Standard errors of a one-sided bound of 1 %."""


@dataclass(frozen=True)
class Judged:
    """Outcomes of one time slice with what was predicted; `owner` tells rows of one customer apart."""

    owner: Ints
    outcome: Floats
    model: Floats
    baseline: Floats
    rival: Floats | None = None
    """A second baseline, where there is one."""


class Ranking:
    """Weighted AUC of fixed scores, ties counted half, for many weightings: the sorting is done once."""

    def __init__(self, outcome: Floats, score: Floats) -> None:
        _, self.place = np.unique(score, return_inverse=True)
        self.places = int(self.place.max(initial=-1)) + 1
        self.outcome = outcome

    def auc(self, weight: Floats | None = None) -> float:
        """P(score of a positive > of a negative); NaN where one class is missing."""
        weights = np.ones(len(self.outcome)) if weight is None else weight
        positive = np.bincount(self.place, weights=weights * self.outcome, minlength=self.places)
        negative = np.bincount(self.place, weights=weights * (1 - self.outcome), minlength=self.places)
        pairs = positive.sum() * negative.sum()
        if pairs <= 0:
            return math.nan
        below = np.cumsum(negative) - negative
        return float((positive * (below + negative / 2)).sum() / pairs)


def auc(outcome: Floats, score: Floats) -> float:
    """Area under the ROC curve; NaN where one class is missing."""
    return Ranking(outcome, score).auc()


def average_precision(outcome: Floats, score: Floats) -> float:
    """Area under the precision-recall curve as the sum of precision times the step in recall; NaN without positives."""
    total = outcome.sum()
    if total == 0 or not len(outcome):
        return math.nan
    order = np.argsort(-score, kind="stable")
    sorted_score = score[order]
    hits = np.cumsum(outcome[order])
    last = np.append(np.nonzero(np.diff(sorted_score))[0], len(order) - 1)
    precision, recall = hits[last] / (last + 1), hits[last] / total
    return float((np.diff(np.concatenate(([0.0], recall))) * precision).sum())


def brier(outcome: Floats, probability: Floats) -> float:
    """Mean squared error of the probabilities."""
    return float(np.mean((probability - outcome) ** 2)) if len(outcome) else math.nan


def log_loss(outcome: Floats, probability: Floats) -> float:
    """Mean negative log likelihood; probabilities are kept 1e-6 away from certainty."""
    p = np.clip(probability, 1e-6, 1 - 1e-6)
    return float(-np.mean(outcome * np.log(p) + (1 - outcome) * np.log(1 - p))) if len(outcome) else math.nan


def calibration_gap(outcome: Floats, probability: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean distance of predicted and observed over bins of equal size."""
    if not len(outcome):
        return math.nan
    parts = np.array_split(np.argsort(probability, kind="stable"), min(bins, len(outcome)))
    gaps = [abs(probability[part].mean() - outcome[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / len(outcome))


def wilson(hits: float, rows: int, z: float = 1.645) -> tuple[float, float]:
    """Wilson's 90 % interval of a share."""
    if rows == 0:
        return 0.0, 1.0
    share, tail = hits / rows, z * z / rows
    middle = (share + tail / 2) / (1 + tail)
    half = z * math.sqrt(share * (1 - share) / rows + tail / (4 * rows)) / (1 + tail)
    return max(0.0, middle - half), min(1.0, middle + half)


def calibration(outcome: Floats, probability: Floats, bins: int = 10) -> list[CalibrationBin]:
    """Predicted against observed in bins of equal size, each observed share with Wilson's 90 % interval."""
    if not len(outcome):
        return []
    made = []
    for part in np.array_split(np.argsort(probability, kind="stable"), min(bins, len(outcome))):
        low, high = wilson(float(outcome[part].sum()), len(part))
        made.append(
            CalibrationBin(
                predicted=float(probability[part].mean()), observed=float(outcome[part].mean()),
                low=low, high=high, rows=len(part),
            )
        )  # fmt: skip
    return made


def _weights(slices: list[Judged], seed: int) -> list[list[Floats]]:
    """By resample and slice: how often each row's customer was drawn."""
    owners = np.unique(np.concatenate([one.owner for one in slices])) if slices else np.array([], dtype=np.int64)
    places = [np.searchsorted(owners, one.owner) for one in slices]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        times = np.bincount(rng.integers(0, len(owners), len(owners)), minlength=len(owners)).astype(np.float64)
        drawn.append([times[place] for place in places])
    return drawn


@dataclass(frozen=True)
class Comparison:
    """Slices taken together: mean AUC over slices, and the gain of the model over a baseline, with 90 % intervals."""

    auc: float
    auc_low: float
    auc_high: float
    gain: float
    gain_low: float
    gain_high: float
    auc_sure: float
    """What the AUC exceeds with 99 % certainty: the point less 2.33 standard errors of the resamples."""


def compare(slices: list[Judged], against: str = "baseline", which: str = "model", seed: int = 7) -> Comparison:
    """How much `which` ranks better than `against`: AUC within each slice, averaged over slices."""
    usable = [one for one in slices if 0 < one.outcome.sum() < len(one.outcome)]
    if not usable:
        return Comparison(*[math.nan] * 7)
    model = [Ranking(one.outcome, getattr(one, which)) for one in usable]
    other = [Ranking(one.outcome, getattr(one, against)) for one in usable]
    point = float(np.mean([one.auc() for one in model]))
    gain = point - float(np.mean([one.auc() for one in other]))
    aucs, gains = [], []
    for drawn in _weights(usable, seed):
        ours = [one.auc(weight) for one, weight in zip(model, drawn, strict=True)]
        theirs = [one.auc(weight) for one, weight in zip(other, drawn, strict=True)]
        if not np.isnan([*ours, *theirs]).any():
            aucs.append(np.mean(ours))
            gains.append(np.mean(ours) - np.mean(theirs))
    low, high = np.percentile(aucs, LEVEL) if aucs else (math.nan, math.nan)
    gain_low, gain_high = np.percentile(gains, LEVEL) if gains else (math.nan, math.nan)
    # The outermost two of 200 resamples would be a rough 1 % bound: their spread is a steadier one.
    sure = point - SURE * float(np.std(aucs)) if aucs else math.nan
    return Comparison(point, float(low), float(high), gain, float(gain_low), float(gain_high), sure)


def metrics(slices: list[Judged], which: str = "model", seed: int = 7) -> Metrics:
    """Metrics of `model`, `baseline` or `rival` over slices: AUC and PR-AUC averaged over slices, the rest pooled."""
    rows = sum(len(one.outcome) for one in slices)
    if not rows:
        return Metrics(rows=0, positives=0)
    outcome = np.concatenate([one.outcome for one in slices])
    predicted = np.concatenate([getattr(one, which) for one in slices])
    told = compare(slices, which, which, seed)
    precisions = [average_precision(one.outcome, getattr(one, which)) for one in slices]
    known = [one for one in precisions if not math.isnan(one)]
    return Metrics(
        rows=rows,
        positives=int(outcome.sum()),
        auc=_plain(told.auc),
        auc_low=_plain(told.auc_low),
        auc_high=_plain(told.auc_high),
        pr_auc=float(np.mean(known)) if known else None,
        brier=brier(outcome, predicted),
        log_loss=log_loss(outcome, predicted),
    )


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def stability(then: Floats, now: Floats, bins: int = 10) -> float:
    """Population stability index of one feature: sum of (now - then) * ln(now / then) over deciles of `then`.

    The unknown are a bin of their own; shares below 0.5 % count as 0.5 %, so that an empty bin does not say infinity.
    """
    known = then[~np.isnan(then)]
    edges = np.unique(np.percentile(known, np.linspace(0, 100, bins + 1)[1:-1])) if len(known) else np.array([])

    def shares(values: Floats) -> Floats:
        missing = np.isnan(values)
        place = np.searchsorted(edges, values[~missing], side="right")
        counts = np.append(np.bincount(place, minlength=len(edges) + 1), missing.sum())
        result: Floats = np.maximum(counts / max(1, len(values)), 0.005)
        return result

    if not len(then) or not len(now):
        return 0.0
    before, after = shares(then), shares(now)
    return float(((after - before) * np.log(after / before)).sum())
