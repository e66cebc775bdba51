"""`metrics/emotions`: mood by segment, ISO week and product, personality by segment; no customers and no words in it.
Days and weeks are those of the shop's zone.

One pass over `emotions` and one over `customers`, page by page, only the fields that count. A mean is over texts,
each of the same weight; its 90 % interval is m -+ 1.645 s / sqrt(n), s^2 mixed with one part of 1/3 as in `folding`.
Personality is the mean of the members' scores, its interval that of the mean: 1.645 sqrt(variance of scores + mean
squared standard error of a score) / sqrt(members).

The biggest change of the week is a mood, in the texts of one product or of the whole shop: the share of texts in which
it is the strongest, in the last seven days against the 28 before. It is told only beyond the noise, with the interval
of the difference of two proportions clear of zero, and its three most telling texts are named.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from ml.insights.statistics import Change, beyond_noise, proportions
from ml.segmentation.membership import effective
from ml.text import groups as grouping
from ml.text.folding import Z90
from schema.base import Localized
from schema.flow import World
from schema.intelligence import InsightPeriod
from schema.minds import GROUPS, TRAITS, GroupName, Ocean, Trait
from schema.pictures import (
    EmotionFigures,
    MoodChange,
    MoodMove,
    MoodRow,
    MoodShares,
    ProductMood,
    SegmentMood,
    SegmentOcean,
    WeekMood,
)
from schema.store import Data, Doc, Put, Query, Store, get, pages

PATH = "metrics/emotions"
WEEKS = 26
PRODUCTS = 40
SEGMENTS = 16
PAGE = 1_000
RECENT = timedelta(days=30)
BEFORE = timedelta(days=120)
WEEK = 7
COMPARED = 35
"""Days before the end of the last one: the week, and the four weeks that it is compared with."""
FEWEST = 5
"""Texts on either side below which no change is told."""
_PRIOR = 1 / 3
_EMOTION = ("customerId", "productId", "at", "status", "language", "sentiment", "groups", "top", "sample")
_CUSTOMER = ("segment", "aliases", "mergedInto", "sample", "profiling", "psyche.texts", "psyche.ocean")
EVERYBODY = Localized(en="Everybody", zh="所有人")


@dataclass
class Mood:
    """Running sums of some texts."""

    n: int = 0
    groups: list[float] = field(default_factory=lambda: [0.0] * len(GROUPS))
    grouped: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float, groups: Data | None) -> None:
        self.n += 1
        self.total += value
        self.squares += value * value
        if groups:
            self.grouped += 1
            for at, name in enumerate(GROUPS):
                self.groups[at] += float(groups[name])

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        spread = max(0.0, self.squares / self.n - self.mean**2)
        return math.sqrt((self.n * spread + _PRIOR) / (self.n + 1) / self.n)

    def row(self) -> Data:
        """Fields of a `MoodRow`."""
        shares = {name: value / max(self.grouped, 1) for name, value in zip(GROUPS, self.groups, strict=True)}
        half = Z90 * self.error
        return {
            "n": self.n,
            "groups": grouping.rounded(shares if self.grouped else {name: float(name == "neutral") for name in GROUPS}),
            "sentiment": round(self.mean, 4),
            "low": round(max(-1.0, self.mean - half), 4),
            "high": round(min(1.0, self.mean + half), 4),
        }


@dataclass
class _Product:
    all: Mood = field(default_factory=Mood)
    recent: Mood = field(default_factory=Mood)
    before: Mood = field(default_factory=Mood)
    sample: str = ""
    """One of its texts, whose feedback knows what the product is called."""


@dataclass
class _Members:
    size: int = 0
    with_words: int = 0
    oceans: list[Data] = field(default_factory=list)


@dataclass
class _Change:
    """Texts of one week against those before it, by their strongest mood."""

    now: Counter[GroupName] = field(default_factory=Counter)
    then: Counter[GroupName] = field(default_factory=Counter)
    texts: list[tuple[Data, str]] = field(default_factory=list)
    """Moods and id of each text of the week."""

    def moves(self) -> list[tuple[GroupName, Change]]:
        """Each mood that was there, now and before; none where there are too few texts."""
        now, then = self.now.total(), self.then.total()
        if min(now, then) < FEWEST:
            return []
        found = [(mood, proportions(self.now[mood], now, self.then[mood], then)) for mood in GROUPS]
        return [(mood, change) for mood, change in found if change is not None and change.p < 1]


def figures(world: World, as_of: datetime) -> None:
    """Compute and write the document."""
    shop = get(world.store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    zone = ZoneInfo((shop.data if shop else {}).get("zone") or "UTC")
    held = get(world.store, PATH)
    pointer = get(world.store, "config/segmentation")
    active = int(pointer.data["active"]) if pointer else 0
    segments: defaultdict[str, _Members] = defaultdict(_Members)
    everybody = _Members()
    segment_of: dict[str, str] = {}
    for doc in _every(world.store, "customers", _CUSTOMER):
        if doc.data.get("mergedInto") or doc.data.get("profiling") == "opted out" or (real and doc.data.get("sample")):
            continue
        psyche: Data = doc.data.get("psyche") or {}
        home = effective(doc.data.get("segment"), active)
        for members in (everybody, segments[home]) if home else (everybody,):
            members.size += 1
            members.with_words += bool(psyche.get("texts"))
            if psyche.get("ocean"):
                members.oceans.append(psyche["ocean"])
        if home and psyche.get("texts"):
            segment_of |= dict.fromkeys([doc.id, *(doc.data.get("aliases") or [])], home)
    tally = _Tally(as_of, zone, segment_of)
    for doc in _every(world.store, "emotions", _EMOTION):
        if not (real and doc.data.get("sample")):
            tally.add(doc)
    names = _names(world.store, list(segments))
    made = EmotionFigures(
        as_of=as_of,
        **tally.counts(),
        overall=MoodRow(**tally.overall.row()) if tally.overall.n else None,
        segments=_segments(tally, segments, names),
        weeks=_weeks(tally),
        products=_products(world.store, tally),
        ocean=_oceans(everybody, segments, names),
        change=_change(world.store, tally),
        # They need the words, which the last step of the learning job reads; until then the former ones stand.
        topics=(held.data.get("topics") or []) if held else [],
        computed_at=world.clock(),
    )
    world.store.commit([Put(PATH, made.to_doc())])


class _Tally:
    """What is counted in the pass over `emotions`."""

    def __init__(self, as_of: datetime, zone: ZoneInfo, segment_of: dict[str, str]) -> None:
        self.zone = zone
        self.last = (as_of - timedelta(microseconds=1)).astimezone(zone).date()
        """The last day that counts."""
        self.until = self.midnight(self.last + timedelta(days=1))
        self.segment_of = segment_of
        self.statuses: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.overall = Mood()
        self.segments: defaultdict[str, Mood] = defaultdict(Mood)
        self.weeks: defaultdict[date, Mood] = defaultdict(Mood)
        self.products: defaultdict[str, _Product] = defaultdict(_Product)
        self.changes: defaultdict[str | None, _Change] = defaultdict(_Change)

    def add(self, doc: Doc) -> None:
        data = doc.data
        at: datetime | None = data.get("at")
        if at is not None and at >= self.until:
            return
        self.statuses[data["status"]] += 1
        if data["status"] in ("scored", "not supported"):
            self.languages[data["language"]] += 1
        said = data.get("sentiment")
        if data["status"] != "scored" or not said or at is None:
            return
        value, groups = float(said["positive"]) - float(said["negative"]), data.get("groups")
        self.overall.add(value, groups)
        home = self.segment_of.get(data.get("customerId") or "")
        if home:
            self.segments[home].add(value, groups)
        day = at.astimezone(self.zone).date()
        monday = day - timedelta(days=day.weekday())
        if monday > self.last - timedelta(days=self.last.weekday() + 7 * WEEKS):
            self.weeks[monday].add(value, groups)
        product: str | None = data.get("productId")
        if product:
            self._product(self.products[product], doc.id, self.until - at, value, groups)
        if groups and data.get("top"):
            for key in {None, product}:
                self._change(self.changes[key], doc.id, (self.last - day).days, data["top"], groups)

    def midnight(self, day: date) -> datetime:
        """When a day of the shop begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    @staticmethod
    def _product(product: _Product, text: str, age: timedelta, value: float, groups: Data | None) -> None:
        product.all.add(value, groups)
        product.sample = max(product.sample, text)
        if age <= RECENT:
            product.recent.add(value, None)
        elif age <= BEFORE:
            product.before.add(value, None)

    @staticmethod
    def _change(change: _Change, text: str, days: int, top: GroupName, groups: Data) -> None:
        if days < WEEK:
            change.now[top] += 1
            change.texts.append((groups, text))
        elif days < COMPARED:
            change.then[top] += 1

    def counts(self) -> Data:
        return {
            "texts": self.statuses.total(),
            "scored": self.statuses["scored"],
            "not_supported": self.statuses["not supported"],
            "too_short": self.statuses["too short"],
            "opted_out": self.statuses["opted out"],
            "languages": dict(sorted(self.languages.items(), key=lambda row: (-row[1], row[0]))[:30]),
        }

    def biggest(self) -> tuple[str | None, GroupName, Change] | None:
        """Product (None: the whole shop), mood and change that is least like chance, if it is beyond the noise."""
        found = [(key, mood, one) for key, change in self.changes.items() for mood, one in change.moves()]
        passed = beyond_noise([one.p for _, _, one in found])
        clear = [row for row, keep in zip(found, passed, strict=True) if keep and row[2].low * row[2].high > 0]
        return min(clear, key=lambda row: (row[2].p, row[0] or "", row[1]), default=None)


