"""The space in which customers are grouped: which features take part, on which scale, with which weight.

    behaviour     in when at least `KNOWN` of the customers have a value and it varies; unknown = population's median
    emotion       in when at least `WORDS` customers have scored words; each value shrunk to the population's mean by
                  n/(n+5), a customer without words is the mean
    personality   likewise, in only when at least `OCEAN` of the customers have a score

Shrinking happens on the scaled axis, where the mean is 0: the deviation times n/(n+5). A block's weight is what the
settings give it times 1/sqrt(its features), so that no block outvotes another by numbers alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ml.segmentation.features import ALL, BLOCKS, TABLE, Block, Floats, Ints, Measure, Singles
from ml.segmentation.scale import Scaler
from schema.base import Localized
from schema.intelligence import Blocks

KNOWN = 0.05
WORDS = 20
OCEAN = 0.20


@dataclass(frozen=True)
class Space:
    """The features in order, their scale, and the weight of each block."""

    measures: tuple[Measure, ...]
    scaler: Scaler
    blocks: Mapping[str, float]
    """Weight by block; empty (as in documents of the first version): every feature counts 1."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.measures)

    @cached_property
    def weights(self) -> Floats:
        """One weight a feature."""
        if not self.blocks:
            return np.ones(len(self.measures))
        sizes = {block: sum(one.block == block for one in self.measures) for block in BLOCKS}
        return np.array([self.blocks.get(one.block, 0.0) / math.sqrt(sizes[one.block]) for one in self.measures])

    @cached_property
    def columns(self) -> Ints:
        """Where the features stand in rows of `features.ALL`."""
        return np.array([ALL.index(name) for name in self.names], dtype=np.int64)

    def of_block(self, block: Block) -> Ints:
        return np.array([row for row, one in enumerate(self.measures) if one.block == block], dtype=np.int64)

    def scaled(self, raw: Floats | Singles, trusts: Floats | Singles | None = None) -> Singles:
        """Robust standard deviations from the population, mood and personality shrunk; before the weights.

        `raw` holds the space's own features; `trusts` one n/(n+5) a row (absent: words are believed as they are).
        """
        words = [row for row, one in enumerate(self.measures) if one.block != "behaviour"]
        return self.scaler.transform(raw, dict.fromkeys(words, trusts) if trusts is not None else {})

    def axes(self, raw: Floats | Singles, trusts: Floats | Singles | None = None) -> Singles:
        """The weighted axes on which distances are taken."""
        return self.scaled(raw, trusts) * self.weights.astype(np.float32)

    def carry(self, points: Floats, target: Space) -> Floats:
        """Points of this space on the axes of `target`; a feature that only the target has is its middle, 0."""
        moved = np.zeros((len(points), len(target.names)))
        mine = {name: row for row, name in enumerate(self.names)}
        for column, name in enumerate(target.names):
            row = mine.get(name)
            if row is None or self.weights[row] <= 0:
                continue
            here = Scaler(self.scaler.center[[row]], self.scaler.scale[[row]], self.scaler.logged[[row]])
            there = Scaler(
                target.scaler.center[[column]], target.scaler.scale[[column]], target.scaler.logged[[column]]
            )
            scaled = here.carry(points[:, [row]] / self.weights[row], there)
            moved[:, column] = scaled[:, 0] * target.weights[column]
        return moved

    def with_weight(self, block: Block, weight: float) -> Space:
        """The same space with another weight of one block; without it when the weight is 0."""
        if weight <= 0:
            rows = [row for row, one in enumerate(self.measures) if one.block != block]
            scaler = Scaler(self.scaler.center[rows], self.scaler.scale[rows], self.scaler.logged[rows])
            blocks = {name: held for name, held in self.blocks.items() if name != block}
            return Space(tuple(self.measures[row] for row in rows), scaler, blocks)
        return Space(self.measures, self.scaler, {**self.blocks, block: weight})

    def held(self, raw: Floats, of: Sequence[str]) -> Floats:
        """This space's columns out of rows whose columns are `of`."""
        return raw[:, [list(of).index(name) for name in self.names]]

    @classmethod
    def from_doc(cls, data: Mapping[str, Any]) -> Space:
        """As stored in `segmentations/{version}`."""
        found = tuple(TABLE[name] for name in data["featureNames"])
        logged = np.array([one.logged for one in found], dtype=bool)
        center, scale = (np.array(data[name], dtype=float) for name in ("scalerCenter", "scalerScale"))
        return cls(found, Scaler(center, scale, logged), dict(data.get("blocks") or {}))


