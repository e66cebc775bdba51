"""Care cases: taken, noted, done, open again; by whom, with an audit entry, and the customer's mood looked at anew."""

from __future__ import annotations

import pytest

from functions.access.errors import Refused
from schema.records import Texts
from tests.people.conftest import NOW, Desk


def test_a_case_is_taken_noted_and_done(desk: Desk) -> None:
    desk.call("support", "case.assign", caseId="k1", uid="support")
    desk.call("support", "case.note", caseId="k1", note="  Called, will resend.  ")
    desk.call("marketer", "case.done", caseId="k1")
    case = desk.get("cases/k1")
    assert (case["assigneeName"], case["note"], case["status"]) == ("Support", "Called, will resend.", "done")
    assert (case["doneByName"], case["doneAt"]) == ("Marketer", NOW)
    assert sorted(entry["action"] for entry in desk.audit()) == ["case.assign", "case.done", "case.note"]
    # The words of a note are the customer's affair: the audit names the change and does not quote it.
    assert all("resend" not in str(entry) for entry in desk.audit())


def test_closing_has_the_mood_read_anew_and_the_customer_looked_at(desk: Desk) -> None:
    desk.call("owner", "case.done", caseId="k1", note="Refunded")
    sent = dict(desk.bus.take())
    assert isinstance(sent["texts"], Texts) and sent["texts"].ids == ["f1"]
    assert sent["customers-changed"].to_json()["ids"] == ["ann"]


def test_a_second_press_changes_nothing_more(desk: Desk) -> None:
    desk.call("owner", "case.done", caseId="k1")
    before = desk.store.dump()
    desk.now = desk.now.replace(hour=13)
    desk.call("owner", "case.done", caseId="k1")
    assert desk.store.dump() == before


def test_undo_opens_it_again(desk: Desk) -> None:
    desk.call("owner", "case.done", caseId="k1")
    desk.call("owner", "case.reopen", caseId="k1")
    case = desk.get("cases/k1")
    assert (case["status"], case["doneAt"], case["doneBy"]) == ("open", None, None)


def test_what_was_written_is_taken_back(desk: Desk) -> None:
    desk.call("owner", "case.note", caseId="k1", note="First")
    desk.call("owner", "case.done", caseId="k1", note="Second")
    desk.call("owner", "case.reopen", caseId="k1", note="First")
    case = desk.get("cases/k1")
    assert (case["status"], case["note"]) == ("open", "First")
    desk.call("owner", "case.note", caseId="k1", note=None)
    assert desk.get("cases/k1")["note"] is None
    desk.call("owner", "case.done", caseId="k1", note="Third")
    desk.call("owner", "case.reopen", caseId="k1", note=None)
    assert desk.get("cases/k1")["note"] is None


def test_a_case_opened_by_hand_is_one_case_however_often_pressed(desk: Desk) -> None:
    first = desk.call("support", "case.open", customerId="ann", note="She rang twice")
    again = desk.call("support", "case.open", customerId="ann", note="She rang twice")
    assert first == again
    case = desk.get(f"cases/{first['id']}")
    assert (case["kind"], case["customerId"], case["assignee"], case["status"]) == ("manual", "ann", "support", "open")


@pytest.mark.parametrize(
    ("action", "args", "field"),
    [
        ("case.assign", {"caseId": "k1", "uid": "analyst"}, "uid"),
        ("case.assign", {"caseId": "k1", "uid": "nobody"}, "uid"),
        ("case.assign", {"caseId": "k1", "uid": "a/b"}, "uid"),
        ("case.note", {"caseId": "k1", "note": "  "}, "note"),
        ("case.note", {"caseId": "k1", "note": "x" * 5001}, "note"),
        ("case.done", {"caseId": "gone"}, "caseId"),
        ("case.open", {"customerId": "gone"}, "customerId"),
    ],
)
def test_what_cannot_be_done_names_the_field_and_writes_nothing(
    desk: Desk, action: str, args: dict[str, str], field: str
) -> None:
    before = desk.store.dump()
    with pytest.raises(Refused) as refused:
        desk.call("owner", action, **args)
    assert refused.value.field == field and refused.value.en and refused.value.zh
    assert desk.store.dump() == before
