"""What a text speaks of, by words that name it: a table in both languages, here for people to change.

This is no model: a topic is claimed only where one of its words stands in the text, and the word is the evidence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from schema.base import Localized


@dataclass(frozen=True)
class Topic:
    id: str
    name: Localized
    en: tuple[str, ...]
    """Regular expressions between word boundaries, lower case."""
    zh: tuple[str, ...]
    """Simplified or traditional phrases."""


TOPICS: tuple[Topic, ...] = (
    Topic(
        "delivery",
        Localized(en="delivery", zh="配送"),
        (
            r"deliver(?:y|ed|ing|ies)?",
            r"courier\w*",
            r"shipp(?:ing|ed)",
            r"shipment",
            r"parcel\w*",
            r"package (?:was|is|never|still|got|arrived)",
            r"(?:never|still|hasn'?t|not) (?:yet )?arriv\w+",
            r"tracking",
        ),
        ("快递", "物流", "配送", "送货", "发货", "派送", "没收到", "快遞", "物流", "送貨", "發貨", "沒收到"),
    ),
    Topic(
        "quality",
        Localized(en="quality", zh="质量"),
        (
            r"br(?:oke|oken|eaks?|eaking)",
            r"crack(?:s|ed)?",
            r"fell apart",
            r"falling apart",
            r"defect\w*",
            r"poor(?:ly)? (?:quality|made)",
            r"cheaply made",
            r"snapped",
            r"leak(?:s|ed|ing)?",
            r"stopped working",
            r"chipped",
            r"rust(?:y|ed|s)?",
        ),
        (
            "质量",
            "坏了",
            "坏掉",
            "断了",
            "裂",
            "漏水",
            "掉漆",
            "生锈",
            "破损",
            "质感差",
            "質量",
            "壞了",
            "壞掉",
            "斷了",
            "生鏽",
            "破損",
        ),
    ),
    Topic(
        "size",
        Localized(en="size", zh="尺寸"),
        (
            r"siz(?:e|es|ed|ing)",
            r"too (?:small|big|large|tight|loose|short|long)",
            r"(?:doesn'?t|does not|didn'?t) fit",
            r"runs (?:small|large|big)",
            r"smaller than",
            r"bigger than",
        ),
        ("尺码", "尺寸", "偏大", "偏小", "太小", "太大", "不合身", "大小", "尺碼"),
    ),
    Topic(
        "service",
        Localized(en="service", zh="客服"),
        (
            r"customer (?:service|care|support)",
            r"support team",
            r"no (?:reply|answer|response)",
            r"never (?:replied|answered)",
            r"rude",
            r"refund\w*",
            r"return(?:ing|ed)? (?:it|this|them|the)",
        ),
        ("客服", "售后", "没人回", "不回复", "退款", "退货", "态度", "售後", "沒人回", "不回覆", "退貨", "態度"),
    ),
    Topic(
        "price",
        Localized(en="price", zh="价格"),
        (
            r"pric(?:e|es|ed|ey|y)",
            r"expensive",
            r"overpriced",
            r"not worth",
            r"value for money",
            r"cheaper (?:elsewhere|on|at)",
            r"discount\w*",
            r"coupon\w*",
        ),
        (
            "价格",
            "太贵",
            "有点贵",
            "不值",
            "性价比",
            "优惠",
            "打折",
            "便宜",
            "價格",
            "太貴",
            "有點貴",
            "性價比",
            "優惠",
        ),
    ),
    Topic(
        "gift",
        Localized(en="gifts", zh="送礼"),
        (
            r"(?:as|for) (?:a |an )?(?:\w+ )?(?:gift|present)",
            r"gift(?:ed)? (?:for|to|it)",
            r"bought (?:it|this|one|them) for my \w+",
            r"for my (?:mum|mom|mother|dad|father|sister|brother|wife|husband|friend|girlfriend|boyfriend)",
            r"for my (?:daughter|son|niece|nephew|aunt|uncle|grand\w+)",
        ),
        ("送人", "礼物", "送给", "送朋友", "送妈妈", "送爸爸", "禮物", "送給", "送媽媽"),
    ),
    Topic(
        "recommend",
        Localized(en="recommendations", zh="推荐"),
        (
            r"(?<!not )(?<!n't )recommend(?:ed|ing)?",
            r"told (?:all )?my (?:friends|family|sister|mother|colleagues)",
            r"second (?:one|purchase|time)",
        ),
        ("推荐", "安利", "值得买", "推薦", "值得買"),
    ),
)
BY_ID = {topic.id: topic for topic in TOPICS}


def topics_of(text: str) -> dict[str, str]:
    """The topics of a text, each with the words that name it as they stand there."""
    plain = unicodedata.normalize("NFKC", text)
    lowered = plain.lower().replace("’", "'")
    found: dict[str, str] = {}
    for topic in TOPICS:
        english, chinese = _patterns(topic.id)
        match = english.search(lowered) or chinese.search(plain)
        if match:
            found[topic.id] = match.group(0)[:60]
    return found


@lru_cache(maxsize=32)
def _patterns(identity: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    topic = BY_ID[identity]
    return (
        re.compile(r"\b(?:" + "|".join(topic.en) + r")\b"),
        re.compile("|".join(re.escape(phrase) for phrase in sorted(set(topic.zh), key=len, reverse=True))),
    )
