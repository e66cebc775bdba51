"""Imports from the first byte to the last write, calm and in storms."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest

from functions.access import edits
from functions.access.audit import Actor
from functions.access.errors import Refused
from functions.imports import upload
from functions.imports.report import report
from functions.schedule import sweep
from tests.imports.driver import System
from tests.imports.files import cdnow, orders

FORM = "newsletter form, May 2024"
OWNER = Actor("u1", "Olivia", "owner@timbre.test", "owner")


def held(system: System, import_id: str) -> dict[str, Any]:
    return dict(system.store.documents[f"imports/{import_id}"][0])


def figures(system: System) -> tuple[int, int]:
    overview = system.store.documents["metrics/overview"][0]
    return overview["orders"], overview["revenue"]


@pytest.mark.slow
def test_cdnow_comes_in_whole_and_a_second_time_changes_nothing() -> None:
    system = System()
    first = system.upload(cdnow())
    system.run()
    assert figures(system) == (6919, 24_409_194)
    counts = held(system, first)["counts"]
    assert (counts["rows"], counts["created"], counts["repeated"], counts["customers"]) == (6919, 6919, 21, 2357)
    before = {path: data for path, data in system.state().items() if not path.startswith(("imports/", "runs/"))}
    again = system.upload(cdnow())
    system.run()
    counts = held(system, again)["counts"]
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (0, 0, 6919)
    assert {path: data for path, data in system.state().items() if not path.startswith(("imports/", "runs/"))} == before
    assert system.store.documents["metrics/overview"][0]["dataEnded"]


def test_one_changed_row_moves_the_totals() -> None:
    system = System()
    text = "order_id,customer_id,date,amount\n1,a,2025-01-01,10\n2,a,2025-01-05,20\n"
    system.upload(text)
    system.run()
    assert figures(system) == (2, 3000)
    system.now = system.now.replace(hour=11)
    system.upload(text.replace(",20\n", ",25.50\n"))
    system.run()
    assert figures(system) == (2, 3550)


@pytest.mark.parametrize("seed", range(12))
def test_a_storm_ends_in_the_state_of_a_calm_run(seed: int) -> None:
    text = orders(random.Random(seed), 150)
    calm, stormy = System(), System()
    calm.upload(text, part_rows=40)
    calm.run()
    calm.storm(random.Random(0), crash_every=10**9)
    stormy.upload(text, part_rows=40)
    stormy.storm(random.Random(seed))
    assert stormy.state() == calm.state()


def test_bad_rows_are_reported_with_line_and_reason_and_stop_nothing() -> None:
    system = System()
    text = (
        "customer_id,date,amount,email\n"
        "a,2025-01-01,10,\n"
        "b,2025-02-30,10,\n"
        "c,2025-01-01,abc,\n"
        "d,2025-01-01,-3,\n"
        ",2025-01-01,4,\n"
        "e,2025-01-01\n"
        "f,2031-01-01,4,\n"
        "=cmd,2025-01-01,5,broken@\n"
    )
    import_id = system.upload(text)
    system.run()
    counts = held(system, import_id)["counts"]
    assert (counts["rows"], counts["created"], counts["rejected"]) == (8, 2, 6)
    rows = list(csv.DictReader(io.StringIO(report(system.world, {"importId": import_id})["csv"])))
    assert [(row["line"], row["reason"], row["row taken"]) for row in rows] == [
        ("3", "date", "no"),
        ("4", "amount", "no"),
        ("5", "negative", "no"),
        ("6", "no_customer", "no"),
        ("7", "too_few_columns", "no"),
        ("8", "future", "no"),
        ("9", "email", "yes"),
    ]
    assert rows[-1]["row"].startswith("'=cmd")


def test_identical_rows_are_separate_orders_also_over_parts() -> None:
    system = System()
    text = "customer_id,date,amount\n" + "a,2025-01-01,10\n" * 5 + "b,2025-01-01,0\n"
    import_id = system.upload(text, part_rows=2)
    system.run()
    assert figures(system) == (6, 5000)
    assert held(system, import_id)["counts"]["repeated"] == 4


@pytest.mark.parametrize("part_rows", [1, 2, 3, 100])
def test_an_order_of_several_rows_is_one_order_wherever_the_upload_is_cut(part_rows: int) -> None:
    system = System()
    text = (
        "Name,Customer id,Created at,Total,Lineitem name,Lineitem quantity,Lineitem price\n"
        "#1001,a,2025-01-01,30.00,Cup,1,10.00\n"
        "#1001,a,2025-01-01,,Plate,2,10.00\n"
        "#1002,b,2025-01-02,5.00,Spoon,1,5.00\n"
    ).replace("Name,", "Order name,")
    import_id = system.upload(text, part_rows=part_rows)
    system.run()
    assert figures(system) == (2, 3500)
    assert held(system, import_id)["counts"]["rejected"] == 0
    [order] = [data for path, (data, _) in system.store.documents.items() if data.get("externalId") == "#1001"]
    assert [line["title"] for line in order["lines"]] == ["Cup", "Plate"]


def test_the_same_order_id_with_other_values_is_refused_by_line() -> None:
    system = System()
    import_id = system.upload(
        "order_id,customer_id,date,amount\n1,a,2025-01-01,10\n2,b,2025-01-01,7\n1,a,2025-01-01,99\n"
    )
    system.run()
    assert figures(system) == (2, 1700)
    rows = list(csv.DictReader(io.StringIO(report(system.world, {"importId": import_id})["csv"])))
    assert [(row["line"], row["reason"]) for row in rows] == [("4", "repeated_id")]


def test_words_without_a_customer_make_no_customer() -> None:
    system = System()
    import_id = system.upload("product_id,text,rating\np1,Lovely,5\np2,,2\np3,,\n", kind="reviews")
    system.run()
    counts = held(system, import_id)["counts"]
    assert (counts["created"], counts["rejected"], counts["withoutCustomer"]) == (2, 1, 2)
    assert not [path for path in system.store.documents if path.startswith("customers/")]


def test_nobody_is_contactable_without_a_consent_column_until_it_is_signed_for() -> None:
    system = System()
    import_id = system.upload(
        "customer_id,email,phone\na,a@example.com,+442079460001\nb,b@example.com,\n", kind="customers"
    )
    system.run()
    assert held(system, import_id)["contactable"] == 0
    with pytest.raises(Refused, match="10 characters"):
        edits.attest(system.world, OWNER, {"importId": import_id, "channels": ["email"], "source": "web"})
    edits.attest(system.world, OWNER, {"importId": import_id, "channels": ["email"], "source": FORM})
    system.run()
    assert held(system, import_id)["reachable"]["email"] == 2
    [audit] = [data for path, (data, _) in system.store.documents.items() if path.startswith("audit/")]
    assert (audit["action"], audit["actorName"]) == ("import.attest", "Olivia")


def test_a_persons_own_refusal_stands_against_an_attestation() -> None:
    system = System()
    import_id = system.upload(
        "customer_id,email,accepts marketing\na,a@example.com,no\nb,b@example.com,\n", kind="customers"
    )
    system.run()
    edits.attest(system.world, OWNER, {"importId": import_id, "channels": ["email"], "source": FORM})
    system.run()
    assert held(system, import_id)["reachable"]["email"] == 1


def test_a_cancelled_import_writes_no_more() -> None:
    system = System()
    import_id = system.upload("customer_id,date,amount\n" + "".join(f"c{n},2025-01-01,1\n" for n in range(900)))
    for _ in range(4):
        system.collect()
        system.handle(*system.queue.pop(0))
    upload.cancel(system.world, {"importId": import_id})
    done = len([path for path in system.store.documents if path.startswith("orders/")])
    system.run()
    assert held(system, import_id)["status"] == "cancelled"
    assert len([path for path in system.store.documents if path.startswith("orders/")]) == done < 900


def test_an_import_asks_for_one_recluster_when_orders_changed() -> None:
    system = System()
    system.upload("customer_id,date,amount\na,2025-01-01,10\n")
    system.run()
    assert len(set(system.reclusters)) == 1


def test_a_rate_given_later_counts_the_orders_that_had_none() -> None:
    system = System()
    system.upload("customer_id,date,amount,currency\na,2025-01-01,10,USD\na,2025-01-02,100,CNY\n", currency="USD")
    system.run()
    assert figures(system) == (2, 1000)
    assert system.store.documents["metrics/overview"][0]["unconvertedOrders"] == 1
    edits.edit_shop(system.world, OWNER, {"rates": {"CNY": 0.14}})
    system.run()
    sweep(system.world)
    assert figures(system) == (2, 2400)
    assert system.store.documents["metrics/overview"][0]["unconvertedOrders"] == 0
    assert system.store.documents["metrics/month-2025-01"][0]["revenue"] == 2400


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency": "QQQ"}, "currency"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"delimiter": "x"}, "delimiter"),
        ({"mapping": [{"field": "date"}, {"field": "date"}, {"field": None}]}, "mapping"),
        ({"mapping": [{"field": "customerId"}, {"field": "date"}, {"field": None}]}, "amount"),
        ({"header": []}, "header"),
    ],
)
def test_a_wrong_request_names_its_field(change: dict[str, Any], field: str) -> None:
    system = System()
    args = {
        "kind": "orders",
        "fileName": "f.csv",
        "header": ["a", "b", "c"],
        "mapping": [{"field": "customerId"}, {"field": "date"}, {"field": "amount"}],
        "delimiter": ",",
        "currency": "USD",
        "zone": "UTC",
        "dateOrder": "ymd",
    }
    with pytest.raises(Refused) as refused:
        upload.create(system.world, args | change, "u1", "Olivia")
    assert refused.value.field == field
    assert not system.store.documents
