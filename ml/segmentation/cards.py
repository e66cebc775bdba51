"""What the console shows of a segmentation: a card a segment, sizes, movements, and the map. Pure."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ml.segmentation.features import TABLE
from ml.segmentation.membership import effective
from ml.segmentation.model import Placed
from ml.segmentation.naming import Named, names, public_name
from ml.segmentation.population import Person
from ml.segmentation.profiling import Mind, basis, mind
from ml.segmentation.space import Space
from ml.segmentation.words import Profile, traits
from schema.base import Localized
from schema.segments import Basis, Drift, MapPoint, Movement, Segment, SegmentFeature, SegmentMap, SegmentSize
from schema.store import Data

MAP_POINTS = 2_000
CHUNK = 50_000
"""Rows taken at a time, so that a million do not stand in memory twice."""
MOST_MOVEMENTS = 300


def name_segments(
    ids: Sequence[str], figures: Sequence[Profile], cards: Mapping[str, Data], computed: Mapping[str, str]
) -> list[Named]:
    """Computed names in the order of `ids`.

    `cards` are the stored segments, `computed` the English names that the former segmentation computed. Names that
    people gave to living segments are left to them.
    """
    taken = [
        text
        for one, card in cards.items()
        if one in ids and card.get("renamedBy")
        for text in (card["name"]["en"], card["name"]["zh"])
    ]
    return names(figures, [computed.get(one) for one in ids], taken)


@dataclass(frozen=True)
class Inner:
    """What a card says beside its figures: what the grouping rests on, and what members' words say."""

    basis: Basis | None
    mind: Mind


def inners(placed: Placed) -> list[Inner]:
    """One a segment, in the order of the model's ids."""
    space, model = placed.model.space, placed.model
    middle = placed.axes.mean(axis=0, dtype=np.float64) if len(placed.axes) else np.zeros(len(space.names))
    found = []
    for index in range(len(model.ids)):
        rows = np.flatnonzero(placed.labels == index)
        said, size = mind(placed, rows), max(1, len(rows))
        rests = basis(space, model.prototypes[index], middle, said.customers / size, said.ocean_customers / size)
        found.append(Inner(rests, said))
    return found


def card(
    profile: Profile,
    named: Named,
    former: Data | None,
    public_index: int,
    version: int,
    currency: str,
    now: datetime,
    inner: Inner,
) -> Data:
    """The document of one segment; a name given by a person, and the public name, stay."""
    renamed = former.get("renamedBy") if former else None
    return Segment(
        kind="cluster",
        name=Localized.model_validate(former["name"]) if former and renamed else named.name,
        public_name=former["publicName"] if former else public_name(public_index),
        icon=named.icon,
        version=version,
        retired=False,
        size=profile.size,
        share=round(profile.share, 6),
        revenue=profile.revenue,
        revenue_share=round(profile.revenue_share, 6),
        orders=profile.orders,
        features=_features(profile),
        traits=traits(profile, currency),
        persona=named.persona,
        strength=named.strength,
        basis=inner.basis,
        mood=inner.mind.mood,
        mood_customers=inner.mind.customers,
        sentiment=inner.mind.sentiment,
        ocean=inner.mind.ocean,
        renamed_by=renamed,
        updated_at=now,
    ).to_doc()


def sizes(ids: Sequence[str], figures: Sequence[Profile], named: Sequence[Named]) -> list[Data]:
    """Sizes with the names as computed (not as renamed), largest revenue first."""
    rows = [
        SegmentSize(segment_id=one, name=name.name, size=profile.size, revenue=profile.revenue)
        for one, profile, name in zip(ids, figures, named, strict=True)
    ]
    return [row.to_doc() for row in sorted(rows, key=lambda row: (-row.revenue, row.segment_id))]


def movements(placed: Placed, active: int) -> tuple[list[Data], int]:
    """Who moves from where to where when this model replaces version `active`: counts by pair, and how many in all."""
    shown, total, _ = moves(placed, active)
    return shown, total


