"""Scores of texts: language, whether they can be read, sentiment, emotions, groups, and the parts of a personality.

A text of two words or fewer (Chinese: fewer than four characters) is too short to be judged; analysts who want a score
all the same ask for it with `short=True` and get the status beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from ml.text import groups as grouping
from ml.text.artefact import HEADS, Artefact, Floats, Head
from ml.text.language import detect
from ml.text.registry import Registry
from ml.text.running import BATCH, Logits, run
from ml.text.words import ERASED, count, han_count
from schema.minds import SENTIMENTS, GroupName, SentimentName

Status = Literal["scored", "not supported", "too short", "no words"]
FEWEST_WORDS = 3
FEWEST_HAN = 4


@dataclass(frozen=True)
class Scored:
    """What was read in one text. Probabilities are plain numbers in 0..1."""

    language: str
    status: Status
    words: int
    sentiment: Mapping[SentimentName, float] | None = None
    emotions: Mapping[str, float] = field(default_factory=dict)
    """By the model's own labels: the 28 in English, six classes in Chinese."""
    labels: tuple[str, ...] = ()
    """Over their thresholds, the strongest first; the strongest class where classes are exclusive."""
    groups: Mapping[GroupName, float] | None = None
    frustrated: bool = False
    ocean: tuple[float, ...] | None = None
    """Logits in the order of TRAITS."""
    ocean_tokens: int = 0
    ocean_model: str | None = None
    model: str | None = None

    @property
    def label(self) -> SentimentName | None:
        """The likeliest sentiment."""
        held = self.sentiment
        if held is None:
            return None
        return max(SENTIMENTS, key=lambda name: held[name])


def look(text: str, hint: str | None, languages: Sequence[str]) -> Scored:
    """Language, words and status without any model."""
    words = count(text)
    if not text.strip() or text.strip() == ERASED or not words:
        return Scored("und", "no words", 0)
    language = detect(text, hint)
    few = han_count(text) < FEWEST_HAN and words < FEWEST_WORDS if language == "zh" else words < FEWEST_WORDS
    if language in languages:
        return Scored(language, "too short" if few else "scored", words)
    return Scored(language, "too short" if few and language == "und" else "not supported", words)


class Scorer:
    """Scores texts with whatever the registry serves; the same text always gets the same score."""

    def __init__(self, registry: Registry, batch: int = BATCH) -> None:
        self.registry = registry
        self.batch = batch

    def score(
        self, texts: Sequence[str], hints: Sequence[str | None] | None = None, short: bool = False
    ) -> list[Scored]:
        """Scores in the order of `texts`.

        Args:
            hints: declared languages; a hint decides only where the words do not.
            short: give scores also to texts that are too short for a judgement, and to Latin letters of no known
                language, as English.
        """
        found = [
            look(text, hint, self.registry.languages)
            for text, hint in zip(texts, hints or [None] * len(texts), strict=True)
        ]
        for language in self.registry.languages:
            wanted = [
                at
                for at, one in enumerate(found)
                if (one.language == language and (one.status == "scored" or (short and one.status == "too short")))
                or (short and language == "en" and one.language == "und" and one.words > 0)
            ]
            if wanted:
                for at, one in zip(wanted, self._read(language, [texts[at] for at in wanted]), strict=True):
                    found[at] = _joined(found[at], one)
        return found

    def _read(self, language: str, texts: Sequence[str]) -> list[Scored]:
        made = [Scored(language, "scored", 0) for _ in texts]
        runs: dict[str, Logits] = {}
        read = False
        for name in HEADS:
            serving = self.registry.serving(language, name)
            if serving is None:
                continue
            artefact, head = serving
            if artefact.id not in runs:
                runs[artefact.id] = run(artefact, texts, self.batch)
            read = read or name == "sentiment"
            made = [_with(one, artefact, head, runs[artefact.id], at) for at, one in enumerate(made)]
        model = "+".join(runs) or None
        made = [replace(one, model=model) for one in made]
        return [_judged(one) if read else replace(one, status="not supported") for one in made]


def _with(one: Scored, artefact: Artefact, head: Head, logits: Logits, at: int) -> Scored:
    raw = logits.heads[head.name][at : at + 1]
    if head.name == "ocean":
        tokens = int(logits.tokens[at])
        values = tuple(round(float(value), 4) for value in raw[0])
        return replace(one, ocean=values, ocean_tokens=tokens, ocean_model=artefact.id)
    chances = head.probabilities(head.calibrated(raw))[0]
    if head.name == "sentiment":
        held = dict(zip(head.labels, map(float, chances), strict=True))
        return replace(one, sentiment={name: held.get(name, 0.0) for name in SENTIMENTS})
    emotions = {label: float(chance) for label, chance in zip(head.labels, chances, strict=True)}
    return replace(
        one, emotions=emotions, labels=over(head, chances), groups=grouping.grouped(emotions, head.groups or None)
    )


def over(head: Head, chances: Floats) -> tuple[str, ...]:
    """Labels over their thresholds, the strongest first; the likeliest class of a softmax."""
    if head.softmax:
        return (head.labels[int(np.argmax(chances))],)
    rows = [(chance, label) for chance, label in zip(chances, head.labels, strict=True)]
    return tuple(label for chance, label in sorted(rows, reverse=True) if chance >= head.thresholds[label])


def _judged(one: Scored) -> Scored:
    """With the flag of frustration: negative words, and an angry or disappointed label (or group) that carries them."""
    if one.label != "negative":
        return one
    known = any(label in grouping.GROUP_OF for label in one.emotions if label in grouping.ANGRY)
    angry = bool(set(one.labels) & set(grouping.ANGRY))
    if not known and one.groups is not None:
        angry = grouping.strongest(one.groups) in ("frustrated", "disappointed")
    return replace(one, frustrated=angry)


def _joined(seen: Scored, read: Scored) -> Scored:
    """What was read, with the language, words and status of the text itself."""
    status = seen.status if read.status == "scored" else read.status
    return replace(read, language=seen.language, words=seen.words, status=status)
