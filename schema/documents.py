"""Firestore documents of people and of what happened, one class a collection: the one source of the shapes.

Beside it: `segments` (groups), `jobs` (work in progress), `shop` (figures, members, settings), `connections` (shops).
TypeScript types (`web/src/generated/documents.ts`) and JSON Schemas (`schema/generated/`) are made from them by
`scripts/generate`; the test suite fails when they are stale. Paths are in each class's first line.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schema.base import (
    Channel,
    Country,
    Currency,
    Id,
    Localized,
    MinorUnits,
    Platform,
    Shape,
    Short,
    Text,
    Time,
)
from schema.minds import Habits, Predictions, Psyche

# --- customers -----------------------------------------------------------------------------------------------------


class CustomerStats(Shape):
    """What a recount of the customer's orders gives; sums are in the shop's reporting currency."""

    orders: int = 0
    """Orders that count: not cancelled and not a test."""
    revenue: MinorUnits = 0
    """Sum of order totals less refunds, of orders that could be expressed in the reporting currency."""
    refunded: MinorUnits = 0
    discount: MinorUnits = 0
    items: int = 0
    unconverted: int = 0
    """Orders in a currency for which the shop has no rate: counted in `orders`, absent from the sums."""
    first_order_at: Time | None = None
    last_order_at: Time | None = None
    recent_order_days: Annotated[list[int], Field(max_length=21)] = []
    """Days since 1970-01-01 (UTC) of the newest 21 counted orders, ascending: median and rhythm follow from it."""
    median_gap_days: float | None = None
    """Median of the gaps between the recent orders' days; null below two orders."""
    average_order: MinorUnits | None = None
    feedback: int = 0
    rating_sum: int = 0
    rated: int = 0
    events: int = 0
    last_seen_at: Time | None = None


class Rfm(Shape):
    """Quintile scores (1 low, 5 high) at the recluster that wrote them."""

    recency: Annotated[int, Field(ge=1, le=5)]
    frequency: Annotated[int, Field(ge=1, le=5)]
    monetary: Annotated[int, Field(ge=1, le=5)]
    cell: Annotated[str, Field(pattern=r"^[1-5]{3}$")]


class Membership(Shape):
    """The effective segment is `id` when `from` <= the active segmentation's version, else `before`."""

    id: Id | None
    from_: Annotated[int, Field(alias="from")]
    before: Id | None = None
    reasons: Annotated[list[Localized], Field(max_length=5)] = []
    second: Id | None = None
    """The second-nearest segment."""
    margin: float | None = None
    """How much farther the second-nearest is, as a share of its distance: 0 on the border, towards 1 deep inside."""


class ConsentState(Shape):
    """What one channel may be used for; absent channel = unknown = not contactable."""

    status: Literal["granted", "denied"]
    at: Time
    source: Short
    attested: bool = False
    """True when a member signed for it (`imports.attestation`); the person's own word always wins over it."""


class Reach(Shape):
    """Whether a channel could be used now: an address is known and consent is granted."""

    email: bool = False
    sms: bool = False
    push: bool = False
    wechat: bool = False
    any: bool = False


class AutoTag(Shape):
    """A tag that a rule or a model gave, with its reason."""

    tag: Short
    reason: Localized
    model: bool = False
    """Inferred by a model: shown in purple."""
    until: Time | None = None
    """When a model's tag ends by itself."""
    evidence: Id | None = None
    """The text that it rests on."""


class Tags(Shape):
    manual: Annotated[list[Short], Field(max_length=50)] = []
    source: Annotated[list[Short], Field(max_length=50)] = []
    """What the platforms and files say."""
    auto: Annotated[list[AutoTag], Field(max_length=50)] = []
    """Given by a rule of `schema/tagging.py`, each with its reason."""


class Interest(Shape):
    category: Short
    score: float
    source: Short


