"""The recluster job: a new segmentation beside the one in force, then one write that puts it in force.

    claim      the run takes a version number for itself; unfinished older versions lose their document (the fence)
    decide     a search when one is due (`standing`), else a warm run; only `refresh` while a proposal waits or what a
               night proposed was lately not wanted
    fit        features, scaler, groups, identity -> `segmentations/{V}`, created once: a retry keeps this fit
    write      movers get `segment {id, from: V, before}`; nobody sees it yet. Every batch also touches
               `segmentations/{V}` under a precondition: a run that lost its fence writes no further customer
    re-check   customers that changed meanwhile are placed again
    flip       the pointer, the cards and the end of the run, in one commit; a search's result, and a night's that
               changes much, waits as a proposal instead, with its cards prepared, and the pointer stays
    tell       who stays is told anew why, where the sentences no longer hold
    sweep      customers that changed around the flip are assigned once more, now to the version in force

A crash anywhere before the flip leaves the former segmentation in force; the same message delivered again finishes.
Delivered after the end it only sweeps, which writes nothing when everything is in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ml.segmentation import cards, standing
from ml.segmentation.assign import assign
from ml.segmentation.cluster import MINIMUM
from ml.segmentation.fitting import Batch, search, warm
from ml.segmentation.model import Fields, Model, Placed, cleared
from ml.segmentation.population import Person, changed_since, pages, person
from ml.segmentation.progress import Cancelled, Progress, Superseded
from ml.segmentation.turnover import finished, turn_over
from schema import log
from schema.base import Localized
from schema.flow import World
from schema.intelligence import Training
from schema.segments import ActiveSegmentation
from schema.store import (
    Conflict,
    Contention,
    Create,
    Data,
    Delete,
    Doc,
    Patience,
    Put,
    Query,
    ReadSet,
    Update,
    Write,
    get,
    settle,
)

POINTER = "config/segmentation"
BATCH = 380
SKEW = timedelta(minutes=2)
"""How far the clocks of two machines may differ when asking what changed since a moment."""
ROUNDS = 5

READING = Localized(en="Reading customers", zh="读取客户")
FITTING = Localized(en="Looking for groups", zh="寻找分群")
WRITING = Localized(en="Preparing who moves", zh="准备成员变动")
CHECKING = Localized(en="Checking what changed meanwhile", zh="检查期间的变化")
PUBLISHING = Localized(en="Putting the segments in force", zh="启用新的分群")


def recluster(world: World, run_id: str, search: bool = False) -> None:
    """Run, or continue, the recluster of `runs/{run_id}`; with `search` look for a better grouping now.

    Raises:
        Exception: whatever stopped it, after the run document says so; delivering the message again continues.
    """
    version = _claim(world, run_id)
    if version is None:
        _finish(world, run_id)
        return
    progress = Progress(world.store, world.clock, run_id)
    try:
        Recluster(world, run_id, version, progress).run(search)
    except Cancelled:
        log.write("INFO", "recluster cancelled", run=run_id, version=version)
    except Superseded:
        progress.superseded()
        log.write("WARNING", "recluster superseded", run=run_id, version=version)
    except Exception as error:
        progress.failed(error)
        raise


def _claim(world: World, run_id: str) -> int | None:
    """The version of this run: its own when it was interrupted, else a new one; None when there is nothing to do."""
    path = f"runs/{run_id}"
    claimed: list[int] = []

    def plan(docs: ReadSet) -> list[Write]:
        claimed.clear()
        run, pointer = docs[path], docs[POINTER]
        if run is None or run.data["status"] in ("done", "cancelled"):
            return []
        now = world.clock()
        begun = {"status": "running", "error": None, "finishedAt": None, "updatedAt": now}
        held = str(run.data.get("ref") or "")
        if held:
            claimed.append(int(held.rsplit("/", 1)[1]))
            return [Update(path, begun, run.update_time)]
        version = int(pointer.data["nextVersion"]) if pointer else 1
        claimed.append(version)
        state = ActiveSegmentation(
            active=int(pointer.data["active"]) if pointer else 0, next_version=version + 1, updated_at=now
        ).to_doc()
        return [
            Update(POINTER, state, pointer.update_time) if pointer else Create(POINTER, state),
            Update(path, {**begun, "ref": f"segmentations/{version}"}, run.update_time),
        ]

    settle(world.store, [path, POINTER], plan)
    return claimed[0] if claimed else None


def _finish(world: World, run_id: str) -> None:
    """The sweep of a run that died right after its flip; it writes nothing when there is nothing to put right."""
    run = get(world.store, f"runs/{run_id}")
    if run and run.data["status"] == "done" and run.data["finishedAt"]:
        _sweep(world, run.data["finishedAt"] - 2 * SKEW)


def _sweep(world: World, since: datetime) -> None:
    """Assign whoever changed since `since` to the version in force."""
    late = [one.id for one in changed_since(world.store, since)]
    for start in range(0, len(late), BATCH):
        assign(world, late[start : start + BATCH])


class Recluster:
    """One execution of a claimed version."""

    def __init__(self, world: World, run_id: str, version: int, progress: Progress) -> None:
        self.world = world
        self.store = world.store
        self.run_id = run_id
        self.version = version
        self.path = f"segmentations/{version}"
        self.progress = progress
        self.people: dict[str, Person] = {}
        self.written = 0
        self.real = False

    def run(self, search: bool = False) -> None:
        active = self._pointer().active
        since = self.world.clock() - SKEW
        docs = self.store.get_many(["settings/shop", "settings/training"])
        shop, training = docs["settings/shop"], docs["settings/training"]
        self.real = bool(shop and shop.data.get("real"))
        currency = str((shop.data.get("currency") if shop else None) or "USD")
        settings = Training.model_validate(training.data) if training else Training()
        stand = standing.read(self.store, active, self.version)
        search = search or stand.due(settings, self.world.clock())
        self._read()
        rests = stand.waiting is not None or stand.settled(settings, self.world.clock())
        if rests and not search and get(self.store, self.path) is None:
            self._refresh(active, currency, stand.waiting is not None)
            return
        self._fence(stand)
        model = self._fit(stand, settings, currency, search)
        self.progress.at(50, WRITING)
        self._publish_map(self._write(model, active))
        since = self._recheck(model, active, since)
        self.progress.at(97, PUBLISHING)
        kept = sum(not one.merged for one in self.people.values())
        placed = self._place(model, active)
        flipped = turn_over(self.world, self.run_id, placed, active, kept, self._pointer)
        log.write(
            "INFO",
            "recluster done" if flipped else "recluster proposed",
            run=self.run_id,
            version=self.version,
            customers=len(self.people),
            written=self.written,
        )
        if flipped:
            self._tell(placed)
            _sweep(self.world, since)

    def _tell(self, placed: Placed) -> None:
        """Who stays is told anew why, where it no longer holds. After the flip: it is about what is in force."""
        stale = [one.id for row, one in enumerate(placed.people) if placed.stale(row)]
        for start in range(0, len(stale), BATCH):
            assign(self.world, stale[start : start + BATCH])

    def _refresh(self, active: int, currency: str, waiting: bool) -> None:
        """While a proposal waits or what a night proposed was not wanted: everybody to their place in the version in
        force, and nothing else.
        """
        held = get(self.store, f"segmentations/{active}")
        moved: list[str] = []
        if held is not None:
            placed = Model.from_doc(held.data, currency).place(self._inside(), settled=True)
            moved = [placed.people[row].id for row in placed.misplaced()]
        moved += [one.id for one in self.people.values() if not one.in_scope and cleared(one)]
        for start in range(0, len(moved), BATCH):
            assign(self.world, moved[start : start + BATCH])
            self.progress.at(50 + 45 * (start + BATCH) / max(BATCH, len(moved)), WRITING)
        run_path = f"runs/{self.run_id}"
        kept = sum(not one.merged for one in self.people.values())
        result = {"version": active, "customers": kept, "moved": len(moved), **({"waiting": 1} if waiting else {})}

        def plan(docs: ReadSet) -> list[Write]:
            run = docs[run_path]
            if run is None or run.data["status"] == "cancelled":
                raise Cancelled
            done = finished(result, self.world.clock())
            return [Update(run_path, {**done, "ref": f"segmentations/{active}"}, run.update_time)]

        settle(self.store, [run_path], plan)

    def _pointer(self, docs: Mapping[str, Doc | None] | ReadSet | None = None) -> ActiveSegmentation:
        """The pointer, as long as this run is the newest.

        Raises:
            Superseded: a later version was claimed.
        """
        doc = get(self.store, POINTER) if docs is None else docs[POINTER]
        if doc is None:
            raise Superseded
        pointer = ActiveSegmentation.model_validate(doc.data)
        if pointer.next_version != self.version + 1:
            raise Superseded
        return pointer

    def _fence(self, stand: standing.Standing) -> None:
        """Take their document from unfinished versions before this one: they can write no more. A proposal that nobody
        decided about is superseded; afterwards it cannot be published any more.
        """
        paths = [doc.path for doc in stand.later if doc.data.get("status") in ("fitting", "proposed")]
        if not paths:
            return

        def plan(docs: ReadSet) -> list[Write]:
            pointer = docs[POINTER]
            if self._pointer(docs).active != stand.active or pointer is None:
                raise Superseded
            writes: list[Write] = []
            for path in paths:
                doc = docs[path]
                if doc is not None and doc.data["status"] == "fitting":
                    writes += [Delete(path), Delete(f"{path}/map/points")]
                elif doc is not None and doc.data["status"] == "proposed":
                    kept = {"status": "kept", "note": standing.SUPERSEDED.to_doc()}
                    writes.append(Update(path, kept, doc.update_time))
            # Touching the pointer makes this and somebody's publishing exclude each other.
            touched = Update(POINTER, {"updatedAt": self.world.clock()}, pointer.update_time)
            return [*writes, touched] if writes else []

        settle(self.store, [POINTER, *paths], plan)

    def _read(self) -> None:
        total = max(1, self.store.totals(Query("customers")).count)
        self.progress.at(0, READING)
        for page in pages(self.store, self.real):
            self.people.update((one.id, one) for one in page)
            self.progress.at(30 * min(1.0, len(self.people) / total))

    def _fit(self, stand: standing.Standing, settings: Training, currency: str, search: bool) -> Model:
        """The version's document: as stored by an interrupted execution, else made now."""
        stored = get(self.store, self.path)
        if stored is None:
            self.progress.at(30, FITTING)
            data = self._describe(stand, settings, search)
            for attempt in range(20):
                pointer = get(self.store, POINTER)
                self._pointer({POINTER: pointer})
                assert pointer is not None
                try:
                    # Touching the pointer makes creation and a later run's claim exclude each other.
                    self.store.commit(
                        [
                            Create(self.path, data),
                            Update(POINTER, {"updatedAt": self.world.clock()}, pointer.update_time),
                        ]
                    )
                except Conflict:
                    Patience().wait(attempt)
                stored = get(self.store, self.path)
                if stored is not None:
                    break
            else:
                raise Contention(self.path)
        return Model.from_doc(stored.data, currency)

    def _describe(self, stand: standing.Standing, settings: Training, wanted: bool) -> Data:
        """A warm run as long as it serves, else a search."""
        inside, now = self._inside(), self.world.clock()
        kept = sum(not one.merged for one in self.people.values())
        batch = Batch(inside, self.version, self.run_id, stand.active, now, kept)
        former = Model.from_doc(stand.in_force.data, "") if stand.in_force else None
        if not wanted and former and former.ids and stand.in_force and len(inside) >= MINIMUM:
            data, good = warm(batch, former, stand.in_force.data)
            if good or stand.declined(settings, now):
                return data
        return search(batch, former, settings)

    def _inside(self) -> list[Person]:
        return [one for one in self.people.values() if one.in_scope]

    def _place(self, model: Model, active: int) -> Placed:
        return model.place(self._inside(), active)

    def _write(self, model: Model, active: int) -> Placed:
        """Write who moves, whose scores changed, and who leaves; the sentences of a million are made by batch."""
        placed = self._place(model, active)
        movers = placed.movers()
        leavers = [one for one in self.people.values() if not one.in_scope and cleared(one)]
        total = max(1, len(movers) + len(leavers))
        for start in range(0, len(movers), BATCH):
            part = movers[start : start + BATCH].tolist()
            self._commit(model, active, [(placed.people[row], placed.proposal(row, active)) for row in part])
            self.progress.at(50 + 40 * (start + len(part)) / total)
        for start in range(0, len(leavers), BATCH):
            part_out = leavers[start : start + BATCH]
            self._commit(model, active, [(one, cleared(one)) for one in part_out])
            self.progress.at(50 + 40 * (len(movers) + start + len(part_out)) / total)
        return placed

    def _publish_map(self, placed: Placed) -> None:
        self.store.commit([Put(f"{self.path}/map/points", cards.plan_map(placed))])

    def _wanted(self, model: Model, active: int, people: Sequence[Person]) -> list[tuple[Person, Fields]]:
        """Writes for these few customers; most need none."""
        placed = model.place([one for one in people if one.in_scope], active)
        inside = [(placed.people[row], placed.proposal(row, active)) for row in placed.movers().tolist()]
        outside = [(one, fields) for one in people if not one.in_scope and (fields := cleared(one))]
        return [*inside, *outside]

    def _commit(self, model: Model, active: int, batch: list[tuple[Person, Fields]]) -> None:
        """One batch of customers, and the fence. Whoever changed meanwhile is read and placed again."""
        patience = Patience()
        for attempt in range(patience.attempts):
            fence = get(self.store, self.path)
            if fence is None:
                raise Superseded
            writes: list[Write] = [Update(one.path, fields, one.guard) for one, fields in batch]
            try:
                self.store.commit([*writes, Update(self.path, {"moved": self.written + len(batch)}, fence.update_time)])
            except Conflict:
                patience.wait(attempt)
                read = self.store.get_many([one.path for one, _ in batch]).values()
                fresh = [person(doc, self.real) for doc in read if doc]
                self.people.update((one.id, one) for one in fresh)
                batch = self._wanted(model, active, fresh)
                if not batch:
                    return
            else:
                self.written += len(batch)
                return
        raise Contention(self.path)

    def _recheck(self, model: Model, active: int, since: datetime) -> datetime:
        """Place again whoever changed since the reading, until a round finds nothing to write."""
        self.progress.at(92, CHECKING)
        for _ in range(ROUNDS):
            started = self.world.clock() - SKEW
            changed = list(changed_since(self.store, since, self.real))
            self.people.update((one.id, one) for one in changed)
            since = started
            wanted = self._wanted(model, active, changed)
            for start in range(0, len(wanted), BATCH):
                self._commit(model, active, wanted[start : start + BATCH])
            if not wanted:
                break
        return since
