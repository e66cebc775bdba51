"""Changed customers are placed in the segmentation in force, each alone, and written only when something changes.

Who has a segment keeps it unless another is clearly nearer: a border must not make anybody go to and fro.
"""

from __future__ import annotations

from collections.abc import Sequence

from ml.segmentation.model import Model, cleared
from ml.segmentation.population import person
from schema.flow import Failed, World
from schema.records import CustomersChanged
from schema.store import Group, ReadSet, Update, Write, settle_groups

POINTER = "config/segmentation"
SHOP = "settings/shop"
ROUNDS = 3


def assign(world: World, ids: Sequence[str]) -> list[Failed]:
    """Put the customers into their nearest segments; returns those that failed, each as a message of its own."""
    wanted = list(dict.fromkeys(ids))
    failed: list[Failed] = []
    before = None
    for _ in range(ROUNDS):
        model, real = _in_force(world)
        if not wanted or (model.version if model else 0) == before:
            # Placed in what is still in force: done. Else it flipped while we wrote, and we place again.
            break
        before = model.version if model else 0
        failed = _place(world, model, wanted, real)
    return failed


def _in_force(world: World) -> tuple[Model | None, bool]:
    """The model that counts now, and whether the shop has data of its own."""
    docs = world.store.get_many([POINTER, SHOP])
    pointer, shop = docs[POINTER], docs[SHOP]
    active = int(pointer.data["active"]) if pointer else 0
    path = f"segmentations/{active}"
    held = world.store.get_many([path])[path] if active else None
    settings = shop.data if shop else {}
    model = Model.from_doc(held.data, str(settings.get("currency") or "USD")) if held else None
    return model, bool(settings.get("real"))


def _place(world: World, model: Model | None, ids: Sequence[str], real: bool) -> list[Failed]:
    def group(path: str) -> Group:
        def plan(docs: ReadSet) -> list[Write]:
            doc = docs[path]
            if doc is None:
                return []
            one = person(doc, real)
            if not one.in_scope:
                fields = cleared(one)
                return [Update(path, fields, doc.update_time)] if fields else []
            changes = model.place([one], settled=True).assignments() if model else []
            return [Update(path, fields, doc.update_time) for _, fields in changes]

        return Group((path,), plan)

    outcome = settle_groups(world.store, [group(f"customers/{one}") for one in ids])
    return [
        Failed(CustomersChanged(ids=[one]).to_json(), type(error).__name__)
        for one, error in zip(ids, outcome, strict=True)
        if error is not None
    ]
