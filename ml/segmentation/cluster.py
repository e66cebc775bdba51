"""Groups of customers: algorithm and number chosen by their score; says so when the data do not carry six.

The search looks at most at `SAMPLE` customers; the result is refined on all of them. Rows are put in order of their
values first, every seed is fixed and the arithmetic runs on one thread, so the same customers in any order give the
same groups to the last bit.

Gate of the words: who wrote anything must not become a group. While the adjusted mutual information between group and
has-words is `GATE` or more, the emotion block counts half, at most three times, then not at all. Who buys more also
writes more: where the groups of behaviour alone are over the gate already, mood may not add more than `ADDS` to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ml.segmentation.candidates import (
    ALGORITHM_NAMES,
    SEED,
    SMALLEST_SHARE,
    Algorithm,
    Tried,
    by_density,
    by_means,
    judged,
    kmeans,
)
from ml.segmentation.features import Bools, Floats, Ints
from ml.segmentation.quality import Rows, means, mutual_information, nearest, silhouettes
from ml.segmentation.rfm import MINIMUM as RFM_MINIMUM
from schema.base import Localized
from schema.segments import Candidate

__all__ = ["MINIMUM", "Choice", "Fit", "Gate", "fit", "nearest", "silhouettes"]

PER_GROUP = 10
"""Customers that a group must have at least."""
MINIMUM = 20
"""Customers below which there is nothing to group."""
WEAK = 0.15
"""A silhouette below this means groups that overlap: the note says so."""
LEAST = 0.10
"""A silhouette below this means groups that hardly differ from an arbitrary cut: fewer are tried."""
LOYALTY = 0.02
"""What another grouping must gain in score before the former number of groups, or plain K-means, is given up."""
PLAIN = 0.5
"""A silhouette from which groups are plainly there ("reasonable structure", Kaufman and Rousseeuw 1990)."""
PLAIN_GAIN = 0.05
"""What fewer groups than wanted must gain in score over the wanted numbers."""
SAMPLE = 10_000
MINIBATCH_ABOVE = 50_000
GATE = 0.05
ADDS = 0.01
"""What mood may add where the groups of behaviour alone are over the gate already."""
FACTORS = (0.5, 0.25, 0.125)


@dataclass(frozen=True)
class Choice:
    """What an administrator decided about the search."""

    k_min: int = 6
    k_max: int = 10
    pinned_k: int | None = None
    pinned_algorithm: Algorithm | None = None

    @property
    def wanted(self) -> range:
        return range(self.pinned_k, self.pinned_k + 1) if self.pinned_k else range(self.k_min, self.k_max + 1)


@dataclass(frozen=True)
class Gate:
    """Who has words (a mark a row), and the columns that hold the mood."""

    marks: Bools
    columns: Ints


@dataclass(frozen=True)
class Fit:
    """Prototypes on the given axes (none when the data carry no groups), each row's group, and what was tried."""

    prototypes: Floats
    labels: Ints
    silhouette: float | None = None
    candidates: list[Candidate] = field(default_factory=list)
    note: Localized | None = None
    algorithm: Algorithm = "kmeans"
    stability: float | None = None
    cores: Floats = field(default_factory=lambda: np.empty((0, 0)))
    core_groups: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    factor: float = 1.0
    """What the gate of the words left of the mood's weight; the prototypes are on axes with it."""
    words_gate: float | None = None
    words_bound: float | None = None
    """What it had to stay under; None where nothing was asked: no gate, or the mood is out."""

    @property
    def k(self) -> int:
        return len(self.prototypes)


