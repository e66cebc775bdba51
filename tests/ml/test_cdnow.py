"""Real customers: the CDNOW sample of 1997/98, whose figures are known."""

from __future__ import annotations

import random

import numpy as np
import pytest

from ml.segmentation import cards
from ml.segmentation.recluster import recluster
from schema.memory_store import MemoryStore
from schema.segments import Segmentation
from schema.store import Create, Put, Query
from tests.ml.shop import NOW, cdnow, customer, order_run, world


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    people = cdnow()
    held = MemoryStore()
    held.commit([Put("settings/shop", {"currency": "USD"})])
    held.commit([Create(f"customers/{one}", customer(figures)) for one, figures in people.items()])
    recluster(world(held), order_run(held, "first"))
    return held


def test_the_file_is_the_published_one() -> None:
    people = cdnow()
    assert len(people) == 2_357
    assert sum(one.orders for one in people.values()) == 6_919
    assert sum(one.revenue for one in people.values()) == 24_409_194


def test_groups_of_real_customers_are_clear_and_named(store: MemoryStore, capsys: pytest.CaptureFixture[str]) -> None:
    made = Segmentation.model_validate(store.documents["segmentations/1"][0])
    with capsys.disabled():
        print(f"\nCDNOW: k={made.k} silhouette={made.silhouette} as of {made.as_of:%Y-%m-%d}")
        for row in made.sizes:
            print(f"  {row.size:5d}  {row.revenue / 100:12,.2f}  {row.name.en} / {row.name.zh}")
    assert made.algorithm == "kmeans" and 6 <= made.k <= 10 and made.note is None
    assert made.silhouette is not None and made.silhouette > 0.25
    assert made.as_of.date().isoformat() == "1998-07-01"
    assert sum(row.size for row in made.sizes) == 2_357
    assert sum(row.revenue for row in made.sizes) == 24_409_194
    assert min(row.size for row in made.sizes) >= 24


def test_the_map_is_a_fixed_sample(store: MemoryStore) -> None:
    points = store.documents["segmentations/1/map/points"][0]
    assert points["sampled"] == cards.MAP_POINTS and points["of"] == 2_357


def test_everyone_has_a_score_and_the_best_cell_is_worth_most(store: MemoryStore) -> None:
    by_cell: dict[str, list[int]] = {}
    for one in store.query(Query("customers")):
        by_cell.setdefault(one.data["rfm"]["cell"], []).append(one.data["stats"]["revenue"])
    assert sum(len(rows) for rows in by_cell.values()) == 2_357
    assert np.mean(by_cell["555"]) > 3 * np.mean([value for rows in by_cell.values() for value in rows])


def test_reclustering_real_data_twice_moves_nobody(store: MemoryStore) -> None:
    recluster(world(store), order_run(store, "second"))
    assert store.documents["segmentations/2"][0]["moved"] == 0


@pytest.mark.slow
def test_a_random_tenth_more_customers_moves_few(store: MemoryStore) -> None:
    held = MemoryStore()
    people = cdnow()
    rng = random.Random(7)
    late = set(rng.sample(sorted(people), 236))
    held.commit([Put("settings/shop", {"currency": "USD"})])
    held.commit([Create(f"customers/{one}", customer(figures)) for one, figures in people.items() if one not in late])
    recluster(world(held), order_run(held, "first"))
    held.commit([Create(f"customers/{one}", customer(people[one], NOW)) for one in late])
    recluster(world(held), order_run(held, "second"))
    moved = [row for row in held.documents["segmentations/2"][0]["movements"] if row["from"] is not None]
    assert sum(row["count"] for row in moved) < 0.05 * 2_121
