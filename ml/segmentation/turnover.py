"""The end of a recluster: one commit that flips the pointer with the cards, or leaves a proposal beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from ml.segmentation import cards, standing
from ml.segmentation.membership import effective
from ml.segmentation.model import Placed
from ml.segmentation.profiling import profiles
from ml.segmentation.progress import Cancelled, Superseded
from schema.flow import World
from schema.store import Create, Data, Doc, Put, Query, ReadSet, Update, Write, settle

POINTER = "config/segmentation"
CARDS = Query("segments")


def turn_over(
    world: World, run_id: str, placed: Placed, active: int, kept: int, newest: Callable[[ReadSet], object]
) -> bool:
    """The one commit that puts this version in force, or leaves it as a proposal; tells which (true: in force).

    Args:
        active: the version in force until now.
        kept: customers that are not merged away.
        newest: raises `Superseded` when the read pointer names a later run.
    """
    model = placed.model
    run_path, former_path, path = f"runs/{run_id}", f"segmentations/{active}", f"segmentations/{model.version}"
    figures, inners = profiles(placed), cards.inners(placed)
    moves, moved, left = cards.moves(placed, active)
    flipped: list[bool] = []

    def plan(docs: ReadSet) -> list[Write]:
        flipped.clear()
        pointer, run, own, former = docs[POINTER], docs[run_path], docs[path], docs[former_path]
        newest(docs)
        if own is None or pointer is None:
            raise Superseded
        if run is None or run.data["status"] == "cancelled":
            raise Cancelled
        stored = {doc.id: doc for doc in docs.rows(CARDS) if doc.data["kind"] == "cluster"}
        computed = {row["segmentId"]: row["name"]["en"] for row in (former.data["sizes"] if former else [])}
        named = cards.name_segments(model.ids, figures, {one: doc.data for one, doc in stored.items()}, computed)
        now = world.clock()
        made: dict[str, Data] = {}
        born = len(stored)
        for one, profile, name, inner in zip(model.ids, figures, named, inners, strict=True):
            held = stored.get(one)
            made[one] = cards.card(
                profile, name, held.data if held else None, born, model.version, model.currency, now, inner
            )
            born += held is None
        gone = [one for one, doc in stored.items() if one not in made and not doc.data["retired"]]
        members = sum(effective(one.segment, active) is not None for one in placed.people)
        why = standing.verdict(
            former.data if former else None, model.ids, members, left, len(placed.people), own.data["mode"] == "search"
        )
        summary = {
            "sizes": cards.sizes(model.ids, figures, named),
            "movements": moves,
            "moved": moved,
            "drift": cards.drift(placed, former.data) if former else [],
            "eligible": len(placed.people),
            "customers": kept,
            "status": "proposed" if why else "published",
            "proposal": why.to_doc() if why else None,
        }
        result = {
            "version": model.version,
            "groups": len(model.ids),
            "silhouette": own.data["silhouette"],
            "customers": kept,
            "eligible": len(placed.people),
            "moved": moved,
            **({"proposed": 1} if why else {}),
        }
        flipped.append(why is None)
        return [
            *(_prepared(path, made, gone, now) if why else _carded(stored, made, gone, now)),
            Update(path, summary, own.update_time),
            Update(run_path, finished(result, now), run.update_time),
            Update(POINTER, {"active": active if why else model.version, "updatedAt": now}, pointer.update_time),
        ]

    settle(world.store, [POINTER, run_path, path, former_path], plan)
    return flipped[-1]


def _carded(stored: Mapping[str, Doc], made: Mapping[str, Data], gone: Sequence[str], now: datetime) -> list[Write]:
    """The cards in force from now on."""
    writes: list[Write] = []
    for one, data in made.items():
        held = stored.get(one)
        writes.append(Update(held.path, data, held.update_time) if held else Create(f"segments/{one}", data))
    retired = {"retired": True, "size": 0, "share": 0, "updatedAt": now}
    return [*writes, *(Update(stored[one].path, retired, stored[one].update_time) for one in gone)]


def _prepared(path: str, made: Mapping[str, Data], gone: Sequence[str], now: datetime) -> list[Write]:
    """The cards for whoever publishes: the app codebase can write them without knowing how they are made."""
    return [Put(f"{path}/cards/prepared", {"cards": dict(made), "retired": list(gone), "updatedAt": now})]


def finished(result: Data, now: datetime) -> Data:
    """The fields of a run that came to its end."""
    done = {"status": "done", "done": 100, "total": 100, "step": None, "error": None}
    return {**done, "result": result, "updatedAt": now, "finishedAt": now}
