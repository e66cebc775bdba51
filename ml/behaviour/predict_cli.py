"""`python -m ml.behaviour predict`: who will order within a horizon, from a file of orders and nothing after a day.

Out: customer_id, purchase_probability, churn_risk (= 1 - purchase_probability: no order within the horizon), a row for
each customer with an order by the day. On stdout, as JSON: the backtest by time slice, what was chosen and why.

Where the history is too short to test the horizon asked for, a shorter one is tested and the probabilities are carried
over by how much the order rhythm (BG/NBD) expects of the longer one. Where nothing is better than chance, everybody
gets the share that the newest known outcome had (at a constant hazard where it took fewer days), and `chosen` says
"base rate".

Rows after the day are read for one thing only: where the file holds the whole horizon, `holdout` says how the written
probabilities met what came, beside recency alone and the order rhythm alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ml.behaviour import alive, backtest, scoring, tasks
from ml.behaviour.alive import ODDS, Rhythm
from ml.behaviour.backtest import Bench, Plan, Slice
from ml.behaviour.estimators import sigmoid
from ml.behaviour.health import Verdict, decide
from ml.behaviour.history import Floats, Ledger
from ml.behaviour.orders_file import BadFile, OrdersFile, end_of, read
from ml.behaviour.tasks import Task
from ml.behaviour.training import gate
from schema.intelligence import Training

SIMPLE = {"baseline": "recency", "rival": "order rhythm (BG/NBD)"}


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 when the file was written, 2 when the input is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m ml.behaviour predict", description="Who will order within a horizon."
    )
    parser.add_argument("--orders", type=Path, required=True, help="csv or csv.gz: customer_id, date, amount")
    parser.add_argument("--until", type=date.fromisoformat, required=True, help="the last day that may be known")
    parser.add_argument("--horizon-days", type=int, required=True, help="days after it in which an order counts")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shuffle", type=int, nargs="?", const=1, help="deal outcomes anew by this seed: shows chance")
    args = parser.parse_args(argv)
    if args.horizon_days < 1:
        print("--horizon-days must be at least 1", file=sys.stderr)
        return 2
    if args.horizon_days > (date.max - args.until).days:
        print(f"--until {args.until}: the horizon ends after the calendar does ({date.max})", file=sys.stderr)
        return 2
    try:
        orders = read(args.orders)
        as_of = end_of(args.until)
        book, later, refunds = orders.until(as_of)
        if not len(book):
            raise BadFile(f"{args.orders}: no order on or before {args.until}")
        found = foretell(book, as_of, args.horizon_days, args.shuffle)
        _write(args.out, book, found.probability)
        met = holdout(orders, book, as_of, args.horizon_days, found.probability)
    except BadFile as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{args.out}: {error.strerror}", file=sys.stderr)
        return 2
    report = {
        "until": str(args.until),
        "horizonDays": args.horizon_days,
        "customers": len(book),
        "orders": len(book.orders.at),
        "rowsAfterUntilIgnored": later,
        "refundRows": refunds,
        "shuffled": args.shuffle is not None,
        **found.report,
        "holdout": met,
    }
    print(json.dumps(report, indent=2, ensure_ascii=False))
    return 0


def holdout(orders: OrdersFile, book: Ledger, as_of: datetime, days: int, probability: Floats) -> dict[str, Any] | None:
    """AUC and Brier score of what was written against the orders that came; None where the file ends too early."""
    start, end = as_of.timestamp(), as_of.timestamp() + days * 86_400
    if orders.at.max() < end - 86_400 or np.isnan(probability).any():
        return None
    came = (orders.at > start) & (orders.at <= end) & (orders.amount >= 0)
    buyers = {orders.ids[owner] for owner in np.unique(orders.owner[came]).tolist()}
    outcome = np.array([float(one in buyers) for one in book.ids])
    x, tx, age = alive.summary(book, as_of)
    told: dict[str, Any] = {
        "customers": len(outcome),
        "bought": int(outcome.sum()),
        "auc": scoring.auc(outcome, probability),
        "brier": scoring.brier(outcome, probability),
        "brierOfBaseRate": scoring.brier(outcome, np.full(len(outcome), outcome.mean())),
        "recencyAuc": scoring.auc(outcome, tx - age),
    }
    rhythm = alive.fit_rhythm(book, as_of)
    if rhythm is not None:
        likely = sigmoid(rhythm.log_odds(book, as_of, days))
        told |= {"orderRhythmAuc": scoring.auc(outcome, likely), "orderRhythmBrier": scoring.brier(outcome, likely)}
    return {name: None if value != value else value for name, value in told.items()}


@dataclass(frozen=True)
class Foretold:
    """A probability a customer, and how it came about."""

    probability: Floats
    report: dict[str, Any]


def foretell(book: Ledger, as_of: datetime, days: int, shuffle: int | None = None) -> Foretold:
    """Probabilities of an order in (as_of, as_of + days]; pure."""
    task = tasks.task("intent", days)
    plan = backtest.plan(book, task, as_of, shorten=True)
    bench = Bench(book, task, plan.days, alive.fit_rhythm, shuffle)
    rows = bench.training(list(plan.origins), as_of.timestamp())
    rhythm = bench.rhythm(as_of.timestamp())
    unmet = gate(task, book, plan, rows)
    slices = [] if unmet else backtest.run(bench, plan)
    if not slices:
        return _untested(book, as_of, days, rhythm, unmet.en if unmet else "The history is too short to test anything.")
    verdict = decide([one.judged for one in slices], Training())
    used = "model" if verdict.in_use == "model" else verdict.baseline
    if verdict.in_use == "none":
        newest = bench.rows(plan.origins[0], as_of.timestamp()).outcome
        # The same for everybody, also over a longer horizon: the rhythm, which tells them apart, did not hold either.
        share = np.full(len(book), float(newest.mean()))
        probability, chosen = carried(share, book, as_of, plan.days, days, None), "base rate"
    else:
        keep = {"model": None, "baseline": (task.recency,), "rival": (ODDS,)}[used]
        line = backtest.learn(task, rows, keep)
        table = tasks.table(book, as_of, plan.days, rhythm)
        probability = line.probability(backtest.only(table, line))
        probability = carried(probability, book, as_of, plan.days, days, rhythm)
        chosen = "model" if used == "model" else SIMPLE[used]
    return Foretold(probability, _report(task, plan, slices, verdict, used, chosen, rhythm))


def carried(
    probability: Floats, book: Ledger, as_of: datetime, tested: float, days: int, rhythm: Rhythm | None
) -> Floats:
    """Probabilities for the tested days as ones for the days asked for.

    The log odds move by what the order rhythm expects of the longer time; without a rhythm, at a constant hazard.
    """
    if days - tested < 1e-9:
        return probability
    if rhythm is None:
        result: Floats = 1 - (1 - probability) ** (days / tested)
        return result
    p = np.clip(probability, 1e-7, 1 - 1e-7)
    more = rhythm.log_odds(book, as_of, days) - rhythm.log_odds(book, as_of, tested)
    return sigmoid(np.log(p) - np.log1p(-p) + more)


def _untested(book: Ledger, as_of: datetime, days: int, rhythm: Rhythm | None, why: str) -> Foretold:
    """Too little for a backtest: the order rhythm as it is, or nothing."""
    if rhythm is None:
        return Foretold(np.full(len(book), np.nan), {"chosen": "none", "unmet": why, "backtest": None})
    probability = sigmoid(rhythm.log_odds(book, as_of, days))
    report = {"chosen": "order rhythm (BG/NBD), not tested", "unmet": why, "backtest": None, "rhythm": rhythm.to_doc()}
    return Foretold(probability, report)


def _report(
    task: Task, plan: Plan, slices: Sequence[Slice], verdict: Verdict, used: str, chosen: str, rhythm: Rhythm | None
) -> dict[str, Any]:
    judged = [one.judged for one in slices]
    names = {"model": "model", "recency": "baseline"}
    if all(one.rival is not None for one in judged):
        names["orderRhythm"] = "rival"
    outcome = np.concatenate([one.outcome for one in judged])
    predicted = np.concatenate([getattr(one, used) for one in judged])

    def told(which: str, some: Sequence[Slice]) -> dict[str, Any]:
        return scoring.metrics([one.judged for one in some], which).model_dump(exclude_none=True)

    gain = verdict.against
    return {
        "chosen": chosen,
        "why": verdict.why.en,
        "health": verdict.health,
        "reasons": [one.en for one in verdict.reasons],
        "rhythm": rhythm.to_doc() if rhythm else None,
        "backtest": {
            "horizonDays": round(plan.days, 2),
            "carriedToLongerHorizon": plan.days < task.days,
            "overall": {name: told(which, slices) for name, which in names.items()},
            "gainOverRecency": {"auc": gain.gain, "low": gain.gain_low, "high": gain.gain_high},
            "slices": [
                {
                    "trainedTo": one.trained_to.isoformat(),
                    "testedTo": one.tested_to.isoformat(),
                    **{name: told(which, [one]) for name, which in names.items()},
                }
                for one in slices
            ],
            "calibration": [one.model_dump() for one in scoring.calibration(outcome, predicted)],
        },
    }


def _write(path: Path, book: Ledger, probability: Floats) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        out = csv.writer(text, lineterminator="\n")
        out.writerow(("customer_id", "purchase_probability", "churn_risk"))
        for identity, likely in zip(book.ids, probability.tolist(), strict=True):
            known = likely == likely
            out.writerow((identity, f"{likely:.6f}" if known else "", f"{1 - likely:.6f}" if known else ""))
