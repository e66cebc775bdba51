"""Training one model from the shop's own history: gate, backtest, verdict, final fit, card and version.

    gate       enough customers with two moments to learn from, and enough of both outcomes; else the card says how far
    backtest   up to three test origins, each predicted from what was known before it (`backtest`)
    verdict    the model, the simple rule or nothing (`health`)
    final fit  on every moment with a known outcome, with refits for the intervals
    card       figures of the backtest, drift of the features since, what each feature was worth

Training looks at the first `CUSTOMERS` customers in order of id; ids are hashes, so that they are a random sample.
What `value` and `discount` are is in `value_model` and `discount_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ml.behaviour import alive, backtest, scoring, tasks
from ml.behaviour.alive import ODDS, Rhythm
from ml.behaviour.backtest import Bench, Plan, Rows, Slice
from ml.behaviour.churn_horizon import horizon
from ml.behaviour.estimators import Linear
from ml.behaviour.feature_labels import LABELS
from ml.behaviour.health import RHYTHM, Verdict, decide
from ml.behaviour.history import Floats, Ledger, ledger
from ml.behaviour.pinned import look_again, watch
from ml.behaviour.reading import Person, context_of, histories, page, setting
from ml.behaviour.registry import due, publish
from ml.behaviour.tasks import COLUMNS, LEARNED, Task
from ml.behaviour.worth import with_edges
from schema import log
from schema.base import Localized
from schema.flow import World
from schema.intelligence import Drift, Importance, ModelCard, ModelName, ModelVersion, Training
from schema.intelligence import Slice as SliceCard
from schema.store import Store

CUSTOMERS = 6_000
PAGE = 1_000
LEAST_CUSTOMERS, LEAST_POSITIVES = 200, 30
REFITS = 40
LOGISTIC = "logistic regression with hinges"


def train(
    world: World, name: ModelName, as_of: datetime, settings: Training | None = None, force: bool = False
) -> bool:
    """Train a model where it is due; true when it was trained. Else the version in force is judged (`pinned.watch`).

    Args:
        as_of: nothing after it is looked at.
        settings: `settings/training`; read when not given.
        force: train also where it is not due.
    """
    docs = world.store.get_many([f"models/{name}", "settings/training"])
    card, held = docs[f"models/{name}"], docs["settings/training"]
    chosen = settings or (Training.model_validate(held.data) if held else Training())
    now = world.clock()
    if not due(card.data if card else None, chosen.schedule, now, force):
        # A nightly schedule trained less than a day ago; of the others, nobody else would see a model go bad.
        if card and chosen.schedule != "nightly" and name != "discount":
            watch(world.store, name, sample(world, as_of), as_of, chosen, now)
        return False
    book = sample(world, as_of)
    card_made, version = (
        _worth(book, name, as_of, now) if name not in LEARNED else _learned(book, name, as_of, chosen, now)
    )
    written = publish(world.store, card_made, version)
    if written.pinned and name in LEARNED:
        look_again(world.store, name, book, as_of, chosen, now)
    log.write(
        "INFO", "model trained", model=name, version=written.version, inUse=written.in_use, health=written.health,
        customers=len(book),
    )  # fmt: skip
    return True


def _learned(
    book: Ledger, name: ModelName, as_of: datetime, chosen: Training, now: datetime
) -> tuple[ModelCard, ModelVersion | None]:
    found = horizon(book, as_of, chosen.churn_days) if name == "churn" else None
    built = build(book, tasks.task(name, found.days if found else None), as_of, chosen, now)
    return built.card, built.version


def _worth(book: Ledger, name: ModelName, as_of: datetime, now: datetime) -> tuple[ModelCard, ModelVersion | None]:
    from ml.behaviour.discount_model import train_discount
    from ml.behaviour.value_model import train_value

    if name == "discount":
        made = train_discount(book, as_of, now)
        return made.card, made.version
    if name != "value":
        raise ValueError(f"{name} is not trained here")
    made = train_value(book, as_of, now)
    return made.card, with_edges(made.version, book, as_of) if made.version else None


def sample(world: World, as_of: datetime) -> Ledger:
    """The histories that training learns from."""
    shop = setting(world, as_of)
    people = learners(world.store, shop.real)
    known = []
    for start in range(0, len(people), PAGE):
        known += histories(world.store, people[start : start + PAGE], shop.catalogue)
    return ledger(known, context_of(known, shop.zone))


def learners(store: Store, real: bool) -> list[Person]:
    """Customers that training learns from: in scope, with an order or some signs of life."""
    people: list[Person] = []
    after: str | None = None
    while len(people) < CUSTOMERS:
        found, after = page(store, after, PAGE, real)
        for one in found:
            stats = one.data.get("stats") or {}
            lively = int(stats.get("orders") or 0) >= 1 or int(stats.get("events") or 0) >= tasks.EVENTS
            if one.in_scope and lively:
                people.append(one)
        if after is None:
            break
    return people[:CUSTOMERS]


@dataclass(frozen=True)
class Built:
    """What training found."""

    card: ModelCard
    version: ModelVersion | None


def build(
    book: Ledger,
    task: Task,
    as_of: datetime,
    settings: Training,
    now: datetime,
    fit_rhythm: backtest.FitRhythm | None = None,
    shuffle: int | None = None,
) -> Built:
    """Train on a ledger; pure.

    Args:
        now: the time written on the card.
        fit_rhythm: how BG/NBD is fitted; the shop's own by default.
        shuffle: seed for dealing the outcomes anew, to see that nothing is learned then.
    """
    plan = backtest.plan(book, task, as_of, settings.history_days)
    bench = Bench(book, task, plan.days, fit_rhythm or alive.fit_rhythm, shuffle)
    rows = bench.training(list(plan.origins), as_of.timestamp())
    unmet = gate(task, book, plan, rows)
    slices = [] if unmet else backtest.run(bench, plan)
    if unmet is None and not slices:
        unmet = Localized(
            en=f"Needs a history long enough to learn before and test behind: {3 * task.days} days would do.",
            zh=f"历史需足够长，才能先学习再检验：约需 {3 * task.days} 天。",
        )
    if unmet is not None:
        return Built(_nothing(task, unmet, as_of, now), None)
    judged = [one.judged for one in slices]
    rhythm = bench.rhythm(as_of.timestamp())
    model = backtest.learn(task, rows, refits=REFITS)
    importance = worth(slices[0], task, bench, plan)
    drift = drifts(rows, bench, as_of, rhythm, model)
    matters = {one.feature for one in sorted(importance, key=lambda one: -one.value)[:8] if one.value > 0}
    verdict = decide(judged, settings, [one for one in drift if one.feature in matters])
    keep = (ODDS,) if verdict.baseline == "rival" else (task.recency,)
    simple = backtest.learn(task, rows, keep, REFITS)
    return _built(task, as_of, now, slices, verdict, model, simple, rhythm, drift, importance)


def gate(task: Task, book: Ledger, plan: Plan, rows: Rows) -> Localized | None:
    """Which condition for training is not met, and how far it is; None when all are."""
    if task.name == "campaign":
        sent = int((book.moments.kind == 4).sum())
        if sent < LEAST_CUSTOMERS:
            return Localized(
                en=f"Needs {LEAST_CUSTOMERS} delivered messages to learn from; there are {sent}.",
                zh=f"需要 {LEAST_CUSTOMERS} 条已送达消息才能学习，目前 {sent} 条。",
            )
    moments = np.bincount(rows.owner, minlength=1)
    twice = int((moments >= (1 if task.name == "campaign" else 2)).sum())
    if twice < LEAST_CUSTOMERS:
        return Localized(
            en=f"Needs {LEAST_CUSTOMERS} customers known at two moments {plan.days:.0f} or more days ago; "
            f"there are {twice}.",
            zh=f"需要 {LEAST_CUSTOMERS} 位在 {plan.days:.0f} 天前已有两个观察时点的客户，目前 {twice} 位。",
        )
    yes = int(rows.outcome.sum())
    fewer = min(yes, len(rows.outcome) - yes)
    if fewer < LEAST_POSITIVES:
        return Localized(
            en=f"Needs {LEAST_POSITIVES} cases of each outcome; the rarer one happened {fewer} times.",
            zh=f"每种结果至少需要 {LEAST_POSITIVES} 例，较少的一种目前 {fewer} 例。",
        )
    return None


def worth(newest: Slice, task: Task, bench: Bench, plan: Plan) -> list[Importance]:
    """What the AUC of the newest test slice loses when a feature is dealt anew among its customers."""
    test = plan.tests[0]
    model = backtest.learn(task, bench.training(plan.before(test), test))
    values, outcome = backtest.only(newest.values, model), newest.judged.outcome
    before = scoring.auc(outcome, model.probability(values))
    rng = np.random.default_rng(5)
    made = []
    for column, name in enumerate(model.features):
        mixed = values.copy()
        mixed[:, column] = rng.permutation(mixed[:, column])
        lost = before - scoring.auc(outcome, model.probability(mixed))
        made.append(Importance(feature=name, text=LABELS[name], value=0.0 if np.isnan(lost) else float(lost)))
    return sorted(made, key=lambda one: -one.value)


def drifts(rows: Rows, bench: Bench, as_of: datetime, rhythm: Rhythm | None, model: Linear) -> list[Drift]:
    """How far each feature of today's customers is from the rows that were learned from."""
    table = tasks.table(bench.book, as_of, bench.days, rhythm)
    today = table[tasks.eligible(bench.task, table)]
    made = []
    for name in model.features:
        column = COLUMNS.index(name)
        made.append(
            Drift(feature=name, text=LABELS[name], psi=scoring.stability(rows.values[:, column], today[:, column]))
        )
    return sorted(made, key=lambda one: -one.psi)


