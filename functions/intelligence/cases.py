"""Care cases: who takes it, what was said, done or open again; each act with its audit entry in the same commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from functions.access.audit import entry
from functions.access.calls import FRONT, Actions, Call
from functions.access.errors import Refused
from functions.people.arguments import existing, identity
from schema.base import Localized
from schema.flow import stable_id
from schema.intelligence import Case
from schema.records import CustomersChanged, Texts
from schema.store import Create, Data, Doc, ReadSet, Update, Write, settle

LONGEST = 5000


def open_case(call: Call) -> Data:
    """Open a case by hand. Returns its id; a second press within the same minute is the same case."""
    customer, now = identity(call.args, "customerId"), call.world.clock()
    note = _note(call.args, required=False)
    base = f"customers/{customer}"
    case = stable_id("case", customer, "manual", call.actor.uid, now.replace(second=0, microsecond=0).isoformat())
    path = f"cases/{case}"

    def plan(docs: ReadSet) -> list[Write]:
        held = existing(docs[base])
        if docs[path] is not None:
            return []
        opened = Case(
            customer_id=customer,
            kind="manual",
            reason=Localized(en=f"Opened by {call.actor.name}", zh=f"由{call.actor.name}创建"),
            assignee=call.actor.uid,
            assignee_name=call.actor.name,
            note=note,
            opened_at=now,
            sample=bool(held.data.get("sample")),
            updated_at=now,
        )
        told = {"note": note, "case": case} if note else {"case": case}
        return [Create(path, opened.to_doc()), entry(call.actor, now, "case.open", base, {}, told)]

    settle(call.world.store, [base, path], plan)
    return {"id": case}


def assign(call: Call) -> Data:
    """Give a case to a member; `uid` null takes it from everybody."""
    uid = call.args.get("uid", call.actor.uid)
    if uid is not None and (not isinstance(uid, str) or not uid or "/" in uid):
        raise Refused("uid", "uid", "Choose a member.", "请选择一位成员。")
    member_path = f"members/{uid}"
    name: list[str | None] = []

    def change(held: Doc, now: datetime, docs: ReadSet) -> Data:
        name.clear()
        member = docs[member_path] if uid else None
        if uid and (member is None or member.data["role"] == "analyst"):
            raise Refused(
                "uid",
                "uid",
                "Only a member who may see customers can take a case.",
                "只有可查看客户的成员才能处理个案。",
            )
        return {"assignee": uid, "assigneeName": member.data["name"] if member else None}

    return _change(call, "case.assign", change, [member_path] if uid else [])


def note(call: Call) -> Data:
    """Write down what was found or agreed; it replaces the former note, and null takes it away."""
    text = _note(call.args, required=call.args.get("note", "") is not None)
    return _change(call, "case.note", lambda held, now, docs: {"note": text})


def done(call: Call) -> Data:
    """Close a case, with a last note where one is given."""
    text = _note(call.args, required=False)

    def change(held: Doc, now: datetime, docs: ReadSet) -> Data:
        closed = {"status": "done", "doneAt": now, "doneBy": call.actor.uid, "doneByName": call.actor.name}
        return closed | ({"note": text} if text else {})

    return _change(call, "case.done", change, tell=True)


def reopen(call: Call) -> Data:
    """Take the closing back; where `note` is given, the note becomes that again, null being none."""
    opened: Data = {"status": "open", "doneAt": None, "doneBy": None, "doneByName": None}
    if "note" in call.args:
        opened["note"] = _note(call.args, required=False)
    return _change(call, "case.reopen", lambda held, now, docs: dict(opened), tell=True)


def _change(
    call: Call,
    action: str,
    change: Callable[[Doc, datetime, ReadSet], Data],
    also: list[str] | None = None,
    tell: bool = False,
) -> Data:
    case, now = identity(call.args, "caseId"), call.world.clock()
    path = f"cases/{case}"
    about: list[Data] = []

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            raise Refused("not_found", "caseId", "There is no such case any more.", "该个案已不存在。", "not-found")
        fields = change(held, now, docs)
        about[:] = [held.data]
        moved = {name: value for name, value in fields.items() if held.data.get(name) != value}
        if not moved or set(moved) == {"doneAt"}:
            return []
        before = {name: held.data.get(name) for name in moved}
        target = f"customers/{held.data['customerId']}"
        return [
            Update(path, {**moved, "updatedAt": now}, held.update_time),
            entry(call.actor, now, action, target, before, {**moved, "case": case}),
        ]

    settle(call.world.store, [path, *(also or [])], plan)
    if tell and about:
        # A closed case settles the customer's frustration: their mood is folded anew.
        if about[0].get("feedbackId"):
            call.world.bus.publish("texts", Texts(ids=[about[0]["feedbackId"]]))
        call.world.bus.publish("customers-changed", CustomersChanged(ids=[about[0]["customerId"]], fields=["cases"]))
    return {"id": case}


def _note(args: Data, required: bool) -> str | None:
    text = args.get("note")
    if text is None and not required:
        return None
    if not isinstance(text, str) or (required and not text.strip()):
        raise Refused("note", "note", "Write something first.", "请先写点内容。")
    if len(text) > LONGEST:
        raise Refused("note", "note", f"A note has at most {LONGEST} characters.", f"备注最多 {LONGEST} 个字符。")
    return text.strip() or None


ACTIONS: Actions = {
    "case.open": (FRONT, open_case),
    "case.assign": (FRONT, assign),
    "case.note": (FRONT, note),
    "case.done": (FRONT, done),
    "case.reopen": (FRONT, reopen),
}
