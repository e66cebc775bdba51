"""Scores, groups, evidence and personality of texts, on tiny models whose answers follow from their words."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.text.artefact import Middle
from ml.text.evidence import explain, units
from ml.text.groups import GROUP_OF, grouped, rounded, strongest
from ml.text.ocean import Part, pooled
from ml.text.registry import Registry
from ml.text.running import run
from ml.text.scoring import Scorer
from ml.text.words import count, spoken, uniform
from schema.minds import GROUPS, TRAITS
from tests.ml.text import tiny

ENGLISH = ["The kettle is great", "This is awful and broken", "It is a kettle", "I love this lovely kettle"]


def test_scores_do_not_depend_on_neighbours_order_or_batch(registry: Registry) -> None:
    texts = [*ENGLISH, "质量很差很差", "服务很好很好", ENGLISH[0] * 30]
    alone = [Scorer(registry).score([text])[0] for text in texts]
    assert Scorer(registry).score(texts) == alone
    assert Scorer(registry).score(texts[::-1])[::-1] == alone
    for one, other in zip(Scorer(registry, batch=8).score(texts), alone, strict=True):
        assert one.sentiment == pytest.approx(other.sentiment) and one.emotions == pytest.approx(other.emotions)


def test_both_languages_land_on_the_same_groups(registry: Registry) -> None:
    scored = Scorer(registry).score(["This is awful and broken", "质量很差很差", "The kettle is great", "服务很好很好"])
    assert [one.label for one in scored] == ["negative", "negative", "positive", "positive"]
    assert [strongest(one.groups or {}) for one in scored] == ["frustrated", "frustrated", "delighted", "delighted"]
    assert [one.frustrated for one in scored] == [True, True, False, False]
    assert len(scored[0].emotions) == 28 and set(scored[1].emotions) == set(tiny.CLASSES)
    for one in scored:
        assert sum((one.groups or {}).values()) == pytest.approx(1)
        assert sum((one.sentiment or {}).values()) == pytest.approx(1)


def test_a_long_text_is_the_mean_of_its_windows_by_their_tokens(registry: Registry) -> None:
    serving = registry.serving("en", "sentiment")
    assert serving is not None
    artefact, head = serving
    text = " ".join(["great"] * 20 + ["awful"] * 40 + ["kettle"] * 7)
    pieces = artefact.tokenizer.encode(text)
    rows, weights = [], []
    for window in (pieces, *pieces.overflowing):
        assert len(window.ids) <= artefact.window
        feed = {"input_ids": np.array([window.ids]), "attention_mask": np.ones((1, len(window.ids)), np.int64)}
        rows.append(artefact.session.run([head.output], feed)[0][0])
        weights.append(len(window.ids) - 2)
    assert len(rows) >= 3
    logits = run(artefact, [text])
    assert logits.heads["sentiment"][0] == pytest.approx(np.average(rows, axis=0, weights=weights), abs=1e-5)
    assert logits.tokens[0] == sum(weights)


def test_short_texts_get_scores_only_for_who_asks(registry: Registry) -> None:
    [one] = Scorer(registry).score(["Love it!"])
    assert one.status == "too short" and one.sentiment is None
    [one] = Scorer(registry).score(["Love it!"], short=True)
    assert one.status == "too short" and one.label == "positive"
    scored = Scorer(registry).score(["很差", "Très déçue, elle ne marche plus", "!!!"], short=True)
    assert [one.label for one in scored] == ["negative", None, None]
    assert [one.status for one in scored] == ["too short", "not supported", "no words"]


@given(st.dictionaries(st.sampled_from(sorted(GROUP_OF)), st.floats(0, 1), min_size=1))
def test_groups_are_a_distribution(chances: dict[str, float]) -> None:
    groups = grouped(chances)
    if groups is None:
        assert max(chances.values()) < 1e-15
        return
    assert math.fsum(groups.values()) == pytest.approx(1) and min(groups.values()) >= 0
    stored = rounded(groups)
    assert math.fsum(getattr(stored, name) for name in GROUPS) == pytest.approx(1, abs=1e-9)


def test_many_faint_labels_do_not_outweigh_one_clear_one() -> None:
    faint = {label: 0.05 for label, group in GROUP_OF.items() if group == "delighted"}
    groups = grouped(faint | {"anger": 0.9})
    assert groups is not None and strongest(groups) == "frustrated"
    assert len(GROUP_OF) == 28 and set(GROUP_OF.values()) == set(GROUPS)


def test_evidence_points_at_the_words_that_moved_the_score(registry: Registry) -> None:
    for text, word in (("The kettle is great", "great"), ("服务质量很差", "差")):
        [scored] = Scorer(registry).score([text])
        found = explain(registry, text, scored, datetime(2026, 3, 1, tzinfo=UTC))
        assert found is not None and found.sentiment == scored.label
        best = max(found.spans, key=lambda span: span.sentiment)
        assert word in text[best.start : best.end]
        assert best.sentiment == 1 and best.emotion == pytest.approx(1)
    assert found.emotion == "frustrated"


@given(st.text(alphabet="ab 好，! \n", max_size=400), st.integers(1, 70))
def test_units_are_in_order_bounded_and_apart(text: str, most: int) -> None:
    spans = units(text, most)
    assert len(spans) <= most
    assert all(start < end for start, end in spans)
    assert all(spans[at][1] <= spans[at + 1][0] for at in range(len(spans) - 1))
    assert bool(spans) == any(not letter.isspace() and letter != "，" for letter in text)


def test_personality_needs_350_words_and_its_interval_narrows_with_more(registry: Registry) -> None:
    serving = registry.serving("en", "ocean")
    assert serving is not None
    head = serving[1]
    part = Part((0.2, 0.0, 0.0, 0.0, -0.2), 100, 100)
    assert pooled([part] * 3, head) is None
    four, forty = pooled([part] * 4, head), pooled([part] * 40, head)
    assert four is not None and forty is not None
    assert four.openness.score == pytest.approx(1 / (1 + math.exp(-0.8)), abs=1e-4)
    assert four.openness.score == forty.openness.score > 0.5 > four.neuroticism.score
    for trait in TRAITS:
        wide, narrow = getattr(four, trait), getattr(forty, trait)
        assert wide.low <= narrow.low <= narrow.score <= narrow.high <= wide.high
    assert four.conscientiousness.high - four.conscientiousness.low == pytest.approx(2 * (0.05 + 2 / 20), abs=1e-4)


def test_shop_words_are_told_against_shop_writers_and_essays_against_essays(registry: Registry) -> None:
    serving = registry.serving("en", "ocean")
    assert serving is not None
    head = replace(serving[1], reference=(Middle(0.2, 0.1), *[Middle(0.0, 0.0)] * 4))
    part = Part((0.2, 0.0, 0.0, 0.0, -0.2), 400, 400)
    shop, essays, plain = pooled([part], head), pooled([part], head, "essays"), pooled([part], serving[1])
    assert shop is not None and essays is not None
    assert shop.openness.score == 0.5 and essays == plain
    assert shop.openness.high - 0.5 == pytest.approx(0.05 + 0.1 + 2 / 20, abs=1e-4)
    assert shop.neuroticism == essays.neuroticism


def test_words_that_hardly_move_the_score_are_no_evidence(registry: Registry) -> None:
    text = "It is a kettle and it is"
    [scored] = Scorer(registry).score([text])
    found = explain(registry, text, scored, datetime(2026, 3, 1, tzinfo=UTC))
    assert found is not None and found.spans == []


def test_only_models_that_were_used_are_named(registry: Registry, tmp_path: Path) -> None:
    folder = tiny.registry_folder(tmp_path / "models")
    (folder / "traits" / "model.onnx").write_bytes(b"x")
    [scored] = Scorer(Registry(folder)).score(["This is awful and broken"])
    assert scored.model == "en@1" and scored.ocean is None
    assert "bytes" in str(Registry(folder).broken("en")) and Registry(folder).broken("zh") is None
    assert registry.broken("en") is None and registry.broken("fr") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("Love it!", 2), ("don't re-use 2 of them", 4), ("很好", 1), ("质量很差", 2), ("iPhone手机壳", 3), ("5/5 :)", 0)],
)
def test_two_chinese_characters_are_one_word(text: str, words: int) -> None:
    assert count(text) == words


def test_texts_are_seen_in_one_form() -> None:
    assert uniform("  Ｌｏｖｅ\n\tit  ") == "Love it"
    assert (
        spoken("Title", "text") == "Title\ntext" and spoken(None, "text") == "text" and spoken("T", "[erased]") == "T"
    )
