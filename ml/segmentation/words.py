"""Figures and sentences in both languages: a segment's traits and a customer's reasons."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ml.segmentation import sentences
from ml.segmentation.features import FEATURES, Floats
from schema.base import Localized
from schema.money import exponent

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "JP¥"}
NOTABLE = 0.5
"""Robust standard deviations from the median from which a feature is worth a word."""
MOST_REASONS = 3
MOST_TRAITS = 4
FINENESS = 8
"""Steps in which a figure grows by e: about 13 % each."""
FIGURE = re.compile(r"\d{4}-\d\d-\d\d|\d[\d,]*\.?\d*")
ORDINARY = Localized(en="Near the typical customer in every measure", zh="各项指标都接近典型客户")


@dataclass(frozen=True)
class Profile:
    """A segment against the population it was cut from; rows in the order of `names`.

    What words tell (mood, personality) is about those members who wrote, against everybody who wrote.
    """

    size: int
    share: float
    revenue: int
    revenue_share: float
    orders: int
    means: Floats
    """Means in the features' own units; NaN when no member has a value."""
    population: Floats
    z: Floats
    """(mean - population mean) / population standard deviation on the clustered scale."""
    names: tuple[str, ...] = FEATURES
    known: tuple[int, ...] = ()
    """Members with a value, feature by feature; empty: everybody."""
    words_known: float = 0.0
    """Share of the members with scored words."""
    orders_each: float = math.nan
    """Mean orders of a member, also where orders take no part in the space; NaN when nobody's are known."""
    extra: Mapping[str, float] = field(default_factory=dict)
    """z of what is no feature, such as `frustration`."""

    def of(self, name: str) -> float:
        """The z of a feature; NaN when it takes no part."""
        if name in self.extra:
            return self.extra[name]
        return float(self.z[self.names.index(name)]) if name in self.names else math.nan

    def mean(self, name: str) -> float:
        return float(self.means[self.names.index(name)]) if name in self.names else math.nan

    def denies(self, name: str, sign: int) -> bool:
        """Whether the plain means say the contrary of high (1) or low (-1).

        z is taken on the bent and clipped axis: a few large values can put a mean on the other side there, and a name
        must not contradict the figures that stand beside it.
        """
        if name not in self.names:
            return False
        row = self.names.index(name)
        return bool(sign * (self.means[row] - self.population[row]) < 0)

    def members(self, name: str) -> int:
        """Members with a value; for what is no feature, those with scored words."""
        if name in self.extra:
            return round(self.words_known * self.size)
        return self.known[self.names.index(name)] if self.known and name in self.names else self.size


def money(minor: float, currency: str) -> str:
    """An amount of minor units as people write it: decimals only below 100."""
    places = exponent(currency)
    amount = minor / 10**places
    shown = min(places, 2) if abs(amount) < 100 else 0
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{'-' if amount < 0 else ''}{symbol}{abs(amount):,.{shown}f}"


def number(value: float) -> str:
    """One decimal where it says something."""
    return f"{value:,.0f}" if value >= 10 or abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def days(value: float) -> str:
    """Whole days; one decimal below 3."""
    return f"{value:,.0f}" if value >= 3 else number(value)


def traits(profile: Profile, currency: str) -> list[Localized]:
    """Sentences with the figures in which a segment stands out, the strongest first, after its share of the shop."""
    told = [
        Localized(
            en=f"{_percent(profile.share)} of customers bring {_percent(profile.revenue_share)} of revenue",
            zh=f"{_percent(profile.share)} 的客户贡献 {_percent(profile.revenue_share)} 的销售额",
        )
    ]
    order = sorted(range(len(profile.names)), key=lambda index: -abs(float(np.nan_to_num(profile.z[index]))))
    for index in order:
        own, all_ = float(profile.means[index]), float(profile.population[index])
        if (
            len(told) < MOST_TRAITS
            and abs(profile.z[index]) >= NOTABLE / 2
            and not math.isnan(own)
            and _differ(own, all_)
        ):
            told.append(_trait(profile.names[index], own, all_, currency))
    return told


