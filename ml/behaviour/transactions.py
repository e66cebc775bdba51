"""Transactions from order rows: one a customer and day, and what BG/NBD and Gamma-Gamma need of them as of a day.

Orders of one day are one transaction. A row of negative money is a refund, never a transaction: it lowers the money of
the customer's transaction at or before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WEEK = 7.0


@dataclass(frozen=True)
class Transactions:
    """Columns sorted by (owner, day); `money` is NaN where it is not known.

    Attributes:
        customers: number of customers; `owner` is 0 .. customers - 1.
        day: days since 1970-01-01.
    """

    customers: int
    owner: Ints
    day: Ints
    money: Floats

    def until(self, day: int) -> Transactions:
        """Those on or before a day."""
        seen = self.day <= day
        return Transactions(self.customers, self.owner[seen], self.day[seen], self.money[seen])


@dataclass(frozen=True)
class Summary:
    """One entry for each customer with a transaction by the day, in order of `owner`; times in weeks.

    Attributes:
        x: repeat transactions.
        tx: age at the newest transaction.
        age: from the first transaction to the day.
        mean: mean money of the repeat transactions whose money is known; NaN without any.
        known: how many those are.
    """

    owner: Ints
    x: Floats
    tx: Floats
    age: Floats
    mean: Floats
    known: Floats

    def __len__(self) -> int:
        return len(self.owner)


def collapse(customers: int, owner: Ints, day: Ints, amount: Floats, refunds: bool = True) -> Transactions:
    """Order rows, in any order, as transactions.

    Args:
        amount: money by row, in any unit; NaN where it is not known.
        refunds: rows of negative money are refunds; else each row is an order whatever its money.
    """
    order = np.lexsort((np.nan_to_num(amount), day, owner))
    owner, day, amount = owner[order], day[order], amount[order]
    back = (amount < 0) if refunds else np.zeros(len(owner), dtype=bool)
    fresh = np.ones(int((~back).sum()), dtype=bool)
    who, when, paid = owner[~back], day[~back], amount[~back]
    fresh[1:] = (who[1:] != who[:-1]) | (when[1:] != when[:-1])
    start = np.flatnonzero(fresh)
    known = ~np.isnan(paid)
    money = np.add.reduceat(np.where(known, paid, 0.0), start) if len(start) else np.zeros(0)
    money[~np.logical_or.reduceat(known, start)] = np.nan if len(start) else 0
    found = Transactions(customers, who[start], when[start], money)
    if back.any() and len(start):
        # The last transaction of the same customer at or before the refund; without one it belongs to nothing known.
        reach = int(max(day.max(), 0) - min(day.min(), 0)) + 1
        keys = found.owner * reach + (found.day - day.min())
        at = np.searchsorted(keys, owner[back] * reach + (day[back] - day.min()), side="right") - 1
        hit = (at >= 0) & (found.owner[np.maximum(at, 0)] == owner[back])
        np.add.at(found.money, at[hit], amount[back][hit])
    return found


def summary(held: Transactions, until: int) -> Summary:
    """Recency, frequency, age and mean repeat money as known at the end of a day."""
    seen = held.until(until)
    if not len(seen.owner):
        nothing = np.zeros(0)
        return Summary(np.zeros(0, dtype=np.int64), nothing, nothing, nothing, nothing, nothing)
    fresh = np.ones(len(seen.owner), dtype=bool)
    fresh[1:] = seen.owner[1:] != seen.owner[:-1]
    start = np.flatnonzero(fresh)
    count = np.diff(np.append(start, len(seen.owner)))
    first, last = seen.day[start], seen.day[start + count - 1]
    repeat = ~fresh & ~np.isnan(seen.money)
    known = np.add.reduceat(repeat.astype(np.float64), start)
    total = np.add.reduceat(np.where(repeat, seen.money, 0.0), start)
    mean = np.full(len(start), np.nan)
    np.divide(total, known, out=mean, where=known > 0)
    return Summary(seen.owner[start], count - 1.0, (last - first) / WEEK, (until - first) / WEEK, mean, known)


def between(held: Transactions, after: int, until: int) -> tuple[Floats, Floats]:
    """Transactions in (after, until] and their known money, by customer."""
    inside = (held.day > after) & (held.day <= until)
    owner = held.owner[inside]
    number = np.bincount(owner, minlength=held.customers).astype(np.float64)
    money: Floats = np.bincount(owner, np.nan_to_num(held.money[inside]), minlength=held.customers).astype(np.float64)
    return number, money
