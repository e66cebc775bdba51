"""Groups: the same in any order of customers, honest below the gates; and their identity over reclusters."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.segmentation.cluster import MINIMUM, Fit, fit, nearest, silhouettes
from ml.segmentation.features import FEATURES, features
from ml.segmentation.identity import match
from ml.segmentation.scale import Scaler
from tests.ml.shop import NOW, kind

WIDTH = len(FEATURES)


def shop_rows(count: int, seed: int = 1) -> np.ndarray:
    rng = random.Random(seed)
    people = [kind(rng, number) for number in range(count)]
    raw = np.array([features(one.to_doc(), one.first_order_at or NOW, NOW) for one in people])
    return Scaler.fit(raw).transform(raw)


def partition(labels: np.ndarray, order: list[int] | None = None) -> set[frozenset[int]]:
    names = order or list(range(len(labels)))
    return {frozenset(names[row] for row in np.flatnonzero(labels == label)) for label in set(labels.tolist())}


def test_planted_groups_are_found() -> None:
    found = fit(shop_rows(700))
    planted = [number % 7 for number in range(700)]
    from sklearn.metrics import adjusted_rand_score

    assert found.k == 7 and found.note is None
    assert adjusted_rand_score(planted, found.labels) > 0.95


@settings(max_examples=8, deadline=None)
@given(st.integers(60, 200), st.randoms(use_true_random=False))
def test_the_order_of_customers_changes_nothing(count: int, rng: random.Random) -> None:
    rows = shop_rows(count, seed=count)
    order = list(range(count))
    rng.shuffle(order)
    one, other = fit(rows), fit(rows[order])
    assert partition(one.labels) == partition(other.labels, order)
    np.testing.assert_array_equal(one.prototypes, other.prototypes)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_silhouettes_agree_with_scikit_learn(seed: int) -> None:
    from sklearn.metrics import silhouette_score

    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(60, WIDTH)).round(1)
    labelings = [rng.integers(0, k, 60) for k in (2, 5, 9)]
    for labels, found in zip(labelings, silhouettes(rows, labelings), strict=True):
        assert found == pytest.approx(silhouette_score(rows, labels), abs=1e-9)


def test_unchanged_data_stay_where_they_are() -> None:
    rows = shop_rows(500)
    first = fit(rows)
    second = fit(rows, first.prototypes)
    assert second.k == first.k
    assert (first.labels == second.labels).all()


@pytest.mark.parametrize("count", [0, 1, 19])
def test_below_twenty_customers_there_are_no_groups_and_the_note_says_how_far(count: int) -> None:
    found = fit(shop_rows(count) if count else np.empty((0, WIDTH)))
    assert found.k == 0 and found.silhouette is None and len(found.labels) == count
    assert found.note is not None and str(MINIMUM) in found.note.en and str(count) in found.note.en


@pytest.mark.parametrize(("count", "most"), [(20, 2), (45, 4), (59, 5)])
def test_below_sixty_customers_there_are_fewer_groups(count: int, most: int) -> None:
    found = fit(shop_rows(count))
    assert 2 <= found.k <= most
    assert found.note is not None and "60" in found.note.en and str(count) in found.note.zh


def test_identical_customers_are_not_cut_up() -> None:
    found = fit(np.zeros((200, WIDTH)))
    assert found.k == 0 and found.note is not None and "200" in found.note.en


def test_two_clear_groups_stay_two() -> None:
    rng = np.random.default_rng(3)
    rows = np.vstack([rng.normal(-2.5, 0.01, (300, WIDTH)), rng.normal(2.5, 0.01, (300, WIDTH))])
    found = fit(rows)
    assert found.k == 2 and found.note is not None and "silhouette" in found.note.en
    assert {one.k for one in found.candidates} == set(range(2, 11))


def test_noise_is_called_a_rough_division() -> None:
    found = fit(np.random.default_rng(5).normal(size=(400, 40)))
    assert found.note is not None and "overlap" in found.note.en


def test_notes_fit_into_their_field() -> None:
    for rows in (np.zeros((10**5, WIDTH)), shop_rows(59), np.random.default_rng(5).normal(size=(400, 40))):
        note = fit(rows).note
        assert note is not None and len(note.en) <= 200


def test_every_try_is_kept_and_one_is_chosen() -> None:
    found = fit(shop_rows(300))
    assert [one.k for one in found.candidates if one.algorithm == "kmeans"] == list(range(2, 11))
    assert [(one.algorithm, one.k) for one in found.candidates if one.chosen] == [(found.algorithm, found.k)]


@pytest.mark.slow
def test_more_customers_than_are_searched_and_more_than_a_full_fit_takes() -> None:
    rng = np.random.default_rng(1)
    rows = np.repeat(shop_rows(520), 100, axis=0) + rng.normal(0, 0.05, (52_000, WIDTH))
    first = fit(rows)
    assert first.k == 7 and np.bincount(first.labels).min() > 5_000
    second = fit(rows, first.prototypes)
    assert (first.labels != second.labels).mean() < 0.01


# --- identity --------------------------------------------------------------------------------------------------


def identity(found: Fit, former: dict[str, np.ndarray], effective: list[str | None]) -> tuple[list[str], list[str]]:
    matched = match(found.prototypes, found.labels, former, effective, lambda group: f"new-{group}")
    return matched.ids, matched.retired


def test_shuffled_groups_keep_their_ids() -> None:
    found = fit(shop_rows(700))
    ids = [f"old-{index}" for index in range(found.k)]
    effective = [ids[label] for label in found.labels]
    turned = Fit(found.prototypes[::-1], found.k - 1 - found.labels)
    got, retired = identity(turned, dict(zip(ids, found.prototypes, strict=True)), list(effective))
    assert got == ids[::-1] and retired == []


def test_a_group_of_new_people_is_a_new_segment_and_the_lost_one_retires() -> None:
    found = fit(shop_rows(700))
    former = {f"old-{index}": point for index, point in enumerate(found.prototypes)}
    effective: list[str | None] = [f"old-{label}" if label != 2 else None for label in found.labels]
    got, retired = identity(found, former, effective)
    assert got[2] == "new-2" and retired == ["old-2"]
    assert [one for index, one in enumerate(got) if index != 2] == [f"old-{i}" for i in range(found.k) if i != 2]


def test_another_shops_customers_do_not_inherit_names() -> None:
    found = fit(shop_rows(700))
    former = {f"old-{index}": point for index, point in enumerate(found.prototypes)}
    got, retired = identity(found, former, [None] * 700)
    assert all(one.startswith("new-") for one in got) and len(retired) == found.k


def test_a_segment_that_split_in_two_lives_on_in_the_larger_part() -> None:
    prototypes = np.zeros((2, WIDTH))
    prototypes[1, 0] = 1.0
    labels = np.array([0] * 70 + [1] * 30)
    former = {"old": prototypes.mean(axis=0)}
    got, retired = identity(Fit(prototypes, labels), former, ["old"] * 100)
    assert got == ["old", "new-1"] and retired == []


def test_nearest_is_the_nearest_and_the_first_on_a_tie() -> None:
    prototypes = np.array([[0.0], [2.0]])
    assert nearest(prototypes, np.array([[0.4], [1.0], [1.6]])).tolist() == [0, 0, 1]
