"""Groupings that are tried: K-means for each number of groups, DBSCAN and HDBSCAN on a sample. What each one earned.

The score is 0.6 x silhouette + 0.3 x stability + 0.1 x balance: how clear the groups are, whether another sample of the
same customers gives them again, and whether they share the customers out. A density grouping says which rows are noise;
those count 0 in its silhouette, and are placed with the nearest core afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from ml.segmentation.features import Floats, Ints, Singles
from ml.segmentation.quality import (
    STABILITY_ROWS,
    Rows,
    balance,
    lloyd,
    means,
    nearest,
    seeds,
    silhouettes,
    stability,
)
from schema.base import Localized
from schema.segments import Candidate

Algorithm = Literal["kmeans", "dbscan", "hdbscan"]
ALGORITHM_NAMES = {"kmeans": "K-means", "dbscan": "DBSCAN", "hdbscan": "HDBSCAN", "rfm": "RFM"}
"""What a reader meets, the same in both languages."""
SEED = 20_240_601
STARTS = 5
SMALLEST_SHARE = 0.01
MOST_NOISE = 0.20
MOST_CORES = 500
DENSITY_ROWS = 5_000
NEIGHBOURS = 10
"""Neighbours within reach that make a core (and a group's least size where customers are few)."""
SHARES = (0.01, 0.025, 0.05)
"""Least sizes of a density group that are tried, as shares of the sample."""
REACHES = (1.0, 0.85, 0.7)
"""Reaches that are tried, as shares of the one at the knee of the distances to the tenth neighbour."""


@dataclass(frozen=True)
class Tried:
    """One grouping of the sample.

    `prototypes` are the groups' means (k x d); `cores` (with `core_groups`) decide where a row belongs when there are
    any. `labels` are the sample's groups as delivered.
    """

    algorithm: Algorithm
    prototypes: Floats
    labels: Ints
    cores: Floats
    core_groups: Ints
    noise: float = 0.0
    silhouette: float = 0.0
    stability: float | None = None
    balance: float = 0.0
    smallest: int = 0
    share: float = 0.0
    out: Localized | None = None
    marked: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Labels with -1 for noise."""
    setting: float | None = None
    """Of a density grouping: its entry of `SHARES` or `REACHES`. A refit asks for the same."""

    @property
    def k(self) -> int:
        return len(self.prototypes)

    @property
    def sound(self) -> bool:
        return self.out is None and self.share >= SMALLEST_SHARE and self.smallest > 0

    @property
    def score(self) -> float:
        return 0.6 * self.silhouette + 0.3 * (self.stability or 0.0) + 0.1 * self.balance

    def to_candidate(self, chosen: bool) -> Candidate:
        small = Localized(
            en=f"Its smallest group holds {self.share:.1%}; at least {SMALLEST_SHARE:.0%} is asked.",
            zh=f"最小一组仅占 {self.share:.1%}，至少需要 {SMALLEST_SHARE:.0%}。",
        )
        return Candidate(
            algorithm=self.algorithm,
            k=self.k,
            silhouette=round(self.silhouette, 4),
            smallest_share=round(self.share, 4),
            stability=None if self.stability is None else round(self.stability, 4),
            balance=round(self.balance, 4),
            noise=round(self.noise, 4),
            score=None if self.out or self.stability is None else round(self.score, 4),
            out=self.out or (None if self.sound or chosen else small),
            chosen=chosen,
        )


def by_means(sample: Rows, numbers: Sequence[int], former: Floats | None) -> list[Tried]:
    """One K-means a number; a start from as many former prototypes wins unless a fresh one is tighter."""
    found = []
    for k in numbers:
        centers, inertia = kmeans(sample, k, STARTS)
        if former is not None and len(former) == k:
            warm, warm_inertia = kmeans(sample, former, 1)
            if warm_inertia <= 1.02 * inertia:
                centers = warm
        labels = nearest(centers, sample)
        found.append(_tried("kmeans", sample, labels, labels, centers))
    return found


def by_density(sample: Rows, algorithm: Algorithm, least: int, most: int) -> Tried | None:
    """The best of a few settings of DBSCAN or HDBSCAN, out with its reason when it makes too much noise, under `least`
    or over `most` groups. None when the sample is too small to have a density.
    """
    rows = sample
    if len(rows) > DENSITY_ROWS:
        rows = rows[np.sort(np.random.default_rng(SEED).choice(len(rows), DENSITY_ROWS, replace=False))]
    if len(rows) < 6 * NEIGHBOURS:
        return None
    best: tuple[tuple[bool, float, float], Ints, Ints, float] | None = None
    for setting in SHARES if algorithm == "hdbscan" else REACHES:
        marked, core = _density(rows, algorithm, setting)
        k, noise = int(marked.max()) + 1, float((marked < 0).mean())
        if k < 1:
            continue
        fits = noise <= MOST_NOISE and least <= k <= most
        clear = silhouettes(rows, [marked])[0] if fits else 0.0
        worth = (fits, clear, -noise - abs(k - least))
        if best is None or worth > best[0]:
            best = (worth, marked, core, setting)
    if best is None:
        return None
    _, marked, core, setting = best
    cores, groups = _thinned(rows, marked, core)
    delivered = groups[nearest(cores, sample)]
    k, noise = int(marked.max()) + 1, float((marked < 0).mean())
    centers = means(sample, delivered, np.zeros((k, sample.shape[1])))
    shown = delivered if noise == 0 else _with_noise(rows, marked, sample, delivered)
    found = _tried(algorithm, sample, delivered, shown, centers)
    return replace(
        found, cores=cores, core_groups=groups, noise=noise, out=_out(noise, k, least, most), setting=setting
    )


def judged(tried: Sequence[Tried], sample: Rows, worthy: Callable[[Tried], bool] = lambda one: True) -> list[Tried]:
    """The same groupings with silhouette, and the worthy ones with stability; refits take `STABILITY_ROWS` rows."""
    if not tried:
        return []
    scores = [one.silhouette for one in tried]
    if not any(scores):
        scores = silhouettes(sample, [one.marked for one in tried])
    rows, picked = sample, np.arange(len(sample))
    if len(sample) > STABILITY_ROWS:
        picked = np.sort(np.random.default_rng(SEED + 1).choice(len(sample), STABILITY_ROWS, replace=False))
        rows = sample[picked]
    found = []
    for one, score in zip(tried, scores, strict=True):
        held = replace(one, silhouette=score)
        if held.stability is None and held.out is None and worthy(held):
            held = replace(held, stability=_stability(held, rows, held.labels[picked]))
        found.append(held)
    return found


def kmeans(rows: Rows, start: int | Floats, starts: int, rounds: int = 300) -> tuple[Floats, float]:
    """Lloyd's algorithm from `starts` seeded starts, or from given centers: the centers and their inertia."""
    from sklearn.cluster import KMeans

    if isinstance(start, int):
        model = KMeans(start, n_init=starts, random_state=SEED, tol=1e-6, max_iter=rounds)
    else:
        first = np.ascontiguousarray(start, dtype=rows.dtype)
        model = KMeans(len(start), init=first, n_init=1, random_state=SEED, tol=1e-6, max_iter=rounds)
    model.fit(rows)
    return np.asarray(model.cluster_centers_, dtype=np.float64), float(model.inertia_)


def _tried(algorithm: Algorithm, sample: Rows, labels: Ints, marked: Ints, centers: Floats) -> Tried:
    k = len(centers)
    smallest = int(np.bincount(labels, minlength=k).min())
    empty = np.empty((0, sample.shape[1]))
    return Tried(
        algorithm, centers, labels, empty, np.empty(0, dtype=np.int64),
        balance=balance(labels, k), smallest=smallest, share=smallest / len(sample), marked=marked,
    )  # fmt: skip


def _density(rows: Rows, algorithm: Algorithm, setting: float) -> tuple[Ints, Ints]:
    """Labels with -1 for noise, and the rows that are cores."""
    if algorithm == "hdbscan":
        from sklearn.cluster import HDBSCAN

        least = max(NEIGHBOURS, round(setting * len(rows)))
        model = HDBSCAN(min_cluster_size=least, min_samples=NEIGHBOURS, copy=False).fit(rows)
        labels = np.asarray(model.labels_, dtype=np.int64)
        return labels, np.flatnonzero((labels >= 0) & (model.probabilities_ >= 0.5))
    from sklearn.cluster import DBSCAN

    model = DBSCAN(eps=setting * reach(rows), min_samples=NEIGHBOURS).fit(rows)
    labels = np.asarray(model.labels_, dtype=np.int64)
    return labels, np.asarray(model.core_sample_indices_, dtype=np.int64)


def reach(rows: Rows) -> float:
    """DBSCAN's eps: the distance to the tenth neighbour at the knee of its sorted curve (farthest from its chord)."""
    from sklearn.neighbors import NearestNeighbors

    away = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(rows).kneighbors(rows)[0][:, -1]
    curve = np.sort(away).astype(np.float64)
    rise = curve[-1] - curve[0]
    if rise <= 0:
        return float(max(curve[-1], 1e-6))
    below = np.linspace(0.0, 1.0, len(curve)) - (curve - curve[0]) / rise
    return float(max(curve[int(below.argmax())], 1e-6))


def _thinned(rows: Rows, marked: Ints, core: Ints) -> tuple[Floats, Ints]:
    """At most `MOST_CORES` cores: every m-th of each group (rows are in order of their values), at least one each."""
    core = core[marked[core] >= 0]
    k = int(marked.max()) + 1
    kept: list[Ints] = []
    for group in range(k):
        mine = core[marked[core] == group]
        if len(mine) == 0:
            mine = np.flatnonzero(marked == group)
        quota = max(1, min(len(mine), (MOST_CORES - k) * len(mine) // max(1, len(core))))
        kept.append(mine[np.linspace(0, len(mine) - 1, quota).round().astype(np.int64)])
    chosen = np.concatenate(kept)
    return rows[chosen].astype(np.float64), marked[chosen]


def _with_noise(rows: Rows, marked: Ints, sample: Rows, delivered: Ints) -> Ints:
    """The sample's labels with -1 where the nearest row of the density's own sample is noise."""
    if len(rows) == len(sample):
        return marked
    from sklearn.neighbors import NearestNeighbors

    beside = NearestNeighbors(n_neighbors=1).fit(rows).kneighbors(sample)[1][:, 0]
    return np.where(marked[beside] < 0, -1, delivered)


def _stability(one: Tried, rows: Rows, labels: Ints) -> float:
    def means_again(drawn: Rows, generator: np.random.Generator) -> Ints:
        best: tuple[float, Floats] | None = None
        for _ in range(2):
            centers, held = lloyd(drawn, seeds(drawn, one.k, generator), 15, 1e-3)
            spread = float(np.square(drawn - centers[held]).sum())
            if best is None or spread < best[0]:
                best = (spread, centers)
        assert best is not None
        return nearest(best[1], rows)

    def density_again(drawn: Rows, generator: np.random.Generator) -> Ints:
        # A row drawn twice would make a density of its own: what is left out is what varies.
        unique: Singles = np.unique(drawn, axis=0).astype(np.float32)
        assert one.setting is not None
        marked, core = _density(unique, one.algorithm, one.setting)
        if int(marked.max()) < 0:
            return np.zeros(len(rows), dtype=np.int64)
        cores, groups = _thinned(unique, marked, core)
        return groups[nearest(cores, rows)]

    return stability(rows, labels, means_again if one.algorithm == "kmeans" else density_again, SEED)


def _out(noise: float, k: int, least: int, most: int) -> Localized | None:
    if noise > MOST_NOISE:
        return Localized(
            en=f"It calls {noise:.0%} of the customers noise; {MOST_NOISE:.0%} is the most.",
            zh=f"它把 {noise:.0%} 的客户视为噪声，上限为 {MOST_NOISE:.0%}。",
        )
    if k < least:
        return Localized(
            en=f"It finds {k} {'group' if k == 1 else 'groups'}; {least} are wanted.",
            zh=f"仅找到 {k} 组，需要 {least} 组。",
        )
    if k > most:
        return Localized(en=f"It finds {k} groups; {most} are the most.", zh=f"找到 {k} 组，上限为 {most} 组。")
    return None
