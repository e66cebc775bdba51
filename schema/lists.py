"""Every Firestore query of the product that needs an index, by name.

`firestore.indexes.json` is generated from this table (`scripts/indexes`), the console's queries are written from it,
and a test compares both with the queries in the code: the emulator does not demand indexes, production does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["asc", "desc"]


@dataclass(frozen=True)
class Listing:
    """A list that a screen offers: any of `sorts` with any of `filters` together.

    One index a filter and sort is enough: Firestore merges (a, sort) and (b, sort) to answer a == x and b == y by sort.
    """

    collection: str
    sorts: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    array_filters: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ("asc", "desc")
    sums: tuple[str, ...] = ()
    """Fields summed over the filtered set: an aggregation needs them in the index too."""


LISTINGS: dict[str, Listing] = {
    "customers": Listing(
        "customers",
        sorts=("updatedAt", "displayName", "stats.revenue", "stats.orders", "stats.lastOrderAt"),
        filters=("mergedInto", "segment.id", "segment.before", "lifecycleStage", "country", "language", "platform"),
        array_filters=("searchTokens", "tags.manual"),
    ),
    # Who is written for a version that is not in force: they count where they were before.
    "customers to move": Listing(
        "customers",
        sorts=("segment.from",),
        filters=("mergedInto", "segment.id", "segment.before", "lifecycleStage", "country", "language", "platform"),
        array_filters=("searchTokens", "tags.manual"),
        directions=("asc",),
    ),
    "customer orders": Listing("orders", sorts=("placedAt",), filters=("customerId",), directions=("desc",)),
    "customer timeline": Listing(
        "events", sorts=("at",), filters=("customerId", "kind", "channel"), directions=("desc",)
    ),
    "customer words": Listing("feedback", sorts=("at",), filters=("customerId",), directions=("desc",)),
    "customer carts": Listing("carts", sorts=("at",), filters=("customerId",), directions=("desc",)),
    "product words": Listing("feedback", sorts=("at",), filters=("productId",), directions=("desc",)),
    "daily figures": Listing("orders", filters=("day",), sums=("reportingTotal",)),
    "imports": Listing("imports", sorts=("createdAt",), directions=("desc",)),
    "runs": Listing("runs", sorts=("startedAt",), directions=("desc",)),
    "audit": Listing("audit", sorts=("at",), directions=("desc",)),
    "parked due": Listing("parked", sorts=("dueAt",), filters=("status",), directions=("asc",)),
    "changes to tell of": Listing("products", sorts=("dueAt",), directions=("asc",)),
    "carts to tell of": Listing("carts", sorts=("dueAt",), directions=("asc",)),
    "cleaning to fold": Listing("cleaned", filters=("folded",)),
    "set aside": Listing("setAside", sorts=("at",), filters=("status",), directions=("desc",)),
    "set aside of a connection": Listing("setAside", filters=("connectionId",)),
    "new customers of a day": Listing("customers", sorts=("createdAt",), filters=("mergedInto",), directions=("asc",)),
    "stale customers": Listing("customers", sorts=("updatedAt",), directions=("asc",)),
    "customer moods": Listing("emotions", sorts=("at",), filters=("customerId", "status"), directions=("desc",)),
    "sentences of a mood": Listing("emotions", sorts=("at",), filters=("top", "frustrated"), directions=("desc",)),
    "moods of a product": Listing("emotions", sorts=("at",), filters=("productId",), directions=("desc",)),
    "cases": Listing("cases", sorts=("openedAt",), filters=("status",), directions=("desc",)),
    "cases of a customer": Listing("cases", sorts=("openedAt",), filters=("customerId",), directions=("desc",)),
    "insights": Listing("insights", sorts=("createdAt",), filters=("status",), directions=("desc",)),
    "moods since": Listing("emotions", sorts=("at",), directions=("asc",)),
    "words since": Listing("feedback", sorts=("at",), directions=("asc",)),
    "frustrated customers": Listing("customers", sorts=("psyche.frustration.at",), directions=("asc",)),
    "risk that rose": Listing("customers", sorts=("predictions.crossedAt",), directions=("desc",)),
    # What the functions count and sum: one field at a time, for which the automatic index of that field is kept.
    "overview counts": Listing(
        "customers",
        filters=("mergedInto", "createdBy", "reach.any", "reach.email", "reach.sms", "reach.push", "reach.wechat"),
    ),
    "overview ranges": Listing(
        "customers", sorts=("stats.firstOrderAt", "stats.feedback", "createdAt"), directions=("asc",)
    ),
    "overview sums": Listing("customers", sums=("stats.orders", "stats.revenue", "stats.unconverted")),
    "orders of nobody": Listing("orders", filters=("customerId", "status", "deleted"), sums=("reportingTotal",)),
    "things of a shop": Listing("orders", filters=("connectionId", "deleted")),
    "products of a shop": Listing("products", filters=("connectionId", "deleted")),
    "carts of a shop": Listing("carts", filters=("connectionId", "deleted")),
    "orders without a rate": Listing("orders", filters=("reportingTotal",)),
    "ratings": Listing("feedback", sorts=("rating",), directions=("asc",)),
    "import chunks": Listing("chunks", filters=("seq", "done")),
    "sample customers": Listing("customers", filters=("sample",)),
    "sample orders": Listing("orders", filters=("sample",)),
    "sample events": Listing("events", filters=("sample",)),
    "sample feedback": Listing("feedback", filters=("sample",)),
    "sample products": Listing("products", filters=("sample",)),
    "sample carts": Listing("carts", filters=("sample",)),
    "sample moods": Listing("emotions", filters=("sample",)),
    "sample cases": Listing("cases", filters=("sample",)),
    "sample insights": Listing("insights", filters=("sample",)),
}


@dataclass(frozen=True)
class Index:
    """One composite index: fields in order, each with its mode."""

    collection: str
    fields: tuple[tuple[str, str], ...]


def indexes() -> list[Index]:
    """The composite indexes that `LISTINGS` need, sorted, without doubles. Single-field indexes are automatic."""
    found: set[Index] = set()
    for listing in LISTINGS.values():
        plain = [(name, "ASCENDING") for name in listing.filters]
        arrays = [(name, "CONTAINS") for name in listing.array_filters]
        for chosen in plain + arrays:
            for sort in listing.sorts:
                for direction in listing.directions:
                    mode = "ASCENDING" if direction == "asc" else "DESCENDING"
                    found.add(Index(listing.collection, (chosen, (sort, mode))))
        for total in listing.sums:
            found.update(
                Index(listing.collection, ((name, "ASCENDING"), (total, "ASCENDING"))) for name in listing.filters
            )
    return sorted(found, key=lambda index: (index.collection, index.fields))
