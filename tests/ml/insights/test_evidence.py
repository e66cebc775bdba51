"""Findings about segments, orders and risk say whom they are about and what those wrote."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ml.insights.night import findings
from ml.insights.risk import noted, weeks
from schema.intelligence import RiskLog
from schema.store import Merge, Put
from tests.ml.insights.test_night import NOW, Shop, customer


def only(shop: Shop, kind: str) -> dict[str, Any]:
    [found] = [one for one in shop.insights().values() if one["kind"] == kind]
    return found


def version(shop: Shop, number: int, days: float, sizes: dict[str, int], searched: float = 20) -> None:
    """A published segmentation of `days` ago, cut by a search `searched` days ago; the newest is in force."""
    at = NOW - timedelta(days=days)
    rows = [{"segmentId": one, "size": size, "name": {"en": one, "zh": one}} for one, size in sizes.items()]
    shop.store.commit([
        Put(f"segmentations/v{number}", {
            "version": number, "status": "published", "createdAt": at, "asOf": at, "sizes": rows,
            "searchedAt": NOW - timedelta(days=searched),
        }),
        Put("config/segmentation", {"active": number}),
    ])  # fmt: skip


def test_a_segment_that_grew_names_who_came_and_their_words() -> None:
    shop = Shop()
    version(shop, 3, 7, {"loyal": 500, "idle": 500})
    version(shop, 4, 0, {"loyal": 600, "idle": 400})
    member = {"reasons": []}
    customer(shop, "came", segment={"id": "loyal", "from": 4, "before": "idle", **member})
    customer(shop, "was", segment={"id": "loyal", "from": 2, "before": "idle", **member})
    customer(shop, "proposed", segment={"id": "loyal", "from": 5, "before": "idle", **member})
    customer(shop, "refuses", profiling="opted out", segment={"id": "loyal", "from": 4, "before": "idle", **member})
    text = shop.text("fine", 3, 0.5, customer="came")
    shop.text("fine", 9, 0.5, customer="came")
    shop.text("fine", 3, 0.5, customer="was")
    findings(shop.world, NOW)
    told = [one for one in shop.insights().values() if one["kind"] == "segment"]
    assert {one["segmentId"] for one in told} == {"loyal", "idle"}
    for one in told:
        # Whoever came into one left the other.
        assert (one["customers"], one["customersCount"], one["feedback"]) == (["came"], 1, [text])


def test_a_segment_is_not_held_against_another_cut() -> None:
    shop = Shop()
    version(shop, 3, 7, {"loyal": 500, "idle": 500}, searched=20)
    version(shop, 4, 0, {"loyal": 900, "idle": 100}, searched=0)
    findings(shop.world, NOW)
    assert not shop.insights()


def test_a_younger_cut_is_held_against_its_first_version() -> None:
    shop = Shop()
    for number, days, size in ((1, 9, 100), (2, 3, 500), (3, 2, 510), (4, 0, 600)):
        version(shop, number, days, {"loyal": size, "idle": 1000 - size}, searched=3 if number > 1 else 9)
    findings(shop.world, NOW)
    assert {one["before"] for one in shop.insights().values()} == {0.5}


def trading(now: int, before: int) -> Shop:
    """Sixteen whole weeks with 200 orders each; the given number of them with a discount, one a customer."""
    shop = Shop()
    rows = []
    for week in range(16, 0, -1):
        start = NOW - timedelta(days=7 * week)
        discounted = now if week <= 4 else before
        rows.append(
            {"start": start, "orders": 200, "discounted": discounted, "refunded": 4, "revenue": 1000 + week % 3}
        )
        for number in range(discounted):
            shop.store.commit([
                Put(f"orders/w{week}-{number}", {
                    "customerId": f"c{number}", "placedAt": start + timedelta(days=1), "day": "2026-01-01",
                    "reportingTotal": 5, "discount": 100, "refunded": 0, "sample": False,
                }),
            ])  # fmt: skip
    for number in range(max(now, before)):
        customer(shop, f"c{number}")
    shop.store.commit([Put("metrics/behaviour", {"trends": rows})])
    return shop


def test_more_discounts_name_the_customers_who_use_more_of_them() -> None:
    shop = trading(now=90, before=30)
    text = shop.text("a bargain", 3, 0.5, customer="c70")
    shop.text("dear", 3, -0.5, customer="c7")
    customer(shop, "c71", mergedInto="c72")
    findings(shop.world, NOW)
    told = only(shop, "habit")
    # The first thirty order as they did; two of the other sixty are one.
    assert told["customersCount"] == 59 and len(told["customers"]) == 50 and told["customers"][0] == "c72"
    assert told["feedback"] == [text]


def test_fewer_discounts_name_the_customers_who_stopped() -> None:
    shop = trading(now=30, before=90)
    findings(shop.world, NOW)
    told = only(shop, "habit")
    assert told["good"] is True and told["customersCount"] == 60 and "c0" not in told["customers"]


def cross(shop: Shop, who: list[str], at: timedelta) -> None:
    for one in who:
        customer(shop, one, predictions={"crossedAt": NOW + at, "churnTier": "high"})


def test_a_usual_week_of_risk_is_no_rise_though_the_same_cross_again() -> None:
    shop = Shop()
    people = [f"c{number}" for number in range(20)]
    for week in range(6):
        # Every week the same twenty: their documents know the last crossing only.
        cross(shop, people, timedelta(days=7 * week))
        findings(shop.world, NOW + timedelta(days=7 * week, hours=1))
    assert not shop.insights()


def test_a_week_of_risk_above_those_before_is_told_with_who_it_is() -> None:
    shop = Shop()
    for week in range(6):
        people = [f"w{week}-{number}" for number in range(30 if week == 5 else 4)]
        cross(shop, people, timedelta(days=7 * week))
        findings(shop.world, NOW + timedelta(days=7 * week, hours=1))
    told = only(shop, "risk")
    assert (told["value"], told["before"], told["customersCount"]) == (30, 4, 30)
    assert "4 weeks" in told["body"]["en"] and "4 周" in told["body"]["zh"]
    assert told["period"]["beforeStart"] == told["period"]["start"] - timedelta(days=28)


def test_the_first_weeks_of_counting_and_another_threshold_are_no_baseline() -> None:
    day = date(2026, 3, 1)
    log = noted(None, day, 0, 0.7)
    for night in range(1, 15):
        log = noted(log.to_doc(), day + timedelta(days=night), night, 0.7)
    # Of the week before only the half is known when the counting began in it.
    assert weeks(log, day + timedelta(days=13)) == []
    assert weeks(log, day + timedelta(days=14)) == [7]
    assert noted(log.to_doc(), day + timedelta(days=15), 3, 0.6).since == "2026-03-16"
    assert noted(log.to_doc(), day + timedelta(days=40), 3, 0.7).since == "2026-04-10"


@given(st.lists(st.integers(1, 7), max_size=60))
def test_the_log_stays_small_and_its_weeks_apart(steps: list[int]) -> None:
    day, held = date(2026, 1, 1), noted(None, date(2026, 1, 1), 0, 0.7).to_doc()
    for step in steps:
        day += timedelta(days=step)
        held = noted(held, day, 1, 0.7).to_doc()
        assert noted(held, day, 1, 0.7).to_doc() == held
    assert len(RiskLog.model_validate(held).nights) <= 36
    assert len(weeks(RiskLog.model_validate(held), day)) <= 4


def test_the_risk_log_and_the_findings_of_a_night_are_written_once() -> None:
    shop = trading(now=90, before=30)
    findings(shop.world, NOW)
    before = shop.store.dump()
    findings(shop.world, NOW)
    assert shop.store.dump() == before
    shop.store.commit([Merge("settings/training", {"riskThreshold": 0.5})])
    findings(shop.world, NOW)
    assert shop.store.dump()["metrics/risk"]["threshold"] == 0.5
