"""`python -m ml.behaviour predict`: from a file, by what was known, with errors that say where."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.behaviour.__main__ import main
from ml.behaviour.history import DAY
from ml.behaviour.orders_file import end_of
from ml.behaviour.predict_cli import carried
from tests.ml.behaviour.shops import NOW, book, order_times

UNTIL = "2025-06-01"
END = end_of(date.fromisoformat(UNTIL)).timestamp()


def rows(people: int = 260) -> list[str]:
    made = []
    for index, times in enumerate(order_times(people, now=datetime(2025, 8, 1, tzinfo=UTC), days=560)):
        made += [f"k{index},{datetime.fromtimestamp(at, UTC):%Y-%m-%d},{10 + index % 7}.50" for at in times]
    return made


def written(path: Path, lines: list[str], header: str = "customer_id,date,amount") -> Path:
    text = "\n".join([header, *lines]) + "\n"
    if path.suffix == ".gz":
        with gzip.open(path, "wt", encoding="utf-8") as out:
            out.write(text)
    else:
        path.write_text(text, encoding="utf-8")
    return path


def run(orders: Path, out: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[dict[str, Any], list[Any]]:
    arguments = ["predict", "--orders", str(orders), "--until", UNTIL, "--horizon-days", "30", "--out", str(out)]
    assert main([*arguments, *more]) == 0
    with out.open(encoding="utf-8", newline="") as text:
        return json.loads(capsys.readouterr().out), list(csv.DictReader(text))


def known(line: str) -> bool:
    return line.split(",")[1] <= UNTIL


@pytest.mark.slow
def test_it_predicts_from_what_was_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    every = rows()
    report, told = run(written(tmp_path / "all.csv.gz", every), tmp_path / "a.csv", capsys)
    assert report["rowsAfterUntilIgnored"] == sum(not known(line) for line in every) > 0
    assert {row["customer_id"] for row in told} == {line.split(",")[0] for line in every if known(line)}
    for row in told:
        likely, risk = float(row["purchase_probability"]), float(row["churn_risk"])
        assert 0 <= likely <= 1 and likely + risk == pytest.approx(1, abs=2e-6)
    slices = report["backtest"]["slices"]
    assert len(slices) == 3 and all(one["testedTo"] <= "2025-06-02" for one in slices)
    assert {"model", "recency", "orderRhythm"} <= set(report["backtest"]["overall"])
    assert report["chosen"] != "base rate"
    # A file that ends on the day gives the very same, whatever the other one went on with.
    again, same = run(
        written(tmp_path / "cut.csv", [line for line in every if known(line)]), tmp_path / "b.csv", capsys
    )
    assert same == told and again["backtest"] == report["backtest"]
    # Whoever is likely does buy more often than who is not.
    after = {line.split(",")[0] for line in every if not known(line) and _at(line) <= END + 30 * DAY}
    ranked = sorted(told, key=lambda row: float(row["purchase_probability"]))
    third = len(ranked) // 3
    low, high = (sum(row["customer_id"] in after for row in part) for part in (ranked[:third], ranked[-third:]))
    assert high > 2 * low
    met = report["holdout"]
    assert met["bought"] == sum(row["customer_id"] in after for row in told) and met["customers"] == len(told)
    assert met["auc"] > 0.6 and met["brier"] < met["brierOfBaseRate"]
    assert again["holdout"] is None


def _at(line: str) -> float:
    return datetime.fromisoformat(line.split(",")[1]).replace(tzinfo=UTC).timestamp()


def test_shuffled_outcomes_show_chance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report, told = run(written(tmp_path / "all.csv", rows()), tmp_path / "a.csv", capsys, "--shuffle", "5")
    assert report["health"] == "red" and report["shuffled"]
    assert abs(report["backtest"]["overall"]["model"]["auc"] - 0.5) < 0.06
    if report["chosen"] == "base rate":
        assert len({row["purchase_probability"] for row in told}) == 1


def test_too_little_to_test_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report, told = run(written(tmp_path / "few.csv", ["a,2025-01-01,5", "b,2025-02-01,5"]), tmp_path / "a.csv", capsys)
    assert report["chosen"] == "none" and report["backtest"] is None and report["unmet"]
    assert [row["purchase_probability"] for row in told] == ["", ""]


@pytest.mark.parametrize(
    ("header", "lines", "said"),
    [
        ("customer_id,day,amount", ["a,2025-01-01,1"], "line 1: no column date"),
        ("customer_id,date,amount", ["a,2025-01-01,1", "b,01/02/2025,1"], "line 3, column date: '01/02/2025'"),
        ("customer_id,date,amount", ["a,2025-01-01,ten"], "line 2, column amount: 'ten'"),
        ("customer_id,date,amount", ["a,2025-01-01,nan"], "line 2, column amount: 'nan'"),
        ("customer_id,date,amount", [" ,2025-01-01,1"], "line 2, column customer_id"),
        ("customer_id,date,amount", ["a,2025-01-01,1e308"], "line 2, column amount: '1e308' is beyond"),
        ("customer_id,date,amount", ["a,2025-01-01,1", "b" * 200_000 + ",2025-01-01,1"], "field larger than field"),
        ("customer_id,date,amount", ["a,2025-01-01"], "line 2: 2 fields"),
        ("customer_id,date,amount", [], "no rows"),
        ("customer_id,date,amount", ["a,2026-01-01,1"], "no order on or before"),
    ],
)
def test_bad_input_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, lines: list[str], said: str
) -> None:
    out = tmp_path / "a.csv"
    orders = written(tmp_path / "bad.csv", lines, header)
    arguments = ["predict", "--orders", str(orders), "--until", UNTIL, "--horizon-days", "30", "--out", str(out)]
    assert main(arguments) == 2
    assert said in capsys.readouterr().err and not out.exists()


def test_a_file_that_is_not_there_and_a_broken_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "x.csv.gz"
    broken.write_bytes(b"no archive")
    corrupt = tmp_path / "y.csv.gz"
    packed = gzip.compress(b"customer_id,date,amount\n" + b"".join(b"%d,2025-01-01,1\n" % n for n in range(9_000)))
    corrupt.write_bytes(packed[:200] + b"\xff" * 200 + packed[400:])
    below = Path("/dev/null/x.csv")
    for path, said in (
        (tmp_path / "none.csv", "no such file"), (broken, "gzip"), (corrupt, "gzip"), (below, "Not a directory"),
    ):  # fmt: skip
        arguments = ["--orders", str(path), "--until", UNTIL, "--horizon-days", "30", "--out", str(tmp_path / "o")]
        assert main(["predict", *arguments]) == 2
        assert said in capsys.readouterr().err


def test_a_horizon_beyond_the_calendar_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = written(tmp_path / "few.csv", ["a,2025-01-01,5"])
    arguments = ["predict", "--orders", str(orders), "--until", "9999-12-31", "--out", str(tmp_path / "o")]
    assert main([*arguments, "--horizon-days", "1"]) == 2
    assert "9999-12-31" in capsys.readouterr().err


def test_who_stops_reading_gets_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "ml.behaviour", "features"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert done.returncode == 1 and done.stderr == b""


def test_a_base_rate_of_fewer_days_is_told_for_the_days_asked_for() -> None:
    share = np.full(3, 0.2)
    told = carried(share, book(3), NOW, 30.0, 90, None)
    assert np.allclose(told, 1 - 0.8**3) and (carried(share, book(3), NOW, 90.0, 90, None) == share).all()


def test_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2 and "predict" in capsys.readouterr().err
    assert main(["features"]) == 0 and "recencyDays" in capsys.readouterr().out
