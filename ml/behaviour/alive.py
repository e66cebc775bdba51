"""How likely a customer orders again within some days, from the rhythm of orders alone (BG/NBD).

    P(alive | x, t_x, T) = 1 / (1 + [x > 0] a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ^ (r + x))
        Fader, Hardie and Lee (2005), "Counting your customers" the easy way, and their note of 2008 on P(alive)
    P(order within t)    = P(alive) * (1 - ((alpha + T) / (alpha + T + t)) ^ (r + x))
        for who is alive the rate is Gamma(r + x, alpha + T), and no event of a Poisson process within t has that form

x = repeat order days, t_x = age at the newest, T = age now; weeks. The odds are a baseline and a column to learn from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ml.behaviour import clv
from ml.behaviour.clv import alive
from ml.behaviour.history import DAY, Floats, Ledger

ODDS = "rhythmOdds"
WEEK = 7 * DAY


@dataclass(frozen=True)
class Rhythm:
    """The four parameters of BG/NBD in weeks."""

    r: float
    alpha: float
    a: float
    b: float

    def to_doc(self) -> dict[str, float]:
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b}

    @classmethod
    def from_doc(cls, data: Mapping[str, float]) -> Rhythm:
        return cls(float(data["r"]), float(data["alpha"]), float(data["a"]), float(data["b"]))

    def within(self, x: Floats, tx: Floats, age: Floats, weeks: float) -> Floats:
        """P(at least one order within the coming weeks)."""
        silent = np.exp((self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + age + weeks)))
        result: Floats = alive((self.r, self.alpha, self.a, self.b), x, tx, age) * (1 - silent)
        return result

    def log_odds(self, book: Ledger, as_of: datetime, days: float) -> Floats:
        """Log odds of an order within `days` by customer; NaN before the first order."""
        x, tx, age = summary(book, as_of)
        p = np.clip(self.within(x, tx, age, days / 7), 1e-7, 1 - 1e-7)
        return np.log(p) - np.log1p(-p)


def summary(book: Ledger, as_of: datetime) -> tuple[Floats, Floats, Floats]:
    """x, t_x and T in weeks by customer as of a moment: orders of one UTC day are one; NaN before the first order."""
    people, now = len(book), as_of.timestamp()
    seen = book.orders.at <= now
    owner, day = book.orders.owner[seen], np.floor(book.orders.at[seen] / DAY)
    fresh = np.ones(len(owner), dtype=bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1])
    owner, day = owner[fresh], day[fresh]
    count = np.bincount(owner, minlength=people)
    end = np.cumsum(count)
    has = count > 0
    first, last = np.full(people, np.nan), np.full(people, np.nan)
    first[has], last[has] = day[(end - count)[has]], day[end[has] - 1]
    today = np.floor(now / DAY)
    return np.where(has, count - 1.0, np.nan), (last - first) / 7, (today - first) / 7


LEAST_REPEATS = 20
"""Repeat buyers below which the odds are guesswork."""


def fit_rhythm(book: Ledger, as_of: datetime) -> Rhythm | None:
    """BG/NBD by maximum likelihood on what is known at a moment; None with too few repeat buyers."""
    x, tx, age = summary(book, as_of)
    known = age >= 0
    if int((x[known] > 0).sum()) < LEAST_REPEATS:
        return None
    fitted = clv.fit(clv.cells(x[known], tx[known], age[known]))
    if any(one.blocking for one in fitted.unmet):
        return None
    return Rhythm(fitted.r, fitted.alpha, fitted.a, fitted.b)
