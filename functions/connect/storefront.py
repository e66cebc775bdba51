"""The one interface of a storefront. Nothing outside a platform's own file knows how that platform works.

A storefront is stateless: credentials and cursors come in, pages of normalised records and new cursors go out. Who
calls it keeps them (`backfill.py`, `webhooks.py`, `reconcile.py`), so that every call can be repeated after a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

import httpx

from schema.base import Localized, Platform
from schema.connections import Given, Thing, WebhookState
from schema.records import Record, WebhookEvent


class ConnectError(Exception):
    """Base of what can go wrong with a platform. `en` and `zh` are for the person at the screen."""

    def __init__(self, code: str, en: str, zh: str, field: str | None = None) -> None:
        super().__init__(f"{code}: {en}")
        self.code, self.en, self.zh, self.field = code, en, zh, field


class Rejected(ConnectError):
    """Wrong credentials, missing permission, not such a shop: a person must change something."""


class Revoked(Rejected):
    """The shop took the access away: the connection needs attention until somebody connects it again."""


class Unavailable(ConnectError):
    """A time-out, a 5xx, a truncated answer: try again later with back-off."""


class Throttled(Unavailable):
    """The platform asks to wait."""

    def __init__(self, wait: float) -> None:
        super().__init__("throttled", f"The platform asks to wait {wait:.0f} s.", f"平台要求等待 {wait:.0f} 秒。")
        self.wait = wait


@dataclass(frozen=True)
class Endpoints:
    """Where the platforms are: the provider's own hosts by default, a simulated shop's where configured.

    `{shop}`, `{region}` and `{tld}` are filled in by the storefront.
    """

    shopify: str = "https://{shop}"
    """`{shop}` is `name.myshopify.com`."""
    amazon_api: str = "https://sellingpartnerapi-{region}.amazon.com"
    amazon_token: str = "https://api.amazon.com/auth/o2/token"
    amazon_consent: str = "https://sellercentral.amazon.{tld}/apps/authorize/consent"
    amazon_sqs: str = "https://sqs.{region}.amazonaws.com"
    flipkart: str = "https://api.flipkart.net"
    local_hosts: tuple[str, ...] = ()
    """`host:port` of simulated shops that may be reached over http on the loopback address; empty in production."""


@dataclass(frozen=True)
class App:
    """This deployment's own registration at a platform (client id and secret), or the one that the person typed in."""

    client_id: str = ""
    client_secret: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Amazon: applicationId, sqsQueueUrl, awsKeyId, awsSecret. Flipkart: kind."""
    former_secrets: tuple[str, ...] = ()
    """Client secrets before the last rotation: webhooks signed with them are still accepted."""


@dataclass(frozen=True)
class Secrets:
    """Everything secret about one connection, as it is sealed in one piece. Never logged: `repr` hides it."""

    app: App = field(default_factory=App, repr=False)
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    """Of the access token; None: it does not expire."""
    refresh_expires_at: datetime | None = None
    consumer_key: str = field(default="", repr=False)
    consumer_secret: str = field(default="", repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    """Newest first; older ones are accepted for an hour after a rotation."""
    scopes: tuple[str, ...] = ()

    def refreshed(self, **changes: Any) -> Secrets:
        return replace(self, **changes)


@dataclass(frozen=True)
class Access:
    """What a storefront needs for a call. `http` has time-outs and the SSRF guard set; `sleep` is never called."""

    http: httpx.Client
    endpoints: Endpoints
    shop: str
    """As `Connection.shop`: myshopify host, store URL, selling partner id, Flipkart seller/app id."""
    secrets: Secrets
    now: datetime
    connection_id: str = ""
    zone: str | None = None
    currency: str | None = None
    take: Callable[[str, float, float], float] = lambda operation, rate, burst: 0.0
    """`take(operation, tokens a second, burst)`: one token of the bucket that all instances share. Returns 0 when it
    was taken, else the seconds until there is one (raise `Throttled` with it)."""


@dataclass(frozen=True)
class ShopInfo:
    """What the test read found."""

    name: str
    shop: str
    """Canonical: the key of the connection together with the platform."""
    currency: str | None = None
    zone: str | None = None
    scopes: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page of a reading."""

    records: Sequence[Record]
    cursor: str | None
    """Where the next page starts; None: this was the last one."""
    total: int | None = None
    """How many things there are in all, where the platform says so."""
    wait: float = 0.0
    """Seconds to wait before the next page, to stay inside the platform's limits."""
    ids: Sequence[str] = ()
    """External ids of the page's things, for comparing by a reconciliation (also of those that gave no record)."""


