"""One segmentation's rule for placing a customer: the same for a whole recluster and for one changed customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ml.segmentation.cluster import nearest
from ml.segmentation.features import Floats, Ints, Scaler, features, matrix
from ml.segmentation.membership import State, assign, assigned, propose, proposed
from ml.segmentation.population import Person
from ml.segmentation.rfm import Quintiles, as_rfm
from ml.segmentation.words import reasons
from schema.base import Localized
from schema.lifecycle import stage

Fields = dict[str, Any]


@dataclass(frozen=True)
class Model:
    """What `segmentations/{version}` says. Ages are counted to its own `as_of`, so that time alone moves nobody."""

    version: int
    as_of: datetime
    scaler: Scaler
    ids: list[str]
    """Segment ids, sorted; a row of `prototypes` each. Empty: RFM scores only."""
    prototypes: Floats
    quintiles: Quintiles | None
    currency: str

    @classmethod
    def from_doc(cls, data: Mapping[str, Any], currency: str) -> Model:
        ids = sorted(data["prototypes"])
        center, scale = np.array(data["scalerCenter"], dtype=float), np.array(data["scalerScale"], dtype=float)
        return cls(
            version=int(data["version"]),
            as_of=data["asOf"],
            scaler=Scaler(center, scale),
            ids=ids,
            prototypes=np.array([data["prototypes"][one] for one in ids], dtype=float).reshape(len(ids), len(center)),
            quintiles=Quintiles(dict(data["rfmEdges"])) if data["rfmEdges"] else None,
            currency=currency,
        )

    def place(self, people: Sequence[Person]) -> Placed:
        """Where the customers belong; all must be in scope."""
        raw = matrix([features(one.stats, one.created_at, self.as_of) for one in people])
        scaled = self.scaler.transform(raw)
        labels = nearest(self.prototypes, scaled) if self.ids else np.full(len(people), -1, dtype=np.int64)
        return Placed(self, people, raw, scaled, labels, self.quintiles.score(raw) if self.quintiles else None)


@dataclass(frozen=True)
class Placed:
    """Customers in scope with their features, groups and scores, row by row."""

    model: Model
    people: Sequence[Person]
    raw: Floats
    scaled: Floats
    labels: Ints
    scores: Ints | None

    def target(self, row: int) -> str | None:
        label = int(self.labels[row])
        return None if label < 0 else self.model.ids[label]

    def targets(self) -> list[str | None]:
        return [self.target(row) for row in range(len(self.people))]

    def reasons(self, row: int) -> list[Localized]:
        """Why the customer is in the group, at most three sentences; none without a group."""
        label = int(self.labels[row])
        if label < 0:
            return []
        one, model = self.people[row], self.model
        return reasons(
            raw=self.raw[row].tolist(),
            scaled=self.scaled[row],
            prototype=model.prototypes[label],
            typical=model.scaler.typical,
            currency=model.currency,
            last=one.last_order_at.date(),
            since=one.since.date(),
        )

    def proposals(self, active: int) -> list[tuple[Person, Fields]]:
        """What a recluster to this model writes while version `active` is in force: movers and changed scores only."""
        found = []
        for row, one in enumerate(self.people):
            fields = self._scores(row)
            if not proposed(one.segment, self.model.version, target := self.target(row)):
                fields["segment"] = propose(one.segment, active, self.model.version, target, self.reasons(row))
            if fields:
                found.append((one, fields))
        return found

    def assignments(self) -> list[tuple[Person, Fields]]:
        """What puts these customers where they belong now, this model being in force."""
        found = []
        active = self.model.version
        for row, one in enumerate(self.people):
            fields = self._scores(row)
            if not assigned(one.segment, active, target := self.target(row)):
                fields["segment"] = assign(one.segment, active, target, self.reasons(row))
            if fields:
                found.append((one, fields))
        return found

    def _scores(self, row: int) -> Fields:
        one = self.people[row]
        fields: Fields = {}
        rfm = None if self.scores is None else as_rfm(self.scores[row])
        if (rfm.cell if rfm else None) != one.cell:
            fields["rfm"] = rfm.to_doc() if rfm else None
        if (now := stage(one.stats, self.model.as_of)) != one.stage:
            fields["lifecycleStage"] = now
        return fields


def cleared(state: State, cell: str | None) -> Fields:
    """What takes a customer out of everything computed, at once: no order, merged away, or profiling refused."""
    fields: Fields = {}
    if state is not None:
        fields["segment"] = None
    if cell is not None:
        fields["rfm"] = None
    return fields
