"""The customers: where they live, and the hidden habits from which everything they do follows.

The habits are continuous and drawn independently of any label: nobody "is" a type. None of them leaves this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sandbox.sample.catalogue import CATEGORIES
from sandbox.sample.chance import dirichlet
from sandbox.sample.moments import moment
from sandbox.sample.names import Identity, People
from sandbox.sample.seasons import demand
from sandbox.sample.shop import DAYS

CUSTOMERS = 2000
HUNTERS = 110
"""Bargain hunters: a code on every order, yet the same tempo when there is none."""

_COUNTRIES = {"US": 0.39, "GB": 0.16, "CN": 0.22, "SG": 0.07, "HK": 0.06, "TW": 0.03, "CA": 0.05, "AU": 0.02}
_CHINESE = {"US": 0.1, "GB": 0.06, "CN": 0.98, "SG": 0.45, "HK": 0.5, "TW": 0.9, "CA": 0.14, "AU": 0.1}
_ZONES = {
    "US": ("America/New_York", "America/Chicago", "America/Los_Angeles"),
    "GB": ("Europe/London",),
    "CN": ("Asia/Shanghai",),
    "SG": ("Asia/Singapore",),
    "HK": ("Asia/Hong_Kong",),
    "TW": ("Asia/Taipei",),
    "CA": ("America/Toronto", "America/Vancouver"),
    "AU": ("Australia/Sydney",),
}


@dataclass(frozen=True)
class Consent:
    channel: str
    status: str
    at: datetime
    source: str


@dataclass
class Habits:
    per_day: float
    """Orders a day while alive, before season and offers."""
    stays_days: float
    """Days from the first order until the customer silently leaves the shop."""
    taste: list[float]
    """Weight of each category."""
    price: float
    """Preferred price within a category: -1 cheap .. 1 dear, roughly normal."""
    basket: float
    """Mean number of further lines in an order."""
    discount_use: float
    pull: float
    """How much more (as an exponent) is bought in a week with a shop-wide code."""
    season: float
    """How much of the season's ups and downs the customer follows, 0..1."""
    talk: float
    verbosity: float
    temper: float
    style: str
    browse: float
    hunts: bool = False


@dataclass
class Shopper:
    number: int
    identity: Identity
    country: str
    zone: str
    language: str
    joined: datetime
    born: str | None
    consents: list[Consent]
    profiling: str
    tags: list[str]
    habits: Habits = field(repr=False)

    @property
    def key(self) -> str:
        return f"C-{100000 + self.number}"

    @property
    def yuan(self) -> bool:
        return self.country == "CN" and self.language == "zh"


