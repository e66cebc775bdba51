"""Histories from the database: customers a page at a time, their orders, timeline and scored texts thirty at a time.

What is read is bounded: a page of customers costs one read each, and one read for each of their orders, lines of the
timeline and texts. Only the needed fields are selected. Orders and events are never rewritten when customers are
merged, so that a customer's are those of the customer's own id and of the aliases.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ml.behaviour.history import Context, History, Moment, OrderFact, TextFact
from ml.of_customers import of_customers
from schema.flow import World
from schema.moment import as_of as moment_of
from schema.store import Data, Doc, Query, Store

MOST_PRODUCTS = 20_000
PRICED = 3
"""Products with a price below which a category has no price range."""
FIELDS = (
    "stats.orders",
    "stats.events",
    "aliases",
    "mergedInto",
    "profiling",
    "sample",
    "createdAt",
)
_ORDER = (
    "customerId", "placedAt", "status", "deleted", "reportingTotal", "reportingDiscount", "reportingRefunded", "items",
    "lines", "channel", "platform",
)  # fmt: skip
_EVENT = ("customerId", "kind", "channel", "at", "ref")
_TEXT = ("customerId", "at", "status", "sentiment")


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as the behaviour models see them."""

    id: str
    guard: Any
    aliases: tuple[str, ...]
    since: datetime
    in_scope: bool
    """Not merged into another, profiling not refused, not of the sample shop where real data came in."""
    data: Data

    @property
    def path(self) -> str:
        return f"customers/{self.id}"


def person(doc: Doc, real: bool) -> Person:
    """Read a customer's document (whole, or selected to `FIELDS` and more)."""
    data = doc.data
    return Person(
        id=doc.id,
        guard=doc.update_time,
        aliases=tuple(data.get("aliases") or ()),
        since=data["createdAt"],
        in_scope=not data.get("mergedInto")
        and data.get("profiling") != "opted out"
        and not (real and data.get("sample")),
        data=data,
    )


@dataclass(frozen=True)
class Catalogue:
    """What products say of themselves: category, and where their price stands in it (0 cheapest, 1 dearest)."""

    category: dict[str, str] = field(default_factory=dict)
    tier: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """The shop, and the moment that everything is computed as of."""

    currency: str
    zone: str
    real: bool
    as_of: datetime
    present: datetime
    """The shop's moment by now; `as_of` may be that of a job that began earlier."""
    catalogue: Catalogue


def setting(world: World, as_of: datetime | None = None) -> Setting:
    """The shop's settings and catalogue; `as_of` defaults to now, or the day after the newest order of old data."""
    docs = world.store.get_many(["settings/shop", "metrics/overview"])
    shop, overview = docs["settings/shop"], docs["metrics/overview"]
    data = shop.data if shop else {}
    present = moment_of(overview.data.get("lastOrderAt") if overview else None, world.clock())
    return Setting(
        currency=str(data.get("currency") or "USD"),
        zone=str(data.get("zone") or "UTC"),
        real=bool(data.get("real")),
        as_of=as_of or present,
        present=present,
        catalogue=catalogue(world.store),
    )


def catalogue(store: Store) -> Catalogue:
    """Categories and price percentiles of the first `MOST_PRODUCTS` products."""
    category: dict[str, str] = {}
    prices: dict[str, list[tuple[int, str]]] = defaultdict(list)
    query = Query(
        "products",
        order_by=(("__name__", "asc"),),
        limit=MOST_PRODUCTS,
        select=("category", "price", "currency", "deleted"),
    )
    for doc in store.query(query):
        name = doc.data.get("category")
        if not name:
            continue
        category[doc.id] = str(name)
        if doc.data.get("price") is not None and not doc.data.get("deleted"):
            # Prices of one currency are compared with each other only.
            prices[f"{name}\n{doc.data.get('currency')}"].append((int(doc.data["price"]), doc.id))
    tier: dict[str, float] = {}
    for rows in prices.values():
        if len(rows) < PRICED:
            continue
        values = sorted(price for price, _ in rows)
        for price, identity in rows:
            below, up_to = bisect_left(values, price), bisect_right(values, price)
            tier[identity] = (below + (up_to - below - 1) / 2) / (len(values) - 1)
    return Catalogue(category, tier)


