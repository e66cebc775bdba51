"""Surveys in the console: make, change, close, and link to them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from functions.access.audit import entry
from functions.access.calls import EDITOR, Actions, Call
from functions.access.errors import Refused
from functions.api import survey_token
from schema.connections import Survey
from schema.store import Create, Data, ReadSet, Update, Write, get, settle

KINDS = ("stars", "smileys", "nps")


def create(call: Call) -> Data:
    """Make a survey: one question in both languages (one of them is enough; it then stands for both)."""
    identity, now = f"s{secrets.token_hex(6)}", call.world.clock()
    fields = _fields(call.args)
    for name in ("name", "question", "thanks"):
        if name not in fields:
            raise Refused(name, name, f"{name} is missing.", f"缺少 {name}。")
    data = Survey.model_validate(
        {**fields, "created_by": call.actor.uid, "created_at": now, "updated_at": now}
    ).to_doc()
    path = f"surveys/{identity}"
    shown = {"name": data["name"], "kind": data["kind"]}
    call.world.store.commit([Create(path, data), entry(call.actor, now, "survey.create", path, {}, shown)])
    return {"surveyId": identity}


def edit(call: Call) -> Data:
    """Change a survey's words; its kind only while nobody has answered."""
    path = _path(call)
    settle(call.world.store, [path], partial(_change, path=path, call=call, fields=_fields(call.args)))
    return {}


def close(call: Call) -> Data:
    """Close a survey: its page says so from now on."""
    path = _path(call)
    settle(call.world.store, [path], partial(_change, path=path, call=call, fields={"closed": True}))
    return {}


def link(call: Call, base: str) -> Data:
    """A link to a survey: signed for one customer, valid for 60 days; without a customer open and nobody's."""
    path = _path(call)
    identity = path.partition("/")[2]
    customer = call.args.get("customerId")
    if customer is None:
        return {"url": f"{base}/s/{identity}"}
    if not isinstance(customer, str) or not customer or "/" in customer:
        raise Refused("customerId", "customerId", "There is no such customer.", "没有这位客户。", "not-found")
    if get(call.world.store, f"customers/{customer}") is None:
        raise Refused("customerId", "customerId", "There is no such customer.", "没有这位客户。", "not-found")
    expires = call.world.clock() + survey_token.VALID
    return {"url": f"{base}/s/{identity}?t={survey_token.sign(call.world.identity_key, identity, customer, expires)}"}


def _path(call: Call) -> str:
    identity = str(call.args.get("surveyId") or "")
    path = f"surveys/{identity}"
    if not identity or "/" in identity or get(call.world.store, path) is None:
        raise Refused("not_found", "surveyId", "There is no such survey.", "没有这项调查。", "not-found")
    return path


def _change(docs: ReadSet, path: str, call: Call, fields: Data) -> list[Write]:
    doc, now = docs[path], call.world.clock()
    if doc is None:
        return []
    named = {"askText" if name == "ask_text" else name: value for name, value in fields.items()}
    after = {name: value for name, value in named.items() if doc.data[name] != value}
    if "kind" in after and doc.data["answers"]:
        raise Refused(
            "kind", "kind", "This survey has answers already: make a new one for another kind.",
            "此调查已有回答：如需其他类型请新建。", "failed-precondition",
        )  # fmt: skip
    if not after:
        return []
    before = {name: doc.data[name] for name in after}
    action = "survey.close" if "closed" in after else "survey.edit"
    return [
        Update(path, {**after, "updatedAt": now}, doc.update_time),
        entry(call.actor, now, action, path, before, after),
    ]


def _fields(args: Data) -> Data:
    found: Data = {}
    if "name" in args:
        found["name"] = _text(args["name"], "name")
    for name in ("question", "thanks"):
        if name in args:
            said = args[name] if isinstance(args[name], dict) else {}
            en, zh = (str(said.get(language) or "").strip() for language in ("en", "zh"))
            found[name] = {"en": _text(en or zh, name), "zh": _text(zh or en, name)}
    if "kind" in args:
        if args["kind"] not in KINDS:
            listed = ", ".join(KINDS)
            raise Refused("kind", "kind", f"kind must be one of {listed}.", f"kind 必须是 {listed} 之一。")
        found["kind"] = args["kind"]
    if "askText" in args:
        found["ask_text"] = args["askText"] is True
    return found


def _text(value: Any, field: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > 200:
        raise Refused(field, field, f"{field}: 1 to 200 characters.", f"{field}：1 到 200 个字符。")
    return text


def public_base() -> str:
    """Our address as customers see it."""
    from functions.config import read_config

    config = read_config()
    return config.public_url or f"https://{config.project}.web.app"


def actions(base: Callable[[], str] = public_base) -> Actions:
    """The console's actions on surveys."""
    return {
        "survey.create": (EDITOR, create),
        "survey.edit": (EDITOR, edit),
        "survey.close": (EDITOR, close),
        "survey.link": (EDITOR, lambda call: link(call, base())),
    }


ACTIONS: Actions = actions()
