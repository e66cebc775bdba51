"""Personality: scores with intervals, pooled over all of a person's own words, never a label.

A person's logit is the mean of their texts' logits weighted by tokens; score = sigmoid(slope x logit + intercept),
0.5 the middle of those the model learned from; the 90 % interval reaches error + perWord / sqrt(words) to both sides
(each trait's own numbers, from its artefact), cut at 0 and 1. Below 350 words there is no score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ml.text.artefact import Head
from schema.minds import OCEAN_WORDS, TRAITS, Ocean, Trait


@dataclass(frozen=True)
class Part:
    """One text's share: logits in the order of TRAITS, tokens they rest on, words of the text."""

    logits: Sequence[float]
    tokens: int
    words: int


def pooled(parts: Sequence[Part], head: Head) -> Ocean | None:
    """The traits of who wrote these texts; None below 350 words."""
    words = sum(part.words for part in parts)
    tokens = sum(part.tokens for part in parts)
    if words < max(OCEAN_WORDS, head.min_words) or not tokens:
        return None
    made = {}
    for at, (name, scale) in enumerate(zip(TRAITS, head.traits, strict=True)):
        # Summed exactly, so that the order in which texts came leaves no trace.
        logit = math.fsum(part.logits[at] * part.tokens for part in parts) / tokens
        score = 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, scale.slope * logit + scale.intercept))))
        half = scale.error + scale.per_word / math.sqrt(words)
        made[name] = Trait(
            score=round(score, 4), low=round(max(0.0, score - half), 4), high=round(min(1.0, score + half), 4)
        )
    return Ocean(**made)
