"""A customer's profile as a pure fold: each source holds, by field, the value with the largest rank; members' edits
win.

A rank is (effective time, source version): what was true last wins, however late it arrives. Merging by field is taking
the maximum, so that duplicates and disorder end in one state. (A file imported again is passed over by the plan, before
it comes here.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from functions.ingest import statistics
from functions.ingest.contact import masked_email, masked_phone
from schema.clock import milliseconds
from schema.records import ConsentChange, Person

IDENTITY_ORDER = ("unionid", "openid", "member", "anonymous")
IDENTITIES = 20
FIELDS = ("name", "email", "phone", "birthDate", "gender", "country", "zone", "language", "address")
REACHING = ("email", "phone", "address", "birthDate")
"""Where a person is reached, and what proves a person: never from who has no account."""
ADDRESS_KEYS = ("email:", "phone:", "anonymous:")
"""Beginnings of account keys that are an address or a device, not an account's id."""
TAGS = 50
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
        # A guest until a record speaks of an account: whichever comes first, the account's word decides.
        "guest": True,
        "relay": False,
        "identities": [],
        "stats": statistics.empty_stats(),
        "erasedVersion": None,
        "redactedVersion": None,
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
    source["guest"] = bool(source.get("guest")) and person.guest
    source["relay"] = bool(source.get("relay")) or person.relay
    if person.identities:
        held = {(one["kind"], one["value"]) for one in source.get("identities") or []}
        held.update((one.kind, one.value) for one in person.identities)
        # The first so many in one order, whatever the order of arrival; an anonymous id gives way to a better one.
        kept = sorted(held, key=lambda one: (IDENTITY_ORDER.index(one[0]), one[1]))[:IDENTITIES]
        source["identities"] = [{"kind": kind, "value": value} for kind, value in kept]


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
    """The folded profile of a customer with one account."""
    return fold_accounts([(source, manual)])


def fold_accounts(accounts: Sequence[tuple[Doc | None, Doc | None]]) -> Doc:
    """The folded profile of a customer: FIELDS plus tags, consent, profiling and relay.

    A field has the value with the largest rank among the accounts; manual fields win over every source. What was typed
    without an account fills gaps only, and says nothing about where to reach the customer: anybody can type an address.

    Args:
        accounts: source and manual fields of each account, the customer's root first, the others by id.
    """
    sources = [source for source, _ in accounts if source]
    real = [source for source in sources if not source.get("guest")] or sources
    guests = [source for source in sources if source not in real]
    folded: Doc = {name: _best(real, name) for name in FIELDS}
    for name in FIELDS:
        if folded[name] is None and name not in REACHING:
            folded[name] = _best(guests, name)
    folded |= _place(real, folded)
    folded["consent"] = _consent(real, guests, folded)
    folded["profiling"] = _best(real, "profiling") or _best(guests, "profiling") or "allowed"
    folded["sourceTags"] = sorted({tag for source in sources for tag in source.get("tags") or []})[:TAGS]
    folded["relay"] = any(source.get("relay") for source in sources)
    manuals = [manual for _, manual in accounts if manual]
    for manual in reversed(manuals):
        for name in ("name", "email", "phone", "country", "language"):
            if manual.get(name) is not None:
                folded[name] = manual[name]
    folded["manualTags"] = sorted({tag for manual in manuals for tag in manual.get("tags") or []})[:TAGS]
    return folded


def _place(sources: Sequence[Doc], folded: Doc) -> Doc:
    """Address, country and zone from one account: the one whose address is the profile's."""
    for source in sources:
        if source.get("address") is not None and source["address"] == folded["address"]:
            return {name: source.get(name) or folded[name] for name in ("address", "country", "zone")}
    return {}


def _best(sources: Sequence[Doc], name: str) -> Any:
    """The value of the largest rank."""
    held = [
        (source.get("ranks", {}).get(name) or [], str(source[name]), source[name])
        for source in sources
        if source.get(name) is not None
    ]
    return max(held, key=lambda one: one[:2])[2] if held else None


def _standing(source: Doc) -> list[tuple[str, Doc]]:
    """A source's words about consent; a yes from before the account was erased is none any more."""
    until = source.get("erasedVersion")
    return [
        (channel, state)
        for channel, state in source["consent"].items()
        if until is None or state["status"] == "denied" or milliseconds(state["at"]) > until
    ]


def _consent(real: Sequence[Doc], guests: Sequence[Doc], folded: Doc) -> Doc:
    """By channel the strongest word. A refusal counts always; a yes is for the very address that it was given for."""
    consent: Doc = {}
    said: list[tuple[str, Doc]] = []
    for source in (*real, *guests):
        for channel, state in _standing(source):
            address = {"email": "email", "sms": "phone"}.get(channel)
            own = source.get(address) if address else None
            same = own is not None and own == (folded[address] if address else None)
            # An account without an address of its own speaks for the customer; a guest does not.
            if same or state["status"] == "denied" or (own is None and source in real):
                said.append((channel, state))
    for channel, state in said:
        held = consent.get(channel)
        if held is None or _consent_rank(state) > _consent_rank(held):
            consent[channel] = state
    return consent


def project_customer(folded: Doc, account: str, today: date, others: Sequence[str] = ()) -> Doc:
    """The customer document's profile fields: everything but `pii/contact`, which stays with fewer roles.

    Args:
        account: the key of the customer's first account.
        others: the keys of its further accounts, by which it can be searched too.
    """
    birth = folded["birthDate"]
    consent = folded["consent"]
    granted = {channel for channel, state in consent.items() if state["status"] == "granted"}
    by_email = bool(folded["email"]) and "email" in granted and not folded["relay"]
    by_sms = bool(folded["phone"]) and "sms" in granted and not folded["relay"]
    return {
        "displayName": folded["name"] or masked_email(folded["email"]) or _masked_account(account),
        "maskedEmail": masked_email(folded["email"]),
        "maskedPhone": masked_phone(folded["phone"]),
        "externalId": None if account.startswith(ADDRESS_KEYS) else account or None,
        "country": folded["country"],
        "zone": folded["zone"],
        "language": folded["language"],
        "gender": folded["gender"],
        "ageBand": age_band(birth, today),
        "birthMonthDay": birth[5:] if birth else None,
        "consent": consent,
        "profiling": folded["profiling"],
        "reach": {"email": by_email, "sms": by_sms, "push": False, "wechat": False, "any": by_email or by_sms},
        "searchTokens": search_tokens(folded["name"], account, others),
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


def search_tokens(name: str | None, account: str, others: Sequence[str] = ()) -> list[str]:
    """Prefixes of the name's words (2 to 12 letters), Chinese characters and bigrams, and the account ids whole."""
    tokens: dict[str, None] = {}
    for key in (account, *others):
        if key and not key.startswith(ADDRESS_KEYS):
            tokens[key.lower()[:200]] = None
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
