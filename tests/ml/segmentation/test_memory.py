"""What a night holds in memory for each customer: a million with 19 features (behaviour and mood) must fit beside the
program in 1.5 GB."""

from __future__ import annotations

import random
import tracemalloc
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from google.api_core.datetime_helpers import DatetimeWithNanoseconds

from ml.segmentation import cards, fitting, quality
from ml.segmentation.features import ALL, TABLE
from ml.segmentation.fitting import Batch, warm
from ml.segmentation.model import Model
from ml.segmentation.population import Person, person, rows
from ml.segmentation.profiling import profiles
from ml.segmentation.scale import Scaler
from ml.segmentation.space import Space
from schema.store import Data, Doc
from tests.ml.segmentation.minds import MOODS, psyche
from tests.ml.shop import KINDS, NOW, kind

COUNT = 10_000
PROGRAM = 200e6
"""Bytes of the interpreter with NumPy, SciPy, scikit-learn and the Firestore client."""
MOST = (1.5e9 - PROGRAM) / 1e6
HABITS = {"discountShare": 0.2, "returnShare": 0.1, "itemsPerOrder": 2.0, "rhythm": 0.5, "priceTier": 0.4,
          "visits90": 3, "cartAbandonment": 0.3}  # fmt: skip


def customer(number: int, pool: list[tuple[Data, Data]]) -> Doc:
    """A document as it comes from Firestore: every value an object of its own."""
    stats, mind = pool[number % len(pool)]
    data: dict[str, Any] = {
        "createdAt": NOW - timedelta(days=500, seconds=number), "stats": {**stats, "revenue": 1_000_000 + number},
        "habits": {**HABITS}, "psyche": mind, "rfm": {"cell": f"{number % 5 + 1}31"}, "lifecycleStage": "active",
        "segment": {"id": f"c1-{number % 8}", "from": 1, "before": None, "second": "c1-1", "margin": 0.2,
                    "reasons": [{"en": f"{number % 9} orders; the typical customer has 2", "zh": "订单"}] * 3},
    }  # fmt: skip
    return Doc(f"customers/customer-{number:024d}", data, DatetimeWithNanoseconds(2024, 6, 1, nanosecond=number))


def test_a_million_customers_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    # Samples and chunks cost the same for a million: here they must not count by the customer.
    import sklearn.metrics  # noqa: F401

    monkeypatch.setattr(fitting, "SAMPLE", 500)
    monkeypatch.setattr(cards, "CHUNK", 500)
    monkeypatch.setattr(cards, "MAP_POINTS", 50)
    monkeypatch.setattr(quality, "CHUNK_NUMBERS", 10_000)
    rng = random.Random(1)
    pool = [
        (kind(rng, number).to_doc(), psyche(rng, MOODS[number % 6], angry=number % 9 == 0))
        for number in range(5 * len(KINDS))
    ]
    tracemalloc.start()
    try:
        people: dict[str, Person] = {}
        for number in range(COUNT):
            one = person(customer(number, pool))
            people[one.id] = one
        held = tracemalloc.get_traced_memory()[0] / COUNT
        inside = list(people.values())
        raw = rows(inside[:1_000], NOW)
        measures = tuple(TABLE[name] for name in ALL[:19])
        scaler = Scaler.fit(raw[:, :19], np.array([one.logged for one in measures]))
        space = Space(measures, scaler, {"behaviour": 1.0, "emotion": 1.0})
        ids = [f"c1-{number}" for number in range(8)]
        model = Model(1, NOW, space, ids, space.axes(raw[:, :19])[:8].astype(float), None, "EUR", warm=True)
        tracemalloc.reset_peak()
        made, _ = warm(Batch(inside, 2, "run", 1, NOW, COUNT), model, {"algorithm": "kmeans", "silhouette": 0.1})
        fitted = tracemalloc.get_traced_memory()[1] / COUNT
        tracemalloc.reset_peak()
        placed = Model.from_doc(made, "EUR").place(inside, 1)
        assert len(profiles(placed)) == len(cards.inners(placed)) == 8 and cards.plan_map(placed)["sampled"] == 50
        assert 0 < len(placed.movers()) <= COUNT and cards.moves(placed, 1)[1] >= 0
        peak = max(fitted, tracemalloc.get_traced_memory()[1] / COUNT)
    finally:
        tracemalloc.stop()
    print(f"{held:.0f} bytes a customer held, {fitted:.0f} while fitting, {peak:.0f} at most; {MOST:.0f} is allowed")
    assert peak < MOST
