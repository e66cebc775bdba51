"""Asking for a recluster, and deciding about a proposal: publish it, or keep the segments in force."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.access.audit import entry
from functions.access.calls import EDITOR, Actions, Call
from functions.access.errors import Refused
from schema.flow import World, stable_id
from schema.jobs import Run
from schema.records import CustomersChanged, Recluster
from schema.store import Create, Data, Doc, Query, ReadSet, Update, Write, settle

POINTER = "config/segmentation"
CARDS = Query("segments")
SKEW = timedelta(minutes=2)
IDS_A_MESSAGE = 300


def start_recluster(world: World, actor: str | None, once: str | None = None, search: bool = False) -> str:
    """Queue a recluster; returns its run's id. With `once`, the same occasion queues it once only; with `search` it
    looks for a better grouping even when none is due.
    """
    now = world.clock()
    run_id = f"recluster-{stable_id(once) if once else stable_id(actor, now.isoformat())}"
    path = f"runs/{run_id}"
    run = Run(kind="recluster", status="queued", title="Segmentation", started_at=now, updated_at=now, started_by=actor)

    def queue(docs: ReadSet) -> list[Write]:
        return [] if docs[path] else [Create(path, run.to_doc())]

    settle(world.store, [path], queue)
    # Published even when the run existed: the first publication may have been lost in a crash; the handler runs it
    # once.
    world.bus.publish("recluster", Recluster(run_id=run_id, search=search))
    return run_id


def publish(call: Call) -> Data:
    """Put the proposal in force: pointer, cards and audit entry in one commit.

    There is at most one undecided proposal: a newer search closes the older one before it begins to write. Customers
    that changed since the proposal was made are then told to be assigned anew, to the segments now in force; publishing
    twice only tells so again.

    Raises:
        Refused: there is no such proposal, or it was decided already.
    """
    version, now = _version(call), call.world.clock()
    path = f"segmentations/{version}"
    prepared_path = f"{path}/cards/prepared"
    since: list[datetime] = []

    def plan(docs: ReadSet) -> list[Write]:
        since.clear()
        pointer, proposal, prepared = docs[POINTER], docs[path], docs[prepared_path]
        if pointer is None or proposal is None or prepared is None:
            raise Refused("not_found", "version", "There is no such proposal.", "没有该方案。", "not-found")
        since.append(proposal.data["createdAt"])
        active = int(pointer.data["active"])
        if active == version:
            return []
        if proposal.data["status"] != "proposed" or version < active:
            raise _decided()
        stored = {doc.id: doc for doc in docs.rows(CARDS)}
        writes = [_card(stored.get(one), one, card, now) for one, card in prepared.data["cards"].items()]
        retired = {"retired": True, "size": 0, "share": 0, "updatedAt": now}
        for one in prepared.data["retired"]:
            if one in stored:
                writes.append(Update(stored[one].path, retired, stored[one].update_time))
        return [
            *writes,
            Update(path, {"status": "published"}, proposal.update_time),
            Update(POINTER, {"active": version, "updatedAt": now}, pointer.update_time),
            entry(call.actor, now, "segmentation.publish", path, {"active": active}, {"active": version}),
        ]

    settle(call.world.store, [POINTER, path, prepared_path], plan)
    _assign_again(call.world, since[0] - SKEW)
    return {"version": version}


def keep(call: Call) -> Data:
    """Keep the segments in force; the proposal stays to be looked at, and cannot be published any more.

    Raises:
        Refused: there is no such proposal, or it is in force.
    """
    version, now = _version(call), call.world.clock()
    path = f"segmentations/{version}"

    def plan(docs: ReadSet) -> list[Write]:
        proposal = docs[path]
        if proposal is None:
            raise Refused("not_found", "version", "There is no such proposal.", "没有该方案。", "not-found")
        if proposal.data["status"] == "kept":
            return []
        if proposal.data["status"] != "proposed":
            raise _decided()
        return [
            Update(path, {"status": "kept"}, proposal.update_time),
            entry(call.actor, now, "segmentation.keep", path, {"status": "proposed"}, {"status": "kept"}),
        ]

    settle(call.world.store, [path], plan)
    return {}


def _card(held: Doc | None, identity: str, card: Data, now: datetime) -> Write:
    """A prepared card over the one in force; what a person named, and the public name, stay."""
    if held is None:
        return Create(f"segments/{identity}", {**card, "updatedAt": now})
    fields = {**card, "publicName": held.data["publicName"], "updatedAt": now}
    if held.data.get("renamedBy"):
        fields |= {"name": held.data["name"], "renamedBy": held.data["renamedBy"]}
    return Update(held.path, fields, held.update_time)


def _assign_again(world: World, since: datetime) -> None:
    changed = Query("customers", where=(("updatedAt", ">=", since),), order_by=(("updatedAt", "asc"),), select=())
    ids = [doc.id for doc in world.store.query(changed)]
    for start in range(0, len(ids), IDS_A_MESSAGE):
        world.bus.publish(
            "customers-changed", CustomersChanged(ids=ids[start : start + IDS_A_MESSAGE], fields=["segment"])
        )


def _version(call: Call) -> int:
    version = call.args.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Refused("version", "version", "Choose a proposal.", "请选择一个方案。")
    return version


def _decided() -> Refused:
    return Refused(
        "decided",
        "version",
        "This proposal was decided already, or a newer one took its place.",
        "该方案已有决定，或已被更新的方案取代。",
        "failed-precondition",
    )


ACTIONS: Actions = {"segmentation.publish": (EDITOR, publish), "segmentation.keep": (EDITOR, keep)}
