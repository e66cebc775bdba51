"""Which words moved a score, by leaving each out (occlusion; Zeiler and Fergus 2014, Li, Monroe and Jurafsky 2016).

A unit is a word, in Chinese up to two characters between punctuation marks. The text is scored once more without each
unit; what the log odds of the sentiment (and of the strongest emotion) lose is the unit's effect. Effects are divided
by the largest one, at least by half a log odd, so that they are between -1 and 1 and weak ones look weak; those near
zero are dropped. Where no unit moves the log odds by a tenth, no single word decided, and none is shown. At most 60
units: neighbours are joined where there are more, and of a long text the first 1,200 characters are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from ml.text import groups as grouping
from ml.text.artefact import Artefact, Floats, Head
from ml.text.registry import Registry
from ml.text.running import BATCH, run
from ml.text.scoring import Scored
from ml.text.words import HAN, KANA
from schema.intelligence import Evidence, EvidenceSpan

UNITS = 60
LONGEST = 1_200
"""Characters looked at; the console says so of longer texts (`LOOKED` in web/src/components/words/evidence.ts)."""
FAINT = 0.05
"""Share of the largest effect below which a unit is not worth showing."""
FLOOR = 0.1
"""Log odds that the largest effect must reach: less is a chance of 0.5 becoming 0.52. Not more, for where many words
say the same, none of them is missed much."""
FULL = 0.5
"""Log odds that make a full effect where the largest is smaller: a chance of 0.5 becoming 0.62."""
_UNIT = re.compile(f"[{HAN}{KANA}]{{1,2}}|[^\\W_{HAN}{KANA}]+(?:['’\\-][^\\W_{HAN}{KANA}]+)*|[!?！？]+")
Span = tuple[int, int]


def units(text: str, most: int = UNITS) -> list[Span]:
    """Half-open spans of at most `most` units in order; none overlap."""
    found = [(match.start(), match.end()) for match in _UNIT.finditer(text[:LONGEST])]
    size = -(-len(found) // most) if found else 1
    return [(found[at][0], found[min(at + size, len(found)) - 1][1]) for at in range(0, len(found), size)]


def explain(registry: Registry, text: str, scored: Scored, at: datetime, batch: int = BATCH) -> Evidence | None:
    """Evidence for a scored text; None where nothing could be read or left out.

    Args:
        text: title, line feed, text: offsets count in it.
        at: when this is done.
    """
    label = scored.label
    spans = units(text)
    if label is None or not spans:
        return None
    looked = text[:LONGEST]
    variants = [looked, *(looked[:start] + looked[end:] for start, end in spans)]
    runs: dict[str, dict[str, Floats]] = {}

    def odds(name: str, wanted: Sequence[str]) -> Floats:
        serving = registry.serving(scored.language, name)
        if serving is None:
            return np.zeros(len(spans))
        artefact, head = serving
        if artefact.id not in runs:
            runs[artefact.id] = run(artefact, variants, batch).heads
        return _effects(head, runs[artefact.id][head.name], wanted)

    emotion, members = _top(registry, scored)
    sentiments = odds("sentiment", [label])
    emotions = odds("emotion", members) if members else np.zeros(len(spans))
    shown = [
        EvidenceSpan(start=start, end=end, sentiment=round(float(one), 3), emotion=round(float(other), 3))
        for (start, end), one, other in zip(spans, sentiments, emotions, strict=True)
        if max(abs(one), abs(other)) >= FAINT
    ]
    return Evidence(sentiment=label, emotion=emotion, spans=shown, at=at)


def _top(registry: Registry, scored: Scored) -> tuple[str | None, list[str]]:
    """The emotion to explain and the model's labels that make it: one of the 28, or the classes of a group."""
    if not scored.emotions:
        return None, []
    label = max(scored.emotions, key=lambda name: scored.emotions[name])
    serving: tuple[Artefact, Head] | None = registry.serving(scored.language, "emotion")
    if serving is None or not serving[1].groups:
        return label, [label]
    if scored.groups is None:
        return None, []
    top = grouping.strongest(scored.groups)
    return top, [name for name, group in serving[1].groups.items() if group == top]


def _effects(head: Head, logits: Floats, wanted: Sequence[str]) -> Floats:
    """What each variant (rows 1...) loses of the whole text's (row 0) log odds, over the largest loss or FULL.

    All nought where the largest is below FLOOR.
    """
    chances = head.probabilities(head.calibrated(logits))
    share = np.clip(chances[:, [head.labels.index(name) for name in wanted]].sum(axis=1), 1e-9, 1 - 1e-9)
    odds = np.log(share) - np.log1p(-share)
    effects = odds[0] - odds[1:]
    largest = float(np.abs(effects).max(initial=0.0))
    made: Floats = effects / max(largest, FULL) if largest >= FLOOR else np.zeros(len(effects))
    return made
