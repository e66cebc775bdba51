"""`python -m ml.behaviour clv`: lifetime value from a file of orders.

Only orders up to the end of the day `--until` are known to the fit and the forecast. Where the file goes on, what came
after is used for one thing: the part `holdout` of the report compares the forecast with it, over the horizon or as much
of it as the file has.

Out, a line a customer with an order by then: customer_id, frequency (repeat transactions), recency and age (weeks, to
the newest transaction and to `--until`, both from the first), p_alive, expected_purchases and expected_value within the
horizon, low and high (90 % predictive interval of the value), next_order_date (median, given that the customer is still
one). Value columns are empty where a condition of the money model is not met; the JSON on stdout says which.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ml.behaviour import clv, clv_forecast, gamma_gamma, transactions
from ml.behaviour.clv import BgNbd
from ml.behaviour.clv_forecast import Forecast
from ml.behaviour.gamma_gamma import GammaGamma
from ml.behaviour.history import DAY, Floats, Ints
from ml.behaviour.orders_file import BadFile, OrdersFile, read
from ml.behaviour.transactions import Summary, Transactions

HEADER = (
    "customer_id", "frequency", "recency", "age", "p_alive", "expected_purchases", "expected_value", "low", "high",
    "next_order_date",
)  # fmt: skip
EPOCH = date(1970, 1, 1).toordinal()
MOST_SHOWN = 7
"""Repeat transactions from which customers share a line of the holdout's comparison."""


def main(argv: list[str]) -> int:
    """Run the command; 2 on input that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m ml.behaviour clv", description=__doc__.split("\n")[0])
    parser.add_argument("--orders", type=Path, required=True, help="CSV or CSV.gz: customer_id, date, amount")
    parser.add_argument("--until", required=True, help="last day that is known, YYYY-MM-DD")
    parser.add_argument("--horizon-weeks", type=float, required=True, help="weeks to look ahead")
    parser.add_argument("--out", type=Path, required=True, help="CSV to write")
    chosen = parser.parse_args(argv)
    try:
        until = date.fromisoformat(chosen.until).toordinal() - EPOCH
    except ValueError:
        parser.error(f"--until: {chosen.until!r} is no date like 2026-01-31")
    if not 0 < chosen.horizon_weeks <= 5200:
        parser.error("--horizon-weeks: more than 0, at most 5200")
    try:
        ids, owner, day, amount = columns(read(chosen.orders))
    except BadFile as error:
        print(error, file=sys.stderr)
        return 2
    held = transactions.collapse(len(ids), owner, day, amount)
    # What is known by then comes from rows by then alone: a later refund has not lowered anything yet.
    seen = day <= until
    known = transactions.summary(transactions.collapse(len(ids), owner[seen], day[seen], amount[seen]), until)
    if not len(known):
        print(f"{chosen.orders}: no order on or before {chosen.until}", file=sys.stderr)
        return 2
    cells = clv.cells(known.x, known.tx, known.age)
    frequency, money = clv.fit(cells), gamma_gamma.fit(known.x, known.mean)
    told = clv_forecast.forecast(frequency, money, cells, known.mean, chosen.horizon_weeks)
    try:
        write(chosen.out, ids, known, told, until)
    except OSError as error:
        print(f"{chosen.out}: {error.strerror or error}", file=sys.stderr)
        return 2
    report = fitted(frequency, money) | {
        "customers": len(known),
        "transactions": int(known.x.sum()) + len(known),
        "repeat_transactions": int(known.x.sum()),
        "repeat_buyers": frequency.repeat_buyers,
        "until": _iso(until),
        "horizon_weeks": chosen.horizon_weeks,
        "unmet": [one.to_json() for one in (*frequency.unmet, *money.unmet)],
        "holdout": holdout(frequency, money, held, known, until, chosen.horizon_weeks),
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0


def columns(file: OrdersFile) -> tuple[tuple[str, ...], Ints, Ints, Floats]:
    """Ids in ascending order, and by row of the file the customer's place in them, the day since 1970, the money."""
    names = sorted(file.ids)
    place = {name: index for index, name in enumerate(names)}
    owner = np.array([place[name] for name in file.ids], dtype=np.int64)[file.owner]
    return tuple(names), owner, np.floor(file.at / DAY).astype(np.int64), file.amount


