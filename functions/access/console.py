"""The console's one callable: a table of actions, each with the roles that may do it and the function that does it.

One function instead of many: a worker process each costs 140 MB and a cold start, and the role check stands in one
place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from functions import schedule, segmentation
from functions.access import edits, members
from functions.access.audit import Actor, entry
from functions.access.calls import ADMIN, ANYONE, EDITOR, FRONT, Call, Handler
from functions.access.errors import Forbidden, Refused
from functions.access.members import Account, Directory
from functions.api import keys, survey_actions
from functions.connect import actions as connecting
from functions.connect.outside import Outside
from functions.imports import report, upload
from functions.imports.detect import DetectError, detect
from functions.imports.fields import KINDS
from functions.ingest import aside
from functions.intelligence import desk as intelligence
from functions.people import desk
from functions.sample import start_removal
from schema.flow import World, replay
from schema.store import Data, Delete, ReadSet, Update, Write, get, settle


def _detect(call: Call) -> Data:
    head, kind = call.args.get("head"), call.args.get("kind")
    if not isinstance(head, str):
        raise Refused("head", "head", "Send the first lines of the file as text.", "请发送文件开头的文本。")
    if kind is not None and kind not in KINDS:
        raise Refused(
            "kind", "kind", f"kind must be one of {', '.join(KINDS)}.", "kind 必须是 orders、customers 或 reviews。"
        )
    try:
        found = detect(head[:70_000], kind)
    except DetectError as error:
        raise Refused(error.code, "head", error.en, error.zh) from error
    shop = get(call.world.store, "settings/shop")
    held = shop.data if shop else {}
    return found | {"currency": found["currency"] or held.get("currency") or "USD", "zone": held.get("zone")}


def _recluster(call: Call) -> Data:
    search = call.args.get("search") is True
    return {"runId": segmentation.start_recluster(call.world, call.actor.uid, search=search)}


def _remove_sample(call: Call) -> Data:
    now = call.world.clock()
    call.world.store.commit(
        [entry(call.actor, now, "sample.remove", "settings/shop", {"sample": True}, {"sample": False})]
    )
    return {"runId": start_removal(call.world, call.actor.uid)}


def _cancel_run(call: Call) -> Data:
    run_id = str(call.args.get("runId") or "")
    if not run_id or "/" in run_id:
        raise Refused("runId", "runId", "runId is missing.", "缺少 runId。")
    if run_id.startswith("import-"):
        return upload.cancel(call.world, {"importId": run_id.removeprefix("import-")})
    path, now = f"runs/{run_id}", call.world.clock()

    def stop(docs: ReadSet) -> list[Write]:
        run = docs[path]
        if run is None or run.data["status"] not in ("queued", "running"):
            return []
        return [Update(path, {"status": "cancelled", "updatedAt": now, "finishedAt": now}, run.update_time)]

    settle(call.world.store, [path], stop)
    return {}


def _parked(call: Call) -> str:
    identity = str(call.args.get("id") or "")
    if not identity or "/" in identity or get(call.world.store, f"parked/{identity}") is None:
        raise Refused("not_found", "id", "This record is no longer parked.", "该记录已不在暂存区。", "not-found")
    return identity


def _replay(call: Call) -> Data:
    replay(call.world, _parked(call), from_start=True)
    return {}


def _discard(call: Call) -> Data:
    path, now = f"parked/{_parked(call)}", call.world.clock()

    def drop(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            return []
        return [
            Delete(path, held.update_time),
            entry(call.actor, now, "parked.discard", path, {"error": held.data["error"]}, {}),
        ]

    settle(call.world.store, [path], drop)
    return {}


def _tick(call: Call) -> Data:
    job = call.args.get("job")
    if job not in schedule.JOBS:
        raise Refused("job", "job", f"job must be one of {', '.join(schedule.JOBS)}.", "job 必须是 sweep 或 nightly。")
    if job == "sweep":
        schedule.sweep(call.world, call.outside)
    else:
        schedule.nightly(call.world, call.outside)
    return {}


def _language(call: Call) -> Data:
    language = call.args.get("language")
    if language not in ("en", "zh"):
        raise Refused("language", "language", "language must be en or zh.", "language 必须是 en 或 zh。")
    path = f"members/{call.actor.uid}"

    def choose(docs: ReadSet) -> list[Write]:
        held = docs[path]
        return [Update(path, {"language": language}, held.update_time)] if held else []

    settle(call.world.store, [path], choose)
    return {}


def _create_import(call: Call) -> Data:
    return upload.create(call.world, call.args, call.actor.uid, call.actor.name)


ACTIONS: dict[str, tuple[tuple[str, ...], Handler]] = {
    "session.language": (ANYONE, _language),
    "import.detect": (EDITOR, _detect),
    "import.create": (EDITOR, _create_import),
    "import.upload": (EDITOR, lambda call: upload.upload(call.world, call.args)),
    "import.finish": (EDITOR, lambda call: upload.finish(call.world, call.args)),
    "import.cancel": (EDITOR, lambda call: upload.cancel(call.world, call.args)),
    "import.report": (EDITOR, lambda call: report.report(call.world, call.args)),
    "import.attest": (ADMIN, lambda call: edits.attest(call.world, call.actor, call.args)),
    "sample.remove": (ADMIN, _remove_sample),
    "recluster.start": (EDITOR, _recluster),
    "run.cancel": (EDITOR, _cancel_run),
    "customer.edit": (EDITOR, lambda call: edits.edit_customer(call.world, call.actor, call.args)),
    "customer.lookup": (FRONT, lambda call: edits.look_up(call.world, call.args)),
    "segment.rename": (EDITOR, lambda call: edits.rename_segment(call.world, call.actor, call.args)),
    "members.set": (ADMIN, lambda call: members.set_member(call.world, call.actor, call.args, call.directory)),
    "members.remove": (ADMIN, lambda call: members.remove_member(call.world, call.actor, call.args)),
    "parked.replay": (ADMIN, _replay),
    "parked.discard": (ADMIN, _discard),
    "shop.edit": (ADMIN, lambda call: edits.edit_shop(call.world, call.actor, call.args)),
    "onboarding.done": (ANYONE, lambda call: edits.onboarding_done(call.world, call.args)),
    "job.tick": (ADMIN, _tick),
    **aside.ACTIONS,
    **connecting.ACTIONS,
    **desk.ACTIONS,
    **intelligence.ACTIONS,
    **keys.ACTIONS,
    **segmentation.ACTIONS,
    **survey_actions.ACTIONS,
}


@dataclass(frozen=True)
class Caller:
    """Who the ID token says is calling."""

    account: Account
    verified: bool


def answer(
    world: World,
    caller: Caller | None,
    data: Any,
    directory: Directory,
    owner_email: str,
    outside: Outside | None = None,
) -> Data:
    """Answer one call.

    Raises:
        Refused: not signed in, not a member, not allowed, or the arguments are wrong.
    """
    if caller is None:
        raise Refused("signed_out", None, "Sign in first.", "请先登录。", "unauthenticated")
    args = data if isinstance(data, dict) else {}
    action = args.get("action")
    if action == "session.start":
        return {"member": members.start_session(world, caller.account, caller.verified, owner_email) or None}
    if action not in ACTIONS:
        raise Refused("action", "action", "There is no such action.", "没有这个操作。", "not-found")
    member = get(world.store, f"members/{caller.account.uid}")
    if member is None:
        raise Refused(
            "stranger",
            None,
            "You have no access yet: ask an owner or admin to invite you.",
            "您还没有访问权限：请联系所有者或管理员邀请您。",
            "permission-denied",
        )
    roles, handler = ACTIONS[str(action)]
    if member.data["role"] not in roles:
        raise Forbidden(roles)
    actor = Actor(caller.account.uid, member.data["name"], member.data["email"], member.data["role"])
    given = {name: value for name, value in args.items() if name != "action"}
    return handler(Call(world, actor, given, directory, outside))
