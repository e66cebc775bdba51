"""Who does not want to be observed, and what consent a call states. Pure; each reason has a name that is counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.api.times import past
from schema.base import CHANNELS
from schema.records import ConsentChange

BOT = "bot_user_agent"
OPTED_OUT = "do_not_track"
REFUSED = "consent_refused"

_BOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|headless|lighthouse|pagespeed|facebookexternalhit|preview|monitor|uptime|"
    r"phantomjs|python-requests|curl/|wget/|scrapy|httpclient",
    re.IGNORECASE,
)
_ANALYTICS = frozenset(("analytics", "statistics", "performance", "measurement", "c0002"))
_PROFILES = frozenset(
    ("advertising", "marketing", "targeting", "personalization", "personalisation", "profiling", "c0004")
)


def is_bot(agent: str) -> bool:
    """Whether a user agent says that no person is at the screen."""
    return bool(_BOT.search(agent))


def signals_no(headers: Mapping[str, str]) -> bool:
    """Whether the browser itself asks not to be tracked (Do Not Track, Global Privacy Control)."""
    return headers.get("dnt") == "1" or headers.get("sec-gpc") == "1"


def says_no(context: Mapping[str, Any]) -> bool:
    """The same, as a server hands it on for its visitor."""
    return any(context.get(name) in (True, 1, "1") for name in ("doNotTrack", "dnt", "globalPrivacyControl", "gpc"))


def refuses(context: Mapping[str, Any]) -> bool:
    """Whether the consent categories of a call rule out observing its visitor.

    `context.consent.categoryPreferences` (Segment) and `context.consentManagement.deniedConsentIds` (RudderStack).
    Categories of analytics decide; where none is named, those of profiles do; where neither is, a refusal of all does.
    """
    choices: dict[str, bool] = {}
    consent = context.get("consent")
    preferences = consent.get("categoryPreferences") if isinstance(consent, Mapping) else None
    if isinstance(preferences, Mapping):
        choices |= {str(name).strip().lower(): value is True for name, value in preferences.items()}
    managed = context.get("consentManagement")
    if isinstance(managed, Mapping):
        for field, value in (("allowedConsentIds", True), ("deniedConsentIds", False)):
            names = managed.get(field)
            choices |= {str(name).strip().lower(): value for name in names} if isinstance(names, list) else {}
    for deciding in (_ANALYTICS, _PROFILES, choices.keys()):
        decided = [value for name, value in choices.items() if name in deciding]
        if decided:
            return not any(decided) if deciding == choices.keys() else not all(decided)
    return False


def changes(traits: Mapping[str, Any], context: Mapping[str, Any], at: datetime, source: str) -> list[ConsentChange]:
    """Consent by channel, as `traits.consent` or `context.consent.channels` states it; what is not said stays unsaid.

    A channel's value is true, false, "granted", "denied", or {status, at?, source?}.
    """
    found: dict[str, ConsentChange] = {}
    outer = context.get("consent")
    statements = (outer.get("channels") if isinstance(outer, Mapping) else None, traits.get("consent"))
    for said in (one for one in statements if isinstance(one, Mapping)):
        for channel in CHANNELS:
            value, when, by = said.get(channel), at, source
            if isinstance(value, Mapping):
                when = past(value.get("at"), at) or at
                by = str(value.get("source") or source)[:200]
                value = value.get("status")
            status = ("granted" if value else "denied") if isinstance(value, bool) else value
            if status in ("granted", "denied"):
                # Only a member of the shop may attest; the word would rank below the person's own.
                by = source if by.lower().startswith("attestation") else by
                found[channel] = ConsentChange.model_validate(
                    {"channel": channel, "status": status, "at": when, "source": by}
                )
    return list(found.values())


def profiling(traits: Mapping[str, Any]) -> str | None:
    """The person's choice about profiling, where `traits.profiling` states it."""
    value = traits.get("profiling")
    if isinstance(value, bool):
        return "allowed" if value else "opted out"
    return value if value in ("allowed", "opted out") else None
