"""Asking for a recluster: the run document first, so that the console shows it at once, then the message."""

from __future__ import annotations

from schema.flow import World, stable_id
from schema.jobs import Run
from schema.records import Recluster
from schema.store import Create, ReadSet, Write, settle


def start_recluster(world: World, actor: str | None, once: str | None = None) -> str:
    """Queue a recluster; returns its run's id. With `once`, the same occasion queues it once only."""
    now = world.clock()
    run_id = f"recluster-{stable_id(once) if once else stable_id(actor, now.isoformat())}"
    path = f"runs/{run_id}"
    run = Run(kind="recluster", status="queued", title="Segmentation", started_at=now, updated_at=now, started_by=actor)

    def queue(docs: ReadSet) -> list[Write]:
        return [] if docs[path] else [Create(path, run.to_doc())]

    settle(world.store, [path], queue)
    # Published even when the run existed: the first publication may have been lost in a crash; the handler runs it
    # once.
    world.bus.publish("recluster", Recluster(run_id=run_id))
    return run_id
