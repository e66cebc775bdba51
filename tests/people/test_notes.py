"""Notes: written, edited, taken back and brought back; each change audited without its words."""

from __future__ import annotations

import json

import pytest

from functions.access.errors import Refused
from schema.connections import Note
from tests.people.conftest import Desk


def test_a_note_is_written_edited_taken_back_and_brought_back(desk: Desk) -> None:
    desk.customer("ann")
    note = desk.call("marketer", "people.note", customerId="ann", text="  Prefers tea \n")["id"]
    path = f"customers/ann/notes/{note}"
    assert Note.model_validate(desk.get(path)).text == "Prefers tea"
    desk.call("marketer", "people.noteEdit", customerId="ann", id=note, text="Prefers coffee")
    assert (desk.get(path)["text"], desk.get(path)["editedAt"]) == ("Prefers coffee", desk.now)
    desk.call("marketer", "people.noteDelete", customerId="ann", id=note)
    assert desk.get(path)["deleted"]
    desk.call("marketer", "people.noteDelete", customerId="ann", id=note, undo=True)
    assert not desk.get(path)["deleted"]
    assert sorted(one["action"] for one in desk.audit()) == [
        "people.note", "people.noteDelete", "people.noteDelete", "people.noteEdit",
    ]  # fmt: skip
    assert "tea" not in json.dumps(desk.audit(), default=str)
    assert "coffee" not in json.dumps(desk.audit(), default=str)


def test_saying_the_same_again_changes_nothing(desk: Desk) -> None:
    desk.customer("ann")
    note = desk.call("owner", "people.note", customerId="ann", text="x")["id"]
    before = desk.store.dump()
    desk.call("owner", "people.noteEdit", customerId="ann", id=note, text="x")
    desk.call("owner", "people.noteDelete", customerId="ann", id=note, undo=True)
    assert desk.store.dump() == before


def test_only_its_author_or_who_administers_changes_a_note(desk: Desk) -> None:
    desk.customer("ann")
    note = desk.call("owner", "people.note", customerId="ann", text="x")["id"]
    with pytest.raises(Refused, match="Only Owner or an admin"):
        desk.call("marketer", "people.noteEdit", customerId="ann", id=note, text="y")
    desk.call("admin", "people.noteEdit", customerId="ann", id=note, text="y")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"customerId": "ann", "text": "  "}, "text"),
        ({"customerId": "ann", "text": "x" * 5001}, "text"),
        ({"customerId": "ann", "text": 5}, "text"),
        ({"customerId": "bob", "text": "x"}, "not_found"),
        ({"customerId": "a/b", "text": "x"}, "customerId"),
    ],
)
def test_what_cannot_be_kept_is_refused(desk: Desk, args: dict[str, object], code: str) -> None:
    desk.customer("ann")
    before = desk.store.dump()
    with pytest.raises(Refused) as refused:
        desk.call("owner", "people.note", **args)
    assert (refused.value.code, desk.store.dump()) == (code, before)
