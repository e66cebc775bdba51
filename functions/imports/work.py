"""Working an import off: at most two messages in flight, each finished chunk publishes the next, a sweep closes gaps.

A chunk's flip from not done to done and the import's counts are one guarded commit, so that counts are exact however
often a message comes. Progress on the run is written with it, at most once a second.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from functions.figures.daily import refresh_dirty
from functions.figures.overview import refresh_overview
from functions.imports.numbering import number
from functions.imports.stitching import stitch
from functions.imports.upload import reading_of
from functions.ingest.intake import Intake, take_in
from functions.learning import start_learning
from schema import log
from schema.base import CHANNELS
from schema.flow import Failed, World
from schema.records import ConsentChange, CustomerRecord, Job, Origin, Person, PlatformEvents
from schema.store import Data, Doc, Query, ReadSet, Update, Write, get, settle

IN_FLIGHT = 2
STALE = timedelta(seconds=10)
"""After this long without progress the sweep publishes the next chunks again."""
_EVERY = timedelta(seconds=1)


def step(world: World, job: Job) -> None:
    """One step of an import's job, decided by the import's own status: number, start, finish."""
    doc = get(world.store, f"imports/{job.id}")
    if doc is None:
        return
    match doc.data["status"]:
        case "numbering":
            _number(world, job.id, doc.data)
        case "importing":
            publish_next(world, job.id, IN_FLIGHT)
        case "finishing":
            _finish(world, job.id)
        case _:
            return


def ingest(world: World, message: PlatformEvents) -> Sequence[Failed]:
    """Take a message's records in; if they are a chunk of an import, close the chunk and publish the next."""
    origin = message.origin
    chunk = _chunk_of(world, origin) if origin.import_id is not None and origin.chunk is not None else None
    if chunk is not None and chunk.data["done"]:
        # A duplicate of a closed chunk: its records are in, and counting them again would be wrong.
        return ()
    if chunk is not None and _cancelled(world, origin.import_id):
        return ()
    result = take_in(world, message)
    # A record on its own way back is no chunk any more: it must not close one.
    failed = [Failed({**one.body, "origin": {**one.body["origin"], "chunk": None}}, one.error) for one in result.failed]
    if chunk is not None and origin.import_id is not None:
        _close_chunk(world, origin.import_id, chunk.path, result, len(message.records))
    return failed


def publish_next(world: World, import_id: str, count: int, chunk_id: str | None = None) -> int:
    """Publish chunks that are not done: the given one (it continues a lane), else the first. Returns how many."""
    held = get(world.store, f"imports/{import_id}")
    if held is None or held.data["status"] != "importing":
        return 0
    if chunk_id is not None:
        following = get(world.store, f"imports/{import_id}/chunks/{chunk_id}")
        chunks = [following] if following and not following.data["done"] else []
    else:
        chunks = list(
            world.store.query(Query(f"imports/{import_id}/chunks", where=(("done", "==", False),), limit=count))
        )
    for chunk in chunks[:count]:
        records = [one for one in json.loads(zlib.decompress(chunk.data["records"])) if not one.get("refused")]
        origin = Origin(
            connection_id=held.data["connectionId"],
            platform=held.data["platform"],
            bulk=True,
            sample=held.data["sample"],
            import_id=import_id,
            chunk=chunk.id,
        )
        world.bus.publish("platform-events", PlatformEvents(origin=origin, records=records))
    return len(chunks[:count])


def sweep_imports(world: World) -> int:
    """Wake every import that stands still: a lost message, a killed worker, a restart. Returns how many."""
    woken = 0
    for doc in list(
        world.store.query(Query("imports", where=(("status", "in", ["numbering", "importing", "finishing"]),)))
    ):
        if world.clock() - doc.data["updatedAt"] >= STALE:
            woken += 1
            settle(world.store, [doc.path], partial(_touch, path=doc.path, world=world))
            world.bus.publish("jobs", Job(kind="import", id=doc.id))
    for doc in list(world.store.query(Query("imports", where=(("attesting", "==", True),)))):
        if world.clock() - doc.data["updatedAt"] >= STALE:
            woken += 1
            world.bus.publish("jobs", Job(kind="attest", id=doc.id, step=doc.data["attestedChunks"]))
    return woken


