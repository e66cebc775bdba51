"""`python -m ml.behaviour clv`: its columns, its report, and that nothing after the day reaches the fit."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.behaviour import clv_cli

START = date(2024, 1, 1)


def orders(customers: int, seed: int, days: int) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    rows = []
    for one in range(customers):
        now, rate = float(rng.uniform(0, 60)), rng.gamma(1.0, 1 / 40)
        while now < days:
            paid = f"{rng.gamma(4.0, 8.0):.2f}"
            rows.append([f"c{one:03d}", (START + timedelta(days=int(now))).isoformat(), paid])
            if rng.random() < 0.15:
                break
            now += rng.exponential(1 / rate)
    return rows


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["customer_id", "date", "amount"], *rows])
    return path


def run(
    capsys: pytest.CaptureFixture[str], path: Path, out: Path, until: str = "2024-12-31", weeks: str = "26"
) -> tuple[int, dict[str, Any], str]:
    words = ["--orders", str(path), "--until", until, "--horizon-weeks", weeks, "--out", str(out)]
    code = clv_cli.main(words)
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else {}, said.err


def test_the_file_and_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "orders.csv", orders(400, 1, 700))
    code, said, _ = run(capsys, path, tmp_path / "out.csv")
    assert code == 0
    assert {"r", "alpha", "a", "b", "p", "q", "v", "log_likelihood", "unmet", "holdout"} <= set(said)
    assert set(said["log_likelihood"]) == {"bg_nbd", "gamma_gamma"}
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert list(rows[0]) == list(clv_cli.HEADER) and len(rows) == said["customers"] == 400
    assert [row["customer_id"] for row in rows] == sorted(row["customer_id"] for row in rows)
    for row in rows:
        assert 0 <= float(row["p_alive"]) <= 1
        assert float(row["low"]) <= float(row["expected_value"]) <= float(row["high"])
        assert row["next_order_date"] > "2024-12-31"
        assert 0 <= float(row["recency"]) <= float(row["age"])
    assert 0.8 <= said["holdout"]["value"]["coverage_90"] <= 1
    assert said["holdout"]["weeks"] == 26
    assert said["holdout"]["value"]["total_low"] < said["holdout"]["value"]["expected_total"]
    assert said["holdout"]["value"]["total_high"] > said["holdout"]["value"]["expected_total"]


def test_what_comes_after_the_day_changes_nothing_but_the_holdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = orders(200, 2, 700)
    before = [row for row in rows if row[1] <= "2024-12-31"]
    # Also a refund of an order before the day.
    later = [row for row in rows if row[1] > "2024-12-31"] + [
        ["c000", "2025-01-05", "-3.00"],
        ["new", "2025-02-01", "9"],
    ]
    code, whole, _ = run(capsys, write(tmp_path / "whole.csv", before + later), tmp_path / "a.csv")
    assert code == 0
    _, past, _ = run(capsys, write(tmp_path / "past.csv", before[::-1]), tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()
    assert past.pop("holdout") is None and whole.pop("holdout") is not None
    assert past == whole


def test_fifty_customers_get_numbers_and_hear_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, _ = run(capsys, write(tmp_path / "few.csv", orders(50, 3, 365)), tmp_path / "out.csv")
    assert code == 0
    assert "few repeat buyers" in {one["kind"] for one in said["unmet"]}
    assert all(float(row["high"]) >= 0 for row in csv.DictReader((tmp_path / "out.csv").open()))


def test_no_repeat_orders_leave_the_columns_empty_and_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "once.csv", [[f"c{n}", "2024-03-01", "10"] for n in range(30)])
    code, said, _ = run(capsys, path, tmp_path / "out.csv")
    assert code == 0 and said["r"] is None
    assert any(one["kind"] == "no repeat orders" and one["blocking"] for one in said["unmet"])
    assert {row["expected_value"] for row in csv.DictReader((tmp_path / "out.csv").open())} == {""}


def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = write(tmp_path / "bad.csv", [["c1", "2024-01-01", "5"], ["c1", "soon", "5"]])
    code, _, said = run(capsys, bad, tmp_path / "out.csv")
    assert code == 2 and "line 3" in said and "date" in said
    early = write(tmp_path / "early.csv", [["c1", "2024-01-01", "5"]])
    code, _, said = run(capsys, early, tmp_path / "out.csv", until="2023-01-01")
    assert code == 2 and "no order on or before" in said
    with pytest.raises(SystemExit):
        run(capsys, early, tmp_path / "out.csv", until="yesterday")
