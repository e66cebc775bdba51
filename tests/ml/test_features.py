"""Features, the scaler and RFM: what they say, and what must not change them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.segmentation.features import FEATURES, features
from ml.segmentation.rfm import Quintiles, as_rfm, cell_name
from ml.segmentation.scale import CLIP, Scaler
from schema.documents import Rfm

DAY0 = datetime(2024, 1, 1, tzinfo=UTC)
BASE = {
    "orders": 3,
    "revenue": 9_000,
    "unconverted": 0,
    "firstOrderAt": DAY0,
    "lastOrderAt": DAY0 + timedelta(days=60),
    "averageOrder": 3_000,
    "medianGapDays": 30.0,
}
cell = st.one_of(st.none(), st.floats(0, 1e6, allow_nan=False, width=32))
rows = st.lists(st.lists(cell, min_size=6, max_size=6), min_size=5, max_size=60)


def table(values: list[list[float | None]]) -> np.ndarray:
    return np.array([[math.nan if one is None else one for one in row] for row in values])


def test_features_in_their_own_units() -> None:
    found = features(BASE, DAY0 - timedelta(days=5), DAY0 + timedelta(days=100))
    assert dict(zip(FEATURES, found, strict=True)) == {
        "recencyDays": 40.0,
        "orders": 3.0,
        "revenue": 9_000.0,
        "averageOrder": 3_000.0,
        "medianGapDays": 30.0,
        "tenureDays": 105.0,
    }


def test_an_order_after_as_of_counts_as_today() -> None:
    found = features(BASE, DAY0, DAY0 + timedelta(days=10))
    assert found[0] == 0.0


def test_money_that_could_not_be_converted_is_unknown_not_zero() -> None:
    found = features({**BASE, "unconverted": 3, "revenue": 0, "averageOrder": None}, DAY0, DAY0 + timedelta(days=99))
    assert math.isnan(found[2]) and math.isnan(found[3])


def test_unknown_becomes_the_median() -> None:
    values = np.array([[1.0, 1.0, 100.0, 100.0, gap, 10.0] for gap in (10.0, 20.0, 30.0, math.nan)])
    assert Scaler.fit(values).transform(values)[3, 4] == 0.0


@given(rows)
def test_scaled_values_are_finite_and_bounded(values: list[list[float | None]]) -> None:
    held = table(values)
    scaled = Scaler.fit(held).transform(held)
    assert np.isfinite(scaled).all() and (np.abs(scaled) <= CLIP).all()


@given(rows, st.randoms())
def test_the_scaler_does_not_depend_on_the_order_of_customers(values: list[list[float | None]], rng: object) -> None:
    held = table(values)
    order = list(range(len(held)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    one, other = Scaler.fit(held), Scaler.fit(held[order])
    np.testing.assert_allclose(one.center, other.center)
    np.testing.assert_allclose(one.scale, other.scale, rtol=1e-9)


@given(rows, st.floats(0.5, 100), st.floats(-1_000, 1_000))
def test_a_linear_feature_does_not_feel_its_unit(values: list[list[float | None]], factor: float, shift: float) -> None:
    held = table(values)
    column = FEATURES.index("tenureDays")
    spread = np.nanstd(held[:, column]) if (~np.isnan(held[:, column])).any() else 0.0
    if not 1e-3 < spread < 1e6:
        return
    other = held.copy()
    other[:, column] = other[:, column] * factor + shift
    one = Scaler.fit(held).transform(held)[:, column]
    np.testing.assert_allclose(one, Scaler.fit(other).transform(other)[:, column], atol=1e-4)


@given(rows)
def test_carrying_points_to_another_scale_agrees_with_scaling_anew(values: list[list[float | None]]) -> None:
    held = np.nan_to_num(table(values), nan=1.0)
    first, second = Scaler.fit(held), Scaler.fit(held * 1.5 + 1)
    inner = np.abs(first.transform(held)) < CLIP
    carried = first.carry(first.transform(held), second)
    np.testing.assert_allclose(carried[inner], second.transform(held)[inner], atol=1e-6)


# --- RFM -------------------------------------------------------------------------------------------------------


def rfm_rows(values: list[tuple[float, float, float]]) -> np.ndarray:
    return np.array([[r, f, m, m, math.nan, 1.0] for r, f, m in values])


triples = st.lists(st.tuples(*[st.integers(0, 50).map(float)] * 3), min_size=5, max_size=80)


def test_five_distinct_customers_get_five_scores_and_recency_is_reversed() -> None:
    values = rfm_rows([(float(n), float(n), float(n)) for n in range(1, 6)])
    fitted = Quintiles.fit(values)
    assert fitted is not None
    assert fitted.score(values).tolist() == [[5, 1, 1], [4, 2, 2], [3, 3, 3], [2, 4, 4], [1, 5, 5]]


def test_below_five_customers_there_are_no_quintiles() -> None:
    assert Quintiles.fit(rfm_rows([(1.0, 1.0, 1.0)] * 4)) is None


@given(triples)
def test_equal_values_share_a_score_and_more_is_never_less(values: list[tuple[float, float, float]]) -> None:
    held = rfm_rows(values)
    fitted = Quintiles.fit(held)
    assert fitted is not None
    scores = fitted.score(held)
    assert ((scores >= 1) & (scores <= 5)).all()
    for part, sign in ((0, -1), (1, 1), (2, 1)):
        order = sorted(range(len(values)), key=lambda row: sign * values[row][part])
        ranked = [int(scores[row, part]) for row in order]
        assert ranked == sorted(ranked)
    for part in range(3):
        by_value: dict[float, set[int]] = {}
        for row, value in enumerate(values):
            by_value.setdefault(value[part], set()).add(int(scores[row, part]))
        assert all(len(found) == 1 for found in by_value.values())


@given(triples)
def test_scores_do_not_feel_the_unit_of_money(values: list[tuple[float, float, float]]) -> None:
    held, other = rfm_rows(values), rfm_rows([(r, f, m * m + m) for r, f, m in values])
    one, two = Quintiles.fit(held), Quintiles.fit(other)
    assert one and two
    assert (one.score(held) == two.score(other)).all()


@settings(max_examples=20)
@given(st.integers(1, 20))
def test_quintiles_of_distinct_values_are_equal_parts(times: int) -> None:
    values = rfm_rows([(float(n), float(n), float(n)) for n in range(5 * times)])
    fitted = Quintiles.fit(values)
    assert fitted is not None
    assert np.bincount(fitted.score(values)[:, 1])[1:].tolist() == [times] * 5


def test_every_cell_has_a_name_in_both_languages() -> None:
    scores = range(1, 6)
    named = {(r, f, m): cell_name(as_rfm(np.array([r, f, m]))) for r in scores for f in scores for m in scores}
    assert len(named) == 125 and all(name.en and name.zh for name in named.values())
    assert named[5, 5, 5].en == "Champions" and named[1, 1, 1].en == "Lost" and named[1, 5, 5].en == "Cannot lose"
    assert cell_name(Rfm(recency=5, frequency=1, monetary=1, cell="511")).en == "New"