def _touch(docs: ReadSet, path: str, world: World) -> list[Write]:
    doc = docs[path]
    return [Update(path, {"updatedAt": world.clock()}, doc.update_time)] if doc else []


def _number(world: World, import_id: str, held: Data) -> None:
    stitch(world, import_id, reading_of(held, world))
    found = number(world, import_id, held["kind"])
    path, run_path = f"imports/{import_id}", f"runs/import-{import_id}"
    now = world.clock()

    def start(docs: ReadSet) -> list[Write]:
        doc, run = docs[path], docs[run_path]
        if doc is None or doc.data["status"] != "numbering":
            return []
        counts = {**doc.data["counts"], "rows": found.rows, "rejected": found.rejected, "repeated": found.repeated}
        status = "importing" if found.chunks else "finishing"
        writes: list[Write] = [
            Update(
                path, {"status": status, "chunks": found.chunks, "counts": counts, "updatedAt": now}, doc.update_time
            )
        ]
        if run:
            writes.append(Update(run_path, {"total": found.records, "updatedAt": now}, run.update_time))
        return writes

    settle(world.store, [path, run_path], start)
    world.bus.publish("jobs", Job(kind="import", id=import_id, step=1))


def _chunk_of(world: World, origin: Origin) -> Doc | None:
    return get(world.store, f"imports/{origin.import_id}/chunks/{origin.chunk}")


def _cancelled(world: World, import_id: str | None) -> bool:
    held = get(world.store, f"imports/{import_id}")
    return held is None or held.data["status"] == "cancelled"


def _close_chunk(world: World, import_id: str, chunk_path: str, result: Intake, records: int) -> None:
    path, run_path = f"imports/{import_id}", f"runs/import-{import_id}"
    following: str | None = None
    finished = False

    def close(docs: ReadSet) -> list[Write]:
        nonlocal following, finished
        chunk, held, run = docs[chunk_path], docs[path], docs[run_path]
        if chunk is None or held is None or chunk.data["done"]:
            return []
        now = world.clock()
        following = chunk.data["next"]
        counts = dict(held.data["counts"])
        for name, more in (
            ("created", result.created),
            ("updated", result.updated),
            ("unchanged", result.unchanged),
            ("parked", len(result.failed)),
            ("withoutCustomer", result.without_customer),
            ("setAside", result.set_aside),
        ):
            counts[name] = counts.get(name, 0) + more
        done = held.data["chunksDone"] + 1
        finished = done == held.data["chunks"]
        fields: Data = {"chunksDone": done, "counts": counts, "updatedAt": now}
        if finished and held.data["status"] == "importing":
            fields["status"] = "finishing"
        writes: list[Write] = [
            Update(chunk_path, {"done": True, "doneAt": now}, chunk.update_time),
            Update(path, fields, held.update_time),
        ]
        if run and (finished or now - run.data["updatedAt"] >= _EVERY):
            taken = sum(counts[name] for name in ("created", "updated", "unchanged", "parked", "setAside"))
            writes.append(Update(run_path, {"done": taken, "updatedAt": now}, run.update_time))
        return writes

    if settle(world.store, [chunk_path, path, run_path], close):
        if finished:
            world.bus.publish("jobs", Job(kind="import", id=import_id, step=2))
        elif following:
            publish_next(world, import_id, 1, following)


