"""Models in the database: a card a model, a document a version, plain numbers only.

`models/{name}` says which version is in force and what earned it its place; `models/{name}/versions/{n}` holds all that
serving needs, for as long as anybody may want to go back. A pinned card keeps its version: training makes new ones, but
puts none in force.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ml.behaviour.alive import Rhythm
from ml.behaviour.estimators import Linear
from schema.intelligence import ModelCard, ModelName, ModelVersion, VersionLine
from schema.store import Create, Data, Put, ReadSet, Store, Update, Write, settle

KEPT = 20


@dataclass(frozen=True)
class Served:
    """A model in force, ready to predict."""

    card: ModelCard
    parameters: Data
    features: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.card.name}@{self.card.version}"

    @property
    def days(self) -> int:
        return int(self.parameters["days"])

    @property
    def rhythm(self) -> Rhythm | None:
        held = self.parameters.get("rhythm")
        return Rhythm.from_doc(held) if held else None

    @property
    def line(self) -> Linear | None:
        """The estimator in use; None when there is none."""
        if self.card.in_use == "none":
            return None
        held = self.parameters[self.card.in_use]
        return Linear.from_doc(held["features"], held)


def load(store: Store, names: Iterable[ModelName]) -> dict[str, Served]:
    """Cards and parameters of the models in force; a model that was never trained is not there."""
    wanted = list(names)
    cards: dict[str, ModelCard] = {}
    for doc in store.get_many([f"models/{one}" for one in wanted]).values():
        if doc is not None:
            cards[doc.id] = ModelCard.model_validate(doc.data)
    paths = {name: f"models/{name}/versions/{card.version}" for name, card in cards.items() if card.version}
    versions = store.get_many(paths.values()) if paths else {}
    served: dict[str, Served] = {}
    for known, card in cards.items():
        held = versions.get(paths[known]) if known in paths else None
        if held is not None:
            version = ModelVersion.model_validate(held.data)
            served[known] = Served(card, dict(version.parameters), tuple(version.features))
        elif card.in_use == "none":
            served[known] = Served(card, {"days": card.horizon_days or 0}, ())
    return served


def publish(store: Store, card: ModelCard, version: ModelVersion | None) -> ModelCard:
    """Write a trained model: a new version, and the card; returns the card as written.

    Args:
        card: what training found; its version and history are set here.
        version: parameters; None where there was too little to train on (the card then says so).
    """
    path = f"models/{card.name}"
    written: list[ModelCard] = []

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        written.clear()
        before = ModelCard.model_validate(held.data) if held else None
        history = list(before.history) if before else []
        latest = max([line.version for line in history] + [before.version if before else 0])
        writes: list[Write] = []
        made = card.model_copy(
            update={
                "history": history,
                "version": before.version if before else 0,
                "pinned": bool(before and before.pinned),
            }
        )
        if version is not None:
            number = latest + 1
            line = VersionLine(
                version=number, trained_at=version.trained_at, estimator=version.estimator,
                auc=version.metrics.auc if version.metrics else None,
                brier=version.metrics.brier if version.metrics else None,
                error=version.metrics.error if version.metrics else None, health=version.health,
            )  # fmt: skip
            history = [line, *history][:KEPT]
            writes.append(Put(f"{path}/versions/{number}", version.model_copy(update={"version": number}).to_doc()))
            made = card.model_copy(update={"history": history, "version": number})
            if before is not None and before.pinned:
                # The version in force stays; that there is a newer one is seen in the history.
                made = before.model_copy(update={"history": history, "updated_at": card.updated_at})
        written.append(made)
        body = made.to_doc()
        return [*writes, Update(path, body, held.update_time) if held else Create(path, body)]

    settle(store, [path], plan)
    return written[0]


def due(card: Data | None, schedule: str, now: datetime, force: bool) -> bool:
    """Whether to train: nightly, weekly (with some hours to spare, since jobs do not start to the second) or never."""
    if force:
        return True
    if schedule == "off":
        return False
    trained = card.get("trainedAt") or card.get("updatedAt") if card else None
    if trained is None:
        return True
    hours = (now - trained).total_seconds() / 3600
    return bool(hours >= (20 if schedule == "nightly" else 156))
