"""The courier failure: sixty good customers wait for a parcel that never comes, and say so."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sandbox.sample.buying import Purchase, Shopping
from sandbox.sample.moments import moment
from sandbox.sample.people import Shopper
from sandbox.sample.writing import Utterance, Writing

FAILED_BACK = 12
"""Days before `until` on which the courier failed."""
ANGRY = 60
ANGRY_CHINESE = 24


def courier_failure(
    rng: Random, until: date, shopping: Shopping, writing: Writing, orders: dict[int, list[Purchase]],
    people: list[Shopper],
) -> list[Utterance]:  # fmt: skip
    """Change `orders` in place and give the angry words.

    Good customers: at least four orders, the last within 150 days, and more spent than three quarters of all customers.
    Each has an order from two to four days before the failure and none after it.
    """
    spent = {n: sum(_dollars(order) for order in mine) for n, mine in orders.items()}
    bar = sorted(spent.values())[len(spent) * 3 // 4]
    good = [p for p in people
            if len(orders[p.number]) >= 4 and spent[p.number] > bar and orders[p.number][-1].back <= 150
            and not p.habits.hunts]  # fmt: skip
    chinese = [p for p in good if p.language == "zh"]
    chosen = rng.sample(chinese, ANGRY_CHINESE)
    chosen += rng.sample([p for p in good if p.language == "en"], ANGRY - ANGRY_CHINESE)
    said: list[Utterance] = []
    for shopper in sorted(chosen, key=lambda p: p.number):
        mine = [order for order in orders[shopper.number] if order.back > FAILED_BACK]
        lost = shopping.order(rng, shopper, FAILED_BACK + rng.choice((2, 3, 4)))
        lost.status, lost.refunded, lost.changed = "paid", 0, None
        mine.append(lost)
        orders[shopper.number] = sorted(mine, key=lambda order: order.at)
        for back in [FAILED_BACK - rng.choice((0, 0, 0, 0, 1, 2))] + ([FAILED_BACK - 4] if rng.random() < 0.3 else []):
            at = moment(until - timedelta(days=back), rng.uniform(1, 23))
            said.append(writing.courier(lost, at))
    return said


def _dollars(order: Purchase) -> float:
    return order.total * (0.14 if order.currency == "CNY" else 1.0)
