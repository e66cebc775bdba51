"""Documents about connected shops and what only shops have: connections, their progress and drift, carts, prices.

As in `schema.documents`, the path is in each class's first line; TypeScript types and JSON Schemas are generated.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schema.base import Channel, Currency, Id, Localized, MinorUnits, Platform, Shape, Short, Text, Time
from schema.documents import OrderLine

Thing = Literal["customers", "orders", "products", "carts", "reviews"]
"""What a storefront is read for, in this vocabulary; each is one step of a backfill."""

ConnectionStatus = Literal["connecting", "backfilling", "active", "attention", "disconnected"]


class Given(Shape):
    """What a platform gives of one thing, said plainly in the console."""

    thing: Literal[
        "customers", "email", "phone", "address", "consent", "orders", "products", "stock", "carts", "reviews",
        "messages", "browsing", "webhooks",
    ]  # fmt: skip
    given: Literal["yes", "partly", "no"]
    why: Localized | None = None


class WebhookState(Shape):
    """One subscription at the platform, as last looked at."""

    topic: Short
    external_id: Short | None = None
    status: Literal["active", "disabled", "missing"]
    checked_at: Time


class StepState(Shape):
    """How far one thing's backfill is. `cursor` continues where the last finished page ended."""

    cursor: Text | None = None
    seen: int = 0
    """Records read so far."""
    total: int | None = None
    """What the platform says there is; null where it does not say."""
    done: bool = False
    newest: int | None = None
    """Largest version seen, in ms: from where the next incremental reading starts."""


class DriftSummary(Shape):
    at: Time
    checked: int
    missing: int
    stale: int
    extra: int
    repaired: int
    unrepaired: int


class Connection(Shape):
    """`connections/{connectionId}`: a connected shop without its secrets; read by members who may meet customers."""

    platform: Platform
    name: Short
    """The shop's name as the platform gives it."""
    shop: Short
    """Host, store URL or seller id: what identifies the shop at the platform."""
    status: ConnectionStatus
    problem: Localized | None = None
    """Why it needs attention, and the way out."""
    detected_by: Localized | None = None
    """Why the platform was recognised as this one."""
    gives: Annotated[list[Given], Field(max_length=20)] = []
    currency: Currency | None = None
    zone: Short | None = None
    scopes: Annotated[list[Short], Field(max_length=60)] = []
    webhooks: Annotated[list[WebhookState], Field(max_length=60)] = []
    steps: dict[Thing, StepState] = {}
    """The running or last backfill, by thing."""
    generation: int = 0
    """Of the work on this connection: a task of an older one does nothing."""
    due_at: Time | None = None
    """When the next page, poll or reconciliation is due; the sweep sends a task for what is overdue."""
    work: Literal["idle", "backfill", "reconcile", "poll"] = "idle"
    run_id: Id | None = None
    failures: int = 0
    """Pages in a row that the platform did not give: the longer, the rarer we ask."""
    poll_cursor: Text | None = None
    last_event_at: Time | None = None
    last_poll_at: Time | None = None
    reconciled_at: Time | None = None
    """Up to when a reconciliation has compared everything."""
    drift: DriftSummary | None = None
    sandbox: bool = False
    """True when the base URL is not the provider's own (a simulated shop on this machine)."""
    connected_at: Time | None = None
    """When the shop was last connected: what the platform says of an earlier connection is past."""
    worked_at: Time | None = None
    """When a page was last done or a task sent: what stands still is known by it."""
    created_at: Time
    created_by: Id
    updated_at: Time


class Credentials(Shape):
    """`connections/{connectionId}/secrets/credentials`: ciphertext only; no client reads it."""

    sealed: str
    """`v{key version}.{base64url nonce}.{base64url AES-256-GCM ciphertext}`, associated data: the connection's id."""
    expires_at: Time | None = None
    lease: Time | None = None
    """Until when one worker alone may refresh the token."""
    updated_at: Time


