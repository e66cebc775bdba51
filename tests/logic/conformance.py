"""What every store must do: one suite, inherited by the test of the store in memory and by that of Firestore.

A subclass gives the fixture `store`, empty before each test.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schema.store import (
    Conflict,
    Contention,
    Create,
    Delete,
    Group,
    Merge,
    Missing,
    Patience,
    Put,
    Query,
    ReadSet,
    Refused,
    Store,
    StoreError,
    Update,
    Write,
    get,
    pages,
    settle,
    settle_groups,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def data_at(store: Store, path: str) -> dict[str, Any] | None:
    held = get(store, path)
    return held.data if held else None


def ids(store: Store, query: Query) -> list[str]:
    return [doc.id for doc in store.query(query)]


def quick(attempts: int = 40) -> Patience:
    """Patience that does not sleep."""
    return Patience(attempts=attempts, sleep=lambda _: None, rng=random.Random(1))


class StoreContract:
    """The suite."""

    # --- documents ---

    def test_reads_what_was_written(self, store: Store) -> None:
        data = {"n": 1, "x": 1.5, "t": "é 王", "at": NOON, "no": None, "yes": True, "list": [1], "map": {"a": {"b": 1}}}
        store.commit([Put("a/one", data)])
        found = store.get_many(["a/one", "a/two", "a/one", "a/one/b/three"])
        assert set(found) == {"a/one", "a/two", "a/one/b/three"}
        doc = found["a/one"]
        assert doc is not None and doc.data == data and doc.path == "a/one" and doc.id == "one"
        assert found["a/two"] is None and found["a/one/b/three"] is None

    def test_reading_nothing(self, store: Store) -> None:
        assert store.get_many([]) == {}

    def test_reads_more_than_one_round_trip_holds(self, store: Store) -> None:
        for start in range(0, 600, 300):
            store.commit([Put(f"a/{n}", {"n": n}) for n in range(start, start + 300)])
        found = store.get_many(f"a/{n}" for n in range(1100))
        assert sum(doc is not None for doc in found.values()) == 600
        assert found["a/599"] and found["a/599"].data == {"n": 599}

    def test_what_is_read_is_a_copy(self, store: Store) -> None:
        given = {"map": {"n": 1}}
        store.commit([Put("a/one", given)])
        given["map"]["n"] = 2
        held = get(store, "a/one")
        assert held is not None
        held.data["map"]["n"] = 3
        assert data_at(store, "a/one") == {"map": {"n": 1}}

    def test_a_moment_that_was_read_can_be_moved_and_written_again(self, store: Store) -> None:
        at = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
        store.commit([Put("things/a", {"at": at, "in": {"list": [at]}})])
        held = get(store, "things/a")
        assert held is not None and held.data == {"at": at, "in": {"list": [at]}}
        moved = held.data["in"]["list"][0].replace(hour=0) + timedelta(days=1)
        store.commit([Put("things/b", {"at": moved})])
        again = get(store, "things/b")
        assert again is not None and again.data["at"] == datetime(2026, 3, 2, 0, 30, 15, 123456, tzinfo=UTC)
        found = list(store.query(Query("things", where=(("at", ">=", moved),))))
        assert [doc.id for doc in found] == ["b"]

    def test_create_conflicts_with_an_existing_document(self, store: Store) -> None:
        store.commit([Create("a/one", {"n": 1})])
        with pytest.raises(Conflict):
            store.commit([Create("a/one", {"n": 2})])
        assert data_at(store, "a/one") == {"n": 1}

    def test_update_conflicts_when_another_was_first(self, store: Store) -> None:
        store.commit([Put("a/one", {"n": 1})])
        before = get(store, "a/one")
        assert before is not None
        store.commit([Put("a/one", {"n": 2})])
        with pytest.raises(Conflict):
            store.commit([Update("a/one", {"n": 3}, before.update_time)])
        assert data_at(store, "a/one") == {"n": 2}

    def test_update_conflicts_when_the_document_is_gone(self, store: Store) -> None:
        store.commit([Put("a/one", {"n": 1})])
        before = get(store, "a/one")
        assert before is not None
        store.commit([Delete("a/one")])
        with pytest.raises(Conflict):
            store.commit([Update("a/one", {"n": 3}, before.update_time)])
        assert get(store, "a/one") is None

    def test_a_guard_outlives_its_own_update_only(self, store: Store) -> None:
        store.commit([Put("a/one", {"n": 1})])
        before = get(store, "a/one")
        assert before is not None
        store.commit([Update("a/one", {"n": 2}, before.update_time)])
        with pytest.raises(Conflict):
            store.commit([Update("a/one", {"n": 3}, before.update_time)])

    def test_update_replaces_fields_and_dots_reach_into_maps(self, store: Store) -> None:
        store.commit([Put("a/one", {"keep": 1, "map": {"keep": 1, "old": {"x": 1}}, "whole": {"a": 1, "b": 2}})])
        before = get(store, "a/one")
        assert before is not None
        fields = {"map.old": {"y": 2}, "map.new.deep": None, "whole": {"c": 3}, "added": [1]}
        store.commit([Update("a/one", fields, before.update_time)])
        assert data_at(store, "a/one") == {
            "keep": 1,
            "map": {"keep": 1, "old": {"y": 2}, "new": {"deep": None}},
            "whole": {"c": 3},
            "added": [1],
        }

    def test_put_replaces_the_whole_document(self, store: Store) -> None:
        store.commit([Put("a/one", {"x": 1, "map": {"y": 1}})])
        store.commit([Put("a/one", {"map": {"z": 2}})])
        assert data_at(store, "a/one") == {"map": {"z": 2}}

    def test_merge_creates_and_merges_deeply(self, store: Store) -> None:
        store.commit([Merge("a/one", {"claims": {"0ab": True}, "kind": "email"})])
        store.commit([Merge("a/one", {"claims": {"7cd": False, "0ab": False}})])
        assert data_at(store, "a/one") == {"claims": {"0ab": False, "7cd": False}, "kind": "email"}

    def test_delete_with_and_without_guard(self, store: Store) -> None:
        store.commit([Delete("a/none")])
        store.commit([Put("a/one", {"n": 1}), Put("a/two", {"n": 1})])
        before = get(store, "a/one")
        assert before is not None
        store.commit([Put("a/one", {"n": 2})])
        with pytest.raises(Conflict):
            store.commit([Delete("a/one", before.update_time)])
        again = get(store, "a/one")
        assert again is not None
        store.commit([Delete("a/one", again.update_time), Delete("a/two")])
        assert get(store, "a/one") is None and get(store, "a/two") is None
        with pytest.raises(Conflict):
            store.commit([Delete("a/one", again.update_time)])

    def test_a_batch_is_all_or_nothing(self, store: Store) -> None:
        store.commit([Put("a/held", {"n": 1})])
        before = get(store, "a/held")
        assert before is not None
        store.commit([Put("a/held", {"n": 2})])
        stale = before.update_time
        others = ["a/first", "a/second", "a/third"]
        for losing in (Create("a/held", {}), Update("a/held", {"n": 9}, stale), Delete("a/held", stale)):
            with pytest.raises(Conflict):
                store.commit([Create(others[0], {}), Put(others[1], {}), losing, Merge(others[2], {})])
            assert store.get_many(others) == dict.fromkeys(others)
            assert data_at(store, "a/held") == {"n": 2}

    def test_merges_of_one_document_in_one_batch_all_land(self, store: Store) -> None:
        """A family's e-mail address is claimed by two customers of one batch."""
        store.commit([Merge("a/one", {"claims": {"0a": True}}), Merge("a/one", {"claims": {"0b": True}})])
        assert data_at(store, "a/one") == {"claims": {"0a": True, "0b": True}}

    def test_what_the_database_cannot_hold_is_refused_and_writes_nothing(self, store: Store) -> None:
        with pytest.raises(Refused):
            store.commit([Put("a/good", {"n": 1}), Put("a/bad", {"n": 10**30})])
        assert get(store, "a/good") is None

    # --- queries ---

    def fill(self, store: Store) -> None:
        store.commit(
            [
                Put("a/b", {"n": 2, "g": "x", "s": {"k": 5}, "tags": ["red", "blue"], "at": NOON}),
                Put("a/a", {"n": 1, "g": "x", "s": {"k": None}, "tags": ["red"], "at": NOON + timedelta(hours=1)}),
                Put("a/d", {"n": None, "g": "y", "s": {"k": 7}, "tags": [], "at": NOON - timedelta(hours=1)}),
                Put("a/c", {"n": 2, "g": "y", "s": {}, "tags": ["blue"], "at": None}),
                Put("a/e", {"g": None, "s": {"k": 1}}),
                Put("a/a/a/z", {"n": 2, "g": "x"}),
                Put("b/a", {"n": 2, "g": "x"}),
            ]
        )

    def test_a_query_sees_its_collection_only(self, store: Store) -> None:
        self.fill(store)
        assert ids(store, Query("a")) == ["a", "b", "c", "d", "e"]
        assert ids(store, Query("a/a/a")) == ["z"]
        assert ids(store, Query("none")) == []

    def test_filters(self, store: Store) -> None:
        self.fill(store)
        expected: list[tuple[tuple[str, Any, Any], list[str]]] = [
            (("g", "==", "x"), ["a", "b"]),
            (("g", "==", None), ["e"]),
            (("n", "==", None), ["d"]),
            (("n", "in", [1, 9]), ["a"]),
            (("g", "in", ["x", "y"]), ["a", "b", "c", "d"]),
            (("tags", "array_contains", "red"), ["a", "b"]),
            (("s.k", "==", 5), ["b"]),
            (("s.k", ">=", 5), ["b", "d"]),
            (("n", "<", 2), ["a"]),
            (("n", "<=", 2), ["a", "b", "c"]),
            (("n", ">", 1), ["b", "c"]),
            (("at", "<=", NOON), ["b", "d"]),
            (("at", ">", NOON), ["a"]),
        ]
        for where, found in expected:
            assert sorted(ids(store, Query("a", where=(where,)))) == found, where
        both = Query("a", where=(("g", "==", "x"), ("tags", "array_contains", "blue")))
        assert ids(store, both) == ["b"]

    def test_sorts_with_nulls_first_and_without_the_missing(self, store: Store) -> None:
        self.fill(store)
        assert ids(store, Query("a", order_by=(("n", "asc"),))) == ["d", "a", "b", "c"]
        assert ids(store, Query("a", order_by=(("n", "desc"),))) == ["c", "b", "a", "d"]
        assert ids(store, Query("a", order_by=(("s.k", "asc"),))) == ["a", "e", "b", "d"]
        assert ids(store, Query("a", order_by=(("at", "desc"),))) == ["a", "b", "d", "c"]

    def test_sorts_by_two_fields_and_by_name(self, store: Store) -> None:
        self.fill(store)
        assert ids(store, Query("a", order_by=(("g", "desc"), ("n", "asc")))) == ["d", "c", "a", "b"]
        assert ids(store, Query("a", order_by=(("n", "desc"), ("__name__", "asc")))) == ["b", "c", "a", "d"]

    def test_an_inequality_sorts_by_its_field(self, store: Store) -> None:
        self.fill(store)
        assert ids(store, Query("a", where=(("at", "<=", NOON + timedelta(hours=1)),))) == ["d", "b", "a"]

    def test_limit_and_cursors_page_through_everything_once(self, store: Store) -> None:
        store.commit([Put(f"p/{n:02}", {"n": n % 3 if n % 4 else None, "g": "x"}) for n in range(20)])
        for direction in ("asc", "desc"):
            order: Any = (("n", direction), ("__name__", direction))
            whole = [doc.id for doc in store.query(Query("p", where=(("g", "==", "x"),), order_by=order))]
            assert sorted(whole) == [f"{n:02}" for n in range(20)]
            paged: list[str] = []
            after: tuple[Any, ...] | None = None
            for _ in range(7):
                page = list(store.query(Query("p", where=(("g", "==", "x"),), order_by=order, limit=3, after=after)))
                paged += [doc.id for doc in page]
                after = (page[-1].data["n"], page[-1].id)
            assert paged == whole
        assert ids(store, Query("p", order_by=(("__name__", "asc"),), limit=2, after=("17",))) == ["18", "19"]
        assert ids(store, Query("p", order_by=(("n", "asc"),), after=(1,))) == ids(
            store, Query("p", where=(("n", ">", 1),), order_by=(("n", "asc"),))
        )

    def test_pages_bring_everything_once_and_end(self, store: Store) -> None:
        store.commit([Put(f"p/{n:02}", {"s": {"n": n % 3 if n % 4 else None}}) for n in range(20)])
        for order in ((("__name__", "asc"),), (("s.n", "desc"), ("__name__", "desc"))):
            for limit in (1, 4, 5, 20, 21):
                found = list(pages(store, Query("p", order_by=order, limit=limit, select=("s.n",))))
                assert [doc.id for page in found for doc in page] == ids(store, Query("p", order_by=order))
                assert all(len(page) == limit for page in found[:-1]) and found[-1]
        assert list(pages(store, Query("nothing", order_by=(("__name__", "asc"),), limit=5))) == []

    def test_select_returns_the_named_fields_and_a_usable_guard(self, store: Store) -> None:
        self.fill(store)
        rows = {doc.id: doc for doc in store.query(Query("a", where=(("g", "==", "x"),), select=("n", "s.k")))}
        assert rows["a"].data == {"n": 1, "s": {"k": None}}
        assert rows["b"].data == {"n": 2, "s": {"k": 5}}
        store.commit([Update("a/a", {"n": 7}, rows["a"].update_time)])
        assert ids(store, Query("a", where=(("n", "==", 7),), select=())) == ["a"]

    def test_totals(self, store: Store) -> None:
        store.commit([Put(f"o/{n}", {"n": n, "x": 0.5, "g": "x", "null": None}) for n in range(4)])
        assert store.totals(Query("o")).count == 4
        found = store.totals(Query("o", where=(("n", ">=", 1),)), ["n", "x", "null"])
        assert (found.count, found.sums) == (3, {"n": 6, "x": 1.5, "null": 0})
        assert isinstance(found.sums["n"], int)
        nothing = store.totals(Query("o", where=(("n", ">", 99),)), ["n"])
        assert (nothing.count, nothing.sums) == (0, {"n": 0})

    # --- settle ---

    def test_settle_returns_what_it_wrote_and_writes_nothing_for_nothing(self, store: Store) -> None:
        assert settle(store, ["a/one"], lambda docs: []) == []
        written = settle(store, ["a/one"], lambda docs: [Create("a/one", {"n": 1})])
        assert written == [Create("a/one", {"n": 1})]

    def test_settle_reads_what_the_plan_turns_out_to_need(self, store: Store) -> None:
        store.commit([Put("a/one", {"next": "a/two"}), Put("a/two", {"n": 2}), Put("c/x", {"n": 3})])
        rows = Query("c", where=(("n", ">", 0),))

        def plan(docs: ReadSet) -> list[Write]:
            first = docs["a/one"]
            assert first is not None
            second = docs[first.data["next"]]
            assert second is not None
            return [Put("a/sum", {"n": second.data["n"] + sum(doc.data["n"] for doc in docs.rows(rows))})]

        settle(store, ["a/one"], plan)
        assert data_at(store, "a/sum") == {"n": 5}

    def test_a_plan_that_never_has_enough_is_an_error(self, store: Store) -> None:
        def plan(docs: ReadSet) -> list[Write]:
            raise Missing(["a/one"])

        with pytest.raises(StoreError, match="kept asking"):
            settle(store, [], plan)

    def test_settle_decides_again_when_another_was_first(self, store: Store) -> None:
        store.commit([Put("a/n", {"n": 1})])
        seen: list[int] = []

        def plan(docs: ReadSet) -> list[Write]:
            held = docs["a/n"]
            assert held is not None
            seen.append(held.data["n"])
            if len(seen) < 4:
                store.commit([Put("a/n", {"n": held.data["n"] * 10})])
            return [Update("a/n", {"n": held.data["n"] + 1}, held.update_time)]

        settle(store, ["a/n"], plan, quick())
        assert seen == [1, 10, 100, 1000]
        assert data_at(store, "a/n") == {"n": 1001}

    def test_settle_gives_up_after_its_attempts(self, store: Store) -> None:
        store.commit([Put("a/n", {"n": 0})])
        tries = 0

        def plan(docs: ReadSet) -> list[Write]:
            nonlocal tries
            tries += 1
            held = docs["a/n"]
            assert held is not None
            store.commit([Put("a/n", {"n": tries})])
            return [Update("a/n", {"n": -1}, held.update_time)]

        with pytest.raises(Contention):
            settle(store, ["a/n"], plan, quick(3))
        assert tries == 3
        assert data_at(store, "a/n") == {"n": 3}

    def test_groups_ask_together_for_what_they_turn_out_to_need(self, store: Store) -> None:
        store.commit([Put(f"a/{n}", {"next": f"b/{n}"}) for n in range(5)])
        store.commit([Put(f"b/{n}", {"next": f"c/{n}"}) for n in range(5)])
        readings: list[int] = []

        class Reading:
            def __getattr__(self, name: str) -> Any:
                return getattr(store, name)

            def get_many(self, paths: Any) -> Any:
                readings.append(len(wanted := list(paths)))
                return store.get_many(wanted)

        def follow(n: int) -> Group:
            def plan(docs: ReadSet) -> list[Write]:
                first = docs[f"a/{n}"]
                second = docs[first.data["next"]] if first else None
                third = docs[second.data["next"]] if second else None
                return [Put(f"d/{n}", {"found": third is not None})]

            return Group((f"a/{n}",), plan)

        assert settle_groups(Reading(), [follow(n) for n in range(5)], patience=quick()) == [None] * 5
        assert readings == [5, 5, 5]
        assert data_at(store, "d/4") == {"found": False}

    def test_a_group_that_saw_two_moments_is_read_again(self, store: Store) -> None:
        seen: list[int] = []

        def plan(docs: ReadSet) -> list[Write]:
            seen.append(1)
            if len(seen) < 3:
                raise Conflict("moved")
            return [Put("a/one", {"n": len(seen)})]

        assert settle_groups(store, [Group(("a/one",), plan)], patience=quick()) == [None]
        assert data_at(store, "a/one") == {"n": 3}

    def test_fifty_writers_of_one_counter_all_land(self, store: Store) -> None:
        def plan(docs: ReadSet) -> list[Write]:
            held = docs["a/counter"]
            if held is None:
                return [Create("a/counter", {"n": 1})]
            return [Update("a/counter", {"n": held.data["n"] + 1}, held.update_time)]

        failed: list[BaseException] = []

        def one(seed: int) -> None:
            try:
                settle(store, ["a/counter"], plan, Patience(rng=random.Random(seed)))
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=one, args=(seed,)) for seed in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert data_at(store, "a/counter") == {"n": 50}

    # --- settle_groups ---

    def counting(self, path: str, by: int = 1) -> Group:
        def plan(docs: ReadSet) -> list[Write]:
            held = docs[path]
            return [Update(path, {"n": held.data["n"] + by}, held.update_time)] if held else [Create(path, {"n": by})]

        return Group((path,), plan)

    def test_groups_settle_together_with_their_marks(self, store: Store) -> None:
        marked: list[list[str]] = []

        def marks(writes: Sequence[Write]) -> list[Write]:
            marked.append([write.path for write in writes])
            return [Put("dirty/x", {"n": len(writes)})]

        groups = [self.counting(f"a/{n}") for n in range(5)]
        assert settle_groups(store, groups, marks) == [None] * 5
        assert marked == [[f"a/{n}" for n in range(5)]]
        assert data_at(store, "dirty/x") == {"n": 5}
        assert [data_at(store, f"a/{n}") for n in range(5)] == [{"n": 1}] * 5

    def test_nothing_to_write_is_no_commit_and_no_mark(self, store: Store) -> None:
        def marks(writes: Sequence[Write]) -> list[Write]:
            raise AssertionError

        assert settle_groups(store, [Group(("a/1",), lambda docs: [])], marks) == [None]

    def test_a_failing_group_harms_no_other(self, store: Store) -> None:
        def broken(docs: ReadSet) -> list[Write]:
            raise ValueError("bad")

        failures = settle_groups(store, [self.counting("a/1"), Group(("a/2",), broken), self.counting("a/3")])
        assert [type(failure) for failure in failures] == [type(None), ValueError, type(None)]
        assert ids(store, Query("a")) == ["1", "3"]

    def test_a_group_that_the_database_refuses_harms_no_other(self, store: Store) -> None:
        bad = Group(("a/2",), lambda docs: [Create("a/2", {"n": 10**30})])
        failures = settle_groups(store, [self.counting("a/1"), bad, self.counting("a/3")], patience=quick())
        assert failures[0] is None and isinstance(failures[1], Refused) and failures[2] is None
        assert ids(store, Query("a")) == ["1", "3"]

    def test_groups_over_one_document_see_each_other(self, store: Store) -> None:
        groups = [self.counting("a/1", by) for by in (1, 10, 100)]
        assert settle_groups(store, groups) == [None] * 3
        assert data_at(store, "a/1") == {"n": 111}

    def test_a_group_that_reaches_into_an_earlier_one_sees_what_it_wrote(self, store: Store) -> None:
        """An order that moves writes its former owner, of whom nothing was in the group's own paths."""
        store.commit([Put("a/former", {"n": 1}), Put("a/later", {"n": 1})])

        def reach(own: str, other: str) -> Group:
            def plan(docs: ReadSet) -> list[Write]:
                held = docs[other]
                assert docs[own] is None and held is not None
                return [Create(own, {}), Update(other, {"n": held.data["n"] + 10}, held.update_time)]

            return Group((own,), plan)

        former, later = self.counting("a/former"), self.counting("a/later")
        groups = [former, reach("a/x", "a/former"), reach("a/y", "a/later"), later]
        assert settle_groups(store, groups, patience=quick()) == [None] * 4
        assert data_at(store, "a/former") == {"n": 12}
        assert data_at(store, "a/later") == {"n": 12}

    def test_a_decision_on_a_document_that_an_earlier_group_changes_is_made_after_it(self, store: Store) -> None:
        """Reading is enough: what was read under way must not be older than the batch it is committed in."""
        store.commit([Put("a/rate", {"n": 1})])

        def look(docs: ReadSet) -> list[Write]:
            held = docs["a/rate"]
            assert held is not None
            return [Create("a/copy", {"n": held.data["n"]})]

        assert settle_groups(store, [self.counting("a/rate"), Group((), look)], patience=quick()) == [None] * 2
        assert data_at(store, "a/copy") == {"n": 2}

    def test_a_conflict_in_a_batch_is_settled_group_by_group(self, store: Store) -> None:
        store.commit([Put("a/1", {"n": 1}), Put("a/2", {"n": 1})])
        meddled = False

        def meddling(docs: ReadSet) -> list[Write]:
            nonlocal meddled
            held = docs["a/2"]
            assert held is not None
            if not meddled:
                meddled = True
                store.commit([Put("a/2", {"n": 50})])
            return [Update("a/2", {"n": held.data["n"] + 1}, held.update_time)]

        groups = [self.counting("a/1"), Group(("a/2",), meddling), self.counting("a/3")]
        assert settle_groups(store, groups, lambda writes: [Put("dirty/x", {})], quick()) == [None] * 3
        assert [data_at(store, f"a/{n}") for n in (1, 2, 3)] == [{"n": 2}, {"n": 51}, {"n": 1}]

    def test_many_groups_are_split_into_batches_but_no_group_is(self, store: Store) -> None:
        sizes: list[int] = []

        def wide(n: int) -> Group:
            return Group((), lambda docs: [Put(f"w/{n:02}-{part:02}", {"n": n}) for part in range(90)])

        def marks(writes: Sequence[Write]) -> list[Write]:
            sizes.append(len(writes))
            return []

        assert settle_groups(store, [wide(n) for n in range(9)], marks) == [None] * 9
        assert sizes == [360, 360, 90]
        assert store.totals(Query("w")).count == 810
