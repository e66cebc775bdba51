"""The whole recluster on the in-memory store: movers only, one flip, crashes anywhere, redelivery, races."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.access.audit import Actor
from functions.access.calls import Call
from functions.segmentation import ACTIONS
from ml.segmentation import recluster as job
from ml.segmentation.assign import assign
from ml.segmentation.membership import effective
from ml.segmentation.recluster import recluster
from schema.flow import World
from schema.jobs import Run
from schema.memory_store import MemoryStore
from schema.segments import Segment, Segmentation, SegmentMap
from schema.store import Query, Update
from tests.faults import Crash, CrashingStore
from tests.ml.shop import NOW, Ticking, customer, fill, order_run, stats, world


class Meddling(MemoryStore):
    """Somebody else acts right before the n-th commit."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: dict[int, Any] = {}
        self.seen = 0

    def commit(self, writes: Any) -> None:
        self.seen += 1
        act = self.acts.pop(self.seen, None)
        if act:
            act()
        super().commit(writes)


def doc(store: MemoryStore, path: str) -> dict[str, Any]:
    return store.documents[path][0]


def in_force(store: MemoryStore) -> dict[str, str | None]:
    active = doc(store, "config/segmentation")["active"] if "config/segmentation" in store.documents else 0
    return {one.id: effective(one.data["segment"], active) for one in store.query(Query("customers"))}


def run(store: MemoryStore, run_id: str, clock: Any = None) -> None:
    order_run(store, run_id)
    recluster(world(store, clock), run_id)


def decide(store: MemoryStore, action: str, version: int) -> World:
    """A marketer's decision about a proposal; returns the world with what was published."""
    here = world(store)
    actor = Actor("mia", "Mia", "mia@shop.example", "marketer")
    ACTIONS[action][1](Call(here, actor, {"version": version}, None))  # type: ignore[arg-type]
    return here


def edit(store: MemoryStore, path: str, **fields: Any) -> None:
    store.commit([Update(path, fields, store.documents[path][1])])


@pytest.fixture(scope="module")
def settled() -> dict[str, tuple[dict[str, Any], int]]:
    """A shop of 210 customers after its first recluster."""
    store = MemoryStore()
    fill(store, 210)
    run(store, "first")
    return store.documents


@pytest.fixture
def store(settled: dict[str, tuple[dict[str, Any], int]]) -> Meddling:
    import copy

    held = Meddling()
    held.documents = copy.deepcopy(settled)
    held.clock = 10_000
    return held


def test_the_first_run_writes_what_the_console_reads(store: Meddling) -> None:
    assert doc(store, "config/segmentation")["active"] == 1
    made = Segmentation.model_validate(doc(store, "segmentations/1"))
    assert made.k == len(made.prototypes) == len(made.sizes) == 7
    assert sum(row.size for row in made.sizes) == made.eligible == made.customers == 210
    assert made.moved == 210 and {one.from_ for one in made.movements} == {None}
    points = SegmentMap.model_validate(doc(store, "segmentations/1/map/points"))
    assert points.sampled == points.of == 210 and 0 < sum(points.explained) <= 1
    cards = [Segment.model_validate(one.data) for one in store.query(Query("segments"))]
    assert len(cards) == 7 and {card.public_name for card in cards} == {f"Group {letter}" for letter in "ABCDEFG"}
    assert sum(card.share for card in cards) == pytest.approx(1, abs=1e-5)
    assert sum(card.revenue_share for card in cards) == pytest.approx(1, abs=1e-5)
    done = Run.model_validate(doc(store, "runs/first"))
    assert done.status == "done" and done.done == done.total == 100 and done.result["groups"] == 7
    for path, (data, _) in store.documents.items():
        if path.startswith("customers/"):
            assert data["segment"]["from"] == 1 and data["segment"]["id"] in made.prototypes
            assert 1 <= len(data["segment"]["reasons"]) <= 3 and data["rfm"]["cell"]


def test_unchanged_data_move_nobody_and_keep_every_name(store: Meddling) -> None:
    names = {one.id: one.data["name"] for one in store.query(Query("segments"))}
    customers = {path: held for path, held in store.dump().items() if path.startswith("customers/")}
    run(store, "second")
    assert doc(store, "config/segmentation") | {"updatedAt": None} == {"active": 2, "nextVersion": 3, "updatedAt": None}
    assert doc(store, "segmentations/2")["moved"] == 0 and doc(store, "segmentations/2")["movements"] == []
    assert {one.id: one.data["name"] for one in store.query(Query("segments"))} == names
    assert {path: held for path, held in store.dump().items() if path.startswith("customers/")} == customers


