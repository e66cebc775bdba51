"""`metrics/emotions`: mood by segment, ISO week and product, personality by segment; no customers and no words in it.

One pass over `emotions` and one over `customers`, page by page, only the fields that count. A mean is over texts,
each of the same weight; its 90 % interval is m -+ 1.645 s / sqrt(n), s^2 mixed with one part of 1/3 as in `folding`.
Personality is the mean of the members' scores, its interval that of the mean: 1.645 sqrt(variance of scores + mean
squared standard error of a score) / sqrt(members).

The biggest change of the week is the product (or the whole shop) whose texts of the last seven days differ most, in
standard errors, from those of the 28 days before; its three most telling texts are named.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ml.segmentation.membership import effective
from ml.text import groups as grouping
from ml.text.folding import Z90, day_end
from schema.base import Localized
from schema.flow import World
from schema.minds import GROUPS, TRAITS, Ocean, Trait
from schema.pictures import EmotionFigures, MoodRow, ProductMood, SegmentMood, SegmentOcean, WeekMood
from schema.store import Data, Doc, Put, Query, Store, get

PATH = "metrics/emotions"
WEEKS = 26
PRODUCTS = 40
SEGMENTS = 16
PAGE = 1_000
RECENT = timedelta(days=30)
BEFORE = timedelta(days=120)
WEEK = timedelta(days=7)
COMPARED = timedelta(days=35)
FEWEST = 5
"""Texts on either side below which no change is told."""
_PRIOR = 1 / 3
_EMOTION = ("customerId", "productId", "at", "status", "language", "sentiment", "groups", "sample")
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
    """Texts of one week against those before it."""

    now: Mood = field(default_factory=Mood)
    then: Mood = field(default_factory=Mood)
    texts: list[tuple[float, str]] = field(default_factory=list)

    @property
    def strength(self) -> float:
        """Difference in standard errors; nought where there are too few texts."""
        if self.now.n < FEWEST or self.then.n < FEWEST:
            return 0.0
        return (self.now.mean - self.then.mean) / math.hypot(self.now.error, self.then.error)


def figures(world: World, as_of: datetime) -> None:
    """Compute and write the document."""
    shop = get(world.store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    pointer = get(world.store, "config/segmentation")
    active = int(pointer.data["active"]) if pointer else 0
    segments: defaultdict[str, _Members] = defaultdict(_Members)
    everybody = _Members()
    segment_of: dict[str, str] = {}
    for doc in _pages(world.store, "customers", _CUSTOMER):
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
    tally = _Tally(day_end(as_of), segment_of)
    for doc in _pages(world.store, "emotions", _EMOTION):
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
        behind=tally.behind(),
        computed_at=world.clock(),
    )
    world.store.commit([Put(PATH, made.to_doc())])


class _Tally:
    """What is counted in the pass over `emotions`."""

    def __init__(self, until: datetime, segment_of: dict[str, str]) -> None:
        self.until = until
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
        if at is not None and at > self.until:
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
        day = at.astimezone(UTC).date()
        monday = day - timedelta(days=day.weekday())
        last = self.until.astimezone(UTC).date()
        if monday > last - timedelta(days=last.weekday() + 7 * WEEKS):
            self.weeks[monday].add(value, groups)
        product: str | None = data.get("productId")
        if product:
            self._product(self.products[product], doc.id, self.until - at, value, groups)
        for key in {None, product}:
            self._change(self.changes[key], doc.id, self.until - at, value)

    @staticmethod
    def _product(product: _Product, text: str, age: timedelta, value: float, groups: Data | None) -> None:
        product.all.add(value, groups)
        product.sample = max(product.sample, text)
        if age <= RECENT:
            product.recent.add(value, None)
        elif age <= BEFORE:
            product.before.add(value, None)

    @staticmethod
    def _change(change: _Change, text: str, age: timedelta, value: float) -> None:
        if age <= WEEK:
            change.now.add(value, None)
            change.texts.append((value, text))
        elif age <= COMPARED:
            change.then.add(value, None)

    def counts(self) -> Data:
        return {
            "texts": self.statuses.total(),
            "scored": self.statuses["scored"],
            "not_supported": self.statuses["not supported"],
            "too_short": self.statuses["too short"],
            "opted_out": self.statuses["opted out"],
            "languages": dict(sorted(self.languages.items(), key=lambda row: (-row[1], row[0]))[:30]),
        }

    def behind(self) -> list[str]:
        """Ids of the three texts behind the biggest change of the week."""
        ranked = sorted(self.changes.items(), key=lambda row: (-abs(row[1].strength), row[0] or ""))
        if not ranked or ranked[0][1].strength == 0:
            return []
        change = ranked[0][1]
        # The texts that went farthest in the change's own direction.
        sign = 1 if change.strength < 0 else -1
        return [text for _, text in sorted(change.texts, key=lambda row: (sign * row[0], row[1]))[:3]]


def _pages(store: Store, collection: str, fields: tuple[str, ...]) -> Iterator[Doc]:
    after: tuple[Any, ...] | None = None
    while True:
        query = Query(collection, order_by=(("__name__", "asc"),), limit=PAGE, select=fields, after=after)
        page = list(store.query(query))
        yield from page
        if len(page) < PAGE:
            return
        after = (page[-1].id,)


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
        start = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
        rows.append(WeekMood(**tally.weeks[monday].row(), week=f"{year}-W{week:02d}", start=start))
    return rows


def _products(store: Store, tally: _Tally) -> list[ProductMood]:
    most = sorted(tally.products.items(), key=lambda row: (-row[1].all.n, row[0]))[:PRODUCTS]
    docs = store.get_many([path for one, product in most for path in (f"products/{one}", f"feedback/{product.sample}")])
    rows = []
    for one, product in most:
        catalogue, said = docs[f"products/{one}"], docs[f"feedback/{product.sample}"]
        title = (catalogue and catalogue.data.get("title")) or (said and said.data.get("productTitle")) or one
        rows.append(
            ProductMood(
                **product.all.row(),
                product_id=one,
                title=str(title)[:200],
                before=round(product.before.mean, 4) if product.before.n else None,
                recent=round(product.recent.mean, 4) if product.recent.n else None,
            )
        )
    return rows


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
