"""Names that only say what the figures show, from a table of rules; unique within one segmentation.

A rule holds when every condition does; its strength is the sum of the margins (each at most 1). Groups and rules are
assigned one-to-one for the greatest total strength. A group that no rule is left for is described by its strongest
features. Feelings and motives do not occur here: behaviour does not show them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.segmentation.features import FEATURES, Feature
from ml.segmentation.words import Profile
from schema.base import Localized

ONCE = 1.35
"""Mean orders up to which a group is called one-time buyers."""
HELD = 1.0
"""Strength added when a group already bears the name and it still fits: names should not flutter."""


@dataclass(frozen=True)
class Rule:
    name: Localized
    icon: str
    least: Mapping[Feature, float]
    """z at least."""
    most: Mapping[Feature, float]
    """z at most."""
    once: bool | None = None
    """True: one-time buyers only; False: repeat buyers only."""


def _rule(
    en: str,
    zh: str,
    icon: str,
    least: dict[Feature, float] | None = None,
    most: dict[Feature, float] | None = None,
    once: bool | None = None,
) -> Rule:
    return Rule(Localized(en=en, zh=zh), icon, least or {}, most or {}, once)


RULES: tuple[Rule, ...] = (
    _rule("Loyal big spenders", "忠诚的高消费顾客", "crown", {"orders": 0.8, "revenue": 0.8}, {"recencyDays": 0.0}),
    _rule("Frequent small baskets", "高频小额顾客", "repeat", {"orders": 0.5}, {"averageOrder": -0.3}),
    _rule("Active regulars", "活跃的常客", "repeat", {"orders": 0.3}, {"recencyDays": -0.4}),
    _rule(
        "Quick repeat buyers, now away",
        "短间隔回购但已久未下单",
        "moon",
        {"orders": 0.2, "recencyDays": 0.2},
        {"medianGapDays": -0.5},
    ),
    _rule("Quick returners", "短间隔回购顾客", "repeat", {"orders": 0.2}, {"medianGapDays": -0.5}),
    _rule("Slow but steady", "间隔长而稳定的顾客", "clock", {"medianGapDays": 0.5}, {"recencyDays": 0.0}, once=False),
    _rule("Lapsed big spenders", "已流失的高消费顾客", "gem", {"recencyDays": 0.3, "revenue": 0.5}, once=False),
    _rule("Lapsed regulars", "已流失的常客", "moon", {"recencyDays": 0.3, "orders": 0.2}, once=False),
    _rule(
        "New big baskets",
        "大额新客",
        "sprout",
        {"averageOrder": 0.4},
        {"tenureDays": -0.5, "recencyDays": 0.2},
        once=True,
    ),
    _rule("New one-time buyers", "仅买一次的新客", "sprout", {}, {"tenureDays": -0.5, "recencyDays": -0.1}, once=True),
    _rule("New repeat buyers", "复购的新客", "sprout", {}, {"tenureDays": -0.5, "recencyDays": 0.0}, once=False),
    _rule("One-time big baskets", "仅一次的大额顾客", "gem", {"averageOrder": 0.5}, once=True),
    _rule("Lapsed small baskets", "已流失的小额顾客", "moon", {"recencyDays": 0.3}, {"averageOrder": -0.3}),
    _rule("One-time small baskets", "仅一次的小额顾客", "tag", {}, {"averageOrder": -0.4}, once=True),
    _rule(
        "Long-lapsed one-time buyers", "久未回来的单次顾客", "moon", {"recencyDays": 0.4, "tenureDays": 0.4}, once=True
    ),
    _rule("Lapsed one-time buyers", "已流失的单次顾客", "moon", {"recencyDays": 0.2}, once=True),
    _rule("One-time buyers", "单次顾客", "user", once=True),
    _rule("Occasional small baskets", "偶尔小额购买的顾客", "tag", {}, {"averageOrder": -0.4}, once=False),
    _rule("Occasional big baskets", "偶尔大额购买的顾客", "gem", {"averageOrder": 0.5}, {"orders": 0.2}, once=False),
)

PHRASES: dict[tuple[Feature, bool], tuple[str, str]] = {
    ("recencyDays", False): ("bought recently", "近期下过单"),
    ("recencyDays", True): ("away for long", "久未下单"),
    ("orders", False): ("few orders", "订单少"),
    ("orders", True): ("many orders", "订单多"),
    ("revenue", False): ("low spend", "消费低"),
    ("revenue", True): ("high spend", "消费高"),
    ("averageOrder", False): ("small baskets", "单价低"),
    ("averageOrder", True): ("big baskets", "单价高"),
    ("medianGapDays", False): ("short gaps", "间隔短"),
    ("medianGapDays", True): ("long gaps", "间隔长"),
    ("tenureDays", False): ("came late", "来得晚"),
    ("tenureDays", True): ("came early", "来得早"),
}
ICONS: dict[Feature, str] = {
    "recencyDays": "clock",
    "orders": "repeat",
    "revenue": "gem",
    "averageOrder": "tag",
    "medianGapDays": "clock",
    "tenureDays": "user",
}


@dataclass(frozen=True)
class Named:
    name: Localized
    icon: str


def names(
    profiles: Sequence[Profile], held: Sequence[str | None] | None = None, taken: Sequence[str] = ()
) -> list[Named]:
    """A name for each profile, in order.

    `held` are the computed English names that the groups bear now; `taken` are names given by people, not to be used
    again.
    """
    from scipy.optimize import linear_sum_assignment

    rules = [rule for rule in RULES if rule.name.en not in taken and rule.name.zh not in taken]
    given: list[Named | None] = [None] * len(profiles)
    if profiles and rules:
        worth = np.zeros((len(profiles), len(rules)))
        for row, profile in enumerate(profiles):
            for column, rule in enumerate(rules):
                strength = _strength(rule, profile)
                if strength is not None:
                    bears = held is not None and held[row] == rule.name.en
                    worth[row, column] = 0.1 + strength + (HELD if bears else 0.0)
        rows, columns = linear_sum_assignment(-worth)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if worth[row, column] > 0:
                given[row] = Named(rules[column].name, rules[column].icon)
    used = {named.name.en for named in given if named} | set(taken)
    result = []
    for profile, named in zip(profiles, given, strict=True):
        chosen = named or _described(profile, used)
        used.add(chosen.name.en)
        result.append(chosen)
    return result


def public_name(index: int) -> str:
    """A neutral name: Group A .. Group Z, Group AA, ..."""
    letters = ""
    rest = index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"Group {letters}"


def _strength(rule: Rule, profile: Profile) -> float | None:
    once = profile.mean("orders") <= ONCE
    if rule.once is not None and rule.once != once:
        return None
    margins = [profile.of(name) - bound for name, bound in rule.least.items()]
    margins += [bound - profile.of(name) for name, bound in rule.most.items()]
    if any(margin < 0 or math.isnan(margin) for margin in margins):
        return None
    return sum(min(margin, 1.0) for margin in margins) + 0.2 * len(margins)


def _described(profile: Profile, used: set[str]) -> Named:
    """The strongest features in words, as many as make the name unique, then a number."""
    order = sorted(FEATURES, key=lambda name: -abs(profile.of(name)))
    parts: list[tuple[str, str]] = []
    for name in order:
        if abs(profile.of(name)) >= 0.2:
            parts.append(PHRASES[name, profile.of(name) > 0])
            if len(parts) >= 2 and _joined(parts).en not in used:
                return Named(_joined(parts), ICONS[order[0]])
    base = _joined(parts) if parts else Localized(en="Typical customers", zh="典型顾客")
    tail = 1
    while (name_ := base if tail == 1 else Localized(en=f"{base.en} {tail}", zh=f"{base.zh} {tail}")).en in used:
        tail += 1
    return Named(name_, ICONS[order[0]] if parts else "user")


def _joined(parts: Sequence[tuple[str, str]]) -> Localized:
    en = ", ".join(part[0] for part in parts)
    return Localized(en=en[0].upper() + en[1:], zh="，".join(part[1] for part in parts))
