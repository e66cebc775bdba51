"""A caller's own properties made fit to keep: bounded, without personal data, with names that a document can have."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

MOST = 50
LONGEST = 1024
"""Bytes of one property's value."""
CLIPPED = "properties_clipped"
PERSONAL = "personal_property"

_PERSONAL = frozenset(
    """email emailaddress mail phone phonenumber mobile tel telephone firstname lastname fullname address street
    birthday birthdate dateofbirth password card cardnumber iban ssn consent userhash token""".split()
)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_NUMBER = re.compile(r"(?<!\d)\+\d[\d ().-]{7,}\d(?!\d)")
_KEPT_QUERY = re.compile(r"utm_\w+|gclid|fbclid|msclkid|ref|q|page|variant")


def kept(raw: Any, notes: Counter[str]) -> dict[str, str]:
    """At most 50 properties of at most 1 KB, in the order of their names.

    What would be personal data (by its name, or by looking like an address or a number) is left out: a person's
    contact belongs into `identify`, where access to it is limited.
    """
    if not isinstance(raw, Mapping):
        return {}
    found: dict[str, str] = {}
    for name in sorted(raw, key=str):
        value = raw[name]
        label = _label(str(name))
        if value is None or not label:
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
        if _plain(str(name)) in _PERSONAL or personal(text):
            notes[PERSONAL] += 1
            continue
        if len(found) >= MOST:
            notes[CLIPPED] += 1
            break
        short = clip(text, LONGEST)
        notes[CLIPPED] += short != text.strip()
        found[label] = short
    return found


def personal(text: str) -> bool:
    """Whether a text holds what looks like an e-mail address or an international phone number."""
    return bool(_ADDRESS.search(text) or _NUMBER.search(text))


def clip(text: str, size: int) -> str:
    """The first `size` bytes in UTF-8, without a broken character at the end."""
    clean = text.replace("\x00", "").strip()
    return clean.encode("utf-8", "replace")[:size].decode("utf-8", "ignore").strip()


def short(value: Any) -> str | None:
    """A text of at most 200 characters; None for anything that is no text, or empty."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return clip(str(value), 4 * 200)[:200].strip() or None


def shown(value: Any) -> str | None:
    """`short`, but nothing that looks personal: for titles."""
    text = short(value)
    return None if text is None or personal(text) else text


def page_url(value: Any) -> str | None:
    """A page's address without what may identify a visitor: no user, no fragment, of the query only known names."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", ""):
        return None
    query = urlencode([(name, text) for name, text in parse_qsl(parts.query) if _KEPT_QUERY.fullmatch(name)])
    start = f"{parts.scheme}://{host}{port}" if parts.scheme and host else ""
    whole = f"{start}{parts.path}{'?' + query if query else ''}"
    return None if personal(whole) else clip(whole, 200) or None


def _label(name: str) -> str:
    """A name that may be a field of a map: no dots, slashes, quotes or brackets, not `__reserved__`."""
    return clip(re.sub(r"[.`/*~\[\]\x00-\x1f]", "_", name), 100).strip("_")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
