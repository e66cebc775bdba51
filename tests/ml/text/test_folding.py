"""The psyche as a pure fold: decay, intervals, frustration, personality; the order of texts leaves no trace."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.text.folding import NEWEST, day_end, differs, fold
from ml.text.registry import Registry
from schema.minds import GROUPS, TRAITS
from tests.ml.text.conftest import NOW

AS_OF = day_end(NOW)


def text(positive: float, days_ago: float, **fields: Any) -> dict[str, Any]:
    negative = 1 - positive
    groups = dict.fromkeys(GROUPS, 0.0) | {"delighted": positive, "frustrated": negative}
    return {
        "at": AS_OF - timedelta(days=days_ago), "status": "scored", "words": 20, "model": "en@1", "language": "en",
        "sentiment": {
            "label": "positive" if positive > 0.5 else "negative",
            "negative": negative, "neutral": 0.0, "positive": positive,
        },
        "groups": groups, "frustrated": positive < 0.3, "ocean": None, "rating": None,
    } | fields  # fmt: skip


def made(emotions: dict[str, dict[str, Any]], **fields: Any) -> Any:
    arguments: dict[str, Any] = {"as_of": AS_OF, "profiling": "allowed", "cases": [], "traits": None} | fields
    return fold(emotions, **arguments)


def test_a_text_weighs_half_after_ninety_days() -> None:
    psyche = made({"a": text(1.0, 0), "b": text(0.0, 90)})
    assert psyche.weight == pytest.approx(1.5)
    assert psyche.sentiment == pytest.approx((1 - 0.5) / 1.5, abs=1e-4)
    assert psyche.groups.delighted == pytest.approx(1 / 1.5, abs=1e-4) and psyche.mood == "delighted"


def test_more_texts_make_the_interval_narrower() -> None:
    few = made({f"t{n}": text(0.8, n) for n in range(2)})
    many = made({f"t{n}": text(0.8, n) for n in range(50)})
    assert few.sentiment_low < many.sentiment_low < many.sentiment < many.sentiment_high
    assert many.sentiment == pytest.approx(0.6)
    one = made({"a": text(0.5, 0)})
    assert one.sentiment_high - one.sentiment_low > 1


def test_nothing_after_as_of_counts() -> None:
    psyche = made({"a": text(1.0, 3), "b": text(0.0, -1)})
    assert psyche.texts == 1 and psyche.sentiment == 1
    assert made({"b": text(0.0, -1)}) is None


def test_who_refused_or_said_nothing_has_no_psyche() -> None:
    assert made({"a": text(1.0, 1)}, profiling="opted out") is None
    assert made({}) is None
    assert made({"a": text(1.0, 1, status="no words", sentiment=None)}) is None


def test_only_the_newest_two_hundred_count() -> None:
    rows = {f"t{n:03}": text(1.0 if n < NEWEST else 0.0, n / 10) for n in range(NEWEST + 50)}
    psyche = made(rows)
    assert psyche.texts == NEWEST and psyche.sentiment == 1


@pytest.mark.parametrize(
    ("later", "cases", "settled"),
    [
        ([], [], None),
        ([text(0.9, 2)], [], "positive text"),
        ([text(0.4, 2, frustrated=False)], [], None),
        ([text(0.9, 2, rating=4)], [], "positive text"),
        # Oh great, another one.
        ([text(0.9, 2, rating=2)], [], None),
        ([text(0.9, 2, rating=1), text(0.9, 1, rating=5)], [], "positive text"),
        ([], [{"kind": "frustrated", "status": "open", "feedbackId": "a", "doneAt": None}], None),
        ([], [{"kind": "frustrated", "status": "done", "feedbackId": "a", "doneAt": AS_OF}], "closed case"),
        ([], [{"kind": "manual", "status": "done", "feedbackId": None, "doneAt": AS_OF}], "closed case"),
        # Closed, but later than the psyche is as of.
        ([], [{"kind": "frustrated", "status": "done", "feedbackId": "a", "doneAt": AS_OF + timedelta(days=1)}], None),
        ([], [{"kind": "manual", "status": "done", "feedbackId": None, "doneAt": AS_OF + timedelta(days=1)}], None),
        ([], [{"kind": "risk", "status": "done", "feedbackId": None, "doneAt": AS_OF}], None),
        (
            [],
            [{"kind": "manual", "status": "done", "feedbackId": None, "doneAt": AS_OF - timedelta(days=20)}],
            None,
        ),
    ],
)
def test_a_frustration_stands_until_it_is_settled(later: list[Any], cases: list[Any], settled: str | None) -> None:
    emotions = {"a": text(0.1, 5)} | {f"l{n}": one for n, one in enumerate(later)}
    frustration = made(emotions, cases=cases).frustration
    assert frustration.feedback_id == "a" and frustration.settled == settled


def test_positive_words_under_one_or_two_stars_are_no_good_mood() -> None:
    psyche = made({"a": text(0.1, 5, rating=1), "b": text(0.9, 2, rating=1)})
    assert psyche.texts == 1 and psyche.mood == "frustrated" and psyche.sentiment < 0
    alone = made({"b": text(0.9, 2, rating=2)})
    assert (alone.texts, alone.mood, alone.sentiment, alone.weight) == (0, None, None, 0)
    agreed = made({"a": text(0.1, 5, rating=1), "b": text(0.9, 2, rating=4)})
    assert agreed.texts == 2 and agreed.mood == "delighted"


def test_an_old_frustration_is_over() -> None:
    assert made({"a": text(0.1, 31)}).frustration is None


def test_personality_is_pooled_over_english_words(registry: Registry) -> None:
    serving = registry.serving("en", "ocean")
    assert serving is not None
    traits = (serving[0].id, serving[1])

    def own(words: int, openness: float, model: str = traits[0]) -> dict[str, Any]:
        part = {"logits": [openness, 0.0, 0.0, 0.0, 0.0], "tokens": words, "model": model}
        return text(0.5, 1, words=words, ocean=part)

    few = made({"a": own(200, 1.0), "b": own(149, 1.0)}, traits=traits)
    assert few.ocean is None and few.ocean_reason == "not enough text" and few.ocean_words == 349
    enough = made({"a": own(200, 1.0), "b": own(200, 0.0)}, traits=traits)
    assert enough.ocean_words == 400 and enough.ocean_reason is None
    assert enough.ocean.openness.score == pytest.approx(0.8808, abs=1e-4)
    other = made({"a": own(400, 1.0, "older@1")}, traits=traits)
    assert other.ocean is None and other.ocean_words == 0
    chinese = made({"a": text(0.5, 1, language="zh", words=900)}, traits=traits)
    assert chinese.ocean is None and chinese.ocean_reason == "language not supported"

    def short(language: str) -> dict[str, Any]:
        return {"at": AS_OF, "status": "too short", "words": 1, "language": language}

    for language, reason in (("zh", "language not supported"), ("und", "language not supported"), ("en", "not enough")):
        both = made({"a": text(0.5, 1, language="zh", words=900), "b": short(language)}, traits=traits)
        assert both.ocean_reason.startswith(reason)
    assert made({"b": short("und")}, traits=traits).ocean_reason == "not enough text"
    assert all(0 <= getattr(enough.ocean, name).low <= getattr(enough.ocean, name).high <= 1 for name in TRAITS)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 400)), min_size=1, max_size=30), st.randoms())
def test_the_order_of_texts_leaves_no_trace(rows: list[tuple[float, float]], rng: random.Random) -> None:
    emotions = {f"t{at}": text(*row) for at, row in enumerate(rows)}
    keys = list(emotions)
    rng.shuffle(keys)
    assert made({key: emotions[key] for key in keys}).to_doc() == made(emotions).to_doc()


def test_time_alone_is_written_once_it_matters() -> None:
    emotions = {"a": text(0.1, 5), "b": text(0.9, 50)}
    held = made(emotions).to_doc()
    day = made(emotions, as_of=AS_OF + timedelta(days=1)).to_doc()
    month = made(emotions, as_of=AS_OF + timedelta(days=30)).to_doc()
    assert held != day and not differs(held, day, exactly=False) and differs(held, day, exactly=True)
    assert differs(held, month, exactly=False) and differs(held, None, exactly=False)
    assert not differs(None, None, exactly=True)
