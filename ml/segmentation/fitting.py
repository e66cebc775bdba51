"""From customers to the document of a new version: a search for groups, or a warm run that only moves people. Pure.

A search makes the space anew, tries groupings and gives each group its identity. A warm run keeps space, algorithm and
number of groups, moves the prototypes from where they are, and reports when that is no longer good enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from ml.segmentation.candidates import SEED
from ml.segmentation.cluster import GATE, SAMPLE, Choice, Fit, Gate, fit
from ml.segmentation.features import ALL, FEATURES, TABLE, VERSION, Floats, Ints, Singles
from ml.segmentation.identity import match
from ml.segmentation.membership import effective
from ml.segmentation.model import Model
from ml.segmentation.population import Person, rows, trusts
from ml.segmentation.quality import lloyd, means, mutual_information, silhouettes
from ml.segmentation.rfm import Quintiles
from ml.segmentation.space import Space, make
from schema.base import Localized
from schema.intelligence import Training
from schema.moment import as_of
from schema.segments import Candidate, Segmentation
from schema.store import Data

DROP = 0.20
"""Share of its silhouette that a grouping may lose before another is searched."""
WARM_ROUNDS = 10
NEUTRAL = ALL.index("emotion.neutral")
QUIET = Localized(
    en="Nobody's words are known any more: what they told takes no part.", zh="已没有任何客户的言语，相关特征不再使用。"
)


@dataclass(frozen=True)
class Batch:
    """The customers in scope, and what there is to say about the run."""

    people: Sequence[Person]
    version: int
    run_id: str
    active: int
    now: datetime
    customers: int

    @property
    def moment(self) -> datetime:
        return as_of(max((one.last_order_at for one in self.people), default=None), self.now)

    def raw(self) -> Singles:
        return rows(self.people, self.moment)


def search(batch: Batch, former: Model | None, settings: Training) -> Data:
    """Try groupings in a space of these customers."""
    raw, believed = batch.raw(), trusts(batch.people)
    made = make(raw, [TABLE[name] for name in ALL], believed, settings.blocks)
    space = made.space
    worded = ~np.isnan(raw[:, NEUTRAL])
    carried = former.space.carry(former.prototypes, space) if former and former.ids else None
    choice = Choice(settings.k_min, settings.k_max, settings.pinned_k, settings.pinned_algorithm)
    gate = Gate(worded, space.of_block("emotion"))
    found = fit(space.axes(raw[:, space.columns], believed), carried, choice, gate)
    space, found = narrowed(space, found)
    prototypes = found.prototypes.round(6)
    held = former.space.carry(former.prototypes, space) if former and former.ids else np.empty((0, len(space.names)))
    identity = match(
        prototypes,
        found.labels,
        dict(zip(former.ids, held, strict=True)) if former else {},
        [effective(one.segment, batch.active) for one in batch.people],
        lambda group: f"c{batch.version}-{group + 1}",
    )
    notes = [*([found.note] if found.note else []), *gate_notes(found), *made.notes]
    return _doc(
        batch,
        space,
        raw,
        prototypes=dict(zip(identity.ids, prototypes, strict=True)),
        cores=found.cores,
        core_segments=[identity.ids[group] for group in found.core_groups],
        algorithm=found.algorithm if found.k else "none",
        silhouette=found.silhouette,
        stability=found.stability,
        candidates=found.candidates,
        mode="search",
        words_gate=found.words_gate,
        words_bound=found.words_bound,
        words_share=round(made.words_share, 4),
        ocean_share=round(made.ocean_share, 4),
        searched_at=batch.now,
        note=joined(notes),
    )


def warm(batch: Batch, former: Model, doc: Mapping[str, Any]) -> tuple[Data, bool]:
    """Move the prototypes in force to where their customers are now.

    Also says whether that is still good enough: no group is empty, and the groups are not `DROP` less clear than when
    they were found. There must be customers and groups. A block of which nobody has a value any more leaves the space,
    and what it named with it; how clear the groups were found is then measured anew.
    """
    raw = batch.raw()
    quiet = _quiet(former, raw)
    former = quiet or former
    space = former.space
    axes = space.axes(raw[:, space.columns], trusts(batch.people))
    order = np.lexsort(axes.T[::-1])
    if len(former.cores):
        labels = former.distances(axes).argmin(axis=1)
        prototypes = means(axes[order], labels[order], former.prototypes)
    else:
        prototypes, sorted_labels = lloyd(axes[order], former.prototypes, WARM_ROUNDS)
        labels = np.empty(len(axes), dtype=np.int64)
        labels[order] = sorted_labels
    silhouette = _silhouette(axes[order], labels[order])
    tried = [Candidate.model_validate(one) for one in doc.get("candidates") or []]
    if quiet:
        tried = [one.model_copy(update={"silhouette": round(silhouette, 4)}) if one.chosen else one for one in tried]
    found = None if quiet else next((one.silhouette for one in tried if one.chosen), doc.get("silhouette"))
    good = found is None or silhouette >= (1 - DROP) * float(found)
    good = good and np.bincount(labels, minlength=len(former.ids)).min() > 0
    worded = ~np.isnan(raw[:, NEUTRAL])
    held = _doc(
        batch,
        space,
        raw,
        prototypes=dict(zip(former.ids, prototypes.round(6), strict=True)),
        cores=former.cores,
        core_segments=[former.ids[group] for group in former.core_groups],
        algorithm=doc["algorithm"],
        silhouette=round(silhouette, 4),
        stability=doc.get("stability"),
        candidates=tried,
        mode="warm",
        words_gate=round(mutual_information(labels, worded), 4) if worded.any() else None,
        words_bound=doc.get("wordsBound") if worded.any() else None,
        words_share=round(float(worded.mean()), 4),
        ocean_share=round(float((~np.isnan(raw[:, -1])).mean()), 4),
        searched_at=doc.get("searchedAt") or doc.get("createdAt"),
        note=joined(
            [*([QUIET] if quiet else []), *([Localized.model_validate(doc["note"])] if doc.get("note") else [])]
        ),
    )
    return held, bool(good)


def _quiet(former: Model, raw: Singles) -> Model | None:
    """The model without the words of which nobody has a value any more; None when there are none of that kind."""
    found = former
    for block in ("emotion", "personality"):
        space = found.space
        mine = space.of_block(block)
        if not len(mine) or len(mine) == len(space.names) or not np.isnan(raw[:, space.columns[mine]]).all():
            continue
        kept = np.setdiff1d(np.arange(len(space.names)), mine)
        cores = found.cores[:, kept] if len(found.cores) else np.empty((0, len(kept)))
        found = replace(found, space=space.with_weight(block, 0.0), prototypes=found.prototypes[:, kept], cores=cores)
    return None if found is former else found


def narrowed(space: Space, found: Fit) -> tuple[Space, Fit]:
    """The space with what the gate left of the mood's weight; without the mood when nothing is left."""
    if found.factor == 1.0 or "emotion" not in space.blocks:
        return space, found
    if found.factor > 0:
        return space.with_weight("emotion", space.blocks["emotion"] * found.factor), found
    kept = [row for row, one in enumerate(space.measures) if one.block != "emotion"]
    cores = found.cores[:, kept] if len(found.cores) else np.empty((0, len(kept)))
    return space.with_weight("emotion", 0.0), replace(found, prototypes=found.prototypes[:, kept], cores=cores)


