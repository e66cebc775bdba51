"""Rules over names and addresses: how they are written, not who they are."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from functions.ingest.cleaning.rule import Aside, Surroundings
from functions.ingest.contact import normal_phone
from schema.records import Person, Record

_SPACE = re.compile(r"\s+")
_HONORIFIC = re.compile(
    r"^(?:mr|mrs|ms|miss|dr|prof|mx|sir|madam|herr|frau|m\.|mme|mlle|sr|sra|srta|shri|smt)\.?\s+(?=\S)", re.IGNORECASE
)
_HAN_HONORIFIC = re.compile(r"(?<=[\u3400-\u9fff])(?:先生|女士|小姐|太太)$")
_PLACEHOLDER = frozenset(
    "test|test test|test user|testuser|asdf|qwerty|n/a|na|none|null|undefined|unknown|anonymous|guest|guest user|"
    "no name|noname|xxx|xx|first last|first name last name|firstname lastname|john doe test|"
    "测试|测试用户|测试账号|匿名|匿名用户|游客|无|未知|无名".split("|")
)
_NAME_MARKS = frozenset(".-'’,·・()/&")


def names(record: Record, _: Surroundings) -> Record | Aside:
    """Names in capitals, with honorifics, emoji or stray blanks, and names that are none ('Test Test')."""
    person = _person(record)
    if person is None or person.name is None:
        return record
    better = tidy_name(person.name)
    return record if better == person.name else _with(record, person, {"name": better})


@lru_cache(maxsize=10_000)
def tidy_name(name: str) -> str | None:
    """The name as one writes it, or None when it is a placeholder."""
    kept = "".join(mark for mark in name if _belongs(mark))
    kept = _SPACE.sub(" ", kept).strip(" ,;/&")
    while (shorter := _HONORIFIC.sub("", kept)) != kept:
        kept = shorter
    kept = _HAN_HONORIFIC.sub("", kept) or kept
    if not kept or kept.casefold() in _PLACEHOLDER or not any(mark.isalpha() for mark in kept):
        return None
    letters = [mark for mark in kept if mark.isalpha()]
    shouted = len(letters) > 3 and " " in kept and all(mark.isupper() for mark in letters)
    whispered = " " in kept and all(mark.islower() for mark in letters)
    return " ".join(_cased(word) for word in kept.split(" ")) if shouted or whispered else kept


def _belongs(mark: str) -> bool:
    if mark.isspace() or mark in _NAME_MARKS:
        return True
    return unicodedata.category(mark)[0] in "LMN"


_PARTICLES = frozenset("van von de da di del della der den dos du la le bin binte al el y e".split())


def _cased(word: str) -> str:
    if word.casefold() in _PARTICLES:
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda found: _capital(found.group()), word)


def _capital(part: str) -> str:
    if part[:2].casefold() == "mc" and len(part) > 3:
        return f"Mc{part[2].upper()}{part[3:].lower()}"
    return part[:1].upper() + part[1:].lower()


def addresses(record: Record, _: Surroundings) -> Record | Aside:
    """Blanks in addresses, and phone numbers without their country's code."""
    person = _person(record)
    if person is None:
        return record
    fields: dict[str, Any] = {}
    if person.address is not None and (tidy := _tidy_address(person.address)) != person.address:
        fields["address"] = tidy
    if person.phone is not None:
        number = normal_phone(person.phone, person.country)
        if number is not None and number != person.phone:
            fields["phone"] = number
    return _with(record, person, fields) if fields else record


def _tidy_address(text: str) -> str | None:
    parts = (_SPACE.sub(" ", part).strip() for part in re.split(r"[,\n]", text))
    return ", ".join(part for part in parts if part) or None


def _person(record: Record) -> Person | None:
    person = getattr(record, "person", None)
    return person if isinstance(person, Person) else None


def _with(record: Record, person: Person, fields: dict[str, Any]) -> Record:
    return record.model_copy(update={"person": person.model_copy(update=fields)})
