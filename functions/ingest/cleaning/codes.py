"""Rules over codes that the vocabulary fixes: they run on the record as it came, before its shape is judged."""

from __future__ import annotations

import re
from functools import lru_cache

from functions.ingest.cleaning.rule import Raw

_COMMON = {
    "uk": "GB", "u.k.": "GB", "england": "GB", "great britain": "GB", "usa": "US", "u.s.a.": "US", "u.s.": "US",
    "united states of america": "US", "america": "US", "holland": "NL", "south korea": "KR", "korea": "KR",
    "russia": "RU", "czech republic": "CZ", "uae": "AE", "mainland china": "CN", "prc": "CN", "chn": "CN", "gbr": "GB",
    "中国大陆": "CN", "中国香港": "HK", "香港": "HK", "中国台湾": "TW", "台湾": "TW", "中国澳门": "MO", "澳门": "MO",
    "韩国": "KR",
    "阿联酋": "AE", "俄罗斯": "RU",
}  # fmt: skip


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Country names in English, Chinese and the countries' own languages, by the library that knows phone numbers."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    names: dict[str, str] = {}
    for code, languages in LOCALE_DATA.items():
        for name in languages.values():
            if not name.startswith("*") and name:
                names.setdefault(name.casefold(), code)
    return names | _COMMON


def country_code(text: str) -> str | None:
    """The ISO 3166 code of a country's code or name; None when it is neither."""
    word = re.sub(r"\s+", " ", text).strip()
    if re.fullmatch(r"[A-Za-z]{2}", word) and word.lower() not in _COMMON:
        return word.upper()
    return _names().get(word.casefold())


def countries(raw: Raw) -> Raw:
    """Country names and lower-case codes as codes; a country that nobody knows is left out."""
    person = raw.get("person")
    if not isinstance(person, dict):
        return raw
    said = person.get("country")
    if not isinstance(said, str) or (re.fullmatch(r"[A-Z]{2}", said) and said.lower() not in _COMMON):
        return raw
    return {**raw, "person": {**person, "country": country_code(said)}}


def currency_codes(raw: Raw) -> Raw:
    """Currency codes in capitals, without blanks."""
    said = raw.get("currency")
    if not isinstance(said, str) or re.fullmatch(r"[A-Z]{3}", said):
        return raw
    return {**raw, "currency": {"rmb": "CNY"}.get(said.strip().lower(), said.strip().upper())}


_ZONELESS = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


def zones(raw: Raw) -> Raw:
    """Times without a zone are read as UTC, which is what platforms mean by them; a day alone is its midnight."""
    update: dict[str, object] = {}
    for name in ("at", "placedAt"):
        said = raw.get(name)
        if isinstance(said, str):
            if _ZONELESS.match(said):
                update[name] = said.replace(" ", "T") + "Z"
            elif _DAY.match(said):
                update[name] = f"{said}T00:00:00Z"
    return {**raw, **update} if update else raw
