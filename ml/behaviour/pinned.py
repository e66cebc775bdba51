"""A version that a member pinned is looked at again with every training: does it still hold on the newest outcomes?

The newest moment whose outcome is known is predicted by the frozen numbers. Where that fails the checks of `health`,
the card turns red and falls back to the version's own baseline (or to nothing), though the version stays pinned. A
version trained after that moment has seen its outcomes: it is then judged too kindly, and the next weeks tell.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from ml.behaviour import backtest, scoring, tasks
from ml.behaviour.backtest import Bench
from ml.behaviour.estimators import Linear
from ml.behaviour.health import Use, faults
from ml.behaviour.history import Ledger
from ml.behaviour.registry import Served, load
from ml.behaviour.scoring import Judged
from schema.base import Localized
from schema.intelligence import ModelName, Training
from schema.store import ReadSet, Store, Update, Write, settle


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
    path = f"models/{name}"

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        # Meanwhile unpinned, or another version: then this look says nothing about what is in force.
        if held is None or not held.data.get("pinned") or held.data["version"] != served.card.version:
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
