"""Training: a backtest that only looks back, a verdict that follows it, chance where there is nothing but chance."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from ml.behaviour import alive, backtest, tasks
from ml.behaviour.backtest import Bench
from ml.behaviour.churn_horizon import horizon
from ml.behaviour.estimators import Linear, fit, regress
from ml.behaviour.health import decide, faults
from ml.behaviour.history import DAY, Ledger, Moments, of_orders, table
from ml.behaviour.scoring import Judged
from ml.behaviour.training import Built, build
from schema.intelligence import Training
from tests.ml.behaviour.shops import NOW, book

SETTINGS = Training()


@pytest.fixture(scope="module")
def held() -> Ledger:
    return book(300)


@pytest.fixture(scope="module")
def intent(held: Ledger) -> Built:
    return build(held, tasks.task("intent"), NOW, SETTINGS, NOW)


def test_it_learns_what_there_is_to_learn(intent: Built) -> None:
    card, version = intent.card, intent.version
    assert version is not None and card.metrics is not None and card.baseline_metrics is not None
    assert card.in_use in ("model", "baseline") and card.health in ("green", "yellow")
    assert card.metrics.auc is not None and card.metrics.auc_low is not None and card.metrics.auc_low > 0.65
    assert len(card.slices) == 3 and all(one.trained_to < one.tested_to <= NOW for one in card.slices)
    assert sum(one.rows for one in card.calibration) == card.metrics.rows
    assert card.importance[0].value > 0 and {one.feature for one in card.drift} == set(version.features)
    assert card.why.en and card.why.zh


def test_a_version_is_plain_numbers_of_bounded_size_that_predict_the_same(held: Ledger, intent: Built) -> None:
    assert intent.version is not None
    text = json.dumps(intent.version.to_json())
    assert len(text) < 500_000
    parameters = json.loads(text)["parameters"]
    line = Linear.from_doc(parameters["model"]["features"], parameters["model"])
    rhythm = alive.Rhythm.from_doc(parameters["rhythm"])
    values = backtest.only(tasks.table(held, NOW, 30, rhythm), line)
    likely = line.probability(values)
    low, high = line.interval(values)
    assert ((low <= likely) & (likely <= high)).all() and (high > low).any()
    # What the features add to the log odds is all there is beside the intercept.
    added = line.contributions(values).sum(axis=1) + line.slope * line.intercept + line.shift
    assert np.allclose(1 / (1 + np.exp(-added)), likely)
    tables = [part for part in parameters["model"].values() if isinstance(part, list)]
    assert tables and not any(isinstance(row, list) for part in tables for row in part)


def test_nothing_after_the_moment_is_looked_at(intent: Built) -> None:
    more = book(300)
    rng = np.random.default_rng(1)
    extra = 2_000
    owner = np.concatenate((more.orders.owner, rng.integers(0, 300, extra)))
    at = np.concatenate((more.orders.at, NOW.timestamp() + rng.uniform(1, 90, extra) * DAY))
    amount = np.concatenate((more.orders.net, rng.gamma(4, 900, extra)))
    again = build(of_orders(more.ids, owner, at, amount), tasks.task("intent"), NOW, SETTINGS, NOW)
    assert again.card == intent.card
    assert again.version == intent.version


def test_shuffled_outcomes_are_red_and_fall_back(held: Ledger) -> None:
    built = build(held, tasks.task("churn"), NOW, SETTINGS, NOW, shuffle=4)
    assert built.card.health == "red" and built.card.in_use in ("baseline", "none")
    assert built.card.reasons and built.card.metrics is not None
    assert built.card.metrics.auc is not None and built.card.metrics.auc < 0.55
    assert (built.card.unmet is None) == (built.card.in_use == "baseline")


def test_too_few_customers_are_named_with_how_many_there_are() -> None:
    built = build(book(60), tasks.task("intent"), NOW, SETTINGS, NOW)
    assert built.version is None and built.card.in_use == "none" and built.card.unmet is not None
    assert built.card.unmet.en.startswith("Needs 200 customers") and "there are " in built.card.unmet.en
    assert "200" in built.card.unmet.zh


def test_without_messages_there_is_no_campaign_model(held: Ledger) -> None:
    built = build(held, tasks.task("campaign"), NOW, SETTINGS, NOW)
    assert built.version is None and built.card.unmet is not None and "there are 0" in built.card.unmet.en


def test_messages_make_a_campaign_model(held: Ledger) -> None:
    rng = np.random.default_rng(2)
    days = [NOW.timestamp() - days * DAY for days in (40, 70, 100, 130, 160, 190)]
    owner = np.concatenate([rng.choice(300, 220, replace=False) for _ in days])
    count = len(owner)
    sent = {
        "owner": owner, "at": np.repeat(days, 220), "kind": np.full(count, 4), "hour": np.full(count, 9),
        "weekday": np.zeros(count),
    }  # fmt: skip
    built = build(replace(held, moments=table(Moments, sent)), tasks.task("campaign"), NOW, SETTINGS, NOW)
    assert built.version is not None and built.card.metrics is not None and built.card.horizon_days == 14
    # Only who had ordered before and was written to is asked about.
    assert built.card.metrics.rows <= 3 * 220


def mailed(held: Ledger, owner: list[int], at: list[float], kind: int = 4) -> Ledger:
    """The ledger with signs of life of one kind, deliveries by default."""
    order = np.lexsort((at, owner))
    count = len(owner)
    rows = {
        "owner": np.array(owner)[order], "at": np.array(at)[order], "kind": np.full(count, kind),
        "hour": np.full(count, 9), "weekday": np.zeros(count),
    }  # fmt: skip
    return replace(held, moments=table(Moments, rows))


def test_what_follows_a_message_counts_from_the_message_of_each_customer() -> None:
    day = np.floor((NOW.timestamp() - 40 * DAY) / DAY) * DAY
    hours = {0: 10, 1: 14 * 24 + 11, 2: 14 * 24 + 13}
    # All had ordered long before; the message comes at noon. The first orders before it, the third too late for it.
    owner = [row for row in range(3) for _ in range(2)]
    at = np.array([moment for row in range(3) for moment in (day - 100 * DAY, day + hours[row] * 3600)])
    held = mailed(of_orders(["a", "b", "c"], np.array(owner), at, np.ones(6)), [0, 1, 2], [day + 12 * 3600] * 3)
    bench = Bench(held, tasks.task("campaign"), 14.0, lambda _, __: None)
    rows = bench.rows(day, day)
    assert rows.owner.tolist() == [0, 1, 2] and rows.outcome.tolist() == [0, 1, 0]


def test_messages_of_every_day_are_thinned_and_known_before_a_test(held: Ledger) -> None:
    days = [NOW.timestamp() - days * DAY for days in range(16, 120)]
    plan = backtest.plan(mailed(held, [0] * len(days), days), tasks.task("campaign"), NOW)
    assert plan.tests and min(-np.diff(plan.origins)) >= 14 / 3 * DAY
    for test in plan.tests:
        # A message of the evening has its fourteen days until the evening.
        assert all(origin + 15 * DAY <= test + 1 for origin in plan.before(test))


def test_engagement_is_not_learned_from_before_visits_were_counted(held: Ledger) -> None:
    since = NOW.timestamp() - 200 * DAY
    plan = backtest.plan(replace(held, tracked_since=since), tasks.task("engagement"), NOW)
    assert plan.origins and min(plan.origins) >= since
    assert min(backtest.plan(held, tasks.task("engagement"), NOW).origins) < since


def test_a_gain_that_nobody_can_reach_leaves_the_simple_rule(held: Ledger) -> None:
    built = build(held, tasks.task("intent"), NOW, Training(gain=0.2), NOW)
    assert built.card.in_use == "baseline" and built.card.health == "yellow"
    assert built.card.estimator == built.card.baseline
    assert any("wanted 0.200" in one.en for one in built.card.reasons)


def test_history_days_bound_what_is_learned_from(held: Ledger) -> None:
    task = tasks.task("intent")
    every, few = backtest.plan(held, task, NOW), backtest.plan(held, task, NOW, history_days=150)
    assert len(few.origins) < len(every.origins)
    assert min(few.origins) >= (NOW - timedelta(days=150)).timestamp()


def test_a_test_is_predicted_only_from_outcomes_known_before_it(held: Ledger) -> None:
    for days in (14, 30, 60, 90):
        plan = backtest.plan(held, tasks.task("intent", days), NOW)
        assert plan.tests and max(plan.origins) + days * DAY <= NOW.timestamp() + 1
        for test in plan.tests:
            assert all(origin + days * DAY <= test + 1 for origin in plan.before(test)) and plan.before(test)


def test_the_churn_horizon_is_the_shops_rhythm_unless_it_is_set(held: Ledger) -> None:
    found = horizon(held, NOW)
    day = np.floor(held.orders.at / DAY)
    same = held.orders.owner[1:] == held.orders.owner[:-1]
    gaps = np.diff(day)[same]
    assert found.basis == "rhythm" and found.gaps == (gaps > 0).sum()
    assert 0.88 <= (gaps[gaps > 0] <= found.days).mean() <= 0.95
    assert horizon(held, NOW, 77).days == 77
    assert horizon(book(5), NOW).basis == "too few gaps"


def judged(rng: np.random.Generator, truth: np.ndarray, model: np.ndarray, simple: np.ndarray) -> Judged:
    outcome = (rng.random(len(truth)) < truth).astype(float)
    return Judged(np.arange(len(truth)), outcome, model, simple)


def test_the_verdict_follows_what_happened() -> None:
    rng = np.random.default_rng(8)
    truth = rng.beta(1, 2, 800)
    flat = np.full(800, truth.mean())
    # A rule that knows only who is above the median: calibrated, and coarse.
    above = truth > np.median(truth)
    coarse = np.where(above, truth[above].mean(), truth[~above].mean())
    good = [judged(rng, truth, truth, coarse) for _ in range(3)]
    assert decide(good, SETTINGS).in_use == "model" and decide(good, SETTINGS).health == "green"
    # Ranks well, but says twice what happens: off.
    boast = [replace(one, model=np.minimum(1, one.model * 2)) for one in good]
    assert decide(boast, SETTINGS).health == "red" and decide(boast, SETTINGS).in_use == "baseline"
    noise = [replace(one, model=rng.beta(1, 2, 800), baseline=flat) for one in good]
    assert decide(noise, SETTINGS).in_use == "none"
    # No better than the simple rule: the simple rule.
    same = [replace(one, baseline=one.model) for one in good]
    assert decide(same, SETTINGS).in_use == "baseline" and decide(same, SETTINGS).health == "yellow"
    strict = Training(most_brier=0.05)
    assert decide(good, strict).health == "red"


def test_where_there_is_nothing_to_learn_hardly_any_training_passes() -> None:
    passed = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        flat = np.full(600, 0.3)
        slices = [judged(rng, flat, np.clip(rng.normal(0.3, 0.02, 600), 0, 1), flat) for _ in range(3)]
        passed += decide(slices, SETTINGS).health != "red"
    assert passed <= 1


def test_a_trifle_is_no_use_however_sure_it_is() -> None:
    rng = np.random.default_rng(9)
    truth = 0.3 + 0.012 * rng.normal(size=40_000)
    found = faults([judged(rng, truth, truth, truth)], "model", 0.25)
    assert len(found) == 1 and "wanted 0.53" in found[0].en and "0.53" in found[0].zh


def test_probabilities_of_a_fit_are_calibrated_and_do_not_split_customers() -> None:
    rng = np.random.default_rng(4)
    rows, people = 6_000, 1_500
    values = rng.normal(size=(rows, 3))
    values[rng.random(rows) < 0.1, 2] = np.nan
    truth = 1 / (1 + np.exp(1 - values[:, 0]))
    outcome = (rng.random(rows) < truth).astype(float)
    names, kept = ("rhythm", "priceTier", "sentiment"), ("rhythm", "sentiment")
    line = fit(names, values, outcome, rng.integers(0, people, rows), kept)
    likely = line.probability(values[:, [0, 2]])
    assert line.features == ("rhythm", "sentiment") and abs(likely.mean() - outcome.mean()) < 0.005
    assert np.abs(likely - truth).mean() < 0.03


def test_it_is_the_optimum_that_scikit_learn_finds() -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(6)
    values, weight = rng.normal(size=(400, 5)), rng.integers(0, 3, 400).astype(float)
    outcome = (rng.random(400) < 1 / (1 + np.exp(0.5 - values[:, 0]))).astype(float)
    for penalty in (0.003, 0.3):
        theirs = LogisticRegression(C=penalty, solver="newton-cholesky", tol=1e-9)
        theirs.fit(values, outcome, sample_weight=weight)
        expected = np.concatenate((theirs.intercept_, theirs.coef_[0]))
        for start in (None, np.full(6, 0.4)):
            assert np.allclose(regress(values, outcome, penalty, weight, start), expected, atol=1e-6)


def test_one_outcome_only_gives_everybody_the_same() -> None:
    values = np.random.default_rng(1).normal(size=(50, 1))
    line = fit(("rhythm",), values, np.ones(50), np.arange(50), ("rhythm",))
    assert np.ptp(line.probability(values)) < 1e-9
