"""The models that ship: they load as promised, agree with a second reading of their format, and read plain reviews."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml.text.groups import strongest
from ml.text.ocean import Part, pooled
from ml.text.registry import MODELS, Registry
from ml.text.running import run
from ml.text.scoring import Scored, Scorer
from ml.text.words import count
from schema.minds import TRAITS

ACTIVE: dict[str, dict[str, str]] = json.loads((MODELS / "active.json").read_text())
NAMES = sorted({name for heads in ACTIVE.values() for name in heads.values()})

ENGLISH = {
    "Broke after two days and nobody answers my emails": "negative",
    "Great kettle, fast delivery": "positive",
    "The fabric is thin and itchy, I sent it back": "negative",
    "I absolutely love these shoes, so comfortable": "positive",
    "Worst purchase ever, complete waste of money": "negative",
    "Perfect gift, my daughter was so happy": "positive",
    "Customer service was rude and refused a refund": "negative",
    "Thank you so much, it arrived a day early!": "positive",
    "Arrived damaged and two parts are missing": "negative",
    "Beautiful colour and excellent quality": "positive",
    "I am furious, this is the third time they sent the wrong size": "negative",
    "Works like a charm, would buy again": "positive",
}
CHINESE = {
    "质量很差，用了两天就坏了": "negative",
    "物流很快，很满意": "positive",
    "客服态度恶劣，再也不来了": "negative",
    "性价比高，值得购买": "positive",
    "包装破损，里面的东西都坏掉了": "negative",
    "妈妈很喜欢，用起来非常方便": "positive",
    "水果烂了一半，太让人失望了": "negative",
    "味道不错，下次还会再买": "positive",
    "退款拖了两个星期，太生气了": "negative",
    "穿着很舒服，面料柔软": "positive",
    "送餐太慢，饭都凉了": "negative",
    "孩子很喜欢这个玩具，天天玩": "positive",
}


@pytest.fixture(scope="module")
def shipped() -> Registry:
    assert [name for name in NAMES if not (MODELS / name / "manifest.json").exists()] == []
    return Registry()


def test_every_head_that_is_promised_is_served(shipped: Registry) -> None:
    problems = [shipped.why_not(language, head) for language, heads in ACTIVE.items() for head in heads]
    assert [problem for problem in problems if problem] == []
    assert (set(ACTIVE["en"]), set(ACTIVE["zh"])) == (
        {"sentiment", "emotion", "ocean"},
        {"sentiment", "emotion"},
    )


@pytest.mark.parametrize(("language", "reviews"), [("en", ENGLISH), ("zh", CHINESE)])
def test_plain_reviews_come_out_right(shipped: Registry, language: str, reviews: dict[str, str]) -> None:
    scored = dict(zip(reviews, Scorer(shipped).score(list(reviews)), strict=True))
    assert {one.language for one in scored.values()} == {language}
    wrong = {text: scored[text].sentiment for text, label in reviews.items() if not _sides(scored[text], label)}
    assert len(wrong) <= 1, wrong
    moods = [_mood(scored[text]) for text, label in reviews.items() if label == "positive"]
    assert moods.count("delighted") >= 4
    moods = [_mood(scored[text]) for text, label in reviews.items() if label == "negative"]
    assert "delighted" not in moods or moods.count("delighted") <= 1


def _sides(one: Scored, label: str) -> bool:
    """Whether the text leans to the side of its label."""
    held = one.sentiment
    assert held is not None
    return (held["positive"] > held["negative"]) == (label == "positive")


def _mood(one: Scored) -> str:
    assert one.groups is not None
    return strongest(one.groups)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_readings_of_the_format_give_the_same_logits(shipped: Registry, language: str) -> None:
    from ml.training.reader import Artefact

    for name in sorted(set(ACTIVE[language].values())):
        heads = [head for head, other in ACTIVE[language].items() if other == name]
        serving = shipped.serving(language, heads[0])
        assert serving is not None
        text = " ".join(ENGLISH if language == "en" else CHINESE)
        ours = run(serving[0], [text, text[:40]])
        theirs = Artefact(Path(MODELS / name)).logits([text, text[:40]], heads)
        for head in heads:
            held = serving[0].heads[head]
            blend = held.ngrams.logits(text) * held.ngram_weight if held.ngrams else 0.0
            assert ours.heads[head][0] - blend == pytest.approx(theirs[head][0], abs=1e-5)


def test_writers_of_shop_texts_lie_around_the_middle_and_not_on_one_side(shipped: Registry) -> None:
    serving = shipped.serving("en", "ocean")
    assert serving is not None
    artefact, head = serving
    assert len(head.reference) == len(TRAITS) and all(one.error > 0 for one in head.reference)
    # The sample shop's fragments, of which the reference knows nothing.
    for kind in ("reviews", "messages"):
        path = MODELS.parents[1] / "sandbox" / "sample" / "words" / f"en_{kind}.txt"
        texts = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#["]
        logits = run(artefact, texts)
        parts = [
            Part(row.tolist(), int(tokens), count(text))
            for row, tokens, text in zip(logits.heads["ocean"], logits.tokens, texts, strict=True)
        ]
        shop, essays = pooled(parts, head), pooled(parts, head, "essays")
        assert shop is not None and essays is not None
        assert all(getattr(shop, name).low < 0.5 < getattr(shop, name).high for name in TRAITS)
        assert essays.openness.low > 0.5
