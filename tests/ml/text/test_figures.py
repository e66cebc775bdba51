"""`metrics/emotions` over a small shop whose numbers can be counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ml.text import figures as module
from ml.text.figures import figures, mean_ocean
from schema.minds import TRAITS, Psyche
from schema.pictures import EmotionFigures
from schema.store import Put
from tests.ml.text.conftest import NOW, Desk

GOOD, BAD = "This kettle is great and lovely", "This kettle is awful and broken"


def shown(desk: Desk) -> EmotionFigures:
    figures(desk.world, NOW)
    return EmotionFigures.model_validate(desk.get("metrics/emotions"))


def segment(desk: Desk, identity: str) -> None:
    name = {"en": identity.title(), "zh": identity.title()}
    desk.store.commit([Put(f"segments/{identity}", {"name": name}), Put("config/segmentation", {"active": 2})])


def test_an_empty_shop_has_empty_figures(desk: Desk) -> None:
    made = shown(desk)
    assert made.texts == 0 and made.overall is None and made.behind == [] and made.segments == []
    assert [row.ocean for row in made.ocean] == [None]


def test_texts_are_counted_once_by_status_segment_week_and_product(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    segment(desk, "fans")
    desk.customer("ann", segment={"id": "fans", "from": 2, "before": None}, aliases=["ann2"])
    desk.customer("ann2", mergedInto="ann")
    desk.customer("bob", segment={"id": "foes", "from": 3, "before": "fans"})
    desk.customer("cid", segment={"id": "fans", "from": 2, "before": None})
    desk.customer("dee", profiling="opted out")
    desk.said("r1", GOOD, days_ago=1, productId="p1", productTitle="Kettle")
    desk.said("r2", GOOD, customer="ann2", days_ago=40, productId="p1", productTitle="Kettle")
    desk.said("r3", BAD, customer="bob", days_ago=8, productId="p2")
    desk.said("r4", "Très déçue, la machine ne marche plus", customer="bob")
    desk.said("r5", "Love it!", customer="bob")
    desk.said("r6", GOOD, customer="dee")
    desk.said("r7", BAD, customer=None, days_ago=400)
    desk.score(*(f"r{number}" for number in range(1, 8)))
    made = shown(desk)
    assert (made.texts, made.scored, made.not_supported, made.too_short, made.opted_out) == (7, 4, 1, 1, 1)
    assert made.languages == {"en": 4, "fr": 1}
    assert made.overall is not None and made.overall.n == 4
    [fans] = made.segments
    assert (fans.segment_id, fans.n, fans.customers, fans.size) == ("fans", 3, 2, 3)
    assert fans.groups.delighted > fans.groups.frustrated > 0 and fans.low < fans.sentiment < fans.high
    assert [row.week for row in made.weeks] == ["2026-W04", "2026-W08", "2026-W09"]
    assert [row.n for row in made.weeks] == [1, 1, 1]
    first, second = made.products
    assert (first.product_id, first.title, first.n) == ("p1", "Kettle", 2)
    assert first.recent is not None and first.before is not None and second.title == "p2" and second.before is None
    assert [row.segment_id for row in made.ocean] == [None, "fans"]


def test_the_texts_behind_the_biggest_change_are_named(desk: Desk) -> None:
    for number in range(8):
        desk.said(f"old{number}", GOOD, customer=None, days_ago=10 + number, productId="p1")
        desk.said(f"calm{number}", GOOD, customer=None, days_ago=2 + 3 * number, productId="p2")
    for number in range(6):
        desk.said(f"new{number}", BAD if number else GOOD, customer=None, days_ago=number, productId="p1")
    desk.score(*(path.split("/")[1] for path in desk.store.dump() if path.startswith("feedback/")))
    assert shown(desk).behind == ["new1", "new2", "new3"]


def test_sample_words_are_left_out_of_a_real_shop(desk: Desk) -> None:
    desk.customer("ann", sample=True)
    desk.said("r1", GOOD, sample=True)
    desk.score("r1")
    desk.store.commit([Put("settings/shop", {"real": True})])
    made = shown(desk)
    assert made.texts == 0 and made.ocean[0].size == 0


def test_personality_of_some_is_their_mean_and_narrows_with_their_number(desk: Desk) -> None:
    one = dict.fromkeys(TRAITS, {"score": 0.6, "low": 0.4, "high": 0.8})
    other = dict.fromkeys(TRAITS, {"score": 0.4, "low": 0.2, "high": 0.6})
    two, many = mean_ocean([one, other]), mean_ocean([one, other] * 20)
    assert two is not None and many is not None and mean_ocean([]) is None
    assert two.openness.score == many.openness.score == 0.5
    assert two.openness.low < many.openness.low < 0.5 < many.openness.high < two.openness.high
    psyche = Psyche(
        as_of=NOW, texts=3, words=400, weight=1, sentiment=0, sentiment_low=-1, sentiment_high=1, groups=None, mood=None
    )
    desk.customer("ann", psyche=psyche.to_doc() | {"ocean": one})
    row = shown(desk).ocean[0]
    assert (row.customers, row.size) == (1, 1) and row.ocean is not None and row.ocean.openness.score == 0.6
    assert NOW - timedelta(days=1) < shown(desk).as_of
