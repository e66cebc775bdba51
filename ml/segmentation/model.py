"""One segmentation's rule for placing a customer: the same for a whole recluster and for one changed customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from ml.segmentation.features import ALL, FEATURES, Bools, Floats, Ints, Singles
from ml.segmentation.membership import assign, assigned, effective, propose, proposed
from ml.segmentation.population import Person, rows, trusts
from ml.segmentation.quality import squares
from ml.segmentation.rfm import Quintiles, as_rfm
from ml.segmentation.scale import Scaler
from ml.segmentation.space import Space
from ml.segmentation.words import gist, reasons
from schema.base import Localized

Fields = dict[str, Any]
NEARER = 0.9
"""Somebody who has a segment moves only to one whose distance is at most this part of their own segment's."""


@dataclass(frozen=True)
class Model:
    """What `segmentations/{version}` says. Ages are counted to its own `as_of`, so that time alone moves nobody."""

    version: int
    as_of: datetime
    space: Space
    ids: list[str]
    """Segment ids, sorted; a row of `prototypes` each. Empty: RFM scores only."""
    prototypes: Floats
    quintiles: Quintiles | None
    currency: str
    warm: bool = False
    """People of the version before keep their segment unless another is clearly nearer."""
    cores: Floats = field(default_factory=lambda: np.empty((0, 0)))
    core_groups: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @classmethod
    def from_doc(cls, data: Mapping[str, Any], currency: str) -> Model:
        ids = sorted(data["prototypes"])
        space = Space.from_doc(data)
        width = len(space.names)
        cores = np.array(data.get("cores") or [], dtype=float).reshape(-1, width)
        index = {one: row for row, one in enumerate(ids)}
        return cls(
            version=int(data["version"]),
            as_of=data["asOf"],
            space=space,
            ids=ids,
            prototypes=np.array([data["prototypes"][one] for one in ids], dtype=float).reshape(len(ids), width),
            quintiles=Quintiles(dict(data["rfmEdges"])) if data["rfmEdges"] else None,
            currency=currency,
            warm=data.get("mode") == "warm",
            cores=cores,
            core_groups=np.array([index[one] for one in data.get("coreSegments") or []], dtype=np.int64),
        )

    @property
    def scaler(self) -> Scaler:
        return self.space.scaler

    def distances(self, axes: Singles) -> Singles:
        """Distance of every row to every group: to its centroid, or to its nearest core."""
        if not len(self.cores):
            return np.sqrt(squares(self.prototypes, axes))
        away = np.empty((len(axes), len(self.ids)), dtype=np.float32)
        for start in range(0, len(axes), 20_000):
            part = squares(self.cores, axes[start : start + 20_000])
            for group in range(len(self.ids)):
                mine = part[:, self.core_groups == group]
                away[start : start + 20_000, group] = mine.min(axis=1) if mine.shape[1] else np.inf
        return np.sqrt(away)

    def place(self, people: Sequence[Person], active: int | None = None, settled: bool | None = None) -> Placed:
        """Where the customers belong; all must be in scope.

        Args:
            active: the version in force (this one, when not given), which says where everybody is now.
            settled: whether somebody stays unless another group is clearly nearer; the model's own mode by default.
        """
        raw = rows(people, self.as_of)
        scaled = self.space.scaled(raw[:, self.space.columns], trusts(people))
        axes = scaled * self.space.weights.astype(np.float32)
        count, k = len(people), len(self.ids)
        labels = np.full(count, -1, dtype=np.int64)
        away = np.empty((count, k), dtype=np.float32)
        if k:
            away = self.distances(axes)
            labels = away.argmin(axis=1)
            if self.warm if settled is None else settled:
                now = self.version if active is None else active
                labels = stay(away, labels, self._codes([effective(one.segment, now) for one in people]))
        scores = self.quintiles.score(raw[:, : len(FEATURES)]) if self.quintiles else None
        return Placed(self, people, raw, scaled, axes, labels, away, scores)

    def _codes(self, held: Sequence[str | None]) -> Ints:
        index = {one: row for row, one in enumerate(self.ids)}
        return np.array([index.get(one, -1) if one else -1 for one in held], dtype=np.int64)


def stay(away: Floats | Singles, labels: Ints, codes: Ints) -> Ints:
    """The labels, except that a row stays in group `codes` (-1: none) unless its nearest is `NEARER`."""
    each = np.arange(len(labels))
    own = np.where(codes >= 0, codes, 0)
    keep = (codes >= 0) & (away[each, labels] >= NEARER * away[each, own])
    return np.where(keep, codes, labels)


