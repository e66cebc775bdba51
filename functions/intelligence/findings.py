"""What members say of insights, and asking why a text was scored as it was."""

from __future__ import annotations

from functions.access.calls import ANYONE, EDITOR, FRONT, Actions, Call
from functions.access.errors import Refused
from functions.people.arguments import identity
from schema.records import Texts
from schema.store import Data, ReadSet, Update, Write, get, settle


def dismiss(call: Call) -> Data:
    """Put an insight out of sight, for everybody."""
    return _change(call, {"status": "dismissed"})


def restore(call: Call) -> Data:
    """Take the dismissal back."""
    return _change(call, {"status": "new"})


def useful(call: Call) -> Data:
    """Whether it was useful: true, false, or null to take the answer back."""
    said = call.args.get("useful")
    if said is not None and not isinstance(said, bool):
        raise Refused("useful", "useful", "useful is true, false or null.", "useful 必须为 true、false 或 null。")
    return _change(call, {"useful": said})


def _change(call: Call, fields: Data) -> Data:
    insight, now = identity(call.args, "insightId"), call.world.clock()
    path = f"insights/{insight}"

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            raise Refused(
                "not_found", "insightId", "There is no such insight any more.", "该洞察已不存在。", "not-found"
            )
        if all(held.data.get(name) == value for name, value in fields.items()):
            return []
        return [Update(path, {**fields, "decidedBy": call.actor.uid, "updatedAt": now}, held.update_time)]

    settle(call.world.store, [path], plan)
    return {"id": insight}


def evidence(call: Call) -> Data:
    """Ask for the words that moved a score; they appear in `emotions/{feedbackId}` within seconds."""
    feedback = identity(call.args, "feedbackId")
    if get(call.world.store, f"feedback/{feedback}") is None:
        raise Refused("not_found", "feedbackId", "There is no such text any more.", "该文本已不存在。", "not-found")
    call.world.bus.publish("texts", Texts(ids=[feedback], explain=True))
    return {}


ACTIONS: Actions = {
    "insight.dismiss": (EDITOR, dismiss),
    "insight.restore": (EDITOR, restore),
    "insight.useful": (ANYONE, useful),
    "evidence.ask": (FRONT, evidence),
}
