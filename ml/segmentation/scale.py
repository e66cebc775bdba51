"""The robust scale of each feature, on a log or linear axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ml.segmentation.features import FEATURES, TABLE, Bools, Floats, Singles

CLIP = 3.0
"""Scaled values end here (in robust standard deviations): one extreme customer must not become a group."""
LOGGED: Bools = np.array([TABLE[name].logged for name in FEATURES])


@dataclass(frozen=True)
class Scaler:
    """Centre and width of each feature on its log or linear axis; `logged` defaults to that of `FEATURES`."""

    center: Floats
    scale: Floats
    logged: Bools = field(default_factory=lambda: LOGGED)

    @classmethod
    def fit(cls, values: Floats | Singles, logged: Bools | None = None) -> Scaler:
        """Median, and the interquartile range as a standard deviation.

        Where the middle half is all one value the range is 0: then the standard deviation serves, and for a constant 1.
        """
        logs = LOGGED if logged is None else logged
        center, scale = np.zeros(values.shape[1]), np.ones(values.shape[1])
        for column in range(values.shape[1]):
            bent = values[:, column].astype(np.float64)
            # Sorted, so that sums come out the same in any order of the customers.
            bent = np.sort(bent[~np.isnan(bent)])
            if bent.size == 0:
                continue
            if logs[column]:
                bent = _log(bent)
            low, middle, high = np.percentile(bent, [25, 50, 75])
            center[column] = middle
            for width in ((high - low) / 1.349, float(bent.std())):
                if width > 1e-9:
                    scale[column] = width
                    break
        return cls(center, scale, logs)

    def bend(self, values: Floats) -> Floats:
        """The log axes of the skewed features; the others as they are."""
        return np.where(self.logged, _log(values), values)

    def transform(self, values: Floats | Singles, shrink: Mapping[int, Floats | Singles] | None = None) -> Singles:
        """Scaled axes: 0 is the population's centre, 1 a robust standard deviation; unknown is 0.

        `shrink` gives for a column a factor a row by which the deviation counts.
        """
        out = np.empty(values.shape, dtype=np.float32)
        for column in range(values.shape[1]):
            one = values[:, column].astype(np.float64)
            bent = _log(one) if self.logged[column] else one
            away = (bent - self.center[column]) / self.scale[column]
            if shrink and column in shrink:
                away *= shrink[column]
            out[:, column] = np.clip(away, -CLIP, CLIP)
        return np.nan_to_num(out, copy=False, nan=0.0)

    def carry(self, points: Floats, target: Scaler) -> Floats:
        """Points of this scale (such as former prototypes) on the axes of `target`."""
        moved = (points * self.scale + self.center - target.center) / target.scale
        return np.clip(moved, -CLIP, CLIP)

    @cached_property
    def typical(self) -> Floats:
        """The centres in the features' own units."""
        unbent = np.sign(self.center) * np.expm1(np.abs(self.center))
        return np.where(self.logged, unbent, self.center)


def _log(values: Floats) -> Floats:
    bent: Floats = np.sign(values) * np.log1p(np.abs(values))
    return bent
