"""The features of a customer, declared in one table: behaviour, mood and personality, each in its own unit.

A block is what a marketer weighs as one: behaviour (orders, and the habits of the timeline), emotion (the six groups of
`psyche.groups`), personality (the five scores of `psyche.ocean`). Log means sign(x) * log(1 + |x|): counts, days and
money have long right tails, and refunds can make money negative. Unknown is NaN here; what it becomes on the scaled
axes stands in `space`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from schema.base import Localized
from schema.minds import GROUPS, TRAITS

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Block = Literal["behaviour", "emotion", "personality"]
BLOCKS: tuple[Block, ...] = ("behaviour", "emotion", "personality")
DAY = 86_400.0
VERSION = 2
"""Raised when the meaning of a feature changes: prototypes of another version are not compared."""


@dataclass(frozen=True)
class Measure:
    """One feature.

    Attributes:
        unit: days, count, money (minor units), share (0..1) or number.
        logged: clustered on the log axis.
        low, high: what a group far below or above the population is like, in a few words.
        icon: for a group that this describes best.
    """

    name: str
    block: Block
    unit: Literal["days", "count", "money", "share", "number"]
    logged: bool
    label: Localized
    low: Localized
    high: Localized
    icon: str = "user"


def _measure(
    name: str,
    unit: Literal["days", "count", "money", "share", "number"],
    logged: bool,
    texts: tuple[str, str, str, str, str, str],
    icon: str = "user",
    block: Block = "behaviour",
) -> Measure:
    label, low, high = (Localized(en=en, zh=zh) for en, zh in zip(texts[::2], texts[1::2], strict=True))
    return Measure(name, block, unit, logged, label, low, high, icon)


def _mood(name: str, en: str, zh: str) -> Measure:
    texts = (f"{en} words", f"{zh}的言语", f"few {en} words", f"{zh}的言语少", f"{en} words", f"{zh}的言语多")
    return _measure(f"emotion.{name}", "share", False, texts, "heart", "emotion")


def _trait(name: str, low: tuple[str, str], high: tuple[str, str]) -> Measure:
    texts = (f"words that sound {high[0]}", f"言语显得{high[1]}", f"sound {low[0]}", f"言语显得{low[1]}",
             f"sound {high[0]}", f"言语显得{high[1]}")  # fmt: skip
    return _measure(f"ocean.{name}", "share", False, texts, "star", "personality")


_ALL = (
    _measure("recencyDays", "days", True, ("days since the last order", "距最近下单天数", "bought recently",
             "近期下过单", "away for long", "久未下单"), "clock"),
    _measure("orders", "count", True, ("orders", "订单数", "few orders", "订单少", "many orders", "订单多"), "repeat"),
    _measure("revenue", "money", True, ("spend", "累计消费", "low spend", "消费低", "high spend", "消费高"), "gem"),
    _measure("averageOrder", "money", True, ("order value", "客单价", "small baskets", "单价低", "big baskets",
             "单价高"), "tag"),
    _measure("medianGapDays", "days", True, ("days between orders", "下单间隔", "short gaps", "间隔短", "long gaps",
             "间隔长"), "clock"),
    _measure("tenureDays", "days", False, ("days as a customer", "成为客户的天数", "came late", "来得晚", "came early",
             "来得早"), "user"),
    _measure("discountShare", "share", False, ("orders with a discount", "优惠订单占比", "rarely uses discounts",
             "很少用优惠", "often uses discounts", "常用优惠"), "tag"),
    _measure("returnShare", "share", False, ("orders refunded", "退款订单占比", "few returns", "退款少",
             "many returns", "退款多"), "repeat"),
    _measure("itemsPerOrder", "count", True, ("items an order", "每单件数", "single items", "每单件数少",
             "many items an order", "每单件数多"), "tag"),
    _measure("rhythm", "number", False, ("irregularity of ordering", "下单节奏的不规律度", "orders regularly",
             "下单规律", "orders in bursts", "下单忽密忽疏"), "zap"),
    _measure("priceTier", "share", False, ("price level within categories", "类目内价位", "chooses the cheaper",
             "偏好低价位", "chooses the dearer", "偏好高价位"), "gem"),
    _measure("visits90", "count", True, ("visits in 90 days", "90 天访问次数", "few visits", "访问少", "many visits",
             "访问多"), "search"),
    _measure("cartAbandonment", "share", False, ("carts left behind", "弃购占比", "finishes carts", "弃购少",
             "leaves carts behind", "弃购多"), "search"),
    _mood("delighted", "delighted", "愉悦"),
    _mood("surprised", "surprised", "惊讶"),
    _mood("worried", "worried", "担忧"),
    _mood("disappointed", "disappointed", "失望"),
    _mood("frustrated", "frustrated", "不满"),
    _mood("neutral", "neutral", "平静"),
    _trait("openness", ("down to earth", "务实"), ("curious about new things", "乐于尝新")),
    _trait("conscientiousness", ("easy-going about plans", "随性"), ("orderly", "有条理")),
    _trait("extraversion", ("reserved", "内敛"), ("outgoing", "外向")),
    _trait("agreeableness", ("direct", "直率"), ("warm", "友善")),
    _trait("neuroticism", ("calm", "沉着"), ("quick to worry", "容易担心")),
)  # fmt: skip
TABLE: dict[str, Measure] = {one.name: one for one in _ALL}
ALL: tuple[str, ...] = tuple(TABLE)
FEATURES: tuple[str, ...] = ALL[:6]
"""The behaviour that orders alone tell: known for every customer with an order."""
HABITS: tuple[str, ...] = ("discountShare", "returnShare", "itemsPerOrder", "rhythm", "priceTier", "visits90",
                           "cartAbandonment")  # fmt: skip
assert (*FEATURES, *HABITS, *(f"emotion.{one}" for one in GROUPS), *(f"ocean.{one}" for one in TRAITS)) == ALL


def features(stats: Mapping[str, Any], created_at: datetime, as_of: datetime) -> list[float]:
    """One customer's values in the order of `FEATURES`, in their own units; unknown is NaN.

    `stats` is `customers.stats` as stored, with at least one counted order.
    """
    first = stats.get("firstOrderAt") or created_at
    last = stats.get("lastOrderAt") or first
    known = int(stats["orders"]) > int(stats.get("unconverted") or 0)
    return [
        _days(last, as_of),
        float(stats["orders"]),
        float(stats["revenue"]) if known else math.nan,
        _number(stats.get("averageOrder")) if known else math.nan,
        _number(stats.get("medianGapDays")),
        _days(min(first, created_at), as_of),
    ]


def measures(
    stats: Mapping[str, Any],
    created_at: datetime,
    as_of: datetime,
    habits: Mapping[str, Any] | None,
    psyche: Mapping[str, Any] | None,
) -> list[float]:
    """One customer's values in the order of `ALL`: `features`, then what `customers.habits` and `psyche` say."""
    held, mind = habits or {}, psyche or {}
    groups, ocean = mind.get("groups") or {}, mind.get("ocean") or {}
    row = features(stats, created_at, as_of)
    row += [_number(held.get(name)) for name in HABITS]
    row += [_number(groups.get(name)) for name in GROUPS]
    row += [_number((ocean.get(name) or {}).get("score")) for name in TRAITS]
    return row


def trust(psyche: Mapping[str, Any] | None) -> float:
    """How far words are believed, n/(n+5) with n = the decayed weight of the texts; 0 without words."""
    if not psyche:
        return 0.0
    n = psyche.get("weight")
    n = float(psyche.get("texts") or 0) if n is None else float(n)
    return n / (n + 5.0)


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / DAY)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
