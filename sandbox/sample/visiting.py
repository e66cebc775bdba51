"""Visits to the website in the last half year: before that the shop counted none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sandbox.sample.buying import Purchase, pick
from sandbox.sample.catalogue import Product
from sandbox.sample.chance import poisson
from sandbox.sample.moments import moment
from sandbox.sample.people import Shopper

COUNTED_DAYS = 182
_PAGES = (
    "Home 首页", "Journal: a calmer kitchen 手记：安静的厨房", "Gift guide 送礼指南", "Sale 优惠", "New arrivals 新品",
    "Journal: how to season a wok 手记：怎么开锅", "Care instructions 保养说明", "Delivery 物流说明",
)  # fmt: skip


@dataclass
class Visit:
    shopper: Shopper
    at: datetime
    event: str
    """visit, product_viewed or cart."""
    channel: str
    title: str
    product: Product | None
    number: str = field(default="")


def visits_of(rng: Random, shopper: Shopper, orders: list[Purchase], until: date) -> list[Visit]:
    """Visits that led to an order, and those that led to nothing."""
    start, end = moment(until - timedelta(days=COUNTED_DAYS), 0), moment(until, 0)
    found: list[Visit] = []
    for order in orders:
        if order.at >= start and rng.random() < 0.5:
            at = order.at - timedelta(minutes=rng.uniform(3, 2500))
            found.append(visit(rng, shopper, at, order.lines[0].product))
            if rng.random() < 0.5:
                found.append(visit(rng, shopper, order.at - timedelta(minutes=1), order.lines[0].product, "cart"))
    begin = max(start, shopper.joined + timedelta(minutes=3))
    # Interest outlasts the last order by some months and then fades.
    last = orders[-1].at + timedelta(days=75) if orders else shopper.joined + timedelta(days=50)
    days = (min(end, last) - begin).total_seconds() / 86400
    if days > 0:
        for _ in range(min(25, poisson(rng, min(25.0, 0.021 * days * shopper.habits.browse)))):
            product = pick(rng, shopper.habits.taste, shopper.habits.price) if rng.random() < 0.6 else None
            found.append(visit(rng, shopper, begin + timedelta(days=days * rng.random()), product))
    return [one for one in found if begin <= one.at < end]


def visit(rng: Random, shopper: Shopper, at: datetime, product: Product | None, event: str = "") -> Visit:
    channel = "wechat" if shopper.yuan and rng.random() < 0.4 else "website"
    kind = event or ("product_viewed" if product else "visit")
    return Visit(shopper, at, kind, channel, product.title if product else rng.choice(_PAGES), product)
