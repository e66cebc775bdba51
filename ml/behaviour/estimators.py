"""Calibrated logistic regression with hinges and a few interactions, served by plain numbers.

A model is a handful of lists of numbers (no pickle), so that a version in the database can be read, kept and served
for years. How a probability comes about:

    bend     log axes of the skewed features
    scale    (x - center) / scale of the training rows, clipped to +-4; unknown = 0, the training mean
    hinges   max(0, z - knot) at the training quartiles of the features marked `bent`
    pairs    products of two scaled features
    logit    intercept + coefficients . columns
    Platt    slope * logit + shift, from predictions for customers that the fit had not seen (five folds)

The 90 % interval is that of refits on resampled customers: how sure the model is of the probability, given the data.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.behaviour.feature_table import BY_NAME
from ml.behaviour.history import Floats, Ints

CLIP = 4.0
FOLDS = 5
PENALTIES = (0.003, 0.03, 0.3)
"""Inverse strengths of the ridge that are tried; the one with the best log loss on unseen customers counts."""
STEPS = 30
BENT_EXTRA = {"rhythmOdds"}
PAIRS = (
    ("recencyDays", "orders"),
    ("recencyDays", "tempo120"),
    ("recencyDays", "medianGapDays"),
    ("overdue", "orders"),
    ("tenureDays", "orders"),
    ("tempo30", "tempo120"),
)


@dataclass(frozen=True)
class Linear:
    """A fitted model as plain numbers; rows of `columns` follow the names in `features`."""

    features: tuple[str, ...]
    logged: tuple[bool, ...]
    center: Floats
    scale: Floats
    knots: tuple[tuple[int, float], ...]
    pairs: tuple[tuple[int, int], ...]
    shift_of: Floats
    """Training means of the design's columns."""
    width_of: Floats
    intercept: float
    coefficients: Floats
    slope: float
    shift: float
    refits: Floats
    """A row a refit: intercept, then coefficients."""

    def design(self, values: Floats) -> Floats:
        """Columns of the linear model: scaled features, hinges, products; each centred on the training rows."""
        bent = np.where(self.logged, np.sign(values) * np.log1p(np.abs(values)), values)
        z = np.nan_to_num(np.clip((bent - self.center) / self.scale, -CLIP, CLIP), nan=0.0)
        parts = [z]
        parts += [np.maximum(0, z[:, [column]] - knot) for column, knot in self.knots]
        parts += [z[:, [a]] * z[:, [b]] for a, b in self.pairs]
        result: Floats = (np.concatenate(parts, axis=1) - self.shift_of) / self.width_of
        return result

    def logits(self, design: Floats) -> Floats:
        return self.slope * (self.intercept + design @ self.coefficients) + self.shift

    def probability(self, values: Floats) -> Floats:
        """Calibrated probabilities of rows of features."""
        return sigmoid(self.logits(self.design(values)))

    def interval(self, values: Floats) -> tuple[Floats, Floats]:
        """The 90 % interval of each probability; it always holds the probability itself."""
        design = self.design(values)
        middle = sigmoid(self.logits(design))
        if not len(self.refits):
            return middle, middle
        each = sigmoid(self.slope * (self.refits[:, 0] + design @ self.refits[:, 1:].T) + self.shift)
        low, high = np.percentile(each, (5, 95), axis=1)
        return np.minimum(low, middle), np.maximum(high, middle)

    def contributions(self, values: Floats) -> Floats:
        """By row and feature, what it adds to the log odds against the training mean; products count half for each."""
        parts = self.design(values) * self.coefficients * self.slope
        width = len(self.features)
        result = parts[:, :width].copy()
        for offset, (column, _) in enumerate(self.knots):
            result[:, column] += parts[:, width + offset]
        for offset, (a, b) in enumerate(self.pairs):
            half = parts[:, width + len(self.knots) + offset] / 2
            result[:, a] += half
            result[:, b] += half
        return result

    def to_doc(self) -> dict[str, Any]:
        """Lists of numbers, flat where they are tables: a document holds no lists of lists."""
        return {
            "logged": list(self.logged),
            "center": self.center.tolist(),
            "scale": self.scale.tolist(),
            "knotOf": [column for column, _ in self.knots],
            "knotAt": [knot for _, knot in self.knots],
            "pairA": [a for a, _ in self.pairs],
            "pairB": [b for _, b in self.pairs],
            "shiftOf": self.shift_of.tolist(),
            "widthOf": self.width_of.tolist(),
            "intercept": self.intercept,
            "coefficients": self.coefficients.tolist(),
            "slope": self.slope,
            "shift": self.shift,
            "refits": self.refits.ravel().tolist(),
        }

    @classmethod
    def from_doc(cls, features: Sequence[str], data: dict[str, Any]) -> Linear:
        """What `to_doc` made."""
        coefficients = np.array(data["coefficients"], dtype=np.float64)
        return cls(
            features=tuple(features),
            logged=tuple(data["logged"]),
            center=np.array(data["center"], dtype=np.float64),
            scale=np.array(data["scale"], dtype=np.float64),
            knots=tuple(zip(data["knotOf"], data["knotAt"], strict=True)),
            pairs=tuple(zip(data["pairA"], data["pairB"], strict=True)),
            shift_of=np.array(data["shiftOf"], dtype=np.float64),
            width_of=np.array(data["widthOf"], dtype=np.float64),
            intercept=float(data["intercept"]),
            coefficients=coefficients,
            slope=float(data["slope"]),
            shift=float(data["shift"]),
            refits=np.array(data["refits"], dtype=np.float64).reshape(-1, len(coefficients) + 1),
        )


