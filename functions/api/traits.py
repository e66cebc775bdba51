"""`identify` traits as a profile. Only what is understood is taken; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from functions.api.properties import short
from schema.records import Person

_GENDER = {
    **dict.fromkeys(("f", "female", "女"), "female"),
    **dict.fromkeys(("m", "male", "男"), "male"),
    "other": "other",
}


def profile(person: Person, traits: Mapping[str, Any], context: Mapping[str, Any]) -> Person:
    """The person with what the traits say."""
    address = traits.get("address")
    place: Mapping[str, Any] = address if isinstance(address, Mapping) else {}
    said: dict[str, Any] = {
        "name": short(traits.get("name")) or _joined(traits),
        "email": short(traits.get("email")),
        "phone": short(traits.get("phone")),
        "birth_date": _date(traits.get("birthday")),
        "gender": _GENDER.get(str(traits.get("gender") or "").strip().lower()),
        "country": _country(traits.get("country") or place.get("country")),
        "zone": short(traits.get("timezone") or context.get("timezone")),
        "language": short(traits.get("language") or traits.get("locale") or context.get("locale")),
        "address": short(address) or _written(place),
        "tags": _tags(traits.get("tags")),
    }
    return Person.model_validate({**person.model_dump(), **{name: value for name, value in said.items() if value}})


def company(group: Any, traits: Mapping[str, Any]) -> str | None:
    """The tag of a `group` call: the company's name, else its id."""
    name = short(traits.get("name")) or short(group)
    return f"company: {name}"[:200] if name else None


def _joined(traits: Mapping[str, Any]) -> str | None:
    parts = [short(traits.get(name)) for name in ("firstName", "lastName")]
    return short(" ".join(part for part in parts if part))


def _date(value: Any) -> str | None:
    found = re.match(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?=$|T)", str(value or "").strip())
    return found.group() if found else None


def _country(value: Any) -> str | None:
    text = str(value or "").strip().upper()
    return text if re.fullmatch("[A-Z]{2}", text) else None


def _written(place: Mapping[str, Any]) -> str | None:
    parts = [short(place.get(name)) for name in ("street", "postalCode", "city", "state", "country")]
    return short(", ".join(part for part in parts if part))


def _tags(value: Any) -> list[str]:
    found = [short(one) for one in value] if isinstance(value, list) else []
    return sorted({one for one in found if one})[:50]
