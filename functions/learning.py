"""Asking for the learning job: its run and the recluster's first, so that the console shows both at once."""

from __future__ import annotations

from schema.base import Localized
from schema.flow import World, stable_id
from schema.jobs import Run
from schema.records import Learn
from schema.store import Create, Query, ReadSet, Update, Write, settle

TAKEN_OVER = Localized(en="A newer job took over.", zh="已由更新的任务接替。")


def start_learning(world: World, actor: str | None, once: str | None = None, *, force: bool = False) -> str:
    """Queue a learning job with the recluster that goes along; returns the learning run's id.

    Args:
        once: the same occasion queues it once only.
        force: train and search for groups also where nothing is due.
    """
    now = world.clock()
    name = stable_id(once) if once else stable_id(actor, now.isoformat())
    recluster_id, run_id = f"recluster-{name}", f"learn-{name}"
    open_runs = Query("runs", where=(("status", "in", ["queued", "running"]),))
    older = [doc for doc in world.store.query(open_runs) if doc.data["kind"] == "learn" and doc.id != run_id]
    # The newer job looks at everything that an unfinished one would: two at once would do the work twice.
    followed = {f"runs/{doc.id}": f"runs/{doc.data['ref']}" for doc in older if doc.data.get("ref")}
    force = force or any(doc.data["result"].get("force") for doc in older)
    paths = [f"runs/{recluster_id}", f"runs/{run_id}"]

    def queue(docs: ReadSet) -> list[Write]:
        if docs[paths[1]]:
            return []
        common = {"status": "queued", "started_at": now, "updated_at": now, "started_by": actor}
        grouping = Run(kind="recluster", title="Segmentation", **common)
        place = {"step": "texts", "cursor": None, "then": recluster_id, "force": int(force)}
        learning = Run(kind="learn", title="Learning", total=100, ref=recluster_id, result=place, **common)
        ended = {"status": "cancelled", "step": TAKEN_OVER.to_doc(), "updatedAt": now, "finishedAt": now}
        stopped: list[Write] = []
        for job, recluster in followed.items():
            for path, states in ((job, ("queued", "running")), (recluster, ("queued",))):
                held = docs[path]
                if held is not None and held.data["status"] in states:
                    stopped.append(Update(path, ended, held.update_time))
        return [
            *stopped,
            *([] if docs[paths[0]] else [Create(paths[0], grouping.to_doc())]),
            Create(paths[1], learning.to_doc()),
        ]

    settle(world.store, [*paths, *followed, *followed.values()], queue)
    # Published even when the run existed: the first publication may have been lost; the job does each step once.
    world.bus.publish("learn", Learn(run_id=run_id, step="texts", then=recluster_id, force=force))
    return run_id


def wake(world: World, run_id: str, result: dict[str, object]) -> None:
    """Publish again the step that a learning job waits for."""
    cursor, then = result.get("cursor"), result.get("then")
    world.bus.publish(
        "learn",
        Learn(
            run_id=run_id,
            step=str(result.get("step") or "texts"),
            cursor=str(cursor) if cursor else None,
            then=str(then) if then else None,
            force=bool(result.get("force")),
        ),
    )
