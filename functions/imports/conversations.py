"""Chats and tickets, one JSON object a line: what the customer wrote in them, and nothing of what was answered.

Shapes are told line by line: the ticket exports of Zendesk and Gorgias, Intercom's conversations, and plain messages
(`{"id", "customer", "text", "at"}`) with whatever names their keys have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

_LINE_END = re.compile(r"\r\n|\r|\n")
"""The line ends at which the browser cuts; JSON may hold any other as it is."""
JSON_LINES = "{"
"""Stands for a delimiter where lines are JSON objects instead of rows."""
Words = Literal["message", "chat"]

COLUMNS = {
    "id": "reviewId", "sentAt": "date", "email": "email", "phone": "phone", "customer": "customerId", "name": "name",
    "subject": "title", "text": "text", "language": "language",
}  # fmt: skip
"""What is taken of a conversation, with its meaning."""
NAMES = {"zendesk": "Zendesk", "intercom": "Intercom", "gorgias": "Gorgias"}
ROLES = ("role", "authortype", "sendertype", "from", "direction", "author.type", "sender.type", "type", "fromagent")
AGENT = frozenset(
    ("agent", "admin", "bot", "operator", "assistant", "staff", "support", "system", "outbound", "outgoing", "teammate",
     "note", "internal", "true")
)  # fmt: skip
CHATS = frozenset(
    ("chat", "livechat", "live_chat", "messenger", "facebook-messenger", "facebook", "whatsapp", "instagram", "sms",
     "conversation", "wechat", "native_messaging")
)  # fmt: skip


class NotALine(ValueError):
    """A line that holds no JSON object."""


@dataclass
class Told:
    """What one line holds."""

    shape: str
    """zendesk, intercom, gorgias, or "" for a plain message."""
    messages: list[tuple[dict[str, str], Words]] = field(default_factory=list)
    """The customer's, each by column."""
    others: int = 0
    """Messages of anybody else."""


def is_json_lines(text: str) -> bool:
    """Whether a text begins with a JSON object on a line of its own."""
    first = next((line for _, line in lines(text, 1)), "")
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def lines(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """(line of the file, text) of each line that is not empty."""
    for number, line in enumerate(_LINE_END.split(text), first_line):
        if stripped := line.strip().lstrip("\ufeff"):
            yield number, stripped


def read(line: str) -> Told:
    """The customer's messages of a line.

    Raises:
        NotALine: no JSON, or no object.
    """
    try:
        held = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotALine("not JSON") from error
    if not isinstance(held, dict):
        raise NotALine("not a JSON object")
    if isinstance(held.get("ticket"), dict):
        held = held["ticket"]
    if "requester_id" in held or isinstance(held.get("requester"), dict):
        return _zendesk(held)
    if "conversation_parts" in held or (held.get("type") == "conversation" and "source" in held):
        return _intercom(held)
    if isinstance(held.get("messages"), list) and (
        "customer" in held or any("from_agent" in one for one in _objects(held["messages"]))
    ):
        return _gorgias(held)
    return _plain(held)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _message(shape: str, person: Mapping[str, Any], **values: Any) -> dict[str, str]:
    """A message by column. A helpdesk's own number of a person stands only where there is no address."""
    email, phone = _text(person.get("email")), _text(person.get("phone"))
    number = _text(person.get("id"))
    known = {"email": email, "phone": phone, "name": _text(person.get("name"))}
    if not email and not phone and number:
        known["customer"] = f"{shape}:{number}"
    return {name: value for name, value in (known | {n: _text(v) for n, v in values.items()}).items() if value}


def _zendesk(held: dict[str, Any]) -> Told:
    told = Told("zendesk")
    person = _object(held.get("requester")) or {"id": held.get("requester_id")}
    requester = _text(held.get("requester_id")) or _text(person.get("id"))
    channel = _text(_object(held.get("via")).get("channel"))
    number = _text(held.get("id"))
    comments = _objects(held.get("comments"))
    if not comments and held.get("description"):
        # Without comments the description is the first one, by whoever opened the ticket.
        submitter = _text(held.get("submitter_id")) or requester
        comments = [{"author_id": submitter, "body": held["description"], "created_at": held.get("created_at")}]
    for place, comment in enumerate(comments):
        text = comment.get("plain_body") or comment.get("body") or comment.get("html_body")
        theirs = requester != "" and _text(comment.get("author_id")) == requester
        if not theirs or comment.get("public") is False or not _text(text):
            told.others += 1
            continue
        via = _text(_object(comment.get("via")).get("channel")) or channel
        values = _message(
            "zendesk", person, id=f"{number}-{_text(comment.get('id')) or place}", text=text,
            sentAt=comment.get("created_at") or held.get("created_at"),
            subject=None if told.messages else held.get("subject"),
        )  # fmt: skip
        told.messages.append((values, "chat" if via in CHATS else "message"))
    return told


def _intercom(held: dict[str, Any]) -> Told:
    told = Told("intercom")
    source = _object(held.get("source"))
    words: Words = "message" if source.get("type") == "email" else "chat"
    parts = held.get("conversation_parts")
    parts = parts.get("conversation_parts") if isinstance(parts, dict) else parts
    number = _text(held.get("id"))
    first = {**source, "created_at": held.get("created_at"), "part_type": "comment"}
    for place, part in enumerate([first, *_objects(parts)]):
        author = _object(part.get("author"))
        if author.get("type") not in ("user", "lead", "contact") or not _text(part.get("body")):
            # Assignments and closings have no body: nobody's words.
            told.others += 1 if _text(part.get("body")) else 0
            continue
        values = _message(
            "intercom", author, id=f"{number}-{_text(part.get('id')) or place}", text=part.get("body"),
            sentAt=part.get("created_at"), subject=part.get("subject"),
        )  # fmt: skip
        told.messages.append((values, words))
    return told


def _gorgias(held: dict[str, Any]) -> Told:
    told = Told("gorgias")
    person = _object(held.get("customer")) or _object(held.get("contact"))
    number = _text(held.get("id"))
    for place, message in enumerate(_objects(held.get("messages"))):
        text = message.get("stripped_text") or message.get("body_text") or message.get("body_html")
        if message.get("from_agent") is not False or message.get("public") is False or not _text(text):
            told.others += 1
            continue
        channel = _text(message.get("channel")) or _text(held.get("channel"))
        values = _message(
            "gorgias", _object(message.get("sender")) or person,
            id=f"{number}-{_text(message.get('id')) or place}", text=text,
            sentAt=message.get("created_datetime") or message.get("sent_datetime") or held.get("created_datetime"),
            subject=None if told.messages else message.get("subject") or held.get("subject"),
            language=held.get("language"),
        )  # fmt: skip
        told.messages.append((values, "chat" if channel in CHATS else "message"))
    return told


def _plain(held: dict[str, Any]) -> Told:
    """A message by itself, its keys as columns (`customer.email` for a key inside)."""
    values = {name: text for name, value in _flat(held) if (text := _text(value))}
    told = Told("")
    folded = {name.replace("_", "").replace("-", "").lower(): value for name, value in _flat(held)}
    said = (str(folded[role]).lower() for role in ROLES if isinstance(folded.get(role), str | bool))
    if any(word in AGENT for word in said):
        told.others = 1
        return told
    if "@" in values.get("customer", "") and "email" not in values:
        values["email"] = values.pop("customer")
    channel = str(folded.get("channel") or folded.get("type") or "").lower()
    told.messages.append((values, "chat" if channel in CHATS else "message"))
    return told


def _flat(held: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in held.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())
        else:
            yield name, value
