"""The same histories on the real emulator: storms, deaths and redelivery end as a calm delivery in memory does."""

from __future__ import annotations

import random
from typing import Any

import pytest

from schema.firestore_store import FirestoreStore
from schema.store import Put
from tests.ingest import test_histories_shops as shops
from tests.ingest.shops import rest
from tests.ingest.test_histories_shops import calmly, random_history
from tests.logic.histories import PLATFORM, SHOP, calm, empty_shop, file_history, file_origin, shuffled, state, world
from tests.logic.recount import assert_counted
from tests.logic.test_histories import VERSION, calm_state, deliver, deliver_with_crashes, history

pytestmark = pytest.mark.emulator
COLLECTIONS = (
    *("customers", "sources", "pii", "links", "trail", "suggestions", "orders", "feedback", "events", "products"),
    *("prices", "state", "carts", "identities", "unresolved", "cleaned", "days", "setAside", "settings"),
)


def dump(store: FirestoreStore) -> dict[str, dict[str, Any]]:
    """Every document of the project by path."""
    found: dict[str, dict[str, Any]] = {}
    for name in COLLECTIONS:
        for snapshot in store.client.collection_group(name).stream():
            found[snapshot.reference.path] = snapshot.to_dict() or {}
    return state(found)


@pytest.fixture
def shop(cloud: FirestoreStore) -> FirestoreStore:
    cloud.commit([Put("settings/shop", dict(SHOP))])
    return cloud


@pytest.mark.parametrize("seed", range(25))
def test_shuffled_shop(shop: FirestoreStore, seed: int) -> None:
    rng = random.Random(60_000 + seed)
    records = random_history(60_000 + seed)
    shops.deliver_with_crashes(shop, shuffled(PLATFORM, records, rng, times=3), rng, 0.3)
    told = rest(shop)
    found = dump(shop)
    assert_counted(found)
    assert (found, told) == calmly(records)


@pytest.mark.parametrize("seed", range(10))
def test_shuffled_history(shop: FirestoreStore, seed: int) -> None:
    rng = random.Random(30_000 + seed)
    origin, records = history(seed, rng)
    deliver_with_crashes(world(shop), shuffled(origin, records, rng), rng, chance=0.4)
    found = dump(shop)
    assert_counted(found)
    assert found == calm_state(origin, records)


@pytest.mark.parametrize("seed", range(3))
def test_a_second_identical_import_writes_nothing(shop: FirestoreStore, seed: int) -> None:
    first, written = random.Random(40_000 + seed).getrandbits(32), 0
    rng = random.Random(seed)
    deliver(world(shop), shuffled(file_origin("i1"), file_history(random.Random(first), 15, VERSION), rng))
    before = {path: doc.update_time for path, doc in shop.get_many(dump(shop)).items() if doc}

    class Counting(FirestoreStore):
        def commit(self, writes: Any) -> None:
            nonlocal written
            written += len(writes)
            super().commit(writes)

    again = file_history(random.Random(first), 15, VERSION + 60_000)
    deliver(world(Counting(shop.client)), shuffled(file_origin("i2"), again, rng))
    assert written == 0
    assert {path: doc.update_time for path, doc in shop.get_many(dump(shop)).items() if doc} == before


def test_a_calm_delivery_is_the_same_in_memory_and_in_firestore(shop: FirestoreStore) -> None:
    origin, records = history(1, random.Random(50_000))
    here = empty_shop()
    deliver(here, calm(origin, records))
    deliver(world(shop), calm(origin, records))
    assert dump(shop) == state(here.store.dump())  # type: ignore[attr-defined]
