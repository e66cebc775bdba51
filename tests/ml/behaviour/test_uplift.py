"""Uplift: finds who is moved by a treatment, says chance when there is only chance, and cannot look at the answer."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from ml.behaviour import uplift, uplift_cli


def trial(rows: int, seed: int, gain: float = 0.2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A randomised trial in which only those with the first feature are moved; two more features are noise."""
    rng = np.random.default_rng(seed)
    features = np.column_stack((rng.integers(0, 2, rows), rng.normal(size=rows), rng.integers(0, 2, rows))).astype(
        float
    )
    treated = rng.integers(0, 2, rows)
    likely = 0.1 + 0.05 * features[:, 2] + gain * treated * features[:, 0]
    return features, treated, (rng.random(rows) < likely).astype(float)


def write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    packed = path.suffix == ".gz"
    with gzip.open(path, "wt", newline="") if packed else path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def trial_file(path: Path, rows: int, seed: int, leak: bool = False) -> Path:
    features, treated, outcome = trial(rows, seed)
    table = [
        [f"r{seed}-{n}", "likes" if one[0] else "not", f"{one[1]:.4f}", int(one[2]), "mail" if t else "none", int(y)]
        + ([int(y)] if leak else [])
        for n, (one, t, y) in enumerate(zip(features, treated, outcome, strict=True))
    ]
    table.append([f"r{seed}-other", "not", "", 0, "call", 1] + ([1] if leak else []))
    header = ["id", "taste", "level", "flag", "arm", "bought"] + (["spend"] if leak else [])
    return write(path, header, table)


def run(capsys: pytest.CaptureFixture[str], train: Path, score: Path, out: Path, *more: str) -> tuple[int, dict, str]:
    words = ["--train", train, "--score", score, "--treatment", "arm", "--treated", "mail", "--control", "none"]
    code = uplift_cli.main([*map(str, words), "--outcome", "bought", "--out", str(out), *more])
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else {}, said.err


def test_it_finds_who_is_moved() -> None:
    features, treated, outcome = trial(6_000, seed=1)
    model = uplift.fit(features, treated, outcome, bags=20)
    fresh, arm, result = trial(6_000, seed=2)
    effect, low, high = model.predict(fresh)
    moved = fresh[:, 0] == 1
    assert effect[moved].mean() == pytest.approx(0.2, abs=0.04)
    assert effect[~moved].mean() == pytest.approx(0.0, abs=0.04)
    assert np.all((low <= effect) & (effect <= high))
    found = uplift.qini(effect, arm, result)
    assert found.low > 0
    # All of the gain lies in the better half: the area over the straight line is 0.1 / 4.
    assert found.value == pytest.approx(0.025, abs=0.006)
    ate = uplift.average(arm, result)
    assert ate.low < 0.1 < ate.high


def test_shuffled_outcomes_show_chance() -> None:
    covered = 0
    for seed in range(6):
        features, treated, outcome = trial(2_000, seed)
        outcome = np.random.default_rng(seed).permutation(outcome)
        found = uplift.cross_fitted(features, treated, outcome, seed)
        covered += found.low <= 0 <= found.high
    assert covered >= 5


def test_a_cross_fitted_coefficient_is_above_chance_where_there_is_something() -> None:
    assert uplift.cross_fitted(*trial(4_000, seed=3)).low > 0


