"""Training settings: of administrators, and of marketers as far as segments go; retraining, and former versions."""

from __future__ import annotations

from typing import get_args

from pydantic import ValidationError

from functions.access.audit import entry
from functions.access.calls import ADMIN, EDITOR, Actions, Call
from functions.access.errors import Forbidden, Refused
from functions.learning import start_learning
from schema.base import Localized
from schema.intelligence import ModelName, Training
from schema.store import Create, Data, ReadSet, Update, Write, settle

PATH = "settings/training"
PINS = frozenset({"blocks", "kMin", "kMax", "pinnedK", "pinnedAlgorithm"})
"""How customers are grouped: what a marketer may decide too."""
LIMITS = {
    "greater_than_equal": ("ge", "at least {}", "不小于 {}"),
    "greater_than": ("gt", "above {}", "大于 {}"),
    "less_than_equal": ("le", "at most {}", "不大于 {}"),
    "less_than": ("lt", "below {}", "小于 {}"),
    "literal_error": ("expected", "one of {}", "下列之一：{}"),
}


def save(call: Call) -> Data:
    """Save the given settings; those not given stay as they are.

    Raises:
        Forbidden: a marketer gave another setting than PINS.
        Refused: a setting that does not exist, or a value out of its bounds.
    """
    now = call.world.clock()
    if call.actor.role not in ADMIN and set(call.args) - PINS:
        raise Forbidden(ADMIN)
    known = {field.alias or name for name, field in Training.model_fields.items()} - {"updatedAt", "updatedBy"}
    unknown = sorted(set(call.args) - known)
    if unknown:
        raise Refused(unknown[0], unknown[0], f"There is no setting {unknown[0]}.", f"没有设置项 {unknown[0]}。")

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[PATH]
        before = held.data if held else Training().to_doc()
        try:
            wanted = Training.model_validate({**before, **call.args, "updatedAt": now, "updatedBy": call.actor.uid})
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            name, en, zh = LIMITS.get(first["type"], ("", "another value", "其他类型的值"))
            bound = first.get("ctx", {}).get(name, "")
            raise Refused(
                "setting",
                field,
                f"{field}: the value must be {en.format(bound)}.",
                f"{field}：取值应为{zh.format(bound)}。",
            ) from error
        if wanted.k_min > wanted.k_max:
            raise Refused(
                "kMin",
                "kMin",
                "The smallest number of segments is above the largest.",
                "分群数下限大于上限。",
            )
        if not any(block.on and block.weight > 0 for block in (wanted.blocks.behaviour, wanted.blocks.emotion,
                                                              wanted.blocks.personality)):  # fmt: skip
            raise Refused("blocks", "blocks", "At least one block must take part.", "至少需要启用一个特征组。")
        after = wanted.to_doc()
        moved = {name for name in after if after[name] != before.get(name)} - {"updatedAt", "updatedBy"}
        if not moved:
            return []
        return [
            Update(PATH, after, held.update_time) if held else Create(PATH, after),
            entry(
                call.actor, now, "training.save", PATH,
                {name: before.get(name) for name in moved}, {name: after[name] for name in moved},
            ),
        ]  # fmt: skip

    settle(call.world.store, [PATH], plan)
    return {}


def train(call: Call) -> Data:
    """Retrain now, and look for a better grouping. Returns the learning run's id."""
    now = call.world.clock()
    call.world.store.commit([entry(call.actor, now, "model.train", "models/all", {}, {"asked": True})])
    return {"runId": start_learning(call.world, call.actor.uid, force=True)}


def roll_back(call: Call) -> Data:
    """Put a former version in force again and keep it there until it is unpinned."""
    name, version = _name(call.args), call.args.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Refused("version", "version", "Choose a version.", "请选择一个版本。")
    path, old_path, now = f"models/{name}", f"models/{name}/versions/{version}", call.world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        card, old = docs[path], docs[old_path]
        if card is None or old is None:
            raise Refused(
                "version",
                "version",
                f"Version {version} is not kept any more.",
                f"版本 {version} 已不再保留。",
                "not-found",
            )
        why = Localized(
            en=f"Version {version} was put back in force by {call.actor.name}; training makes new versions but does "
            "not use them until it is released.",
            zh=f"{call.actor.name} 恢复使用版本 {version}；在解除之前，训练会生成新版本但不启用。",
        )
        fields = {
            "version": version,
            "pinned": True,
            # What a version was judged to be good for when it was made comes back with it.
            "inUse": old.data["parameters"].get("inUse") or "model",
            "estimator": old.data["estimator"],
            "trainedAt": old.data["trainedAt"],
            "asOf": old.data["asOf"],
            "metrics": old.data["metrics"],
            "baselineMetrics": old.data["baseline"],
            "health": old.data["health"],
            "why": why.to_doc(),
            # These were measured on the version that goes; the next training looks at this one anew.
            **{"reasons": [], "unmet": None, "calibration": [], "slices": [], "drift": [], "importance": [], "fit": {}},
            "updatedAt": now,
        }
        if all(card.data.get(field) == value for field, value in fields.items() if field not in ("updatedAt", "why")):
            return []
        return [
            Update(path, fields, card.update_time),
            entry(
                call.actor, now, "model.rollback", path,
                {"version": card.data["version"], "pinned": card.data["pinned"]}, {"version": version, "pinned": True},
            ),
        ]  # fmt: skip

    settle(call.world.store, [path, old_path], plan)
    return {"version": version}


def unpin(call: Call) -> Data:
    """Let training choose again."""
    name, now = _name(call.args), call.world.clock()
    path = f"models/{name}"

    def plan(docs: ReadSet) -> list[Write]:
        card = docs[path]
        if card is None or not card.data["pinned"]:
            return []
        return [
            Update(path, {"pinned": False, "updatedAt": now}, card.update_time),
            entry(call.actor, now, "model.unpin", path, {"pinned": True}, {"pinned": False}),
        ]

    settle(call.world.store, [path], plan)
    return {}


def _name(args: Data) -> str:
    name = args.get("name")
    if name not in get_args(ModelName):
        raise Refused("name", "name", "There is no such model.", "没有该模型。")
    return str(name)


ACTIONS: Actions = {
    "training.save": (EDITOR, save),
    "model.train": (ADMIN, train),
    "model.rollback": (ADMIN, roll_back),
    "model.unpin": (ADMIN, unpin),
}
