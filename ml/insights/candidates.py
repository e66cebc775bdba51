"""Everything that might be worth knowing tonight, each as a comparison of two periods. Pure.

A candidate is no finding yet: `night` keeps those beyond the noise, at most seven. Every number in a sentence is
computed from the rows given; a candidate whose rows do not carry it is not made. Words are counted by people: who
writes ten times is one voice, as the comparisons take what they count for independent of each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from ml.insights.statistics import Change, counts, means, proportions
from ml.insights.topics import BY_ID
from ml.insights.words import Heard
from schema.base import Localized
from schema.intelligence import Finding, InsightAction, InsightPeriod

WEEK, MONTH, QUARTER = timedelta(days=7), timedelta(days=28), timedelta(days=90)
LEAST_PEOPLE = 5
"""Fewer voices than this are no finding about many, however often they speak."""
APART = 10
"""Voices that a product needs to be held against all others."""
Kind = Literal["segment", "mood", "product", "risk", "revenue", "habit"]
Unit = Literal["share", "points", "count", "money", "rating", "days"]


@dataclass(frozen=True)
class Candidate:
    """One comparison with the sentences that tell it."""

    subject: str
    """What it is about: the same subject is the same insight."""
    kind: Kind
    change: Change
    unit: Unit
    title: Localized
    body: Finding
    period: InsightPeriod
    action: InsightAction
    good: bool | None
    customers: list[str] = field(default_factory=list)
    customers_count: int = 0
    feedback: list[str] = field(default_factory=list)
    segment_id: str | None = None
    product_id: str | None = None
    since: int | None = None
    """The segmentation compared with."""


def span(as_of: datetime, length: timedelta, before: timedelta) -> InsightPeriod:
    """The last `length`, against the `before` ahead of it."""
    return InsightPeriod(
        start=as_of - length, end=as_of, before_start=as_of - length - before, before_end=as_of - length
    )


def moods(texts: Sequence[Heard], as_of: datetime) -> list[Candidate]:
    """Mood of the week against the four weeks before it, and topics that many complain of at once."""
    now, before = _split(texts, as_of, WEEK, MONTH)
    found: list[Candidate] = []
    voices = _moods(now)
    change = means(voices, _moods(before))
    if change is not None and len(voices) >= LEAST_PEOPLE:
        worse = change.difference < 0
        extreme = sorted(now, key=lambda one: (one.sentiment if worse else -one.sentiment, one.id))
        found.append(
            Candidate(
                subject="mood",
                kind="mood",
                change=change,
                unit="points",
                title=Localized(
                    en="The mood of the week fell" if worse else "The mood of the week rose",
                    zh="本周情绪走低" if worse else "本周情绪走高",
                ),
                body=Finding(
                    en=f"The {len(voices)} people who wrote in the last 7 days are on average at "
                    f"{_points(change.value)}; in the four weeks before it was {_points(change.before)} "
                    f"({len(before)} texts).",
                    zh=f"最近 7 天写下文字的 {len(voices)} 人平均为 {_points(change.value)}，此前四周为 "
                    f"{_points(change.before)}（{len(before)} 条文字）。",
                ),
                period=span(as_of, WEEK, MONTH),
                action=InsightAction(label=Localized(en="See the moods", zh="查看情绪"), to="/emotions"),
                good=not worse,
                feedback=_words(extreme),
                customers=_people(extreme)[:50],
                customers_count=len(_people(now)),
            )
        )
    return found + _topics(texts, as_of)


def _topics(texts: Sequence[Heard], as_of: datetime) -> list[Candidate]:
    length, windows = timedelta(days=14), 6
    ahead = windows * length
    now, before = _split(texts, as_of, length, ahead)
    found = []
    for topic in ("delivery", "quality", "size", "service", "price"):
        sour = [one for one in reversed(now) if one.label == "negative" and topic in one.topics]
        voices = len({one.person for one in sour})
        # One voice a fortnight, then as now.
        then = {
            (one.person, (as_of - one.at) // length)
            for one in before
            if one.label == "negative" and topic in one.topics
        }
        change = counts(voices, length.days, len(then), ahead.days)
        if change is None or voices < LEAST_PEOPLE or change.difference <= 0:
            continue
        name = BY_ID[topic].name
        found.append(
            Candidate(
                subject=f"topic:{topic}",
                kind="mood",
                change=change,
                unit="count",
                title=Localized(en=f"Many complain of {name.en} at once", zh=f"对{name.zh}的抱怨突然增多"),
                body=Finding(
                    en=f"{voices} people complained of {name.en} in 14 days ({len(sour)} texts); the {ahead.days} days "
                    f"before would lead one to expect {change.before:.1f}.",
                    zh=f"14 天内有 {voices} 人抱怨{name.zh}（{len(sour)} 条文字）；按此前 {ahead.days} 天的水平，"
                    f"预计为 {change.before:.1f} 人。",
                ),
                period=span(as_of, length, ahead),
                action=InsightAction(label=Localized(en="Care for them", zh="前往关怀"), to="/care"),
                good=False,
                feedback=_words(sour),
                customers=_people(sour)[:50],
                customers_count=len(_people(sour)),
            )
        )
    return found


def products(texts: Sequence[Heard], as_of: datetime) -> list[Candidate]:
    """Products that sour against their own past, or stand out from all others by bad words."""
    by_product: dict[str, list[Heard]] = defaultdict(list)
    for one in texts:
        if one.product_id:
            by_product[one.product_id].append(one)
    recent = _split((one for one in texts if one.product_id), as_of, QUARTER, timedelta(0))[0]
    found = []
    for product, own in sorted(by_product.items()):
        title = next((one.product_title for one in reversed(own) if one.product_title), None)
        if title is None:
            continue
        name = title[:80]
        now, before = _split(own, as_of, MONTH, QUARTER)
        voices = _moods(now)
        change = means(voices, _moods(before))
        if change is not None and len(voices) >= LEAST_PEOPLE and change.difference < 0:
            sour = sorted(now, key=lambda one: (one.sentiment, one.id))
            found.append(
                _product(
                    f"product:{product}", product, change, "points", sour, span(as_of, MONTH, QUARTER),
                    Localized(en=f"{name} is going sour", zh=f"{name}的口碑在变差"),
                    Finding(
                        en=f"The {len(voices)} people who wrote about it in the last 28 days are on average at "
                        f"{_points(change.value)}; in the 90 days before it was {_points(change.before)}.",
                        zh=f"最近 28 天评论它的 {len(voices)} 人平均为 {_points(change.value)}，此前 90 天为 "
                        f"{_points(change.before)}。",
                    ),
                )
            )  # fmt: skip
        last = _last(one for one in recent if one.product_id == product)
        if len(last) < APART:
            continue
        sour = [one for one in last if one.label == "negative"]
        others = _last(one for one in recent if one.product_id != product)
        outlier = proportions(len(sour), len(last), sum(one.label == "negative" for one in others), len(others))
        if outlier is None or outlier.difference < 0.15:
            continue
        topic, times = _leading(sour)
        about = f"; {times} of them speak of {BY_ID[topic].name.en}" if topic else ""
        about_zh = f"，其中 {times} 人提到{BY_ID[topic].name.zh}" if topic else ""
        # The same days for both: it is held against the other products, not against its own past.
        start = as_of - QUARTER
        period = InsightPeriod(start=start, end=as_of, before_start=start, before_end=as_of)
        found.append(
            _product(
                f"product-apart:{product}", product, outlier, "share", sour, period,
                Localized(en=f"{name} disappoints more often than the others", zh=f"{name}的差评远高于其他商品"),
                Finding(
                    en=f"{len(sour)} of the {len(last)} people who wrote about it in {QUARTER.days} days were unhappy "
                    f"({outlier.value:.0%}){about}; of those who wrote about other products {outlier.before:.0%} were.",
                    zh=f"{QUARTER.days} 天内评论它的 {len(last)} 人中有 {len(sour)} 人不满（{outlier.value:.0%}）"
                    f"{about_zh}；评论其他商品的人中为 {outlier.before:.0%}。",
                ),
            )
        )  # fmt: skip
    return found


def _product(
    subject: str,
    product: str,
    change: Change,
    unit: Unit,
    texts: Sequence[Heard],
    period: InsightPeriod,
    title: Localized,
    body: Finding,
) -> Candidate:
    return Candidate(
        subject=subject,
        kind="product",
        change=change,
        unit=unit,
        title=title,
        body=body,
        period=period,
        action=InsightAction(
            label=Localized(en="See products by mood", zh="查看商品口碑"), to="/emotions?view=products"
        ),
        good=False,
        feedback=_words(texts),
        customers=_people(texts)[:50],
        customers_count=len(_people(texts)),
        product_id=product,
    )


def segments(now: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]], period: InsightPeriod,
             names: Mapping[str, Localized], since: int) -> list[Candidate]:  # fmt: skip
    """Segments whose share moved since version `since`. Rows are `SegmentSize` documents."""
    total, former = sum(row["size"] for row in now), sum(row["size"] for row in before)
    then = {row["segmentId"]: row["size"] for row in before}
    found = []
    for row in now:
        identity = row["segmentId"]
        if identity not in then:
            continue
        change = proportions(row["size"], total, then[identity], former)
        if change is None or abs(change.difference) < 0.01:
            continue
        grew = change.difference > 0
        name = names.get(identity) or Localized.model_validate(row["name"])
        found.append(
            Candidate(
                subject=f"segment:{identity}",
                kind="segment",
                change=change,
                unit="share",
                title=Localized(
                    en=f"{name.en[:120]} {'grew' if grew else 'shrank'}",
                    zh=f"{name.zh[:120]}{'扩大' if grew else '缩小'}",
                ),
                body=Finding(
                    en=f"{row['size']:,} customers ({change.value:.1%}) are in it now; {then[identity]:,} "
                    f"({change.before:.1%}) were on {period.before_end:%d %B}.",
                    zh=f"现有 {row['size']:,} 位客户（{change.value:.1%}），{period.before_end:%m月%d日}为 "
                    f"{then[identity]:,} 位（{change.before:.1%}）。",
                ),
                period=period,
                action=InsightAction(label=Localized(en="Open the segment", zh="打开分群"), to=f"/segments/{identity}"),
                good=None,
                segment_id=identity,
                since=since,
            )
        )
    return found


def risk(crossed: Sequence[str], earlier: Sequence[int], as_of: datetime) -> list[Candidate]:
    """More customers than usual crossed the risk threshold this week.

    Args:
        crossed: who did in the last seven days.
        earlier: how many did in each of the weeks before, as it was counted then.
    """
    ahead, usual = len(earlier) * WEEK, sum(earlier)
    change = counts(len(crossed), WEEK.days, usual, ahead.days) if len(earlier) >= 2 and usual else None
    if change is None or len(crossed) < LEAST_PEOPLE or change.difference <= 0:
        return []
    return [
        Candidate(
            subject="risk",
            kind="risk",
            change=change,
            unit="count",
            title=Localized(en="More customers are about to leave", zh="更多客户面临流失"),
            body=Finding(
                en=f"{len(crossed)} customers crossed the risk threshold in the last 7 days; in the {len(earlier)} "
                f"weeks before it was {change.before:.1f} a week.",
                zh=f"最近 7 天有 {len(crossed)} 位客户越过风险阈值；此前 {len(earlier)} 周为每周 "
                f"{change.before:.1f} 位。",
            ),
            period=span(as_of, WEEK, ahead),
            action=InsightAction(label=Localized(en="See who", zh="查看名单"), to="/care"),
            good=False,
            customers=sorted(crossed)[:50],
            customers_count=len(crossed),
        )
    ]


def trends(weeks: Sequence[Mapping[str, Any]], as_of: datetime, currency: str) -> list[Candidate]:
    """Discounts, refunds and orders of the last four whole weeks against the twelve before. Rows: `WeekTrend`."""
    whole = [row for row in weeks if row["start"] + WEEK <= as_of]
    now, before = whole[-4:], whole[-16:-4]
    if len(now) < 4 or len(before) < 8:
        return []
    period = InsightPeriod(
        start=now[0]["start"], end=now[-1]["start"] + WEEK, before_start=before[0]["start"], before_end=now[0]["start"]
    )
    found = []
    orders, former = sum(row["orders"] for row in now), sum(row["orders"] for row in before)
    for name, en, zh in (
        ("discounted", "Orders with a discount", "使用优惠的订单"),
        ("refunded", "Refunded orders", "退款订单"),
    ):
        change = proportions(sum(row[name] for row in now), orders, sum(row[name] for row in before), former)
        if change is None or abs(change.difference) < 0.01:
            continue
        rose = change.difference > 0
        found.append(
            _trend(
                f"habit:{name}", "habit", change, "share", period, not rose,
                Localized(en=f"{en} {'rose' if rose else 'fell'}", zh=f"{zh}{'上升' if rose else '下降'}"),
                Finding(
                    en=f"{change.value:.1%} of {orders:,} orders in four weeks; {change.before:.1%} in the twelve "
                    "weeks before.",
                    zh=f"四周内 {orders:,} 笔订单的 {change.value:.1%}，此前十二周为 {change.before:.1%}。",
                ),
            )
        )  # fmt: skip
    change = means([float(row["revenue"]) for row in now], [float(row["revenue"]) for row in before])
    if change is not None and change.before > 0 and abs(change.difference) / change.before >= 0.03:
        rose = change.difference > 0
        ratio = change.difference / change.before
        found.append(
            _trend(
                "revenue", "revenue", change, "money", period, rose,
                Localized(en="Revenue rose" if rose else "Revenue fell", zh="销售额上升" if rose else "销售额下降"),
                Finding(
                    en=f"The last four weeks brought {ratio:+.0%} a week against the twelve before.",
                    zh=f"最近四周的周销售额相对此前十二周为 {ratio:+.0%}。",
                ),
            )
        )  # fmt: skip
    return found


def _trend(
    subject: str,
    kind: Kind,
    change: Change,
    unit: Unit,
    period: InsightPeriod,
    good: bool,
    title: Localized,
    body: Finding,
) -> Candidate:
    action = InsightAction(label=Localized(en="See the trend", zh="查看趋势"), to="/behaviour")
    return Candidate(subject, kind, change, unit, title, body, period, action, good)


def _split(
    texts: Iterable[Heard], as_of: datetime, length: timedelta, ahead: timedelta
) -> tuple[list[Heard], list[Heard]]:
    now, before = [], []
    for one in texts:
        age = as_of - one.at
        if timedelta(0) <= age < length:
            now.append(one)
        elif length <= age < length + ahead:
            before.append(one)
    return now, before


def _moods(texts: Iterable[Heard]) -> list[float]:
    """The mean sentiment of each person."""
    said: dict[str, list[float]] = defaultdict(list)
    for one in texts:
        said[one.person].append(one.sentiment)
    return [sum(each) / len(each) for each in said.values()]


def _last(texts: Iterable[Heard]) -> list[Heard]:
    """The newest text of each person, the newest first. Texts come oldest first."""
    newest = {one.person: one for one in texts}
    return sorted(newest.values(), key=lambda one: (one.at, one.id), reverse=True)


def _people(texts: Sequence[Heard]) -> list[str]:
    return list(dict.fromkeys(one.customer_id for one in texts if one.customer_id))


def _words(texts: Sequence[Heard]) -> list[str]:
    """The first text of each person in the order given, at most twenty."""
    first: dict[str, str] = {}
    for one in texts:
        first.setdefault(one.person, one.id)
    return [*first.values()][:20]


def _leading(texts: Sequence[Heard]) -> tuple[str | None, int]:
    """The topic that most of the texts name, when at least half do."""
    tally = Counter(topic for one in texts for topic in one.topics if topic not in ("recommend", "gift"))
    if not tally:
        return None, 0
    topic, times = max(tally.items(), key=lambda item: (item[1], item[0]))
    return (topic, times) if 2 * times >= len(texts) else (None, 0)


def _points(sentiment: float) -> str:
    """Mood as people read it: -100 to +100."""
    return f"{100 * sentiment:+.0f}"
