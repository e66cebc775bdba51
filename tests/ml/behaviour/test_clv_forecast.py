"""Forecasts: intervals that hold what they promise, depend on nobody else, and widen where little is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.behaviour import clv, clv_forecast, gamma_gamma, transactions
from ml.behaviour.clv_forecast import Forecast
from tests.ml.shop import cdnow


def process(count: int, seed: int) -> tuple[transactions.Transactions, int]:
    """Two years of customers who behave as the models say, days as a grid; and the day in the middle."""
    rng = np.random.default_rng(seed)
    owner, day, money = [], [], []
    for one in range(count):
        rate, stop, level = rng.gamma(0.8, 1 / 60), rng.beta(0.9, 3.5), rng.gamma(5.0, 1 / 2_000)
        now = float(rng.uniform(0, 120))
        while now < 730:
            owner.append(one)
            day.append(int(now))
            money.append(rng.gamma(6.0) / level)
            if len(owner) > 1 and owner[-2] == one and rng.random() < stop:
                break
            now += rng.exponential(1 / rate)
    held = transactions.collapse(count, np.array(owner), np.array(day), np.array(money))
    return held, 365


def told(held: transactions.Transactions, until: int, days: int) -> tuple[transactions.Summary, Forecast]:
    known = transactions.summary(held, until)
    cells = clv.cells(known.x, known.tx, known.age)
    money = gamma_gamma.fit(known.x, known.mean)
    return known, clv_forecast.forecast(clv.fit(cells), money, cells, known.mean, days / 7)


def coverage(found: Forecast, number: np.ndarray, paid: np.ndarray) -> tuple[float, float]:
    return (
        float(((number >= found.purchases_low - 1e-9) & (number <= found.purchases_high + 1e-9)).mean()),
        float(((paid >= found.low - 1e-6) & (paid <= found.high + 1e-6)).mean()),
    )


def test_intervals_hold_nine_in_ten_of_what_follows_the_models() -> None:
    held, until = process(1_500, seed=1)
    known, found = told(held, until, 180)
    number, paid = (one[known.owner] for one in transactions.between(held, until, until + 180))
    purchases, value = coverage(found, number, paid)
    assert 0.88 <= value <= 0.95
    assert 0.89 <= purchases <= 0.98  # counts jump over the 90 %
    assert found.purchases.sum() == pytest.approx(number.sum(), rel=0.15)
    assert found.value.sum() == pytest.approx(paid.sum(), rel=0.2)


def test_the_holdout_of_cdnow(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.util import find_spec
    from pathlib import Path

    assert len(cdnow()) == 2_357
    spec = find_spec("lifetimes")
    assert spec is not None and spec.origin is not None
    lines = (Path(spec.origin).parent / "datasets" / "CDNOW_sample.txt").read_text().splitlines()
    rows = [line.split() for line in lines if len(line.split()) == 5]
    names, owner = np.unique([row[0] for row in rows], return_inverse=True)
    dates = [f"{row[2][:4]}-{row[2][4:6]}-{row[2][6:]}" for row in rows]
    day = np.array(dates, dtype="datetime64[D]").astype(np.int64)
    held = transactions.collapse(len(names), owner, day, np.array([float(row[4]) for row in rows]))
    until = int(np.datetime64("1997-09-30").astype(np.int64))
    known, found = told(held, until, 273)
    number, paid = (one[known.owner] for one in transactions.between(held, until, until + 273))
    purchases, value = coverage(found, number, paid)
    error = found.purchases.sum() / number.sum() - 1
    with capsys.disabled():
        print(
            f"\nCDNOW weeks 40-78: expected {found.purchases.sum():.0f} purchases, {number.sum():.0f} came "
            f"({error:+.1%}); 90 % intervals held {purchases:.1%} of the purchases, {value:.1%} of the money"
        )
    assert known.x.sum() == 2_457 and number.sum() == 1_882
    assert abs(error) < 0.15
    assert 0.86 <= value <= 0.96 and 0.88 <= purchases <= 0.98
    assert np.corrcoef(found.purchases, number)[0, 1] > 0.6


def test_a_customers_forecast_depends_on_nobody_else_and_not_on_the_order() -> None:
    held, until = process(300, seed=2)
    known = transactions.summary(held, until)
    cells = clv.cells(known.x, known.tx, known.age)
    fit, money = clv.fit(cells), gamma_gamma.fit(known.x, known.mean)
    whole = clv_forecast.forecast(fit, money, cells, known.mean, 52.0)
    some = np.array([7, 3, 250, 11])
    part = clv.cells(known.x[some], known.tx[some], known.age[some])
    few = clv_forecast.forecast(fit, money, part, known.mean[some], 52.0)
    for name in Forecast.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(few, name), getattr(whole, name)[some])


def test_the_sum_of_all_is_as_far_off_as_the_parameters_however_many_customers() -> None:
    held, until = process(500, seed=5)
    known = transactions.summary(held, until)
    cells = clv.cells(known.x, known.tx, known.age)
    fit, money = clv.fit(cells), gamma_gamma.fit(known.x, known.mean)

    def of(times: int, factor: float) -> tuple[float, tuple[float, float]]:
        """Expected sum and interval of so many of each customer, and of parameters that are so badly known."""
        mean = np.tile(known.mean, times)
        many = clv.cells(*(np.tile(one, times) for one in (known.x, known.tx, known.age)))
        vague = replace(fit, covariance=fit.covariance * factor), replace(money, covariance=money.covariance * factor)
        found = clv_forecast.forecast(*vague, many, mean, 180 / 7)
        made = clv_forecast.total(*vague, many, mean, 180 / 7, found)
        assert made is not None
        return float(found.value.sum()), made.interval(float(found.value.sum()))

    one, (low, high) = of(1, 1.0)
    assert low < one < high
    # Their own luck evens out over nine times as many, to a third; the error of the parameters does not.
    many, (fewest, most) = of(9, 1.0)
    assert many == pytest.approx(9 * one)
    assert (most - fewest) / many > 0.5 * (high - low) / one
    _, (sure_low, sure_high) = of(9, 0.0)
    assert sure_high - sure_low < 0.6 * (most - fewest)
    _, (alone_low, alone_high) = of(1, 0.0)
    assert (sure_high - sure_low) / many == pytest.approx((alone_high - alone_low) / one / 3, rel=0.02)


def test_the_sum_of_shops_that_follow_the_models_is_held() -> None:
    inside = 0
    for seed in range(100, 108):
        held, until = process(300, seed)
        known = transactions.summary(held, until)
        cells = clv.cells(known.x, known.tx, known.age)
        fit, money = clv.fit(cells), gamma_gamma.fit(known.x, known.mean)
        found = clv_forecast.forecast(fit, money, cells, known.mean, 180 / 7)
        made = clv_forecast.total(fit, money, cells, known.mean, 180 / 7, found)
        assert made is not None
        low, high = made.interval(float(found.value.sum()))
        inside += low <= transactions.between(held, until, until + 180)[1][known.owner].sum() <= high
    assert inside >= 6


def test_what_is_told_lies_in_its_interval() -> None:
    held, until = process(300, seed=3)
    _, found = told(held, until, 365)
    assert np.all((found.low <= found.value) & (found.value <= found.high))
    assert np.all((found.purchases_low <= found.purchases) & (found.purchases <= found.purchases_high))
    assert np.all((found.wait_low <= found.wait) & (found.wait <= found.wait_high))
    assert np.all(found.low >= 0) and np.isfinite(found.high).all()


def test_shops_of_fifty_customers_are_still_held() -> None:
    held, until = process(1_000, seed=4)
    inside, widths = [], []
    for start in range(0, 1_000, 50):
        mine = (held.owner >= start) & (held.owner < start + 50)
        few = transactions.Transactions(50, held.owner[mine] - start, held.day[mine], held.money[mine])
        known, found = told(few, until, 180)
        _, paid = (one[known.owner] for one in transactions.between(few, until, until + 180))
        inside.append((paid >= found.low - 1e-6) & (paid <= found.high + 1e-6))
        widths.append(np.diag(clv.fit(clv.cells(known.x, known.tx, known.age)).covariance).mean())
    known = transactions.summary(held, until)
    many = np.diag(clv.fit(clv.cells(known.x, known.tx, known.age)).covariance).mean()
    assert np.concatenate(inside).mean() > 0.85
    assert min(widths) > 2 * many


def test_the_less_is_known_of_the_parameters_the_wider_the_intervals() -> None:
    held, until = process(300, seed=4)
    known = transactions.summary(held, until)
    cells = clv.cells(known.x, known.tx, known.age)
    fit, money = clv.fit(cells), gamma_gamma.fit(known.x, known.mean)
    sure, vague = (
        clv_forecast.forecast(
            replace(fit, covariance=fit.covariance * factor), replace(money, covariance=money.covariance * factor),
            cells, known.mean, 52.0,
        )
        for factor in (0.0, 100.0)
    )  # fmt: skip
    np.testing.assert_array_equal(sure.value, vague.value)
    assert (vague.high - vague.low).mean() > 1.1 * (sure.high - sure.low).mean()


def test_a_blocked_money_model_leaves_the_purchases() -> None:
    held, until = process(300, seed=5)
    known = transactions.summary(held, until)
    cells = clv.cells(known.x, known.tx, known.age)
    nothing = gamma_gamma.fit(known.x, np.full(len(known), np.nan))
    found = clv_forecast.forecast(clv.fit(cells), nothing, cells, known.mean, 52.0)
    assert nothing.unmet[0].blocking
    assert np.isnan(found.value).all() and np.isfinite(found.purchases_high).all()


def test_days_collapse_and_refunds_lower_the_order_before() -> None:
    owner = np.array([0, 0, 0, 0, 1, 1, 2])
    day = np.array([10, 10, 20, 25, 5, 9, 3])
    held = transactions.collapse(3, owner, day, np.array([5.0, 7.0, 30.0, -10.0, 8.0, -8.0, -4.0]))
    assert held.owner.tolist() == [0, 0, 1] and held.day.tolist() == [10, 20, 5]
    assert held.money.tolist() == [12.0, 20.0, 0.0]
    known = transactions.summary(held, 24)
    assert known.owner.tolist() == [0, 1] and known.x.tolist() == [1, 0]
    assert known.tx[0] == pytest.approx(10 / 7) and known.age.tolist() == pytest.approx([2, 19 / 7])
    assert known.mean[0] == 20.0 and np.isnan(known.mean[1])
    number, money = transactions.between(held, 10, 20)
    assert number.tolist() == [1, 0, 0] and money.tolist() == [20, 0, 0]
