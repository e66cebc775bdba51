"""firestore.indexes.json is what the lists say, and every query in the code has its index."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

from schema import indexing
from schema.indexing import AUTOMATIC, Indexes, Unindexed, covered, from_json, missing, to_json, wanted
from schema.lists import LISTINGS, Index, Listing
from schema.store import Query
from tests.schema.queries import Found, python_files, python_queries, web_files, web_queries

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "firestore.indexes.json"
DEPLOYED = from_json(json.loads(FILE.read_text()))


def equal(collection: str, *fields: str, order: tuple[tuple[str, str], ...] = ()) -> Query:
    return Query(collection, tuple((field, "==", None) for field in fields), order)  # type: ignore[arg-type]


BY_ID: Any = (("__name__", "asc"),)
NEWEST: Any = (("at", "desc"),)
COMPUTED: dict[str, list[tuple[Query, tuple[str, ...]]]] = {
    "functions/figures/overview.py": [
        *((equal("customers", field), ()) for field in ("mergedInto", "reach.any")),
        (equal("customers", "sample", "mergedInto"), ()),
        *((equal("customers", f"reach.{channel}"), ()) for channel in ("email", "sms", "push", "wechat")),
        *((Query("customers", ((field, ">=", 1),)), ()) for field in ("stats.orders", "stats.feedback")),
        (Query("customers", (("stats.lastOrderAt", ">", 0),), (("stats.lastOrderAt", "desc"),)), ()),
        (Query("customers", (("stats.firstOrderAt", ">", 0),), (("stats.firstOrderAt", "asc"),)), ()),
        *((Query("customers"), (field,)) for field in ("stats.orders", "stats.revenue", "stats.unconverted")),
    ],
    "functions/connect/reconcile.py": [
        (replace(equal(name, "connectionId", "deleted"), order_by=order), ())
        for name in ("orders", "products", "carts")
        for order in ((), (("__name__", "asc"),))
    ],
    "functions/people/listing.py": [
        *(
            (Query("customers", (*filters, *((name, "==", "x") for name in named)), order), ())  # type: ignore[arg-type]
            for filters in (
                (("mergedInto", "==", None),),
                (("mergedInto", "==", None), ("tags.manual", "array_contains", "vip")),
                (("mergedInto", "==", None), ("searchTokens", "array_contains", "an")),
            )
            for named in (
                (),
                ("segment.id", "lifecycleStage", "country", "language", "platform"),
                ("segment.before", "lifecycleStage"),
                ("segment.id", "segment.before", "country"),
            )
            for order in ((), (("__name__", "asc"),), *(((sort, "desc"),) for sort in LISTINGS["customers"].sorts))
        ),
        *(
            (Query("customers", (("mergedInto", "==", None), *more, (field, "==", "x"), ("segment.from", ">", 1))), ())  # type: ignore[arg-type]
            for field in ("segment.id", "segment.before")
            for more in ((), (("country", "==", "x"),), (("searchTokens", "array_contains", "an"),))
        ),
        (equal("customers", "mergedInto", "segment.id", "segment.before", "segment.from"), ()),
        *(
            (
                replace(
                    equal("customers", "mergedInto", order=((sort, "asc"),)),
                    either=(("segment.id", "==", "x"), ("segment.before", "==", "x")),
                ),
                (),
            )
            for sort in LISTINGS["customers"].sorts
        ),
    ],
    "functions/ingest/announce.py": [
        (Query(name, (("dueAt", "<=", 0),), (("dueAt", "asc"),)), ()) for name in ("products", "carts")
    ],
    "functions/ingest/erase.py": [(equal(name, "customerId"), ()) for name in ("feedback", "events")],
    "functions/sample.py": [
        *(
            (equal(name, "sample"), ())
            for name in (
                "orders",
                "events",
                "emotions",
                "feedback",
                "cases",
                "insights",
                "carts",
                "products",
                "customers",
            )
        ),
        *((Query(name), ()) for name in ("segments", "segmentations", "models", "insights")),
    ],
    "ml/of_customers.py": [
        *((equal(name, "customerId"), ()) for name in ("orders", "events", "emotions", "cases")),
        *(
            (Query(name, (("customerId", ">=", "a"), ("customerId", "<=", "b")), (("customerId", "asc"),)), ())
            for name in ("orders", "events", "emotions", "cases")
        ),
    ],
    "ml/text/work.py": [(Query(name, order_by=BY_ID), ()) for name in ("feedback", "emotions")],
    "ml/text/figures.py": [(Query(name, order_by=BY_ID), ()) for name in ("emotions", "customers")],
}
"""What the queries ask whose parts are computed, by file. A new file with such a query must say here what it asks."""

READ_ELSEWHERE = {"web/src/data/customers.ts", "web/src/data/customers-one.ts", "web/src/data/emotions.ts"}
"""The customers list, a customer's timeline, sentences of a mood: put together; tests of their own hold them."""


def test_the_file_is_up_to_date() -> None:
    assert json.loads(FILE.read_text()) == to_json(wanted()), "run scripts/indexes and commit"