def make_people(rng: Random, until: date) -> list[Shopper]:
    """All customers, in the order in which they joined."""
    joins = _join_days(rng, until)
    without = set(rng.sample(range(CUSTOMERS), CUSTOMERS // 10))
    opted_out = set(rng.sample(range(CUSTOMERS), CUSTOMERS // 20))
    old_enough = [n for n, back in enumerate(joins) if back > 330]
    hunters = set(rng.sample(old_enough, HUNTERS))
    people = People()
    end = moment(until, 0)
    return [
        _shopper(
            rng, number, moment(until - timedelta(days=back), rng.triangular(0, 24, 14)), people, end,
            number in without, number in opted_out, number in hunters,
        )
        for number, back in enumerate(joins)
    ]  # fmt: skip


def _join_days(rng: Random, until: date) -> list[int]:
    """Days before `until` on which people joined, oldest first: the shop grows, with the peaks of its sales."""
    days = list(range(DAYS, 0, -1))
    weights = [(0.8 + 0.5 * (DAYS - back) / DAYS) * demand(until - timedelta(days=back), "US") ** 0.7 for back in days]
    # The shop opens with the mailing list of its market stall.
    weights = [weight * (4 if back > DAYS - 14 else 1) for weight, back in zip(weights, days, strict=True)]
    return sorted(rng.choices(days, weights, k=CUSTOMERS), reverse=True)


def newcomer(rng: Random, number: int, joined: datetime, people: People) -> Shopper:
    """Somebody who opens an account at this moment."""
    return _shopper(rng, number, joined, people, joined + timedelta(minutes=10), rng.random() < 0.1, False, False)


def _shopper(
    rng: Random, number: int, joined: datetime, people: People, end: datetime, silent: bool, opted_out: bool,
    hunts: bool,
) -> Shopper:  # fmt: skip
    country = rng.choices(list(_COUNTRIES), list(_COUNTRIES.values()))[0]
    language = "zh" if rng.random() < _CHINESE[country] else "en"
    who = people.make(rng, number, country, language)
    zone = rng.choice(_ZONES[country])
    consents = [] if silent else _consents(rng, joined, end, country, language, who.phone is not None)
    born = None
    if rng.random() < 0.55:
        year = end.year - int(min(82, max(18, rng.gauss(39, 12))))
        born = date(year, rng.randrange(1, 13), rng.randrange(1, 29)).isoformat()
    tags = [tag for tag, share in (("newsletter", 0.3), ("gift buyer", 0.08), ("trade", 0.02)) if rng.random() < share]
    profiling = "opted out" if opted_out else "allowed"
    habits = _habits(rng, hunts)
    return Shopper(number, who, country, zone, language, joined, born, consents, profiling, tags, habits)


def _consents(
    rng: Random, joined: datetime, end: datetime, country: str, language: str, has_phone: bool
) -> list[Consent]:
    """Each channel's history: granted with the account or later at the till, sometimes taken back."""
    wishes = [("email", 0.93 if country != "CN" else 0.7), ("sms", 0.4 if has_phone else 0.0),
              ("wechat", 0.75 if country == "CN" else 0.3 if language == "zh" else 0.0), ("push", 0.18)]  # fmt: skip
    changes: list[Consent] = []
    for channel, share in wishes:
        if rng.random() >= share:
            continue
        granted = joined + timedelta(minutes=rng.randrange(1, 9))
        source = "account form"
        if rng.random() < 0.25:
            granted, source = joined + (end - joined) * rng.random() * 0.9, "checkout box"
        changes.append(Consent(channel, "granted", granted, source))
        if rng.random() < 0.09:
            denied = granted + (end - granted) * rng.random()
            changes.append(Consent(channel, "denied", denied, "unsubscribe link" if channel == "email" else "settings"))
    if not changes:
        changes.append(Consent("email", "granted", joined + timedelta(minutes=2), "account form"))
    return changes


def _habits(rng: Random, hunts: bool) -> Habits:
    use = rng.betavariate(0.9, 1.6)
    talk = rng.gammavariate(0.5, 1.25)
    return Habits(
        per_day=(rng.uniform(9, 17) if hunts else 0.25 + rng.gammavariate(0.85, 4.5)) / 365,
        stays_days=rng.uniform(700, 4000) if hunts else rng.expovariate(1.0) * rng.gammavariate(1.6, 270) + 4,
        taste=dirichlet(rng, 0.55, len(CATEGORIES)),
        price=rng.gauss(0, 0.8),
        basket=min(4.0, rng.lognormvariate(-0.6, 0.7)),
        discount_use=0.97 if hunts else use,
        pull=0.0 if hunts else max(0.0, rng.gauss(1.5, 0.5) * use),
        season=0.3 + 0.7 * rng.betavariate(2, 2),
        talk=talk,
        verbosity=rng.lognormvariate(0.15, 0.5) * (1 + 0.4 * min(talk, 4)),
        temper=rng.gauss(0, 0.45),
        style=rng.choices(("plain", "casual", "warm", "formal"), (5, 3, 2, 2))[0],
        browse=rng.gammavariate(0.7, 1.0),
        hunts=hunts,
    )
