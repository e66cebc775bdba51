"""What travels on Pub/Sub: normalised records of any platform, and the messages that carry them.

A record is what a storefront, a file or a tracking call says about one thing, in one vocabulary. `ingest` turns
records into documents; nothing behind this line knows a platform.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schema.base import (
    Channel,
    Country,
    Currency,
    Id,
    MinorUnits,
    Platform,
    Shape,
    Short,
    Text,
    Time,
)
from schema.documents import IdentityClaim, OrderLine


class Person(Shape):
    """Who a record is about. `key` alone decides the customer; the rest is profile."""

    key: Short
    """The account's id at the source; without one the normalised e-mail, else the phone (prefixed `email:`,
    `phone:`).
    """
    name: Short | None = None
    email: Short | None = None
    phone: Short | None = None
    birth_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    gender: Literal["female", "male", "other"] | None = None
    country: Country | None = None
    zone: Short | None = None
    language: Short | None = None
    address: Short | None = None
    tags: Annotated[list[Short], Field(max_length=50)] = []
    guest: bool = False
    """Typed at a checkout or till without an account: such an address never joins two customers."""
    relay: bool = False
    """A relay address, or a platform that forbids more than statistics: never joined, never a target."""
    identities: Annotated[list[IdentityClaim], Field(max_length=10)] = []


class ConsentChange(Shape):
    channel: Channel
    status: Literal["granted", "denied"]
    at: Time
    source: Short


class _Record(Shape):
    version: int
    """The source's version (update time in ms); an older one never overwrites a newer one."""
    line: int | None = None
    """Line of the uploaded file, for reports."""


class CustomerRecord(_Record):
    kind: Literal["customer"] = "customer"
    person: Person
    consent: Annotated[list[ConsentChange], Field(max_length=20)] = []
    profiling: Literal["allowed", "opted out"] | None = None
    at: Time | None = None
    """When the account was opened, if known."""


class ShopMoney(Shape):
    """An order's total as the platform itself expressed it in the shop's currency, at the rate of that day."""

    currency: Currency
    total: Annotated[int, Field(ge=0, le=10**13)]


class OrderRecord(_Record):
    kind: Literal["order"] = "order"
    id: Short
    """External id, or the hash of the row when the file has none (`generated_id`)."""
    generated_id: bool = False
    person: Person | None = None
    """None where the platform gives no buyer: the order is a statistic without a customer."""
    placed_at: Time
    status: Literal["paid", "refunded", "cancelled", "test"] = "paid"
    currency: Currency
    total: Annotated[int, Field(ge=0, le=10**13)]
    shop_money: ShopMoney | None = None
    discount: Annotated[int, Field(ge=0, le=10**13)] = 0
    refunded: Annotated[int, Field(ge=0, le=10**13)] = 0
    lines: Annotated[list[OrderLine], Field(max_length=100)] = []
    items: int = 0
    channel: Literal["website", "pos", "wechat", "storefront", "csv"] | None = None
    tax: Annotated[int, Field(ge=0, le=10**13)] = 0
    shipping: Annotated[int, Field(ge=0, le=10**13)] = 0
    discount_codes: Annotated[list[Short], Field(max_length=20)] = []
    staff: bool = False
    """The platform marks it as a staff or internal order."""
    consent: Annotated[list[ConsentChange], Field(max_length=20)] = []


class FeedbackRecord(_Record):
    kind: Literal["feedback"] = "feedback"
    id: Short
    generated_id: bool = False
    person: Person | None = None
    words: Literal["review", "message", "survey", "chat"] = "review"
    at: Time | None = None
    product: Short | None = None
    product_title: Short | None = None
    title: Short | None = None
    text: Text
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    language: Short | None = None


class ProductRecord(_Record):
    kind: Literal["product"] = "product"
    id: Short
    title: Short | None = None
    category: Short | None = None
    price: MinorUnits | None = None
    currency: Currency | None = None
    compare_at: MinorUnits | None = None
    stock: int | None = None
    image: Short | None = None
    url: Short | None = None
    skus: Annotated[list[Short], Field(max_length=100)] = []
    status: Literal["active", "hidden"] = "active"


class CartRecord(_Record):
    kind: Literal["cart"] = "cart"
    id: Short
    person: Person | None = None
    at: Time
    status: Literal["open", "abandoned", "recovered"]
    currency: Currency
    total: Annotated[int, Field(ge=0, le=10**13)]
    lines: Annotated[list[OrderLine], Field(max_length=100)] = []
    url: Short | None = None
    consent: Annotated[list[ConsentChange], Field(max_length=20)] = []


