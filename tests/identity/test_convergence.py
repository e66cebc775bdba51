"""Whatever the order in which shops tell, how often, and whoever dies: the same customers, with the same figures."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.access.audit import Actor
from functions.access.errors import Refused
from functions.ingest.explore import explore
from functions.ingest.partition import ACCOUNTS, partition
from functions.ingest.resolve import resolve
from functions.people.merging import merge, unmerge
from schema.flow import World
from schema.memory_store import MemoryStore
from schema.store import Doc, Patience, Query, Store, Totals, Write
from tests.faults import Crash, CrashingStore, storm
from tests.identity.shops import Dump, Teller, Told, dump, profiles, shop, tell
from tests.logic.histories import KEY
from tests.logic.recount import assert_counted

MEMBER = Actor("u1", "Mia", "mia@example.com", "marketer")


@pytest.fixture(autouse=True)
def _no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.store.Patience", lambda: Patience(sleep=lambda _: None))


def deliver(here: World, told: Sequence[Told]) -> None:
    for origin, record in told:
        tell(here, origin, record)


def calm(told: Sequence[Told]) -> Dump:
    here = shop()
    deliver(here, told)
    return checked(here)


def checked(here: World) -> Dump:
    """The state, held against a recount and against the profiles that follow from all accounts at once."""
    found = dump(here)
    assert_counted(found)
    ids = [path.split("/")[1] for path in found if path.endswith("/sources/account")]
    wanted: dict[str, list[str]] = {}
    for component in explore(here.store, KEY, ids):
        held = partition(component.accounts.values(), component.decisions, component.kinds)
        wanted |= {root: list(accounts) for root, accounts in held.members.items()}
    assert profiles(found) == wanted
    assert all(len(accounts) <= ACCOUNTS for accounts in wanted.values())
    for root, accounts in wanted.items():
        for one in accounts:
            base = found[f"customers/{one}"]
            assert base["mergedInto"] == (None if one == root else root)
            if one != root:
                assert base["stats"]["orders"] == 0 and base["searchTokens"] == [] and not any(base["reach"].values())
                assert found[f"customers/{one}/pii/contact"] == dict.fromkeys(found[f"customers/{one}/pii/contact"])
    return found


@given(st.integers(min_value=0, max_value=2**32), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_order_any_number_of_times(seed: int, rng: random.Random) -> None:
    told = Teller(random.Random(seed)).history(random.Random(seed).choice((3, 6, 10, 16)))
    here = shop()
    deliver(here, storm(told, rng, times=5))
    assert checked(here) == calm(told)


@pytest.mark.parametrize("block", range(10))
def test_shuffled_with_deaths(block: int) -> None:
    deaths = 0
    for seed in range(block * 12, block * 12 + 12):
        rng = random.Random(seed)
        told = Teller(rng).history(rng.choice((4, 8, 14)))
        here = shop()
        waiting = storm(told, rng, times=3)
        while waiting:
            one = waiting.pop(0)
            store: Store = here.store
            if rng.random() < 0.4 and deaths < 400:
                store = CrashingStore(store, rng.choice((1, 1, 2, 3, 4)), rng.choice(("before", "after")))
            try:
                deliver(shop(store), [one])
            except Crash:
                deaths += 1
                waiting.insert(rng.randint(0, len(waiting)), one)
        assert checked(here) == calm(told), f"seed {seed}"
    assert deaths > 5


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("seed", range(6))
def test_a_crash_at_every_single_commit(seed: int, when: Any) -> None:
    rng = random.Random(900 + seed)
    told = Teller(rng).history(8)
    expected = calm(told)
    at = 0
    while True:
        at += 1
        here = shop()
        store = CrashingStore(here.store, at, when)
        try:
            deliver(shop(store), told)
        except Crash:
            # The message that died comes again, with all that follow it.
            assert isinstance(here.store, MemoryStore)
            assert_counted(here.store.dump())
            deliver(here, told)
            assert checked(here) == expected, f"crash {when} commit {at}"
            continue
        assert at == store.commits + 1
        break


class BusyStore:
    """Between a reading and its commit, another worker does something of its own."""

    def __init__(self, inner: MemoryStore, others: Iterator[Callable[[], None]], rng: random.Random) -> None:
        self.inner, self.others, self.rng, self.busy = inner, others, rng, False

    def get_many(self, paths: Iterable[str]) -> dict[str, Doc | None]:
        return self.inner.get_many(paths)

    def query(self, query: Query) -> Iterator[Doc]:
        return self.inner.query(query)

    def totals(self, query: Query, sums: Sequence[str] = ()) -> Totals:
        return self.inner.totals(query, sums)

    def commit(self, writes: Sequence[Write]) -> None:
        if not self.busy and self.rng.random() < 0.5:
            for other in self.others:
                self.busy = True
                other()
                self.busy = False
                break
        self.inner.commit(writes)


def test_concurrent_messages_and_resolves() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        told = Teller(rng).history(rng.choice((6, 10, 16)))
        here = shop()
        store = here.store
        assert isinstance(store, MemoryStore)

        def work(one: Told, here: World = here, store: MemoryStore = store, rng: random.Random = rng) -> None:
            if rng.random() < 0.3:
                resolve(here, [path.split("/")[1] for path in store.dump() if path.startswith("unresolved/")])
            tell(here, *one)

        pending = iter([partial(work, one) for one in storm(told, rng, times=2)])
        deliver(shop(BusyStore(store, pending, rng)), storm(told, rng, times=1))
        for rest in pending:
            rest()
        assert checked(here) == calm(told), f"seed {seed}"


def test_people_decide_in_between() -> None:
    """Whatever people merge and part while shops tell: customers follow, and parting everybody gives each its own."""
    for seed in range(25):
        rng = random.Random(seed)
        here = shop()
        for one in storm(Teller(rng).history(10), rng, times=2):
            tell(here, *one)
            found = profiles(dump(here))
            accounts = sorted(account for members in found.values() for account in members)
            with contextlib.suppress(Refused):
                if rng.random() < 0.3:
                    merge(here, MEMBER, {"customerId": rng.choice(accounts), "otherId": rng.choice(accounts)})
                elif rng.random() < 0.3:
                    root = rng.choice(sorted(found))
                    unmerge(here, MEMBER, {"customerId": root, "accountId": rng.choice(found[root])})
        checked(here)
        while large := [(root, members) for root, members in profiles(dump(here)).items() if len(members) > 1]:
            root, members = large[0]
            unmerge(here, MEMBER, {"customerId": root, "accountId": members[-1]})
        left = checked(here)
        for path in left:
            if path.endswith("/sources/account"):
                customer = left[path.removesuffix("/sources/account")]
                assert customer["stats"] == left[path]["stats"] and customer["aliases"] == []
