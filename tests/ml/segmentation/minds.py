"""Customers with habits and words for the tests of segments."""

from __future__ import annotations

import random
from typing import Any

from schema.memory_store import MemoryStore
from schema.store import Data
from tests.ml.shop import NOW, fill

MOODS = ("delighted", "surprised", "worried", "disappointed", "frustrated", "neutral")


def psyche(rng: random.Random, lean: str, texts: int = 8, angry: bool = False) -> Data:
    """Words that lean to one mood."""
    parts = {mood: rng.uniform(0.2, 1.0) + (6.0 if mood == lean else 0.0) for mood in MOODS}
    total = sum(parts.values())
    frustration = {"feedbackId": "f", "at": NOW, "settled": None} if angry else None
    return {
        "asOf": NOW, "texts": texts, "words": 40 * texts, "weight": float(texts), "sentiment": 0.1, "mood": lean,
        "groups": {mood: part / total for mood, part in parts.items()}, "frustration": frustration, "ocean": None,
    }  # fmt: skip


def ocean(rng: random.Random) -> Data:
    def trait() -> Data:
        score = rng.uniform(0.3, 0.7)
        return {"score": score, "low": score - 0.1, "high": score + 0.1}

    names = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
    return {name: trait() for name in names}


def with_words(count: int, share: float = 1.0, seed: int = 3) -> MemoryStore:
    """A shop of seven kinds of behaviour; every kind leans to its own mood, and the third is angry this month."""
    store = MemoryStore()
    fill(store, count)
    rng = random.Random(seed)
    for number in range(count):
        if rng.random() < share:
            kind = number % 7
            set_fields(store, f"p{number:05d}", psyche=psyche(rng, MOODS[kind % 6], angry=kind == 4))
    return store


def set_fields(store: MemoryStore, one: str, **fields: Any) -> None:
    store.documents[f"customers/{one}"][0].update(fields)
