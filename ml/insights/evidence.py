"""Whom a finding about segments, orders or risk is about, and their words: read only for findings that are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain

from ml.insights.candidates import Candidate
from ml.insights.words import Heard
from schema.store import Data, Query, Store, pages

PAGE = 1_000
WEEK = timedelta(days=7)
MOST, WORDS = 50, 20


def roots(store: Store) -> dict[str, str]:
    """The customer that each joined account belongs to. One read an account that was joined."""
    query = Query(
        "customers", where=(("mergedInto", ">", ""),), order_by=(("mergedInto", "asc"),), select=("mergedInto",)
    )
    return {doc.id: str(doc.data["mergedInto"]) for doc in store.query(query)}


@dataclass
class Evidence:
    """What findings of one night rest on.

    Attributes:
        texts: the night's scored texts, oldest first, by their customer's root.
        joined: see `roots`.
        active: the segmentation in force.
        real: the shop has data of its own; the sample's customers are then left out.
    """

    store: Store
    texts: Sequence[Heard]
    joined: dict[str, str]
    active: int
    real: bool
    _held: dict[tuple[datetime, datetime], list[Data]] = field(default_factory=dict, init=False, repr=False)

    def behind(self, one: Candidate) -> Candidate:
        """The finding with its customers (up to fifty, and how many), and what they wrote in its period."""
        if one.feedback:
            return one
        people = one.customers
        if one.segment_id and one.since is not None:
            people = self._moved(one.segment_id, one.since, one.change.difference > 0)
        elif one.kind in ("revenue", "habit"):
            people = self._ordered(one)
        if not people:
            return one
        told = replace(one, customers=people[:MOST], customers_count=max(one.customers_count, len(people)))
        asked = {*people}
        words = [
            text.id
            for text in reversed(self.texts)
            if text.customer_id in asked and one.period.start <= text.at <= one.period.end
        ]
        return replace(told, feedback=words[:WORDS])

    @cached_property
    def _everybody(self) -> dict[str, Data | None]:
        """The membership of every customer that may be looked at."""
        fields = ("segment", "mergedInto", "profiling", "sample")
        query = Query("customers", order_by=(("__name__", "asc"),), limit=PAGE, select=fields)
        return {
            doc.id: doc.data.get("segment")
            for doc in chain.from_iterable(pages(self.store, query))
            if not doc.data.get("mergedInto")
            and doc.data.get("profiling") != "opted out"
            and not (self.real and doc.data.get("sample"))
        }

    def _moved(self, segment: str, since: int, came: bool) -> list[str]:
        """Who came into a segment after version `since`, or left it; those on their way to a proposal stay out."""
        return [
            customer
            for customer, held in self._everybody.items()
            if held and since < held["from"] <= self.active
            if segment == (held["id"] if came else held.get("before")) and held["id"] != held.get("before")
        ]

    def _ordered(self, one: Candidate) -> list[str]:
        """Customers whose own weekly figure moved the same way, those who moved it most first."""
        period = one.period
        if period.before_start is None:
            return []
        # Whole weeks of the shop's calendar: an hour of summer time is no part of one.
        weeks, former = (round(each / WEEK) for each in (period.end - period.start, period.start - period.before_start))
        now: dict[str, float] = defaultdict(float)
        before: dict[str, float] = defaultdict(float)
        for order in self._orders(period.before_start, period.end):
            customer: str | None = order["customerId"]
            if customer:
                side = now if order["placedAt"] >= period.start else before
                side[self.joined.get(customer, customer)] += _measure(one.subject, order)
        sign = 1 if one.change.difference > 0 else -1
        # Not divided before it is compared: an unchanged customer is exactly that.
        by = {customer: sign * (now[customer] * former - before[customer] * weeks) for customer in {*now, *before}}
        rows = sorted((-size, customer) for customer, size in by.items() if size > 0)
        return [customer for _, customer in rows if customer in self._everybody]

    def _orders(self, start: datetime, end: datetime) -> list[Data]:
        """Orders that count. The three findings about orders look at the same weeks: they are read once."""
        if (start, end) not in self._held:
            query = Query(
                "orders",
                where=(("placedAt", ">=", start), ("placedAt", "<", end)),
                order_by=(("placedAt", "desc"), ("__name__", "desc")),
                limit=PAGE,
                select=("customerId", "placedAt", "day", "reportingTotal", "discount", "refunded", "sample"),
            )
            self._held[start, end] = [
                doc.data
                for doc in chain.from_iterable(pages(self.store, query))
                if doc.data["day"] is not None and not (self.real and doc.data.get("sample"))
            ]
        return self._held[start, end]


def _measure(subject: str, order: Data) -> float:
    if subject == "revenue":
        return float(order["reportingTotal"] or 0)
    return float(int(order["discount" if subject == "habit:discounted" else "refunded"] or 0) > 0)
