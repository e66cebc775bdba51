"""Time-sliced backtest: learn from what was known and had happened before T, be judged by what came after T.

A row is (customer, origin): features as of the origin, and whether it happened in the horizon behind it. Each of (up
to) three test origins T is predicted by models trained on origins whose horizon had ended by T. Nothing after T enters,
not even the fit of the order rhythm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from ml.behaviour import tasks
from ml.behaviour.alive import ODDS, Rhythm
from ml.behaviour.estimators import Linear, fit
from ml.behaviour.history import DAY, Floats, Ints, Ledger
from ml.behaviour.scoring import Judged
from ml.behaviour.tasks import COLUMNS, Task

TESTS = 3
MOST_ORIGINS = 12
MOST_ROWS = 60_000
"""Training rows at most; beyond it a fixed random part of the customers learns for all."""
FitRhythm = Callable[[Ledger, datetime], Rhythm | None]


@dataclass(frozen=True)
class Plan:
    """Which moments are learned from and tested on; seconds since 1970."""

    days: float
    """Days that an outcome may take in the backtest; shorter than asked for where the history is too short."""
    origins: tuple[float, ...]
    """Moments with a known outcome, newest first."""
    tests: tuple[float, ...]
    spare: float = 0.0
    """Days that an outcome may begin after its origin: a message goes out at some hour of its day."""

    def before(self, test: float) -> list[float]:
        """Origins whose outcome was known at the test's moment."""
        return [one for one in self.origins if one + (self.days + self.spare) * DAY <= test + 1]


def plan(book: Ledger, task: Task, as_of: datetime, history_days: int | None = None, shorten: bool = False) -> Plan:
    """Choose origins from the newest whose outcome is known, back to the beginning of the history.

    Args:
        history_days: how far back to look; None = all.
        shorten: where the history is too short for the horizon, test a shorter one (40 % of the history).
    """
    now = as_of.timestamp()
    times = book.orders.at[book.orders.at <= now]
    if not len(times):
        return Plan(task.days, (), ())
    # A few orders with a date of decades ago must not stretch the history.
    first = float(np.percentile(times, 1))
    # The first weeks of a shop (or a file) show newcomers only: nobody can be late yet, which would mislead.
    start = first + min(90 * DAY, 0.25 * (now - first))
    if history_days is not None:
        start = max(start, now - history_days * DAY)
    if task.name == "engagement" and np.isfinite(book.tracked_since):
        # Before visits were counted, nobody's silence says anything.
        start = max(start, book.tracked_since)
    span = (now - start) / DAY
    days = float(min(task.days, 0.4 * span)) if shorten else float(task.days)
    if task.name == "campaign":
        # Messages of neighbouring days are followed by the same orders: thinned, each moment says something of its own.
        origins: list[float] = []
        for one in tasks.delivery_days(book):
            known = start <= one and one + (days + 1) * DAY <= now
            if known and (not origins or origins[-1] - one >= days / 3 * DAY):
                origins.append(one)
    else:
        room = span - 2 * days
        # The oldest test still has two moments to learn from.
        step = max(1.0, min(days, room / TESTS))
        count = int(max(0.0, span - days) / step + 1e-9) + 1 if span >= days else 0
        origins = [now - (days + index * step) * DAY for index in range(count)]
    origins = origins[: MOST_ORIGINS + TESTS]
    made = Plan(days, tuple(origins), (), 1.0 if task.name == "campaign" else 0.0)
    return replace(made, tests=tuple(one for one in origins if made.before(one))[:TESTS])


@dataclass(frozen=True)
class Rows:
    """Rows of several origins."""

    owner: Ints
    values: Floats
    outcome: Floats