class Customer(Shape):
    """`customers/{customerId}`: the folded profile without personal contact data (that is in `pii/contact`)."""

    display_name: Short | None = None
    """As on the orders; a masked form of the first known address or id when no name is known."""
    masked_email: Short | None = None
    masked_phone: Short | None = None
    external_id: Short | None = None
    platform: Platform
    country: Country | None = None
    zone: Short | None = None
    language: Short | None = None
    gender: Literal["female", "male", "other"] | None = None
    age_band: Literal["under 18", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"] | None = None
    birth_month_day: Annotated[str, Field(pattern=r"^\d\d-\d\d$")] | None = None
    lifecycle_stage: Literal["lead", "new", "active", "loyal", "at risk", "lost", "won back"] = "lead"
    stats: CustomerStats = CustomerStats()
    interests: Annotated[list[Interest], Field(max_length=20)] = []
    rfm: Rfm | None = None
    segment: Membership | None = None
    psyche: Psyche | None = None
    habits: Habits | None = None
    predictions: Predictions | None = None
    rule_segments: Annotated[list[Id], Field(max_length=200)] = []
    tags: Tags = Tags()
    model_tags: Annotated[list[AutoTag], Field(max_length=20)] = []
    """Inferred from words and behaviour, each with its evidence and an end."""
    consent: dict[Channel, ConsentState] = {}
    profiling: Literal["allowed", "opted out"] = "allowed"
    reach: Reach = Reach()
    aliases: Annotated[list[Id], Field(max_length=29)] = []
    merged_into: Id | None = None
    search_tokens: Annotated[list[Short], Field(max_length=60)] = []
    sample: bool = False
    created_by: Short
    """The import or connection whose record has the lowest version."""
    created_version: int
    created_at: Time
    """The earliest moment the shop knows of the customer (first record), not when the row was written."""
    updated_at: Time
    evaluated_at: Time | None = None


class IdentityClaim(Shape):
    """An identifier of a person besides e-mail and phone."""

    kind: Literal["anonymous", "openid", "unionid", "member"]
    value: Short


class Listed(Shape):
    """What the newest customer list said of an account: the same list imported again changes nothing."""

    version: int
    rows: Annotated[list[Short], Field(max_length=20)]
    """Keyed hashes of its rows about the account."""


class Source(Shape):
    """`customers/{customerId}/sources/{sourceId}`: one account's profile as its platform states it. Subject to
    erasure.
    """

    connection_id: Id
    external_id: Short
    ranks: dict[Short, list[int]] = {}
    """By profile field: [effective time in ms, source version] of the value held; the larger one wins."""
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
    consent: dict[Channel, ConsentState] = {}
    profiling: Literal["allowed", "opted out"] | None = None
    listed: Listed | None = None
    guest: bool = False
    """An address typed at a checkout or a till without signing in: evidence that may not join two customers."""
    relay: bool = False
    """The platform's relay address or a statistic: never joined, never a target."""
    identities: Annotated[list[IdentityClaim], Field(max_length=20)] = []
    stats: CustomerStats | None = None
    """The account's own statistics; a customer's are the sum over its accounts."""
    redacted_version: int | None = None
    """The platform asked at this version that the person be forgotten: no older words or names are kept."""
    erased_version: int | None = None
    """The platform deleted or redacted the account at this version: nothing older is taken in."""


class Manual(Shape):
    """`customers/{customerId}/sources/manual`: what a member typed in the console; wins over every source."""

    name: Short | None = None
    email: Short | None = None
    phone: Short | None = None
    country: Country | None = None
    language: Short | None = None
    tags: Annotated[list[Short], Field(max_length=50)] = []
    note: Text | None = None
    updated_by: Id


class Contact(Shape):
    """`customers/{customerId}/pii/contact`: read by owner, admin and marketer only."""

    name: Short | None = None
    email: Short | None = None
    phone: Short | None = None
    """E.164 when the number could be parsed, as given otherwise."""
    address: Short | None = None
    birth_date: Short | None = None


class Identity(Shape):
    """`identities/{HMAC(kind, value)}`: the exact look-up from an address to the customers that carry it."""

    kind: Literal["storefront", "email", "phone", "openid", "unionid", "anonymous", "member", "address"]
    """`address` is a name with a postal address; `storefront` is an account: it names those that a decision was made
    about together with it.
    """
    claims: dict[Id, bool] = {}
    """The customers that carry this address, as a set: marks commute, so that order of arrival does not matter."""


# --- what happened -------------------------------------------------------------------------------------------------


class OrderLine(Shape):
    product_id: Id | None = None
    title: Short | None = None
    quantity: int = 1
    price: MinorUnits | None = None


class Order(Shape):
    """`orders/{hash of platform, shop, external id}`: money is minor units of `currency`."""

    customer_id: Id | None
    """Null where the platform gives no buyer (Amazon, Flipkart): the order is a statistic."""
    connection_id: Id
    platform: Platform
    external_id: Short | None = None
    """Null when the file gave no order id: the document's id is then a hash of the row."""
    placed_at: Time
    day: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None
    """The calendar day in the shop's time zone, the key of the daily figures; null when the order does not count."""
    status: Literal["paid", "refunded", "cancelled", "test"] = "paid"
    currency: Currency
    total: MinorUnits
    discount: MinorUnits = 0
    refunded: MinorUnits = 0
    reporting_total: MinorUnits | None = None
    """Total less refunds in the shop's reporting currency; null when the shop has no rate for `currency`."""
    reporting_discount: MinorUnits | None = None
    reporting_refunded: MinorUnits | None = None
    items: int = 0
    lines: Annotated[list[OrderLine], Field(max_length=100)] = []
    channel: Literal["website", "pos", "wechat", "storefront", "csv"] | None = None
    """Where it was placed; null in older documents: the platform's usual one."""
    tax: MinorUnits = 0
    shipping: MinorUnits = 0
    discount_codes: Annotated[list[Short], Field(max_length=20)] = []
    deleted: bool = False
    """Deleted at the platform: kept, and counted nowhere."""
    deleted_version: int | None = None
    """When the platform deleted it, as a source version; a newer record brings it back."""
    source_version: int
    content_hash: Short
    created_version: int
    """Source version of the record that created the document: tells a replay from a repeated import."""
    historic: bool = False
    sample: bool = False
    updated_at: Time


class Product(Shape):
    """`products/{hash of platform, shop, external id}`."""

    connection_id: Id
    platform: Platform
    external_id: Short
    title: Short | None = None
    category: Short | None = None
    price: MinorUnits | None = None
    """The lowest current price over its variants."""
    currency: Currency | None = None
    compare_at: MinorUnits | None = None
    """The crossed-out price, where the platform has one."""
    stock: int | None = None
    """Units over all variants; null where stock is not tracked."""
    image: Short | None = None
    url: Short | None = None
    skus: Annotated[list[Short], Field(max_length=100)] = []
    status: Literal["active", "hidden"] = "active"
    deleted: bool = False
    deleted_version: int | None = None
    due_at: Time | None = None
    """When a change of price or stock has rested long enough to be told to offers; null when there is none."""
    source_version: int
    content_hash: Short
    created_version: int
    sample: bool = False
    updated_at: Time


class Feedback(Shape):
    """`feedback/{deterministic}`: the customer's words. Without a customer it belongs to a product only."""

    customer_id: Id | None = None
    connection_id: Id
    platform: Platform
    external_id: Short | None = None
    kind: Literal["review", "message", "survey", "chat"] = "review"
    at: Time | None = None
    product_id: Id | None = None
    product_title: Short | None = None
    title: Short | None = None
    text: Text
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    language: Short | None = None
    bulk: bool = False
    """True for rows of a bulk job: the per-document trigger leaves them to the batch."""
    source_version: int
    content_hash: Short
    created_version: int
    sample: bool = False
    updated_at: Time


class Event(Shape):
    """`events/{source event id}`: one line of a customer's timeline."""

    customer_id: Id
    kind: Literal[
        "order",
        "refund",
        "feedback",
        "visit",
        "product_viewed",
        "cart",
        "delivery",
        "click",
        "profile",
        "consent",
        "till",
        "page",
        "search",
        "checkout",
        "signup",
        "custom",
        "merge",
    ]
    channel: Literal["website", "email", "sms", "push", "wechat", "pos", "storefront", "csv", "console"]
    at: Time
    title: Short | None = None
    """A language-neutral detail such as a product's name or the first words of a review."""
    amount: MinorUnits | None = None
    currency: Currency | None = None
    ref: Short | None = None
    """Path of the document that this line is about."""
    session: Short | None = None
    url: Short | None = None
    properties: dict[Short, Text] = {}
    """At most 50 of the caller's own properties, each at most 1 KB; never indexed."""
    source_version: int = 0
    historic: bool = False
    sample: bool = False
