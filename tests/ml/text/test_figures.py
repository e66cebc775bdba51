"""`metrics/emotions` over a small shop whose numbers can be counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ml.text import figures as module
from ml.text.figures import figures, mean_ocean
from schema.base import Localized
from schema.minds import TRAITS, Psyche
from schema.pictures import EmotionFigures, TopicMood
from schema.store import Delete, Put
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
    assert made.texts == 0 and made.overall is None and made.change is None and made.segments == []
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


def all_scored(desk: Desk) -> EmotionFigures:
    desk.score(*(path.split("/")[1] for path in desk.store.dump() if path.startswith("feedback/")))
    return shown(desk)


def test_the_biggest_change_and_the_texts_behind_it_are_one(desk: Desk) -> None:
    for number in range(8):
        desk.said(f"old{number}", GOOD, customer=None, days_ago=10 + number, productId="p1", productTitle="Kettle")
    for number in range(24):
        desk.said(f"calm{number}", GOOD, customer=None, days_ago=0.1 + number / 2, productId="p2")
    for number in range(6):
        desk.said(f"new{number}", BAD if number else GOOD, customer=None, days_ago=number, productId="p1")
    change = all_scored(desk).change
    assert change is not None and change.biggest is not None and change.before is not None
    move = change.biggest
    tops = {path.split("/")[1]: doc["top"] for path, doc in desk.store.dump().items() if path.startswith("emotions/")}
    week = [tops[f"new{number}"] for number in range(6)]
    assert (move.product_id, move.n, move.n_before) == ("p1", 6, 8) and move.product_title == "Kettle"
    assert move.share == pytest.approx(week.count(move.mood) / 6, abs=1e-4)
    assert move.by == pytest.approx(move.share - move.before, abs=1e-3) and move.low * move.high > 0
    assert change.behind == ["new1", "new2", "new3"]
    # It rose, so the texts behind it have it; it fell, so they have not.
    assert all((tops[one] == move.mood) == (move.by > 0) for one in change.behind)
    assert (change.now.n, change.before.n) == (19, 19)
    assert change.period.end - change.period.start == timedelta(days=7)
    assert change.period.start == change.period.before_end and change.period.before_start is not None
    assert change.period.start - change.period.before_start == timedelta(days=28)


def test_no_change_is_told_that_chance_would_make(desk: Desk) -> None:
    for number in range(20):
        desk.said(f"old{number}", BAD if number % 4 == 0 else GOOD, customer=None, days_ago=10 + number)
    for number in range(6):
        desk.said(f"new{number}", BAD if number < 2 else GOOD, customer=None, days_ago=number)
    change = all_scored(desk).change
    assert change is not None and change.now.n == 6 and change.biggest is None and change.behind == []


def test_months_ago_is_not_before(desk: Desk) -> None:
    desk.said("new", GOOD, customer=None, days_ago=1)
    desk.said("old", BAD, customer=None, days_ago=90)
    change = all_scored(desk).change
    assert change is not None and change.now.n == 1 and change.before is None
    desk.store.commit([Delete("emotions/new")])
    assert shown(desk).change is None


@pytest.mark.parametrize(
    ("zone", "week", "start"),
    [
        ("UTC", "2026-W08", datetime(2026, 2, 16, tzinfo=UTC)),
        ("America/New_York", "2026-W08", datetime(2026, 2, 16, 5, tzinfo=UTC)),
        ("Asia/Shanghai", "2026-W09", datetime(2026, 2, 22, 16, tzinfo=UTC)),
    ],
)
def test_weeks_begin_on_the_shops_own_monday(desk: Desk, zone: str, week: str, start: datetime) -> None:
    desk.store.commit([Put("settings/shop", {"zone": zone})])
    # Sunday 22 February, 18:00 UTC: Monday in Shanghai.
    desk.said("r1", GOOD, customer=None, days_ago=6.75)
    [row] = all_scored(desk).weeks
    assert (row.week, row.start) == (week, start)


def test_topics_stand_until_the_last_step_reads_the_words_anew(desk: Desk) -> None:
    topic = TopicMood(
        topic="delivery", name=Localized(en="delivery", zh="配送"), mood="frustrated", n=20, share=0.5, others=0.1,
        low=0.2, high=0.6, languages={"en": 20}, feedback=["r1"],
    )  # fmt: skip
    shown(desk)
    desk.store.commit([Put("metrics/emotions", desk.get("metrics/emotions") | {"topics": [topic.to_doc()]})])
    assert shown(desk).topics == [topic]


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
