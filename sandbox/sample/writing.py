"""Words: who reviews what, who asks, who answers a survey, and who is angry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sandbox.sample.buying import Purchase
from sandbox.sample.catalogue import KETTLE, Product
from sandbox.sample.moments import moment
from sandbox.sample.people import Shopper
from sandbox.sample.words.compose import Author, Composer


@dataclass
class Utterance:
    shopper: Shopper
    at: datetime
    words: str
    """review, message, survey or chat."""
    product: Product | None
    text: str
    rating: int | None
    number: str = field(default="")


class Writing:
    """Draws what customers write. Texts come out in the order of the calls."""

    def __init__(self, rng: Random, until: date) -> None:
        self._rng = rng
        self._end = moment(until, 0)
        self._composer = Composer(rng)
        self._authors: dict[int, Author] = {}

    def all_of(self, shopper: Shopper, orders: list[Purchase]) -> list[Utterance]:
        """Reviews of what was bought, questions around it, answers to surveys."""
        reviewed: set[str] = set()
        found: list[Utterance] = []
        for order in orders:
            if order.status == "cancelled":
                continue
            for line in order.lines:
                chance = 0.035 + 0.19 * shopper.habits.talk + (0.2 if line.product is KETTLE else 0)
                if line.product.id not in reviewed and self._rng.random() < min(0.9, chance):
                    reviewed.add(line.product.id)
                    self._keep(found, self.review(shopper, line.product, order.at))
            if self._rng.random() < min(0.5, 0.022 + 0.07 * shopper.habits.talk):
                self._keep(found, self.chat(shopper, order))
            if self._rng.random() < min(0.4, 0.02 + 0.045 * shopper.habits.talk):
                self._keep(found, self.survey(shopper, order))
        return found

    def review(self, shopper: Shopper, product: Product, bought: datetime) -> Utterance:
        # A lid takes weeks to break.
        days = self._rng.uniform(20, 70) if product is KETTLE else 4 + self._rng.expovariate(1 / 14)
        rating = self._rating(shopper, product.quality)
        text = self._composer.review(self.author(shopper), product, rating)
        return Utterance(shopper, bought + timedelta(days=days), "review", product, text, rating)

    def chat(self, shopper: Shopper, order: Purchase) -> Utterance:
        topic = self._rng.choices(("question", "change", "thanks", "problem"), (5, 2, 2, 2))[0]
        product = order.lines[0].product
        gap = {"question": -2.0, "change": 0.05, "thanks": 9.0, "problem": 7.0}[topic] * self._rng.uniform(0.3, 1.5)
        text = self._composer.chat(self.author(shopper), product, topic)
        at = max(order.at + timedelta(days=gap), shopper.joined + timedelta(minutes=1))
        return Utterance(shopper, at, "chat" if self._rng.random() < 0.65 else "message", None, text, None)

    def survey(self, shopper: Shopper, order: Purchase) -> Utterance:
        product = order.lines[0].product
        rating = self._rating(shopper, (4.2 + product.quality) / 2)
        stance = "+" if rating >= 5 else "~" if rating >= 3 else "-"
        text = self._composer.survey(self.author(shopper), product, stance)
        at = order.at + timedelta(days=self._rng.uniform(12, 30))
        return Utterance(shopper, at, "survey", None, text, rating)

    def courier(self, order: Purchase, at: datetime) -> Utterance:
        """An angry message about an order that never came."""
        product = order.lines[0].product
        text = self._composer.courier(self.author(order.shopper), product)
        return Utterance(order.shopper, at, "message" if self._rng.random() < 0.7 else "chat", None, text, None)

    def author(self, shopper: Shopper) -> Author:
        if shopper.number not in self._authors:
            habits = shopper.habits
            self._authors[shopper.number] = Author(
                shopper.language, habits.verbosity, habits.style, shopper.country in ("HK", "TW")
            )
        return self._authors[shopper.number]

    def _rating(self, shopper: Shopper, quality: float) -> int:
        # Now and then one piece is simply bad.
        piece = self._rng.uniform(-3.4, -1.4) if self._rng.random() < 0.09 else 0.2
        return max(1, min(5, round(self._rng.gauss(quality + piece + shopper.habits.temper, 0.7))))

    def _keep(self, found: list[Utterance], said: Utterance) -> None:
        """What would be written after the last day has not been written yet."""
        if said.at < self._end:
            found.append(said)