@dataclass
class Bench:
    """Rows by origin, made once and used by every slice that needs them."""

    book: Ledger
    task: Task
    days: float
    fit_rhythm: FitRhythm
    shuffle: int | None = None
    """Seed with which outcomes are dealt anew among the customers of an origin: then nothing can be learned."""
    _made: dict[tuple[float, float], Rows] = field(default_factory=dict)
    _rhythms: dict[float, Rhythm | None] = field(default_factory=dict)
    _bare: dict[float, tuple[Floats, Ints, Floats]] = field(default_factory=dict)

    def rhythm(self, cut: float) -> Rhythm | None:
        """The order rhythm by what was known at `cut`."""
        if cut not in self._rhythms:
            self._rhythms[cut] = self.fit_rhythm(self.book, _moment(cut))
        return self._rhythms[cut]

    def rows(self, origin: float, cut: float) -> Rows:
        """Rows of one origin, with the rhythm's odds by its fit at `cut`."""
        if origin not in self._bare:
            values = tasks.table(self.book, _moment(origin), self.days, None)
            asked = tasks.eligible(self.task, values)
            start = tasks.messages(self.book, origin) if self.task.name == "campaign" else origin
            outcome = tasks.happened(self.task, self.book, start, self.days)
            asked &= np.isfinite(start)
            owner = np.nonzero(asked)[0]
            yes = (outcome[owner] != self.task.negated).astype(np.float64)
            if self.shuffle is not None:
                yes = np.random.default_rng([self.shuffle, int(origin)]).permutation(yes)
            self._bare[origin] = values[owner], owner, yes
        values, owner, yes = self._bare[origin]
        rhythm = self.rhythm(cut)
        if rhythm is not None:
            values = values.copy()
            values[:, COLUMNS.index(ODDS)] = rhythm.log_odds(self.book, _moment(origin), self.days)[owner]
        return Rows(owner, values, yes)

    def training(self, origins: list[float], cut: float) -> Rows:
        """Rows of several origins, of at most `MOST_ROWS`."""
        parts = [self.rows(one, cut) for one in origins[:MOST_ORIGINS]]
        total = sum(len(one.owner) for one in parts)
        if not total:
            return Rows(np.zeros(0, dtype=np.int64), np.zeros((0, len(COLUMNS))), np.zeros(0))
        owner = np.concatenate([one.owner for one in parts])
        values, outcome = np.concatenate([one.values for one in parts]), np.concatenate([one.outcome for one in parts])
        if total > MOST_ROWS:
            drawn = np.random.default_rng(11).random(len(self.book)) < MOST_ROWS / total
            kept = drawn[owner]
            owner, values, outcome = owner[kept], values[kept], outcome[kept]
        return Rows(owner, values, outcome)


@dataclass(frozen=True)
class Slice:
    """One test origin: what was predicted for it, and when its training and outcomes ended."""

    trained_to: datetime
    tested_to: datetime
    judged: Judged
    values: Floats


def run(bench: Bench, plan: Plan) -> list[Slice]:
    """Predict every test origin by the model, the recency baseline and, where it can be fitted, the order rhythm."""
    made: list[Slice] = []
    for test in plan.tests:
        past, rows = bench.training(plan.before(test), test), bench.rows(test, test)
        if not _enough(past, rows, bool(made)):
            continue
        model = learn(bench.task, past)
        simple = learn(bench.task, past, (bench.task.recency,))
        rival = learn(bench.task, past, (ODDS,)) if bench.rhythm(test) is not None else None
        judged = Judged(
            rows.owner,
            rows.outcome,
            model.probability(_only(rows.values, model)),
            simple.probability(_only(rows.values, simple)),
            rival.probability(_only(rows.values, rival)) if rival else None,
        )
        made.append(Slice(_moment(test), _moment(test + plan.days * DAY), judged, rows.values))
    return made


def _enough(past: Rows, rows: Rows, others: bool) -> bool:
    """Whether a test is worth making: both outcomes to learn from; beside others, no tiny past for a large test."""
    if not len(rows.owner) or not len(past.owner) or past.outcome.min() == past.outcome.max():
        return False
    return not others or (
        3 * len(past.owner) >= len(rows.owner) and min(past.outcome.sum(), len(past.outcome) - past.outcome.sum()) >= 20
    )


def learn(task: Task, rows: Rows, keep: tuple[str, ...] | None = None, refits: int = 0) -> Linear:
    """Fit the task's model (or one on the given columns) on rows."""
    return fit(COLUMNS, rows.values, rows.outcome, rows.owner, keep or task.features, refits)


def _only(values: Floats, model: Linear) -> Floats:
    """The columns that a model uses, of a table of `COLUMNS`."""
    return values[:, [COLUMNS.index(name) for name in model.features]]


only = _only


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
