"""Who a tracking call is about, and how far the key may say so. Pure.

A browser key is public: anybody can read it from the shop's page. Without `userHash` its calls are about an anonymous
id and nothing else, whatever they claim.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from functions.api.properties import short
from functions.ingest.contact import normal_email, normal_phone
from schema.documents import IdentityClaim
from schema.records import Person

RESERVED = ("email:", "phone:", "anonymous:", "member:", "user:")
"""Prefixes of keys that are no account: a user id that begins so is kept apart as `user:...`."""


@dataclass(frozen=True)
class Key:
    """A write key as a call is judged by it."""

    id: str
    connection_id: str
    kind: Literal["browser", "server"]
    channel: Literal["website", "pos", "wechat", "email"] = "website"
    origins: tuple[str, ...] = ()
    hash_secret: str | None = None
    """Opened only where a browser call carries a `userHash`."""

    @property
    def till(self) -> bool:
        return self.channel == "pos"


@dataclass(frozen=True)
class Who:
    """The person of a call."""

    person: Person | None
    trusted: bool
    """The shop's server vouches for it: by its own key, or by `userHash`."""
    visitor: str
    """What a session is made of: the browser, else the person."""


def hash_of(secret: str, user: str) -> str:
    """`userHash`: HMAC-SHA256 over the user id in hex, computed by the shop's server."""
    return hmac.new(secret.encode(), user.encode(), hashlib.sha256).hexdigest()


def who(message: Mapping[str, Any], key: Key) -> Who:
    """The person that a call is about; `person` is None where it may not or does not say."""
    user, anonymous = short(message.get("userId")), short(message.get("anonymousId"))
    trusted = key.kind == "server" or _vouched(message, user, key)
    if not trusted:
        person = _anonymous(anonymous) if anonymous and not key.till else None
        return Who(person, False, anonymous or "")
    if key.till:
        person = _at_the_till(message, user)
    elif user:
        person = Person(key=account(user), identities=_claims(anonymous))
    elif anonymous:
        person = _anonymous(anonymous)
    else:
        person = None
    return Who(person, True, anonymous or (person.key if person else ""))


def account(user: str) -> str:
    """The key of a user id: the id itself."""
    return f"user:{user}"[:200] if user.startswith(RESERVED) else user


def guest_of(message: Mapping[str, Any]) -> Person | None:
    """The buyer of an order without an account, by the address given at the checkout (server keys only)."""
    for holder in _holders(message):
        email = normal_email(str(holder["email"])) if holder.get("email") else None
        if email and len(email) <= 190:
            return Person(key=f"email:{email}", email=email, guest=True)
    return _by_phone(message)


def _at_the_till(message: Mapping[str, Any], user: str | None) -> Person | None:
    """By user id, else by member code, else by phone. A till's own anonymous id is nobody's."""
    member = next((code for holder in _holders(message) if (code := short(holder.get("member")))), None)
    claims = [IdentityClaim(kind="member", value=member)] if member else []
    if user:
        return Person(key=account(user), identities=claims)
    if member:
        return Person(key=f"member:{member}"[:200], identities=claims)
    return _by_phone(message)


def _by_phone(message: Mapping[str, Any]) -> Person | None:
    for holder in _holders(message):
        if said := short(holder.get("phone")):
            phone = normal_phone(said, short(holder.get("country")))
            if phone:
                return Person(key=f"phone:{phone}", phone=phone, guest=True)
    return None


def _holders(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where a call may name its person: its properties or traits, then the traits of its context."""
    context = message.get("context")
    inner = context.get("traits") if isinstance(context, Mapping) else None
    return [one for one in (message.get("properties"), message.get("traits"), inner) if isinstance(one, Mapping)]


def _vouched(message: Mapping[str, Any], user: str | None, key: Key) -> bool:
    if user is None or key.hash_secret is None:
        return False
    given = given_hash(message)
    return given is not None and hmac.compare_digest(given.lower().encode(), hash_of(key.hash_secret, user).encode())


def given_hash(message: Mapping[str, Any]) -> str | None:
    """`userHash` of a call: at its top, or in its context (where Segment's clients let one put it)."""
    context = message.get("context")
    for holder in (message, context if isinstance(context, Mapping) else {}):
        if isinstance(said := holder.get("userHash"), str):
            return said.strip()
    return None


def _anonymous(anonymous: str) -> Person:
    return Person(key=f"anonymous:{anonymous}"[:200], identities=_claims(anonymous))


def _claims(anonymous: str | None) -> list[IdentityClaim]:
    return [IdentityClaim(kind="anonymous", value=anonymous)] if anonymous else []
