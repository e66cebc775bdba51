"""The RFM grid now and 30 days before, and who moved between its named cells.

Both are recounts of the history as of their moment, each with its own quintile edges. `ml/segmentation/rfm.py` has the
scores and names; here they are counted. Money is what orders are worth after all refunds known today.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import numpy as np

from ml.behaviour.shop_book import Book, Floats, until
from ml.segmentation.features import DAY, FEATURES
from ml.segmentation.rfm import PARTS, Quintiles, as_rfm, cell_name
from schema.base import Localized
from schema.documents import Rfm
from schema.pictures import RfmCell, RfmMove

BEFORE = timedelta(days=30)
MOST_MOVES = 60
FIRST = Localized(en="No order before", zh="此前未下单")


def measured(held: Book, as_of: datetime) -> Floats:
    """Rows of `features.FEATURES` with recency, orders and revenue as of a moment; NaN rows before the first order."""
    seen = until(held, as_of.timestamp())
    mine = seen.owner >= 0
    owner, at, net = seen.owner[mine], seen.at[mine], seen.net[mine]
    rows = np.full((held.customers, len(FEATURES)), np.nan)
    orders = np.bincount(owner, minlength=held.customers)
    bought = orders > 0
    last = np.full(held.customers, -np.inf)
    np.maximum.at(last, owner, at)
    priced = np.bincount(owner, ~np.isnan(net), minlength=held.customers) > 0
    revenue = np.bincount(owner, np.nan_to_num(net), minlength=held.customers)
    rows[bought, PARTS["recency"]] = np.maximum(0.0, (as_of.timestamp() - last[bought]) / DAY)
    rows[bought, PARTS["frequency"]] = orders[bought]
    rows[priced, PARTS["monetary"]] = revenue[priced]
    return rows


def cells(rows: Floats) -> list[Rfm | None]:
    """Each customer's scores; None without an order, or where there are too few customers for quintiles."""
    bought = ~np.isnan(rows[:, PARTS["recency"]])
    edges = Quintiles.fit(rows[bought])
    found: list[Rfm | None] = [None] * len(rows)
    if edges is not None:
        for place, scores in zip(np.flatnonzero(bought), edges.score(rows[bought]), strict=True):
            found[place] = as_rfm(scores)
    return found


def worth(cell: Rfm) -> int:
    """Mean of frequency and monetary, halves up."""
    return (cell.frequency + cell.monetary + 1) // 2


def grid_and_moves(held: Book, as_of: datetime) -> tuple[list[RfmCell], list[RfmMove]]:
    """The 25 cells with their customers now and before, and the moves between names, most frequent first."""
    rows = measured(held, as_of)
    now, before = cells(rows), cells(measured(held, as_of - BEFORE))
    size = Counter((one.recency, worth(one)) for one in now if one)
    was = Counter((one.recency, worth(one)) for one in before if one)
    revenue: Counter[tuple[int, int]] = Counter()
    for one, value in zip(now, rows[:, PARTS["monetary"]], strict=True):
        if one and not np.isnan(value):
            revenue[one.recency, worth(one)] += int(value)
    grid = [
        RfmCell(
            recency=recency, worth=level, name=_name(recency, level), customers=size[recency, level],
            before=was[recency, level], revenue=revenue[recency, level],
        )
        for recency in range(1, 6)
        for level in range(1, 6)
    ] if size else []  # fmt: skip
    moved: Counter[tuple[str | None, str]] = Counter()
    names: dict[str, Localized] = {}
    for old, new in zip(before, now, strict=True):
        if new is None:
            continue
        to = cell_name(new)
        names[_key(to)] = to
        came = None
        if old is not None:
            named = cell_name(old)
            came = _key(named)
            names[came] = named
        if came != _key(to):
            moved[came, _key(to)] += 1
    moves = [
        RfmMove(from_=came, from_name=names[came] if came else FIRST, to=to, to_name=names[to], customers=count)
        for (came, to), count in sorted(moved.items(), key=lambda item: (-item[1], item[0][0] or "", item[0][1]))
    ]
    return grid, moves[:MOST_MOVES]


def _name(recency: int, level: int) -> Localized:
    return cell_name(Rfm(recency=recency, frequency=level, monetary=level, cell=f"{recency}{level}{level}"))


def _key(name: Localized) -> str:
    return name.en.lower().replace(" ", "-")