def test_the_file_says_what_was_meant() -> None:
    assert wanted() == DEPLOYED


def python_found() -> list[Found]:
    return [found for path in python_files() for found in python_queries(path)]


def web_found() -> list[Found]:
    return [found for path in web_files() for found in web_queries(path)]


def test_every_query_in_python_has_its_index() -> None:
    found = python_found()
    assert len(found) > 20, "the scan finds the queries"
    lacking = [(each.where, missing(each.query, DEPLOYED, each.sums)) for each in found if each.query]
    assert [f"{where}: {what}" for where, what in lacking if what] == []


def test_a_computed_query_is_written_down() -> None:
    computed = {found.file for found in python_found() if found.query is None}
    assert computed - COMPUTED.keys() == set(), "say in COMPUTED what these queries ask"
    assert COMPUTED.keys() - computed == set(), "these are written out now: take them out of COMPUTED"


@pytest.mark.parametrize("file", COMPUTED)
def test_every_computed_query_has_its_index(file: str) -> None:
    assert [what for query, sums in COMPUTED[file] if (what := missing(query, DEPLOYED, sums))] == []


def test_every_query_in_the_console_has_its_index() -> None:
    found = web_found()
    assert len(found) > 2, "the scan finds the queries"
    lacking = [(each.where, missing(each.query, DEPLOYED)) for each in found if each.query]
    assert [f"{where}: {what}" for where, what in lacking if what] == []


def test_a_computed_query_of_the_console_names_its_listing() -> None:
    computed = {found.file for found in web_found() if found.query is None}
    assert computed - READ_ELSEWHERE == set(), "write the query's parts out, or test it as the customers list"


def test_every_timeline_filter_has_its_index() -> None:
    of_customer = ("customerId", "in", ["a", "b"])
    chosen = [
        (),
        (("kind", "==", "order"),),
        (("channel", "==", "csv"),),
        (("kind", "==", "order"), ("channel", "==", "csv")),
    ]
    asked = [Query("events", (of_customer, *filters), (("at", "desc"),)) for filters in chosen]
    assert [what for query in asked if (what := missing(query, DEPLOYED))] == []


def test_the_sentences_of_a_mood_have_their_index() -> None:
    spans: Any = (("at", ">=", 0), ("at", "<", 1))
    asked = [
        Query("emotions", ((name, "==", "x"), *more), NEWEST)
        for name, more in (("top", ()), ("top", spans), ("productId", ()))
    ]
    assert [what for query in asked if (what := missing(query, DEPLOYED))] == []


WEB_BUILDS = re.compile(
    r"import \{[^}]*\b(?:query|where|orderBy|collection|collectionGroup|getDocs)\b[^}]*\} from \"firebase/firestore"
)
PYTHON_BUILDS = re.compile(r"\bFieldFilter\b|\.collection_group\(|\.order_by\(")


def test_only_the_data_folder_and_the_store_build_queries() -> None:
    web = [path for path in web_files() if "data" not in path.parts and WEB_BUILDS.search(path.read_text())]
    python = [
        path for path in python_files() if path.name != "firestore_store.py" and PYTHON_BUILDS.search(path.read_text())
    ]
    assert [str(path.relative_to(ROOT)) for path in web + python] == []


def test_the_customers_list_may_combine_any_filters_with_any_sort() -> None:
    listing = LISTINGS["customers"]
    for filters in chain.from_iterable(combinations(listing.filters, size) for size in range(len(listing.filters) + 1)):
        for sort in listing.sorts:
            for direction in ("asc", "desc"):
                plain = equal("customers", *filters, order=((sort, direction),))
                assert missing(plain, DEPLOYED) is None
                searched = (("searchTokens", "array_contains", "an"), *plain.where)
                assert missing(Query("customers", searched, plain.order_by), DEPLOYED) is None
        assert missing(equal("customers", *filters), DEPLOYED) is None, "the count has no order"


def test_the_customers_list_asks_for_listed_fields_only() -> None:
    text = (ROOT / "web/src/data/customers.ts").read_text()
    listing = LISTINGS["customers"]
    pushed = set(re.findall(r"found\.push\(\[\"([\w.]+)\", \"==\"", text))
    contained = set(re.findall(r"found\.push\(\[\"([\w.]+)\", \"array-contains\"", text))
    assert pushed <= set(listing.filters)
    assert contained <= set(listing.array_filters)
    assert len(re.findall(r"found\.push\(", text)) == len(pushed) + len(contained)
    assert "LISTINGS.customers.sorts" in text


# --- covered ---------------------------------------------------------------------------------------------------

A_S = Index("x", (("a", "ASCENDING"), ("s", "DESCENDING")))
B_S = Index("x", (("b", "ASCENDING"), ("s", "DESCENDING")))
T_S = Index("x", (("t", "CONTAINS"), ("s", "DESCENDING")))
A_SUM = Index("x", (("a", "ASCENDING"), ("m", "ASCENDING")))
S_R = Index("x", (("s", "DESCENDING"), ("r", "ASCENDING")))
PLAIN = Indexes((A_S, B_S, T_S, A_SUM, S_R), {})
DESC = (("s", "desc"),)


