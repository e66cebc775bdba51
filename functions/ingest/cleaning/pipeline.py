"""Running the rules over a record, and noting what they did in a form that shows nothing personal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from functions.ingest.cleaning import RULES
from functions.ingest.cleaning.rule import Aside, Raw, Rule, Surroundings
from schema.connections import CleaningExample
from schema.records import RECORD, Person, ProductRecord, Record

_OPEN = frozenset(
    "currency total refunded discount at placedAt placed_at country category status compare_at price".split()
)
"""Fields whose values say nothing about a person."""
SHOWN = 60


@dataclass
class Sieved:
    """What the rules made of one record."""

    raw: Raw
    record: Record
    touched: list[CleaningExample] = field(default_factory=list)
    rule: str = ""
    """The rule that set it aside, if one did."""
    aside: Aside | None = None

    def set_aside(self, rule: str, aside: Aside) -> None:
        """Keep it out."""
        self.rule, self.aside = rule, aside
        self.touched.append(
            CleaningExample(rule=rule, action="set aside", thing=self.record.kind, external_id=external_id(self.record))
        )


def runs(rule: Rule, around: Surroundings) -> bool:
    """Whether a rule runs here. A rule that is off by default runs when the shop's list names it."""
    chosen = rule.on != (rule.name in around.off)
    return chosen and (rule.files or not around.file)


def sieve(raw: Raw, around: Surroundings, passed: Iterable[str] = ()) -> Sieved:
    """Run every rule but those that a member let this record pass.

    Raises:
        pydantic.ValidationError: the record has no shape that a rule could judge.
    """
    known = set(passed)
    rules = [rule for rule in RULES if rule.name not in known and runs(rule, around)]
    mended, touched = raw, []
    for rule in rules:
        if rule.raw is not None:
            better = rule.raw(mended)
            if better != mended:
                touched.append((rule.name, mended, better))
            mended = better
    result = Sieved(raw, RECORD.validate_python(mended))
    result.touched.extend(_raw_example(name, result.record, was, now) for name, was, now in touched)
    for rule in rules:
        made = rule.apply(result.record, around)
        if isinstance(made, Aside):
            result.set_aside(rule.name, made)
            return result
        if made is not result.record and made != result.record:
            result.touched.append(_example(rule.name, result.record, made))
            result.record = made
    return result


def external_id(record: Record) -> str | None:
    """The source's id of the thing, where that is no address."""
    if isinstance(record, (ProductRecord,)) or hasattr(record, "id"):
        return str(getattr(record, "id", ""))
    key = getattr(record, "person", None)
    return None if key is None or ":" in key.key else str(key.key)


def masked(value: object, name: str) -> str | None:
    """A value short enough to show; of what is personal only the first sign of each word."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = re.sub(r"\s+", " ", text)[: SHOWN * 4]
    if name.rsplit(".", 1)[-1] not in _OPEN:
        text = re.sub(r"(\w)\w+", lambda found: f"{found.group(1)}{'•' * min(3, len(found.group()) - 1)}", text)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _example(rule: str, before: Record, after: Record) -> CleaningExample:
    name, was, now = _difference(before, after)
    return CleaningExample(
        rule=rule,
        action="changed",
        thing=after.kind,
        external_id=external_id(after),
        field=name,
        before=masked(was, name),
        after=masked(now, name),
    )


def _difference(before: Any, after: Any) -> tuple[str, object, object]:
    for name in type(before).model_fields:
        was, now = getattr(before, name), getattr(after, name)
        if was == now:
            continue
        if isinstance(was, Person) and isinstance(now, Person):
            inner, old, new = _difference(was, now)
            return f"person.{inner}", old, new
        if isinstance(was, list) and isinstance(now, list):
            pair = next(((one, other) for one, other in zip(was, now, strict=False) if one != other), (None, None))
            return name, getattr(pair[0], "title", None), getattr(pair[1], "title", None)
        return name, was, now
    return "", None, None


def _raw_example(rule: str, record: Record, before: Raw, after: Raw) -> CleaningExample:
    name = next((key for key in after if after[key] != before.get(key)), "")
    was, now = before.get(name), after.get(name)
    if isinstance(was, dict) and isinstance(now, dict):
        inner = next((key for key in now if now[key] != was.get(key)), "")
        name, was, now = f"{name}.{inner}", was.get(inner), now.get(inner)
    return CleaningExample(
        rule=rule,
        action="changed",
        thing=record.kind,
        external_id=external_id(record),
        field=name,
        before=masked(was, name),
        after=masked(now, name),
    )
