"""BG/NBD and Gamma-Gamma: the published fit, a second implementation, known truths, and what must hold anywhere."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.behaviour import clv, gamma_gamma

PUBLISHED = (0.243, 4.414, 0.793, 2.426)
positive = st.floats(0.01, 50.0)
parameters = st.tuples(positive, positive, positive, positive)


@lru_cache
def lifetimes() -> Any:
    """The second implementation (a test dependency), with its own CDNOW data; it warns at every turn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes
        import lifetimes.datasets
    return lifetimes


@lru_cache
def cdnow() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = lifetimes().datasets.load_cdnow_summary(index_col=[0])
    return table["frequency"].to_numpy(float), table["recency"].to_numpy(float), table["T"].to_numpy(float)


@lru_cache
def cdnow_money() -> tuple[np.ndarray, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = lifetimes().datasets.load_cdnow_summary_data_with_monetary_value()
    return table["frequency"].to_numpy(float), table["monetary_value"].to_numpy(float)


@lru_cache
def fitted() -> clv.BgNbd:
    return clv.fit(clv.cells(*cdnow()))


def simulated(count: int, truth: tuple[float, float, float, float], seed: int) -> tuple[np.ndarray, ...]:
    """x, t_x, T of customers whose parameters are known, event by event; and their rate, stop and life."""
    r, alpha, a, b = truth
    rng = np.random.default_rng(seed)
    age = rng.uniform(20, 60, count)
    rate, stop = rng.gamma(r, 1 / alpha, count), rng.beta(a, b, count)
    x, tx = np.zeros(count), np.zeros(count)
    for one in range(count):
        now = 0.0
        while True:
            now += rng.exponential(1 / rate[one])
            if now > age[one]:
                break
            x[one], tx[one] = x[one] + 1, now
            if rng.random() < stop[one]:
                break
    return x, tx, age


def test_the_published_fit_of_cdnow() -> None:
    found = fitted()
    assert found.parameters == pytest.approx(PUBLISHED, abs=6e-4)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert (found.customers, found.repeat_buyers, found.unmet) == (2_357, 946, ())


def test_the_published_money_fit_of_cdnow() -> None:
    x, mean = cdnow_money()
    found = gamma_gamma.fit(x, mean)
    assert found.parameters == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
    assert found.correlation == pytest.approx(0.11, abs=0.01)
    assert found.unmet == ()


def test_it_agrees_with_the_second_implementation() -> None:
    x, tx, age = cdnow()
    found = fitted()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = lifetimes().BetaGeoFitter(penalizer_coef=0.0)
        theirs.fit(x, tx, age)
        errors = theirs.standard_errors_[["r", "alpha", "a", "b"]].to_numpy()
        for weeks in (1.0, 39.0, 200.0):
            told = np.asarray(theirs.conditional_expected_number_of_purchases_up_to_time(weeks, x, tx, age))
            ours = clv.expected_purchases(found.parameters, x, tx, age, weeks)
            np.testing.assert_allclose(ours, told, rtol=1e-4)
        living = np.asarray(theirs.conditional_probability_alive(x, tx, age))
        money = lifetimes().GammaGammaFitter(penalizer_coef=0.0)
        times, mean = cdnow_money()
        money.fit(times[times > 0], mean[times > 0])
        spend = np.asarray(money.conditional_expected_average_profit(times, mean))
    np.testing.assert_allclose(theirs.params_[["r", "alpha", "a", "b"]].to_numpy(), found.parameters, rtol=1e-3)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)) * found.parameters, errors, rtol=0.01)
    np.testing.assert_allclose(clv.alive(found.parameters, x, tx, age), living, rtol=1e-4)
    ours = gamma_gamma.fit(times, mean)
    np.testing.assert_allclose(money.params_[["p", "q", "v"]].to_numpy(), ours.parameters, rtol=1e-3)
    np.testing.assert_allclose(gamma_gamma.expected_money(ours.parameters, times, mean), spend, rtol=1e-3)


@pytest.mark.parametrize("truth", [(0.5, 5.0, 0.8, 2.5), (1.5, 8.0, 1.2, 6.0)])
def test_known_parameters_come_back_nearer_with_more_customers(truth: tuple[float, float, float, float]) -> None:
    # Four standard errors of what the fit itself says; these shrink with the root of the number of customers.
    widths = []
    for count in (1_000, 16_000):
        found = clv.fit(clv.cells(*simulated(count, truth, seed=3)))
        spread = np.sqrt(np.diag(found.covariance))
        assert np.all(np.abs(np.log(found.parameters) - np.log(truth)) < 4 * spread)
        widths.append(spread)
    assert np.all(widths[1] < 0.5 * widths[0])
    assert np.abs(np.log(found.parameters) - np.log(truth)).max() < 0.3


def test_known_money_comes_back() -> None:
    rng = np.random.default_rng(5)
    p, q, v = 6.0, 4.0, 15.0
    x = rng.integers(1, 8, 8_000)
    level = rng.gamma(q, 1 / v, len(x))
    mean = rng.gamma(p * x) / level / x
    found = gamma_gamma.fit(x, mean)
    assert np.all(np.abs(np.log(found.parameters / (p, q, v))) < 4 * np.sqrt(np.diag(found.covariance)))
    assert found.unmet == () and np.abs(np.log(found.parameters / (p, q, v))).max() < 0.15


