"""Scores of classifiers and the choice of thresholds, in numpy only.

Macro-F1 is the plain mean over labels of 2 TP / (2 TP + FP + FN), 0 where a label is neither there nor said.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
STAY = 0.03
GRID = np.arange(0.03, 0.80, 0.01)
PRIOR = 25.0
"""Positive dev texts at which a label's own best threshold counts as much as the common one."""


def f1_per_label(gold: npt.ArrayLike, said: npt.ArrayLike) -> Floats:
    """F1 of each column of two 0/1 matrices [texts, labels]."""
    truth, answer = np.asarray(gold) > 0, np.asarray(said) > 0
    hit = (truth & answer).sum(0)
    wrong = (truth ^ answer).sum(0)
    return np.asarray(2 * hit / np.maximum(2 * hit + wrong, 1), np.float64)


def one_hot(places: npt.ArrayLike, labels: int) -> npt.NDArray[np.bool_]:
    """True at each row's place: [texts, labels]."""
    return np.asarray(np.asarray(places)[:, None] == np.arange(labels)[None], np.bool_)


def softmax(logits: Floats) -> Floats:
    """Rows that sum to 1."""
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def sigmoid(logits: npt.ArrayLike) -> Floats:
    """1 / (1 + exp(-x))."""
    return np.asarray(1 / (1 + np.exp(-np.clip(np.asarray(logits, np.float64), -60, 60))))


def _curves(gold: npt.NDArray[np.float32], shares: Floats) -> Floats:
    return np.stack([f1_per_label(gold, shares >= cut) for cut in GRID])


def thresholds(gold: npt.NDArray[np.float32], shares: Floats, prior: float = PRIOR, seed: int = 0) -> Floats:
    """A threshold a label that does well on texts of the same kind, [labels].

    A label's F1 curve over GRID is averaged over 20 bootstrap samples, which irons out single texts; the curve of all
    labels' mean serves as a prior worth `prior` positive texts, so that a label with few of them stays near the common
    optimum.
    """
    rng = np.random.default_rng(seed)
    curves = np.mean([_curves(gold[at], shares[at]) for at in _samples(rng, len(gold))], axis=0)
    counts = gold.sum(0)
    common = curves.mean(1, keepdims=True)
    blended = (counts * curves + prior * common) / (counts + prior)
    return np.asarray(GRID[blended.argmax(0)])


def _samples(rng: np.random.Generator, count: int) -> Sequence[npt.NDArray[np.int64]]:
    return [rng.integers(0, count, count) for _ in range(20)]


def crossed(gold: npt.NDArray[np.float32], shares: Floats, prior: float = PRIOR) -> Floats:
    """F1 a label when each half of the texts is judged by thresholds chosen on the other half."""
    even = np.arange(len(gold)) % 2 == 0
    said = np.zeros(gold.shape, bool)
    said[~even] = shares[~even] >= thresholds(gold[even], shares[even], prior)
    said[even] = shares[even] >= thresholds(gold[~even], shares[~even], prior)
    return f1_per_label(gold, said)


def nll(logits: Floats, gold: npt.NDArray[np.int64]) -> float:
    """Mean negative log likelihood of the right class."""
    return float(-np.log(softmax(logits)[np.arange(len(gold)), gold] + 1e-12).mean())


def best_temperature(logits: Floats, gold: npt.NDArray[np.int64], bias: Floats) -> float:
    """The divisor of the logits, between 0.5 and 3, under which the right classes are likeliest, given the bias."""
    tried = np.arange(0.5, 3.01, 0.05)
    return float(tried[int(np.argmin([nll(logits / one + bias / one, gold) for one in tried]))])


def best_bias(
    logits: Floats, gold: npt.NDArray[np.int64], pairs: Floats, positive: npt.NDArray[np.bool_], reach: float = 2.0
) -> Floats:
    """Numbers to add to negative (0), neutral and positive logits.

    `logits`, `gold`: texts of three classes, judged by macro-F1. `pairs`, `positive`: logits of texts that are only
    good or bad, judged by accuracy of positive against negative, which only the last number moves. The sum of both is
    made as large as it can be, less STAY for each unit added: gains within the noise move nothing.
    """
    steps = np.round(np.arange(-reach, reach + 0.01, 0.1), 2)
    truth = one_hot(gold, 3)
    best, bias = -np.inf, np.zeros(3)
    for up in steps:
        exact = float(((pairs[:, 2] + up > pairs[:, 0]) == positive).mean())
        for neutral in steps:
            tried = np.array([0.0, neutral, up])
            score = float(f1_per_label(truth, one_hot((logits + tried).argmax(1), 3)).mean())
            score += exact - STAY * (abs(float(up)) + abs(float(neutral)))
            if score > best + 1e-9:
                best, bias = score, tried
    return bias