def sigmoid(logits: Floats) -> Floats:
    """1 / (1 + exp(-x)), safe at both ends."""
    result: Floats = 1 / (1 + np.exp(-np.clip(logits, -35, 35)))
    return result


def is_logged(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].axis == "log"


def is_bent(name: str) -> bool:
    return name in BENT_EXTRA or (name in BY_NAME and BY_NAME[name].bent)


def fit(
    names: Sequence[str],
    values: Floats,
    outcome: Floats,
    owner: Ints,
    keep: Sequence[str],
    refits: int = 0,
    seed: int = 7,
) -> Linear:
    """Fit on rows of features.

    Args:
        names: of the columns of `values`.
        outcome: 0 or 1 a row; both must occur.
        owner: which customer a row is of; folds and resamples never split one.
        keep: columns to use, where they vary.
        refits: how many refits on resampled customers for the interval.
    """
    used = [index for index, name in enumerate(names) if name in set(keep) and _varies(values[:, index])]
    chosen, rows = tuple(names[index] for index in used), values[:, used]
    shell = _shell(chosen, rows)
    design = shell.design(rows)
    rng = np.random.default_rng(seed)
    fold = rng.integers(0, FOLDS, int(owner.max(initial=0)) + 1)[owner]
    best: tuple[float, float, Floats] | None = None
    lines: list[Floats | None] = [None] * FOLDS
    for penalty in PENALTIES:
        unseen = np.zeros(len(outcome))
        for held in range(FOLDS):
            out = fold == held
            line = regress(design[~out], outcome[~out], penalty, start=lines[held])
            lines[held] = line
            unseen[out] = line[0] + design[out] @ line[1:]
        p = np.clip(sigmoid(unseen), 1e-6, 1 - 1e-6)
        loss = float(-np.mean(outcome * np.log(p) + (1 - outcome) * np.log(1 - p)))
        if best is None or loss < best[0]:
            best = (loss, penalty, unseen)
    assert best is not None
    _, penalty, unseen = best
    platt = regress(unseen[:, None], outcome, 1e4)
    # A fit that ranks unseen customers backwards says nothing: then everybody gets the base rate.
    slope = float(np.clip(platt[1], 0.0, 2.0))
    shift = float(platt[0]) if slope == platt[1] else _base(outcome)
    line = regress(design, outcome, penalty, start=lines[0])
    again = [_refit(design, outcome, owner, penalty, rng, line) for _ in range(refits)]
    return Linear(
        **{**shell.__dict__, "intercept": float(line[0]), "coefficients": line[1:], "slope": slope, "shift": shift,
           "refits": np.array(again).reshape(-1, design.shape[1] + 1)}
    )  # fmt: skip