def _built(
    task: Task, as_of: datetime, now: datetime, slices: Sequence[Slice], verdict: Verdict, model: Linear,
    simple: Linear, rhythm: Rhythm | None, drift: list[Drift], importance: list[Importance],
) -> Built:  # fmt: skip
    judged = [one.judged for one in slices]
    ours, theirs = scoring.metrics(judged), scoring.metrics(judged, verdict.baseline)
    baseline = RHYTHM if verdict.baseline == "rival" else task.baseline
    used = "model" if verdict.in_use == "model" else verdict.baseline
    outcome = np.concatenate([one.outcome for one in judged])
    predicted: Floats = np.concatenate([getattr(one, used) for one in judged])
    estimator = {"model": LOGISTIC, "baseline": baseline, "none": "none"}[verdict.in_use]
    unmet = verdict.why if verdict.in_use == "none" else None
    card = ModelCard(
        name=task.name, version=0, in_use=verdict.in_use, estimator=estimator, baseline=baseline, why=verdict.why,
        health=verdict.health, reasons=list(verdict.reasons)[:6], unmet=unmet, horizon_days=task.days,
        trained_at=now, as_of=as_of, metrics=ours, baseline_metrics=theirs,
        slices=[
            SliceCard(
                trained_to=one.trained_to, tested_to=one.tested_to, model=scoring.metrics([one.judged]),
                baseline=scoring.metrics([one.judged], verdict.baseline),
            )
            for one in slices
        ],
        calibration=scoring.calibration(outcome, predicted), drift=drift, importance=importance,
        fit={**(rhythm.to_doc() if rhythm else {}),
             "gain": verdict.against.gain, "gainLow": verdict.against.gain_low, "gainHigh": verdict.against.gain_high},
        updated_at=now,
    )  # fmt: skip
    version = ModelVersion(
        version=0, trained_at=now, as_of=as_of, estimator=estimator, features=list(model.features),
        parameters={
            "days": task.days,
            "inUse": verdict.in_use,
            "rhythm": rhythm.to_doc() if rhythm else None,
            "model": {"features": list(model.features), **model.to_doc()},
            "baseline": {"features": list(simple.features), **simple.to_doc()},
        },
        metrics=ours, baseline=theirs, health=verdict.health,
    )  # fmt: skip
    return Built(card, version)


def _nothing(task: Task, unmet: Localized, as_of: datetime, now: datetime) -> ModelCard:
    return ModelCard(
        name=task.name, version=0, in_use="none", estimator="none", baseline=task.baseline, why=unmet, health="yellow",
        unmet=unmet, horizon_days=task.days, trained_at=now, as_of=as_of, updated_at=now,
    )  # fmt: skip