def gate_notes(found: Fit) -> list[Localized]:
    """What the gate of the words did, and where behaviour itself follows who wrote."""
    known = found.words_gate
    if known is None or (found.factor == 1.0 and known < GATE):
        return []
    if found.factor == 0:
        return [
            Localized(
                en="Mood is out: with it the groups would follow who wrote "
                f"({known:.2f} without it, under {GATE} is asked).",
                zh=f"未使用情绪：否则分群会取决于是否留言（不含情绪时为 {known:.2f}，应低于 {GATE}）。",
            )
        ]
    if known >= GATE:
        return [
            Localized(
                en=f"Who buys more writes more: the groups follow who wrote by {known:.2f}, as behaviour alone does; "
                f"mood counts {found.factor:.3g}.",
                zh=f"买得多的人也写得多：分群与是否留言的关联为 {known:.2f}，仅按行为也是如此；"
                f"情绪权重 {found.factor:.3g}。",
            )
        ]
    return [
        Localized(
            en=f"Mood counts {found.factor:.3g} of its weight, so that having written does not make a group.",
            zh=f"情绪权重降为 {found.factor:.3g}，以免“是否留言”本身成为分群。",
        )
    ]


def joined(notes: Sequence[Localized]) -> Localized | None:
    """As many of the notes as a label holds, the first always."""
    said: Localized | None = None
    for note in notes:
        longer = (
            note if said is None else Localized.model_construct(en=f"{said.en} {note.en}", zh=f"{said.zh}{note.zh}")
        )
        if len(longer.en) <= 200 and len(longer.zh) <= 200:
            said = Localized(en=longer.en, zh=longer.zh)
    return said


def _silhouette(rows: Singles, labels: Ints) -> float:
    if len(rows) > SAMPLE:
        picked = np.sort(np.random.default_rng(SEED).choice(len(rows), SAMPLE, replace=False))
        rows, labels = rows[picked], labels[picked]
    return silhouettes(rows, [labels])[0]


def _doc(
    batch: Batch,
    space: Space,
    raw: Singles,
    prototypes: Mapping[str, Floats],
    cores: Floats,
    **more: Any,
) -> Data:
    quintiles = Quintiles.fit(raw[:, : len(FEATURES)])
    return Segmentation(
        version=batch.version,
        run_id=batch.run_id,
        created_at=batch.now,
        as_of=batch.moment,
        status="fitting",
        k=len(prototypes),
        customers=batch.customers,
        eligible=len(batch.people),
        feature_names=list(space.names),
        scaler_center=space.scaler.center.tolist(),
        scaler_scale=space.scaler.scale.tolist(),
        typical=[round(float(one), 6) for one in space.scaler.typical],
        blocks={name: round(weight, 6) for name, weight in space.blocks.items()},
        feature_version=VERSION,
        prototypes={one: point.tolist() for one, point in prototypes.items()},
        cores=cores.ravel().round(6).tolist(),
        rfm_edges=dict(quintiles.edges) if quintiles else {},
        **more,
    ).to_doc()
