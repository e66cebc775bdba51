"""What `firestore.indexes.json` says, and whether a query can be answered with it.

The emulator answers any query; production refuses one without its index. So the store of the tests hands every query
that it runs to `missing`, and a query that production would refuse fails here.

How Firestore answers a query (https://firebase.google.com/docs/firestore/query-data/index-overview):
equality filters alone are joined from single-field indexes; one range or order alone needs that field's own index;
equality filters with an order need composite indexes that each end in exactly that order and together cover all the
filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schema import lists
from schema.base import Text
from schema.generating import DOCUMENTS, document_path
from schema.lists import LISTINGS, Index
from schema.store import Query
from schema.typescript import defines

ASCENDING, DESCENDING, CONTAINS = "ASCENDING", "DESCENDING", "CONTAINS"
AUTOMATIC = frozenset({ASCENDING, DESCENDING, CONTAINS})
NAME = "__name__"

LARGE: tuple[str, ...] = (
    "answers",
    "chunks",
    "customers",
    "delivered",
    "dirty",
    "emotions",
    "events",
    "feedback",
    "identities",
    "map",
    "orders",
    "pii",
    "products",
    "rateLimits",
    "trackedOrders",
    "sources",
    "suppressions",
    "unresolved",
)
"""Collections with a document a person, order or row: every index entry costs money, so only listed fields have one."""


@dataclass(frozen=True)
class Indexes:
    """The composite indexes, and the modes of single fields where they are not the automatic ones."""

    composite: tuple[Index, ...]
    single: Mapping[tuple[str, str], frozenset[str]]
    """By collection and field; the field `*` stands for all fields of the collection without an entry of their own."""

    def modes(self, collection: str, field: str) -> frozenset[str]:
        """The single-field indexes of a field: its own entry, else that of the map it is in, else the collection's."""
        parts = field.split(".")
        names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        for name in (*names, "*"):
            if (collection, name) in self.single:
                return self.single[collection, name]
        return AUTOMATIC


def wanted() -> Indexes:
    """What the listings need, and nothing for what is never queried."""
    listed: dict[tuple[str, str], set[str]] = {}
    for listing in LISTINGS.values():
        for name in (*listing.filters, *listing.sums):
            listed.setdefault((listing.collection, name), set()).add(ASCENDING)
        for name in listing.array_filters:
            listed.setdefault((listing.collection, name), set()).add(CONTAINS)
        for name in listing.sorts:
            modes = {ASCENDING if direction == "asc" else DESCENDING for direction in listing.directions}
            listed.setdefault((listing.collection, name), set()).update(modes)
    off = [(collection, "*") for collection in LARGE] + payloads()
    single = {place: frozenset[str]() for place in off}
    single |= {place: frozenset(modes) for place, modes in listed.items() if place[0] in LARGE or place in single}
    return Indexes(tuple(lists.indexes()), dict(sorted(single.items())))


def payloads() -> list[tuple[str, str]]:
    """Maps, lists and long texts of the other collections, as the shapes declare them."""
    found = []
    shapes = [shape for module in DOCUMENTS for shape in vars(module).values() if defines(module, shape)]
    for shape in shapes:
        path = document_path(shape)
        if path is None or collection_of(path) in LARGE:
            continue
        for name, field in shape.model_fields.items():
            if is_payload(field.annotation, field.metadata):
                found.append((collection_of(path), field.alias or name))
    return found


def collection_of(path: str) -> str:
    """The collection id of a document path such as `members/{uid}/views/{id}`."""
    return path.split("/")[-2]


def is_payload(annotation: Any, metadata: Iterable[object] = ()) -> bool:
    """Whether a field holds a map, a list, bytes or a long text."""
    parts = [part for part in getattr(annotation, "__args__", (annotation,)) if part is not type(None)]
    plain = [getattr(part, "__origin__", part) for part in (annotation, *parts)]
    long_text = tuple(Text.__metadata__)  # type: ignore[attr-defined]  # Annotated keeps it there
    constraints = [*metadata, *(item for part in parts for item in getattr(part, "__metadata__", ()))]
    if any(item in long_text for item in constraints):
        return True
    return any(kind in (bytes, dict, list) or hasattr(kind, "model_fields") for kind in plain)


# --- the file --------------------------------------------------------------------------------------------------


def to_json(indexes: Indexes) -> dict[str, Any]:
    """The content of firestore.indexes.json."""
    return {
        "indexes": [
            {
                "collectionGroup": index.collection,
                "queryScope": "COLLECTION",
                "fields": [{"fieldPath": name, **mode_json(mode)} for name, mode in index.fields],
            }
            for index in indexes.composite
        ],
        "fieldOverrides": [
            {
                "collectionGroup": collection,
                "fieldPath": field,
                "indexes": [{**mode_json(mode), "queryScope": "COLLECTION"} for mode in sorted(modes)],
            }
            for (collection, field), modes in indexes.single.items()
        ],
    }


def mode_json(mode: str) -> dict[str, str]:
    return {"arrayConfig": mode} if mode == CONTAINS else {"order": mode}