def fitted(frequency: BgNbd, money: GammaGamma) -> dict[str, Any]:
    """Parameters and log-likelihoods; null where nothing was fitted."""
    numbers = {name: getattr(frequency, name) for name in ("r", "alpha", "a", "b")}
    numbers |= {name: getattr(money, name) for name in ("p", "q", "v")}
    likelihood = {"bg_nbd": frequency.log_likelihood, "gamma_gamma": money.log_likelihood}
    errors: dict[str, float | None] = {}
    for parameters, covariance, names in (
        (frequency.parameters, frequency.covariance, ("r", "alpha", "a", "b")),
        (money.parameters, money.covariance, ("p", "q", "v")),
    ):
        # Of the parameter itself, by the delta method from that of its logarithm.
        errors |= dict(zip(names, map(_number, parameters * np.sqrt(np.diag(covariance))), strict=True))
    return {
        **{name: _number(value) for name, value in numbers.items()},
        "log_likelihood": {name: _number(value) for name, value in likelihood.items()},
        "standard_errors": errors,
        "frequency_money_correlation": _number(money.correlation),
    }


def write(path: Path, ids: tuple[str, ...], known: Summary, told: Forecast, until: int) -> None:
    """The forecast as CSV, in the order of the ids."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEADER)
        for row, owner in enumerate(known.owner):
            out.writerow(
                (
                    ids[owner], int(known.x[row]), _text(known.tx[row]), _text(known.age[row]), _text(told.alive[row]),
                    _text(told.purchases[row]), _text(told.value[row]), _text(told.low[row]), _text(told.high[row]),
                    _date(until, told.wait[row]),
                )
            )  # fmt: skip


def holdout(
    frequency: BgNbd, money: GammaGamma, held: Transactions, known: Summary, until: int, weeks: float
) -> dict[str, Any] | None:
    """The forecast against what came after; None where the file ends with `until` or nothing was fitted."""
    last = int(held.day.max())
    days = min(int(round(weeks * transactions.WEEK)), last - until)
    if days <= 0 or not np.isfinite(frequency.log_likelihood):
        return None
    cells = clv.cells(known.x, known.tx, known.age)
    told = clv_forecast.forecast(frequency, money, cells, known.mean, days / transactions.WEEK)
    number, paid = (one[known.owner] for one in transactions.between(held, until, until + days))
    purchases = _compared(told.purchases, told.purchases_low, told.purchases_high, number, 0.0)
    value = None
    if np.isfinite(told.value).all():
        value = _compared(told.value, told.low, told.high, paid, 1e-6)
        total = clv_forecast.total(frequency, money, cells, known.mean, days / transactions.WEEK, told)
        value |= (
            dict(zip(("total_low", "total_high"), total.interval(float(told.value.sum())), strict=True))
            if total
            else {}
        )
    groups = np.minimum(known.x, MOST_SHOWN)
    return {
        "weeks": days / transactions.WEEK,
        "purchases": purchases,
        "value": value,
        "by_frequency": [
            {
                "frequency": f"{MOST_SHOWN}+" if x == MOST_SHOWN else str(int(x)),
                "customers": int((groups == x).sum()),
                "expected": float(told.purchases[groups == x].mean()),
                "actual": float(number[groups == x].mean()),
            }
            for x in np.unique(groups)
        ],
    }


def _compared(expected: Floats, low: Floats, high: Floats, actual: Floats, slack: float) -> dict[str, float | None]:
    total, mean = float(actual.sum()), float(actual.mean())
    error = float(np.abs(expected - actual).mean())
    varied = np.std(expected) > 0 and np.std(actual) > 0
    return {
        "expected_total": float(expected.sum()),
        "actual_total": total,
        "total_error": float(expected.sum()) / total - 1 if total > 0 else None,
        "mean_absolute_error": error,
        "mean_absolute_error_over_mean": error / mean if mean > 0 else None,
        "correlation": float(np.corrcoef(expected, actual)[0, 1]) if varied else None,
        "coverage_90": float(((actual >= low - slack) & (actual <= high + slack)).mean()),
    }


def _iso(day: int) -> str:
    return date.fromordinal(day + EPOCH).isoformat()


def _date(until: int, weeks: float) -> str:
    """The day after so many weeks; empty beyond the calendar's last."""
    if not np.isfinite(weeks) or until + EPOCH + weeks * 7 >= date.max.toordinal():
        return ""
    return _iso(until + int(np.ceil(weeks * 7)))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _text(value: float) -> str:
    return f"{value:.6g}" if np.isfinite(value) else ""
