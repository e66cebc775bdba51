"""Chats and tickets, one JSON object a line: the customers' words come in, the answers do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.imports import upload
from functions.imports.conversations import NotALine, read
from functions.imports.detect import DetectError, detect
from scripts.lib.importing import parts
from tests.imports.driver import System

SAMPLES = Path(__file__).parents[2] / "samples"
INTERCOM = {
    "type": "conversation", "id": "9", "created_at": 1762074720,
    "source": {"type": "conversation", "id": "s1", "body": "<p>Is it washable?</p>",
               "author": {"type": "lead", "id": "l1", "name": "Ada", "email": ""}},
    "conversation_parts": {"type": "conversation_part.list", "conversation_parts": [
        {"id": "p1", "part_type": "comment", "body": "<p>Yes, at 30°.</p>", "created_at": 1762074780,
         "author": {"type": "admin", "id": "a1", "name": "Sam"}},
        {"id": "p2", "part_type": "assignment", "body": None, "author": {"type": "bot", "id": "b"}},
        {"id": "p3", "part_type": "comment", "body": "<p>Great, thanks!</p>", "created_at": 1762074840,
         "author": {"type": "user", "id": "u1", "name": "Ada", "email": "ada@mail.example"}}]},
}  # fmt: skip
GORGIAS = {
    "id": 4, "channel": "email", "subject": "Size", "language": "de", "created_datetime": "2025-11-02T09:12:00+00:00",
    "customer": {"id": 1, "name": "Ivo", "email": "ivo@mail.example"},
    "messages": [
        {"id": 41, "from_agent": False, "channel": "email", "stripped_text": "Fällt das groß aus?", "body_text": "x",
         "created_datetime": "2025-11-02T09:12:00+00:00", "sender": {"id": 1, "email": "ivo@mail.example"}},
        {"id": 42, "from_agent": True, "channel": "email", "body_text": "Ja, etwas."},
        {"id": 43, "from_agent": False, "channel": "chat", "body_text": "Danke!",
         "created_datetime": "2025-11-02T09:20:00+00:00"}],
}  # fmt: skip


def ndjson(*objects: Any) -> str:
    return "".join((one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in objects)


def imported(text: str, per_part: int = 2) -> tuple[System, dict[str, Any]]:
    """Import JSON lines as the browser cuts them: whole lines, none left out as a header."""
    system = System()
    found = detect(text)
    made = upload.create(
        system.world,
        {
            "kind": found["kind"], "fileName": "tickets.ndjson", "header": found["header"],
            "mapping": found["mapping"], "delimiter": found["delimiter"], "currency": "USD", "zone": "UTC",
            "dateOrder": found["dateOrder"],
        },
        "u1",
        "Olivia",
    )  # fmt: skip
    held = text.splitlines(keepends=True)
    pieces = [held[start : start + per_part] for start in range(0, len(held), per_part)]
    for index, part in enumerate(pieces):
        args = {"importId": made["importId"], "part": index, "firstLine": 1 + index * per_part, "text": "".join(part)}
        upload.upload(system.world, args)
    upload.finish(system.world, {"importId": made["importId"], "parts": len(pieces)})
    system.run()
    return system, system.store.documents[f"imports/{made['importId']}"][0]["counts"]


def words(system: System) -> list[tuple[str, str, str]]:
    found = [data for path, (data, *_) in system.store.documents.items() if path.startswith("feedback/")]
    return sorted((data["externalId"], data["kind"], data["text"]) for data in found)


def test_the_sample_of_tickets() -> None:
    text = (SAMPLES / "support_tickets.ndjson").read_text()
    found = detect(text)
    assert (found["preset"], found["kind"], found["delimiter"], found["problems"]) == ("Zendesk", "reviews", "{", [])
    system, counts = imported(text)
    # One line is cut off, one ticket holds nothing but an answer.
    assert (counts["rows"], counts["rejected"], counts["created"]) == (7, 2, 5)
    said = words(system)
    assert [(one[0], one[1]) for one in said] == [
        ("90101-1", "message"), ("90101-4", "message"), ("90102-5", "chat"), ("90103-7", "message"),
        ("90105-9", "message"),
    ]  # fmt: skip
    assert not any("carrier" in one[2].lower() or "refund is on its way" in one[2] for one in said)
    before = words(system)
    again, _ = imported(text, per_part=5)
    assert words(again) == before


def test_intercom_and_gorgias() -> None:
    found = detect(ndjson(INTERCOM))
    assert (found["preset"], found["header"]) == ("Intercom", ["id", "sentAt", "email", "customer", "name", "text"])
    told = read(json.dumps(INTERCOM))
    assert [(values["id"], values.get("customer"), kind) for values, kind in told.messages] == [
        ("9-s1", "intercom:l1", "chat"),
        ("9-p3", None, "chat"),
    ]
    assert told.others == 1
    told = read(json.dumps(GORGIAS))
    assert [(v["id"], v["text"], v.get("subject"), kind) for v, kind in told.messages] == [
        ("4-41", "Fällt das groß aus?", "Size", "message"),
        ("4-43", "Danke!", None, "chat"),
    ]
    system, counts = imported(ndjson(INTERCOM, GORGIAS))
    assert counts["created"] == 4
    customers = [path for path in system.store.documents if path.startswith("customers/") and path.count("/") == 1]
    assert len(customers) == 3


def test_plain_messages_with_keys_of_their_own() -> None:
    text = ndjson(
        {"id": 1, "customer": "maren@mail.example", "text": "Lovely!", "at": "2025-11-02T09:12:00Z"},
        {"id": 2, "customer": "maren@mail.example", "text": "We are happy to hear that", "role": "agent"},
        {"id": 3, "customer": "maren@mail.example", "text": "See you", "at": 1762074720, "channel": "whatsapp"},
        '{"id": 4, "text": ',
        "[1, 2]",
    )
    found = detect(text)
    fields = {match["column"]: match["field"] for match in found["mapping"]}
    assert {fields[name] for name in ("id", "email", "text", "at")} == {"reviewId", "email", "text", "date"}
    assert found["preset"] is None
    system, counts = imported(text)
    assert (counts["rows"], counts["rejected"], counts["created"]) == (5, 3, 2)
    assert words(system) == [("1", "message", "Lovely!"), ("3", "chat", "See you")]
    inside = detect(
        ndjson({"id": 1, "customer": {"id": "c7", "name": "Ada"}, "message": "Hi", "created_at": "2025-01-01"})
    )
    assert inside["header"] == ["id", "customer.id", "customer.name", "message", "created_at"]
    assert {match["column"]: match["field"] for match in inside["mapping"]}["customer.id"] == "customerId"


def test_the_command_line_cuts_lines_too() -> None:
    text = (SAMPLES / "support_tickets.ndjson").read_text()
    held = text.splitlines(keepends=True)
    assert list(parts(iter(held), "{")) == [(1, text)]
    many = held * 700
    cut = list(parts(iter(many), "{"))
    assert len(cut) > 1 and "".join(each for _, each in cut) == "".join(many)
    assert [first for first, _ in cut] == [1, *(1 + sum(p.count("\n") for _, p in cut[:i]) for i in range(1, len(cut)))]


def test_what_is_no_line() -> None:
    for line in ("", "nonsense", "[1]", '"text"', "12"):
        with pytest.raises(NotALine):
            read(line)
    with pytest.raises(DetectError) as told:
        detect('[\n{"id": 1}\n]')
    assert told.value.code == "json_list"
    with pytest.raises(DetectError) as told:
        detect(ndjson({"id": 1, "role": "agent", "text": "Hello"}))
    assert told.value.code == "no_words"
    assert detect("[Order],date,amount,customer id\n1,2025-01-01,5,c\n")["delimiter"] == ","


KEYS = st.sampled_from(
    ["id", "requester", "requester_id", "comments", "author_id", "plain_body", "public", "via", "channel", "type",
     "source", "author", "body", "conversation_parts", "messages", "customer", "from_agent", "sender", "email", "text",
     "role", "ticket", "description", "name"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
    | st.sampled_from(["user", "agent", "conversation", "a@b.example"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, ANYTHING, max_size=6))
def test_any_object_is_read(held: dict[str, Any]) -> None:
    told = read(json.dumps(held))
    for values, kind in told.messages:
        assert kind in ("message", "chat")
        assert all(isinstance(value, str) and value for value in values.values())


def test_an_odd_line_never_breaks_the_rest() -> None:
    odd = [
        {"requester_id": None, "comments": [{"author_id": None, "body": "Hi"}]}, {"conversation_parts": 7},
        {"messages": [1, None, {"from_agent": False}], "customer": "x"}, {"ticket": {"requester": {}}}, {},
        {"type": "conversation", "source": None}, {"id": {"a": [1]}, "text": ["x"]},
    ]  # fmt: skip
    for one in odd:
        read(json.dumps(one))
    assert not read(json.dumps(odd[0])).messages, "nobody is not the customer"
    deep = "[" * 100_000
    with pytest.raises(NotALine):
        read(deep)
