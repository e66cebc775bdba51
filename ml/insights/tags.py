"""Tags from words and behaviour: each with its reason, the text it rests on, and the day it ends by itself.

| tag | rests on | ends after |
| --- | --- | --- |
| frustrated | the newest negative text with anger, annoyance, disappointment, disapproval or disgust, while nothing settled it | 30 days |
| delivery trouble, quality trouble, size trouble, service trouble | a negative text that names it | 90 days |
| finds it expensive | a text that is not positive and speaks of the price | 180 days |
| gift buyer | two texts that speak of gifts | 365 days |
| advocate | two positive texts, one of which recommends | 180 days |

Days count from the text, as of the moment the shop is looked at; where it takes two, from the one whose ageing leaves
too few. Nobody who refused profiling has any.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schema.base import Localized
from schema.documents import AutoTag

LONGEST = timedelta(days=365)
"""Texts older than this carry no tag."""


@dataclass(frozen=True)
class Said:
    """One scored text: where it is, when, how it sounds (P(positive) - P(negative), label), and what it names."""

    feedback_id: str
    at: datetime
    label: str
    topics: Mapping[str, str]


@dataclass(frozen=True)
class _Rule:
    tag: str
    topic: str
    labels: tuple[str, ...]
    days: int
    least: int
    en: str
    zh: str


_RULES = (
    _Rule("delivery trouble", "delivery", ("negative",), 90, 1, "Complained about delivery", "抱怨过配送"),
    _Rule("quality trouble", "quality", ("negative",), 90, 1, "Complained about quality", "抱怨过质量"),
    _Rule("size trouble", "size", ("negative", "neutral"), 90, 1, "Had trouble with a size", "尺寸不合适"),
    _Rule("service trouble", "service", ("negative",), 90, 1, "Complained about service", "抱怨过客服"),
    _Rule("finds it expensive", "price", ("negative", "neutral"), 180, 1, "Spoke of the price", "提到价格"),
    _Rule("gift buyer", "gift", ("negative", "neutral", "positive"), 365, 2, "Bought gifts", "购买礼物"),
)


def model_tags(texts: Sequence[Said], psyche: Mapping[str, Any] | None, as_of: datetime) -> list[AutoTag]:
    """The tags of one customer, in a fixed order.

    Args:
        texts: scored texts of the customer and all aliases, in any order, each once.
        psyche: `customers.psyche`; null for who refused profiling: then there is no tag.
    """
    if psyche is None:
        return []
    order = sorted((one for one in texts if one.at <= as_of), key=lambda one: (one.at, one.feedback_id))
    found: list[AutoTag] = []
    frustration = psyche.get("frustration")
    if frustration and not frustration["settled"]:
        until = frustration["at"] + timedelta(days=30)
        if until > as_of:
            day = f"{frustration['at']:%Y-%m-%d}"
            found.append(
                _tag("frustrated", f"Angry or disappointed words on {day}, nothing good since",
                     f"{day} 的话语带有愤怒或失望，此后没有好转", until, frustration["feedbackId"])
            )  # fmt: skip
    for rule in _RULES:
        held = [one for one in order if rule.topic in one.topics and one.label in rule.labels]
        recent = [one for one in held if as_of - one.at < timedelta(days=rule.days)]
        if len(recent) >= rule.least:
            newest = recent[-1]
            words = newest.topics[rule.topic]
            day = f"{newest.at:%Y-%m-%d}"
            found.append(
                _tag(rule.tag, f"{rule.en} on {day}: “{words}”", f"{day} {rule.zh}：“{words}”",
                     recent[-rule.least].at + timedelta(days=rule.days), newest.feedback_id)
            )  # fmt: skip
    glad = [one for one in order if one.label == "positive" and as_of - one.at < timedelta(days=180)]
    praise = [one for one in glad if "recommend" in one.topics]
    if len(glad) >= 2 and praise and not any(tag.tag == "frustrated" for tag in found):
        newest = praise[-1]
        words = newest.topics["recommend"]
        ends = min(newest.at, glad[-2].at) + timedelta(days=180)
        found.append(
            _tag("advocate", f"{len(glad)} glad texts in 180 days, one says “{words}”",
                 f"180 天内 {len(glad)} 条好评，其中提到“{words}”", ends, newest.feedback_id)
        )  # fmt: skip
    return found


def _tag(tag: str, en: str, zh: str, until: datetime, evidence: str) -> AutoTag:
    return AutoTag(tag=tag, reason=Localized(en=en, zh=zh), model=True, until=until, evidence=evidence)
