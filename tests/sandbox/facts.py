"""Finds the planted facts as an analyst would: from raw records and nothing else.

Every function takes the records in their message form (dicts) and the first day without data.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, median, pstdev
from typing import Any

Record = dict[str, Any]
COURIER = re.compile(r"courier|delivery driver|out for delivery|快递(?!柜)|快遞(?!櫃)|派送", re.IGNORECASE)
LID = re.compile(r"\blid\b|盖|蓋", re.IGNORECASE)


def of_kind(records: Sequence[Record], kind: str) -> list[Record]:
    return [record for record in records if record["kind"] == kind]


def back(at: str, until: date) -> int:
    """Days before `until` (1 is the last day)."""
    return (until - datetime.fromisoformat(at).date()).days


def orders_by_customer(records: Sequence[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for order in of_kind(records, "order"):
        if order["status"] != "cancelled":
            found[order["person"]["key"]].append(order)
    return found


# --- the courier -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CourierFailure:
    day: int
    """Days before `until` on which the complaints begin."""
    customers: set[str]
    languages: Counter[str]
    usual_a_day: float
    deviation: float
    """How many standard deviations the worst day stands out."""
    median_orders: float
    median_orders_of_all: float
    ordered_since: int
    """How many of them bought anything after complaining."""


def courier_failure(records: Sequence[Record], until: date) -> CourierFailure:
    """Messages without a rating that name the courier, counted by day: one day must stand out from two years."""
    complaints = [
        said for said in of_kind(records, "feedback")
        if said["words"] in ("message", "chat") and COURIER.search(said["text"]) and not said["rating"]
    ]  # fmt: skip
    by_day = Counter(back(said["at"], until) for said in complaints)
    worst = max(by_day, key=lambda day: by_day[day])
    usual = [by_day.get(day, 0) for day in range(1, 731) if day > worst]
    recent = [said for said in complaints if back(said["at"], until) <= worst]
    people = {said["person"]["key"] for said in recent}
    orders = orders_by_customer(records)
    first = {key: min(said["at"] for said in recent if said["person"]["key"] == key) for key in people}
    spread = max(pstdev(usual), 0.05)
    return CourierFailure(
        day=worst,
        customers=people,
        languages=Counter(said["language"] for said in {one["person"]["key"]: one for one in recent}.values()),
        usual_a_day=mean(usual),
        deviation=(by_day[worst] - mean(usual)) / spread,
        median_orders=median(len(orders[key]) for key in people),
        median_orders_of_all=median(len(mine) for mine in orders.values()),
        ordered_since=sum(any(order["placedAt"] > first[key] for order in orders[key]) for key in people),
    )


# --- the kettle --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SourProduct:
    product: str
    reviews: int
    rating: float
    next_rating: float
    """Mean of the second worst product."""
    z: float
    """Distance of its mean from the mean of all other reviews, in standard errors."""
    names_lid: float
    """Share of its reviews of one or two stars that speak of a lid."""
    others_name_lid: float


def sourest_product(records: Sequence[Record]) -> SourProduct:
    """The product with the worst mean rating (of those with at least 15 reviews), and what its reviews speak of."""
    reviews: dict[str, list[Record]] = defaultdict(list)
    for said in of_kind(records, "feedback"):
        if said["words"] == "review" and said["rating"] and said["product"]:
            reviews[said["product"]].append(said)
    means = sorted((mean(one["rating"] for one in found), name) for name, found in reviews.items() if len(found) >= 15)
    rating, worst = means[0]
    others = [one["rating"] for name, found in reviews.items() if name != worst for one in found]
    sour = [one for one in reviews[worst] if one["rating"] <= 2]
    elsewhere = [one for name, found in reviews.items() if name != worst for one in found if one["rating"] <= 2]
    return SourProduct(
        product=worst,
        reviews=len(reviews[worst]),
        rating=rating,
        next_rating=means[1][0],
        z=(mean(others) - rating) / (pstdev(others) / math.sqrt(len(reviews[worst]))),
        names_lid=mean(bool(LID.search(one["text"])) for one in sour),
        others_name_lid=mean(bool(LID.search(one["text"])) for one in elsewhere),
    )


# --- the bargain hunters -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DiscountPause:
    first: int
    last: int
    """The longest time without a single discount, in days before `until` (`first` > `last`)."""


def discount_pause(records: Sequence[Record], until: date) -> DiscountPause:
    """The longest run of days on which orders came in and not one had a discount."""
    discounted: Counter[int] = Counter()
    for order in of_kind(records, "order"):
        discounted[back(order["placedAt"], until)] += order["discount"] > 0
    best, run = (0, 0), 0
    for day in range(730, 0, -1):
        run = run + 1 if discounted[day] == 0 else 0
        if run > best[0]:
            best = (run, day)
    return DiscountPause(first=best[1] + best[0] - 1, last=best[1])


@dataclass(frozen=True)
class PauseEffect:
    customers: int
    share_discounted: float
    """Of their orders outside the pause."""
    during: int
    around: float
    """Orders in as many days right before and right after the pause, halved."""

    @property
    def ratio(self) -> float:
        """Tempo in the pause against the tempo around it: 1 means that the missing codes changed nothing."""
        return self.during / self.around

    @property
    def error(self) -> float:
        """Standard error of the ratio's logarithm, both counts being Poisson."""
        return math.sqrt(1 / self.during + 1 / (2 * self.around))


def pause_effect(records: Sequence[Record], until: date, low: float, high: float, least: int) -> PauseEffect:
    """What a time without discounts did to customers whose share of discounted orders is within [low, high].

    Only customers with at least `least` orders outside the pause, who bought before and after it, count: the question
    is how often living customers buy. Equal times on both sides let a steady season cancel out.
    """
    pause = discount_pause(records, until)
    length = pause.first - pause.last + 1
    during = around = 0
    shares: list[float] = []
    for mine in orders_by_customer(records).values():
        days = [back(order["placedAt"], until) for order in mine]
        inside = [pause.last <= day <= pause.first for day in days]
        outside = [order["discount"] > 0 for order, within in zip(mine, inside, strict=True) if not within]
        if len(outside) < least or not low <= mean(outside) <= high:
            continue
        if max(days) <= pause.first + length or min(days) >= pause.last - length:
            continue
        shares.append(mean(outside))
        during += sum(inside)
        around += sum(pause.last - length <= day <= pause.first + length for day in days) - sum(inside)
    return PauseEffect(len(shares), mean(shares), during, around / 2)
