"""Lifetime value in the shop: fitted and backtested on histories, and told for each customer; pure.

    train_value    fit before T, compare with what came after T, fit again on everything, card and version
    value_of       the next twelve months of each customer, in minor units of the shop's currency

Baseline: a customer's money of the last period comes again, times the ratio that held in the backtest, with the
backtest's own residuals as interval. It takes over when the model's health is red. Sensitivity to discounts is in
`discount_model`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np

from ml.behaviour import clv, clv_forecast, gamma_gamma, transactions
from ml.behaviour.clv import BgNbd
from ml.behaviour.conditions import Condition
from ml.behaviour.gamma_gamma import GammaGamma
from ml.behaviour.history import DAY, Floats, Ledger
from ml.behaviour.transactions import Summary, Transactions
from schema.base import Localized
from schema.intelligence import Health, Metrics, ModelCard, ModelVersion, Slice
from schema.minds import LifetimeValue

YEAR = 365
LEAST_BACKTEST = 28
"""Days below which a backtest says nothing about a year."""
FARTHEST = timedelta(days=3653)
"""A next order beyond ten years is not told."""
NAME, BASELINE = "BG/NBD and Gamma-Gamma", "spend of the last period repeated"
NO_ORDER = Localized(en="Needs a first order.", zh="需要先有一次下单。")
NO_MONEY = Localized(en="Orders have no amount in the shop's currency.", zh="订单没有以店铺货币计的金额。")


@dataclass(frozen=True)
class Trained:
    """What `registry.publish` takes; no version where there was too little to fit."""

    card: ModelCard
    version: ModelVersion | None


@dataclass(frozen=True)
class Backtest:
    """Fitted before `start`, compared until `end`: money of each customer, expected and real."""

    start: datetime
    end: datetime
    expected: Floats
    low: Floats
    high: Floats
    actual: Floats
    repeated: Floats
    """Money of the period of the same length before."""

    @property
    def ratio(self) -> float:
        """What the baseline is multiplied with, so that its total is right."""
        before = float(self.repeated.sum())
        return float(np.clip(self.actual.sum() / before, 0.0, 5.0)) if before > 0 else 0.0


def ledger_transactions(book: Ledger, as_of: datetime) -> Transactions:
    """Transactions of a ledger as of a moment: orders of one UTC day are one."""
    seen = book.orders.at <= as_of.timestamp()
    day = np.floor(book.orders.at[seen] / DAY).astype(np.int64)
    return transactions.collapse(len(book), book.orders.owner[seen], day, book.orders.net[seen], refunds=False)


def fit(known: Summary) -> tuple[BgNbd, GammaGamma]:
    """Both models on what is known as of a day."""
    frequency = clv.fit(clv.cells(known.x, known.tx, known.age))
    return frequency, gamma_gamma.fit(np.minimum(known.x, known.known), known.mean)


def train_value(book: Ledger, as_of: datetime, now: datetime) -> Trained:
    """Fit, backtest and judge; nothing after `as_of` is looked at.

    Args:
        now: the time written on the card.
    """
    held = ledger_transactions(book, as_of)
    known = transactions.summary(held, _day(as_of))
    frequency, money = fit(known)
    unmet = [*frequency.unmet, *money.unmet]
    blocking = [one for one in unmet if one.blocking]
    if blocking:
        return Trained(_card("none", blocking[0].text, "yellow", unmet, as_of, now, blocking[0].text), None)
    seen = backtest(held, as_of)
    health, reasons = judge(seen)
    used: Literal["model", "baseline"] = "baseline" if health == "red" else "model"
    why = {
        "model": Localized(en="The probability model fits the shop's own history.", zh="概率模型符合店铺历史。"),
        "baseline": Localized(
            en="The model missed what happened in the backtest; the simple rule is used.",
            zh="模型在回测中偏离实际，改用简单规则。",
        ),
    }[used]
    ours = _metrics(seen, seen.expected, seen.low, seen.high) if seen else None
    simple = _metrics(seen, seen.repeated * seen.ratio, None, None) if seen else None
    card = _card(used, why, health, unmet, as_of, now, None, reasons)
    parameters: dict[str, object] = {
        "inUse": used,
        "bgNbd": _frequency_doc(frequency),
        "gammaGamma": _money_doc(money),
        "baseline": _baseline_doc(seen),
        "totals": _totals_doc(frequency, money, known, seen),
    }
    if seen is not None and ours is not None and simple is not None:
        card = card.model_copy(
            update={"slices": [Slice(trained_to=seen.start, tested_to=seen.end, model=ours, baseline=simple)]}
        )
    card = card.model_copy(
        update={
            "metrics": ours,
            "baseline_metrics": simple,
            "fit": {
                **{name: getattr(frequency, name) for name in ("r", "alpha", "a", "b")},
                **{name: getattr(money, name) for name in ("p", "q", "v")},
                "bgNbdLogLikelihood": frequency.log_likelihood,
                "gammaGammaLogLikelihood": money.log_likelihood,
                "correlation": None if np.isnan(money.correlation) else money.correlation,
                "customers": float(frequency.customers),
                "repeatBuyers": float(frequency.repeat_buyers),
            },
        }
    )
    version = ModelVersion(
        version=0, trained_at=now, as_of=as_of, estimator=NAME if used == "model" else BASELINE,
        parameters=parameters, metrics=ours, baseline=simple, health=health,
    )  # fmt: skip
    return Trained(card, version)


def misses(parameters: Mapping[str, Any], book: Ledger, as_of: datetime) -> list[Localized]:
    """Why a version that uses the model may not go on, by the newest two fifths of the history; empty when it may.

    Args:
        parameters: of the version in force.
    """
    if parameters["inUse"] != "model":
        return []
    fitted = _frequency_of(parameters["bgNbd"]), _money_of(parameters["gammaGamma"])
    seen = backtest(ledger_transactions(book, as_of), as_of, fitted)
    health, reasons = judge(seen)
    return reasons if health == "red" else []


def backtest(held: Transactions, as_of: datetime, fitted: tuple[BgNbd, GammaGamma] | None = None) -> Backtest | None:
    """Two fifths of the history, at most a year, are held back; None where that is too short or too few came back.

    Args:
        fitted: judged as it is, in place of a fit on what is not held back.
    """
    if not len(held.day):
        return None
    today = _day(as_of)
    days = int(min(YEAR, 0.4 * (today - int(held.day.min()))))
    if days < LEAST_BACKTEST:
        return None
    start = today - days
    known = transactions.summary(held, start)
    frequency, money = fitted or fit(known)
    if any(one.blocking for one in (*frequency.unmet, *money.unmet)):
        return None
    told = _told(frequency, money, known, days)
    actual, before = (
        transactions.between(held, since, until)[1][known.owner]
        for since, until in ((start, today), (start - days, start))
    )
    return Backtest(
        datetime.fromtimestamp((start + 1) * DAY, UTC), as_of, told.value, told.low, told.high, actual, before
    )


def judge(seen: Backtest | None) -> tuple[Health, list[Localized]]:
    """Health from the coverage of the intervals, the error of the total, and the comparison with the baseline."""
    if seen is None:
        return "yellow", [
            Localized(en="The history is too short for a backtest.", zh="历史太短，无法回测。"),
        ]
    reasons: list[Localized] = []
    health: Health = "green"
    coverage = _coverage(seen.actual, seen.low, seen.high)
    total = float(seen.actual.sum())
    off = float(seen.expected.sum()) / total - 1 if total > 0 else np.inf
    if coverage < 0.8 or abs(off) > 0.3:
        health = "yellow"
    if coverage < 0.8:
        reasons.append(
            Localized(
                en=f"The 90 % intervals held {coverage:.0%} of what happened in the backtest.",
                zh=f"回测中 90% 区间只包含了 {coverage:.0%} 的实际结果。",
            )
        )
    if abs(off) > 0.3:
        reasons.append(
            Localized(
                en=f"The expected total differed from the real one by {off:+.0%}."
                if np.isfinite(off)
                else "Nobody bought in the backtest's period.",
                zh=f"预期总额与实际相差 {off:+.0%}。" if np.isfinite(off) else "回测期间无人下单。",
            )
        )
    worse = _worse(seen)
    if worse:
        health = "yellow"
        reasons.append(
            Localized(en=f"The simple rule was nearer: {BASELINE}.", zh="简单规则更准：沿用上一期的消费。"),
        )
    if coverage < 0.65 or abs(off) > 1.0 or (worse and abs(off) > 0.3):
        health = "red"
    return health, reasons


def total_of(parameters: Mapping[str, Any], expected: float) -> tuple[float, float] | None:
    """90 % interval of the expected values' sum, minor units; None where the version does not know how far off it is.

    Args:
        parameters: of the version in force.
    """
    known = (parameters.get("totals") or {}).get(parameters.get("inUse"))
    if known is None:
        return None
    return clv_forecast.Total(np.array(known["ratios"]), float(known["noise"])).interval(expected)


def value_of(
    book: Ledger, parameters: Mapping[str, Any] | None, label: str, as_of: datetime, unmet: Localized | None = None
) -> list[LifetimeValue]:
    """The next twelve months of each customer of a ledger, in its order.

    Args:
        parameters: of the version in force; None where there is none.
        label: `value@3`.
        unmet: why there is no model, from the card.
    """
    nothing = [LifetimeValue(expected=None, model=label, unmet=unmet or NO_ORDER)] * len(book)
    if parameters is None:
        return nothing
    held = ledger_transactions(book, as_of)
    known = transactions.summary(held, _day(as_of))
    made = [LifetimeValue(expected=None, model=label, unmet=NO_ORDER)] * len(book)
    if not len(known):
        return made
    if parameters.get("inUse") == "baseline":
        simple = parameters["baseline"]
        money = transactions.between(held, _day(as_of) - YEAR, _day(as_of))[1][known.owner]
        for row, expected in zip(known.owner, money * float(simple["ratio"]), strict=True):
            low, high = max(0.0, expected + float(simple["low"])), expected + float(simple["high"])
            made[row] = LifetimeValue(
                expected=round(expected), low=round(min(low, expected)), high=round(max(high, expected)), model=label
            )
        return made
    frequency, money_fit = _frequency_of(parameters["bgNbd"]), _money_of(parameters["gammaGamma"])
    told = _told(frequency, money_fit, known, YEAR)
    rows = zip(
        known.owner, told.value, told.low, told.high, told.purchases, told.purchases_low, told.purchases_high,
        told.alive, told.wait, told.wait_low, told.wait_high, strict=True,
    )  # fmt: skip
    for owner, value, low, high, purchases, fewest, most, alive, wait, soon, late in rows:
        made[owner] = LifetimeValue(
            expected=_minor(value), low=_minor(low), high=_minor(high),
            purchases=round(float(purchases), 4), purchases_low=float(fewest), purchases_high=round(float(most), 4),
            alive=round(float(np.clip(alive, 0, 1)), 4),
            next_order_at=_later(as_of, wait), next_order_low=_later(as_of, soon), next_order_high=_later(as_of, late),
            model=label, unmet=None if np.isfinite(value) else NO_MONEY,
        )  # fmt: skip
    return made


def _told(frequency: BgNbd, money: GammaGamma, known: Summary, days: int) -> clv_forecast.Forecast:
    held = clv.cells(known.x, known.tx, known.age)
    return clv_forecast.forecast(frequency, money, held, known.mean, days / transactions.WEEK)


def _later(as_of: datetime, weeks: float) -> datetime | None:
    return as_of + timedelta(weeks=float(weeks)) if weeks < FARTHEST.days / 7 else None


def _minor(value: float) -> int | None:
    return round(float(np.clip(value, -(10**15), 10**15))) if np.isfinite(value) else None


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // DAY)


def _coverage(actual: Floats, low: Floats, high: Floats) -> float:
    # What is paid is whole cents; ends of intervals are not.
    return float(((actual >= low - 0.5) & (actual <= high + 0.5)).mean())


def _worse(seen: Backtest) -> bool:
    """Whether the baseline had the smaller squared error, beyond chance (bootstrap over customers, 95 %)."""
    gain = (seen.repeated * seen.ratio - seen.actual) ** 2 - (seen.expected - seen.actual) ** 2
    rng = np.random.default_rng(11)
    means = [gain[rng.integers(0, len(gain), len(gain))].mean() for _ in range(200)]
    return bool(np.quantile(means, 0.975) < 0)


def _metrics(seen: Backtest, expected: Floats, low: Floats | None, high: Floats | None) -> Metrics:
    error = np.abs(expected - seen.actual)
    rng = np.random.default_rng(7)
    ratios = []
    for _ in range(200):
        pick = rng.integers(0, len(error), len(error))
        mean = seen.actual[pick].mean()
        if mean > 0:
            ratios.append(error[pick].mean() / mean)
    mean = float(seen.actual.mean())
    return Metrics(
        rows=len(error), positives=int((seen.actual > 0).sum()),
        coverage=_coverage(seen.actual, low, high) if low is not None and high is not None else None,
        error=float(error.mean() / mean) if mean > 0 else None,
        error_low=float(np.quantile(ratios, 0.05)) if ratios else None,
        error_high=float(np.quantile(ratios, 0.95)) if ratios else None,
    )  # fmt: skip


def _baseline_doc(seen: Backtest | None) -> dict[str, float]:
    if seen is None:
        return {"ratio": 1.0, "low": -1e12, "high": 1e12}
    # Residuals of a shorter period are stretched to the year: sums of orders spread at most in proportion.
    stretch = YEAR / max(1.0, (seen.end - seen.start).total_seconds() / DAY)
    low, high = np.quantile(seen.actual - seen.repeated * seen.ratio, (0.05, 0.95)) * stretch
    return {"ratio": seen.ratio, "low": float(low), "high": float(high)}


def _totals_doc(frequency: BgNbd, money: GammaGamma, known: Summary, seen: Backtest | None) -> dict[str, object]:
    """How far the sum of many customers may be off, under the model and under the baseline: null where unknown."""
    held = clv.cells(known.x, known.tx, known.age)
    told = clv_forecast.forecast(frequency, money, held, known.mean, YEAR / transactions.WEEK)
    ours = clv_forecast.total(frequency, money, held, known.mean, YEAR / transactions.WEEK, told)
    return {"model": _total_doc(ours), "baseline": _total_doc(_baseline_total(seen) if seen else None)}


def _total_doc(made: clv_forecast.Total | None) -> dict[str, object] | None:
    return {"ratios": [round(float(one), 6) for one in made.ratios], "noise": made.noise} if made else None


def _baseline_total(seen: Backtest) -> clv_forecast.Total | None:
    """The ratio is common to all: what it would have been with other customers of the same kind (bootstrap)."""
    expected = float(seen.repeated.sum()) * seen.ratio
    if expected <= 0:
        return None
    rng = np.random.default_rng(13)
    picks = rng.integers(0, len(seen.actual), (clv_forecast.DRAWS, len(seen.actual)))
    sums = seen.repeated[picks].sum(axis=1)
    ratios = np.where(sums > 0, seen.actual[picks].sum(axis=1) / np.where(sums > 0, sums, 1.0), seen.ratio)
    stretch = YEAR / max(1.0, (seen.end - seen.start).total_seconds() / DAY)
    # Over a longer period the money and its standard deviation grow by the same factor, as in `_baseline_doc`.
    noise = float(((seen.actual - seen.repeated * seen.ratio) ** 2).sum()) / expected * stretch
    return clv_forecast.Total(np.clip(ratios, 0.0, 5.0) / seen.ratio, noise)


def _frequency_doc(fitted: BgNbd) -> dict[str, object]:
    return {
        **{name: float(getattr(fitted, name)) for name in ("r", "alpha", "a", "b")},
        "logLikelihood": fitted.log_likelihood, "covariance": [float(one) for one in fitted.covariance.ravel()],
        "customers": fitted.customers, "repeatBuyers": fitted.repeat_buyers,
    }  # fmt: skip


def _money_doc(fitted: GammaGamma) -> dict[str, object]:
    return {
        **{name: float(getattr(fitted, name)) for name in ("p", "q", "v")},
        "logLikelihood": fitted.log_likelihood, "covariance": [float(one) for one in fitted.covariance.ravel()],
        "buyers": fitted.buyers,
    }  # fmt: skip


def _frequency_of(doc: Mapping[str, Any]) -> BgNbd:
    r, alpha, a, b = (float(doc[name]) for name in ("r", "alpha", "a", "b"))
    return BgNbd(
        r, alpha, a, b, float(doc["logLikelihood"]),
        np.array(doc["covariance"], dtype=np.float64).reshape(4, 4), int(doc["customers"]), int(doc["repeatBuyers"]),
    )  # fmt: skip


def _money_of(doc: Mapping[str, Any]) -> GammaGamma:
    p, q, v = (float(doc[name]) for name in ("p", "q", "v"))
    return GammaGamma(
        p, q, v, float(doc["logLikelihood"]),
        np.array(doc["covariance"], dtype=np.float64).reshape(3, 3), int(doc["buyers"]), float("nan"),
    )  # fmt: skip


def _card(
    used: Literal["model", "baseline", "none"], why: Localized, health: Health, unmet: Sequence[Condition],
    as_of: datetime, now: datetime, missing: Localized | None, reasons: Sequence[Localized] = (),
) -> ModelCard:  # fmt: skip
    texts = list(dict.fromkeys((*reasons, *(one.text for one in unmet))))
    return ModelCard(
        name="value", version=0, in_use=used, estimator={"model": NAME, "baseline": BASELINE, "none": "none"}[used],
        baseline=BASELINE, why=why, health="yellow" if health == "green" and unmet else health, reasons=texts[:6],
        unmet=missing, horizon_days=YEAR, trained_at=now, as_of=as_of, updated_at=now,
    )  # fmt: skip
