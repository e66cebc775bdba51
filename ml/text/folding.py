"""A customer's mood and personality, folded anew from their newest 200 scored texts; never incrementally.

Weights halve every 90 days. Texts are sorted by id before anything is summed, and sums are exact (`math.fsum`), so that
the same texts give the same psyche whatever order they came in. As of a moment: later texts do not count.

    sentiment   sum of w v / sum of w with v = P(positive) - P(negative); 90 % interval m -+ 1.645 s / sqrt(n), where
                n = (sum of w)^2 / sum of w^2 and s^2 mixes the weighted variance (n parts) with 1/3 (one part), the
                variance of ratings spread evenly: one text alone has a wide interval
    groups      the same mean of each group's probability
    frustration the newest frustrated text of the last 30 days; settled by a later positive text or a case closed since
    ocean       `ml/text/ocean.py`, over the English texts

Positive words under one or two stars ("Oh great, another one that leaks") are most often irony, which no model here
recognises. Nobody knows what they say, so they settle nothing and are left out of mood and sentiment.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ml.text import groups as grouping
from ml.text.artefact import Head
from ml.text.ocean import Part, pooled
from schema.minds import GROUPS, EmotionGroups, Frustration, Ocean, OceanReason, Psyche

Data = dict[str, Any]
NEWEST = 200
UNREAD = ("too short", "not supported")
"""Statuses of which the newest text is looked at, for why there is no personality."""
SAID = ("scored", *UNREAD)
HALF_LIFE = timedelta(days=90)
UNSETTLED = timedelta(days=30)
Z90 = 1.645
FEW_STARS = 2
_PRIOR = 1 / 3
_TOLERANCE = 0.01
"""Change of a mean that is worth a write by itself."""


def day_end(moment: datetime) -> datetime:
    """Midnight UTC at or after a moment: psyches of one day are as of one moment, so that a replay changes nothing."""
    start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start if start == moment else start + timedelta(days=1)


def fold(
    emotions: Mapping[str, Data],
    as_of: datetime,
    profiling: str,
    cases: Sequence[Data],
    traits: tuple[str, Head] | None = None,
) -> Psyche | None:
    """Mood and personality of one customer.

    Args:
        emotions: documents of `emotions` by id: all texts of the customer and their aliases.
        profiling: `customers.profiling`.
        cases: the customer's care cases, as stored.
        traits: id and head of the personality model in force; without one there is no personality.

    Returns None for who refused profiling and for who said nothing.
    """
    if profiling == "opted out":
        return None
    said = [(one, data) for one, data in emotions.items() if data["status"] in SAID and _in(data, as_of)]
    if not said:
        return None
    said.sort(key=lambda row: (row[1]["at"], row[0]), reverse=True)
    newest = [row for row in said if row[1]["status"] == "scored" and row[1].get("sentiment")][:NEWEST]
    rows = sorted((row for row in newest if not contradicted(row[1])), key=lambda row: row[0])
    weights = [_weight(data["at"], as_of) for _, data in rows]
    total = math.fsum(weights)
    mean, low, high = _mean([_valence(data) for _, data in rows], weights)
    groups = _groups([(data["groups"], w) for (_, data), w in zip(rows, weights, strict=True) if data.get("groups")])
    unread = [next((data for _, data in said if data["status"] == status), None) for status in UNREAD]
    ocean, reason, words = _ocean([data for _, data in newest], traits, unread)
    return Psyche(
        as_of=as_of,
        texts=len(rows),
        words=sum(int(data["words"]) for _, data in rows),
        weight=round(total, 4),
        sentiment=mean,
        sentiment_low=low,
        sentiment_high=high,
        groups=groups,
        mood=grouping.strongest({name: getattr(groups, name) for name in GROUPS}) if groups else None,
        frustration=_frustration(newest, as_of, cases),
        ocean=ocean,
        ocean_reason=reason,
        ocean_words=words,
        models=sorted({str(data["model"]) for _, data in newest if data.get("model")})[:4],
    )


def contradicted(data: Data) -> bool:
    """Whether an emotion's words are positive and its stars are one or two."""
    rating = data.get("rating")
    return rating is not None and rating <= FEW_STARS and data["sentiment"]["label"] == "positive"