@pytest.mark.parametrize(
    ("query", "sums"),
    [
        (Query("x"), ()),
        (Query("y/1/x", order_by=(("__name__", "asc"),)), ()),
        (Query("x", order_by=(("q", "desc"),)), ()),
        (Query("x", order_by=(("q", "desc"), ("__name__", "desc"))), ()),
        (Query("x", (("q", ">=", 1),)), ()),
        (Query("x", (("q", ">=", 1), ("q", "<", 9)), (("q", "desc"),)), ()),
        (Query("x", (("q", "==", 1), ("p", "in", [1]), ("z", "array_contains", 1))), ()),
        (Query("x", (("a", "==", 1),), DESC), ()),
        (Query("x", (("a", "in", [1, 2]),), DESC), ()),
        (Query("x", (("a", "==", 1), ("b", "==", 2)), DESC), ()),
        (Query("x", (("a", "==", 1), ("t", "array_contains", 2)), DESC), ()),
        (Query("x", (("a", "==", 1), ("s", "<", 2)), DESC), ()),
        (Query("x", (("a", "==", 1),), (("a", "asc"), ("s", "desc"))), ()),
        (Query("x", (), (("s", "desc"), ("r", "asc"))), ()),
        (Query("x"), ("q",)),
        (Query("x", (("q", ">=", 1),)), ("q",)),
        (Query("x", (("a", "==", 1),)), ("m",)),
        (Query("x", (("a", "==", 1),)), ("a",)),
    ],
)
def test_covered(query: Query, sums: tuple[str, ...]) -> None:
    assert missing(query, PLAIN, sums) is None


@pytest.mark.parametrize(
    ("query", "sums"),
    [
        (Query("x", (("c", "==", 1),), DESC), ()),
        (Query("x", (("a", "==", 1), ("c", "==", 1)), DESC), ()),
        (Query("x", (("a", "==", 1),), (("s", "asc"),)), ()),
        (Query("x", (("a", "==", 1),), (("q", "desc"),)), ()),
        (Query("x", (("a", "==", 1), ("s", ">", 2))), ()),
        (Query("x", (("a", "array_contains", 1),), DESC), ()),
        (Query("x", (("a", "==", 1),), (("s", "desc"), ("__name__", "asc"))), ()),
        (Query("x", (), (("s", "desc"), ("r", "desc"))), ()),
        (Query("x", (("s", ">", 1),), (("r", "asc"),)), ()),
        (Query("z", (("a", "==", 1),), DESC), ()),
        (Query("x"), ("q", "m")),
        (Query("x", (("b", "==", 1),)), ("m",)),
        (Query("x", (("a", "==", 1),)), ("m", "q")),
    ],
)
def test_not_covered(query: Query, sums: tuple[str, ...]) -> None:
    assert not covered(query, PLAIN, sums)


def test_the_guard_of_the_stores_lets_through_what_is_covered_and_raises_for_the_rest() -> None:
    check = indexing.guard(PLAIN)
    check(Query("x", (("a", "==", 1),)), ("m",))
    with pytest.raises(Unindexed, match="no index for x: b ASCENDING, m ASCENDING"):
        check(Query("x", (("b", "==", 1),)), ("m",))


def test_a_field_is_indexed_as_its_map_or_its_collection_unless_it_says_otherwise() -> None:
    some = Indexes((), {("x", "m"): frozenset(), ("x", "m.a"): frozenset({"ASCENDING"}), ("y", "*"): frozenset()})
    assert some.modes("x", "m.b.c") == frozenset()
    assert some.modes("x", "m.a") == some.modes("x", "m.a.b") == frozenset({"ASCENDING"})
    assert some.modes("x", "n") == AUTOMATIC
    assert some.modes("y", "n") == frozenset()
    assert covered(equal("x", "m.a"), some)
    assert not covered(Query("x", (), (("m.a", "desc"),)), some)
    assert missing(equal("x", "m.b"), some) == (
        "no index for x: m.b ASCENDING: list it in schema/lists.py, run scripts/indexes"
    )


def test_nothing_is_indexed_that_is_never_asked_for() -> None:
    for collection in indexing.LARGE:
        assert DEPLOYED.modes(collection, "unheard") == frozenset()
    for collection, field in (
        ("feedback", "text"),
        ("customers", "consent"),
        ("chunks", "rows"),
        ("segmentations", "prototypes"),
        ("parked", "record"),
        ("audit", "before"),
        ("views", "query"),
    ):
        assert DEPLOYED.modes(collection, field) == frozenset(), (collection, field)
    assert DEPLOYED.modes("segments", "retired") == AUTOMATIC


def test_a_new_listing_makes_the_file_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LISTINGS, "new", Listing("customers", sorts=("gender",), filters=("country",)))
    assert wanted() != DEPLOYED
    assert covered(equal("customers", "country", "language", order=(("gender", "asc"),)), wanted()) is False
    assert covered(equal("customers", "country", order=(("gender", "asc"),)), wanted())
