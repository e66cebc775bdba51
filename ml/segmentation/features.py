"""The six behaviour features of a customer, and the robust scale on which they are clustered.

| feature | unit | scale | what it says |
| --- | --- | --- | --- |
| recencyDays | days from the last counted order to `as_of`, never negative | log | is the customer still here |
| orders | counted orders | log | how often they buy |
| revenue | order totals less refunds, minor units; unknown when no order could be converted | log | worth so far |
| averageOrder | mean order value, minor units; unknown likewise | log | size of a basket |
| medianGapDays | median days between orders; unknown below two orders | log | rhythm |
| tenureDays | days from the first sign of the customer to `as_of`, never negative | linear | how long they are known |

Log means sign(x) * log(1 + |x|): these five have long right tails, and refunds can make money negative. An unknown
value becomes the population's median, never zero, so that "unknown" pulls nobody into a group of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Feature = Literal["recencyDays", "orders", "revenue", "averageOrder", "medianGapDays", "tenureDays"]
FEATURES: tuple[Feature, ...] = ("recencyDays", "orders", "revenue", "averageOrder", "medianGapDays", "tenureDays")
LOGGED = np.array([True, True, True, True, True, False])
DAY = 86_400.0
STALE = timedelta(days=30)
CLIP = 3.0
"""Scaled values end here (in robust standard deviations): one extreme customer must not become a group."""


def as_of(newest_order: datetime | None, now: datetime) -> datetime:
    """The moment ages are counted from: now, or midnight UTC after the newest order when that is over 30 days old."""
    if newest_order is None or now - newest_order <= STALE:
        return now
    day = newest_order.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def features(stats: Mapping[str, Any], created_at: datetime, as_of: datetime) -> list[float]:
    """One customer's values in the order of `FEATURES`, in their own units; unknown is NaN.

    `stats` is `customers.stats` as stored, with at least one counted order.
    """
    first = stats.get("firstOrderAt") or created_at
    last = stats.get("lastOrderAt") or first
    known = int(stats["orders"]) > int(stats.get("unconverted") or 0)
    return [
        _days(last, as_of),
        float(stats["orders"]),
        float(stats["revenue"]) if known else math.nan,
        _number(stats.get("averageOrder")) if known else math.nan,
        _number(stats.get("medianGapDays")),
        _days(min(first, created_at), as_of),
    ]


def matrix(rows: Sequence[Sequence[float]]) -> Floats:
    """Rows of `features` as an array, also when there are none."""
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


@dataclass(frozen=True)
class Scaler:
    """Centre and width of each feature on its log or linear axis."""

    center: Floats
    scale: Floats

    @classmethod
    def fit(cls, values: Floats) -> Scaler:
        """Median, and the interquartile range as a standard deviation.

        Where the middle half is all one value the range is 0: then the standard deviation serves, and for a constant 1.
        """
        bent = bend(values)
        center, scale = np.zeros(bent.shape[1]), np.ones(bent.shape[1])
        for column in range(bent.shape[1]):
            known = bent[:, column][~np.isnan(bent[:, column])]
            if known.size == 0:
                continue
            low, middle, high = np.percentile(known, [25, 50, 75])
            center[column] = middle
            for width in ((high - low) / 1.349, float(known.std())):
                if width > 1e-9:
                    scale[column] = width
                    break
        return cls(center, scale)

    def transform(self, values: Floats) -> Floats:
        """Scaled axes: 0 is the population's median, 1 a robust standard deviation; unknown is 0."""
        scaled = (bend(values) - self.center) / self.scale
        return np.nan_to_num(np.clip(scaled, -CLIP, CLIP), nan=0.0)

    def carry(self, points: Floats, target: Scaler) -> Floats:
        """Points of this scale (such as former prototypes) on the axes of `target`."""
        moved = (points * self.scale + self.center - target.center) / target.scale
        return np.clip(moved, -CLIP, CLIP)

    @cached_property
    def typical(self) -> Floats:
        """The population's medians in the features' own units."""
        unbent = np.sign(self.center) * np.expm1(np.abs(self.center))
        return np.where(LOGGED, unbent, self.center)


def bend(values: Floats) -> Floats:
    """The log axes of the skewed features; the others as they are."""
    logged: Floats = np.where(LOGGED, np.sign(values) * np.log1p(np.abs(values)), values)
    return logged


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / DAY)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