def _every(store: Store, collection: str, fields: tuple[str, ...]) -> Iterator[Doc]:
    query = Query(collection, order_by=(("__name__", "asc"),), limit=PAGE, select=fields)
    return chain.from_iterable(pages(store, query))


def _names(store: Store, ids: Sequence[str]) -> dict[str, Localized]:
    """Names of the segments that exist."""
    docs = store.get_many([f"segments/{one}" for one in ids])
    return {doc.id: Localized.model_validate(doc.data["name"]) for doc in docs.values() if doc is not None}


def _segments(tally: _Tally, segments: dict[str, _Members], names: dict[str, Localized]) -> list[SegmentMood]:
    rows = [
        SegmentMood(
            **mood.row(), segment_id=one, name=names[one], customers=segments[one].with_words, size=segments[one].size
        )
        for one, mood in tally.segments.items()
        if one in names
    ]
    return sorted(rows, key=lambda row: (-row.size, row.segment_id))[:SEGMENTS]


def _weeks(tally: _Tally) -> list[WeekMood]:
    rows = []
    for monday in sorted(tally.weeks)[-WEEKS:]:
        year, week, _ = monday.isocalendar()
        rows.append(WeekMood(**tally.weeks[monday].row(), week=f"{year}-W{week:02d}", start=tally.midnight(monday)))
    return rows


