"""`metrics/predictions`: how predictions are distributed over customers, tiers, and sums by segment. No ids in it.

The interval of the total value is the model's own: its parameters are as far off for all customers at once, only their
luck is each one's own. How far, the version in force knows from the customers it was trained on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from ml.behaviour.reading import setting
from ml.behaviour.worth import load_worth
from schema.base import Localized
from schema.flow import World
from schema.minds import RiskTier, ValueTier
from schema.pictures import Bin, PredictionFigures, SegmentPrediction, TierLine
from schema.store import Data, Put, Query, Store, get, pages

PAGE = 1_000
FIELDS = (
    "mergedInto", "profiling", "sample", "stats.orders", "stats.revenue", "segment", "predictions.asOf",
    "predictions.value", "predictions.churn.value", "predictions.intent.value", "predictions.engagement.value",
    "predictions.discount.value", "predictions.valueTier", "predictions.churnTier", "predictions.crossedAt",
)  # fmt: skip
BINS = 10
WEEK = timedelta(days=7)
VALUE_TIERS: dict[ValueTier, Localized] = {
    "top": Localized(en="Top tenth", zh="前 10%"),
    "high": Localized(en="Next fifth", zh="其后 20%"),
    "middle": Localized(en="Next three tenths", zh="其后 30%"),
    "low": Localized(en="Others", zh="其余"),
}
RISK_TIERS: dict[RiskTier, Localized] = {
    "high": Localized(en="High risk", zh="高风险"),
    "medium": Localized(en="Medium risk", zh="中风险"),
    "low": Localized(en="Low risk", zh="低风险"),
}


@dataclass
class _Tier:
    customers: int = 0
    revenue: int = 0


@dataclass
class _Segment:
    customers: int = 0
    value: int = 0
    valued: int = 0
    churn: list[float] = field(default_factory=list)
    intent: list[float] = field(default_factory=list)


@dataclass
class _Tally:
    """What one pass over the customers adds up."""

    customers: int = 0
    predicted: int = 0
    value: list[int] = field(default_factory=list)
    shares: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    crossed: int = 0
    value_tiers: dict[str, _Tier] = field(default_factory=lambda: defaultdict(_Tier))
    churn_tiers: dict[str, _Tier] = field(default_factory=lambda: defaultdict(_Tier))
    segments: dict[str, _Segment] = field(default_factory=lambda: defaultdict(_Segment))


def figures(world: World, as_of: datetime) -> None:
    """Read all predictions, a page at a time, and write the figures."""
    shop = setting(world, as_of)
    pointer = get(world.store, "config/segmentation")
    active = int(pointer.data["active"]) if pointer else 0
    tally = _Tally()
    for data in _customers(world.store):
        if data.get("mergedInto") or (shop.real and data.get("sample")):
            continue
        tally.customers += 1
        told = data.get("predictions")
        if told and told.get("asOf") and data.get("profiling") != "opted out":
            _add(tally, data, told, active, as_of)
    card = get(world.store, "models/churn")
    low, high = _total(world.store, tally)
    made = PredictionFigures(
        as_of=as_of,
        currency=shop.currency,
        customers=tally.customers,
        predicted=tally.predicted,
        value=value_bins(tally.value),
        value_total=sum(tally.value) if tally.value else None,
        value_low=low,
        value_high=high,
        churn=share_bins(tally.shares["churn"]),
        intent=share_bins(tally.shares["intent"]),
        engagement=share_bins(tally.shares["engagement"]),
        discount=effect_bins(tally.shares["discount"]),
        churn_days=card.data.get("horizonDays") if card else None,
        at_risk=tally.churn_tiers["high"].customers,
        crossed=tally.crossed,
        value_tiers=_lines(VALUE_TIERS.items(), tally.value_tiers),
        churn_tiers=_lines(RISK_TIERS.items(), tally.churn_tiers),
        segments=_segments(world.store, active, tally),
        computed_at=world.clock(),
    )
    world.store.commit([Put("metrics/predictions", made.to_doc())])


def _customers(store: Store) -> Iterator[Data]:
    query = Query("customers", order_by=(("__name__", "asc"),), limit=PAGE, select=FIELDS)
    for page in pages(store, query):
        yield from (doc.data for doc in page)


def _add(tally: _Tally, data: Data, told: Data, active: int, as_of: datetime) -> None:
    stats = data.get("stats") or {}
    revenue = int(stats.get("revenue") or 0)
    value = told.get("value") or {}
    expected = value.get("expected")
    known = expected is not None
    if expected is not None:
        tally.value.append(int(expected))
    for name in ("churn", "intent", "engagement", "discount"):
        share = (told.get(name) or {}).get("value")
        if share is not None:
            tally.shares[name].append(float(share))
            known = True
    tally.predicted += known
    crossed = told.get("crossedAt")
    tally.crossed += crossed is not None and as_of - WEEK < crossed <= as_of and told.get("churnTier") == "high"
    for tiers, name in ((tally.value_tiers, "valueTier"), (tally.churn_tiers, "churnTier")):
        if told.get(name):
            tiers[told[name]].customers += 1
            tiers[told[name]].revenue += revenue
    held = data.get("segment")
    segment = (held["id"] if held["from"] <= active else held.get("before")) if held else None
    if segment:
        row = tally.segments[segment]
        row.customers += 1
        row.value += int(expected or 0)
        row.valued += expected is not None
        for rows, name in ((row.churn, "churn"), (row.intent, "intent")):
            share = (told.get(name) or {}).get("value")
            if share is not None:
                rows.append(float(share))


def _total(store: Store, tally: _Tally) -> tuple[int, int] | tuple[None, None]:
    """The 90 % interval of the values' sum; unknown where nobody has a value, or the version in force knows none."""
    from ml.behaviour.value_model import total_of

    served = load_worth(store).value
    if not tally.value or served is None:
        return None, None
    told = total_of({**served.parameters, "inUse": served.card.in_use}, float(sum(tally.value)))
    return (round(told[0]), round(told[1])) if told else (None, None)


