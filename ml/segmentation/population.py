"""Customers as the segmentation sees them: only the fields it needs, streamed in pages."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from sys import intern
from types import MappingProxyType
from typing import Any

import numpy as np

from ml.segmentation.features import ALL, DAY, HABITS, Singles, measures, trust
from ml.segmentation.membership import State
from ml.segmentation.words import gist
from schema.lifecycle import stage as lifecycle_stage
from schema.minds import TRAITS
from schema.store import Doc, Query, Store
from schema.store import pages as store_pages

PAGE = 2_000
RECENCY, TENURE = ALL.index("recencyDays"), ALL.index("tenureDays")
ORDERS, GAP, NEUTRAL = ALL.index("orders"), ALL.index("medianGapDays"), ALL.index("emotion.neutral")
UNSETTLED = timedelta(days=30)
INFERRED = ("psyche", "habits", "predictions", "modelTags")
"""Parts of a customer that go when profiling is refused."""
FIELDS = (
    "stats.orders",
    "stats.revenue",
    "stats.unconverted",
    "stats.firstOrderAt",
    "stats.lastOrderAt",
    "stats.averageOrder",
    "stats.medianGapDays",
    "createdAt",
    "mergedInto",
    "profiling",
    "segment",
    "rfm.cell",
    "stats.recentOrderDays",
    "lifecycleStage",
    "sample",
    *(f"habits.{name}" for name in HABITS),
    "psyche.weight",
    "psyche.texts",
    "psyche.groups",
    "psyche.sentiment",
    "psyche.frustration",
    "psyche.ocean",
    "predictions.asOf",
    "modelTags",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One customer document as compact as a run over a million of them needs, with the precondition for writing back.

    Numbers are arrays of 4 bytes and moments are seconds; what many share (states, cells, stages) is one object.
    """

    id: str
    guard: Any
    values: array[float]
    """The columns of `features.ALL`; the two ages depend on the moment and stand in `rows`. Empty out of scope."""
    trust: float
    """n/(n+5) of the scored words."""
    last: float
    """The last order; NaN without one."""
    since: float
    """The first order, or when the customer became known, whichever was earlier."""
    first: float
    pause: int | None
    """Days between the last two orders."""
    revenue: int
    angry: float
    """The newest angry text that is not settled; NaN without one."""
    sentiment: float | None
    ocean: array[float] | None
    """Lower and upper bound of the five scores."""
    in_scope: bool
    """At least one counted order, not merged into another, profiling not refused."""
    opted_out: bool
    merged: bool
    """Lives on under another customer's id."""
    segment: State
    """The stored state without what it tells."""
    told: int
    """`words.gist` of what it tells."""
    cell: str | None
    stage: str | None
    held: tuple[str, ...]
    """Which inferred parts the document carries."""

    @property
    def path(self) -> str:
        return f"customers/{self.id}"

    @property
    def last_order_at(self) -> datetime:
        """Of a customer in scope."""
        return _moment(self.last)

    @property
    def since_at(self) -> datetime:
        return _moment(self.since)

    def frustrated(self, as_of: datetime) -> bool | None:
        """Whether the newest angry text is at most 30 days old and not settled; None without scored words."""
        if not self.values or math.isnan(self.values[NEUTRAL]):
            return None
        return 0 <= as_of.timestamp() - self.angry <= UNSETTLED.total_seconds()

    def stage_at(self, as_of: datetime) -> str:
        """The lifecycle stage; of a customer in scope."""
        gap = self.values[GAP]
        return lifecycle_stage(
            {
                "orders": int(self.values[ORDERS]),
                "lastOrderAt": self.last_order_at,
                "firstOrderAt": None if math.isnan(self.first) else _moment(self.first),
                "medianGapDays": None if math.isnan(gap) else gap,
                "recentOrderDays": [] if self.pause is None else [0, self.pause],
            },
            as_of,
        )


