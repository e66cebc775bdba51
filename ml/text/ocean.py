"""Personality: scores with intervals, pooled over all of a person's own words, never a label.

A person's logit is the mean of their texts' logits weighted by tokens; score = sigmoid(slope x logit + intercept),
0.5 the middle of those the model learned from, who wrote essays; the 90 % interval reaches error + perWord /
sqrt(words) to both sides (each trait's own numbers, from its artefact), cut at 0 and 1. Below 350 words there is no
score.

Words from a shop are told against writers of shop reviews instead: score = sigmoid(slope x (logit - reference)), 0.5
the mean reviewer, and the interval is wider by how far kinds of shop texts lie apart. By the essays' intercept nearly
every customer would have the same personality, that of a review."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ml.text.artefact import Head
from schema.minds import OCEAN_WORDS, TRAITS, Ocean, Trait

Reference = Literal["essays", "shop"]
"""Whose middle is 0.5."""


@dataclass(frozen=True)
class Part:
    """One text's share: logits in the order of TRAITS, tokens they rest on, words of the text."""

    logits: Sequence[float]
    tokens: int
    words: int


def pooled(parts: Sequence[Part], head: Head, against: Reference = "shop") -> Ocean | None:
    """The traits of who wrote these texts; None below 350 words.

    Args:
        against: a model without a reference to shop texts tells everybody against what it learned from.
    """
    words = sum(part.words for part in parts)
    tokens = sum(part.tokens for part in parts)
    if words < max(OCEAN_WORDS, head.min_words) or not tokens:
        return None
    made = {}
    for at, (name, scale) in enumerate(zip(TRAITS, head.traits, strict=True)):
        # Summed exactly, so that the order in which texts came leaves no trace.
        logit = math.fsum(part.logits[at] * part.tokens for part in parts) / tokens
        intercept, error = scale.intercept, scale.error
        if against == "shop" and head.reference:
            intercept = -scale.slope * head.reference[at].logit
            error += head.reference[at].error
        score = 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, scale.slope * logit + intercept))))
        half = error + scale.per_word / math.sqrt(words)
        made[name] = Trait(
            score=round(score, 4), low=round(max(0.0, score - half), 4), high=round(min(1.0, score + half), 4)
        )
    return Ocean(**made)
