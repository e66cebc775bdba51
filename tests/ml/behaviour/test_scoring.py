"""Scores against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.behaviour import scoring
from ml.behaviour.scoring import Judged, Ranking

ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from((0.1, 0.2, 0.5, 0.9))), min_size=2, max_size=25)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_auc_counts_pairs(rows: list[tuple[bool, float]]) -> None:
    outcome, score = np.array([float(one) for one, _ in rows]), np.array([one for _, one in rows])
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in score[outcome == 1] for b in score[outcome == 0]]
    found = scoring.auc(outcome, score)
    assert math.isnan(found) if not pairs else found == pytest.approx(np.mean(pairs))


@settings(max_examples=40, deadline=None)
@given(ROWS, st.lists(st.integers(0, 3), min_size=25, max_size=25))
def test_a_weight_is_so_many_rows(rows: list[tuple[bool, float]], times: list[int]) -> None:
    outcome, score = np.array([float(one) for one, _ in rows]), np.array([one for _, one in rows])
    weight = np.array(times[: len(rows)])
    repeated = scoring.auc(np.repeat(outcome, weight), np.repeat(score, weight))
    assert Ranking(outcome, score).auc(weight.astype(float)) == pytest.approx(repeated, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_average_precision_is_that_of_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    from sklearn.metrics import average_precision_score

    outcome, score = np.array([float(one) for one, _ in rows]), np.array([one for _, one in rows])
    if outcome.sum():
        assert scoring.average_precision(outcome, score) == pytest.approx(average_precision_score(outcome, score))


def test_the_interval_of_a_gain_holds_it_and_chance_is_chance() -> None:
    rng = np.random.default_rng(3)
    owner = np.repeat(np.arange(300), 2)
    truth = rng.random(600)
    outcome = (rng.random(600) < truth).astype(float)
    one = Judged(owner, outcome, truth, rng.random(600))
    told = scoring.compare([one])
    assert told.gain_low < told.gain < told.gain_high and told.gain_low > 0.1
    chance = scoring.compare([one], "baseline", "baseline")
    assert chance.auc_low < 0.5 < chance.auc_high and chance.gain == 0


def test_wilson_and_calibration() -> None:
    low, high = scoring.wilson(0, 10)
    assert low == 0 and 0.15 < high < 0.3
    probability = np.repeat([0.1, 0.6], 100)
    outcome = np.concatenate((np.repeat([1.0, 0.0], [10, 90]), np.repeat([1.0, 0.0], [60, 40])))
    assert scoring.calibration_gap(outcome, probability, 2) == pytest.approx(0)
    assert scoring.calibration_gap(outcome, probability + 0.2, 2) == pytest.approx(0.2)
    bins = scoring.calibration(outcome, probability, 2)
    assert [one.rows for one in bins] == [100, 100] and all(one.low <= one.observed <= one.high for one in bins)


def test_stability_is_zero_for_the_same_and_large_for_another_population() -> None:
    rng = np.random.default_rng(5)
    then = rng.normal(size=4000)
    assert scoring.stability(then, rng.normal(size=4000)) < 0.02
    assert scoring.stability(then, rng.normal(1.5, 1, size=4000)) > 0.25
    assert scoring.stability(np.full(100, np.nan), then) > 0.25
