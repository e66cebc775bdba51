"""The same job against the real Firestore emulator: what the in-memory store might get wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ml.segmentation.assign import assign
from ml.segmentation.membership import effective
from ml.segmentation.recluster import recluster
from schema.clock import system_clock
from schema.documents import Customer
from schema.firestore_store import FirestoreStore
from schema.jobs import Run
from schema.segments import Segment, Segmentation, SegmentMap
from schema.store import Query, Store, Update, get
from tests.faults import Crash, CrashingStore
from tests.ml.shop import NOW, fill, order_run, stats, world

if TYPE_CHECKING:
    from google.cloud.firestore import Client

COUNT = 450  # more than one batch of movers


@pytest.fixture
def store(firestore_client: Client) -> FirestoreStore:
    held = FirestoreStore(firestore_client)
    fill(held, COUNT)
    return held


def in_force(store: Store) -> dict[str, str | None]:
    pointer = get(store, "config/segmentation")
    active = pointer.data["active"] if pointer else 0
    return {one.id: effective(one.data["segment"], active) for one in store.query(Query("customers"))}


def edit(store: Store, path: str, **fields: Any) -> None:
    held = get(store, path)
    assert held is not None
    store.commit([Update(path, fields, held.update_time)])


def run(store: Store, run_id: str) -> None:
    recluster(world(store), order_run(store, run_id))


@pytest.mark.slow
def test_a_life_of_reclusters(store: FirestoreStore) -> None:
    run(store, "first")
    made = get(store, "segmentations/1")
    assert made is not None
    described = Segmentation.model_validate(made.data)
    assert described.k == 7 and described.moved == COUNT and sum(row.size for row in described.sizes) == COUNT
    points = get(store, "segmentations/1/map/points")
    assert points is not None and SegmentMap.model_validate(points.data).sampled == COUNT
    assert len([Segment.model_validate(one.data) for one in store.query(Query("segments"))]) == 7
    for one in store.query(Query("customers")):
        assert Customer.model_validate(one.data).segment is not None
    before = {one.id: one.update_time for one in store.query(Query("customers"))}
    first = in_force(store)

    run(store, "second")
    assert {one.id: one.update_time for one in store.query(Query("customers"))} == before
    again = get(store, "segmentations/2")
    assert again is not None and again.data["moved"] == 0

    days = [NOW - timedelta(days=5 + 25 * index) for index in range(14)]
    edit(store, "customers/p00002", stats=stats(days, [9_000] * 14).to_doc())
    run(store, "third")
    third = in_force(store)
    assert third["p00002"] == first["p00000"]
    written = {one.id for one in store.query(Query("customers")) if one.update_time != before[one.id]}
    assert {one for one in first if third[one] != first[one]} <= written and len(written) < COUNT // 4

    recluster(world(store), "third")
    pointer = get(store, "config/segmentation")
    assert pointer is not None and (pointer.data["active"], pointer.data["nextVersion"]) == (3, 4)
    assert assign(world(store), sorted(first)) == []
    assert in_force(store) == third


@pytest.mark.parametrize(("at", "when"), [(1, "after"), (4, "after"), (5, "before"), (7, "before"), (7, "after")])
def test_a_crash_leaves_the_former_in_force_and_a_retry_completes(store: FirestoreStore, at: int, when: Any) -> None:
    order_run(store, "run")
    with pytest.raises(Crash):
        recluster(world(CrashingStore(store, at, when)), "run")
    done = get(store, "runs/run")
    assert done is not None
    if done.data["status"] != "done":
        assert set(in_force(store).values()) == {None}
    recluster(world(store), "run")
    done = get(store, "runs/run")
    assert done is not None and Run.model_validate(done.data).status == "done"
    assert None not in in_force(store).values() and done.data["result"]["version"] == 1


def test_edits_by_others_while_it_runs_are_neither_lost_nor_missed(store: FirestoreStore) -> None:
    """Between reading and writing, one customer changes its habits and another is edited."""
    days = [NOW - timedelta(days=5 + 25 * index) for index in range(14)]

    class Busy(CrashingStore):
        acted = False

        def commit(self, writes: Any) -> None:
            if not self.acted and any(write.path.startswith("customers/") for write in writes):
                self.acted = True
                edit(self.inner, "customers/p00002", stats=stats(days, [9_000] * 14).to_doc(), updatedAt=system_clock())
                edit(self.inner, "customers/p00003", country="DE", updatedAt=system_clock())
            super().commit(writes)

    order_run(store, "run")
    recluster(world(Busy(store, 0, "after"), system_clock), "run")
    held = in_force(store)
    assert held["p00002"] == held["p00000"]
    kept = get(store, "customers/p00003")
    assert kept is not None and kept.data["country"] == "DE" and held["p00003"] == held["p00010"]