def rows(people: Sequence[Person], as_of: datetime) -> Singles:
    """The values of `features.ALL`, a row a customer in scope."""
    out = np.empty((len(people), len(ALL)), dtype=np.float32)
    for row, one in enumerate(people):
        out[row] = one.values
    now = as_of.timestamp()
    for column, moments in ((RECENCY, (one.last for one in people)), (TENURE, (one.since for one in people))):
        seconds = now - np.fromiter(moments, dtype=np.float64, count=len(people))
        out[:, column] = np.maximum(0.0, seconds / DAY)
    return out


def trusts(people: Sequence[Person]) -> Singles:
    """n/(n+5) of the scored words, a customer each."""
    return np.fromiter((one.trust for one in people), dtype=np.float32, count=len(people))


def person(doc: Doc, real: bool = False) -> Person:
    """Read one document of `customers` (whole, or selected to `FIELDS`).

    Args:
        real: the shop has data of its own; customers of the sample shop are then out of scope, since sample and real
            data never mix.
    """
    data = doc.data
    stats, psyche, segment = data.get("stats") or {}, data.get("psyche"), data.get("segment")
    opted_out, merged, created = data.get("profiling") == "opted out", bool(data.get("mergedInto")), data["createdAt"]
    inside = int(stats.get("orders") or 0) >= 1 and stats.get("lastOrderAt") is not None
    inside = inside and not merged and not opted_out and not (real and data.get("sample"))
    first, days = stats.get("firstOrderAt"), stats.get("recentOrderDays") or []
    ordered = _seconds(first)
    anger = (psyche or {}).get("frustration") or {}
    ocean = (psyche or {}).get("ocean")
    return Person(
        id=doc.id,
        guard=doc.update_time,
        values=array("f", measures(stats, created, created, data.get("habits"), psyche) if inside else ()),
        trust=trust(psyche),
        last=_seconds(stats.get("lastOrderAt")),
        since=ordered if first and first <= created else _seconds(created),
        first=ordered,
        pause=int(days[-1] - days[-2]) if len(days) >= 2 else None,
        revenue=int(stats.get("revenue") or 0),
        angry=_seconds(anger["at"]) if anger and not anger.get("settled") else math.nan,
        sentiment=(psyche or {}).get("sentiment"),
        ocean=array("f", [ocean[name][end] for name in TRAITS for end in ("low", "high")]) if ocean else None,
        in_scope=inside,
        opted_out=opted_out,
        merged=merged,
        segment=_state(segment.get("id"), int(segment.get("from") or 0), segment.get("before")) if segment else None,
        told=gist([one["en"] for one in segment.get("reasons") or []], segment.get("second")) if segment else 0,
        cell=_shared((data.get("rfm") or {}).get("cell")),
        stage=_shared(data.get("lifecycleStage")),
        held=_held(*(bool(data.get(name)) for name in INFERRED)),
    )


@lru_cache(maxsize=10_000)
def _state(identity: str | None, from_: int, before: str | None) -> State:
    return MappingProxyType({"id": identity, "from": from_, "before": before})


@lru_cache(maxsize=16)
def _held(*carried: bool) -> tuple[str, ...]:
    return tuple(name for name, here in zip(INFERRED, carried, strict=True) if here)


def _shared(text: str | None) -> str | None:
    return None if text is None else intern(text)


def _seconds(moment: datetime | None) -> float:
    return math.nan if moment is None else moment.timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def pages(store: Store, real: bool = False) -> Iterator[list[Person]]:
    """Every customer, in order of id, a page at a time."""
    query = Query("customers", order_by=(("__name__", "asc"),), limit=PAGE, select=FIELDS)
    for page in store_pages(store, query):
        yield [person(doc, real) for doc in page]


def changed_since(store: Store, moment: datetime, real: bool = False) -> Iterator[Person]:
    """Customers whose profile or history changed at or after `moment`."""
    query = Query("customers", where=(("updatedAt", ">=", moment),), order_by=(("updatedAt", "asc"),), select=FIELDS)
    return (person(doc, real) for doc in store.query(query))