class OauthState(Shape):
    """`oauthStates/{HMAC of the nonce}`: one connecting in progress; used once, gone after 15 minutes."""

    platform: Platform
    shop: Short
    uid: Id
    nonce: Short
    """Hash of the nonce that the browser brings back."""
    sealed: str
    """The app's credentials while the person is away at the platform, sealed like `Credentials`."""
    who: str
    """The member, sealed too: their name and address stand in no open document."""
    return_to: Short
    detected_by: Localized | None = None
    used: bool = False
    connection_id: Id | None = None
    problem: Localized | None = None
    expires_at: Time


class Bucket(Shape):
    """`connections/{connectionId}/limits/{operation}`: a token bucket shared by every instance."""

    tokens: float
    rate: float
    """Tokens a second."""
    burst: float
    at: Time


class DriftItem(Shape):
    """One record that differed from the platform's."""

    thing: Thing
    external_id: Short
    kind: Literal["missing", "stale", "extra"]
    field: Short | None = None
    ours: Short | None = None
    theirs: Short | None = None
    why: Localized
    fixed: bool


class Drift(Shape):
    """`connections/{connectionId}/drift/{day}`: what one reconciliation found and repaired."""

    at: Time
    run_id: Id
    counts: dict[Thing, dict[Literal["ours", "theirs", "setAside"], int | None]] = {}
    """`setAside`: of theirs, those that a rule of cleaning keeps apart here."""
    checked: dict[Thing, int] = {}
    missing: int = 0
    stale: int = 0
    extra: int = 0
    repaired: int = 0
    unrepaired: int = 0
    webhooks_restored: Annotated[list[Short], Field(max_length=60)] = []
    leg: int = 0
    """How far the reconciliation is: the pages of each thing, then the ids of things of which we have too many."""
    cursor: Text | None = None
    done: bool = False
    items: Annotated[list[DriftItem], Field(max_length=200)] = []
    """The first 200; the numbers above count all."""


class SeenIds(Shape):
    """`connections/{connectionId}/drift/{day}/ids/{n}`: ids that the platform listed, to find what we have too much."""

    thing: Thing
    ids: list[str]


class CleaningCount(Shape):
    rule: Short
    """Name of the rule in `functions/ingest/cleaning`."""
    changed: int = 0
    set_aside: int = 0


class CleaningExample(Shape):
    rule: Short
    action: Literal["changed", "set aside"]
    thing: Short
    external_id: Short | None = None
    field: Short | None = None
    before: Short | None = None
    """Masked where it is personal."""
    after: Short | None = None


class Cleaning(Shape):
    """`cleaning/{origin}/days/{day}`: what the rules did to the records of one import, connection or write key."""

    origin: Id
    """Import id, else connection id."""
    day: Short
    records: int = 0
    """Records that a rule changed or set aside, each version once."""
    counts: Annotated[list[CleaningCount], Field(max_length=60)] = []
    examples: Annotated[list[CleaningExample], Field(max_length=60)] = []
    updated_at: Time


class Cleaned(Shape):
    """`cleaned/{deterministic}`: what the rules did to one version of a record; folded into its day exactly once."""

    origin: Id
    day: Short
    touched: Annotated[list[CleaningExample], Field(max_length=60)]
    folded: bool = False
    at: Time


class SetAside(Shape):
    """`setAside/{deterministic}`: a record that a rule kept out of the figures: whole, with its reason."""

    origin: Id
    connection_id: Id
    rule: Short
    thing: Short
    external_id: Short | None = None
    reason: Localized
    record: dict[str, str]
    """`json`: the message that carries this record alone."""
    status: Literal["set aside", "let in", "discarded"] = "set aside"
    at: Time


