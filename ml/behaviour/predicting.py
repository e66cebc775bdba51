"""Predictions of every customer, a page a message, and of changed customers at once, from the models in force.

What is written is the whole of `customers.predictions`, only where something moved that a reader would see, and at
least once a week. The same customers as of the same moment give the same predictions, in any order and any number of
times. Who refused profiling, went into another customer, or belongs to the sample shop of a real one has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from ml.behaviour import tasks, worth
from ml.behaviour.alive import ODDS
from ml.behaviour.estimators import Linear
from ml.behaviour.feature_labels import LABELS
from ml.behaviour.feature_table import BY_NAME, said
from ml.behaviour.features import matrix
from ml.behaviour.history import Floats, Ledger, ledger
from ml.behaviour.reading import Person, Setting, context, histories, page, person, setting
from ml.behaviour.registry import Served, load
from ml.behaviour.tasks import COLUMNS, LEARNED
from schema.base import Localized
from schema.flow import World
from schema.intelligence import ModelName, Training
from schema.minds import Driver, LifetimeValue, Predictions, Probability, RiskTier, Uplift
from schema.moment import superseded
from schema.store import Data, Group, ReadSet, Update, Write, get, settle_groups

PAGE = 300
EVENT_DAYS = 400
"""The timeline that serving reads: features look back a year."""
FRESH = timedelta(days=7)
"""Predictions are written anew at least this often, so that `asOf` stays young."""
MOVED = 0.01
DRIVERS = 4
LEAST_EFFECT = 0.05
FAMILIES = {
    "recency": ("recencyDays", "activeDaysAgo", "overdue", "overdueLongest", ODDS),
    "frequency": ("orders", "orders30", "orders90", "orders365", "tempo30", "tempo120", "medianGapDays"),
    "money": ("spend", "spend365", "averageBasket"),
    "browsing": ("visits30", "visits90", "views30", "views90", "events"),
    "carts": ("carts90", "cartAbandonment"),
    "discounts": ("discountShare", "discountDepth"),
    "channel": ("channels", "channelLoyalty"),
    "words": ("texts", "sentiment"),
}
FAMILY = {name: family for family, names in FAMILIES.items() for name in names}
NOT_TRAINED = Localized(en="The model has not been trained yet.", zh="模型尚未训练。")
NO_ORDER = Localized(en="Needs a first order.", zh="需要先有一次下单。")
TOO_LITTLE = Localized(
    en=f"Needs an order or {tasks.EVENTS} signs of life.", zh=f"需要一次下单或 {tasks.EVENTS} 次活动。"
)


@dataclass(frozen=True)
class Models:
    """What is in force, read once a page."""

    served: dict[str, Served]
    worth: worth.Worth
    settings: Training


def models(world: World) -> Models:
    """Cards, versions and settings as they are now."""
    held = get(world.store, "settings/training")
    settings = Training.model_validate(held.data) if held else Training()
    return Models(load(world.store, LEARNED), worth.load_worth(world.store), settings)


def predict(world: World, after: str | None, as_of: datetime) -> str | None:
    """Predict one page of customers; returns where to go on, None at the end."""
    shop = setting(world, as_of)
    people, following = page(world.store, after, PAGE, shop.real, ("predictions",))
    _write(world, people, shop)
    return following


def predict_ids(world: World, ids: Sequence[str]) -> None:
    """Predict these customers as of now (or the day after the newest order of old data)."""
    wanted = list(dict.fromkeys(ids))
    docs = world.store.get_many([f"customers/{one}" for one in wanted])
    shop = setting(world)
    _write(world, [person(doc, shop.real) for doc in docs.values() if doc is not None], shop)


def _write(world: World, people: Sequence[Person], shop: Setting) -> None:
    force = models(world)
    asked = [one for one in people if one.in_scope]
    made = dict(zip((one.id for one in asked), predictions(world, asked, shop, force), strict=True))
    earlier = _earlier(world, asked, made, shop, force)

    def group(one: Person) -> Group:
        def plan(docs: ReadSet) -> list[Write]:
            doc = docs[one.path]
            if doc is None:
                return []
            now = person(doc, shop.real)
            before = doc.data.get("predictions")
            new = made.get(one.id) if now.in_scope else None
            if new is None:
                return [Update(one.path, {"predictions": None}, doc.update_time)] if before is not None else []
            told = crossed(new, before, force.settings.risk_threshold, earlier.get(one.id))
            if not moved(before, told, shop.present):
                return []
            return [Update(one.path, {"predictions": told}, doc.update_time)]

        return Group((one.path,), plan)

    def worth_writing(one: Person) -> bool:
        before, new = one.data.get("predictions"), made.get(one.id)
        if new is None:
            return before is not None
        told = crossed(new, before, force.settings.risk_threshold, earlier.get(one.id))
        return moved(before, told, shop.present)

    groups = [group(one) for one in people if worth_writing(one)]
    failures = [error for error in settle_groups(world.store, groups) if error is not None]
    if failures:
        raise failures[0]


def _earlier(
    world: World, people: Sequence[Person], made: dict[str, Predictions], shop: Setting, force: Models
) -> dict[str, float | None]:
    """What the estimator in force would have said last time, of those whose risk is high now and was not by another.

    A retrain or a fall-back moves everybody's risk without anybody having done anything. Where the last predictions
    had no risk to tell (no estimator for a night), the moment looked at is a week ago.
    """
    asked: dict[datetime, list[Person]] = {}
    for one in people:
        before, new = one.data.get("predictions"), made[one.id]
        if before is None or before.get("asOf") is None or (new.churn.value or 0) < force.settings.risk_threshold:
            continue
        was = (before.get("churn") or {}).get("value")
        at = before["asOf"] if was is not None else new.as_of - FRESH
        if at < new.as_of and (was is None or was < force.settings.risk_threshold and not _same(new, before)):
            asked.setdefault(at, []).append(one)
    found: dict[str, float | None] = {}
    for at, some in asked.items():
        then = predictions(world, some, replace(shop, as_of=at), force)
        found |= {one.id: told.churn.value for one, told in zip(some, then, strict=True)}
    return found


def predictions(world: World, people: Sequence[Person], shop: Setting, force: Models) -> list[Predictions]:
    """Predictions in the order of the customers; nothing is written."""
    if not people:
        return []
    known = histories(world.store, people, shop.catalogue, shop.as_of - timedelta(days=EVENT_DAYS))
    book = ledger(known, context(world.store, shop.zone, shop.as_of))
    return foretell(book, shop.as_of, shop.currency, force)


def foretell(book: Ledger, as_of: datetime, currency: str, force: Models) -> list[Predictions]:
    """Predictions of a ledger's customers; pure."""
    base = np.column_stack((matrix(book, as_of), np.full(len(book), np.nan)))
    told = {name: _probabilities(name, force.served.get(name), book, base, as_of, currency) for name in LEARNED}
    values: list[LifetimeValue] = worth.values(force.worth, book, as_of, currency)
    uplifts: list[Uplift] = worth.uplifts(force.worth, book, as_of)
    threshold = force.settings.risk_threshold
    return [
        Predictions(
            as_of=as_of,
            value=values[row],
            churn=told["churn"][row],
            intent=told["intent"][row],
            engagement=told["engagement"][row],
            campaign=told["campaign"][row],
            discount=uplifts[row],
            value_tier=worth.tier(force.worth, values[row].expected),
            churn_tier=risk_tier(told["churn"][row].value, threshold),
        )
        for row in range(len(book))
    ]


