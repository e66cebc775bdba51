"""What the rules did, by origin and day: exact however often a message comes.

A record version that a rule touched leaves one mark, `cleaned/{hash of the record}`, created only if it is not there.
The sweep flips marks from not folded to folded and adds them to their day in ONE guarded commit: so each counts once,
and no two messages wait for each other at the day's document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from functions.ingest.cleaning.pipeline import Sieved
from functions.ingest.hashing import content_hash
from schema.flow import World
from schema.records import Origin
from schema.store import Create, Data, Doc, Query, ReadSet, Update, Write, settle

PAGE = 200
EXAMPLES = 3
"""Kept a rule and day: the same ones in whatever order the records came."""
MOST = 60


def origin_of(origin: Origin) -> str:
    """Whose records these are in the reports: the import's, else the connection's."""
    return origin.import_id or origin.connection_id


def note(world: World, origin: Origin, day: str, sieved: Sequence[Sieved]) -> None:
    """Leave a mark for every record version that a rule touched."""
    marks = {
        f"cleaned/{content_hash({'origin': origin_of(origin), 'raw': one.raw}, world.identity_key)}": {
            "origin": origin_of(origin),
            "day": day,
            "touched": [example.to_doc() for example in one.touched],
            "folded": False,
            "at": world.clock(),
        }
        for one in sieved
        if one.touched
    }
    paths = sorted(marks)
    for start in range(0, len(paths), PAGE):
        chosen = paths[start : start + PAGE]
        settle(world.store, chosen, partial(_create, marks={path: marks[path] for path in chosen}))


def _create(docs: ReadSet, marks: dict[str, Data]) -> list[Write]:
    return [Create(path, data) for path, data in marks.items() if docs[path] is None]


def fold_cleaning(world: World) -> int:
    """Add what is marked to its day. Returns how many marks were folded."""
    folded = 0
    while marks := list(world.store.query(Query("cleaned", where=(("folded", "==", False),), limit=PAGE))):
        days: dict[str, list[str]] = {}
        for mark in marks:
            days.setdefault(f"cleaning/{mark.data['origin']}/days/{mark.data['day']}", []).append(mark.path)
        for path, chosen in days.items():
            settle(world.store, [path, *chosen], partial(_fold, path=path, marks=chosen, world=world))
        folded += len(marks)
    return folded


def _fold(docs: ReadSet, path: str, marks: Sequence[str], world: World) -> list[Write]:
    fresh: list[Doc] = []
    for name in marks:
        mark = docs[name]
        if mark is not None and not mark.data["folded"]:
            fresh.append(mark)
    if not fresh:
        return []
    held = docs[path]
    counts: Counter[tuple[str, str]] = Counter()
    examples: list[Data] = list(held.data["examples"]) if held else []
    for one in held.data["counts"] if held else []:
        counts[one["rule"], "changed"] += one["changed"]
        counts[one["rule"], "set aside"] += one["setAside"]
    for mark in fresh:
        for touch in mark.data["touched"]:
            counts[touch["rule"], touch["action"]] += 1
            examples.append(touch)
    data: Data = {
        "origin": fresh[0].data["origin"],
        "day": fresh[0].data["day"],
        "records": (held.data["records"] if held else 0) + len(fresh),
        "counts": [
            {"rule": rule, "changed": counts[rule, "changed"], "setAside": counts[rule, "set aside"]}
            for rule in sorted({rule for rule, _ in counts})
        ],
        "examples": _chosen(examples),
        "updatedAt": world.clock(),
    }
    return [
        Update(path, data, held.update_time) if held else Create(path, data),
        *(Update(mark.path, {"folded": True}, mark.update_time) for mark in fresh),
    ]


def _chosen(examples: Sequence[Data]) -> list[Data]:
    kept: list[Data] = []
    taken: Counter[str] = Counter()
    unlike = {content_hash(one): one for one in examples}
    for _, one in sorted(unlike.items(), key=lambda pair: (pair[1]["rule"], pair[0])):
        if taken[one["rule"]] < EXAMPLES and len(kept) < MOST:
            taken[one["rule"]] += 1
            kept.append(one)
    return kept