def page(
    store: Store, after: str | None, limit: int, real: bool, more: Sequence[str] = ()
) -> tuple[list[Person], str | None]:
    """Customers in order of id; the second part is where to go on, None at the end."""
    query = Query(
        "customers",
        order_by=(("__name__", "asc"),),
        limit=limit,
        select=(*FIELDS, *more),
        after=(after,) if after else None,
    )
    found = [person(doc, real) for doc in store.query(query)]
    return found, found[-1].id if len(found) == limit else None


def histories(
    store: Store, people: Sequence[Person], known: Catalogue, events_since: datetime | None = None
) -> list[History]:
    """Their histories in the same order; `events_since` leaves out older lines of the timeline."""
    owner = {one: person.id for person in people for one in (person.id, *person.aliases)}
    orders: dict[str, list[OrderFact]] = defaultdict(list)
    moments: dict[str, list[Moment]] = defaultdict(list)
    texts: dict[str, list[TextFact]] = defaultdict(list)
    roots = [person.id for person in people]
    for doc in of_customers(store, "orders", roots, owner, _ORDER):
        fact = order_fact(doc.data, known)
        if fact is not None:
            orders[owner[doc.data["customerId"]]].append(fact)
    for doc in of_customers(store, "events", roots, owner, _EVENT):
        if events_since is None or doc.data["at"] >= events_since:
            moments[owner[doc.data["customerId"]]].append(_moment(doc.data, known))
    for doc in of_customers(store, "emotions", roots, owner, _TEXT):
        said = doc.data.get("sentiment")
        if doc.data.get("at") is not None and doc.data.get("status") == "scored" and said:
            score = float(said["positive"]) - float(said["negative"])
            texts[owner[doc.data["customerId"]]].append(TextFact(doc.data["at"], score))
    return [
        History(one.id, one.since, tuple(orders[one.id]), tuple(moments[one.id]), tuple(texts[one.id]))
        for one in people
    ]


def order_fact(order: Data, known: Catalogue) -> OrderFact | None:
    """An order's document as a fact; None when it does not count."""
    if order["status"] in ("cancelled", "test") or order.get("deleted"):
        return None
    products = [line.get("productId") for line in order.get("lines") or () if line.get("productId")]
    tiers = [known.tier[one] for one in products if one in known.tier]
    return OrderFact(
        at=order["placedAt"],
        net=order["reportingTotal"],
        discount=int(order["reportingDiscount"] or 0),
        refunded=int(order["reportingRefunded"] or 0),
        items=int(order["items"] or 0),
        categories=tuple(sorted({known.category[one] for one in products if one in known.category})),
        tier=sum(tiers) / len(tiers) if tiers else None,
        channel=order.get("channel") or order.get("platform"),
    )


def _moment(event: Data, known: Catalogue) -> Moment:
    ref = str(event.get("ref") or "")
    looked = event["kind"] == "product_viewed" and ref.startswith("products/")
    category = known.category.get(ref.removeprefix("products/")) if looked else None
    return Moment(event["at"], event["kind"], event.get("channel"), category)


def context(store: Store, zone: str, as_of: datetime) -> Context:
    """Since when visits are counted, as far as features as of `as_of` need it: a few reads."""
    for days in (90, 30):
        for kind in ("visit", "product_viewed", "page"):
            query = Query(
                "events",
                where=(("kind", "==", kind), ("at", "<=", as_of - timedelta(days=days))),
                order_by=(("at", "desc"),),
                limit=1,
                select=("at",),
            )
            for doc in store.query(query):
                return Context(zone, doc.data["at"])
    return Context(zone, None)


def context_of(all_histories: Iterable[History], zone: str) -> Context:
    """Since when visits are counted, from the histories themselves."""
    counted = [
        moment.at
        for one in all_histories
        for moment in one.moments
        if moment.kind in ("visit", "product_viewed", "page")
    ]
    return Context(zone, min(counted) if counted else None)
