"""Which new group is which former segment: ids (and with them renamed names) live on through a recluster.

Likeness of a group and a segment = 0.7 x Jaccard index of their members + 0.3 / (1 + distance of their prototypes on
the new scaled axes). Pairs are assigned one-to-one for the greatest total likeness (Hungarian method); a pair below
`FLOOR` is no match: the group gets a new id and the segment retires. Prototypes alone never reach the floor, so that
other people's segments do not lend their names to a new shop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.segmentation.features import Floats, Ints

FLOOR = 0.35
MEMBERS = 0.7


@dataclass(frozen=True)
class Identity:
    ids: list[str]
    """Segment id of each group."""
    kept: list[str]
    retired: list[str]


def match(
    prototypes: Floats,
    labels: Ints,
    former: Mapping[str, Floats],
    effective: Sequence[str | None],
    fresh: Callable[[int], str],
) -> Identity:
    """Ids for the groups.

    `former` holds the prototypes of the segments in force on the new axes, `effective` each customer's segment in force
    (in the order of `labels`), `fresh(i)` makes the id of a group that is new.
    """
    from scipy.optimize import linear_sum_assignment

    names = sorted(former)
    ids = [fresh(group) for group in range(len(prototypes))]
    if not names or not ids:
        return Identity(ids, [], names)
    liking = likeness(prototypes, labels, [former[name] for name in names], _codes(names, effective))
    groups, segments = linear_sum_assignment(-liking)
    kept = []
    for group, segment in zip(groups, segments, strict=True):
        if liking[group, segment] >= FLOOR:
            ids[int(group)] = names[int(segment)]
            kept.append(names[int(segment)])
    return Identity(ids, sorted(kept), [name for name in names if name not in kept])


def likeness(prototypes: Floats, labels: Ints, former: Sequence[Floats], codes: Ints) -> Floats:
    """Likeness in 0..1 of every group (row) with every former segment (column); code -1 is "in none of them"."""
    both = np.zeros((len(prototypes), len(former)))
    held = codes >= 0
    np.add.at(both, (labels[held], codes[held]), 1.0)
    in_group = np.bincount(labels, minlength=len(prototypes)).astype(np.float64)
    in_segment = np.bincount(codes[held], minlength=len(former)).astype(np.float64)
    union = in_group[:, None] + in_segment[None, :] - both
    jaccard = np.divide(both, union, out=np.zeros_like(both), where=union > 0)
    distance = np.linalg.norm(prototypes[:, None, :] - np.array(former)[None, :, :], axis=2)
    total: Floats = MEMBERS * jaccard + (1 - MEMBERS) / (1 + distance)
    return total


def _codes(names: Sequence[str], effective: Sequence[str | None]) -> Ints:
    index = {name: code for code, name in enumerate(names)}
    return np.array([index.get(segment, -1) if segment else -1 for segment in effective], dtype=np.int64)
