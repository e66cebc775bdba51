"""One tracking message as normalised records: Segment's vocabulary in, the schema's out. Pure.

What is not taken has a named reason, which is counted (`counting.py`); a message never harms another.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.api import commerce, consent, properties, times, traits
from functions.api.people import Key, Who, account, guest_of, who
from functions.api.properties import short, shown
from schema.clock import milliseconds
from schema.documents import IdentityClaim
from schema.flow import stable_id
from schema.records import CustomerRecord, EventRecord, FeedbackRecord, Person, Record

KINDS = ("identify", "track", "page", "screen", "group", "alias")
NO_IDENTITY, UNSIGNED, NO_NAME, NO_TYPE = "no_identity", "unsigned_profile", "no_event_name", "unknown_type"
INCOMPLETE = "order_incomplete"

_EVENTS = {
    "product viewed": "product_viewed",
    "product clicked": "click",
    "promotion clicked": "click",
    "product list viewed": "page",
    "products searched": "search",
    "product added": "cart",
    "product removed": "cart",
    "cart viewed": "cart",
    "checkout started": "checkout",
    "checkout step viewed": "checkout",
    "checkout step completed": "checkout",
    "payment info entered": "checkout",
    "signed up": "signup",
    "account created": "signup",
    "till visited": "till",
}
_WORDS = {"feedback": "message", "feedback submitted": "message", "product reviewed": "review"}
_CHANNELS = {"website": "website", "pos": "pos", "wechat": "wechat", "email": "email"}
_PUBLIC, _SIGNED, _SERVER = "public:", "signed:", "server:"
"""Spaces of record ids: of anybody with a browser key, of a visitor with `userHash`, of a server that used a prefix."""
_ORDER_CHANNELS = {"website": "website", "pos": "pos", "wechat": "wechat", "email": "website"}


@dataclass(frozen=True)
class OrderPart:
    """What one message says about an order: `orders.py` adds it to the other parts."""

    id: str
    generated_id: bool
    message_id: str
    person: Person | None
    part: commerce.Part
    base: commerce.Base | None


@dataclass
class Understood:
    """What a message gave."""

    records: list[Record] = field(default_factory=list)
    order: OrderPart | None = None
    notes: Counter[str] = field(default_factory=Counter)
    """Named reasons, counted: what was dropped or changed."""

    def dropped(self, reason: str) -> Understood:
        self.notes[reason] += 1
        return self


@dataclass(frozen=True)
class Circumstances:
    """What a call's messages have in common."""

    key: Key
    received: datetime
    sent_at: Any
    headers: Mapping[str, str]
    currency: Callable[[], str]
    """The shop's reporting currency, asked for only where a message names none."""


def understand(message: Mapping[str, Any], around: Circumstances) -> Understood:
    """One message as records. Never raises for what a caller may send."""
    found, key = Understood(), around.key
    context = _map(message.get("context"))
    agent = str(context.get("userAgent") or "")[:1000]
    if key.kind == "browser":
        # A server's own library is no bot, but its visitor may be one.
        agent = around.headers.get("user-agent", "")[:1000] + " " + agent
    if consent.is_bot(agent):
        return found.dropped(consent.BOT)
    kind = str(message.get("type") or "").lower()
    if kind not in KINDS:
        return found.dropped(NO_TYPE)
    one = _Message(dict(message), kind, context, who(message, key), around, found)
    if reason := _unwanted(one):
        # A purchase, a text sent to the shop and a withdrawn consent are no observation: the shop's server may tell.
        if key.kind == "browser" or not one.tells:
            return found.dropped(reason)
    match kind:
        case "identify":
            one.identify()
        case "alias":
            one.alias()
        case "group":
            one.group()
        case "page" | "screen":
            one.page()
        case _:
            one.track()
    return found


def _unwanted(one: _Message) -> str | None:
    if one.around.key.kind == "browser" and consent.signals_no(one.around.headers):
        return consent.OPTED_OUT
    if consent.says_no(one.context):
        return consent.OPTED_OUT
    return consent.REFUSED if consent.refuses(one.context) else None