def fit(rows: Rows, former: Floats | None = None, choice: Choice | None = None, gate: Gate | None = None) -> Fit:
    """Group rows of weighted axes.

    `former` are the prototypes in force, on the same axes: they give a warm start and break near-ties.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    picked = choice or Choice()
    count = len(rows)
    keys = rows.T[::-1] if gate is None else np.vstack([gate.marks[None, :], rows.T[::-1]])
    order = np.lexsort(keys)
    sampled = order if count <= SAMPLE else order[np.sort(_generator().choice(count, SAMPLE, replace=False))]
    sample = rows[sampled]
    distinct = len(np.unique(sample.round(9), axis=0)) if count else 0
    most = min(picked.wanted[-1], count // PER_GROUP, distinct // 2)
    if count < MINIMUM or most < 2:
        return Fit(np.empty((0, rows.shape[1])), np.full(count, -1, dtype=np.int64), note=_too_few(count, distinct))
    with threadpool_limits(limits=1):
        factor, known, bound = 1.0, None, None
        if gate is None or len(gate.columns) == 0:
            tried, best = _search(sample, most, former, picked)
        else:
            tried, best, factor, known, bound = _through_gate(sample, most, former, picked, gate, gate.marks[sampled])
            if factor != 1.0:
                rows = _dampened(rows, gate.columns, factor)
                sample = rows[sampled]
                former = None if former is None else _dampened(former, gate.columns, factor)
        found = _refined(rows, order, best, former) if count > SAMPLE else best
        turn = np.lexsort(found.prototypes.T[::-1])
        prototypes = found.prototypes[turn]
        core_groups = np.argsort(turn)[found.core_groups] if len(found.cores) else found.core_groups
        labels = nearest(prototypes, rows) if not len(found.cores) else core_groups[nearest(found.cores, rows)]
        silhouette = best.silhouette if count <= SAMPLE else silhouettes(sample, [labels[sampled]])[0]
    return Fit(
        prototypes,
        labels,
        round(silhouette, 4),
        [one.to_candidate(one is best) for one in tried],
        _note(best, tried, count, distinct, picked),
        best.algorithm,
        None if best.stability is None else round(best.stability, 4),
        found.cores,
        core_groups,
        factor,
        known,
        bound,
    )


def _through_gate(
    sample: Rows, most: int, former: Floats | None, choice: Choice, gate: Gate, marks: Bools
) -> tuple[list[Tried], Tried, float, float, float | None]:
    """The search with the largest weight of the mood that keeps has-words from being a group; last, by what bound."""

    def attempt(factor: float) -> tuple[list[Tried], Tried, float, float]:
        rows = _dampened(sample, gate.columns, factor)
        held = None if former is None else _dampened(former, gate.columns, factor)
        tried, best = _search(rows, most, held, choice)
        return tried, best, factor, round(mutual_information(best.labels, marks), 4)

    found = attempt(1.0)
    if found[3] < GATE:
        return *found, GATE
    k = found[1].k

    def quick(factor: float) -> float:
        rows = _dampened(sample, gate.columns, factor)
        return mutual_information(nearest(kmeans(rows, k, 2)[0], rows), marks)

    # Who buys more writes more: where behaviour alone follows who wrote, mood must not add to it.
    bound = max(GATE, quick(0.0) + ADDS)
    if found[3] < bound:
        return *found, round(bound, 4)
    for factor in FACTORS:
        if quick(factor) < bound:
            found = attempt(factor)
            if found[3] < bound + ADDS:
                return *found, round(bound + ADDS, 4)
    return *attempt(0.0), None


def _dampened(rows: Any, columns: Ints, factor: float) -> Any:
    """A copy of the rows whose `columns` count `factor`."""
    out = rows.copy()
    out[:, columns] *= factor
    return out


def _search(sample: Rows, most: int, former: Floats | None, choice: Choice) -> tuple[list[Tried], Tried]:
    wanted = choice.wanted
    numbers = [k for k in wanted if k <= most]
    if not choice.pinned_k or not numbers:
        numbers = [*range(2, min(wanted[0], most + 1)), *numbers]
    tried = by_means(sample, numbers, former)
    if choice.pinned_algorithm != "kmeans":
        names: tuple[Algorithm, ...] = ("dbscan", "hdbscan")
        found = [by_density(sample, name, wanted[0], wanted[-1]) for name in names]
        tried += [one for one in found if one]
    tried = judged(tried, sample, lambda one: one.k >= wanted[0] or one.silhouette >= PLAIN)
    if not any(_clear(one) and one.k in wanted for one in tried):
        tried = judged(tried, sample)
    return tried, _choose(tried, None if former is None else len(former), choice)


def _clear(one: Tried) -> bool:
    return one.sound and one.silhouette >= LEAST


def _choose(tried: Sequence[Tried], former: int | None, choice: Choice) -> Tried:
    """The best score among the sound and clear ones of the wanted numbers, unless fewer groups are plainly there; else
    among fewer clear ones, else among the sound, else the most even division.
    """
    pinned = [one for one in tried if one.algorithm == choice.pinned_algorithm and one.sound and one.k in choice.wanted]
    if not pinned and choice.pinned_k:
        pinned = [one for one in tried if one.algorithm == "kmeans" and one.k == choice.pinned_k]
    clear = [one for one in tried if _clear(one)]
    pool = pinned or [one for one in clear if one.k in choice.wanted]
    if pool and not pinned:
        reached = max(one.score for one in pool)
        plain = [one for one in clear if one.k < choice.wanted[0] and one.silhouette >= PLAIN]
        pool = [one for one in plain if one.score >= reached + PLAIN_GAIN] or pool
    pool = pool or clear or [one for one in tried if one.sound]
    if not pool:
        return max((one for one in tried if one.out is None), key=lambda one: (one.share, -one.k))

    def worth(one: Tried) -> float:
        return one.score - (0.0 if one.algorithm == "kmeans" else LOYALTY)

    best = max(pool, key=lambda one: (round(worth(one), 9), -one.k))
    kept = [one for one in pool if one.k == former and worth(one) >= worth(best) - LOYALTY]
    return kept[0] if kept else best


def _refined(rows: Rows, order: Ints, best: Tried, former: Floats | None) -> Tried:
    """A grouping found on a sample, moved to where all customers put it."""
    from dataclasses import replace

    from sklearn.cluster import MiniBatchKMeans

    if len(best.cores):
        labels = best.core_groups[nearest(best.cores, rows)]
        return replace(best, prototypes=means(rows[order], labels[order], best.prototypes))
    ordered = rows[order]
    prototypes = best.prototypes
    warm = former is not None and len(former) == len(prototypes)
    if len(rows) > MINIBATCH_ABOVE and not warm:
        # In order of value neighbours are alike; batches are drawn at random by the model itself.
        model = MiniBatchKMeans(
            len(prototypes), init=prototypes.astype(rows.dtype), n_init=1, batch_size=4096, max_iter=5,
            random_state=SEED, reassignment_ratio=0.0,
        )  # fmt: skip
        prototypes = np.asarray(model.fit(ordered).cluster_centers_, dtype=np.float64)
    rounds = 300 if len(rows) <= MINIBATCH_ABOVE else 30
    return replace(best, prototypes=kmeans(ordered, prototypes, 1, rounds)[0])


def _generator() -> np.random.Generator:
    return np.random.default_rng(SEED)


def _too_few(count: int, distinct: int) -> Localized:
    if count < MINIMUM:
        return Localized(
            en=f"Groups need at least {MINIMUM} customers with an order, RFM scores {RFM_MINIMUM}; there are {count}.",
            zh=f"分群至少需要 {MINIMUM} 位有订单的客户，RFM 评分至少 {RFM_MINIMUM} 位，目前有 {count} 位。",
        )
    return Localized(
        en=f"{count} customers show only {distinct} different {'behaviour' if distinct == 1 else 'behaviours'}; "
        "two groups need at least 4.",
        zh=f"{count} 位客户只有 {distinct} 种不同的行为，分成两组至少需要 4 种。",
    )


def _note(best: Tried, tried: Sequence[Tried], count: int, distinct: int, choice: Choice) -> Localized | None:
    """Which condition for enough clear groups is not met, and how far it is; None when all are."""
    wanted = choice.wanted
    first = wanted[0]
    fewer_en = f"{best.k} groups instead of {first}"
    fewer_zh = f"只分成 {best.k} 组而不是 {first} 组"
    if best.k not in wanted and count < first * PER_GROUP:
        return Localized(
            en=f"{fewer_en}: {first} need {first * PER_GROUP} customers with an order, there are {count}.",
            zh=f"{fewer_zh}：{first} 组需要 {first * PER_GROUP} 位有订单的客户，目前有 {count} 位。",
        )
    if best.k not in wanted and distinct < first * 2:
        return Localized(
            en=f"{fewer_en}: {first} need {first * 2} different behaviours, the data show {distinct}.",
            zh=f"{fewer_zh}：{first} 组需要 {first * 2} 种不同的行为，数据中有 {distinct} 种。",
        )
    if best.silhouette < WEAK:
        return Localized(
            en=f"The groups overlap: the silhouette is {best.silhouette:.2f}, clear groups reach {WEAK}. "
            "Read them as a rough division.",
            zh=f"各组有重叠：轮廓系数为 {best.silhouette:.2f}，清晰的分组应达到 {WEAK}。请视为粗略划分。",
        )
    tries = [one for one in tried if one.k in wanted and one.out is None]
    if best.k not in wanted and tries:
        wide = max(tries, key=lambda one: one.silhouette)
        if best.silhouette >= PLAIN:
            return Localized(
                en=f"{fewer_en}: their silhouette is {best.silhouette:.2f}, with {wide.k} it is {wide.silhouette:.2f}.",
                zh=f"{fewer_zh}：轮廓系数为 {best.silhouette:.2f}，分 {wide.k} 组时为 {wide.silhouette:.2f}。",
            )
        return Localized(
            en=f"{fewer_en}: with {wide.k} the silhouette is {wide.silhouette:.2f} (at least {LEAST}) "
            f"and the smallest group {wide.share:.1%} (at least {SMALLEST_SHARE:.0%}).",
            zh=f"{fewer_zh}：分 {wide.k} 组时轮廓系数为 {wide.silhouette:.2f}（至少 {LEAST}），"
            f"最小一组占 {wide.share:.1%}（至少 {SMALLEST_SHARE:.0%}）。",
        )
    if choice.pinned_algorithm and best.algorithm != choice.pinned_algorithm:
        reason = next((one.out for one in tried if one.algorithm == choice.pinned_algorithm and one.out), None)
        pinned, serving = ALGORITHM_NAMES[choice.pinned_algorithm], ALGORITHM_NAMES[best.algorithm]
        return Localized(
            en=f"{pinned} could not be used; {serving} serves. {reason.en if reason else ''}",
            zh=f"已指定 {pinned}，但无法使用，改用 {serving}。{reason.zh if reason else ''}",
        )
    return None
