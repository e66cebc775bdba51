"""A customer's profile as a pure fold: each source holds, by field, the value with the largest rank; members' edits
win.

A rank is (effective time, source version): what was true last wins, however late it arrives. Merging by field is taking
the maximum, so that duplicates and disorder end in one state. (A file imported again is passed over by the plan, before
it comes here.)
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from functions.ingest.contact import masked_email, masked_phone
from schema.clock import milliseconds
from schema.records import ConsentChange, Person

FIELDS = ("name", "email", "phone", "birthDate", "gender", "country", "zone", "language", "address")
Doc = dict[str, Any]


def empty_source(connection: str, account: str) -> Doc:
    """A source before its first record."""
    return {
        "connectionId": connection,
        "externalId": account,
        "ranks": {},
        **dict.fromkeys(FIELDS),
        "tags": [],
        "consent": {},
        "profiling": None,
        "listed": None,
    }


def fold_person(source: Doc, person: Person, at: datetime, version: int) -> None:
    """Merge what one record says about the person into its source, in place.

    Args:
        at: when it was true: the order's time, or the file's for a customer list.
    """
    said = person.model_dump(by_alias=True)
    rank = [milliseconds(at), version]
    for name in FIELDS:
        if said[name] is not None:
            _settle_field(source, name, said[name], rank)
    if person.tags:
        _settle_field(source, "tags", sorted(set(person.tags)), rank)


def fold_profiling(source: Doc, choice: str | None, at: datetime, version: int) -> None:
    """Merge the person's choice about profiling, in place."""
    if choice is not None:
        _settle_field(source, "profiling", choice, [milliseconds(at), version])


def _settle_field(source: Doc, name: str, value: Any, rank: list[int]) -> None:
    held = source["ranks"].get(name)
    if held is None or (rank, str(value)) > (held, str(source[name])):
        source[name], source["ranks"][name] = value, rank


def fold_consent(source: Doc, changes: list[ConsentChange]) -> None:
    """Merge consent by channel: the person's own word before an attestation, then the latest, then the refusal."""
    for change in changes:
        attested = change.source.startswith("attestation ")
        new = {"status": change.status, "at": change.at, "source": change.source, "attested": attested}
        held = source["consent"].get(change.channel)
        if held is None or _consent_rank(new) > _consent_rank(held):
            source["consent"][change.channel] = new


def _consent_rank(state: Doc) -> tuple[bool, float, bool, str]:
    return (not state["attested"], state["at"].timestamp(), state["status"] == "denied", state["source"])


def fold(source: Doc | None, manual: Doc | None) -> Doc:
    """The folded profile: manual fields over the source's. Returns FIELDS plus tags, consent, profiling."""
    base = source or empty_source("", "")
    folded: Doc = {name: base.get(name) for name in FIELDS}
    folded["consent"] = base["consent"]
    folded["profiling"] = base.get("profiling") or "allowed"
    folded["sourceTags"] = base.get("tags") or []
    folded["manualTags"] = []
    if manual:
        for name in ("name", "email", "phone", "country", "language"):
            if manual.get(name) is not None:
                folded[name] = manual[name]
        folded["manualTags"] = manual.get("tags") or []
    return folded


def project_customer(folded: Doc, account: str, today: date) -> Doc:
    """The customer document's profile fields: everything but `pii/contact`, which stays with fewer roles."""
    birth = folded["birthDate"]
    consent = folded["consent"]
    granted = {channel for channel, state in consent.items() if state["status"] == "granted"}
    by_email = bool(folded["email"]) and "email" in granted
    by_sms = bool(folded["phone"]) and "sms" in granted
    return {
        "displayName": folded["name"] or masked_email(folded["email"]) or _masked_account(account),
        "maskedEmail": masked_email(folded["email"]),
        "maskedPhone": masked_phone(folded["phone"]),
        "externalId": None if account.startswith(("email:", "phone:")) else account,
        "country": folded["country"],
        "zone": folded["zone"],
        "language": folded["language"],
        "gender": folded["gender"],
        "ageBand": age_band(birth, today),
        "birthMonthDay": birth[5:] if birth else None,
        "consent": consent,
        "profiling": folded["profiling"],
        "reach": {"email": by_email, "sms": by_sms, "push": False, "wechat": False, "any": by_email or by_sms},
        "searchTokens": search_tokens(folded["name"], account),
    }


def contact(folded: Doc) -> Doc:
    """The `pii/contact` document."""
    return {name: folded[name] for name in ("name", "email", "phone", "address", "birthDate")}


def _masked_account(account: str) -> str | None:
    if account.startswith("email:"):
        return masked_email(account.removeprefix("email:"))
    if account.startswith("phone:"):
        return masked_phone(account.removeprefix("phone:"))
    return account or None


def age_band(birth: str | None, today: date) -> str | None:
    """The ten-year band the console shows instead of a birth date."""
    if not birth:
        return None
    born = date.fromisoformat(birth)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    for limit, band in ((18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64")):
        if age < limit:
            return band
    return "65+"


_HAN = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
"""Chinese characters and Korean syllables: their words are not set apart by spaces, or are short."""


def search_tokens(name: str | None, account: str) -> list[str]:
    """Prefixes of the name's words (2 to 12 letters), Chinese characters and bigrams, and the account id whole."""
    tokens: dict[str, None] = {}
    if account and not account.startswith(("email:", "phone:")):
        tokens[account.lower()[:200]] = None
    text = unicodedata.normalize("NFKC", name or "").lower()
    for word in re.findall(r"[^\W_]+", text):
        if _HAN.search(word):
            for index, letter in enumerate(word):
                tokens[letter] = None
                if index:
                    tokens[word[index - 1 : index + 1]] = None
            tokens[word[:12]] = None
        else:
            for length in range(2, min(len(word), 12) + 1):
                tokens[word[:length]] = None
    return list(tokens)[:60]