@dataclass(frozen=True)
class Hook:
    """A webhook as the storefront understands it."""

    records: Sequence[Record] = ()
    uninstalled: bool = False
    """The shop removed the app: the connection is disconnected, nothing is deleted."""
    forget: bool = False
    """The platform asks to forget every person of this shop (Shopify's shop/redact)."""
    at: datetime | None = None
    """When `uninstalled` or `forget` was said: of a connection made later it says nothing."""
    read: tuple[Thing, str] | None = None
    """The body is not enough (or not to be trusted): read this thing again by its external id with `one()`."""
    note: str | None = None
    """What was passed over and why, for the log (no personal data)."""


Headers = Mapping[str, str]
"""Names in lower case."""


class Storefront(Protocol):
    """One platform. Every method but the pure ones (marked) may raise `ConnectError`."""

    platform: Platform
    steps: tuple[Thing, ...]
    """What a backfill reads, in this order (products before orders, customers before orders)."""
    polled: bool
    """True where new things are found by polling `changes` (Amazon's queue, Flipkart), not only by webhooks."""
    oauth: bool
    """Whether connecting leads through the platform's own page."""

    def gives(self) -> list[Given]:
        """(pure) What the platform gives and what it does not, for the console."""

    # --- connecting ---

    def normal_shop(self, shop: str) -> str:
        """(pure) Canonical form of what the person typed. Raises Rejected with `field="shop"`."""

    def authorize_url(self, endpoints: Endpoints, app: App, shop: str, state: str, callback: str, back: str) -> str:
        """(pure) Where the browser goes to allow the connection.

        Args:
            callback: our address that gets the code (or, Woo, the keys by a POST of its own).
            back: where the browser comes back to (Woo: `return_url`; elsewhere the same as `callback`).
        """

    def exchange(self, access: Access, query: Mapping[str, str], raw_query: str, callback: str) -> Secrets:
        """Turn what the platform sent to `callback` into credentials, checking its signature where it has one.

        Args:
            query: the callback's parameters (for Woo: the JSON body of the POST).
            raw_query: the query string as received, still percent-encoded.
        """

    def refresh(self, access: Access) -> Secrets | None:
        """New credentials for those that expire soon; None where nothing is to be done. The caller holds the lock and
        stores the result before using it."""

    def test(self, access: Access) -> ShopInfo:
        """One read that proves the credentials and says which shop it is. Raises Rejected naming what is wrong."""

    # --- reading ---

    def page(self, access: Access, thing: Thing, cursor: str | None, since: datetime | None) -> Page:
        """One page of a thing, oldest change first where the platform can; records carry the platform's update time
        as version. `since`: only what changed after it, where the platform can filter (else everything)."""

    def one(self, access: Access, thing: Thing, external_id: str) -> Sequence[Record]:
        """One thing, read again; empty where it does not exist any more."""

    def lasting(self, secrets: Secrets, thing: Thing) -> bool:
        """(pure) Whether a thing that is not listed any more was deleted. False where the platform hides old ones:
        what left its window is still ours."""

    def count(self, access: Access, thing: Thing) -> int | None:
        """How many there are, as the platform counts; None where it does not say."""

    def changes(self, access: Access, cursor: str | None) -> Page:
        """(polled platforms) What happened since `cursor` (None: from now on). The cursor is kept by the caller only
        after the records are stored; a queue's messages are acknowledged by the NEXT call, by its cursor."""

    # --- webhooks ---

    def subscribe(self, access: Access, callback: str) -> Sequence[WebhookState]:
        """Make every subscription exist and be active, once each (repeatable). Empty where the platform has none."""

    def unsubscribe(self, access: Access, callback: str) -> None:
        """Remove our subscriptions, best effort."""

    def topic(self, headers: Headers, raw: bytes) -> str:
        """(pure) The topic of a call: `orders/updated`, `ping`, ..."""

    def verify(self, secrets: Secrets, headers: Headers, raw: bytes, url: str, method: str, now: datetime) -> bool:
        """(pure) Whether the call is signed by the platform: over the raw bytes, in constant time, with any of the
        accepted secrets."""

    def unsigned(self, headers: Headers, raw: bytes) -> bool:
        """(pure) Whether this is a call that the platform never signs and that changes nothing (Woo's ping): it is
        answered 200 and forgotten."""

    def shop_of(self, headers: Headers, raw: bytes) -> str | None:
        """(pure) The shop that a call to the app's one address is about (Shopify's privacy topics); None: not said."""

    def keep_headers(self) -> tuple[str, ...]:
        """(pure) Headers (lower case) that `understand` needs."""

    def understand(self, event: WebhookEvent, access: Access) -> Hook:
        """A verified call as records. Must give the same record as `page` gives for the same state of a thing."""


def text(en: str, zh: str) -> Localized:
    return Localized(en=en, zh=zh)