def _in(data: Data, as_of: datetime) -> bool:
    return data.get("at") is not None and data["at"] <= as_of


def _weight(at: datetime, as_of: datetime) -> float:
    return float(0.5 ** ((as_of - at) / HALF_LIFE))


def _valence(data: Data) -> float:
    return float(data["sentiment"]["positive"]) - float(data["sentiment"]["negative"])


def _mean(values: Sequence[float], weights: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    total = math.fsum(weights)
    if not values or total <= 0:
        return None, None, None
    mean = math.fsum(w * v for v, w in zip(values, weights, strict=True)) / total
    spread = math.fsum(w * (v - mean) ** 2 for v, w in zip(values, weights, strict=True)) / total
    n = total**2 / math.fsum(w * w for w in weights)
    half = Z90 * math.sqrt((n * spread + _PRIOR) / (n + 1) / n)
    return round(mean, 4), round(max(-1.0, mean - half), 4), round(min(1.0, mean + half), 4)


def _groups(rows: Sequence[tuple[Data, float]]) -> EmotionGroups | None:
    total = math.fsum(weight for _, weight in rows)
    if total <= 0:
        return None
    return grouping.rounded({name: math.fsum(float(g[name]) * w for g, w in rows) / total for name in GROUPS})


def _frustration(newest: Sequence[tuple[str, Data]], as_of: datetime, cases: Sequence[Data]) -> Frustration | None:
    """`newest` is sorted from the newest to the oldest."""
    for at, (identity, data) in enumerate(newest):
        if not data.get("frustrated") or as_of - data["at"] > UNSETTLED:
            continue
        if any(later["sentiment"]["label"] == "positive" and not contradicted(later) for _, later in newest[:at]):
            return Frustration(feedback_id=identity, at=data["at"], settled="positive text")
        closed = any(
            case["status"] == "done"
            and case["kind"] != "risk"
            and case.get("doneAt") is not None
            and case["doneAt"] <= as_of
            and (case.get("feedbackId") == identity or case["doneAt"] > data["at"])
            for case in cases
        )
        return Frustration(feedback_id=identity, at=data["at"], settled="closed case" if closed else None)
    return None


def _ocean(
    rows: Sequence[Data], traits: tuple[str, Head] | None, unread: Sequence[Data | None]
) -> tuple[Ocean | None, OceanReason | None, int]:
    """`unread`: the newest text that was too short, and the newest in a language that nobody reads."""
    if traits is None:
        return None, None, 0
    model, head = traits
    parts = [
        Part(data["ocean"]["logits"], int(data["ocean"]["tokens"]), int(data["words"]))
        for data in rows
        if data.get("ocean") and data["ocean"]["model"] == model
    ]
    words = sum(part.words for part in parts)
    ocean = pooled(parts, head)
    if ocean is not None:
        return ocean, None, words
    languages = {str(data["language"]) for data in (*rows, *unread) if data is not None}
    # A short text of no certain language ("ok") says nothing against the languages of the others.
    return None, "not enough text" if "en" in languages or languages == {"und"} else "language not supported", words


def differs(held: Data | None, fresh: Data | None, exactly: bool) -> bool:
    """Whether a psyche is worth a write.

    Args:
        exactly: texts changed: any difference counts. Else only time passed, and a mean must have moved by 0.01, the
            weight by 5 % (a week at this half-life), or a fact have changed.
    """
    if held is None or fresh is None:
        return held is not fresh
    if exactly:
        return {**held, "asOf": None} != {**fresh, "asOf": None}
    facts = ("texts", "words", "mood", "frustration", "oceanReason", "oceanWords", "models")
    if any(held.get(name) != fresh.get(name) for name in facts) or (held.get("ocean") != fresh.get("ocean")):
        return True
    if abs(held["weight"] - fresh["weight"]) > 0.05 * max(held["weight"], 1e-4):
        return True
    means = [(held.get("sentiment"), fresh.get("sentiment"))]
    means += [((held.get("groups") or {}).get(name), (fresh.get("groups") or {}).get(name)) for name in GROUPS]
    return any((a is None) != (b is None) or (a is not None and abs(a - b) > _TOLERANCE) for a, b in means)