class Cart(Shape):
    """`carts/{hash of connection, external id}`: a checkout that was begun."""

    customer_id: Id | None
    connection_id: Id
    platform: Platform
    external_id: Short
    status: Literal["open", "abandoned", "recovered"]
    at: Time
    """When the shopper last touched it."""
    currency: Currency
    total: MinorUnits
    lines: Annotated[list[OrderLine], Field(max_length=100)] = []
    url: Short | None = None
    source_version: int
    content_hash: Short
    created_version: int
    deleted: bool = False
    deleted_version: int | None = None
    due_at: Time | None = None
    """When it has been abandoned long enough to be told to offers; null when there is nothing to tell."""
    announced: bool = False
    """Told to offers: once a cart, however often it is left."""
    historic: bool = False
    sample: bool = False
    updated_at: Time


class ProductPrice(Shape):
    """`products/{productId}/prices/{version}`: the price and stock from a moment on, kept when either changed."""

    at: Time
    price: MinorUnits | None
    currency: Currency | None
    stock: int | None


class PriceSeen(Shape):
    """What one version of a product said."""

    version: int
    price: MinorUnits | None
    currency: Currency | None
    stock: int | None
    hash: Short = ""
    """Of two states of one version the larger one holds, as for the product itself."""
    historic: bool = False


class PriceState(Shape):
    """`products/{productId}/state/prices`: the newest sightings, from which the history in `prices` follows in any
    order of arrival.
    """

    seen: Annotated[list[PriceSeen], Field(max_length=50)] = []
    """By version, ascending."""
    before: PriceSeen | None = None
    """The newest sighting that no longer fits into `seen`: nothing older is taken into the history."""
    settled: PriceSeen | None = None
    """What offers know of."""


class WriteKey(Shape):
    """`writeKeys/{HMAC of the key}`: a key of the tracking API."""

    name: Short
    kind: Literal["browser", "server"]
    """A browser key is public: it links an anonymous id and nothing more."""
    hint: Short
    """The first characters, to recognise it by."""
    connection_id: Id
    channel: Literal["website", "pos", "wechat", "email"] = "website"
    origins: Annotated[list[Short], Field(max_length=20)] = []
    """Origins that may use a browser key; empty: any."""
    sealed_hash_secret: str | None = None
    """The secret behind `userHash`, sealed; shown once."""
    disabled: bool = False
    last_used_at: Time | None = None
    created_by: Id
    created_at: Time


class Survey(Shape):
    """`surveys/{surveyId}`: a hosted page with one question."""

    name: Short
    question: Localized
    thanks: Localized
    kind: Literal["stars", "smileys", "nps"] = "smileys"
    ask_text: bool = True
    closed: bool = False
    answers: int = 0
    created_by: Id
    created_at: Time
    updated_at: Time


class Note(Shape):
    """`customers/{customerId}/notes/{noteId}`: what a member wrote about a customer."""

    text: Text
    by: Id
    by_name: Short
    at: Time
    edited_at: Time | None = None
    deleted: bool = False
    """Kept for undo; no screen shows it."""


class MergeDecision(Shape):
    """`customers/{customerId}/links/{otherId}`: what was decided about two accounts; the newest decision holds."""

    decision: Literal["join", "apart"]
    by: Id
    """A member, or the connection whose platform merged them."""
    at: Time
    reason: Short | None = None


class MergeTrail(Shape):
    """`customers/{customerId}/trail/{id}`: why an account was joined to or taken from this customer."""

    at: Time
    action: Literal["joined", "parted"]
    account: Id
    evidence: Annotated[list[Localized], Field(max_length=10)] = []
    kinds: Annotated[list[Short], Field(max_length=10)] = []
    by: Id | None = None


class Suggestion(Shape):
    """`customers/{customerId}/suggestions/{otherId}`: two customers that look like one, for a person to decide."""

    other: Id
    reason: Localized
    kinds: Annotated[list[Short], Field(max_length=10)] = []
    at: Time
    dismissed: bool = False


class ConsentUse(Shape):
    """Which uses a platform permits of a field."""

    target: bool
    """May be a target of outgoing messages."""
    identity: bool
    """May identify the person across shops."""
    channels: Annotated[list[Channel], Field(max_length=6)] = []
