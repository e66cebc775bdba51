"""Sentences about the features that come from habits, words and unknown columns, in both languages.

Mood and personality are told as what was written and how it sounds, with the figures of everybody who wrote beside it:
a reading of words, never a statement about who somebody is.
"""

from __future__ import annotations

from ml.segmentation.features import TABLE, Measure
from schema.base import Localized
from schema.minds import GROUPS

MOODS = {
    "delighted": ("delight", "愉悦"),
    "surprised": ("surprise", "惊讶"),
    "worried": ("worry", "担忧"),
    "disappointed": ("disappointment", "失望"),
    "frustrated": ("frustration", "不满"),
    "neutral": ("neutrality", "平静"),
}
assert tuple(MOODS) == GROUPS


def trait(name: str, own: float, all_: float) -> Localized:
    """What a segment's mean says beside the population's."""
    measure = TABLE.get(name)
    if measure is None:
        return Localized(
            en=f"{_short(name)}: {_figure(own)} on average; everybody {_figure(all_)}",
            zh=f"{_short(name)}：平均 {_figure(own)}，全体 {_figure(all_)}",
        )
    a, b = value(measure, own), value(measure, all_)
    if measure.block == "emotion":
        en, zh = MOODS[name.split(".")[1]]
        return Localized(
            en=f"What members wrote shows {en}: {a}; {b} over everybody who wrote",
            zh=f"成员的言语中{zh}占 {a}，所有留言者为 {b}",
        )
    if measure.block == "personality":
        side = _side(measure, own, all_)
        return Localized(
            en=f"What members wrote sounds {side.en}: {a}; {b} over everybody who wrote enough",
            zh=f"成员的言语显得{side.zh}：{a}，留言足够者平均 {b}",
        )
    return Localized(
        en=f"{measure.label.en[0].upper()}{measure.label.en[1:]}: {a} on average; the shop's average is {b}",
        zh=f"{measure.label.zh}平均 {a}，全店平均 {b}",
    )


def reason(name: str, own: float, typical: float) -> Localized:
    """Why one customer: their own value beside the typical one."""
    measure = TABLE.get(name)
    if measure is None:
        return Localized(
            en=f"{_short(name)} is {_figure(own)}; {_figure(typical)} is typical",
            zh=f"{_short(name)} 为 {_figure(own)}，典型为 {_figure(typical)}",
        )
    a, b = value(measure, own), value(measure, typical)
    if measure.block == "emotion":
        en, zh = MOODS[name.split(".")[1]]
        more_en, more_zh = ("more", "多") if own > typical else ("less", "少")
        return Localized(
            en=f"What they wrote lately shows {more_en} {en} than most: {a}, on average {b}",
            zh=f"近期言语中{zh}比多数人{more_zh}：{a}，平均 {b}",
        )
    if measure.block == "personality":
        side = _side(measure, own, typical)
        return Localized(
            en=f"The way they write sounds {side.en}, which may guide what they look for: {a}, on average {b}",
            zh=f"文字风格显得{side.zh}，可能影响其偏好：{a}，平均 {b}",
        )
    return Localized(
        en=f"{measure.label.en[0].upper()}{measure.label.en[1:]}: {a}; {b} is typical",
        zh=f"{measure.label.zh}：{a}，典型为 {b}",
    )


def value(measure: Measure, own: float) -> str:
    """A value of a habit or of words as people write it."""
    if measure.block == "personality":
        return f"{own:.2f}"
    if measure.unit == "share":
        return f"{own:.0%}"
    return _figure(own)


def _side(measure: Measure, own: float, other: float) -> Localized:
    said = measure.high if own >= other else measure.low
    return Localized(en=said.en.removeprefix("sound "), zh=said.zh.removeprefix("言语显得"))


def _figure(own: float) -> str:
    return f"{own:,.0f}" if abs(own) >= 100 else f"{own:,.3g}"


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:59]}…"
