"""Archetypes, and which group is which: by the group's own profile, one-to-one, with the strength of the match.

The archetypes stand in `archetypes.toml`. A group may bear one when every `must` holds on its z and its required blocks
take part; what words tell must also be beyond chance for the members who wrote. Strength = the mean over all conditions
of z / (2 x threshold), between 0 and 1, a `may` counting half: 1 when the group is twice as far out as asked. Below
`WEAK` there is no match: a descriptive name is better than a false one.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ml.segmentation.features import BLOCKS, TABLE
from ml.segmentation.words import Profile
from schema.base import Localized

FILE = Path(__file__).with_name("archetypes.toml")
WEAK = 0.6
WORDS_KNOWN = 0.30
"""Members with scored words from which a name may speak of a feeling."""
BEYOND_CHANCE = 2.0
"""Standard errors that a mean of words must be away from everybody's."""
FULL = 0.3
"""The least z that counts in full, for conditions whose threshold is about 0."""
HELD = 0.3
"""Worth added when a group already bears the name and it still fits: names should not flutter."""


@dataclass(frozen=True)
class Condition:
    feature: str
    sign: int
    """1 high, -1 low."""
    threshold: float

    def degree(self, profile: Profile) -> float | None:
        """How far it is met, 0..1; None when the feature takes no part."""
        z = profile.of(self.feature)
        if math.isnan(z):
            return None
        if profile.denies(self.feature, self.sign):
            return 0.0
        return min(1.0, max(0.0, self.sign * z / max(2 * self.threshold, FULL)))

    def holds(self, profile: Profile) -> bool:
        z = profile.of(self.feature) * self.sign
        if math.isnan(z) or z < self.threshold or profile.denies(self.feature, self.sign):
            return False
        if self.feature in TABLE and TABLE[self.feature].block == "behaviour":
            return True
        # A threshold of 0 asks only that it is not the contrary.
        return self.threshold == 0 or z * math.sqrt(max(0, profile.members(self.feature))) >= BEYOND_CHANCE


@dataclass(frozen=True)
class Archetype:
    id: str
    name: Localized
    icon: str
    feeling: bool
    requires: tuple[str, ...]
    must: tuple[Condition, ...]
    may: tuple[Condition, ...]

    def strength(self, profile: Profile) -> float | None:
        """0..1, or None when the profile is not this archetype's."""
        blocks = {TABLE[name].block for name in profile.names if name in TABLE}
        if not set(self.requires) <= blocks:
            return None
        if self.feeling and profile.words_known < WORDS_KNOWN:
            return None
        if not all(one.holds(profile) for one in self.must):
            return None
        degrees = [(1.0, one.degree(profile)) for one in self.must] + [(0.5, one.degree(profile)) for one in self.may]
        known = [(weight, degree) for weight, degree in degrees if degree is not None]
        return sum(weight * degree for weight, degree in known) / sum(weight for weight, _ in known)


@cache
def archetypes() -> tuple[Archetype, ...]:
    """The table in the order of the file.

    Raises:
        ValueError: a feature, block or direction that does not exist.
    """
    found = tuple(_archetype(row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["archetype"])
    if len({one.id for one in found}) != len(found):
        raise ValueError("two archetypes have one id")
    return found


def matched(
    profiles: Sequence[Profile], held: Sequence[str | None], taken: Sequence[str] = ()
) -> list[tuple[Archetype, float] | None]:
    """The archetype of each profile with its strength, one-to-one for the greatest total; None where none fits.

    `held` are the English names that the groups bear now, `taken` names that people gave and that are not used again.
    """
    from scipy.optimize import linear_sum_assignment

    types = [one for one in archetypes() if one.name.en not in taken and one.name.zh not in taken]
    result: list[tuple[Archetype, float] | None] = [None] * len(profiles)
    if not profiles or not types:
        return result
    strengths = np.zeros((len(profiles), len(types)))
    worth = np.zeros_like(strengths)
    for row, profile in enumerate(profiles):
        for column, one in enumerate(types):
            strength = one.strength(profile)
            if strength is not None and strength >= WEAK:
                strengths[row, column] = strength
                worth[row, column] = strength + (HELD if held[row] == one.name.en else 0.0)
    for row, column in zip(*(part.tolist() for part in linear_sum_assignment(-worth)), strict=True):
        if strengths[row, column] > 0:
            result[row] = types[column], round(float(strengths[row, column]), 4)
    return result


def _archetype(row: dict[str, object]) -> Archetype:
    requires = tuple(str(one) for one in _list(row["requires"]))
    if not set(requires) <= set(BLOCKS):
        raise ValueError(f"{row['id']}: there is no such block")
    must, may = (tuple(_condition(one) for one in _list(row.get(part) or [])) for part in ("must", "may"))
    name = Localized(en=str(row["en"]), zh=str(row["zh"]))
    return Archetype(str(row["id"]), name, str(row["icon"]), bool(row["feeling"]), requires, must, may)


def _condition(row: object) -> Condition:
    feature, direction, threshold = _list(row)
    if feature not in TABLE and feature != "frustration":
        raise ValueError(f"there is no feature {feature}")
    if direction not in ("high", "low"):
        raise ValueError(f"{direction} is no direction")
    return Condition(str(feature), 1 if direction == "high" else -1, float(str(threshold)))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")
    return value