def _change(store: Store, tally: _Tally) -> MoodChange | None:
    whole = tally.changes[None]
    if not whole.now:
        return None
    start = tally.midnight(tally.last - timedelta(days=WEEK - 1))
    biggest, behind = _biggest(store, tally)
    return MoodChange(
        period=InsightPeriod(
            start=start,
            end=tally.until,
            before_start=tally.midnight(tally.last - timedelta(days=COMPARED - 1)),
            before_end=start,
        ),
        now=_shares(whole.now),
        before=_shares(whole.then) if whole.then else None,
        biggest=biggest,
        behind=behind,
    )


def _biggest(store: Store, tally: _Tally) -> tuple[MoodMove | None, list[str]]:
    """What moved most beyond the noise, and the three texts that went farthest in the same direction."""
    found = tally.biggest()
    if found is None:
        return None, []
    product, mood, change = found
    texts = tally.changes[product]
    move = MoodMove(
        mood=mood,
        n=texts.now.total(),
        share=round(change.value, 4),
        n_before=texts.then.total(),
        before=round(change.before, 4),
        by=round(change.difference, 4),
        low=round(change.low, 4),
        high=round(change.high, 4),
        product_id=product,
        product_title=_titles(store, tally, [product])[product] if product else None,
    )
    # Most of what rose, or least of what fell.
    sign = -1 if change.difference > 0 else 1
    ranked = sorted(texts.texts, key=lambda row: (sign * float(row[0][mood]), row[1]))
    return move, [text for _, text in ranked[:3]]