def test_a_month_later_the_groups_are_still_the_same(store: Meddling) -> None:
    run(store, "second", Ticking(NOW + timedelta(days=20)))
    assert doc(store, "segmentations/2")["moved"] < 0.05 * 210


def test_only_movers_are_written(store: Meddling) -> None:
    before = in_force(store)
    lapsed = next(one for one, segment in before.items() if segment == before["p00002"] and one != "p00002")
    days = [NOW - timedelta(days=5 + 25 * index) for index in range(14)]
    edit(store, f"customers/{lapsed}", stats=stats(days, [9_000] * 14).to_doc())
    touched = {path: version for path, (_, version) in store.documents.items()}
    run(store, "second")
    moved = [one for one, segment in in_force(store).items() if segment != before[one]]
    assert lapsed in moved and in_force(store)[lapsed] == before["p00000"]
    segment = doc(store, f"customers/{lapsed}")["segment"]
    assert (segment["from"], segment["before"]) == (2, before[lapsed])
    written = {
        path
        for path, (_, version) in store.documents.items()
        if path.startswith("customers/") and version != touched[path]
    }
    rescored = {f"customers/{one.id}" for one in store.query(Query("customers")) if f"customers/{one.id}" in written}
    assert {f"customers/{one}" for one in moved} <= written == rescored and len(written) < 60


def test_the_same_run_delivered_again_does_nothing(store: Meddling) -> None:
    before = store.dump()
    recluster(world(store), "first")
    assert store.dump() == before


def test_a_run_that_does_not_exist_or_was_cancelled_does_nothing(store: Meddling) -> None:
    order_run(store, "off")
    edit(store, "runs/off", status="cancelled")
    before = store.dump()
    recluster(world(store), "off")
    recluster(world(store), "never")
    assert store.dump() == before


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("first", [True, False], ids=["first run", "later run"])
def test_a_crash_at_any_commit_leaves_the_former_in_force_and_a_retry_completes(
    first: bool, when: Any, store: Meddling
) -> None:
    def fresh() -> MemoryStore:
        held = MemoryStore()
        fill(held, 120)
        if not first:
            run(held, "former")
            for number in range(0, 120, 10):
                figures = stats([NOW - timedelta(days=3)], [1_000 * (number + 1)]).to_doc()
                edit(held, f"customers/p{number:05d}", stats=figures)
        order_run(held, "run")
        return held

    calm = fresh()
    former = in_force(calm)
    commits = CrashingStore(calm, 0, when)
    recluster(world(commits, Ticking()), "run")
    expected = in_force(calm)
    crashes = 0
    for at in range(1, commits.commits + 1):
        held = fresh()
        with pytest.raises(Crash):
            recluster(world(CrashingStore(held, at, when)), "run")
        crashes += 1
        flipped = doc(held, "runs/run")["status"] == "done"
        assert in_force(held) == (expected if flipped else former)
        recluster(world(held), "run")
        assert in_force(held) == expected
        assert doc(held, "runs/run")["status"] == "done"
        assert doc(held, "config/segmentation")["active"] == doc(calm, "config/segmentation")["active"]
        cards = {path: data for path, data in held.dump().items() if path.startswith("segments/")}
        assert {path: data | {"updatedAt": None} for path, data in cards.items()} == {
            path: data | {"updatedAt": None} for path, data in calm.dump().items() if path.startswith("segments/")
        }
    assert crashes >= 5


