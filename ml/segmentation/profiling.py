"""Each segment against all customers in scope: features, mood, personality, and what its difference rests on. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.segmentation.features import ALL, Bools, Floats, Ints, Measure, Singles
from ml.segmentation.model import Placed
from ml.segmentation.space import Space
from ml.segmentation.words import Profile
from schema.minds import GROUPS, TRAITS, EmotionGroups, Ocean, Trait
from schema.segments import Basis

MOODS = [ALL.index(f"emotion.{name}") for name in GROUPS]
OCEANS = [ALL.index(f"ocean.{name}") for name in TRAITS]
Z90 = 1.6449
"""Two-sided 90 % of the normal distribution."""
LEAST_SCORED = 5
"""Members with a value below which a mean of words says nothing about the segment."""


def profiles(placed: Placed) -> list[Profile]:
    """One a segment, in the order of the model's ids."""
    spent = np.fromiter((one.revenue for one in placed.people), dtype=np.int64, count=len(placed.people))
    bought = placed.raw[:, ALL.index("orders")]
    angry = (one.frustrated(placed.model.as_of) for one in placed.people)
    marks = np.fromiter((np.nan if one is None else float(one) for one in angry), np.float64, len(placed.people))
    k = len(placed.model.ids)
    return of_rows(placed.model.space, placed.own, placed.scaled, placed.labels, k, spent, bought, marks)


def of_rows(
    space: Space,
    raw: Floats | Singles,
    scaled: Singles,
    labels: Ints,
    k: int,
    spent: Ints | None = None,
    bought: Floats | Singles | None = None,
    angry: Floats | None = None,
) -> list[Profile]:
    """Profiles of groups 0..k-1 of any table of customers.

    `raw` and `scaled` hold the space's features; `spent` and `bought` are a customer's money and orders (NaN where they
    are not known); `angry` is 1 where the newest angry text is unsettled, 0 where not, NaN without words.
    """
    count = len(raw)
    words = np.array([one.block != "behaviour" for one in space.measures], dtype=bool)
    population = _means(raw)
    center, spread = _moments(scaled, raw, words)
    total = int(spent.sum()) if spent is not None else 0
    worded = _worded(space.measures, raw)
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(k + 1))
    found = []
    for index in range(k):
        rows = order[ends[index] : ends[index + 1]]
        size, mine = len(rows), raw[rows]
        revenue = int(spent[rows].sum()) if spent is not None else 0
        known = (~np.isnan(mine)).sum(axis=0)
        means = _moments(scaled[rows], mine, words)[0] if size else np.zeros(len(space.names))
        z = (means - center) / spread
        z[words & (known < LEAST_SCORED)] = np.nan
        extra = {}
        if angry is not None and (anger := _anger(angry, rows)) is not None:
            extra["frustration"] = anger
        found.append(
            Profile(
                size=size,
                share=size / count if count else 0.0,
                revenue=revenue,
                revenue_share=revenue / total if total > 0 else 0.0,
                orders=int(np.nansum(bought[rows], dtype=np.float64)) if bought is not None else 0,
                means=_means(mine),
                population=population,
                z=z,
                names=space.names,
                known=tuple(int(one) for one in known),
                words_known=float(worded[rows].mean()) if size else 0.0,
                orders_each=float(_means(bought[rows][:, None])[0]) if bought is not None else math.nan,
                extra=extra,
            )
        )
    return found


def _anger(angry: Floats, rows: Ints) -> float | None:
    """How far the share of unsettled members is above everybody's, in standard deviations of the population."""
    known, mine = angry[~np.isnan(angry)], angry[rows][~np.isnan(angry[rows])]
    if len(known) == 0 or len(mine) < LEAST_SCORED:
        return None
    share = float(known.mean())
    width = float(np.sqrt(share * (1 - share)))
    return (float(mine.mean()) - share) / width if width > 0 else 0.0


