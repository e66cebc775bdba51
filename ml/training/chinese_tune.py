"""Blend weight, temperature and bias of the Chinese heads, from logits of texts that nothing was fitted on.

The weight of the n-gram model is the one under which the labels are likeliest, each part counting the same: the
known lines of business, and the one kept out of all fitting (where words of the other lines mislead an n-gram model,
so that a weight chosen on known lines alone would be too high). The temperature is then the one under which they are
likeliest.

Neutral. The reviews know no neutral, so the head learns none. Its logit is the bias b, against -z/2 and z/2, where z
is the calibrated log odds of positive against negative. Neutral is likeliest exactly when |z| < 2b; b is set so that
this is when the likelier side's chance among the two is below DECIDED. Whether positive or negative is ahead does
not depend on b.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.training.metrics import softmax

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
DECIDED = 0.6
WEIGHTS = tuple(round(0.1 * step, 1) for step in range(21))
TEMPERATURES = tuple(round(0.5 + 0.05 * step, 2) for step in range(51))


@dataclass(frozen=True)
class Part:
    """Texts that count as one: encoder logits and n-gram logits [texts, labels], and the places of their labels."""

    encoder: Floats
    linear: Floats
    gold: Labels


def surprise(logits: Floats, gold: Labels) -> float:
    """Mean -log share of the true label."""
    shares = softmax(logits)
    return float(-np.log(np.maximum(shares[np.arange(len(gold)), gold], 1e-12)).mean())


def blend(parts: Sequence[Part]) -> tuple[float, float]:
    """Weight of the n-gram model and temperature with the least mean surprise, parts counting the same."""

    def cost(weight: float, temperature: float) -> float:
        return sum(surprise((one.encoder + weight * one.linear) / temperature, one.gold) for one in parts)

    return min(((w, t) for w in WEIGHTS for t in TEMPERATURES), key=lambda pair: cost(*pair))


def two_sided(part: Part) -> Part:
    """Sentiment without its neutral column; labels 0 and 1 stay."""
    return Part(part.encoder[:, [0, 2]], part.linear[:, [0, 2]], part.gold)


def neutral_bias(decided: float = DECIDED) -> float:
    """Half the log odds of the chance below which neutral wins."""
    return math.log(decided / (1 - decided)) / 2