def test_an_error_says_what_happened_and_what_is_safe_and_a_retry_completes(
    store: Meddling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("figures of Jane Doe")

    order_run(store, "bad")
    before = in_force(store)
    with monkeypatch.context() as patch:
        patch.setattr(job, "warm", broken)
        with pytest.raises(ValueError):
            recluster(world(store), "bad")
    failed = Run.model_validate(doc(store, "runs/bad"))
    assert failed.status == "failed" and failed.error is not None
    assert "ValueError" in failed.error.en and "unchanged" in failed.error.en and "new run" in failed.error.en
    assert "Jane" not in failed.error.en and "重新开始" in failed.error.zh
    assert in_force(store) == before
    recluster(world(store), "bad")
    assert doc(store, "runs/bad")["status"] == "done" and doc(store, "runs/bad")["error"] is None
    assert doc(store, "config/segmentation")["active"] == 2


def test_who_changes_while_the_run_writes_is_placed_anew(store: Meddling) -> None:
    target = in_force(store)["p00000"]
    days = [NOW - timedelta(days=5 + 25 * index) for index in range(14)]

    def becomes_loyal() -> None:
        edit(store, "customers/p00002", stats=stats(days, [9_000] * 14).to_doc(), updatedAt=NOW + timedelta(seconds=1))

    def is_born() -> None:
        store.documents["customers/new"] = (
            customer(stats(days, [9_000] * 14), NOW + timedelta(seconds=1), profiling="allowed"),
            store.clock,
        )

    order_run(store, "second")
    # Commits: claim, progress .., creation of the version: all act after the reading of the customers.
    store.acts = {store.seen + 4: becomes_loyal, store.seen + 5: is_born}
    recluster(world(store), "second")
    assert not store.acts
    assert in_force(store)["p00002"] == target and in_force(store)["new"] == target


@pytest.mark.parametrize(("at", "swept"), [(3, False), (4, False), (5, True)], ids=["fit", "map", "flip"])
def test_who_changes_during_the_run_is_right_at_the_flip_or_after_the_retry(
    store: Meddling, at: int, swept: bool
) -> None:
    target = in_force(store)["p00000"]
    days = [NOW - timedelta(days=5 + 25 * index) for index in range(14)]

    class DiesAfterFlip(CrashingStore):
        def commit(self, writes: Any) -> None:
            super().commit(writes)
            if any(write.path == "runs/second" and write.fields.get("status") == "done" for write in writes):
                raise Crash

    order_run(store, "second")
    figures = stats(days, [9_000] * 14).to_doc()
    later = NOW + timedelta(seconds=1)
    store.acts = {store.seen + at: lambda: edit(store, "customers/p00002", stats=figures, updatedAt=later)}
    with pytest.raises(Crash):
        recluster(world(DiesAfterFlip(store, 0, "after")), "second")
    assert not store.acts and (in_force(store)["p00002"] != target) == swept
    recluster(world(store), "second")
    assert in_force(store)["p00002"] == target


@pytest.mark.parametrize("at", range(2, 7))
def test_a_newer_run_takes_over_and_the_older_one_writes_nothing_more(store: Meddling, at: int) -> None:
    for number in range(0, 210, 14):
        edit(store, f"customers/p{number:05d}", stats=stats([NOW - timedelta(days=200)], [150_00]).to_doc())
    order_run(store, "old")
    order_run(store, "new")
    after: dict[str, Any] = {}

    def other() -> None:
        recluster(world(store), "new")
        after.update(in_force(store))

    store.acts = {store.seen + at: other}
    recluster(world(store), "old")
    assert not store.acts and doc(store, "config/segmentation")["active"] == 3
    assert doc(store, "runs/old")["status"] == "cancelled" and doc(store, "runs/new")["status"] == "done"
    assert in_force(store) == after and "segmentations/2" not in store.documents
    recluster(world(store), "old")
    assert in_force(store) == after


def test_what_an_abandoned_run_proposed_never_comes_into_force(store: Meddling) -> None:
    former = in_force(store)
    for number in range(0, 210, 7):
        edit(store, f"customers/p{number:05d}", stats=stats([NOW - timedelta(days=200)], [150_00]).to_doc())
    held = {path: doc(store, path)["stats"] for path in store.documents if path.startswith("customers/")}
    order_run(store, "abandoned")

    class DiesWriting(CrashingStore):
        def commit(self, writes: Any) -> None:
            super().commit(writes)
            if any(write.path.startswith("customers/") for write in writes):
                raise Crash

    with pytest.raises(Crash):
        recluster(world(DiesWriting(store, 0, "after")), "abandoned")
    pending = [path for path in held if doc(store, path)["segment"]["from"] == 2]
    assert pending
    # The world goes back to what it was: in the next version these customers belong where they were.
    originals = MemoryStore()
    fill(originals, 210)
    for path in held:
        edit(store, path, stats=doc(originals, path)["stats"])
    run(store, "next")
    assert doc(store, "config/segmentation")["active"] == 3
    assert in_force(store) == former


def test_opted_out_merged_and_orderless_customers_carry_nothing(store: Meddling) -> None:
    edit(store, "customers/p00000", profiling="opted out")
    edit(store, "customers/p00001", mergedInto="p00008")
    edit(store, "customers/p00002", stats=stats([], []).to_doc())
    run(store, "second")
    for one in ("p00000", "p00001", "p00002"):
        assert doc(store, f"customers/{one}")["segment"] is None and doc(store, f"customers/{one}")["rfm"] is None
    made = doc(store, "segmentations/2")
    assert made["eligible"] == 207 and made["customers"] == 209
    assert sum(row["size"] for row in made["sizes"]) == 207
    assert not {point["c"] for point in doc(store, "segmentations/2/map/points")["points"]} & {
        "p00000",
        "p00001",
        "p00002",
    }


def test_sample_customers_are_left_out_once_the_shop_has_data_of_its_own(store: Meddling) -> None:
    for number in range(60):
        edit(store, f"customers/p{number:05d}", sample=True)
    run(store, "second")
    assert doc(store, "segmentations/2")["eligible"] == 210
    edit(store, "settings/shop", real=True)
    run(store, "third")
    assert doc(store, "segmentations/3")["eligible"] == 150
    assert doc(store, "customers/p00000")["segment"] is None
    assign(world(store), ["p00000", "p00100"])
    assert doc(store, "customers/p00000")["segment"] is None
    assert doc(store, "customers/p00100")["segment"] is not None


def test_a_renamed_segment_keeps_its_name_and_lends_it_to_nobody(store: Meddling) -> None:
    chosen = in_force(store)["p00000"]
    edit(store, f"segments/{chosen}", name={"en": "Our best", "zh": "最好的"}, renamedBy="mia")
    run(store, "second")
    card = doc(store, f"segments/{chosen}")
    assert card["name"] == {"en": "Our best", "zh": "最好的"} and card["renamedBy"] == "mia"
    names = [one.data["name"]["en"] for one in store.query(Query("segments"))]
    assert len(set(names)) == len(names)
    computed = {row["segmentId"]: row["name"]["en"] for row in doc(store, "segmentations/2")["sizes"]}
    assert computed[chosen] != "Our best"


def test_a_name_that_a_person_took_from_another_segment_stays_with_the_person(store: Meddling) -> None:
    before = in_force(store)
    mine, other = before["p00000"], before["p00003"]
    wanted = doc(store, f"segments/{other}")["name"]
    edit(store, f"segments/{mine}", name=wanted, renamedBy="mia")
    run(store, "second")
    assert doc(store, f"segments/{mine}")["name"] == wanted != doc(store, f"segments/{other}")["name"]


def test_a_vanished_group_retires_and_its_public_name_is_not_given_again(store: Meddling) -> None:
    gone = in_force(store)["p00003"]
    for number in range(3, 210, 7):
        days = [NOW - timedelta(days=2 + index) for index in range(40)]
        edit(store, f"customers/p{number:05d}", stats=stats(days, [80_000] * 40).to_doc())
        edit(store, f"customers/p{number:05d}", segment=None)
    before = in_force(store)
    run(store, "second")
    assert doc(store, "segmentations/2")["status"] == "proposed" and in_force(store) == before
    assert doc(store, f"segments/{gone}")["retired"] is False
    decide(store, "segmentation.publish", 2)
    assert doc(store, f"segments/{gone}")["retired"] is True
    cards = [one.data for one in store.query(Query("segments"))]
    assert len(cards) == 8 and len({card["publicName"] for card in cards}) == 8


@pytest.mark.parametrize(("count", "scored"), [(0, False), (4, False), (12, True)])
def test_below_every_gate_there_are_honest_nulls(count: int, scored: bool) -> None:
    store = MemoryStore()
    fill(store, count)
    run(store, "run")
    made = Segmentation.model_validate(doc(store, "segmentations/1"))
    assert (made.algorithm, made.k, made.silhouette, made.sizes) == ("none", 0, None, [])
    assert made.note is not None and str(count) in made.note.en
    for one in store.query(Query("customers")):
        assert one.data["segment"] is None and (one.data["rfm"] is not None) == scored
    assert doc(store, "runs/run")["status"] == "done"


def test_when_the_shop_shrinks_below_the_gate_everyone_leaves_once_somebody_agrees(store: Meddling) -> None:
    for number in range(10, 210):
        store.documents.pop(f"customers/p{number:05d}")
    before = in_force(store)
    run(store, "second")
    assert doc(store, "segmentations/2")["status"] == "proposed" and in_force(store) == before
    decide(store, "segmentation.publish", 2)
    assert set(in_force(store).values()) == {None}
    assert all(one.data["retired"] for one in store.query(Query("segments")))


def test_cancelling_stops_before_anything_is_in_force(store: Meddling) -> None:
    order_run(store, "second")
    store.acts = {store.seen + 3: lambda: edit(store, "runs/second", status="cancelled")}
    recluster(world(store), "second")
    assert doc(store, "config/segmentation")["active"] == 1 and doc(store, "runs/second")["status"] == "cancelled"


def test_progress_never_goes_back_and_is_written_once_a_second_at_most(store: Meddling) -> None:
    seen: list[int] = []

    class Watching(CrashingStore):
        def commit(self, writes: Any) -> None:
            super().commit(writes)
            seen.extend(
                write.fields["done"] for write in writes if isinstance(write, Update) and "done" in write.fields
            )

    order_run(store, "second")
    recluster(world(Watching(store, 0, "after")), "second")
    assert seen == sorted(seen) and seen[-1] == 100 and len(seen) <= 6


# --- one changed customer -----------------------------------------------------------------------------------------


def writes_of(store: MemoryStore, act: Any) -> int:
    before = store.writes
    act()
    return store.writes - before


def test_an_unchanged_customer_is_not_written(store: Meddling) -> None:
    assert writes_of(store, lambda: assign(world(store), [f"p{number:05d}" for number in range(210)])) == 0


def test_a_new_customer_is_placed_at_once_and_never_below_one_order(store: Meddling) -> None:
    days = [NOW - timedelta(days=12)]
    store.documents["customers/new"] = (customer(stats(days, [3_000]), NOW), 1)
    store.documents["customers/lead"] = (customer(stats([], []), NOW), 1)
    assert assign(world(store), ["new", "lead", "new", "nobody"]) == []
    assert in_force(store)["new"] == in_force(store)["p00004"] and doc(store, "customers/new")["rfm"]["recency"] >= 4
    assert doc(store, "customers/new")["segment"]["reasons"]
    assert doc(store, "customers/lead")["segment"] is None and doc(store, "customers/lead")["rfm"] is None


def test_opting_out_takes_effect_at_once(store: Meddling) -> None:
    edit(store, "customers/p00000", profiling="opted out")
    assign(world(store), ["p00000"])
    assert doc(store, "customers/p00000")["segment"] is None and doc(store, "customers/p00000")["rfm"] is None


def test_opting_out_works_before_there_is_any_segmentation() -> None:
    store = MemoryStore()
    fill(store, 1)
    assert writes_of(store, lambda: assign(world(store), ["p00000"])) == 0


def test_time_alone_moves_nobody(store: Meddling) -> None:
    later = world(store, Ticking(NOW + timedelta(days=300)))
    assert writes_of(store, lambda: assign(later, [f"p{number:05d}" for number in range(210)])) == 0


def test_a_customer_that_fails_harms_no_other(store: Meddling) -> None:
    edit(store, "customers/p00000", stats={"orders": "three", "lastOrderAt": NOW})
    edit(store, "customers/p00001", profiling="opted out")
    failed = assign(world(store), ["p00000", "p00001"])
    assert [one.body["ids"] for one in failed] == [["p00000"]]
    assert doc(store, "customers/p00001")["segment"] is None


def test_a_flip_during_the_assignment_is_noticed(store: Meddling) -> None:
    """The pointer is read, then a new version with a new segment comes into force, then the customer is read."""
    days = [NOW - timedelta(days=2 + index) for index in range(40)]
    big = stats(days, [80_000] * 40).to_doc()

    class Slow(CrashingStore):
        acted = False

        def get_many(self, paths: Any) -> Any:
            wanted = list(paths)
            if not self.acted and any(path.startswith("customers/") for path in wanted):
                self.acted = True
                for number in range(3, 203, 7):
                    edit(store, f"customers/p{number:05d}", stats=big, segment=None)
                run(store, "second")
                decide(store, "segmentation.publish", 2)
                edit(store, "customers/p00205", stats=big)
            return self.inner.get_many(wanted)

    assign(world(Slow(store, 0, "after")), ["p00205"])
    assert doc(store, "config/segmentation")["active"] == 2
    assert in_force(store)["p00205"] == in_force(store)["p00003"] != in_force(store)["p00000"]