def _finish(world: World, import_id: str) -> None:
    """All chunks are in: figures, who can be reached, and a new segmentation when orders changed."""
    path, run_path = f"imports/{import_id}", f"runs/import-{import_id}"
    held = get(world.store, path)
    if held is None or held.data["status"] != "finishing":
        return
    if not refresh_dirty(world):
        refresh_overview(world)
    stored = get(world.store, "metrics/overview")
    overview = stored.data if stored else refresh_overview(world)
    customers = world.store.totals(Query("customers", where=(("createdBy", "==", import_id),))).count
    now = world.clock()

    def close(docs: ReadSet) -> list[Write]:
        doc, run = docs[path], docs[run_path]
        if doc is None or doc.data["status"] != "finishing":
            return []
        counts = {**doc.data["counts"], "customers": customers}
        changed = counts["created"] + counts["updated"]
        counts["orders"] = changed if doc.data["kind"] == "orders" else 0
        counts["feedback"] = changed if doc.data["kind"] == "reviews" else 0
        reachable = {
            channel: overview["reachable"].get(channel, 0) for channel in CHANNELS if channel in overview["reachable"]
        }
        writes: list[Write] = [
            Update(
                path,
                {
                    "status": "done",
                    "counts": counts,
                    "reachable": reachable,
                    "contactable": overview["contactable"],
                    "updatedAt": now,
                    "finishedAt": now,
                },
                doc.update_time,
            )
        ]
        if run:
            writes.append(
                Update(
                    run_path,
                    {
                        "status": "done",
                        "done": run.data["total"] or 0,
                        "updatedAt": now,
                        "finishedAt": now,
                        "result": {
                            name: counts[name]
                            for name in ("rows", "created", "updated", "unchanged", "rejected", "repeated", "parked")
                        },
                    },
                    run.update_time,
                )
            )
        return writes

    settle(world.store, [path, run_path], close)
    log.write(
        "INFO",
        "import done",
        import_id=import_id,
        **{k: v for k, v in held.data["counts"].items() if isinstance(v, int)},
    )
    counts = held.data["counts"]
    if counts["created"] + counts["updated"] > 0:
        start_learning(world, None, once=f"after-{import_id}")


def attest_step(world: World, job: Job) -> None:
    """Carry a signed attestation to the people of one chunk, then publish the next chunk's step."""
    path = f"imports/{job.id}"
    held = get(world.store, path)
    if held is None or not held.data["attestation"] or not held.data.get("attesting"):
        return
    chunk = next(iter(world.store.query(Query(f"{path}/chunks", where=(("seq", "==", job.step),), limit=1))), None)
    if chunk is not None and held.data["attestation"]["at"] != chunk.data["attestedAt"]:
        signed = held.data["attestation"]
        people = {
            record["person"]["key"]: None
            for record in json.loads(zlib.decompress(chunk.data["records"]))
            if record.get("person") and not record.get("refused")
        }
        records = [
            CustomerRecord(
                version=held.data["version"],
                person=Person(key=key),
                consent=[
                    ConsentChange(channel=channel, status="granted", at=signed["at"], source=f"attestation {job.id}")
                    for channel in signed["channels"]
                ],
            ).to_json()
            for key in people
        ]
        origin = Origin(
            connection_id=held.data["connectionId"],
            platform=held.data["platform"],
            bulk=True,
            sample=held.data["sample"],
            import_id=job.id,
        )
        take_in(world, PlatformEvents(origin=origin, records=records))
    last = job.step + 1 >= (held.data["chunks"] or 0)

    def move(docs: ReadSet) -> list[Write]:
        doc = docs[path]
        if doc is None or doc.data["attestedChunks"] > job.step:
            return []
        writes: list[Write] = [
            Update(
                path,
                {"attestedChunks": job.step + 1, "attesting": not last, "updatedAt": world.clock()},
                doc.update_time,
            )
        ]
        if chunk is not None:
            writes.append(Update(chunk.path, {"attestedAt": held.data["attestation"]["at"]}, chunk.update_time))
        return writes

    settle(world.store, [path], move)
    if not last:
        world.bus.publish("jobs", Job(kind="attest", id=job.id, step=job.step + 1))
        return
    overview = refresh_overview(world)

    def tell(docs: ReadSet) -> list[Write]:
        doc = docs[path]
        return (
            [
                Update(
                    path, {"reachable": overview["reachable"], "contactable": overview["contactable"]}, doc.update_time
                )
            ]
            if doc
            else []
        )

    settle(world.store, [path], tell)