@dataclass(frozen=True)
class Fitted:
    """A space made for one population, and what had to stay out."""

    space: Space
    words_share: float
    ocean_share: float
    notes: tuple[Localized, ...] = ()


def make(raw: Floats | Singles, measures: Sequence[Measure], trusts: Floats | Singles | None, wanted: Blocks) -> Fitted:
    """The space for these customers.

    Args:
        raw: a row a customer, a column a measure, own units, NaN unknown.
        trusts: n/(n+5) a row, or None where words come without their number.
        wanted: the blocks as an administrator set them.
    """
    count = len(raw)
    known = (~np.isnan(raw)).sum(axis=0) if count else np.zeros(len(measures), dtype=np.int64)
    worded, scored = (_share(known, measures, block, count) for block in ("emotion", "personality"))
    notes: list[Localized] = []
    weights: dict[str, float] = {}
    taken: list[int] = []
    for block in BLOCKS:
        setting = getattr(wanted, block)
        columns = [row for row, one in enumerate(measures) if one.block == block and _varies(raw[:, row], known[row])]
        if not setting.on or setting.weight <= 0:
            continue
        if block == "behaviour":
            columns = [row for row in columns if known[row] >= KNOWN * count]
        elif block == "emotion" and worded * count < WORDS:
            columns = []
        elif block == "personality" and (scored < OCEAN or scored * count < WORDS):
            if scored > 0:
                notes.append(
                    Localized(
                        en=f"Personality is out: {scored:.0%} of customers have a score, it takes {OCEAN:.0%}.",
                        zh=f"未使用性格：{scored:.0%} 的客户有评分，至少需要 {OCEAN:.0%}。",
                    )
                )
            columns = []
        if columns:
            weights[block] = float(setting.weight)
            taken += columns
    if not taken:
        taken = list(range(len(measures)))[: max(1, sum(one.block == "behaviour" for one in measures))]
        weights = {"behaviour": 1.0}
    taken.sort()
    chosen = tuple(measures[row] for row in taken)
    scaler = _scaler(raw[:, taken], chosen, trusts)
    return Fitted(Space(chosen, scaler, weights), worded, scored, tuple(notes))


def _scaler(raw: Floats | Singles, measures: Sequence[Measure], trusts: Floats | Singles | None) -> Scaler:
    """Behaviour around its median; words around their mean, as wide as the shrunk deviations are."""
    scaler = Scaler.fit(raw, np.array([one.logged for one in measures], dtype=bool))
    center, scale = scaler.center.copy(), scaler.scale.copy()
    for column, one in enumerate(measures):
        held = ~np.isnan(raw[:, column])
        if one.block == "behaviour" or not held.any():
            continue
        known = np.sort(raw[held, column].astype(np.float64))
        center[column] = known.mean()
        away = raw[held, column].astype(np.float64) - center[column]
        if trusts is not None:
            away = away * trusts[held]
        away = np.sort(away)
        low, high = np.percentile(away, [25, 75])
        # Shares of a feeling are mostly small with a long tail: the quartiles alone would call every tail extreme.
        scale[column] = max((high - low) / 1.349, float(away.std()), 1e-9)
    return Scaler(center, scale, scaler.logged)


def _varies(column: Floats | Singles, known: int) -> bool:
    if known < 2:
        return False
    return float(np.nanmax(column)) - float(np.nanmin(column)) > 1e-9


def _share(known: Ints, measures: Sequence[Measure], block: Block, count: int) -> float:
    columns = [row for row, one in enumerate(measures) if one.block == block]
    return float(known[columns].max()) / count if columns and count else 0.0
