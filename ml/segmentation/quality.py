"""How good a grouping is: nearest groups, silhouette, agreement of two groupings, evenness of sizes. Pure NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ml.segmentation.features import Bools, Floats, Ints, Singles

Rows = Floats | Singles
REFITS = 8
STABILITY_ROWS = 1_000
CHUNK_NUMBERS = 500_000
"""Numbers held at a time while distances are taken: what fits the processor's cache is several times faster."""


def squares(points: Floats, rows: Rows) -> Floats:
    """Squared distance of every row (n) to every point (p): n x p.

    Differences, not the expanded square: exact ties stay ties and no precision is lost far from the origin.
    """
    out = np.empty((len(rows), len(points)), dtype=rows.dtype)
    aligned = points.astype(rows.dtype)
    step = max(1, CHUNK_NUMBERS // max(1, rows.shape[1]))
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        for index, point in enumerate(aligned):
            away = part - point
            out[start : start + step, index] = np.einsum("ij,ij->i", away, away)
    return out


def nearest(prototypes: Floats, rows: Rows) -> Ints:
    """The index of each row's nearest prototype; the lowest on a tie. Used for every assignment there is."""
    labels = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), 50_000):
        labels[start : start + 50_000] = squares(prototypes, rows[start : start + 50_000]).argmin(axis=1)
    return labels


def silhouettes(rows: Rows, labelings: Sequence[Ints]) -> list[float]:
    """The mean silhouette of each labeling: all of them in one pass over the distances, which cost the most.

    (b - a) / max(a, b) a row, a = mean distance within its group, b = mean distance to the nearest other group; 0 for a
    row alone in its group (Rousseeuw 1987). A row labelled -1 (noise) is in no group and counts 0.
    """
    offsets = np.cumsum([0, *(int(labels.max(initial=-1)) + 1 for labels in labelings)])
    member = np.zeros((len(rows), int(offsets[-1])), dtype=rows.dtype)
    for labels, offset in zip(labelings, offsets, strict=False):
        grouped = np.flatnonzero(labels >= 0)
        member[grouped, labels[grouped] + offset] = 1.0
    sizes = member.sum(axis=0)
    lengths = np.square(rows).sum(axis=1)
    totals = np.zeros(len(labelings))
    for start in range(0, len(rows), 512):
        block = slice(start, min(start + 512, len(rows)))
        distance = np.sqrt(np.maximum(lengths[block, None] + lengths[None, :] - 2.0 * rows[block] @ rows.T, 0.0))
        distance[np.arange(distance.shape[0]), np.arange(block.start, block.stop)] = 0.0
        sums = distance @ member
        for index, labels in enumerate(labelings):
            span = slice(int(offsets[index]), int(offsets[index + 1]))
            own = labels[block]
            held = own >= 0
            totals[index] += _block_silhouette(sums[held][:, span], sizes[span], own[held])
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


def adjusted_rand(one: Ints, other: Ints) -> float:
    """Agreement of two groupings of the same rows: 1 alike, 0 as by chance (Hubert and Arabie 1985)."""
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(table, (one, other), 1.0)

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / max(1.0, len(one) * (len(one) - 1) / 2)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def stability(rows: Rows, labels: Ints, refit: Callable[[Rows, np.random.Generator], Ints], seed: int) -> float:
    """Mean adjusted Rand index of the grouping with `REFITS` groupings found on bootstrap samples.

    `refit(drawn, generator)` groups a bootstrap sample anew and returns the labels of `rows`.
    """
    total = 0.0
    for number in range(REFITS):
        generator = np.random.default_rng([seed, number])
        drawn = rows[np.sort(generator.integers(0, len(rows), len(rows)))]
        total += adjusted_rand(labels, refit(drawn, generator))
    return total / REFITS


def balance(labels: Ints, k: int) -> float:
    """Entropy of the group sizes over its maximum: 1 for even sizes, towards 0 when one group holds everybody."""
    if k < 2:
        return 0.0
    shares = np.bincount(labels[labels >= 0], minlength=k) / max(1, int((labels >= 0).sum()))
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum() / np.log(k))


def lloyd(rows: Rows, start: Floats, rounds: int, tolerance: float = 1e-5) -> tuple[Floats, Ints]:
    """Lloyd's algorithm from given centres; a centre without rows stays where it is.

    Ends when no centre moved further than `tolerance`. Returns the centres and each row's nearest.
    """
    centres = np.array(start, dtype=np.float64)
    labels = nearest(centres, rows)
    for _ in range(rounds):
        moved = means(rows, labels, centres)
        shift = float(np.abs(moved - centres).max(initial=0.0))
        centres = moved
        labels = nearest(centres, rows)
        if shift <= tolerance:
            break
    return centres, labels


def means(rows: Rows, labels: Ints, otherwise: Floats) -> Floats:
    """The mean row of each group; the row of `otherwise` for a group without members."""
    k = len(otherwise)
    held = labels >= 0
    counts = np.bincount(labels[held], minlength=k)
    sums = np.empty((k, rows.shape[1]))
    for column in range(rows.shape[1]):
        sums[:, column] = np.bincount(labels[held], weights=rows[held, column], minlength=k)
    found: Floats = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], otherwise)
    return found


def seeds(rows: Rows, k: int, generator: np.random.Generator) -> Floats:
    """k starting centres (greedy k-means++, Arthur and Vassilvitskii 2007).

    Each is the best of a few rows drawn with odds of their squared distance to the centres before.
    """
    chosen = [rows[int(generator.integers(len(rows)))]]
    away = squares(np.array(chosen, dtype=np.float64), rows)[:, 0]
    draws = 2 + int(np.log(k))
    while len(chosen) < k:
        odds = np.cumsum(away, dtype=np.float64)
        drawn = np.searchsorted(odds, generator.random(draws) * odds[-1]).clip(0, len(rows) - 1)
        left = np.minimum(away[:, None], squares(rows[drawn].astype(np.float64), rows))
        best = int(left.sum(axis=0).argmin())
        chosen.append(rows[drawn[best]])
        away = left[:, best]
    return np.array(chosen, dtype=np.float64)


def mutual_information(labels: Ints, marks: Bools) -> float:
    """Adjusted mutual information of a grouping with a yes-or-no mark (Vinh, Epps and Bailey 2010)."""
    from sklearn.metrics import adjusted_mutual_info_score

    if len(labels) == 0 or marks.all() or not marks.any():
        return 0.0
    return float(adjusted_mutual_info_score(labels, marks))