def from_json(content: Mapping[str, Any]) -> Indexes:
    """What a firestore.indexes.json says about queries over one collection."""

    def mode(entry: Mapping[str, str]) -> str:
        return entry.get("order") or entry["arrayConfig"]

    composite = tuple(
        Index(index["collectionGroup"], tuple((field["fieldPath"], mode(field)) for field in index["fields"]))
        for index in content["indexes"]
        if index["queryScope"] == "COLLECTION"
    )
    single = {
        (override["collectionGroup"], override["fieldPath"]): frozenset(
            mode(entry) for entry in override["indexes"] if entry.get("queryScope", "COLLECTION") == "COLLECTION"
        )
        for override in content["fieldOverrides"]
    }
    return Indexes(composite, single)


# --- queries ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """What a query asks of the indexes: equality filters (mode by field), then an order."""

    collection: str
    equal: Mapping[str, str]
    order: tuple[tuple[str, str], ...]
    sums: tuple[str, ...] = ()

    def __str__(self) -> str:
        fields = [*self.equal.items(), *self.order, *((name, ASCENDING) for name in self.sums)]
        return f"{self.collection}: {', '.join(f'{name} {mode}' for name, mode in fields)}"


def need_of(query: Query, sums: Sequence[str] = ()) -> Need:
    """The part of a query that decides on its index: values, limits and projections do not."""
    equal = {name: ASCENDING for name, operator, _ in query.where if operator in ("==", "in")}
    equal |= {name: CONTAINS for name, operator, _ in query.where if operator == "array_contains"}
    ranges = sorted({name for name, operator, _ in query.where if operator in ("<", "<=", ">", ">=")})
    order = [(name, ASCENDING if to == "asc" else DESCENDING) for name, to in query.order_by if name not in equal]
    # A range is an order too, behind the ones that are asked for and in the direction of the last.
    last = order[-1][1] if order else ASCENDING
    order += [(name, last) for name in ranges if name not in dict(order)]
    # Every index ends in the document's name, in the direction of the field before it.
    if order and order[-1][0] == NAME and order[-1][1] == (order[-2][1] if len(order) > 1 else ASCENDING):
        order.pop()
    equal.pop(NAME, None)
    summed = set(sums) - set(equal) - {name for name, _ in order}
    return Need(query.collection.rsplit("/", 1)[-1], equal, tuple(order), tuple(sorted(summed)))


def covered(query: Query, indexes: Indexes, sums: Sequence[str] = ()) -> bool:
    """Whether production answers this query (or these sums over it) with these indexes."""
    return missing(query, indexes, sums) is None


def missing(query: Query, indexes: Indexes, sums: Sequence[str] = ()) -> str | None:
    """The index that a query lacks, in words for whoever added the query; None when it can be answered.

    A query with alternatives is answered as one query each.
    """
    if query.either:
        each = (replace(query, where=(*query.where, one), either=()) for one in query.either)
        return next((lacking for one in each if (lacking := missing(one, indexes, sums))), None)
    need = need_of(query, sums)
    return None if answered(need, indexes) else f"no index for {need}: list it in schema/lists.py, run scripts/indexes"


class Unindexed(Exception):
    """A query that the emulator answers and production would refuse; the message names the index."""


def guard(indexes: Indexes) -> Callable[[Query, Sequence[str]], None]:
    """An `on_query` for the store of the tests: raises `Unindexed` for a query without its index."""

    def check(query: Query, sums: Sequence[str]) -> None:
        lacking = missing(query, indexes, sums)
        if lacking:
            raise Unindexed(lacking)

    return check


def answered(need: Need, indexes: Indexes) -> bool:
    if not need.equal and len(need.order) + len(need.sums) <= 1:
        modes = [(mode, indexes.modes(need.collection, name)) for name, mode in need.order]
        sums = [indexes.modes(need.collection, name) for name in need.sums]
        return all(mode in there for mode, there in modes) and all(serves(ASCENDING, there) for there in sums)
    found: set[str] = set()
    whole = False
    if not need.order and not need.sums:
        found |= {name for name, mode in need.equal.items() if serves(mode, indexes.modes(need.collection, name))}
    for index in indexes.composite:
        if index.collection == need.collection:
            prefix = prefix_of(index, need)
            if prefix is not None:
                whole = True
                found |= prefix
    return found == set(need.equal) and (whole or bool(found))


def serves(mode: str, modes: Iterable[str]) -> bool:
    """An equality filter is served by either direction, membership in an array only by its own kind."""
    return CONTAINS in modes if mode == CONTAINS else bool({ASCENDING, DESCENDING} & set(modes))


def prefix_of(index: Index, need: Need) -> frozenset[str] | None:
    """The equality filters that an index serves when it ends exactly as the query needs; None when it does not."""
    tail = len(need.order) + len(need.sums)
    cut = len(index.fields) - tail
    if cut < 0:
        return None
    prefix, order = index.fields[:cut], index.fields[cut : cut + len(need.order)]
    summed = {name for name, _ in index.fields[cut + len(need.order) :]}
    if order != need.order or summed != set(need.sums):
        return None
    if any(name not in need.equal or not serves(need.equal[name], {mode}) for name, mode in prefix):
        return None
    return frozenset(name for name, _ in prefix)
