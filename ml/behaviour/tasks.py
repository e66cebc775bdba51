"""What is predicted: who is asked about, what counts as a yes, over which days, and which simple rule to beat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ml.behaviour.alive import ODDS, Rhythm
from ml.behaviour.feature_table import MODEL_FEATURES, NAMES
from ml.behaviour.features import matrix
from ml.behaviour.history import CLICK, DAY, DELIVERY, VIEW, VISIT, Floats, Ints, Ledger
from schema.base import Localized
from schema.intelligence import ModelName

LEARNED: tuple[ModelName, ...] = ("churn", "intent", "engagement", "campaign")
COLUMNS = (*NAMES, ODDS)
EVENTS = 5
"""Signs of life that make somebody without an order worth a prediction."""
Flags = np.ndarray


@dataclass(frozen=True)
class Task:
    """One prediction."""

    name: ModelName
    days: int
    """The horizon."""
    needs_order: bool
    """Only about customers with an order; else also about those with `EVENTS` signs of life."""
    negated: bool
    """The probability told is that of nothing happening (churn)."""
    recency: str
    """The one feature of the baseline."""
    baseline: str
    says: Localized

    @property
    def features(self) -> tuple[str, ...]:
        return (*MODEL_FEATURES, ODDS)


def task(name: ModelName, days: int | None = None) -> Task:
    """The task of a name; `days` is churn's horizon, or one of the caller's choosing."""
    order = "recency of the last order"
    match name:
        case "churn":
            return Task(
                name,
                days or 90,
                True,
                True,
                "recencyDays",
                order,
                Localized(en="No order within the churn horizon", zh="流失期限内不再下单"),
            )
        case "intent":
            return Task(
                name,
                days or 30,
                False,
                False,
                "recencyDays",
                order,
                Localized(en="An order within 30 days", zh="30 天内下单"),
            )
        case "engagement":
            return Task(
                name,
                days or 30,
                False,
                False,
                "activeDaysAgo",
                "recency of the last sign of life",
                Localized(en="A click, visit or order within 30 days", zh="30 天内点击、访问或下单"),
            )
        case "campaign":
            return Task(
                name,
                days or 14,
                True,
                False,
                "recencyDays",
                order,
                Localized(en="An order within 14 days of a message", zh="收到消息后 14 天内下单"),
            )
        case _:
            raise ValueError(f"{name} is not learned from outcomes by time slices")  # fmt: skip


def table(book: Ledger, as_of: datetime, days: float, rhythm: Rhythm | None) -> Floats:
    """All columns that models may use, as of a moment: the features, and the odds of the order rhythm for `days`."""
    odds = rhythm.log_odds(book, as_of, days) if rhythm else np.full(len(book), np.nan)
    return np.column_stack((matrix(book, as_of), odds))


def eligible(task: Task, values: Floats) -> Flags:
    """Who is asked about, by what was known at the moment."""
    orders, events = values[:, NAMES.index("orders")], values[:, NAMES.index("events")]
    ordered: Flags = orders >= 1
    return ordered if task.needs_order else ordered | (events >= EVENTS)


def happened(task: Task, book: Ledger, start: float | Floats, days: float) -> Flags:
    """By customer, whether it happened in (start, start + days].

    Args:
        start: one moment for all, or one a customer (infinite: nothing happens).
    """
    starts = np.broadcast_to(start, len(book))
    owners = [_within(book.orders.owner, book.orders.at, starts, days)]
    if task.name == "engagement":
        signs = np.isin(book.moments.kind, (VISIT, VIEW, CLICK))
        owners.append(_within(book.moments.owner[signs], book.moments.at[signs], starts, days))
    yes: Flags = np.bincount(np.concatenate(owners), minlength=len(book)) > 0
    return yes


def _within(owner: Ints, at: Floats, starts: Floats, days: float) -> Ints:
    return owner[(at > starts[owner]) & (at <= starts[owner] + days * DAY)]


def delivery_days(book: Ledger) -> list[float]:
    """Starts of the UTC days on which messages were delivered, newest first."""
    sent = book.moments.kind == DELIVERY
    return [float(day) for day in np.unique(np.floor(book.moments.at[sent] / DAY) * DAY)[::-1]]


def messages(book: Ledger, day: float) -> Floats:
    """When each customer got the first message of the day that begins at `day`; infinite for who got none."""
    found = np.full(len(book), np.inf)
    sent = (book.moments.kind == DELIVERY) & (book.moments.at >= day) & (book.moments.at < day + DAY)
    np.minimum.at(found, book.moments.owner[sent], book.moments.at[sent])
    return found