class DeletedRecord(_Record):
    """The platform deleted a thing, or asks that a person be forgotten (`what` = customer, `redact`)."""

    kind: Literal["deleted"] = "deleted"
    what: Literal["customer", "order", "product", "cart"]
    id: Short
    """External id; for a customer the account's key."""
    redact: bool = False
    """Erase the personal data too: contact, names, words."""


class LinkRecord(_Record):
    """The platform itself joined two of its accounts (`customers/merge`)."""

    kind: Literal["link"] = "link"
    person: Person
    other: Short
    """Key of the account that went into `person`."""


class EventRecord(_Record):
    kind: Literal["event"] = "event"
    id: Short
    person: Person
    event: Literal["visit", "product_viewed", "cart", "till", "page", "search", "checkout", "signup", "click", "custom"]
    channel: Literal["website", "email", "sms", "push", "wechat", "pos", "storefront"] = "website"
    at: Time
    title: Short | None = None
    product: Short | None = None
    session: Short | None = None
    url: Short | None = None
    properties: Annotated[dict[Short, Text], Field(max_length=50)] = {}


Record = Annotated[
    CustomerRecord
    | OrderRecord
    | FeedbackRecord
    | ProductRecord
    | CartRecord
    | EventRecord
    | DeletedRecord
    | LinkRecord,
    Field(discriminator="kind"),
]
RECORD: TypeAdapter[Record] = TypeAdapter(Record)


class Origin(Shape):
    """Where a message's records come from."""

    connection_id: Id
    platform: Platform
    bulk: bool = False
    """True for import, backfill and repair: records whose event is older than 24 hours are then history."""
    sample: bool = False
    import_id: Id | None = None
    chunk: Short | None = None
    """Id of the import's chunk that the message is."""
    let_in: Annotated[list[Short], Field(max_length=60)] = []
    """Cleaning rules that a member let these records pass."""


class PlatformEvents(Shape):
    """Topic `platform-events`: up to 200 records of one origin."""

    origin: Origin
    records: Annotated[list[dict[str, object]], Field(max_length=200)]
    attempt: int = 0


class CustomersChanged(Shape):
    """Topic `customers-changed`: published after a commit and before its ack, also when a replay changed nothing."""

    ids: Annotated[list[Id], Field(max_length=500)]
    fields: list[Short] = []
    historic: bool = False
    attempt: int = 0


class Recluster(Shape):
    """Topic `recluster`: the run document exists already, so that the console shows it at once."""

    run_id: Id
    search: bool = False
    """Look for a better grouping now; else only when it is due."""
    attempt: int = 0


class Texts(Shape):
    """Topic `texts`: feedback to score, or to explain word by word."""

    ids: Annotated[list[Id], Field(max_length=200)]
    explain: bool = False
    """Also find the evidence: a member looks at the text."""
    historic: bool = False
    attempt: int = 0


class Learn(Shape):
    """Topic `learn`: one step of the learning job; a finished step publishes the next."""

    run_id: Id
    step: Literal["texts", "people", "segments", "models", "predict", "figures", "insights"]
    cursor: str | None = None
    then: Id | None = None
    """The recluster's run that follows the step `people`."""
    force: bool = False
    """Train also where training is not due."""
    attempt: int = 0


class Job(Shape):
    """Topic `jobs`: one step of a long job of the app codebase; a finished step publishes the next."""

    kind: Literal["import", "attest", "remove_sample", "reprice", "forget_shop"]
    id: Id
    step: int = 0
    """Which step; the steps of a kind are listed where the kind is handled."""
    cursor: str | None = None
    attempt: int = 0


class WebhookEvent(Shape):
    """Topic `platform-webhooks`: one verified call of a platform, as it came; normalised by who takes it from here."""

    connection_id: Id
    platform: Platform
    topic: Short
    body: str
    """The raw body as text."""
    headers: dict[Short, Text] = {}
    """Those the platform's file names as needed (lower case), never a signature."""
    received_at: Time
    attempt: int = 0


class OfferEvent(Shape):
    """Topic `offer-events`: something happened that an offer may answer."""

    id: Id
    """The same for the same happening, however often it is told."""
    kind: Literal["price_drop", "back_in_stock", "cart_abandoned", "risk_rose", "frustrated"]
    at: Time
    product_id: Id | None = None
    customer_id: Id | None = None
    cart_id: Id | None = None
    before: int | None = None
    after: int | None = None
    currency: Currency | None = None
    historic: bool = False
    attempt: int = 0


TOPICS: dict[str, type[Shape]] = {
    "platform-webhooks": WebhookEvent,
    "offer-events": OfferEvent,
    "platform-events": PlatformEvents,
    "customers-changed": CustomersChanged,
    "recluster": Recluster,
    "texts": Texts,
    "learn": Learn,
    "jobs": Job,
}
