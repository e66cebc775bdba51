"""What runs by the clock: the sweep that is the truth behind every message, and the night's work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from functions.connect.outside import Outside
from functions.connect.work import reconcile_all, sweep_connections
from functions.figures.daily import refresh_dirty
from functions.imports.work import sweep_imports
from functions.ingest.announce import announce_due
from functions.ingest.cleaning.report import fold_cleaning
from functions.ingest.resolve import sweep_unresolved
from functions.learning import start_learning, wake
from functions.people.nightly import refresh
from schema import log
from schema.flow import World, republish_due
from schema.records import Job, Recluster
from schema.store import Merge, Query, get

JOBS = {"sweep": ("every 1 minutes", timedelta(minutes=1)), "nightly": ("every day 03:00", timedelta(days=1))}
_LOST = timedelta(minutes=3)
_STEP = timedelta(minutes=10)
"""A step of the learning job ends with its function, after nine minutes: one that began later is under way."""
BULK = ("import", "sample", "remove_sample", "backfill")


def sweep(world: World, outside: Outside | None = None) -> None:
    """Everything that could have been lost: imports that stand still, records on their way back, figures to recount."""
    woken = _guarded("imports", lambda: sweep_imports(world))
    sent = _guarded("parked", lambda: republish_due(world))
    lost = _guarded("runs", lambda: wake_runs(world))
    shops = _guarded("shops", lambda: sweep_connections(world, outside)) if outside else 0
    people = _guarded("people", lambda: sweep_unresolved(world))
    cleaned = _guarded("cleaning", lambda: fold_cleaning(world))
    told = _guarded("offers", lambda: announce_due(world))
    days = 0 if _busy(world) else _guarded("figures", lambda: refresh_dirty(world))
    _tell(world, "sweep")
    if woken or sent or days or lost or shops or people or cleaned or told:
        log.write(
            "INFO",
            "swept",
            imports=woken,
            parked=sent,
            days=days,
            runs=lost,
            shops=shops,
            people=people,
            cleaned=cleaned,
            told=told,
        )


def _busy(world: World) -> bool:
    """Whether a bulk job writes right now: figures would be stale at once, so they are recounted once a minute only."""
    running = world.store.query(Query("runs", where=(("status", "==", "running"),), select=("kind",)))
    if not any(doc.data["kind"] in BULK for doc in running):
        return False
    overview = get(world.store, "metrics/overview")
    return overview is not None and world.clock() - overview.data["computedAt"] < timedelta(minutes=1)


def wake_runs(world: World) -> int:
    """Publish again what a run waits for: its message may have been lost with the process that had it."""
    woken = 0
    open_runs = list(world.store.query(Query("runs", where=(("status", "in", ["queued", "running"]),))))
    # A recluster that a learning job brings along begins when the job comes to it.
    waited_for = {doc.data["ref"] for doc in open_runs if doc.data["kind"] == "learn"}
    for doc in open_runs:
        patience = _STEP if doc.data["kind"] == "learn" and doc.data["status"] == "running" else _LOST
        if world.clock() - doc.data["updatedAt"] < patience:
            continue
        if doc.data["kind"] == "recluster" and doc.id not in waited_for:
            world.bus.publish("recluster", Recluster(run_id=doc.id))
        elif doc.data["kind"] == "learn":
            wake(world, doc.id, doc.data["result"])
        elif doc.data["kind"] == "remove_sample":
            world.bus.publish("jobs", Job(kind="remove_sample", id="sample"))
        else:
            continue
        woken += 1
    return woken


def nightly(world: World, outside: Outside | None = None) -> None:
    """The night's work: figures, then the learning job as of tonight."""
    refresh_dirty(world)
    _guarded("stages and tags", lambda: refresh(world))
    if outside:
        _guarded("shops", lambda: reconcile_all(world, outside))
    if _learns_tonight(world):
        start_learning(world, None, once=f"nightly-{world.clock().date().isoformat()}")
    _tell(world, "nightly")


def _learns_tonight(world: World) -> bool:
    """Whether the schedule that an administrator chose names this night: every one, Mondays, or none."""
    held = get(world.store, "settings/training")
    chosen = held.data["schedule"] if held else "nightly"
    return bool(chosen == "nightly" or (chosen == "weekly" and world.clock().weekday() == 0))


def _guarded(name: str, run: Callable[[], int]) -> int:
    """One part of the sweep must not keep the others from running."""
    try:
        return run()
    except Exception as error:
        log.failure("sweep part failed", error, part=name)
        return -1


def next_run(job: str, now: datetime) -> datetime:
    """When the schedule runs next."""
    if job == "sweep":
        return now + JOBS["sweep"][1]
    tonight = now.replace(hour=3, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def _tell(world: World, job: str) -> None:
    now = world.clock()
    held = get(world.store, f"config/schedules/jobs/{job}")
    # The sweep runs every few seconds locally; the screen needs to know it once a minute.
    if job == "sweep" and held and held.data.get("lastAt") and now - held.data["lastAt"] < timedelta(seconds=45):
        return
    fields = {"job": job, "every": JOBS[job][0], "lastAt": now, "lastOk": True, "nextAt": next_run(job, now)}
    world.store.commit([Merge(f"config/schedules/jobs/{job}", fields)])
