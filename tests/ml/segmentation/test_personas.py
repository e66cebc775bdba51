"""Archetypes: by the group's own profile, never a feeling without words, and nothing that survives a permutation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.segmentation.features import ALL, FEATURES, TABLE
from ml.segmentation.naming import names
from ml.segmentation.personas import WEAK, archetypes, matched
from ml.segmentation.words import Profile, traits

WIDTH = len(ALL)


def profile(words: float = 1.0, size: int = 100, extra: dict[str, float] | None = None, **z: float) -> Profile:
    """A group with the given z (dots as `__`); all else is as everybody."""
    values = np.zeros(WIDTH)
    for name, value in z.items():
        values[ALL.index(name.replace("__", "."))] = value
    means = np.where(np.arange(WIDTH) < 13, 10.0 + values, 0.3 + values / 10)
    return Profile(
        size, 0.1, 1_000, 0.2, 200, means, np.where(np.arange(WIDTH) < 13, 10.0, 0.3), values,
        names=ALL, known=(size,) * WIDTH, words_known=words, extra=extra or {}, orders_each=float(means[1]),
    )  # fmt: skip


PLAIN = {
    "impulsive": profile(emotion__neutral=-1, medianGapDays=-1, orders=1, rhythm=1, itemsPerOrder=1),
    "anxious": profile(emotion__worried=1, discountShare=0.5, priceTier=-1, cartAbandonment=1),
    "loyal": profile(orders=2, revenue=2, recencyDays=-1, emotion__delighted=1, emotion__worried=-0.5, tenureDays=1),
    "curious": profile(visits90=2, orders=-1, cartAbandonment=1, revenue=-1),
    "luxury": profile(priceTier=2, averageOrder=2, discountShare=-1, revenue=1),
    "frustrated": profile(extra={"frustration": 2.0}, emotion__frustrated=1, emotion__disappointed=1,
                          emotion__delighted=-1),
    "trend": profile(visits90=1, recencyDays=-1, medianGapDays=-1, discountShare=-0.5, orders=0.5),
    "bargain": profile(discountShare=2, priceTier=-1, averageOrder=-1),
    "promising": profile(tenureDays=-2, recencyDays=-1, averageOrder=1, orders=-0.5),
    "dormant": profile(recencyDays=2, visits90=-1, orders=-1),
}  # fmt: skip


def test_there_are_ten_archetypes_with_names_in_both_languages() -> None:
    assert {one.id for one in archetypes()} == set(PLAIN)
    assert len({one.name.zh for one in archetypes()}) == 10


@pytest.mark.parametrize("identity", sorted(PLAIN))
def test_a_plain_profile_gets_its_archetype_with_its_strength(identity: str) -> None:
    [found] = matched([PLAIN[identity]], [None])
    assert found is not None and found[0].id == identity and WEAK <= found[1] <= 1


def test_all_ten_at_once_are_told_apart_one_to_one() -> None:
    found = matched(list(PLAIN.values()), [None] * 10)
    assert [one and one[0].id for one in found] == list(PLAIN)


@pytest.mark.parametrize("identity", [one.id for one in archetypes() if one.feeling])
def test_below_thirty_percent_with_words_no_name_speaks_of_a_feeling(identity: str) -> None:
    from dataclasses import replace

    [found] = names([replace(PLAIN[identity], words_known=0.29)])
    feelings = {one.id for one in archetypes() if one.feeling}
    assert found.persona not in feelings
    assert not {"Emotional", "Anxious", "Confident", "Frustrated"} & set(found.name.en.split())


def test_an_archetype_does_not_contradict_its_own_mean() -> None:
    from dataclasses import replace

    held = PLAIN["dormant"]
    row = ALL.index("recencyDays")
    means = held.means.copy()
    means[row] = held.population[row] - 1
    assert matched([replace(held, means=means)], [None]) == [None]


def test_a_mood_of_five_members_is_chance() -> None:
    few = profile(size=5, extra={"frustration": 1.0}, emotion__frustrated=0.5)
    assert matched([few], [None]) == [None]


def test_the_anger_of_a_few_is_chance_however_large_their_group() -> None:
    """A third of nine members wrote: three angry texts are no frustrated group; of ninety they are."""
    angry = {"extra": {"frustration": 1.0}, "emotion__frustrated": 1.0, "emotion__disappointed": 1.0}
    few = profile(0.3, 10, **angry)  # type: ignore[arg-type]
    many = profile(0.3, 100, **angry)  # type: ignore[arg-type]
    assert few.members("frustration") == 3 and matched([few], [None]) == [None]
    [found] = matched([many], [None])
    assert found is not None and found[0].id == "frustrated"


def test_a_weak_match_gets_a_descriptive_name() -> None:
    [found] = names([profile(recencyDays=0.71, orders=0.6, medianGapDays=-0.6)])
    assert found.persona is None and found.name.en == "Quick repeat buyers, now away"


def test_a_block_that_takes_no_part_gives_no_archetype() -> None:
    z = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    flat = Profile(100, 0.1, 1, 0.1, 200, np.full(6, 5.0), np.full(6, 5.0), z, names=FEATURES, words_known=1.0,
                   extra={"frustration": 3.0})  # fmt: skip
    assert matched([flat], [None]) == [None]


@given(st.permutations(range(13)))
def test_texts_follow_the_columns(order: list[int]) -> None:
    """When behaviour columns change places, every name and sentence follows the figures to their new place."""
    from dataclasses import replace

    base = PLAIN["bargain"]
    turned = list(range(WIDTH))
    turned[:13] = order
    other = replace(base, z=base.z[turned], means=base.means[turned], population=base.population[turned])
    [found] = names([other])
    if found.persona:
        kind = next(one for one in archetypes() if one.id == found.persona)
        assert all(one.sign * other.of(one.feature) >= one.threshold for one in kind.must)
    told = [one.en for one in traits(other, "USD")[1:]]
    loud = [ALL[row] for row in np.flatnonzero(np.abs(other.z) >= 0.25)]
    assert 0 < len(told) <= min(3, len(loud))
    moved = base.of("discountShare") != other.of("discountShare")
    said = any(one.startswith(TABLE["discountShare"].label.en.capitalize()) for one in told)
    assert not (moved and other.of("discountShare") == 0 and said)
