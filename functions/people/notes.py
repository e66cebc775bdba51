"""Notes about a customer: written, edited and taken back by members, each with its audit entry in the same commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from functions.access.audit import Actor, entry
from functions.access.calls import ADMIN, EDITOR, Actions, Call
from functions.access.errors import Refused
from functions.people.arguments import existing, identity
from schema.flow import stable_id
from schema.store import Create, Data, Doc, ReadSet, Update, Write, settle

LONGEST = 5000


def write(call: Call) -> Data:
    """Write a note. Returns its id."""
    customer, text, now = identity(call.args, "customerId"), _text(call.args), call.world.clock()
    base = f"customers/{customer}"
    note = stable_id("note", customer, call.actor.uid, now.isoformat(), text)
    path = f"{base}/notes/{note}"

    def plan(docs: ReadSet) -> list[Write]:
        existing(docs[base])
        data = {
            "text": text,
            "by": call.actor.uid,
            "byName": call.actor.name,
            "at": now,
            "editedAt": None,
            "deleted": False,
        }
        return [Create(path, data), entry(call.actor, now, "people.note", base, {}, {"note": text, "id": note})]

    settle(call.world.store, [base], plan)
    return {"id": note}


def edit(call: Call) -> Data:
    """Put a note in other words: its author, or who administers."""
    text = _text(call.args)

    def change(held: Doc, now: datetime) -> Data:
        return {} if held.data["text"] == text else {"text": text, "editedAt": now}

    return _change(call, "people.noteEdit", change)


def delete(call: Call) -> Data:
    """Take a note back, or with `undo` bring it back."""
    gone = not call.args.get("undo")

    def change(held: Doc, now: datetime) -> Data:
        return {} if held.data["deleted"] is gone else {"deleted": gone}

    return _change(call, "people.noteDelete", change)


def _change(call: Call, action: str, change: Callable[[Doc, datetime], Data]) -> Data:
    customer, note, now = identity(call.args, "customerId"), identity(call.args, "id"), call.world.clock()
    base = f"customers/{customer}"
    path = f"{base}/notes/{note}"

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            raise Refused("not_found", "id", "There is no such note any more.", "该备注已不存在。", "not-found")
        _may(call.actor, held)
        fields = change(held, now)
        if not fields:
            return []
        before = {"note": held.data["text"], "deleted": held.data["deleted"]}
        after = {"note": fields.get("text", held.data["text"]), "deleted": fields.get("deleted", before["deleted"])}
        return [
            Update(path, fields, held.update_time),
            entry(call.actor, now, action, base, before, {**after, "id": note}),
        ]

    settle(call.world.store, [path], plan)
    return {"id": note}


def _may(actor: Actor, note: Doc) -> None:
    if note.data["by"] != actor.uid and actor.role not in ADMIN:
        raise Refused(
            "not_yours",
            "id",
            f"Only {note.data['byName']} or an admin may change this note.",
            f"只有{note.data['byName']}或管理员可以修改此备注。",
            "permission-denied",
        )


def _text(args: Data) -> str:
    text = args.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refused("text", "text", "Write something first.", "请先写点内容。")
    if len(text.strip()) > LONGEST:
        raise Refused(
            "text",
            "text",
            f"A note has at most {LONGEST} characters; this one has {len(text.strip())}.",
            f"备注最多 {LONGEST} 个字符，当前 {len(text.strip())} 个。",
        )
    return text.strip()


ACTIONS: Actions = {
    "people.note": (EDITOR, write),
    "people.noteEdit": (EDITOR, edit),
    "people.noteDelete": (EDITOR, delete),
}
