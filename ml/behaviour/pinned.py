"""A version that stays in force is looked at again: does it still hold on the newest outcomes?

One that a member pinned is, with every training; any other is every night on which nothing is trained (`watch`).

The newest moment whose outcome is known is predicted by the frozen numbers. Where that fails the checks of `health`,
the card turns red and falls back to the version's own baseline (or to nothing), though the version stays pinned. A
version trained after that moment has seen its outcomes: it is then judged too kindly, and the next weeks tell.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from ml.behaviour import backtest, scoring, tasks, value_model
from ml.behaviour.backtest import Bench
from ml.behaviour.estimators import Linear
from ml.behaviour.health import Use, faults
from ml.behaviour.history import Ledger
from ml.behaviour.registry import Served, load
from ml.behaviour.scoring import Judged
from schema.base import Localized
from schema.intelligence import ModelName, Training
from schema.store import Data, ReadSet, Store, Update, Write, settle


def look_again(
    store: Store, name: ModelName, book: Ledger, as_of: datetime, settings: Training, now: datetime,
    shuffle: int | None = None,
) -> None:  # fmt: skip
    """Judge the pinned version and write health, reasons and what is in use; nothing where too little has happened.

    Args:
        shuffle: seed for dealing the outcomes anew.
    """
    served = load(store, [name]).get(name)
    if served is None or "model" not in served.parameters:
        return
    judged = newest(served, name, book, as_of, shuffle)
    if judged is None:
        return
    red = faults([judged], "model", settings.most_brier)
    used: Use = "model" if served.parameters.get("inUse") == "model" else "baseline"
    why = Localized(en="A member pinned this version; it holds.", zh="成员固定了此版本，且仍然有效。")
    if red:
        used = "none" if faults([judged], "baseline", 1.0) else "baseline"
        why = Localized(
            en="The pinned version failed its check on the newest outcomes.", zh="固定的版本未通过最新结果的检查。"
        )
    fields = {
        "inUse": used,
        "health": "red" if red else "green",
        "why": why.to_doc(),
        "reasons": [one.to_doc() for one in red[:6]],
        "unmet": why.to_doc() if used == "none" else None,
        "metrics": scoring.metrics([judged]).to_doc(),
        "baselineMetrics": scoring.metrics([judged], "baseline").to_doc(),
        "updatedAt": now,
    }
    _put(store, name, served, fields, pinned=True)


def watch(store: Store, name: ModelName, book: Ledger, as_of: datetime, settings: Training, now: datetime) -> None:
    """Judge the version in force where none is trained tonight, and fall back, or back from there, as it deserves.

    What training decided is never bettered: a version that was put in force as its baseline stays that.
    """
    served = load(store, (name,)).get(name)
    trained = served.parameters.get("inUse") if served else None
    if served is None or trained not in ("model", "baseline"):
        return
    if name == "value":
        red = value_model.misses(served.parameters, book, as_of)
        instead: Use = "baseline"
    else:
        judged = newest(served, name, book, as_of)
        if judged is None:
            return
        red = faults([judged], trained, settings.most_brier if trained == "model" else 1.0)
        instead = "none" if trained == "baseline" or faults([judged], "baseline", 1.0) else "baseline"
    used: Use = instead if red else trained
    if used == served.card.in_use:
        return
    why = Localized(
        en="The version in force failed its check on the newest outcomes.", zh="当前版本未通过最新结果的检查。"
    )
    fields: Data = {"inUse": used, "health": "red", "why": why.to_doc(), "reasons": [one.to_doc() for one in red[:6]]}
    if not red:
        line = next((one for one in served.card.history if one.version == served.card.version), None)
        why = Localized(
            en="The version in force holds again on the newest outcomes.", zh="当前版本在最新结果上重新有效。"
        )
        fields = {"inUse": used, "health": line.health if line else "yellow", "why": why.to_doc(), "reasons": []}
    fields |= {"unmet": why.to_doc() if used == "none" else None, "updatedAt": now}
    _put(store, name, served, fields, pinned=served.card.pinned)


def _put(store: Store, name: ModelName, served: Served, fields: Data, pinned: bool) -> None:
    path = f"models/{name}"

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        # Meanwhile pinned, unpinned, or another version: then this look says nothing about what is in force.
        if held is None or bool(held.data.get("pinned")) != pinned or held.data["version"] != served.card.version:
            return []
        return [Update(path, fields, held.update_time)]

    settle(store, [path], plan)


def newest(served: Served, name: ModelName, book: Ledger, as_of: datetime, shuffle: int | None = None) -> Judged | None:
    """The frozen numbers on the newest moment whose outcome is known; None with fewer than 30 of either outcome."""
    task = tasks.task(name, served.days)
    origin = as_of - timedelta(days=served.days)
    if name == "campaign":
        days = [one for one in tasks.delivery_days(book) if one + (served.days + 1) * 86_400 <= as_of.timestamp()]
        if not days:
            return None
        origin = datetime.fromtimestamp(days[0], UTC)
    bench = Bench(book, task, float(served.days), lambda _, __: served.rhythm, shuffle)
    rows = bench.rows(origin.timestamp(), origin.timestamp())
    if min(rows.outcome.sum(), len(rows.outcome) - rows.outcome.sum()) < 30:
        return None

    def told(part: str) -> Linear:
        held = served.parameters[part]
        return Linear.from_doc(held["features"], held)

    model, simple = told("model"), told("baseline")
    values = np.asarray(rows.values)
    return Judged(
        rows.owner,
        rows.outcome,
        model.probability(backtest.only(values, model)),
        simple.probability(backtest.only(values, simple)),
    )
