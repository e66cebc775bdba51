"""Names that only say what the figures show: archetypes where they fit, else rules; unique within one segmentation.

A rule holds when every condition does and no plain mean says the contrary; its strength is the sum of the margins
(each at most 1). Groups and rules are assigned one-to-one for the greatest total strength. A group that no rule is left
for is described by its strongest behaviour. Feelings and motives occur in the archetypes' names alone (see `personas`),
never in these rules.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.segmentation import personas
from ml.segmentation.features import TABLE
from ml.segmentation.words import Profile
from schema.base import Localized

ONCE = 1.35
"""Mean orders up to which a group is called one-time buyers."""
MOST_PARTS = 4
HELD = 1.0
"""Strength added when a group already bears the name and it still fits: names should not flutter."""


@dataclass(frozen=True)
class Rule:
    name: Localized
    icon: str
    least: Mapping[str, float]
    """z at least."""
    most: Mapping[str, float]
    """z at most."""
    once: bool | None = None
    """True: one-time buyers only; False: repeat buyers only. Neither holds where nobody's orders are known."""


def _rule(
    en: str,
    zh: str,
    icon: str,
    least: dict[str, float] | None = None,
    most: dict[str, float] | None = None,
    once: bool | None = None,
) -> Rule:
    return Rule(Localized(en=en, zh=zh), icon, least or {}, most or {}, once)


RULES: tuple[Rule, ...] = (
    _rule("Loyal big spenders", "忠诚的高消费客户", "crown", {"orders": 0.8, "revenue": 0.8}, {"recencyDays": 0.0}),
    _rule("Frequent small baskets", "高频小额客户", "repeat", {"orders": 0.5}, {"averageOrder": -0.3}),
    _rule("Active regulars", "活跃的常客", "repeat", {"orders": 0.3}, {"recencyDays": -0.4}),
    _rule(
        "Quick repeat buyers, now away",
        "短间隔回购但已久未下单",
        "moon",
        {"orders": 0.2, "recencyDays": 0.2},
        {"medianGapDays": -0.5},
    ),
    _rule("Quick returners", "短间隔回购客户", "repeat", {"orders": 0.2}, {"medianGapDays": -0.5}),
    _rule("Slow but steady", "间隔长而稳定的客户", "clock", {"medianGapDays": 0.5}, {"recencyDays": 0.0}, once=False),
    _rule("Lapsed big spenders", "已流失的高消费客户", "gem", {"recencyDays": 0.3, "revenue": 0.5}, once=False),
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
    _rule("One-time big baskets", "仅一次的大额客户", "gem", {"averageOrder": 0.5}, once=True),
    _rule("Lapsed small baskets", "已流失的小额客户", "moon", {"recencyDays": 0.3}, {"averageOrder": -0.3}),
    _rule("One-time small baskets", "仅一次的小额客户", "tag", {}, {"averageOrder": -0.4}, once=True),
    _rule(
        "Long-lapsed one-time buyers", "久未回来的单次客户", "moon", {"recencyDays": 0.4, "tenureDays": 0.4}, once=True
    ),
    _rule("Lapsed one-time buyers", "已流失的单次客户", "moon", {"recencyDays": 0.2}, once=True),
    _rule("One-time buyers", "单次客户", "user", once=True),
    _rule("Occasional small baskets", "偶尔小额购买的客户", "tag", {}, {"averageOrder": -0.4}, once=False),
    _rule("Occasional big baskets", "偶尔大额购买的客户", "gem", {"averageOrder": 0.5}, {"orders": 0.2}, once=False),
)


@dataclass(frozen=True)
class Named:
    name: Localized
    icon: str
    persona: str | None = None
    """The archetype's id."""
    strength: float | None = None


def names(
    profiles: Sequence[Profile], held: Sequence[str | None] | None = None, taken: Sequence[str] = ()
) -> list[Named]:
    """A name for each profile, in order: an archetype's where its profile is that archetype's, else what it shows.

    `held` are the computed English names that the groups bear now; `taken` are names given by people, not to be used
    again.
    """
    bears = list(held) if held is not None else [None] * len(profiles)
    types = personas.matched(profiles, bears, taken)
    rest = [row for row, found in enumerate(types) if found is None]
    used = [*taken, *(text for found in types if found for text in (found[0].name.en, found[0].name.zh))]
    plain = iter(_by_rules([profiles[row] for row in rest], [bears[row] for row in rest], used))
    return [Named(found[0].name, found[0].icon, found[0].id, found[1]) if found else next(plain) for found in types]


def _by_rules(profiles: Sequence[Profile], held: Sequence[str | None], taken: Sequence[str]) -> list[Named]:
    from scipy.optimize import linear_sum_assignment

    rules = [rule for rule in RULES if rule.name.en not in taken and rule.name.zh not in taken]
    given: list[Named | None] = [None] * len(profiles)
    if profiles and rules:
        worth = np.zeros((len(profiles), len(rules)))
        for row, profile in enumerate(profiles):
            for column, rule in enumerate(rules):
                strength = _strength(rule, profile)
                if strength is not None:
                    bears = held[row] == rule.name.en
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
    each = profile.orders_each
    if rule.once is not None and (math.isnan(each) or rule.once != (each <= ONCE)):
        return None
    if any(profile.denies(name, 1) for name in rule.least) or any(
        profile.denies(name, -1) for name, bound in rule.most.items() if bound <= 0
    ):
        return None
    margins = [profile.of(name) - bound for name, bound in rule.least.items()]
    margins += [bound - profile.of(name) for name, bound in rule.most.items()]
    if any(margin < 0 or math.isnan(margin) for margin in margins):
        return None
    return sum(min(margin, 1.0) for margin in margins) + 0.2 * len(margins)


def _described(profile: Profile, used: set[str]) -> Named:
    """The strongest behaviour in words, as much as makes the name unique, then a number."""
    behaviour = [name for name in profile.names if name not in TABLE or TABLE[name].block == "behaviour"]
    order = sorted(behaviour, key=lambda name: -abs(np.nan_to_num(profile.of(name))))
    parts: list[Localized] = []
    for name in order[:MOST_PARTS]:
        high = profile.of(name) > 0
        if abs(profile.of(name)) >= 0.2 and not profile.denies(name, 1 if high else -1):
            parts.append(_phrase(name, high))
            if len(parts) >= 2 and _joined(parts).en not in used:
                return Named(_joined(parts), _icon(order[0]))
    base = _joined(parts) if parts else Localized(en="Typical customers", zh="典型客户")
    tail = 1
    while (name_ := base if tail == 1 else Localized(en=f"{base.en} {tail}", zh=f"{base.zh} {tail}")).en in used:
        tail += 1
    return Named(name_, _icon(order[0]) if parts else "user")


def _phrase(name: str, high: bool) -> Localized:
    measure = TABLE.get(name)
    if measure is not None:
        return measure.high if high else measure.low
    short = name if len(name) <= 30 else f"{name[:29]}…"
    return Localized(en=f"{'high' if high else 'low'} {short}", zh=f"{short} {'偏高' if high else '偏低'}")


def _icon(name: str) -> str:
    return TABLE[name].icon if name in TABLE else "user"


def _joined(parts: Sequence[Localized]) -> Localized:
    en = ", ".join(part.en for part in parts)
    return Localized(en=en[0].upper() + en[1:], zh="，".join(part.zh for part in parts))
