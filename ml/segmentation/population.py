"""Customers as the segmentation sees them: only the fields it needs, streamed in pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ml.segmentation.features import HABITS, measures, trust
from ml.segmentation.membership import State
from schema.store import Doc, Query, Store

PAGE = 2_000
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
    "updatedAt",
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
    """One customer document, with the precondition for writing it back."""

    id: str
    guard: Any
    stats: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    in_scope: bool
    """At least one counted order, not merged into another, profiling not refused."""
    opted_out: bool
    merged: bool
    """Lives on under another customer's id."""
    segment: State
    cell: str | None
    stage: str | None
    habits: dict[str, Any] | None
    psyche: dict[str, Any] | None
    held: tuple[str, ...]
    """Which inferred parts the document carries."""

    @property
    def path(self) -> str:
        return f"customers/{self.id}"

    @property
    def last_order_at(self) -> datetime:
        """Of a customer in scope."""
        moment: datetime = self.stats["lastOrderAt"]
        return moment

    def row(self, as_of: datetime) -> list[float]:
        """The values of `features.ALL`; of a customer in scope."""
        return measures(self.stats, self.created_at, as_of, self.habits, self.psyche)

    @property
    def trust(self) -> float:
        """n/(n+5) of the scored words."""
        return trust(self.psyche)

    def frustrated(self, as_of: datetime) -> bool | None:
        """Whether the newest angry text is at most 30 days old and not settled; None without scored words."""
        if not self.psyche or not self.psyche.get("groups"):
            return None
        held = self.psyche.get("frustration")
        return bool(held and not held.get("settled") and timedelta(0) <= as_of - held["at"] <= UNSETTLED)

    @property
    def since(self) -> datetime:
        first: datetime | None = self.stats.get("firstOrderAt")
        return min(first, self.created_at) if first else self.created_at


def person(doc: Doc, real: bool = False) -> Person:
    """Read one document of `customers` (whole, or selected to `FIELDS`).

    Args:
        real: the shop has data of its own; customers of the sample shop are then out of scope, since sample and real
            data never mix.
    """
    data = doc.data
    stats = data.get("stats") or {}
    buys = int(stats.get("orders") or 0) >= 1 and stats.get("lastOrderAt") is not None
    return Person(
        id=doc.id,
        guard=doc.update_time,
        stats=stats,
        created_at=data["createdAt"],
        updated_at=data["updatedAt"],
        in_scope=buys
        and not data.get("mergedInto")
        and data.get("profiling") != "opted out"
        and not (real and data.get("sample")),
        opted_out=data.get("profiling") == "opted out",
        merged=bool(data.get("mergedInto")),
        segment=data.get("segment"),
        cell=(data.get("rfm") or {}).get("cell"),
        stage=data.get("lifecycleStage"),
        habits=data.get("habits"),
        psyche=data.get("psyche"),
        held=tuple(name for name in INFERRED if data.get(name)),
    )


def pages(store: Store, real: bool = False) -> Iterator[list[Person]]:
    """Every customer, in order of id, a page at a time."""
    after: tuple[Any, ...] | None = None
    while True:
        query = Query("customers", order_by=(("__name__", "asc"),), limit=PAGE, select=FIELDS, after=after)
        page = [person(doc, real) for doc in store.query(query)]
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = (page[-1].id,)


def changed_since(store: Store, moment: datetime, real: bool = False) -> Iterator[Person]:
    """Customers whose profile or history changed at or after `moment`."""
    query = Query("customers", where=(("updatedAt", ">=", moment),), order_by=(("updatedAt", "asc"),), select=FIELDS)
    return (person(doc, real) for doc in store.query(query))
