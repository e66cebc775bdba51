"""Blocks: what takes part, how words are shrunk, and what a block weighs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.segmentation.features import ALL, TABLE, trust
from ml.segmentation.space import Space, make
from schema.intelligence import Block, Blocks

MEASURES = [TABLE[name] for name in ALL]
MOOD = ALL.index("emotion.worried")
OPEN = ALL.index("ocean.openness")


def shop(count: int = 100, worded: float = 0.6, scored: float = 0.0, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    raw = rng.lognormal(2, 1, (count, len(ALL)))
    raw[:, 13:] = rng.dirichlet(np.ones(11), count)
    raw[round(worded * count) :, 13:19] = math.nan
    raw[round(scored * count) :, 19:] = math.nan
    return raw


def test_unknown_words_are_the_mean_and_never_zero_feeling() -> None:
    raw = shop()
    space = make(raw, MEASURES, np.full(100, 0.5), Blocks()).space
    scaled = space.scaled(raw[:, space.columns], np.full(100, 0.5))
    column = space.names.index("emotion.worried")
    assert (scaled[60:, column] == 0).all() and scaled[:60, column].std() > 0
    assert space.scaler.center[column] == pytest.approx(raw[:60, MOOD].mean())


def test_few_texts_are_believed_less() -> None:
    assert trust(None) == 0 and trust({"texts": 5, "weight": None}) == 0.5 and trust({"weight": 20.0}) == 0.8
    raw = shop()
    space = make(raw, MEASURES, np.full(100, 0.5), Blocks()).space
    row = raw[:1, space.columns]
    column = space.names.index("emotion.worried")
    little, much = (space.scaled(row, np.array([n / (n + 5)]))[0, column] for n in (1, 15))
    assert little / much == pytest.approx((1 / 6) / (15 / 20), rel=1e-4)


def test_a_blocks_weight_does_not_grow_with_its_features() -> None:
    space = make(shop(scored=0.5), MEASURES, None, Blocks(emotion=Block(weight=2.0))).space
    for block, weight in (("behaviour", 1.0), ("emotion", 2.0), ("personality", 1.0)):
        mine = space.weights[space.of_block(block)]  # type: ignore[arg-type]
        assert np.square(mine).sum() == pytest.approx(weight**2)


def test_what_is_off_constant_or_hardly_known_stays_out() -> None:
    raw = shop()
    raw[:, ALL.index("visits90")] = 0.0
    raw[3:, ALL.index("rhythm")] = math.nan
    made = make(raw, MEASURES, None, Blocks(emotion=Block(on=False)))
    assert not {"visits90", "rhythm", "emotion.worried", "ocean.openness"} & set(made.space.names)
    assert set(made.space.blocks) == {"behaviour"} and made.words_share == 0.6


@pytest.mark.parametrize(("scored", "enters"), [(0.19, False), (0.20, True)])
def test_personality_needs_a_fifth(scored: float, enters: bool) -> None:
    made = make(shop(200, scored=scored), MEASURES, None, Blocks())
    assert ("personality" in made.space.blocks) == enters and bool(made.notes) != enters


@given(st.integers(0, 1000), st.floats(0.2, 3.0))
@settings(max_examples=20, deadline=None)
def test_prototypes_carried_to_another_space_are_the_same_customers(seed: int, weight: float) -> None:
    """A customer's axes in one space, carried, are their axes in the other (inside the clipping, words in full)."""
    raw, later = shop(80, 1.0, 1.0, seed), shop(80, 1.0, 1.0, seed + 1)
    one = make(raw, MEASURES, None, Blocks()).space
    other = make(later, MEASURES, None, Blocks(emotion=Block(weight=weight))).space
    here, there = one.axes(raw[:, one.columns]), other.axes(raw[:, other.columns])
    inner = np.abs(one.scaled(raw[:, one.columns])) < 2.99
    np.testing.assert_allclose(one.carry(here.astype(float), other)[inner], there[inner], atol=1e-3)


def test_a_document_of_the_first_version_still_places_people() -> None:
    doc = {"featureNames": list(ALL[:6]), "scalerCenter": [0.0] * 6, "scalerScale": [1.0] * 6}
    space = Space.from_doc(doc)
    assert (space.weights == 1).all() and space.names == ALL[:6]
