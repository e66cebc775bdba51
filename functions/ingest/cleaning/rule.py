"""What a rule of the cleaning is, and what it may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from schema.base import Localized
from schema.records import Record


@dataclass(frozen=True)
class Aside:
    """A record that a rule keeps out, with the reason."""

    reason: Localized


@dataclass(frozen=True)
class Surroundings:
    """What a rule may know beside the record."""

    now: datetime
    file: bool = False
    """The record comes from an uploaded file, whose rows a person has looked at."""
    staff_domains: frozenset[str] = frozenset()
    largest_order: dict[str, int] = field(default_factory=dict)
    off: frozenset[str] = frozenset()


Raw = dict[str, object]
Apply = Callable[[Record, Surroundings], Record | Aside]


def _nothing(record: Record, _: Surroundings) -> Record | Aside:
    return record


@dataclass(frozen=True)
class Rule:
    """One named rule: a pure function of a record, switched on unless the shop switched it off."""

    name: str
    title: Localized
    apply: Apply = _nothing
    raw: Callable[[Raw], Raw] | None = None
    """For what has to be put right before the record's shape can be judged."""
    on: bool = True
    files: bool = True
    """Whether it applies to rows of a file too."""


def said(en: str, zh: str) -> Localized:
    """A short text in both languages."""
    return Localized(en=en, zh=zh)
