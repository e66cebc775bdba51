"""What is tried and how it is judged: algorithms, noise, agreement, and the gate of the words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.segmentation.candidates import MOST_CORES, by_density
from ml.segmentation.cluster import GATE, Choice, Gate, fit
from ml.segmentation.quality import adjusted_rand, balance, lloyd, nearest, squares


def planted(k: int, count: int, width: int = 6, spread: float = 0.3, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % k
    rows = rng.normal(0, 3, (k, width))[labels] + rng.normal(0, spread, (count, width))
    return rows.astype(np.float32), labels


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=2, max_size=60))
@settings(max_examples=40)
def test_the_adjusted_rand_index_agrees_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    from sklearn.metrics import adjusted_rand_score

    one, other = (np.array(part) for part in zip(*pairs, strict=True))
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-9)


def test_even_sizes_are_balanced_and_one_large_group_is_not() -> None:
    assert balance(np.arange(60) % 6, 6) == pytest.approx(1)
    assert balance(np.array([0] * 95 + [1, 2, 3, 4, 5]), 6) < 0.2


@pytest.mark.parametrize("algorithm", ["dbscan", "hdbscan"])
def test_a_pinned_density_grouping_is_used_with_few_cores(algorithm: str) -> None:
    rows, labels = planted(7, 700)
    found = fit(rows, choice=Choice(pinned_algorithm=algorithm))  # type: ignore[arg-type]
    assert found.algorithm == algorithm and found.k == 7 and adjusted_rand(found.labels, labels) > 0.95
    assert 7 <= len(found.cores) <= MOST_CORES and found.core_groups[nearest(found.cores, rows)].tolist() == (
        found.labels.tolist()
    )


@pytest.mark.parametrize("algorithm", ["dbscan", "hdbscan"])
def test_a_density_grouping_is_refitted_as_it_was_found(algorithm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ml.segmentation import candidates

    rows, _ = planted(7, 500)
    found = by_density(rows, algorithm, 6, 10)  # type: ignore[arg-type]
    assert found is not None and found.setting in (candidates.SHARES if algorithm == "hdbscan" else candidates.REACHES)
    other = candidates.SHARES[0] if algorithm == "hdbscan" else candidates.REACHES[2]
    asked: list[float] = []
    plain = candidates._density
    monkeypatch.setattr(candidates, "_density", lambda *args: (asked.append(args[2]), plain(*args))[1])
    candidates.judged([replace(found, setting=other, out=None)], rows)
    assert set(asked) == {other}


def test_a_density_grouping_with_noise_or_too_few_groups_is_out_and_says_why() -> None:
    rng = np.random.default_rng(1)
    scattered = by_density(rng.normal(size=(300, 12)).astype(np.float32), "hdbscan", 6, 10)
    few = by_density(planted(3, 300)[0], "dbscan", 6, 10)
    assert few is not None and few.out is not None and "3 groups; 6" in few.out.en and few.out.zh
    assert scattered is None or scattered.out is not None
    found = fit(planted(3, 300)[0], choice=Choice(pinned_algorithm="dbscan"))
    assert found.algorithm == "kmeans" and any(one.out for one in found.candidates)


def test_a_pinned_number_is_kept() -> None:
    rows, _ = planted(7, 350)
    found = fit(rows, choice=Choice(pinned_k=4))
    assert found.k == 4 and {one.k for one in found.candidates if one.algorithm == "kmeans"} == {4}


def test_three_plain_groups_stay_three() -> None:
    rows, labels = planted(3, 300)
    found = fit(rows)
    assert found.k == 3 and adjusted_rand(found.labels, labels) == 1 and found.note is not None


def test_the_score_is_the_documented_one_and_the_best_wins() -> None:
    found = fit(planted(8, 400)[0])
    for one in found.candidates:
        if one.score is not None:
            assert one.stability is not None and one.balance is not None
            expected = 0.6 * one.silhouette + 0.3 * one.stability + 0.1 * one.balance
            assert one.score == pytest.approx(expected, abs=2e-4)
    assert found.k == 8 and found.stability is not None and found.stability > 0.9


def test_a_mood_that_only_tells_who_wrote_loses_its_weight() -> None:
    rows, _ = planted(6, 360, 4)
    marks = np.random.default_rng(4).random(360) < 0.5
    mood = np.where(marks[:, None], 3.0, 0.0) * np.ones((1, 2))
    axes = np.hstack([rows, mood]).astype(np.float32)
    found = fit(axes, gate=Gate(marks, np.array([4, 5])))
    assert found.factor < 1 and found.words_gate is not None and found.words_gate < GATE
    # Nothing was asked once the mood is out; before, the bound is what it was held against.
    assert (found.words_bound is None) == (found.factor == 0)


def test_the_bound_that_a_grouping_was_held_against_is_kept() -> None:
    rows, labels = planted(6, 360, 4)
    # Who wrote follows the groups of behaviour: over the gate without any mood.
    marks = (labels < 3) & (np.random.default_rng(5).random(360) < 0.9)
    mood = np.random.default_rng(6).normal(0, 0.05, (360, 2)) * marks[:, None]
    found = fit(np.hstack([rows, mood]).astype(np.float32), gate=Gate(marks, np.array([4, 5])))
    assert found.words_gate is not None and found.words_gate > GATE and found.factor > 0
    assert found.words_bound is not None and found.words_gate < found.words_bound
    calm = np.random.default_rng(7).random(360) < 0.5
    free = fit(np.hstack([rows, mood * 0]).astype(np.float32), gate=Gate(calm, np.array([4, 5])))
    assert free.words_bound == GATE and free.words_gate is not None and free.words_gate < GATE


def test_an_empty_centre_stays_where_it_is() -> None:
    rows = np.array([[0.0], [0.2], [5.0], [5.2]])
    centres, labels = lloyd(rows, np.array([[0.0], [5.0], [90.0]]), 5)
    np.testing.assert_allclose(centres[:, 0], [0.1, 5.1, 90.0])
    assert labels.tolist() == [0, 0, 1, 1] and squares(centres, rows).shape == (4, 3)
