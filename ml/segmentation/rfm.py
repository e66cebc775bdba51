"""RFM: recency, frequency and monetary value as quintile scores, and the usual names of their cells.

A score is 1 plus the number of quintile edges below the value, so equal values always share a score (with many one-time
buyers whole scores stay empty, as they should). Edges are values of the data, so that any increasing change of unit
leaves every score as it is. Recency is reversed: 5 is the most recent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ml.segmentation.features import FEATURES, Floats, Ints, Singles
from schema.base import Localized
from schema.documents import Rfm

Part = Literal["recency", "frequency", "monetary"]
PARTS: dict[Part, int] = {
    "recency": FEATURES.index("recencyDays"),
    "frequency": FEATURES.index("orders"),
    "monetary": FEATURES.index("revenue"),
}
MINIMUM = 5
"""Customers below which quintiles mean nothing."""

CELLS: tuple[tuple[str, str, Localized], ...] = (
    # recency scores, mean of frequency and monetary rounded, name: the first match counts
    ("45", "5", Localized(en="Champions", zh="冠军客户")),
    ("345", "4", Localized(en="Loyal", zh="忠诚客户")),
    ("3", "5", Localized(en="Loyal", zh="忠诚客户")),
    ("45", "23", Localized(en="Potential loyalists", zh="潜力客户")),
    ("5", "1", Localized(en="New", zh="新客户")),
    ("4", "1", Localized(en="Promising", zh="有希望的客户")),
    ("3", "3", Localized(en="Need attention", zh="需要关注")),
    ("3", "12", Localized(en="About to sleep", zh="即将沉睡")),
    ("1", "5", Localized(en="Cannot lose", zh="不能失去")),
    ("12", "345", Localized(en="At risk", zh="有流失风险")),
    ("2", "12", Localized(en="Hibernating", zh="沉睡客户")),
    ("1", "12", Localized(en="Lost", zh="已流失")),
)


@dataclass(frozen=True)
class Quintiles:
    """Four ascending edges a part, in the features' own units."""

    edges: dict[Part, list[float]]

    @classmethod
    def fit(cls, values: Floats | Singles) -> Quintiles | None:
        """Edges from the rows of `features`; None below `MINIMUM` customers."""
        if len(values) < MINIMUM:
            return None
        edges: dict[Part, list[float]] = {}
        for part, column in PARTS.items():
            known = values[:, column][~np.isnan(values[:, column])]
            cuts = np.percentile(known, [20, 40, 60, 80], method="inverted_cdf") if known.size else np.zeros(4)
            edges[part] = [float(cut) for cut in cuts]
        return cls(edges)

    def score(self, values: Floats | Singles) -> Ints:
        """Scores 1..5, columns recency, frequency, monetary; an unknown value scores the middle, 3."""
        scores = np.full((len(values), 3), 3, dtype=np.int64)
        for index, (part, column) in enumerate(PARTS.items()):
            known = ~np.isnan(values[:, column])
            below = np.searchsorted(np.array(self.edges[part]), values[known, column], side="left")
            scores[known, index] = 5 - below if part == "recency" else below + 1
        return scores


def as_rfm(scores: Ints) -> Rfm:
    """The stored form of one customer's three scores."""
    r, f, m = (int(score) for score in scores)
    return Rfm(recency=r, frequency=f, monetary=m, cell=f"{r}{f}{m}")


def cell_name(rfm: Rfm) -> Localized:
    """The usual name of a cell, from recency and the mean of frequency and monetary (halves go up)."""
    worth = str((rfm.frequency + rfm.monetary + 1) // 2)
    for recencies, worths, name in CELLS:
        if str(rfm.recency) in recencies and worth in worths:
            return name
    raise AssertionError(f"no name for the cell {rfm.cell}")
