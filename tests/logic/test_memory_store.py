"""The store in memory keeps the contract of every store, and counts what it does."""

from __future__ import annotations

import pytest

from schema.memory_store import MemoryStore
from schema.store import Merge, Put, Query
from tests.logic.conformance import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


def test_it_counts_reads_writes_and_commits() -> None:
    store = MemoryStore()
    store.commit([Put("a/1", {}), Merge("a/2", {})])
    store.get_many(["a/1", "a/3"])
    list(store.query(Query("a")))
    store.totals(Query("a"))
    assert (store.reads, store.writes, store.commits) == (5, 2, 1)


def test_a_dump_is_sorted_and_independent() -> None:
    store = MemoryStore()
    store.commit([Put("b/1", {"map": {"n": 1}}), Put("a/1", {})])
    dump = store.dump()
    dump["b/1"]["map"]["n"] = 2
    assert list(dump) == ["a/1", "b/1"]
    assert store.dump()["b/1"] == {"map": {"n": 1}}