def _shares(tops: Counter[GroupName]) -> MoodShares:
    n = tops.total()
    return MoodShares(n=n, groups=grouping.rounded({name: tops[name] / n for name in GROUPS}))


def _titles(store: Store, tally: _Tally, products: Sequence[str]) -> dict[str, str]:
    """What products are called in the catalogue, else in a text about them."""
    samples = {one: tally.products[one].sample for one in products}
    docs = store.get_many([path for one in products for path in (f"products/{one}", f"feedback/{samples[one]}")])
    found = {}
    for one in products:
        catalogue, said = docs[f"products/{one}"], docs[f"feedback/{samples[one]}"]
        title = (catalogue and catalogue.data.get("title")) or (said and said.data.get("productTitle")) or one
        found[one] = str(title)[:200]
    return found


def _products(store: Store, tally: _Tally) -> list[ProductMood]:
    most = sorted(tally.products.items(), key=lambda row: (-row[1].all.n, row[0]))[:PRODUCTS]
    titles = _titles(store, tally, [one for one, _ in most])
    return [
        ProductMood(
            **product.all.row(),
            product_id=one,
            title=titles[one],
            before=round(product.before.mean, 4) if product.before.n else None,
            recent=round(product.recent.mean, 4) if product.recent.n else None,
        )
        for one, product in most
    ]


def _oceans(everybody: _Members, segments: dict[str, _Members], names: dict[str, Localized]) -> list[SegmentOcean]:
    rows = [
        SegmentOcean(
            segment_id=one, name=names[one], customers=len(held.oceans), size=held.size, ocean=mean_ocean(held.oceans)
        )
        for one, held in sorted(segments.items(), key=lambda row: (-row[1].size, row[0]))
        if one in names
    ][:SEGMENTS]
    return [
        SegmentOcean(
            segment_id=None,
            name=EVERYBODY,
            customers=len(everybody.oceans),
            size=everybody.size,
            ocean=mean_ocean(everybody.oceans),
        ),
        *rows,
    ]


def mean_ocean(oceans: Sequence[Data]) -> Ocean | None:
    """Mean of some people's traits with the 90 % interval of the mean; None where there are none."""
    if not oceans:
        return None
    made = {}
    n = len(oceans)
    for trait in TRAITS:
        scores = [float(one[trait]["score"]) for one in oceans]
        mean = math.fsum(scores) / n
        spread = math.fsum((score - mean) ** 2 for score in scores) / n
        own = math.fsum(((one[trait]["high"] - one[trait]["low"]) / 2 / Z90) ** 2 for one in oceans) / n
        half = Z90 * math.sqrt((spread + own) / n)
        low, high = max(0.0, mean - half), min(1.0, mean + half)
        made[trait] = Trait(score=round(mean, 4), low=round(low, 4), high=round(high, 4))
    return Ocean(**made)