def reasons(
    raw: Sequence[float],
    scaled: Floats,
    prototype: Floats,
    typical: Floats,
    currency: str,
    last: date,
    since: date,
    names: Sequence[str] = FEATURES,
    weights: Floats | None = None,
) -> list[Localized]:
    """Why this customer is in this segment: the features that pull towards its prototype and away from the median.

    At most three, the strongest first. Ages are told with their dates, so that the sentence stays true as time goes by.
    `scaled` is before the weights, `prototype` on the weighted axes, `raw` and `typical` in the features' own units.
    """
    pull = scaled * prototype * (1.0 if weights is None else weights)
    told: list[Localized] = []
    for index in sorted(range(len(names)), key=lambda index: -float(pull[index])):
        strong = pull[index] > 0 and abs(scaled[index]) >= NOTABLE and not math.isnan(raw[index])
        if len(told) < MOST_REASONS and strong:
            told.append(_reason(names[index], raw[index], float(typical[index]), currency, last, since))
    return told or [ORDINARY]


def gist(told: Sequence[str], second: str | None) -> int:
    """What somebody is told, coarsely: two that are equal differ by nothing worth a write. Valid within one process.

    It looks at which features the (English) sentences name, in which direction, and at their figures in steps of
    `FINENESS`. A sentence with a date is the same as long as the date is: ages in it grow by themselves.
    """
    return hash((frozenset(_gist(one) for one in told), second))


def _gist(sentence: str) -> tuple[str, ...]:
    figures = FIGURE.findall(sentence)
    dates = [one for one in figures if "-" in one]
    coarse = [
        str(round(FINENESS * math.log1p(float(one.rstrip(".").replace(",", ""))))) for one in figures if not dates
    ]
    return FIGURE.sub("", sentence), *dates, *coarse


def _trait(name: str, own: float, all_: float, currency: str) -> Localized:
    match name:
        case "recencyDays":
            return Localized(
                en=f"Last order {days(own)} days ago on average; the shop's average is {days(all_)}",
                zh=f"最近一次下单平均在 {days(own)} 天前，全店平均 {days(all_)} 天",
            )
        case "orders":
            return Localized(
                en=f"{number(own)} orders each; the shop's average is {number(all_)}",
                zh=f"人均 {number(own)} 笔订单，全店平均 {number(all_)} 笔",
            )
        case "revenue":
            return Localized(
                en=f"{money(own, currency)} spent each; the shop's average is {money(all_, currency)}",
                zh=f"人均消费 {money(own, currency)}，全店平均 {money(all_, currency)}",
            )
        case "averageOrder":
            return Localized(
                en=f"{money(own, currency)} an order; the shop's average is {money(all_, currency)}",
                zh=f"每单 {money(own, currency)}，全店平均 {money(all_, currency)}",
            )
        case "medianGapDays":
            return Localized(
                en=f"{days(own)} days between orders; the shop's average is {days(all_)}",
                zh=f"两次下单相隔 {days(own)} 天，全店平均 {days(all_)} 天",
            )
        case "tenureDays":
            return Localized(
                en=f"Known for {days(own)} days; the shop's average is {days(all_)}",
                zh=f"已认识 {days(own)} 天，全店平均 {days(all_)} 天",
            )
        case _:
            return sentences.trait(name, own, all_)


def _reason(name: str, own: float, typical: float, currency: str, last: date, since: date) -> Localized:
    match name:
        case "recencyDays":
            return Localized(
                en=f"Last order on {last}, {days(own)} days before this grouping; {days(typical)} are typical",
                zh=f"最近下单于 {last}，距本次分群 {days(own)} 天，典型为 {days(typical)} 天",
            )
        case "orders":
            return Localized(
                en=f"{number(own)} {'order' if own == 1 else 'orders'}; the typical customer has {number(typical)}",
                zh=f"{number(own)} 笔订单，典型为 {number(typical)} 笔",
            )
        case "revenue":
            return Localized(
                en=f"{money(own, currency)} spent in all; {money(typical, currency)} is typical",
                zh=f"累计消费 {money(own, currency)}，典型为 {money(typical, currency)}",
            )
        case "averageOrder":
            return Localized(
                en=f"{money(own, currency)} an order; {money(typical, currency)} is typical",
                zh=f"每单 {money(own, currency)}，典型为 {money(typical, currency)}",
            )
        case "medianGapDays":
            return Localized(
                en=f"{days(own)} days between orders; {days(typical)} are typical",
                zh=f"两次下单相隔 {days(own)} 天，典型为 {days(typical)} 天",
            )
        case "tenureDays":
            return Localized(
                en=f"Customer since {since}, {days(own)} days before this grouping; {days(typical)} are typical",
                zh=f"自 {since} 起为客户，距本次分群 {days(own)} 天，典型为 {days(typical)} 天",
            )
        case _:
            return sentences.reason(name, own, typical)


def _differ(own: float, all_: float) -> bool:
    return abs(own - all_) >= 0.05 * max(abs(own), abs(all_))


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.095 or share == 0 else f"{share:.1%}"
