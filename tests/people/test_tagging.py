"""Tags by rule: each rule at its border, with the customer's own numbers, and nothing for who refused profiling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.ingest.statistics import empty_stats, recount_moments
from schema.tagging import RULES, auto_tags

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def stats(**changes: Any) -> dict[str, Any]:
    return {**empty_stats(), **changes}


def bought(*days_ago: float, **changes: Any) -> dict[str, Any]:
    held = stats(orders=len(days_ago), revenue=1000 * len(days_ago))
    recount_moments(held, [NOW - timedelta(days=days) for days in days_ago])
    return {**held, **changes}


def given_to(held: dict[str, Any], **more: Any) -> dict[str, str]:
    return {tag.tag: tag.reason.en for tag in auto_tags(held, NOW, **more)}


@pytest.mark.parametrize(
    ("held", "more", "tag", "said"),
    [
        (bought(10), {"rfm": {"monetary": 5}}, "high value", "1 order"),
        (bought(61), {}, "one-time buyer", "2025-12-30"),
        (bought(40, 10), {}, "repeat buyer", "2 orders, usually 30 days apart"),
        (bought(9, 3, discount=500), {}, "discount hunter", "20% off 2 orders"),
        (bought(9, 3, refunded=900), {}, "high refunds", "31% of the money from 2 orders"),
        (stats(feedback=2), {}, "reviewer", "2 texts"),
        (stats(rated=2, ratingSum=5), {}, "low ratings", "2.5 of 5"),
        (bought(181), {}, "dormant", "2025-09-01"),
        (stats(events=5, lastSeenAt=NOW - timedelta(days=30)), {}, "browsing, not buying", "5 visits"),
        (stats(), {"consent": {"email": {"status": "denied"}}}, "refused messages", "email"),
    ],
)
def test_a_rule_holds_and_says_the_numbers(held: dict[str, Any], more: dict[str, Any], tag: str, said: str) -> None:
    assert said in given_to(held, **more)[tag]


@pytest.mark.parametrize(
    ("held", "more", "tag"),
    [
        (bought(10), {"rfm": {"monetary": 4}}, "high value"),
        (bought(10), {}, "high value"),
        (bought(60), {}, "one-time buyer"),
        (bought(3, 3), {}, "repeat buyer"),
        (bought(9, 3, discount=499), {}, "discount hunter"),
        (bought(9, discount=5000), {}, "discount hunter"),
        (bought(9, 3, refunded=850), {}, "high refunds"),
        (bought(9, 3, revenue=0, unconverted=2, refunded=0), {}, "high refunds"),
        (stats(feedback=1), {}, "reviewer"),
        (stats(rated=2, ratingSum=6), {}, "low ratings"),
        (bought(180), {}, "dormant"),
        (bought(300, lastSeenAt=NOW - timedelta(days=3)), {}, "dormant"),
        (stats(events=9, lastSeenAt=NOW - timedelta(days=31)), {}, "browsing, not buying"),
        (bought(3, events=9, lastSeenAt=NOW), {}, "browsing, not buying"),
        (stats(), {"consent": {"email": {"status": "denied"}, "sms": {"status": "granted"}}}, "refused messages"),
    ],
)
def test_a_rule_does_not_hold_beside_its_border(held: dict[str, Any], more: dict[str, Any], tag: str) -> None:
    assert tag in RULES
    assert tag not in given_to(held, **more)


def test_nobody_who_refused_profiling_is_tagged() -> None:
    assert auto_tags(bought(400, feedback=9), NOW)
    assert auto_tags(bought(400, feedback=9), NOW, profiling="opted out") == []


NUMBER = st.integers(0, 10**7)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(0, 2000), max_size=30),
    NUMBER, NUMBER, st.integers(-(10**7), 10**7), NUMBER, st.integers(0, 40),
)  # fmt: skip
def test_any_statistics_have_short_reasons_in_both_languages(
    ago: list[float], discount: int, refunded: int, revenue: int, events: int, rated: int
) -> None:
    held = bought(*ago, discount=discount, refunded=refunded, revenue=revenue, events=events, rated=rated)
    tags = auto_tags(held, NOW)
    assert len({tag.tag for tag in tags}) == len(tags)
    assert all(tag.reason.en and tag.reason.zh for tag in tags)
    # A reason changes with the customer, not every night: a tag that stays keeps its words.
    later = {tag.tag: tag.reason for tag in auto_tags(held, NOW + timedelta(days=1))}
    assert all(later.get(tag.tag, tag.reason) == tag.reason for tag in tags)
