"""The night's findings over a small shop: a planted burst is found, noise is not; run twice, the same once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ml.insights.night import findings, look, warnings
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.store import Merge, Put, Query, Update

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Shop:
    def __init__(self) -> None:
        self.store: Any = MemoryStore()
        self.bus = MemoryBus()
        self.world = World(self.store, self.bus, lambda: NOW)
        self.store.commit([Put("settings/shop", {"currency": "USD", "real": True, "sample": False})])
        self.number = 0

    def text(self, words: str, days: float, sentiment: float, customer: str | None = None, product: str = "p1") -> str:
        """A scored text. `sentiment` is P(positive) - P(negative)."""
        self.number += 1
        identity = f"f{self.number:04d}"
        positive, negative = (1 + sentiment) / 2, (1 - sentiment) / 2
        label = "positive" if sentiment > 0.2 else "negative" if sentiment < -0.2 else "neutral"
        who = customer or f"c{self.number}"
        self.store.commit([
            Put(f"feedback/{identity}", {
                "customerId": who, "title": None, "text": words, "productTitle": f"The {product}",
            }),
            Put(f"emotions/{identity}", {
                "customerId": who, "productId": product, "at": NOW - timedelta(days=days), "status": "scored",
                "language": "en",
                "sentiment": {"label": label, "positive": positive, "negative": negative, "neutral": 0.0},
                "top": "neutral", "frustrated": label == "negative", "sample": False,
            }),
        ])  # fmt: skip
        return identity

    def calm(self, seed: int = 1) -> None:
        """Four months of ordinary words."""
        rng = random.Random(seed)
        for _ in range(240):
            self.text("a good thing", rng.uniform(0, 118), rng.gauss(0.4, 0.4), product=f"p{rng.randint(1, 6)}")

    def insights(self) -> dict[str, Any]:
        return {doc.id: doc.data for doc in self.store.query(Query("insights"))}


def test_a_calm_shop_has_nothing_to_tell() -> None:
    told = 0
    for seed in range(8):
        shop = Shop()
        shop.calm(seed)
        told += findings(shop.world, NOW)
    # At most a tenth of the findings may be noise; eight calm shops together may have one such night.
    assert told <= 1


def test_a_burst_of_complaints_is_found_with_its_people_and_sentences() -> None:
    shop = Shop()
    shop.calm()
    for number in range(25):
        shop.text("The courier lost the parcel and nobody answers", 2 + number / 25, -0.9, customer=f"angry{number}")
    assert 1 <= findings(shop.world, NOW) <= 7
    found = [one for one in shop.insights().values() if "delivery" in one["title"]["en"]]
    [burst] = found
    assert (
        burst["value"] == 25
        and burst["low"] > 15
        and "25 people" in burst["body"]["en"]
        and burst["customersCount"] == 25
    )
    assert set(burst["customers"]) == {f"angry{number}" for number in range(25)}
    assert len(burst["feedback"]) == 20 and burst["action"]["to"] == "/care" and burst["good"] is False
    assert "25" in burst["body"]["en"] and "25" in burst["body"]["zh"]


def test_a_bad_product_stands_out_and_says_why() -> None:
    shop = Shop()
    shop.calm()
    for number in range(30):
        shop.text("the lid broke after a week", 2 + 2.9 * number, -0.8 if number % 10 else 0.5, product="kettle")
    findings(shop.world, NOW)
    [kettle] = [one for one in shop.insights().values() if one["productId"] == "kettle"]
    assert "kettle" in kettle["title"]["en"] and "quality" in kettle["body"]["en"]
    assert "27 of the 30 people" in kettle["body"]["en"] and "30 人中有 27 人" in kettle["body"]["zh"]
    # Held against the other products in the same days.
    period = kettle["period"]
    assert period["start"] == period["beforeStart"] == NOW - timedelta(days=90)
    assert period["end"] == period["beforeEnd"] == NOW
    assert len(kettle["feedback"]) == 20 and kettle["customersCount"] == 27


@pytest.mark.parametrize("people", [1, 4])
def test_however_often_a_few_complain_they_are_not_many(people: int) -> None:
    shop = Shop()
    shop.calm()
    for number in range(40):
        shop.text("the parcel never arrived", 1 + number / 40, -0.9, customer=f"angry{number % people}", product="vase")
    findings(shop.world, NOW)
    told = shop.insights().values()
    assert not [one for one in told if "delivery" in one["title"]["en"] or one["productId"] == "vase"]


def test_accounts_that_were_joined_are_one_voice() -> None:
    shop = Shop()
    shop.calm()
    for number in range(6):
        customer(shop, f"ann{number}", mergedInto="ann" if number else None)
        shop.text("the parcel never arrived", 2, -0.9, customer=f"ann{number}" if number else "ann")
    findings(shop.world, NOW)
    assert not any("delivery" in one["title"]["en"] for one in shop.insights().values())


def test_the_same_night_again_writes_nothing_and_keeps_what_was_said() -> None:
    shop = Shop()
    shop.calm()
    for _ in range(20):
        shop.text("parcel never arrived", 2, -0.9)
    findings(shop.world, NOW)
    before = shop.store.dump()
    findings(shop.world, NOW)
    assert shop.store.dump() == before
    shop.store.commit([Merge(f"insights/{delivery(shop)}", {"useful": True})])
    shop.text("parcel never arrived", 1, -0.9)
    findings(shop.world, NOW)
    held = shop.insights()[delivery(shop)]
    assert (held["status"], held["useful"], held["value"]) == ("new", True, 21)


def delivery(shop: Shop) -> str:
    [identity] = [one for one, data in shop.insights().items() if "delivery" in data["title"]["en"]]
    return identity


def complaining(people: int) -> Shop:
    shop = Shop()
    shop.calm()
    for _ in range(people):
        shop.text("parcel never arrived", 2, -0.9)
    findings(shop.world, NOW)
    return shop


def test_what_was_dismissed_stays_dismissed_on_monday_too() -> None:
    shop = complaining(20)
    identity = delivery(shop)
    shop.store.commit([Merge(f"insights/{identity}", {"status": "dismissed", "useful": False})])
    before = shop.insights()[identity]
    # NOW is a Sunday.
    for days in (1, 2, 8):
        shop.text("parcel never arrived", 0, -0.9)
        findings(shop.world, NOW + timedelta(days=days))
        assert shop.insights()[delivery(shop)] == before


def test_what_was_dismissed_is_told_again_when_it_grew_by_half() -> None:
    shop = complaining(20)
    identity = delivery(shop)
    shop.store.commit([Merge(f"insights/{identity}", {"status": "dismissed", "useful": True, "decidedBy": "ann"})])
    for _ in range(11):
        shop.text("parcel never arrived", 0, -0.9)
    findings(shop.world, NOW + timedelta(days=1))
    held = shop.insights()[delivery(shop)]
    assert (held["status"], held["useful"], held["decidedBy"], held["value"]) == ("new", True, None, 31)


def test_what_was_dismissed_is_told_again_after_four_weeks() -> None:
    shop = complaining(20)
    shop.store.commit([Merge(f"insights/{delivery(shop)}", {"status": "dismissed"})])
    for _ in range(25):
        shop.text("parcel never arrived", -26, -0.9)
    findings(shop.world, NOW + timedelta(days=27))
    assert shop.insights()[delivery(shop)]["status"] == "dismissed"
    findings(shop.world, NOW + timedelta(days=28))
    assert shop.insights()[delivery(shop)]["status"] == "new"


def test_a_dismissed_insight_leaves_its_place_to_others_and_takes_its_product_with_it() -> None:
    shop = Shop()
    shop.calm()
    for number in range(30):
        shop.text("the lid broke", 2 + 2.9 * number, -0.8 if number < 20 else 0.4, product="kettle")
    findings(shop.world, NOW)
    [first] = [one for one, data in shop.insights().items() if data["productId"] == "kettle"]
    shop.store.commit([Merge(f"insights/{first}", {"status": "dismissed"})])
    findings(shop.world, NOW)
    assert [one for one, data in shop.insights().items() if data["productId"] == "kettle"] == [first]


def test_what_was_judged_is_kept_out_of_sight_and_comes_back_with_it() -> None:
    shop = complaining(20)
    identity = delivery(shop)
    shop.store.commit([Merge(f"insights/{identity}", {"useful": True})])
    later = NOW + timedelta(days=20)
    findings(shop.world, later)
    assert (shop.insights()[identity]["status"], shop.insights()[identity]["useful"]) == ("past", True)
    for _ in range(40):
        shop.text("parcel never arrived", -19, -0.9)
    findings(shop.world, later)
    assert (shop.insights()[identity]["status"], shop.insights()[identity]["useful"]) == ("new", True)


def test_what_is_not_true_any_more_goes() -> None:
    shop = Shop()
    shop.calm()
    ids = [shop.text("parcel never arrived", 2, -0.9) for _ in range(20)]
    findings(shop.world, NOW)
    assert any("delivery" in one["title"]["en"] for one in shop.insights().values())
    for identity in ids:
        shop.store.commit([Merge(f"emotions/{identity}", {"status": "no words"})])
    findings(shop.world, NOW)
    assert not any("delivery" in one["title"]["en"] for one in shop.insights().values())


def customer(shop: Shop, identity: str, **fields: Any) -> None:
    held = {"aliases": [], "mergedInto": None, "profiling": "allowed", "sample": False, "modelTags": [], "psyche": None}
    shop.store.commit([Put(f"customers/{identity}", held | fields)])


def angry(feedback: str, days: float = 2, settled: str | None = None) -> dict[str, Any]:
    return {"frustration": {"feedbackId": feedback, "at": NOW - timedelta(days=days), "settled": settled}}


def test_who_is_frustrated_gets_a_tag_a_case_and_an_offer_event_once() -> None:
    shop = Shop()
    text = shop.text("the courier lost it", 2, -0.9, customer="ann")
    customer(shop, "ann", psyche=angry(text))
    for _ in range(2):
        warnings(shop.world, NOW)
    assert {tag["tag"] for tag in shop.store.dump()["customers/ann"]["modelTags"]} == {"frustrated", "delivery trouble"}
    [case] = shop.store.query(Query("cases"))
    assert (case.data["customerId"], case.data["feedbackId"], case.data["status"]) == ("ann", text, "open")
    told = [message.to_json() for topic, message in shop.bus.take() if topic == "offer-events"]
    assert [(one["kind"], one["customerId"], one["historic"]) for one in told] == [("frustrated", "ann", True)]


def test_a_closed_case_stays_closed_and_a_new_outburst_opens_another() -> None:
    shop = Shop()
    first = shop.text("the courier lost it", 5, -0.9, customer="ann")
    customer(shop, "ann", psyche=angry(first, 5))
    look(shop.world, ["ann"], NOW)
    [case] = shop.store.query(Query("cases"))
    shop.store.commit([Update(case.path, {"status": "done"}, case.update_time)])
    look(shop.world, ["ann"], NOW)
    assert [one.data["status"] for one in shop.store.query(Query("cases"))] == ["done"]
    second = shop.text("again nothing", 0.2, -0.9, customer="ann")
    customer(shop, "ann", psyche=angry(second, 0.2))
    look(shop.world, ["ann"], NOW)
    assert sorted(one.data["status"] for one in shop.store.query(Query("cases"))) == ["done", "open"]


@pytest.mark.parametrize(
    "fields", [{"profiling": "opted out", "psyche": None}, {"mergedInto": "bob"}, {"psyche": angry("f1", 40)},
               {"psyche": angry("f1", 2, "positive text")}]
)  # fmt: skip
def test_who_is_not_to_be_looked_at_gets_no_case(fields: dict[str, Any]) -> None:
    shop = Shop()
    text = shop.text("the courier lost it", 2, -0.9, customer="ann")
    customer(shop, "ann", **({"psyche": angry(text)} | fields))
    warnings(shop.world, NOW)
    assert not list(shop.store.query(Query("cases")))
    assert all(tag["tag"] != "frustrated" for tag in shop.store.dump()["customers/ann"]["modelTags"])


def test_whose_risk_rose_is_told_to_offers_with_one_id_for_one_crossing() -> None:
    shop = Shop()
    customer(shop, "ann", predictions={"crossedAt": NOW - timedelta(hours=5), "churnTier": "high"})
    customer(shop, "bob", predictions={"crossedAt": NOW - timedelta(days=9), "churnTier": "high"})
    customer(shop, "eve", predictions={"crossedAt": NOW - timedelta(hours=5), "churnTier": None})
    warnings(shop.world, NOW)
    warnings(shop.world, NOW + timedelta(hours=1))
    told = [message.to_json() for topic, message in shop.bus.take() if topic == "offer-events"]
    assert {(one["kind"], one["customerId"], one["historic"]) for one in told} == {("risk_rose", "ann", False)}
    assert len({one["id"] for one in told}) == 1


def test_a_crossing_in_data_that_ended_long_ago_is_history() -> None:
    shop = Shop()
    customer(shop, "ann", predictions={"crossedAt": NOW, "churnTier": "high"})
    warnings(World(shop.store, shop.bus, lambda: NOW + timedelta(days=400)), NOW)
    assert [message.to_json()["historic"] for topic, message in shop.bus.take() if topic == "offer-events"] == [True]


def test_an_event_is_told_of_a_crossing_of_the_last_seven_days_only() -> None:
    shop = Shop()
    for days in (6, 7, 8):
        customer(shop, f"c{days}", predictions={"crossedAt": NOW - timedelta(days=days), "churnTier": "high"})
    warnings(shop.world, NOW)
    assert [message.to_json()["customerId"] for topic, message in shop.bus.take() if topic == "offer-events"] == ["c6"]


def test_texts_of_aliases_count_for_their_customer() -> None:
    shop = Shop()
    text = shop.text("the lid broke", 3, -0.8, customer="old-ann")
    customer(shop, "ann", aliases=["old-ann"], psyche={"frustration": None})
    customer(shop, "old-ann", mergedInto="ann")
    for act in (lambda: warnings(shop.world, NOW), lambda: look(shop.world, ["ann"], NOW)):
        act()
        [tag] = shop.store.dump()["customers/ann"]["modelTags"]
        assert (tag["tag"], tag["evidence"]) == ("quality trouble", text)