def risk_tier(risk: float | None, threshold: float) -> RiskTier | None:
    """High from the threshold on, medium from half of it."""
    if risk is None:
        return None
    return "high" if risk >= threshold else "medium" if risk >= threshold / 2 else "low"


def _probabilities(
    name: ModelName, served: Served | None, book: Ledger, base: Floats, as_of: datetime, currency: str
) -> list[Probability]:
    task = tasks.task(name)
    if served is None or served.line is None:
        unmet = (served.card.unmet or served.card.why) if served else NOT_TRAINED
        nothing = Probability(value=None, model=served.label if served else f"{name}@0", unmet=unmet)
        return [nothing] * len(book)
    line, table = served.line, base
    if served.rhythm is not None:
        table = base.copy()
        table[:, COLUMNS.index(ODDS)] = served.rhythm.log_odds(book, as_of, served.days)
    values = table[:, [COLUMNS.index(one) for one in line.features]]
    asked = tasks.eligible(task, base)
    likely = line.probability(values)
    low, high = line.interval(values)
    effects = line.contributions(values)
    missing = Probability(value=None, model=served.label, unmet=NO_ORDER if task.needs_order else TOO_LITTLE)
    return [
        Probability(
            value=_round(likely[row]), low=_round(low[row]), high=_round(high[row]), basis=served.card.in_use,
            model=served.label, drivers=_drivers(line, values[row], effects[row], currency),
        )
        if asked[row]
        else missing
        for row in range(len(book))
    ]  # fmt: skip