@dataclass(frozen=True)
class Placed:
    """Customers in scope with their features, groups and scores, row by row."""

    model: Model
    people: Sequence[Person]
    raw: Singles
    """In own units, columns in the order of `features.ALL`."""
    scaled: Singles
    """The space's features, before the weights."""
    axes: Singles
    labels: Ints
    away: Singles
    """Distance to every group."""
    scores: Ints | None

    @cached_property
    def own(self) -> Singles:
        """The space's features in their own units."""
        return self.raw[:, self.model.space.columns]

    @cached_property
    def worded(self) -> Bools:
        """Who has scored words."""
        return ~np.isnan(self.raw[:, ALL.index("emotion.neutral")])

    def target(self, row: int) -> str | None:
        label = int(self.labels[row])
        return None if label < 0 else self.model.ids[label]

    def targets(self) -> list[str | None]:
        return [self.target(row) for row in range(len(self.people))]

    def second(self, row: int) -> tuple[str | None, float | None]:
        """The nearest other segment, and how much farther it is as a share of its distance (0 on the border)."""
        label, away = int(self.labels[row]), self.away[row]
        if label < 0 or len(away) < 2:
            return None, None
        other = int(np.where(np.arange(len(away)) == label, np.inf, away).argmin())
        far = float(away[other])
        margin = 0.0 if far <= 0 else max(0.0, (far - float(away[label])) / far)
        return self.model.ids[other], round(margin, 4)

    def reasons(self, row: int) -> list[Localized]:
        """Why the customer is in the group, at most three sentences; none without a group."""
        label = int(self.labels[row])
        if label < 0:
            return []
        one, model = self.people[row], self.model
        return reasons(
            raw=self.own[row].tolist(),
            scaled=self.scaled[row],
            prototype=model.prototypes[label],
            typical=model.scaler.typical,
            currency=model.currency,
            last=one.last_order_at.date(),
            since=one.since_at.date(),
            names=model.space.names,
            weights=model.space.weights,
        )

    def movers(self) -> Ints:
        """The rows that a recluster to this model writes: who moves, and whose scores changed."""
        version = self.model.version
        found = (
            row
            for row, one in enumerate(self.people)
            if not proposed(one.segment, version, self.target(row)) or self._scores(row)
        )
        return np.fromiter(found, dtype=np.int64)

    def proposal(self, row: int, active: int) -> Fields:
        """What it writes to a row of `movers` while version `active` is in force."""
        one, fields = self.people[row], self._scores(row)
        if not proposed(one.segment, self.model.version, target := self.target(row)):
            told = (self.reasons(row), *self.second(row))
            fields["segment"] = propose(one.segment, active, self.model.version, target, *told)
        return fields

    def stale(self, row: int) -> bool:
        """Whether who is where they belong is told something else than what holds now.

        What was told for a version that is not in force yet is left to it.
        """
        one, active = self.people[row], self.model.version
        if not one.segment or int(one.segment["from"]) > active or not assigned(one.segment, active, self.target(row)):
            return False
        return one.told != gist([text.en for text in self.reasons(row)], self.second(row)[0])

    def misplaced(self) -> list[int]:
        """The rows of whom `assignments` writes."""
        active = self.model.version
        return [
            row
            for row, one in enumerate(self.people)
            if not assigned(one.segment, active, self.target(row)) or self._scores(row) or self.stale(row)
        ]

    def assignments(self) -> list[tuple[Person, Fields]]:
        """What puts these customers where they belong now, and tells them why, this model being in force."""
        found = []
        active = self.model.version
        for row in self.misplaced():
            one, target, fields = self.people[row], self.target(row), self._scores(row)
            if not assigned(one.segment, active, target) or self.stale(row):
                fields |= assign(one.segment, active, target, self.reasons(row), *self.second(row))
            found.append((one, fields))
        return found

    def _scores(self, row: int) -> Fields:
        one = self.people[row]
        fields: Fields = {}
        rfm = None if self.scores is None else as_rfm(self.scores[row])
        if (rfm.cell if rfm else None) != one.cell:
            fields["rfm"] = rfm.to_doc() if rfm else None
        if (now := one.stage_at(self.model.as_of)) != one.stage:
            fields["lifecycleStage"] = now
        return fields


def cleared(one: Person) -> Fields:
    """What takes a customer out of everything computed, at once: no order, merged away, or profiling refused.

    Who refused profiling also loses what models inferred.
    """
    fields: Fields = {}
    if one.segment is not None:
        fields["segment"] = None
    if one.cell is not None:
        fields["rfm"] = None
    if one.opted_out:
        fields |= {name: [] if name == "modelTags" else None for name in one.held}
    return fields