def test_the_same_data_give_the_same_model_and_money_may_be_in_any_unit() -> None:
    features, treated, outcome = trial(1_500, seed=4)
    first, again = (uplift.fit(features, treated, outcome, bags=5).predict(features)[0] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    cents = uplift.fit(features, treated, outcome * 100, bags=5).predict(features)[0]
    np.testing.assert_allclose(cents, first * 100, rtol=1e-6)


def test_the_curve_of_a_perfect_order_and_of_ties() -> None:
    treated = np.array([1, 0, 1, 0])
    outcome = np.array([1.0, 0.0, 0.0, 0.0])
    share, gain = uplift.qini_curve(np.array([1.0, 1.0, 0.0, 0.0]), treated, outcome)
    assert share.tolist() == [0, 0.5, 1] and gain.tolist() == [0, 0.5, 0.5]
    assert uplift.qini(np.zeros(4), treated, outcome).value == 0
    better = uplift.qini(np.array([1.0, 1.0, 0.0, 0.0]), treated, outcome).value
    worse = uplift.qini(np.array([0.0, 0.0, 1.0, 1.0]), treated, outcome).value
    assert better == -worse == 0.125


def test_an_outcome_that_never_varies_has_no_effect() -> None:
    features, treated, _ = trial(400, seed=5)
    effect, low, high = uplift.fit(features, treated, np.zeros(400), bags=5).predict(features)
    assert not effect.any() and not low.any() and not high.any()


def test_a_small_arm_is_refused() -> None:
    features, _, outcome = trial(400, seed=6)
    with pytest.raises(ValueError, match="smaller group has 3"):
        uplift.fit(features, (np.arange(400) < 3).astype(np.int64), outcome)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = trial_file(tmp_path / "train.csv.gz", 3_000, 1)
    score = trial_file(tmp_path / "score.csv", 800, 2)
    code, said, _ = run(capsys, train, score, tmp_path / "out.csv")
    assert code == 0
    assert said["low"] > 0 and said["low"] < said["qini"] < said["high"]
    assert said["n"] == 3_000 and said["features"] == ["taste", "level", "flag"]
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert len(rows) == 801 and list(rows[0]) == ["id", "uplift", "low", "high"]
    assert all(float(row["low"]) <= float(row["uplift"]) <= float(row["high"]) for row in rows)
    assert said["score"]["n"] == 800 and said["score"]["qini"] > 0
    assert "not a 90 % interval" in said["rowInterval"]


def test_a_score_file_that_was_learned_from_is_not_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = trial_file(tmp_path / "train.csv", 600, 1)
    code, said, warned = run(capsys, train, train, tmp_path / "out.csv")
    assert code == 0 and said["score"] is None and "601 of its ids" in warned and said["warnings"]


def test_folds_that_share_their_rows_are_no_independent_ones() -> None:
    features, treated, outcome = trial(800, seed=7)
    wide = uplift.cross_fitted(features, treated, outcome)
    narrow = uplift.qini_of_folds(
        [(uplift.fit(features[learn], treated[learn], outcome[learn], 0, 10).predict(features[test])[0], treated[test],
          outcome[test]) for learn, test in uplift._folds(treated, np.random.default_rng(0))]
    )  # fmt: skip
    assert wide.high - wide.low == pytest.approx(1.5 * (narrow.high - narrow.low))


def test_a_number_that_is_none_is_null(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = trial_file(tmp_path / "train.csv", 600, 1)
    rows: list[list[object]] = [["x", "likes", "0.5", 1, "mail", 1], ["y", "not", "0.5", 1, "none", 0]]
    score = write(tmp_path / "score.csv", ["id", "taste", "level", "flag", "arm", "bought"], rows)
    code, said, _ = run(capsys, train, score, tmp_path / "out.csv")
    assert code == 0 and said["score"]["ate"] == {"value": 1.0, "low": None, "high": None}


def test_what_happens_after_the_treatment_is_no_feature(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = trial_file(tmp_path / "train.csv", 1_000, 1, leak=True)
    both = trial_file(tmp_path / "both.csv", 300, 2, leak=True)
    code, said, warned = run(capsys, train, both, tmp_path / "a.csv", "--ignore", "flag")
    assert code == 0 and said["features"] == ["taste", "level"] and "spend" in warned
    lacking = trial_file(tmp_path / "lacking.csv", 300, 2)
    _, said, warned = run(capsys, train, lacking, tmp_path / "b.csv", "--ignore", "flag")
    assert said["features"] == ["taste", "level"] and warned == ""
    # The score file's own outcomes change no effect.
    blind = write(tmp_path / "blind.csv", ["id", "taste", "level", "flag"], [["x", "likes", "0.5", 1]])
    code, said, _ = run(capsys, train, blind, tmp_path / "c.csv")
    assert code == 0 and said["score"] is None


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        (["id", "arm"], ["1", "mail"], "no column bought"),
        (["id", "arm", "bought"], ["1", "mail", "yes"], "row 1, column bought: 'yes' is no number"),
        (["id", "arm", "bought"], ["1", "mail"], "line 2: 2 fields"),
        (["id", "arm", "bought", "yes"], ["1", "mail", "inf", "1"], "row 1, column bought: 'inf' is no number"),
        (["id", "arm", "bought", "yes"], ["1", "mail", "1e308", "1"], "row 1, column bought: '1e308' is beyond"),
        (["id", "arm", "bought", "yes"], ["1", "mail", "1", "1e308"], "row 1, column yes: '1e308' is beyond"),
        (["id", "arm", "bought"], ["yes", "mail", "1"], "no column in both that could be a feature"),
        (["id", "arm", "bought"], ["1", "call", "0"], "no row with 'none'"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: list[str], row: list[object], says: str
) -> None:
    other = ["2", "none", "0", "0"][: len(header)]
    bad = write(tmp_path / "bad.csv", header, [row, other] if "yes" in [*header, *row] else [row])
    code, _, said = run(capsys, bad, bad, tmp_path / "out.csv")
    assert code == 2 and says in said and not (tmp_path / "out.csv").exists()