def moves(placed: Placed, active: int) -> tuple[list[Data], int, int]:
    """`movements`, and how many of those who move were in a segment before."""
    pairs = Counter(
        (effective(one.segment, active), target) for one, target in zip(placed.people, placed.targets(), strict=True)
    )
    found = sorted(
        ((a, b, n) for (a, b), n in pairs.items() if a != b), key=lambda move: (-move[2], str(move[0]), str(move[1]))
    )
    shown = [Movement(from_=a, to=b, count=n).to_doc() for a, b, n in found[:MOST_MOVEMENTS]]
    return shown, sum(n for _, _, n in found), sum(n for a, _, n in found if a is not None)


def drift(placed: Placed, former: Data) -> list[Data]:
    """How far each segment that lives on moved since version `former`, the farthest first."""
    model, before = placed.model, Space.from_doc(former)
    was = {row["segmentId"]: int(row["size"]) for row in former["sizes"]}
    lives = [(row, one) for row, one in enumerate(model.ids) if one in former["prototypes"] and one in was]
    if not lives:
        return []
    centres = before.carry(np.array([former["prototypes"][one] for _, one in lives], dtype=float), model.space)
    shifts = np.linalg.norm(model.prototypes[[row for row, _ in lives]] - centres, axis=1)
    sizes = np.bincount(placed.labels, minlength=len(model.ids))
    found = [
        Drift(segment_id=one, shift=round(float(shift), 4), before=was[one], after=int(sizes[row]))
        for (row, one), shift in zip(lives, shifts, strict=True)
    ]
    return [one.to_doc() for one in sorted(found, key=lambda one: (-one.shift, one.segment_id))]


def plan_map(placed: Placed) -> Data:
    """The first two principal components of the weighted axes; the sample is the same customers every time."""
    scaled = placed.axes
    grouped = bool(placed.model.ids) and len(scaled) > 0
    center = scaled.mean(axis=0, dtype=np.float64) if len(scaled) else np.zeros(scaled.shape[1])
    covariance = np.zeros((scaled.shape[1], scaled.shape[1]))
    for start in range(0, len(scaled), CHUNK):
        away = scaled[start : start + CHUNK] - center
        covariance += away.T @ away / len(scaled)
    strength, axes = np.linalg.eigh(covariance)
    axes = axes[:, ::-1][:, :2]
    if axes.shape[1] < 2:
        axes = np.hstack([axes, np.zeros((len(axes), 1))])
    # An eigenvector's sign is arbitrary: the largest loading points up, so that the map does not mirror itself.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(2)])
    spread = float(strength.sum())
    explained = [round(float(value) / spread, 4) if spread > 0 else 0.0 for value in strength[::-1][:2]]
    rows = _sample(placed.people) if grouped else []
    where = (scaled[rows] - center) @ axes
    points = [
        MapPoint(c=placed.people[row].id, s=str(placed.target(row)), x=round(float(x), 3), y=round(float(y), 3))
        for row, (x, y) in zip(rows, where, strict=True)
    ]
    return SegmentMap(explained=explained, sampled=len(points), of=len(scaled), points=points).to_doc()


def _sample(people: Sequence[Person]) -> list[int]:
    if len(people) <= MAP_POINTS:
        return list(range(len(people)))

    def place(row: int) -> bytes:
        return hashlib.sha1(people[row].id.encode(), usedforsecurity=False).digest()

    return sorted(heapq.nsmallest(MAP_POINTS, range(len(people)), key=place))


def _features(profile: Profile) -> list[SegmentFeature]:
    def plain(value: Any) -> float | None:
        return None if np.isnan(value) else round(float(value), 3)

    return [
        SegmentFeature(
            name=name,
            block=TABLE[name].block,
            mean=plain(profile.means[row]),
            population=plain(profile.population[row]),
            z=round(float(np.nan_to_num(profile.z[row])), 4),
        )
        for row, name in enumerate(profile.names)
    ]
