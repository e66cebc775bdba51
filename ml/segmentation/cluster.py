"""K-means groups of customers, their number chosen by silhouette; says so when the data do not carry them.

The number is searched on at most `SAMPLE` customers and the result refined on all of them. Rows are put in order of
their values first, every seed is fixed and the arithmetic runs on one thread, so the same customers in any order give
the same groups to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ml.segmentation.features import Floats, Ints
from ml.segmentation.rfm import MINIMUM as RFM_MINIMUM
from schema.base import Localized
from schema.segments import Candidate

SEED = 20_240_601
WANTED = range(6, 11)
FEWER = range(2, 6)
PER_GROUP = 10
"""Customers that a group must have at least."""
MINIMUM = 20
"""Customers below which there is nothing to group."""
SMALLEST_SHARE = 0.01
WEAK = 0.15
"""A silhouette below this means groups that hardly differ from an arbitrary cut."""
LOYALTY = 0.02
"""What the best other number of groups must gain in silhouette before the former number is given up."""
SAMPLE = 10_000
MINIBATCH_ABOVE = 50_000
STARTS = 5


@dataclass(frozen=True)
class Fit:
    """Prototypes on the scaled axes (none when the data carry no groups), each row's group, and what was tried."""

    prototypes: Floats
    labels: Ints
    silhouette: float | None = None
    candidates: list[Candidate] = field(default_factory=list)
    note: Localized | None = None

    @property
    def k(self) -> int:
        return len(self.prototypes)


@dataclass(frozen=True)
class _Tried:
    k: int
    prototypes: Floats
    silhouette: float
    smallest: int
    share: float

    @property
    def sound(self) -> bool:
        return self.share >= SMALLEST_SHARE and self.smallest > 0


def fit(rows: Floats, former: Floats | None = None) -> Fit:
    """Group scaled rows.

    `former` are the prototypes in force, on the same axes: they give a warm start and break near-ties.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    count = len(rows)
    ordered = rows[np.lexsort(rows.T[::-1])]
    distinct = len(np.unique(ordered.round(9), axis=0)) if count else 0
    most = min(WANTED[-1], count // PER_GROUP, distinct // 2)
    if count < MINIMUM or most < 2:
        return Fit(np.empty((0, rows.shape[1])), np.full(count, -1, dtype=np.int64), note=_too_few(count, distinct))
    with threadpool_limits(limits=1):
        sample = ordered if count <= SAMPLE else ordered[np.sort(_generator().choice(count, SAMPLE, replace=False))]
        tried = _search(sample, [k for k in WANTED if k <= most], former)
        if not any(one.sound and one.silhouette >= WEAK for one in tried):
            tried = _search(sample, [k for k in FEWER if k <= most], former) + tried
        best = _choose(tried, None if former is None else len(former))
        prototypes = best.prototypes if count <= SAMPLE else _refine(ordered, best.prototypes, former)
        prototypes = prototypes[np.lexsort(prototypes.T[::-1])]
        silhouette = best.silhouette if count <= SAMPLE else silhouettes(sample, [nearest(prototypes, sample)])[0]
    candidates = [
        Candidate(k=one.k, silhouette=round(one.silhouette, 4), smallest_share=round(one.share, 4), chosen=one is best)
        for one in tried
    ]
    return Fit(
        prototypes, nearest(prototypes, rows), round(silhouette, 4), candidates, _note(best, tried, count, distinct)
    )


def nearest(prototypes: Floats, rows: Floats) -> Ints:
    """The index of each row's nearest prototype; the lowest on a tie. Used for every assignment there is."""
    labels = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), 20_000):
        part = rows[start : start + 20_000]
        # Differences, not the expanded square: exact ties stay ties and no precision is lost far from the origin.
        distance = np.square(part[:, None, :] - prototypes[None, :, :]).sum(axis=2)
        labels[start : start + 20_000] = distance.argmin(axis=1)
    return labels


def silhouettes(rows: Floats, labelings: Sequence[Ints]) -> list[float]:
    """The mean silhouette of each labeling: all of them in one pass over the distances, which cost the most.

    (b - a) / max(a, b) a row, a = mean distance within its group, b = mean distance to the nearest other group; 0 for a
    row alone in its group (Rousseeuw 1987).
    """
    offsets = np.cumsum([0, *(int(labels.max()) + 1 for labels in labelings)])
    member = np.zeros((len(rows), int(offsets[-1])))
    for labels, offset in zip(labelings, offsets, strict=False):
        member[np.arange(len(rows)), labels + offset] = 1.0
    sizes = member.sum(axis=0)
    squares = np.square(rows).sum(axis=1)
    totals = np.zeros(len(labelings))
    for start in range(0, len(rows), 512):
        block = slice(start, min(start + 512, len(rows)))
        distance = np.sqrt(np.maximum(squares[block, None] + squares[None, :] - 2.0 * rows[block] @ rows.T, 0.0))
        distance[np.arange(distance.shape[0]), np.arange(block.start, block.stop)] = 0.0
        sums = distance @ member
        for index, labels in enumerate(labelings):
            span = slice(int(offsets[index]), int(offsets[index + 1]))
            totals[index] += _block_silhouette(sums[:, span], sizes[span], labels[block])
    return [float(total) / len(rows) for total in totals]


