"""`python -m ml.behaviour uplift`: what a treatment given at random changes, by row of a file.

The model learns from the rows of `--train` with the treated or the control value; rows with another value are left out.
Every row of `--score` gets an effect: out, a line a row, are the row's id (first column), uplift, low, high. From low
to high is the spread of refits, not a 90 % interval of the true effect.

Features are all columns that both files have, except the id, treatment, outcome and `--ignore`d ones. A column that the
score file lacks is never one. Columns named in `AFTER` are what happens after a treatment: they are left out with a
warning where both files have them. Text is one-hot; a number skewed to the right is taken as its logarithm.

JSON on stdout: `qini` with `low` and `high` (95 %, cross-fitted on the training rows: see `uplift`), `ate` (average
effect), `n`, and `score`, the same judged on the score file where that has treatment and outcome and shares no id with
the training file; the effects never depend on them.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ml.behaviour import uplift
from ml.behaviour.orders_file import MOST, BadFile, numbered, opened
from ml.behaviour.uplift import Floats, Ints

AFTER = frozenset(
    ("visit", "visited", "conversion", "converted", "spend", "spent", "purchase", "purchased", "click", "clicked")
)
ROW_INTERVAL = "spread of refits, not a 90 % interval of the true effect"
MOST_LEVELS = 30
"""Values of a text column that get a column of their own, the most frequent first."""
Table = dict[str, list[str]]


def main(argv: list[str]) -> int:
    """Run the command; 2 on input that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m ml.behaviour uplift", description=__doc__.split("\n")[0])
    parser.add_argument("--train", type=Path, required=True, help="CSV or CSV.gz of a randomised trial")
    parser.add_argument("--score", type=Path, required=True, help="CSV or CSV.gz to predict")
    parser.add_argument("--treatment", required=True, help="column that says who was treated")
    parser.add_argument("--treated", required=True, help="its value for the treated")
    parser.add_argument("--control", required=True, help="its value for the controls")
    parser.add_argument("--outcome", required=True, help="numeric column")
    parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="never a feature; repeatable")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help=f"CSV to write: id, uplift, low, high ({ROW_INTERVAL})".replace("%", "%%"),
    )
    chosen = parser.parse_args(argv)
    try:
        train, score = read(chosen.train), read(chosen.score)
        arm, outcome = trial(train, chosen.train, chosen)
        kept = arm >= 0
        names, warnings = feature_names(train, score, chosen)
        if not names:
            raise BadFile(f"{chosen.train} and {chosen.score}, line 1: no column in both that could be a feature")
        for table, path in ((train, chosen.train), (score, chosen.score)):
            bounded(table, path, names)
        columns = Columns.learn({name: pick(train[name], kept) for name in names})
        features = columns.matrix({name: pick(train[name], kept) for name in names})
        arm, outcome = arm[kept], outcome[kept]
        model = uplift.fit(features, arm, outcome)
        effect, low, high = model.predict(columns.matrix({name: score[name] for name in names}))
        identity = next(iter(score))
        with chosen.out.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow((identity, "uplift", "low", "high"))
            for name, *numbers in zip(score[identity], effect, low, high, strict=True):
                out.writerow((name, *(f"{number:.8g}" for number in numbers)))
        judged = None
        seen = set(train[next(iter(train))]).intersection(score[identity])
        if seen and chosen.treatment in score and chosen.outcome in score:
            warnings.append(f"the score file is not judged: {len(seen)} of its ids are in the training file too")
        elif chosen.treatment in score and chosen.outcome in score:
            try:
                held, result = trial(score, chosen.score, chosen)
            except BadFile as error:
                warnings.append(f"the score file cannot be judged: {error}")
            else:
                judged = report(uplift.qini(effect[held >= 0], held[held >= 0], result[held >= 0]), held, result)
    except (BadFile, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{chosen.out}: {error.strerror or error}", file=sys.stderr)
        return 2
    for warning in warnings:
        print(warning, file=sys.stderr)
    said = report(uplift.cross_fitted(features, arm, outcome), arm, outcome)
    said |= {"rowInterval": ROW_INTERVAL, "features": names, "warnings": warnings, "score": judged}
    print(json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
    return 0


def report(found: uplift.Effect, arm: Ints, outcome: Floats) -> dict[str, Any]:
    """Qini and the average effect with 95 % intervals, and how many rows they rest on."""
    arm, outcome = arm[arm >= 0], outcome[arm >= 0]

    def plain(one: uplift.Effect) -> dict[str, float | None]:
        return {name: value if math.isfinite(value) else None for name, value in asdict(one).items()}

    told = plain(found)
    return {
        "qini": told["value"], "low": told["low"], "high": told["high"], "ate": plain(uplift.average(arm, outcome)),
        "n": len(arm), "treated": int(arm.sum()), "control": int((1 - arm).sum()),
    }  # fmt: skip


def read(path: Path) -> Table:
    """A CSV file as columns of text.

    Raises:
        BadFile: not there, empty, or a line with more or fewer fields than the header.
    """
    with opened(path) as text:
        rows = numbered(path, text)
        header = [name.strip() for name in next(rows, (1, []))[1]]
        if not header or len(set(header)) != len(header):
            raise BadFile(f"{path}, line 1: needs a header of different names")
        columns: Table = {name: [] for name in header}
        lists = list(columns.values())
        for line, row in rows:
            if not row:
                continue
            if len(row) != len(header):
                raise BadFile(f"{path}, line {line}: {len(row)} fields, the header has {len(header)}")
            for held, value in zip(lists, row, strict=True):
                held.append(value.strip())
    if not lists[0]:
        raise BadFile(f"{path}: no rows under the header")
    return columns


def trial(table: Table, path: Path, chosen: argparse.Namespace) -> tuple[Ints, Floats]:
    """1 treated, 0 control, -1 neither; and the outcome, NaN where neither.

    Raises:
        BadFile: no such column, no row with one of the values, or an outcome that is no number.
    """
    for name in (chosen.treatment, chosen.outcome):
        if name not in table:
            raise BadFile(f"{path}, line 1: no column {name}; found {', '.join(table)}")
    arms = {chosen.control: 0, chosen.treated: 1}
    if len(arms) < 2:
        raise BadFile("--treated and --control are the same value")
    arm = np.array([arms.get(value, -1) for value in table[chosen.treatment]], dtype=np.int64)
    for value, code in arms.items():
        if not (arm == code).any():
            raise BadFile(f"{path}, column {chosen.treatment}: no row with {value!r}")
    outcome = np.full(len(arm), np.nan)
    for place in np.flatnonzero(arm >= 0):
        outcome[place] = number = _number(table[chosen.outcome][place])
        text = table[chosen.outcome][place]
        if not np.isfinite(number):
            raise BadFile(f"{path}, row {place + 1}, column {chosen.outcome}: {text!r} is no number")
        if abs(number) > MOST:
            raise BadFile(f"{path}, row {place + 1}, column {chosen.outcome}: {text!r} is beyond {MOST:.0e}")
    return arm, outcome


def bounded(table: Table, path: Path, names: list[str]) -> None:
    """Refuse features whose squares would not fit.

    Raises:
        BadFile: says row and column.
    """
    for name in names:
        for place, text in enumerate(table[name]):
            if MOST < abs(_number(text)) < math.inf:
                raise BadFile(f"{path}, row {place + 1}, column {name}: {text!r} is beyond {MOST:.0e}")


def feature_names(train: Table, score: Table, chosen: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Columns to learn from, and what to warn of."""
    warnings = [f"--ignore {name}: no such column" for name in chosen.ignore if name not in train]
    names = []
    no = {next(iter(train)), next(iter(score)), chosen.treatment, chosen.outcome, *chosen.ignore}
    for name in train:
        if name in no:
            continue
        if name not in score:
            if name.lower() not in AFTER:
                warnings.append(f"column {name} is left out: the score file has none")
        elif name.lower() in AFTER:
            warnings.append(f"column {name} is left out: it names what happens after a treatment")
        else:
            names.append(name)
    return names, warnings


def pick(values: list[str], kept: Any) -> list[str]:
    return [value for value, yes in zip(values, kept, strict=True) if yes]


class Columns:
    """How text columns become numbers, as learned from the training rows."""

    def __init__(self, numbers: dict[str, tuple[float, bool]], levels: dict[str, list[str]]) -> None:
        self.numbers = numbers
        """By column: what stands for a gap (the median), and whether the logarithm is taken."""
        self.levels = levels

    @classmethod
    def learn(cls, table: Table) -> Columns:
        numbers: dict[str, tuple[float, bool]] = {}
        levels: dict[str, list[str]] = {}
        for name, values in table.items():
            known = np.array([_number(value) for value in values if value], dtype=np.float64)
            if known.size and np.isfinite(known).all():
                spread = known.std()
                skew = float((((known - known.mean()) / spread) ** 3).mean()) if spread > 0 else 0.0
                numbers[name] = (float(np.median(known)), bool(known.min() >= 0 and skew > 1))
            else:
                found, count = np.unique(np.array(values), return_counts=True)
                order = np.lexsort((found, -count))
                levels[name] = [str(found[place]) for place in order[:MOST_LEVELS]]
        return cls(numbers, levels)

    def matrix(self, table: Table) -> Floats:
        """Rows x features without gaps."""
        rows = len(next(iter(table.values()), []))
        made: list[Floats] = []
        for name, (middle, logged) in self.numbers.items():
            value = np.array([_number(one) for one in table[name]], dtype=np.float64)
            gap = ~np.isfinite(value)
            value = np.where(gap, middle, value)
            made.append(np.log1p(np.maximum(value, 0.0)) if logged else value)
            if gap.any():
                made[-1] = np.where(gap, np.log1p(middle) if logged else middle, made[-1])
        for name, levels in self.levels.items():
            values = np.array(table[name])
            made += [(values == level).astype(np.float64) for level in levels]
        return np.column_stack(made) if made else np.zeros((rows, 0))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
