"""What an account says about who its person is: normalised addresses and codes, and the look-up documents they have."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.ingest.identity import identity_id
from schema.store import Data, Merge, Write

Claim = tuple[str, str]
"""(kind, normalised value)."""
STATISTICS_ONLY = ("amazon", "flipkart")
"""Platforms whose terms allow no identification of a buyer."""
DEVICE = "anonymous:"


@dataclass(frozen=True)
class Account:
    """One account as the partition judges it."""

    id: str
    created: datetime
    claims: frozenset[Claim] = frozenset()
    guest: bool = False
    """No account behind it: attaches to one customer as a leaf, connects none."""
    relay: bool = False
    """Never identified."""
    device: bool = False
    """A browser or a phone that nobody signed in with."""
    sample: bool = False
    name: str | None = None
    """The name's words, for comparing."""
    platform: str = ""
    key: str = ""

    @property
    def age(self) -> tuple[datetime, str]:
        """The smallest is a profile's root."""
        return self.created, self.id

    def values(self, kind: str) -> frozenset[str]:
        return frozenset(value for one, value in self.claims if one == kind)


def account_of(identity: str, base: Data, source: Data | None) -> Account:
    """An account from its documents."""
    held = source or {}
    key = str(held.get("externalId") or base.get("externalId") or "")
    return Account(
        id=identity,
        created=base["createdAt"],
        claims=claims_of(held),
        guest=bool(held.get("guest")),
        relay=bool(held.get("relay")) or base.get("platform") in STATISTICS_ONLY,
        device=key.startswith(DEVICE),
        sample=bool(base.get("sample")),
        name=plain(held.get("name")),
        platform=str(base.get("platform") or ""),
        key=key,
    )


def claims_of(source: Data | None) -> frozenset[Claim]:
    """The claims of an account by its own source."""
    if not source or source.get("relay"):
        return frozenset()
    found: set[Claim] = {(one["kind"], one["value"]) for one in source.get("identities") or []}
    if source.get("email"):
        found.add(("email", source["email"].lower()))
    # A number that could not be parsed is somebody's spelling of a number: no evidence.
    if (source.get("phone") or "").startswith("+"):
        found.add(("phone", source["phone"]))
    name, address = plain(source.get("name")), plain(source.get("address"))
    if name and address:
        found.add(("address", f"{name}\n{address}"))
    return frozenset(found)


def looked_up(source: Data | None, manual: Data | None) -> frozenset[Claim]:
    """All claims by which the account is found: its source's, and addresses that a member typed.

    What a member typed finds the customer and is no evidence of who it is: a slip of the hand must not merge two.
    """
    typed = {
        (kind, manual[kind].lower() if kind == "email" else manual[kind])
        for kind in ("email", "phone")
        if manual and manual.get(kind)
    }
    held = set(claims_of(source))
    if source and not source.get("relay") and source.get("phone"):
        held.add(("phone", source["phone"]))
    return frozenset(held | typed)


def claim_path(key: bytes, claim: Claim) -> str:
    """The look-up document of a claim."""
    return f"identities/{identity_id(key, *claim)}"


def storefront_path(key: bytes, account: str) -> str:
    """The look-up document of the accounts that a decision was made about together with `account`."""
    return claim_path(key, ("storefront", account))


def claim_writes(key: bytes, customer: str, was: frozenset[Claim], now: frozenset[Claim]) -> list[Write]:
    """Marks that commute, so that no arrival order matters."""
    return [
        Merge(claim_path(key, claim), {"kind": claim[0], "claims": {customer: claim in now}})
        for claim in sorted(was ^ now)
    ]


def fingerprint(source: Data | None) -> tuple[Any, ...]:
    """What of an account decides who it is: a change is resolved anew."""
    held = source or {}
    return claims_of(held), bool(held.get("guest")), bool(held.get("relay")), plain(held.get("name"))


def unresolved_path(account: str) -> str:
    return f"unresolved/{account}"


def unresolved(key: bytes, account: str, now: datetime, dropped: frozenset[Claim] = frozenset()) -> Write:
    """The mark, in the commit of the change, that an account is to be resolved: what a crash loses the sweep finds.

    Args:
        dropped: claims it no longer has; who still has them is resolved too.
    """
    identities = {claim_path(key, claim).split("/")[1]: True for claim in sorted(dropped)}
    return Merge(unresolved_path(account), {"at": now, "identities": identities})


def plain(text: str | None) -> str | None:
    """A text for comparing: its words in lower case, without accents and punctuation; None when nothing is left."""
    spread = unicodedata.normalize("NFKD", text or "").casefold()
    words = re.findall(r"[^\W_]+", "".join(letter for letter in spread if not unicodedata.combining(letter)))
    return " ".join(words) or None
