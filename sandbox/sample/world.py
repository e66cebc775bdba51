"""Puts the sample shop together: people, orders, trouble, words, visits, each from its own random source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sandbox.sample.buying import Purchase, Shopping
from sandbox.sample.people import Shopper, make_people
from sandbox.sample.shop import SEED
from sandbox.sample.troubles import courier_failure
from sandbox.sample.visiting import Visit, visits_of
from sandbox.sample.writing import Utterance, Writing


@dataclass(frozen=True)
class SampleShop:
    until: date
    """The first day without data: the shop's last day of trading is the one before."""
    people: list[Shopper]
    orders: dict[int, list[Purchase]]
    """By customer number, oldest first."""
    texts: dict[int, list[Utterance]]
    visits: dict[int, list[Visit]]


def build(until: date, seed: int = SEED) -> SampleShop:
    """Simulate the shop. The same date and seed give the same shop, to the byte."""

    def source(name: str) -> Random:
        return Random(f"{seed}:{until.isoformat()}:{name}")

    people = make_people(source("people"), until)
    shopping, rng = Shopping(until), source("orders")
    orders = {shopper.number: shopping.orders(rng, shopper) for shopper in people}
    writing = Writing(source("words"), until)
    angry = courier_failure(source("courier"), until, shopping, writing, orders, people)
    texts: dict[int, list[Utterance]] = {}
    visits: dict[int, list[Visit]] = {}
    looking = source("visits")
    for shopper in people:
        mine = orders[shopper.number]
        texts[shopper.number] = writing.all_of(shopper, mine)
        visits[shopper.number] = visits_of(looking, shopper, mine, until)
    for said in angry:
        texts[said.shopper.number].append(said)
    _number(orders, texts, visits)
    return SampleShop(until, people, orders, texts, visits)


def _number(
    orders: dict[int, list[Purchase]], texts: dict[int, list[Utterance]], visits: dict[int, list[Visit]]
) -> None:
    """Numbers in the order of time, as a shop gives them."""
    for prefix, found in (("TW-", orders), ("W-", texts), ("V-", visits)):
        everything = [thing for mine in found.values() for thing in mine]
        everything.sort(key=lambda thing: (thing.at, thing.shopper.number))
        for position, thing in enumerate(everything):
            thing.number = f"{prefix}{10001 + position}"
    for found in (texts, visits):
        for mine in found.values():
            mine.sort(key=lambda thing: thing.at)