def _moments(scaled: Singles, raw: Floats | Singles, words: Bools) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each column: of everybody for behaviour, of those who wrote for words."""
    width = scaled.shape[1]
    center, spread = np.zeros(width), np.ones(width)
    for column in range(width):
        values = scaled[:, column]
        if words[column]:
            values = values[~np.isnan(raw[:, column])]
        if len(values):
            center[column] = values.mean(dtype=np.float64)
            deviation = float(values.std(dtype=np.float64))
            spread[column] = deviation if deviation >= 1e-12 else 1.0
    return center, spread


def _worded(measures: Sequence[Measure], raw: Floats | Singles) -> Bools:
    columns = [row for row, one in enumerate(measures) if one.block == "emotion"]
    found = np.zeros(len(raw), dtype=bool)
    for column in columns:
        found |= ~np.isnan(raw[:, column])
    return found


def basis(space: Space, prototype: Floats, middle: Floats, words_known: float, ocean_known: float) -> Basis:
    """Shares of the squared distance between a group's prototype and the population's mean, block by block."""
    away = np.square(prototype - middle)
    total = float(away.sum())

    def share(block: str) -> float:
        return float(away[[one.block == block for one in space.measures]].sum()) / total if total > 0 else 0.0

    words, personality = round(share("emotion"), 4), round(share("personality"), 4)
    return Basis(
        behaviour=round(max(0.0, 1 - words - personality), 4),
        words=words,
        personality=personality,
        words_known=round(words_known, 4),
        ocean_known=round(ocean_known, 4),
    )


@dataclass(frozen=True)
class Mind:
    """What the members' own words say, as read: not shrunk."""

    mood: EmotionGroups | None
    customers: int
    """Members with scored words."""
    sentiment: float | None
    ocean: Ocean | None
    ocean_customers: int


def mind(placed: Placed, rows: Ints) -> Mind:
    """Mean mood, sentiment and personality of these rows, each over the members who have it."""
    raw = placed.raw[rows]
    groups = raw[:, MOODS]
    worded = ~np.isnan(groups).any(axis=1)
    mood = None
    if worded.any():
        means = groups[worded].mean(axis=0, dtype=np.float64)
        mood = EmotionGroups(**{name: round(min(1.0, float(m)), 4) for name, m in zip(GROUPS, means, strict=True)})
    people = [placed.people[int(row)] for row in rows]
    told = [one.sentiment for one in people if one.sentiment is not None]
    bounds = [one.ocean for one in people if one.ocean is not None]
    scored = raw[[one.ocean is not None for one in people]][:, OCEANS]
    return Mind(
        mood=mood,
        customers=int(worded.sum()),
        sentiment=round(sum(told) / len(told), 4) if told else None,
        ocean=_ocean(scored.astype(np.float64), np.array(bounds, dtype=np.float64)) if bounds else None,
        ocean_customers=len(bounds),
    )


def _ocean(scored: Floats, bounds: Floats) -> Ocean:
    """Means with the 90 % interval of the mean: the larger of the members' spread and their own uncertainty.

    A row a member: the five scores, and the lower and upper bound of each in turn.
    """
    traits = {}
    for column, name in enumerate(TRAITS):
        scores = scored[:, column]
        widths = (bounds[:, 2 * column + 1] - bounds[:, 2 * column]) / (2 * Z90)
        between = float(scores.std(ddof=1)) if len(scores) > 1 else 0.0
        error = max(between, float(np.sqrt(np.square(widths).mean()))) / np.sqrt(len(scores))
        mean = float(scores.mean())
        low, high = max(0.0, mean - Z90 * error), min(1.0, mean + Z90 * error)
        traits[name] = Trait(score=round(mean, 4), low=round(low, 4), high=round(high, 4))
    return Ocean(**traits)


def _means(values: Floats | Singles) -> Floats:
    """The mean of each column over its known values; by column, so that no second table stands in memory."""
    means = np.full(values.shape[1], np.nan)
    for column in range(values.shape[1]):
        known = values[:, column][~np.isnan(values[:, column])]
        if known.size:
            means[column] = known.sum(dtype=np.float64) / known.size
    return means
