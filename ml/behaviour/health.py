"""Which estimator earns its place, and how healthy it is: by the backtest alone, said in words.

    red      not surely better than chance (an AUC below 0.53, or one whose lower bound of 1 % reaches 0.5), or
             probabilities worse than everybody's base rate, or off by more than 10 points on average, or a Brier score
             over what the settings allow
    yellow   it does not beat the simple rule by enough, or features have drifted, or calibration is off by 5 points, or
             only one or two time slices could be tested
    green    none of that

Red falls back to the baseline by itself; a baseline that is no better than chance either is not used: then nobody gets
a probability, and the card says why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ml.behaviour.scoring import Comparison, Judged, brier, calibration_gap, compare
from schema.base import Localized
from schema.intelligence import Drift, Health, Training

DRIFTED = 0.25
OFF_RED, OFF_YELLOW = 0.10, 0.05
LEAST_AUC = 0.53
"""What ranks no better than this is no use, however sure it is: many rows make a trifle sure."""
SLICES = 3
RECENCY, RHYTHM = "recency", "order rhythm (BG/NBD)"
Use = Literal["model", "baseline", "none"]


@dataclass(frozen=True)
class Verdict:
    """What is put in force, and why."""

    in_use: Use
    baseline: Literal["baseline", "rival"]
    """Which of the two simple rules is the baseline: the one that ranked better."""
    health: Health
    why: Localized
    reasons: tuple[Localized, ...]
    against: Comparison
    """The model against recency."""


def faults(slices: Sequence[Judged], which: str, most_brier: float) -> list[Localized]:
    """Why the predictions of `which` may not be used; empty when they may."""
    told = compare(list(slices), which, which)
    outcome = np.concatenate([one.outcome for one in slices])
    predicted = np.concatenate([getattr(one, which) for one in slices])
    found: list[Localized] = []
    if math.isnan(told.auc):
        return [Localized(en="The test rows had one outcome only.", zh="测试数据只有一种结果。")]
    # A 5 % bound would let one in twenty trainings on outcomes without any pattern through, night after night.
    if told.auc < LEAST_AUC or told.auc_sure <= 0.5:
        found.append(
            Localized(
                en=f"Not surely better than chance: AUC {told.auc:.3f}, with 99 % certainty over {told.auc_sure:.3f}; "
                f"wanted {LEAST_AUC:.2f} and over 0.5.",
                zh=f"不能确定优于随机：AUC {told.auc:.3f}，99% 把握高于 {told.auc_sure:.3f}；"
                f"要求达到 {LEAST_AUC:.2f} 且下限高于 0.5。",
            )
        )
    error = brier(outcome, predicted)
    # What one would lose who told everybody the slice's own share: a rule that knows nothing of anybody.
    base = sum(len(one.outcome) * one.outcome.mean() * (1 - one.outcome.mean()) for one in slices) / len(outcome)
    if error > 1.02 * base:
        found.append(
            Localized(
                en=f"Worse than telling everybody the average: Brier {error:.3f} against {base:.3f}.",
                zh=f"不如对所有人给出平均值：Brier {error:.3f}，平均值为 {base:.3f}。",
            )
        )
    if error > most_brier:
        found.append(
            Localized(
                en=f"Brier score {error:.3f} is over the {most_brier:.2f} that the settings allow.",
                zh=f"Brier 分数 {error:.3f} 超过设置允许的 {most_brier:.2f}。",
            )
        )
    gap = calibration_gap(outcome, predicted)
    if gap > OFF_RED:
        found.append(_off(gap))
    return found


def decide(slices: Sequence[Judged], settings: Training, drift: Sequence[Drift] = ()) -> Verdict:
    """Weigh model and baselines over the test slices (at least one)."""
    judged = list(slices)
    against = compare(judged, "baseline")
    has_rival = all(one.rival is not None for one in judged)
    rival = compare(judged, "baseline", "rival") if has_rival else None
    simple: Literal["baseline", "rival"] = "rival" if rival and rival.gain > 0 else "baseline"
    best = compare(judged, simple)
    red = faults(judged, "model", settings.most_brier)
    name = (
        Localized(en="order rhythm", zh="下单节律") if simple == "rival" else Localized(en="recency", zh="最近活跃时间")
    )
    if red:
        if faults(judged, simple, 1.0):
            why = Localized(
                en="Neither the model nor the simple rule is better than chance: nothing is predicted.",
                zh="模型与简单规则都不优于随机，因此不作预测。",
            )
            return Verdict("none", simple, "red", why, tuple(red), against)
        why = Localized(
            en=f"The model failed its check, so {name.en} alone is used.", zh=f"模型未通过检查，仅使用{name.zh}。"
        )
        return Verdict("baseline", simple, "red", why, tuple(red), against)
    reasons = _cautions(judged, drift)
    shown = f"AUC {best.auc:.3f}"
    if against.gain < settings.gain or against.gain_low <= 0 or best.gain < 0 or _worse_brier(judged, simple):
        why = Localized(
            en=f"The model ({shown}) does not beat {name.en} alone ({best.auc - best.gain:.3f}) by enough: "
            f"{name.en} is used.",
            zh=f"模型（{shown}）未明显优于仅用{name.zh}（{best.auc - best.gain:.3f}），因此使用{name.zh}。",
        )
        small = Localized(
            en=f"Gain over recency {against.gain:+.3f} ({against.gain_low:+.3f} to {against.gain_high:+.3f}); "
            f"wanted {settings.gain:.3f}.",
            zh=f"相对最近活跃时间的增益 {against.gain:+.3f}（{against.gain_low:+.3f} 至 {against.gain_high:+.3f}），"
            f"要求 {settings.gain:.3f}。",
        )
        if faults(judged, simple, 1.0):
            # Only the model holds: a small gain over a rule that does not is gain enough.
            return Verdict("model", simple, "yellow", _kept(shown, best, against, name), (small, *reasons), against)
        return Verdict("baseline", simple, "yellow", why, (small, *reasons), against)
    return Verdict(
        "model", simple, "yellow" if reasons else "green", _kept(shown, best, against, name), tuple(reasons), against
    )


def _kept(shown: str, best: Comparison, against: Comparison, name: Localized) -> Localized:
    simple, recency = best.auc - best.gain, against.auc - against.gain
    if best.gain_low > 0:
        return Localized(
            en=f"In the backtest the model ({shown}) beat {name.en} alone ({simple:.3f}).",
            zh=f"回测中模型（{shown}）优于仅用{name.zh}（{simple:.3f}）。",
        )
    return Localized(
        en=f"In the backtest the model ({shown}) beat recency alone ({recency:.3f}) and was as good as "
        f"{name.en} alone ({simple:.3f}).",
        zh=f"回测中模型（{shown}）优于仅用最近活跃时间（{recency:.3f}），与仅用{name.zh}（{simple:.3f}）相当。",
    )


def _cautions(slices: Sequence[Judged], drift: Sequence[Drift]) -> list[Localized]:
    found: list[Localized] = []
    moved = sorted((one for one in drift if one.psi > DRIFTED), key=lambda one: -one.psi)
    if moved:
        from ml.behaviour.feature_labels import LABELS

        names = [LABELS[one.feature] for one in moved[:3]]
        found.append(
            Localized(
                en=f"Customers changed since training: {', '.join(one.en for one in names)}.",
                zh=f"与训练时相比客户已变化：{'、'.join(one.zh for one in names)}。",
            )
        )
    outcome = np.concatenate([one.outcome for one in slices])
    gap = calibration_gap(outcome, np.concatenate([one.model for one in slices]))
    if gap > OFF_YELLOW:
        found.append(_off(gap))
    if len(slices) < SLICES:
        found.append(
            Localized(
                en=f"The history allowed {len(slices)} of {SLICES} time slices.",
                zh=f"历史数据只够 {len(slices)} 个时间切片（共 {SLICES} 个）。",
            )
        )
    return found


def _off(gap: float) -> Localized:
    return Localized(en=f"Probabilities are off by {gap:.0%} on average.", zh=f"概率与实际平均相差 {gap:.0%}。")


def _worse_brier(slices: Sequence[Judged], simple: str) -> bool:
    """Whether the model's Brier is worse than the baseline's beyond doubt: over two standard errors, by customer."""
    owner = np.concatenate([one.owner for one in slices])
    more = np.concatenate(
        [(one.model - one.outcome) ** 2 - (getattr(one, simple) - one.outcome) ** 2 for one in slices]
    )
    whose, place = np.unique(owner, return_inverse=True)
    sums = np.bincount(place, weights=more)
    error = float(np.sqrt(np.sum((sums - sums.mean()) ** 2)))
    return float(sums.sum()) > 2 * error and len(whose) > 1