def test_the_order_of_customers_and_the_unit_change_nothing() -> None:
    x, tx, age = simulated(400, (0.8, 4.0, 0.9, 2.5), seed=1)
    order = np.random.default_rng(2).permutation(len(x))
    first = clv.fit(clv.cells(x, tx, age))
    again = clv.fit(clv.cells(x[order], tx[order], age[order]))
    assert tuple(again.parameters) == tuple(first.parameters)
    days = clv.fit(clv.cells(x, tx * 7, age * 7))
    assert days.parameters == pytest.approx(first.parameters * (1, 7, 1, 1), rel=1e-4)
    times, mean = cdnow_money()
    cents, units = gamma_gamma.fit(times, mean * 100), gamma_gamma.fit(times, mean)
    assert cents.parameters == pytest.approx(units.parameters * (1, 1, 100), rel=1e-4)


@settings(max_examples=200, deadline=None)
@given(parameters, st.integers(0, 500), st.floats(0, 1), st.floats(0.1, 500))
def test_no_cell_is_without_a_likelihood(at: tuple[float, ...], x: int, share: float, age: float) -> None:
    held = clv.cells([x], [share * age if x else 0.0], [age])
    value = clv.log_likelihood(at, held)
    assert np.isfinite(value).all()


@settings(max_examples=60, deadline=None)
@given(parameters, st.integers(0, 60), st.floats(0, 1), st.floats(0.5, 200))
def test_the_gradient_is_that_of_the_likelihood(at: tuple[float, ...], x: int, share: float, age: float) -> None:
    held = clv.cells([x], [share * age if x else 0.0], [age])
    slope = clv._terms(np.array(at), held)[1][:, 0]
    for index in range(4):
        step = np.zeros(4)
        step[index] = 1e-5 * at[index]
        up, down = (clv.log_likelihood(np.array(at) + sign * step, held)[0] for sign in (1, -1))
        assert (up - down) / (2 * step[index]) == pytest.approx(slope[index], rel=1e-3, abs=1e-4)


@settings(max_examples=150, deadline=None)
@given(parameters, st.integers(1, 200), st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 300))
def test_the_longer_the_silence_the_less_alive(
    at: tuple[float, ...], x: int, one: float, other: float, age: float
) -> None:
    early, late = sorted((one * age, other * age))
    gone, there = clv.alive(at, [x, x], [early, late], [age, age])
    assert 0 <= gone <= there <= 1
    assert clv.alive(at, [0], [0], [age])[0] == 1


@settings(max_examples=150, deadline=None)
@given(parameters, st.integers(0, 200), st.floats(0, 1), st.floats(0.5, 300), st.floats(0.1, 150))
def test_more_time_brings_more_purchases_and_never_too_many(
    at: tuple[float, ...], x: int, share: float, age: float, time: float
) -> None:
    tx = share * age if x else 0.0
    sooner, later = (clv.expected_purchases(at, [x], [tx], [age], one)[0] for one in (time, 2 * time))
    assert 0 <= sooner <= later * 1.005 + 1e-9
    # Whoever never stops buys at rate (r + x) / (alpha + T).
    assert sooner <= (at[0] + x) * time / (at[1] + age) * 1.0001


@pytest.mark.parametrize("a", [0.2, 1.0, 1.0000001, 3.0, 90.0, 2_000.0])
def test_expected_purchases_are_the_mean_of_the_process(a: float) -> None:
    r, alpha, b, age, time = 0.9, 5.0, 2.5, 30.0, 26.0
    rng = np.random.default_rng(8)
    for x in (0, 3):
        rate = rng.gamma(r + x, 1 / (alpha + age), 200_000)
        stop = rng.beta(a, b + x, 200_000)
        number = np.minimum(rng.poisson(rate * time), rng.geometric(np.maximum(stop, 1e-12)))
        told = clv.expected_purchases((r, alpha, a, b), [x], [age if x else 0.0], [age], time)[0]
        mean = number.mean() * clv.alive((r, alpha, a, b), [x], [age if x else 0.0], [age])[0]
        assert told == pytest.approx(mean, abs=5 * number.std() / np.sqrt(len(number)))


def test_too_few_repeat_buyers_are_said_not_hidden() -> None:
    none = clv.fit(clv.cells(np.zeros(30), np.zeros(30), np.full(30, 20.0)))
    assert [(one.kind, one.blocking) for one in none.unmet] == [("no repeat orders", True)]
    assert np.isnan(none.parameters).all()
    assert "30" not in none.unmet[0].text.en and "0" in none.unmet[0].text.en
    few = clv.fit(clv.cells(*simulated(60, (0.5, 5.0, 0.8, 2.5), seed=4)))
    assert "few repeat buyers" in {one.kind for one in few.unmet}
    assert not any(one.blocking for one in few.unmet) and np.isfinite(few.parameters).all()


def test_nobody_at_all() -> None:
    found = clv.fit(clv.cells([], [], []))
    assert found.customers == 0 and found.unmet[0].blocking


def test_refunds_that_ate_the_money_are_left_out_and_said() -> None:
    x, mean = cdnow_money()
    spoilt = np.append(mean, [-5.0, 0.0, np.nan])
    found = gamma_gamma.fit(np.append(x, [3, 2, 4]), spoilt)
    assert found.parameters == pytest.approx(gamma_gamma.fit(x, mean).parameters, rel=1e-9)
    assert [one.kind for one in found.unmet] == ["money not positive"]
    told = gamma_gamma.expected_money(found.parameters, [3.0, 0.0], [-5.0, 0.0])
    assert told[0] == told[1] > 0


def test_money_that_goes_with_frequency_is_said() -> None:
    rng = np.random.default_rng(6)
    x = rng.integers(1, 12, 400)
    found = gamma_gamma.fit(x, 10.0 * x * rng.lognormal(0, 0.2, len(x)))
    assert "frequency and money related" in {one.kind for one in found.unmet}


@pytest.mark.parametrize("row", [(1, 5, 4), (0, 1, 4), (-1, 0, 4), (1, np.nan, 4)])
def test_impossible_histories_are_refused(row: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):
        clv.cells(*([value] for value in row))