class _Message:
    def __init__(
        self,
        message: dict[str, Any],
        kind: str,
        context: Mapping[str, Any],
        subject: Who,
        around: Circumstances,
        found: Understood,
    ) -> None:
        self.message, self.kind, self.context = message, kind, context
        self.who, self.around, self.found = subject, around, found
        self.at = times.happened_at(message, around.sent_at, around.received)
        self.version = milliseconds(self.at)
        self.id = short(message.get("messageId")) or _content_id(message)
        self.traits = _map(message.get("traits"))
        self.properties = _map(message.get("properties"))
        self.name = short(message.get("event")) or ""
        self.plain = re.sub(r"[\s_]+", " ", self.name).strip().lower()

    @property
    def tells(self) -> bool:
        """Whether the call tells the shop something, rather than watching somebody."""
        return self.kind == "identify" or self.plain in commerce.ORDER_EVENTS or self.plain in _WORDS

    def identify(self) -> None:
        person = self._signed()
        if person is None:
            return
        source = f"{self.around.key.channel} tracking"
        # Who refuses to be observed may still change a consent, and nothing else is taken.
        full = traits.profile(person, self.traits, self.context) if not _unwanted(self) else person
        self.found.records.append(
            CustomerRecord.model_validate(
                {
                    "version": self.version,
                    "person": full,
                    "consent": consent.changes(self.traits, self.context, self.at, source),
                    "profiling": consent.profiling(self.traits),
                    "at": times.past(self.traits.get("createdAt"), self.around.received),
                }
            )
        )

    def alias(self) -> None:
        person, former = self._signed(), short(self.message.get("previousId"))
        if person is None:
            return
        if former is None or account(former) == person.key:
            self.found.dropped(NO_IDENTITY)
            return
        claims = [*person.identities, IdentityClaim(kind="anonymous", value=former)]
        unique = list({(claim.kind, claim.value): claim for claim in claims}.values())
        self.found.records.append(
            CustomerRecord(version=self.version, person=person.model_copy(update={"identities": unique}))
        )

    def group(self) -> None:
        person = self._signed()
        if person is None:
            return
        tag = traits.company(self.message.get("groupId"), self.traits)
        if tag is None:
            self.found.dropped(NO_NAME)
            return
        self.found.records.append(
            CustomerRecord(version=self.version, person=person.model_copy(update={"tags": [tag]}))
        )

    def page(self) -> None:
        names = (self.properties.get("title"), self.message.get("name"), self.properties.get("name"))
        self._event("page", next((title for one in names if (title := shown(one))), None))

    def track(self) -> None:
        if not self.name:
            self.found.dropped(NO_NAME)
        elif self.plain in commerce.ORDER_EVENTS and self.around.key.kind == "server":
            self._order(commerce.ORDER_EVENTS[self.plain])
        elif self.plain in commerce.ORDER_EVENTS:
            # Anybody can call with a public key: money is what the shop's server says.
            self._event("checkout", shown(self.name))
        elif self.plain in _WORDS:
            self._words(_WORDS[self.plain])
        else:
            self._event(_EVENTS.get(self.plain, "custom"), None)

    def _order(self, kind: commerce.Kind) -> None:
        said, around = self.properties, self.around
        number = commerce.order_number(said)
        currency = commerce.currency_of(said, "") or commerce.currency_of({}, around.currency())
        if (number is None and kind != "completed") or (said.get("currency") and not commerce.currency_of(said, "")):
            self.found.dropped(INCOMPLETE)
            return
        base = amount = None
        if kind == "completed":
            channel = _ORDER_CHANNELS[around.key.channel]
            base = commerce.base_of(said, currency or "USD", self.at, channel)
            if base is None:
                self.found.dropped(INCOMPLETE)
                return
        elif kind == "refunded":
            amount = commerce.refund_of(said, currency or "USD")
        person = self.who.person
        if not around.key.till and not short(self.message.get("userId")):
            person = guest_of(self.message) or (person if kind == "completed" else None)
        if person is not None and (person.identities or person.email or person.phone):
            # What the call says of the person stands by itself, at its own time: an order is published anew with each
            # part, and must say the same of its person however the parts arrive.
            self.found.records.append(CustomerRecord(version=self.version, person=person))
            person = Person(key=person.key, guest=person.guest)
        self.found.order = OrderPart(
            number or self.id,
            number is None,
            self.id,
            person,
            commerce.Part(kind=kind, version=self.version, amount=amount),
            base,
        )

    def _words(self, words: str) -> None:
        said = self.properties
        named = str(said.get("kind") or "").lower()
        text = next(
            (body for name in ("text", "review_body", "body", "message", "comment", "feedback")
             if isinstance(body := said.get(name), str) and body.strip()),
            "",
        )  # fmt: skip
        rating = _rating(said.get("rating"))
        if not text and rating is None:
            self.found.dropped(NO_NAME)
            return
        self.found.records.append(
            FeedbackRecord.model_validate(
                {
                    "id": self._kept_apart(short(said.get("review_id")) if self.who.trusted else None),
                    "version": self.version,
                    "person": self.who.person,
                    "words": named if named in ("review", "message", "survey", "chat") else words,
                    "at": self.at,
                    "product": commerce.product_of(said),
                    "product_title": shown(said.get("name") or said.get("product_name")),
                    "title": shown(said.get("title")),
                    "text": properties.clip(text, 40_000)[:10_000],
                    "rating": rating,
                    "language": short(self.context.get("locale")) if self.who.trusted else None,
                }
            )
        )

    def _event(self, event: str, title: str | None) -> None:
        person = self.who.person
        if person is None:
            self.found.dropped(NO_IDENTITY)
            return
        said, page = self.properties, _map(self.context.get("page"))
        if event == "search":
            title = title or shown(said.get("query"))
        elif event in ("product_viewed", "cart", "click"):
            title = title or shown(said.get("name"))
        title = title or shown(self.name)
        own = {name: value for name, value in said.items() if name not in ("url", "referrer", "path", "search")}
        self.found.records.append(
            EventRecord.model_validate(
                {
                    "id": self._kept_apart(None),
                    "version": self.version,
                    "person": person,
                    "event": event,
                    "channel": _CHANNELS[self.around.key.channel],
                    "at": self.at,
                    "title": title,
                    "product": commerce.product_of(said),
                    "session": self._session(),
                    "url": properties.page_url(said.get("url") or page.get("url")),
                    "properties": properties.kept(own, self.found.notes),
                }
            )
        )

    def _kept_apart(self, named: str | None) -> str:
        """The record's id, in a space of its own for each rank of caller: what the shop's server told is overwritten by
        nothing that a page says, nor a vouched visitor's words by anybody else's."""
        identity = named or self.id
        if self.around.key.kind == "browser":
            if not self.who.trusted:
                return _within(_PUBLIC, identity)
            return _SIGNED + stable_id(self.who.person.key if self.who.person else "", identity)
        # A server's own id that begins like one of these spaces is moved out of it.
        return _within(_SERVER, identity) if identity.startswith((_PUBLIC, _SIGNED, _SERVER)) else identity

    def _session(self) -> str:
        session = _map(self.context.get("session"))
        named = short(self.context.get("sessionId")) or short(session.get("id"))
        return times.session_part(self.around.key.connection_id, self.who.visitor, self.at, named)

    def _signed(self) -> Person | None:
        """The person, where the call may say something about them."""
        if not self.who.trusted:
            self.found.dropped(UNSIGNED)
            return None
        if self.who.person is None:
            self.found.dropped(NO_IDENTITY)
        return self.who.person


def _rating(value: Any) -> int | None:
    try:
        number = float(value) if not isinstance(value, bool) else 0.0
    except (TypeError, ValueError):
        return None
    return int(number) if number in (1.0, 2.0, 3.0, 4.0, 5.0) else None


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _within(space: str, identity: str) -> str:
    """An id in one of the spaces; one that would be cut is hashed instead, so that two never become one."""
    whole = space + identity
    return whole if len(whole) <= 200 else space + stable_id("long", identity)


def _content_id(message: Mapping[str, Any]) -> str:
    """For callers that send no message id: the same content is the same message, however often it is sent."""
    told = {name: value for name, value in message.items() if name not in ("sentAt", "writeKey", "receivedAt")}
    return stable_id("message", json.dumps(told, sort_keys=True, ensure_ascii=False, default=str))
