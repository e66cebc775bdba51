"""Thresholds, bias, windows: the arithmetic between a graph's logits and an answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import f1_score
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from ml.training.metrics import best_bias, crossed, f1_per_label, one_hot, thresholds
from ml.training.reader import windows

MATRICES = hnp.arrays(bool, st.tuples(st.integers(1, 30), st.just(4)))


@given(MATRICES, st.integers(0, 2**32 - 1))
def test_f1_is_that_of_scikit_learn(gold: np.ndarray, seed: int) -> None:
    said = np.random.default_rng(seed).random(gold.shape) < 0.5
    wanted = f1_score(gold, said, average=None, zero_division=0)
    assert f1_per_label(gold, said) == pytest.approx(np.atleast_1d(wanted))


def _two_labels(rng: np.random.Generator, rows: int, rare: float) -> tuple[np.ndarray, np.ndarray]:
    gold = (rng.random((rows, 2)) < [0.4, rare]).astype(np.float32)
    noise = rng.normal(0, 0.05, gold.shape)
    return gold, np.clip(np.where(gold > 0, [0.6, 0.25], [0.3, 0.05]) + noise, 0, 1)


def test_each_label_gets_a_threshold_between_its_own_two_heaps() -> None:
    gold, shares = _two_labels(np.random.default_rng(1), 2000, 0.1)
    first, second = thresholds(gold, shares)
    assert 0.35 < first < 0.55
    assert 0.08 < second < 0.25
    assert crossed(gold, shares).mean() > f1_per_label(gold, shares >= 0.5).mean() + 0.3


def test_a_label_hardly_seen_takes_the_common_threshold() -> None:
    rng = np.random.default_rng(2)
    gold = (rng.random((1000, 3)) < 0.3).astype(np.float32)
    shares = np.clip(np.where(gold > 0, 0.6, 0.3) + rng.normal(0, 0.05, gold.shape), 0, 1)
    gold[:, 2] = 0
    gold[0, 2], shares[0, 2] = 1, 0.9
    common, _, rare = thresholds(gold, shares)
    assert abs(rare - common) < 0.1


def test_bias_gives_a_class_its_share_and_leaves_good_against_bad_alone() -> None:
    rng = np.random.default_rng(3)
    stars = rng.integers(0, 3, 900)
    logits = np.eye(3)[stars] * 2 + rng.normal(0, 0.5, (900, 3)) - [0, 1.5, 0]
    positive = rng.random(200) < 0.5
    pairs = np.where(positive[:, None], [-1.0, 0, 1], [1.0, 0, -1]) + rng.normal(0, 0.1, (200, 3))
    bias = best_bias(logits, stars, pairs, positive)
    assert bias[0] == 0 and bias[1] > 0.8 and abs(bias[2]) <= 0.5
    untuned = f1_per_label(one_hot(stars, 3), one_hot(logits.argmax(1), 3)).mean()
    assert f1_per_label(one_hot(stars, 3), one_hot((logits + bias).argmax(1), 3)).mean() > untuned


@pytest.fixture(scope="module")
def letters() -> Tokenizer:
    """One id a letter, with a mark before and after."""
    vocabulary = {"[C]": 0, "[S]": 1, "[U]": 2, **{chr(97 + at): at + 3 for at in range(26)}}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[U]"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.post_processor = processors.TemplateProcessing(single="[C] $A [S]", special_tokens=[("[C]", 0), ("[S]", 1)])
    return made


@given(text=st.text("abcdefgh", max_size=60), tokens=st.integers(6, 20), overlap=st.integers(0, 3))
def test_windows_cover_a_text_in_order(letters: Tokenizer, text: str, tokens: int, overlap: int) -> None:
    cut = windows(letters, [text], tokens, overlap)
    assert all(len(one.ids) <= tokens and one.ids[0] == 0 and one.ids[-1] == 1 for one in cut)
    joined = cut[0].ids[1:-1]
    for one in cut[1:]:
        joined = joined + one.ids[1 + overlap : -1]
    assert joined == letters.encode(text, add_special_tokens=False).ids
