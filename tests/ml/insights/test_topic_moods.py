"""Topics that move a mood: only those beyond the noise, with their sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ml.insights.topic_moods import topic_moods, write_topics
from ml.insights.words import Heard
from schema.memory_store import MemoryStore
from schema.store import Put, get

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def heard(number: int, top: str, topic: str | None = None, language: str = "en") -> Heard:
    return Heard(
        id=f"f{number:03d}", customer_id=None, product_id=None, product_title=None, at=NOW - timedelta(hours=number),
        language=language, label="neutral", sentiment=0.0, top=top, frustrated=False, sample=False,
        topics={topic: topic} if topic else {},
    )  # fmt: skip


def texts() -> list[Heard]:
    """Delivery annoys half of those who name it; who names sizes feels as the others do."""
    return [
        *(heard(n, "frustrated" if n % 2 else "neutral", "delivery", "zh" if n < 10 else "en") for n in range(40)),
        *(heard(n, "frustrated" if n % 10 == 0 else "neutral", "size") for n in range(40, 80)),
        *(heard(n, "frustrated" if n % 10 == 0 else "neutral") for n in range(80, 200)),
    ]


def test_a_topic_is_told_with_what_it_does_its_languages_and_its_sentences() -> None:
    found = {one.topic: one for one in topic_moods(texts())}
    made = found["delivery"]
    assert (made.mood, made.n, made.share, made.languages) == ("frustrated", 40, 0.5, {"en": 30, "zh": 10})
    assert 0 < made.low < made.share - made.others < made.high and made.others == 0.1
    assert made.feedback[:2] == ["f001", "f003"] and len(made.feedback) == 20
    assert made.name.zh


def test_noise_and_few_texts_move_nothing() -> None:
    same = [heard(n, "frustrated" if n % 3 == 0 else "neutral", "price" if n < 60 else None) for n in range(120)]
    assert topic_moods(same) == []
    few = [heard(n, "frustrated" if n < 9 else "neutral", "price" if n < 9 else None) for n in range(120)]
    assert topic_moods(few) == [] and topic_moods([]) == []


def test_they_are_written_into_the_figures_and_only_when_they_changed() -> None:
    store = MemoryStore()
    write_topics(store, texts())
    assert get(store, "metrics/emotions") is None
    store.commit([Put("metrics/emotions", {"texts": 200})])
    write_topics(store, texts())
    held = get(store, "metrics/emotions")
    assert held is not None and held.data["texts"] == 200 and held.data["topics"][0]["topic"] == "delivery"
    writes = store.writes
    write_topics(store, texts())
    assert store.writes == writes