def _varies(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return len(known) > 0 and bool(np.ptp(known) > 1e-12)


def _base(outcome: Floats) -> float:
    share = float(np.clip(outcome.mean(), 1e-6, 1 - 1e-6))
    return float(np.log(share / (1 - share)))


def _shell(names: tuple[str, ...], rows: Floats) -> Linear:
    """The design without coefficients: axes, scales, knots and products from the training rows."""
    logged = tuple(is_logged(name) for name in names)
    bent = np.where(logged, np.sign(rows) * np.log1p(np.abs(rows)), rows) if names else rows
    center = np.array([np.nanmean(bent[:, column]) for column in range(len(names))])
    scale = np.array([max(float(np.nanstd(bent[:, column])), 1e-9) for column in range(len(names))])
    z = np.clip((bent - center) / scale, -CLIP, CLIP)
    knots: list[tuple[int, float]] = []
    for column, name in enumerate(names):
        if is_bent(name):
            known = z[:, column][~np.isnan(z[:, column])]
            inside = {round(float(knot), 6) for knot in np.percentile(known, (25, 50, 75))}
            knots += [(column, knot) for knot in sorted(inside) if known.min() < knot < known.max()]
    place = {name: column for column, name in enumerate(names)}
    pairs = tuple((place[a], place[b]) for a, b in PAIRS if a in place and b in place)
    width = len(names) + len(knots) + len(pairs)
    none = np.zeros(0)
    bare = Linear(
        names, logged, center, scale, tuple(knots), pairs, np.zeros(width), np.ones(width), 0.0, none, 1.0, 0.0,
        np.zeros((0, width + 1)),
    )  # fmt: skip
    raw = bare.design(rows)
    spread = raw.std(axis=0) if len(raw) else np.ones(width)
    return Linear(**{**bare.__dict__, "shift_of": raw.mean(axis=0), "width_of": np.where(spread > 1e-9, spread, 1.0)})


def regress(
    design: Floats, outcome: Floats, penalty: float, weight: Floats | None = None, start: Floats | None = None
) -> Floats:
    """Ridge logistic regression by Newton's method: intercept (not penalised), then coefficients.

    Minimises sum of weight * log loss + |coefficients|^2 / (2 penalty): the optimum of scikit-learn's
    `LogisticRegression(C=penalty)`, which the tests hold it to. Hundreds of nearly equal fits (folds, penalties,
    refits) begin where the last one ended, which is several times as fast. One class only gives its base rate.

    Args:
        penalty: inverse strength of the ridge.
        start: where to begin.
    """
    weights = np.ones(len(outcome)) if weight is None else weight
    total = outcome[weights > 0]
    width = design.shape[1]
    if not len(total) or total.min() == total.max() or width == 0:
        return np.concatenate(([_base(total) if len(total) else 0.0], np.zeros(width)))
    columns = np.column_stack((np.ones(len(design)), design))
    ridge = np.full(width + 1, 1 / penalty)
    ridge[0] = 0.0

    def loss(at: Floats) -> float:
        logits = columns @ at
        return float(weights @ (np.logaddexp(0, logits) - outcome * logits) + (ridge * at**2).sum() / 2)

    line = np.concatenate(([_base(outcome)], np.zeros(width))) if start is None else start.copy()
    reached = loss(line)
    for _ in range(STEPS):
        p = sigmoid(columns @ line)
        slope = columns.T @ (weights * (p - outcome)) + ridge * line
        curve = columns.T @ (columns * (weights * p * (1 - p))[:, None])
        # The last term keeps a flat direction (a column that is constant in a fold) from dividing by nothing.
        step = np.linalg.solve(curve + np.diag(ridge + 1e-9), slope)
        size = 1.0
        while loss(line - size * step) > reached + 1e-9 * abs(reached) and size > 1e-4:
            size /= 2
        line = line - size * step
        reached = loss(line)
        if np.abs(size * step).max() < 1e-5:
            break
    return line


def _refit(
    design: Floats, outcome: Floats, owner: Ints, penalty: float, rng: np.random.Generator, start: Floats
) -> Floats:
    people = np.unique(owner)
    drawn = np.bincount(rng.integers(0, len(people), len(people)), minlength=len(people)).astype(np.float64)
    return regress(design, outcome, penalty, drawn[np.searchsorted(people, owner)], start)


def columns_of(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where the wanted columns are."""
    place = dict(zip(names, itertools.count()))
    return [place[name] for name in wanted]
