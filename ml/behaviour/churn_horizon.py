"""How many days without an order count as churned, from the shop's own rhythm.

The 90th percentile of the gaps between two order days of a customer: nine in ten customers who come back have come back
by then. Kept between 30 and 365 days, and to two fifths of the history, since a model needs time to learn before and
time to be tested behind. Below 100 gaps nothing can be said: 90 days. `settings/training.churnDays` goes before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from ml.behaviour.history import DAY, Ledger

LEAST, MOST, USUAL = 30, 365, 90
GAPS = 100
PERCENTILE = 90
HISTORY_SHARE = 0.4


@dataclass(frozen=True)
class Horizon:
    """The days, and what decided them."""

    days: int
    basis: Literal["settings", "rhythm", "too few gaps", "short history"]
    gaps: int


def horizon(book: Ledger, as_of: datetime, chosen: int | None = None) -> Horizon:
    """The churn horizon as of a moment; `chosen` are the days that the settings say."""
    seen = book.orders.at <= as_of.timestamp()
    owner, day = book.orders.owner[seen], np.floor(book.orders.at[seen] / DAY)
    same = owner[1:] == owner[:-1]
    gaps = np.diff(day)[same]
    gaps = gaps[gaps > 0]
    if chosen is not None:
        return Horizon(chosen, "settings", len(gaps))
    if len(gaps) < GAPS:
        return Horizon(USUAL, "too few gaps", len(gaps))
    days = int(np.clip(np.ceil(np.percentile(gaps, PERCENTILE)), LEAST, MOST))
    span = (as_of.timestamp() - float(np.percentile(book.orders.at[seen], 1))) / DAY
    most = max(LEAST, int(HISTORY_SHARE * span))
    return Horizon(min(days, most), "short history" if days > most else "rhythm", len(gaps))