def share_bins(values: list[float]) -> list[Bin]:
    """Ten bins of a tenth each; empty where nobody has a value."""
    if not values:
        return []
    counts = np.bincount(np.clip((np.array(values) * BINS).astype(int), 0, BINS - 1), minlength=BINS)
    return [Bin(low=index / BINS, high=(index + 1) / BINS, n=int(n)) for index, n in enumerate(counts)]


def effect_bins(values: list[float]) -> list[Bin]:
    """Bins of one point from the smallest effect to the largest, at most twenty, the last one open."""
    if not values:
        return []
    low = math.floor(min(values) * 100)
    width = max(1, math.ceil((max(values) * 100 - low + 1e-9) / 20))
    places = np.clip(((np.array(values) * 100 - low) / width).astype(int), 0, 19)
    counts = np.bincount(places)
    return [
        Bin(low=(low + index * width) / 100, high=(low + (index + 1) * width) / 100, n=int(n))
        for index, n in enumerate(counts)
    ]


def value_bins(values: list[int]) -> list[Bin]:
    """Bins of money with round ends, doubling in width: most customers are worth little, few very much."""
    if not values:
        return []
    middle = max(1.0, float(np.percentile(np.maximum(values, 0), 75)))
    unit = 10 ** math.floor(math.log10(middle))
    step = unit * (1 if middle < 2 * unit else 2 if middle < 5 * unit else 5) / 4
    edges = [0.0]
    while edges[-1] < max(values) and len(edges) < 12:
        edges.append(step if len(edges) == 1 else edges[-1] * 2)
    counts = np.bincount(np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 1))
    ends: list[float | None] = [*edges[1:], None]
    return [
        Bin(low=edge, high=ends[index], n=int(counts[index]) if index < len(counts) else 0)
        for index, edge in enumerate(edges)
    ]


def _lines(names: Iterable[tuple[str, Localized]], tiers: dict[str, _Tier]) -> list[TierLine]:
    if not any(one.customers for one in tiers.values()):
        return []
    return [
        TierLine(name=name, label=label, customers=tiers[name].customers, revenue=tiers[name].revenue)
        for name, label in names
    ]


def _segments(store: Store, active: int, tally: _Tally) -> list[SegmentPrediction]:
    """The segments of the segmentation in force, by name."""
    ids = sorted(tally.segments)
    docs = store.get_many([f"segments/{one}" for one in ids]) if ids and active else {}
    made = []
    for identity in ids:
        doc, row = docs.get(f"segments/{identity}"), tally.segments[identity]
        if doc is None:
            continue
        made.append(
            SegmentPrediction(
                segment_id=identity,
                name=Localized.model_validate(doc.data["name"]),
                customers=row.customers,
                value=row.value if row.valued else None,
                churn=round(float(np.mean(row.churn)), 4) if row.churn else None,
                intent=round(float(np.mean(row.intent)), 4) if row.intent else None,
            )
        )
    return sorted(made, key=lambda one: (-(one.value or 0), one.segment_id))[:16]
