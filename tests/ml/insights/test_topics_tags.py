"""Topics are claimed only where a word stands; tags rest on texts, end by themselves, and need profiling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.insights.tags import Said, model_tags
from ml.insights.topics import topics_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALM: dict[str, Any] = {"frustration": None}


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("The courier never showed up and the parcel is still missing.", {"delivery"}),
        ("The lid broke after two weeks", {"quality"}),
        ("It runs small and doesn't fit", {"size"}),
        ("customer service was rude, I want a refund", {"service"}),
        ("Bought this for my mother as a present, she loves it", {"gift"}),
        ("快递太慢了，等了两个星期", {"delivery"}),
        ("用了两天就坏了，质量太差", {"quality"}),
        ("送给妈妈的礼物，她很喜欢", {"gift"}),
        ("尺码偏大", {"size"}),
        ("I love the colour", set()),
        ("I would not recommend it", set()),
        ("Highly recommended!", {"recommend"}),
        ("breakfast with the delivers", set()),
    ],
)
def test_what_a_text_speaks_of(text: str, topics: set[str]) -> None:
    found = topics_of(text)
    assert set(found) == topics
    for words in found.values():
        assert words.lower() in text.lower()


def said(label: str, text: str, days: float, identity: str = "f1") -> Said:
    return Said(identity, NOW - timedelta(days=days), label, topics_of(text))


def tags(texts: list[Said], psyche: dict[str, Any] | None = CALM, at: datetime = NOW) -> dict[str, Any]:
    return {tag.tag: tag for tag in model_tags(texts, psyche, at)}


def test_a_complaint_gives_a_tag_with_its_evidence_until_it_ends() -> None:
    text = said("negative", "The parcel never arrived", 10, "f9")
    tag = tags([text])["delivery trouble"]
    assert tag.evidence == "f9" and tag.model and tag.until == text.at + timedelta(days=90)
    assert "never arrived" in tag.reason.en.lower() or "parcel" in tag.reason.en.lower()
    assert not tags([text], at=text.at + timedelta(days=91))


def test_glad_words_about_delivery_are_no_trouble() -> None:
    assert not tags([said("positive", "Fast delivery, thank you", 3)])


def test_one_gift_is_none_two_are_a_habit() -> None:
    first, second = said("positive", "as a gift", 30, "a"), said("positive", "for my sister", 3, "b")
    assert "gift buyer" not in tags([first])
    tag = tags([first, second])["gift buyer"]
    # One of the two is needed with the other: the tag ends when the older has aged.
    assert tag.evidence == "b" and tag.until == first.at + timedelta(days=365)
    assert "gift buyer" not in tags([first, second], at=tag.until)


def test_an_advocate_is_one_until_one_of_the_two_glad_texts_has_aged() -> None:
    praise, older = said("positive", "I recommend it", 5, "a"), said("positive", "great", 40, "b")
    assert tags([praise, older])["advocate"].until == older.at + timedelta(days=180)
    newer = said("positive", "great", 1, "c")
    assert tags([praise, newer])["advocate"].until == praise.at + timedelta(days=180)


def test_frustration_counts_until_settled_and_excludes_the_advocate() -> None:
    glad = [said("positive", "I recommend it", 5, "a"), said("positive", "great", 4, "b")]
    angry = {"frustration": {"feedbackId": "f3", "at": NOW - timedelta(days=2), "settled": None}}
    assert set(tags(glad)) == {"advocate"}
    assert set(tags(glad, angry)) == {"frustrated"}
    settled = {"frustration": {**angry["frustration"], "settled": "closed case"}}
    assert set(tags(glad, settled)) == {"advocate"}
    old = {"frustration": {**angry["frustration"], "at": NOW - timedelta(days=31)}}
    assert "frustrated" not in tags(glad, old)


def test_who_refused_profiling_has_none() -> None:
    assert not tags([said("negative", "The lid broke", 1)], None)


@given(st.permutations([("negative", "parcel late", 3.0, "a"), ("negative", "it broke", 2.0, "b"),
                        ("positive", "as a gift", 9.0, "c"), ("positive", "for my wife", 8.0, "d")]))  # fmt: skip
def test_the_order_of_the_texts_says_nothing(order: list[tuple[str, str, float, str]]) -> None:
    texts = [said(label, text, days, identity) for label, text, days, identity in order]
    assert model_tags(texts, CALM, NOW) == model_tags(texts[::-1], CALM, NOW)
