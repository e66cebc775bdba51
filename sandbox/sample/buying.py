"""Orders: a customer buys as a Poisson process until leaving, faster in season and, for some, when there is a code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import exp
from random import Random

from sandbox.sample.catalogue import BY_CATEGORY, CATEGORIES, Product
from sandbox.sample.chance import poisson
from sandbox.sample.moments import moment
from sandbox.sample.people import Shopper
from sandbox.sample.seasons import Offers, demand


@dataclass(frozen=True)
class Line:
    product: Product
    quantity: int
    price: int
    """Minor units of the order's currency, each."""


@dataclass
class Purchase:
    shopper: Shopper
    at: datetime
    back: int
    """Days before `until`."""
    currency: str
    lines: list[Line]
    discount: int = 0
    refunded: int = 0
    status: str = "paid"
    changed: datetime | None = None
    """When the order was refunded or cancelled."""
    number: str = field(default="")

    @property
    def total(self) -> int:
        """What was charged: lines less discount."""
        return sum(line.price * line.quantity for line in self.lines) - self.discount


class Shopping:
    """Draws the orders of one customer after another."""

    def __init__(self, until: date) -> None:
        self._until = until
        self._offers = Offers(until)
        self._demand: dict[str, list[float]] = {}

    def orders(self, rng: Random, shopper: Shopper) -> list[Purchase]:
        """All orders of this customer, oldest first; none for those who only ever looked."""
        habits = shopper.habits
        joined_back = (self._until - shopper.joined.date()).days
        if not habits.hunts and rng.random() < 0.09:
            return []
        found: list[Purchase] = []
        left: int | None = None
        hazard = rng.expovariate(1.0)
        season = self._season(shopper.country)
        if rng.random() < 0.72:
            # Most people open the account because they are about to buy.
            found.append(self.order(rng, shopper, joined_back, first=True))
            left = joined_back - int(habits.stays_days)
        for back in range(joined_back - 1, 0, -1):
            if left is not None and back < left:
                break
            rate = habits.per_day * (1 + habits.season * (season[back] - 1))
            if self._offers.shop_wide(back):
                rate *= exp(habits.pull)
            hazard -= rate
            if hazard <= 0:
                hazard = rng.expovariate(1.0)
                found.append(self.order(rng, shopper, back, first=not found))
                if left is None:
                    left = back - int(habits.stays_days)
        return found

    def _season(self, country: str) -> list[float]:
        if country not in self._demand:
            self._demand[country] = [demand(self._until - timedelta(days=back), country) for back in range(800)]
        return self._demand[country]

    def order(self, rng: Random, shopper: Shopper, back: int, first: bool = False) -> Purchase:
        at = moment(self._until - timedelta(days=back), _hour(rng, shopper.country))
        if first and at < shopper.joined:
            at = min(shopper.joined + timedelta(minutes=rng.randrange(2, 40)), moment(shopper.joined.date(), 24))
        currency = "CNY" if shopper.yuan else "USD"
        order = Purchase(shopper, at, back, currency, self._lines(rng, shopper, currency))
        self._discount(rng, order, first)
        self._trouble(rng, order)
        return order

    def _lines(self, rng: Random, shopper: Shopper, currency: str) -> list[Line]:
        habits = shopper.habits
        lines: dict[str, Line] = {}
        for _ in range(1 + min(6, poisson(rng, habits.basket))):
            product = pick(rng, habits.taste, habits.price)
            quantity = 1 + (poisson(rng, 0.9) if product.several else 0)
            lines[product.id] = Line(product, quantity, product.price(currency))
        return list(lines.values())

    def _discount(self, rng: Random, order: Purchase, first: bool) -> None:
        habits = order.shopper.habits
        rate = self._offers.shop_wide(order.back)
        if first and not self._offers.paused(order.back):
            rate = max(rate, 0.1)
        if habits.hunts and not self._offers.paused(order.back):
            rate = max(rate, rng.choice((0.1, 0.1, 0.15)))
        if rate and rng.random() < habits.discount_use:
            order.discount = int(order.total * rate)

    def _trouble(self, rng: Random, order: Purchase) -> None:
        """A few orders are cancelled, a few sent back whole or in part."""
        draw = rng.random()
        later = order.at + timedelta(days=rng.uniform(0.1, 9))
        if later.date() >= self._until:
            return
        if draw < 0.012:
            order.status, order.changed = "cancelled", later
        elif draw < 0.03:
            order.status, order.refunded, order.changed = "refunded", order.total, later
        elif draw < 0.055 and len(order.lines) > 1:
            order.refunded = min(order.total, order.lines[-1].price)
            order.changed = later


def pick(rng: Random, taste: list[float], price: float) -> Product:
    """A product of a category the customer likes, near the price the customer likes."""
    products = BY_CATEGORY[rng.choices(CATEGORIES, taste)[0]]
    cents = sorted(product.cents for product in products)
    span = max(1, len(cents) - 1)
    wanted = (price + 1.2) / 2.4
    weights = [exp(-3.0 * (cents.index(product.cents) / span - wanted) ** 2) for product in products]
    return rng.choices(products, weights)[0]


def _hour(rng: Random, country: str) -> float:
    """UTC hour: lunch and evening of the customer's own day."""
    local = rng.gauss(20.5, 1.6) if rng.random() < 0.6 else rng.gauss(12.8, 2.4)
    offset = {"US": -6, "CA": -6, "GB": 0, "AU": 10}.get(country, 8)
    return (local - offset) % 24
