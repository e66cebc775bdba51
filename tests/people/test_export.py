"""The export: the chosen columns in the list's order, harmless to spreadsheets, contact data by role, audited once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.access.audit import Actor
from functions.access.calls import Call
from functions.access.errors import Forbidden, Refused
from functions.people import export as module
from functions.people.listing import Filter, Pointer, Sort, page
from schema.store import Put
from tests.people.conftest import Accounts, Desk


def whole(desk: Desk, **args: Any) -> list[list[str]]:
    """The file of an export, page after page."""
    text, after = "", None
    while True:
        extra: dict[str, Any] = {"after": after} if after else {}
        part = desk.call("owner", "people.export", **args, **extra)
        text, after = text + part["csv"], part["next"]
        if after is None:
            return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_has_the_chosen_columns_in_the_lists_order(desk: Desk) -> None:
    desk.store.commit([Put("settings/shop", {"currency": "JPY", "zone": "Asia/Shanghai"})])
    desk.customer("ann", 5)
    desk.customer("bob", 9, 2, country="CN", tags=("b", "a"))
    desk.customer("lost", 1, mergedInto="bob")
    rows = whole(
        desk,
        columns=["lastOrder", "name", "email", "revenue", "phone", "tags"],
        sort={"field": "stats.orders", "direction": "desc"},
        filter={},
    )
    assert rows == [
        ["Name", "E-mail", "Phone", "Revenue (JPY)", "Last order", "Tags"],
        ["Bob", "bob@x.example", "'+44123", "2500", "2026-02-27 20:00", "b; a"],
        ["Ann", "ann@x.example", "'+44123", "1250", "2026-02-24 20:00", ""],
    ]
    (entry,) = desk.audit()
    assert (entry["action"], entry["after"]["rows"]) == ("people.export", 2)
    assert entry["after"]["columns"] == ["name", "email", "phone", "revenue", "lastOrder", "tags"]


@pytest.mark.parametrize("field", ["stats.lastOrderAt", "displayName", "stats.revenue", "updatedAt"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_put_together_are_the_list(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, field: str, direction: str
) -> None:
    monkeypatch.setattr(module, "PAGE", 3)
    for number in range(11):
        desk.customer(f"c{number}", *([number % 3] if number % 4 else []))
    rows = whole(desk, columns=["id"], sort={"field": field, "direction": direction}, filter={})
    assert sorted(row[0] for row in rows[1:]) == sorted(f"c{number}" for number in range(11))
    assert len(desk.audit()) == 1


FIRST: dict[str, Any] = {"columns": ["name"], "filter": {"country": "GB"}, "language": "en"}


@pytest.mark.parametrize(
    "other",
    [
        {"columns": ["name", "email"]},
        {"filter": {}},
        {"filter": {"country": "GB", "words": ["x"]}},
        {"sort": {"field": "displayName", "direction": "asc"}},
        {"customerIds": ["c1"]},
        {"language": "zh"},
    ],
)
def test_a_later_page_answers_the_first_pages_question_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    for number in range(5):
        desk.customer(f"c{number}", country="GB")
    following = desk.call("owner", "people.export", **FIRST)["next"]
    with pytest.raises(Refused, match="begin the export again"):
        desk.call("owner", "people.export", **FIRST | other, after=following)
    with pytest.raises(Refused, match="begin the export again"):
        desk.call("marketer", "people.export", **FIRST, after=following)
    assert desk.call("owner", "people.export", **FIRST, after=following)["rows"] == 2
    assert len(desk.audit()) == 1


def test_a_later_page_cannot_be_made_up_and_does_not_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    for number in range(5):
        desk.customer(f"c{number}", country="GB")
    plain = page(desk.world, Filter(), Pointer(), Sort("stats.lastOrderAt", "desc"), None, 2)[1]
    following = desk.call("owner", "people.export", **FIRST)["next"]
    head, _, seal = following.rpartition(".")
    later = f"{int(head.partition('.')[0]) + 1}.{head.partition('.')[2]}.{seal}"
    for made_up in (plain, "", 5, "é", "\ud800", "1.x.y", f"{head}.", later):
        with pytest.raises(Refused, match="begin the export again"):
            desk.call("owner", "people.export", **FIRST, after=made_up)
    desk.now += module.LASTS + timedelta(seconds=1)
    with pytest.raises(Refused, match="begin the export again"):
        desk.call("owner", "people.export", **FIRST, after=following)


def test_words_narrow_and_leave_no_name_in_the_audit(desk: Desk) -> None:
    desk.customer("ann", displayName="Ann Lee", searchTokens=["an", "le"])
    desk.customer("anton", displayName="Anton Berg", searchTokens=["an", "be"])
    rows = whole(desk, columns=["name"], filter={"token": "an", "words": ["lee"]})
    assert rows[1:] == [["Ann Lee"]]
    assert desk.audit()[0]["after"]["filter"] == {"search": "(kept private)"}


def test_beside_a_tag_the_words_of_a_name_are_held_against_the_rows(desk: Desk) -> None:
    desk.customer("ann", displayName="Ann Lee", tags=("vip",))
    desk.customer("lee", displayName="Lee Wong", tags=("vip",), externalId="77")
    desk.customer("leo", displayName="Ann Leeds")
    rows = whole(desk, columns=["name"], filter={"tag": "vip", "words": ["ann", "lee"]})
    assert rows[1:] == [["Ann Lee"]]


def test_the_segment_in_force_decides(desk: Desk) -> None:
    desk.store.commit(
        [
            Put("config/segmentation", {"active": 3, "nextVersion": 5}),
            Put("segments/s1", {"retired": False, "name": {"en": "Fans", "zh": "粉丝"}}),
        ]
    )
    desk.customer("ann", segment={"id": "s1", "from": 3, "before": None, "reasons": []})
    desk.customer("bob", segment={"id": "s1", "from": 4, "before": None, "reasons": []})
    desk.customer("cat", segment={"id": "s2", "from": 4, "before": "s1", "reasons": []})
    desk.customer("dan", segment={"id": "s2", "from": 3, "before": "s1", "reasons": []})
    rows = whole(desk, columns=["name", "segment"], filter={"segment": "s1"}, language="zh")
    assert rows[0] == ["姓名", "分群"] and sorted(rows[1:]) == [["Ann", "粉丝"], ["Cat", "粉丝"]]
    assert desk.audit()[0]["after"]["rows"] == 2
    moved = whole(desk, columns=["name"], filter={"segment": "s2", "movedFrom": "s1", "movedIn": "4"})
    assert moved[1:] == [["Cat"]]
    assert whole(desk, columns=["name"], filter={"segment": "s1", "movedFrom": "new", "movedIn": "4"})[1:] == [["Bob"]]


def test_just_the_chosen_customers(desk: Desk) -> None:
    for name in ("ann", "bob", "cat"):
        desk.customer(name)
    desk.customer("gone", mergedInto="ann")
    rows = whole(desk, columns=["name"], customerIds=["cat", "ann", "gone", "nobody"])
    assert rows == [["Name"], ["Cat"], ["Ann"]]
    assert (desk.audit()[0]["after"]["filter"], desk.audit()[0]["after"]["rows"]) == ("chosen customers", 2)


def test_contact_columns_need_a_role_that_reads_contact_data(desk: Desk) -> None:
    desk.customer("ann")
    support = Call(desk.world, Actor("s", "Sam", "s@x.example", "support"), {"columns": ["name", "email"]}, Accounts())
    with pytest.raises(Forbidden):
        module.export(support)
    assert desk.audit() == []


@pytest.mark.parametrize("columns", [[], ["shoe size"], "name", None])
def test_unknown_columns_are_refused(desk: Desk, columns: Any) -> None:
    with pytest.raises(Refused):
        desk.call("owner", "people.export", columns=columns)


@given(st.text(max_size=8))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert module.harmless(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert module.harmless(text).removeprefix("'") in (text, text.removeprefix("'"))
