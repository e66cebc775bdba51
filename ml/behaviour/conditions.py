"""Conditions that a fit or a forecast rests on, as values: what is not met is said, never hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schema.base import Localized

Kind = Literal[
    "no repeat orders",
    "few repeat buyers",
    "no convergence",
    "parameters not identified",
    "frequency and money related",
    "money without a mean",
    "money not positive",
    "little history",
]


@dataclass(frozen=True)
class Condition:
    """One condition that is not met.

    Attributes:
        blocking: without it there is no number at all; else the numbers stand, with wide intervals.
    """

    kind: Kind
    text: Localized
    blocking: bool = False

    def to_json(self) -> dict[str, object]:
        return {"kind": self.kind, "blocking": self.blocking, "en": self.text.en, "zh": self.text.zh}


def condition(kind: Kind, en: str, zh: str, blocking: bool = False) -> Condition:
    return Condition(kind, Localized(en=en, zh=zh), blocking)
