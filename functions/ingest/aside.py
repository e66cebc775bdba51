"""Records that a cleaning rule kept out wait, whole, until a member decides about them.

What is decided holds for the thing: a newer version of an order that was let in comes in by itself. All versions that
came are kept, so that letting in ends where never setting aside would have ended.
"""

from __future__ import annotations

from functions.access.audit import entry
from functions.access.calls import EDITOR, Actions, Call
from functions.access.errors import Refused
from schema.records import PlatformEvents
from schema.store import Data, Doc, ReadSet, Update, Write, get, settle


def _held(call: Call) -> Doc:
    identity = str(call.args.get("id") or "")
    held = get(call.world.store, f"setAside/{identity}") if identity and "/" not in identity else None
    if held is None:
        raise Refused("not_found", "id", "This record is no longer set aside.", "该记录已不在搁置区。", "not-found")
    return held


def _let_in(call: Call) -> Data:
    """Publish the record with its rule passed, then note the decision: a crash between leaves it to be let in again."""
    held = _held(call)
    for _ in range(5):
        if held.data["status"] == "let in":
            return {}
        message = PlatformEvents.model_validate_json(held.data["record"]["json"])
        passed = sorted({*message.origin.let_in, held.data["rule"]})
        origin = message.origin.model_copy(update={"let_in": passed})
        call.world.bus.publish("platform-events", PlatformEvents(origin=origin, records=message.records))
        if _decide(call, held, "let in", "setAside.letIn"):
            return {}
        # Another version came in between: it has to be published too.
        held = _held(call)
    raise Refused("busy", "id", "It changes right now; try again.", "该记录正在变化，请重试。")


def _discard(call: Call) -> Data:
    """Leave it out for good; it stays kept."""
    held = _held(call)
    for _ in range(5):
        if held.data["status"] == "discarded" or _decide(call, held, "discarded", "setAside.discard"):
            return {}
        held = _held(call)
    raise Refused("busy", "id", "It changes right now; try again.", "该记录正在变化，请重试。")


def _decide(call: Call, seen: Doc, status: str, action: str) -> bool:
    now = call.world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[seen.path]
        if held is None or held.update_time != seen.update_time:
            return []
        return [
            Update(seen.path, {"status": status}, held.update_time),
            entry(call.actor, now, action, seen.path, {"status": held.data["status"]}, {"status": status}),
        ]

    return bool(settle(call.world.store, [seen.path], plan))


ACTIONS: Actions = {"setAside.letIn": (EDITOR, _let_in), "setAside.discard": (EDITOR, _discard)}