def _block_silhouette(sums: Floats, sizes: Floats, own: Ints) -> float:
    here = np.arange(len(own))
    with np.errstate(invalid="ignore", divide="ignore"):
        within = sums[here, own] / (sizes[own] - 1)
        between = np.where(sizes > 0, sums / sizes, np.inf)
        between[here, own] = np.inf
        best = between.min(axis=1)
        score = (best - within) / np.maximum(best, within)
    return float(np.where((sizes[own] > 1) & np.isfinite(score), score, 0.0).sum())


def _search(sample: Floats, numbers: Sequence[int], former: Floats | None) -> list[_Tried]:
    """One fit for each number of groups; a start from as many former prototypes wins unless a fresh one is tighter."""
    if not numbers:
        return []
    found: list[Floats] = []
    for k in numbers:
        centers, inertia = _kmeans(sample, k, STARTS)
        if former is not None and len(former) == k:
            warm, warm_inertia = _kmeans(sample, former, 1)
            if warm_inertia <= 1.02 * inertia:
                centers = warm
        found.append(centers)
    labelings = [nearest(centers, sample) for centers in found]
    scores = silhouettes(sample, labelings)
    tried = []
    for k, centers, labels, score in zip(numbers, found, labelings, scores, strict=True):
        smallest = int(np.bincount(labels, minlength=k).min())
        tried.append(_Tried(k, centers, score, smallest, smallest / len(sample)))
    return tried


def _choose(tried: Sequence[_Tried], former: int | None) -> _Tried:
    """The best silhouette among the sound and clear ones, else among the sound, else the most even division."""
    clear = [one for one in tried if one.sound and one.silhouette >= WEAK]
    pool = [one for one in clear if one.k in WANTED] or clear or [one for one in tried if one.sound]
    if not pool:
        return max(tried, key=lambda one: (one.share, -one.k))
    best = max(pool, key=lambda one: (one.silhouette, -one.k))
    kept = [one for one in pool if one.k == former and one.silhouette >= best.silhouette - LOYALTY]
    return kept[0] if kept else best


def _refine(rows: Floats, prototypes: Floats, former: Floats | None) -> Floats:
    """Prototypes found on a sample, moved to where all customers put them."""
    from sklearn.cluster import MiniBatchKMeans

    warm = former is not None and len(former) == len(prototypes)
    if len(rows) > MINIBATCH_ABOVE and not warm:
        model = MiniBatchKMeans(
            len(prototypes), init=prototypes, n_init=1, batch_size=4096, max_iter=20, random_state=SEED
        )
        # In order of value neighbours are alike; batches are drawn at random by the model itself.
        prototypes = np.asarray(model.fit(rows).cluster_centers_, dtype=np.float64)
    return _kmeans(rows, prototypes, 1)[0]


def _kmeans(rows: Floats, start: int | Floats, starts: int) -> tuple[Floats, float]:
    """Lloyd's algorithm from `starts` seeded starts, or from given centers: the centers and their inertia."""
    from sklearn.cluster import KMeans

    if isinstance(start, int):
        model = KMeans(start, n_init=starts, random_state=SEED, tol=1e-6, max_iter=300)
    else:
        model = KMeans(
            len(start), init=np.ascontiguousarray(start), n_init=1, random_state=SEED, tol=1e-6, max_iter=300
        )
    model.fit(rows)
    return np.asarray(model.cluster_centers_, dtype=np.float64), float(model.inertia_)


def _generator() -> np.random.Generator:
    return np.random.default_rng(SEED)


def _too_few(count: int, distinct: int) -> Localized:
    if count < MINIMUM:
        return Localized(
            en=f"Groups need at least {MINIMUM} customers with an order, RFM scores {RFM_MINIMUM}; there are {count}.",
            zh=f"分群至少需要 {MINIMUM} 位有订单的顾客，RFM 评分至少 {RFM_MINIMUM} 位，目前有 {count} 位。",
        )
    return Localized(
        en=f"{count} customers show only {distinct} different behaviours; two groups need at least 4. RFM scores only.",
        zh=f"{count} 位顾客只有 {distinct} 种不同的行为，分成两组至少需要 4 种。仅提供 RFM 评分。",
    )


def _note(best: _Tried, tried: Sequence[_Tried], count: int, distinct: int) -> Localized | None:
    """Which condition for six clear groups is not met, and how far it is; None when all are."""
    first = WANTED[0]
    fewer_en = f"{best.k} groups instead of {first}"
    fewer_zh = f"只分成 {best.k} 组而不是 {first} 组"
    if best.k not in WANTED and count < first * PER_GROUP:
        return Localized(
            en=f"{fewer_en}: {first} need {first * PER_GROUP} customers with an order, there are {count}.",
            zh=f"{fewer_zh}：{first} 组需要 {first * PER_GROUP} 位有订单的顾客，目前有 {count} 位。",
        )
    if best.k not in WANTED and distinct < first * 2:
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
    if best.k not in WANTED:
        wide = max((one for one in tried if one.k in WANTED), key=lambda one: one.silhouette)
        return Localized(
            en=f"{fewer_en}: with {wide.k} the silhouette is {wide.silhouette:.2f} (clear from {WEAK}) "
            f"and the smallest group {wide.share:.1%} (at least {SMALLEST_SHARE:.0%}).",
            zh=f"{fewer_zh}：分 {wide.k} 组时轮廓系数为 {wide.silhouette:.2f}（{WEAK} 以上才清晰），"
            f"最小一组占 {wide.share:.1%}（至少 {SMALLEST_SHARE:.0%}）。",
        )
    return None