def _drivers(line: Linear, values: Floats, effects: Floats, currency: str) -> list[Driver]:
    """What moved this prediction most against the average customer, strongest first.

    Features that say nearly the same (recency in four forms) share a weight arbitrarily between them, so that each
    family is told once: with the sum of its effects, in the words of the member that pulls hardest that way.
    """
    sums: dict[str, float] = {}
    for name, effect in zip(line.features, effects.tolist(), strict=True):
        sums[FAMILY.get(name, name)] = sums.get(FAMILY.get(name, name), 0.0) + effect
    made: list[Driver] = []
    for family, total in sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0])):
        if abs(total) < LEAST_EFFECT or len(made) == DRIVERS:
            break
        members = [
            (effect * np.sign(total), name, value)
            for name, effect, value in zip(line.features, effects.tolist(), values.tolist(), strict=True)
            if FAMILY.get(name, name) == family and not np.isnan(value)
        ]
        if not members:
            continue
        _, name, value = max(members)
        text = said(BY_NAME[name], value, currency) if name in BY_NAME else _rhythm(value)
        made.append(Driver(name=name, text=text, effect=round(total, 3)))
    return made


def _rhythm(log_odds: float) -> Localized:
    share = 1 / (1 + np.exp(-log_odds))
    label = LABELS[ODDS]
    return Localized(en=f"{label.en} alone says {share:.0%}", zh=f"仅按{label.zh}推算为 {share:.0%}")


def _round(value: float) -> float:
    return round(float(np.clip(value, 0.0, 1.0)), 4)


def crossed(new: Predictions, before: Data | None, threshold: float, earlier: float | None = None) -> Data:
    """The predictions' document, with since when the risk is over the threshold; null while it is not.

    A first prediction crosses nothing: nobody knows since when the risk is high.

    Args:
        earlier: what the estimator of `new` says as of the last predictions, where they are another's (`_earlier`).
    """
    old = before or {}
    was, now = (old.get("churn") or {}).get("value"), new.churn.value
    at = old.get("crossedAt")
    if now is not None and now < threshold:
        at = None
    elif now is not None and (was is None or was < threshold):
        then = was if _same(new, old) else earlier
        if then is not None and then < threshold:
            at = new.as_of
    return new.model_copy(update={"crossed_at": at}).to_doc()


def _same(new: Predictions, before: Data) -> bool:
    """Whether both risks are by the same version and basis, so that only the customer can have moved."""
    old = before.get("churn") or {}
    return old.get("value") is not None and (old.get("model"), old.get("basis")) == (new.churn.model, new.churn.basis)


def moved(before: Data | None, after: Data, present: datetime) -> bool:
    """Whether a reader would see a difference, or the last predictions are a week old or of a moment yet to come."""
    if before is None or before.get("asOf") is None:
        return True
    if superseded(after["asOf"], before["asOf"], present) and not _knows_more(before, after):
        # A late message must not put older predictions over newer ones; but who bought while the models were being
        # trained was told that there are none, and would be until the next night.
        return False
    if before["asOf"] > present or after["asOf"] - before["asOf"] >= FRESH:
        return True
    if any(before.get(name) != after[name] for name in ("valueTier", "churnTier", "crossedAt")):
        return True
    for name in LEARNED:
        old, new = before.get(name) or {}, after[name]
        if _far(old.get("value"), new["value"], MOVED) or any(
            old.get(part) != new[part] for part in ("basis", "unmet")
        ):
            return True
    return _worth_moved(before, after)


def _knows_more(before: Data, after: Data) -> bool:
    parts = [(name, "value") for name in (*LEARNED, "discount")] + [("value", "expected")]
    return any((before.get(name) or {}).get(part) is None and after[name][part] is not None for name, part in parts)


def _worth_moved(before: Data, after: Data) -> bool:
    for name, part in (("value", "expected"), ("discount", "value")):
        old, new = before.get(name) or {}, after[name]
        tolerance = max(1.0, MOVED * abs(new[part] or 0)) if part == "expected" else MOVED
        if _far(old.get(part), new[part], tolerance) or old.get("unmet") != new["unmet"]:
            return True
        if old.get("basis") != new.get("basis"):
            return True
    return False


def _far(old: Any, new: Any, tolerance: float) -> bool:
    if old is None or new is None:
        return old is not new
    return bool(abs(float(old) - float(new)) >= tolerance)
