"""Firestore documents, one class a collection. This file is the one source of the shapes.

TypeScript types (`web/src/generated/documents.ts`) and JSON Schemas (`schema/generated/`) are made from it by
`scripts/generate`; the test suite fails when they are stale. Paths are in each class's first line.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import EmailStr, Field

from schema.base import (
    Channel,
    Country,
    Currency,
    Id,
    Localized,
    MinorUnits,
    Platform,
    Role,
    Shape,
    Short,
    Text,
    Time,
)

# --- customers -------------------------------------------------------------------------------------------------


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
    """A tag that a rule gave, with its reason."""

    tag: Short
    reason: Localized


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
    rule_segments: Annotated[list[Id], Field(max_length=200)] = []
    tags: Tags = Tags()
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


# --- what happened ---------------------------------------------------------------------------------------------


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


# --- segments --------------------------------------------------------------------------------------------------


class SegmentFeature(Shape):
    """One feature of a segment against the population, in the feature's own unit."""

    name: Literal["recencyDays", "orders", "revenue", "averageOrder", "medianGapDays", "tenureDays"]
    mean: float | None
    population: float | None
    z: float
    """(segment mean - population mean) / population standard deviation, on the clustered scale."""


class Segment(Shape):
    """`segments/{segmentId}`: stable across reclusters."""

    kind: Literal["cluster", "rule"] = "cluster"
    name: Localized
    public_name: Short
    """Neutral: safe for links, tags and coupons; states nothing inferred about a person."""
    icon: Short
    version: int
    """The segmentation in which it was last present."""
    retired: bool = False
    size: int = 0
    share: float = 0
    revenue: MinorUnits = 0
    revenue_share: float = 0
    orders: int = 0
    features: Annotated[list[SegmentFeature], Field(max_length=12)] = []
    traits: Annotated[list[Localized], Field(max_length=5)] = []
    renamed_by: Id | None = None
    updated_at: Time


class SegmentSize(Shape):
    segment_id: Id
    name: Localized
    size: int
    revenue: MinorUnits


class Candidate(Shape):
    """One tried number of clusters and what it earned."""

    k: int
    silhouette: float
    smallest_share: float
    chosen: bool = False


class Movement(Shape):
    from_: Annotated[Id | None, Field(alias="from")]
    to: Id | None
    count: int


class Segmentation(Shape):
    """`segmentations/{version}`: one recluster. Version numbers are never reused."""

    version: int
    run_id: Id
    created_at: Time
    as_of: Time
    algorithm: Literal["kmeans", "rfm", "none"]
    k: int
    silhouette: float | None
    candidates: Annotated[list[Candidate], Field(max_length=16)] = []
    note: Localized | None = None
    """Set when the data did not carry 6 groups, or another gate was not met: says which, and how far it is."""
    customers: int
    eligible: int
    """Customers with at least one counted order and no opt-out of profiling: the ones that were clustered."""
    sizes: Annotated[list[SegmentSize], Field(max_length=16)] = []
    movements: Annotated[list[Movement], Field(max_length=300)] = []
    moved: int = 0
    feature_names: Annotated[list[Short], Field(max_length=32)] = []
    scaler_center: list[float] = []
    scaler_scale: list[float] = []
    prototypes: dict[Id, list[float]] = {}
    """Centroid by segment id, on the scaled feature axes."""
    rfm_edges: dict[Literal["recency", "frequency", "monetary"], list[float]] = {}


class MapPoint(Shape):
    """A customer on the 2-D map: first two principal components of the scaled features."""

    c: Id
    s: Id
    x: float
    y: float


class SegmentMap(Shape):
    """`segmentations/{version}/map/points`: a sample of at most 2,000 customers, no names."""

    explained: Annotated[list[float], Field(max_length=2)]
    """Share of variance on each axis."""
    sampled: int
    of: int
    points: Annotated[list[MapPoint], Field(max_length=2000)]


class ActiveSegmentation(Shape):
    """`config/segmentation`: the pointer whose one write flips the whole segmentation."""

    active: int
    next_version: int
    updated_at: Time


# --- work in progress ------------------------------------------------------------------------------------------

RunKind = Literal["import", "recluster", "sample", "remove_sample", "nightly", "refresh", "backfill", "reconcile"]


class Run(Shape):
    """`runs/{runId}`: a long job with its progress; written by one coordinator, at most once a second."""

    kind: RunKind
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    title: Short
    done: int = 0
    total: int | None = None
    """Null while unknown; the bar is then indeterminate."""
    step: Localized | None = None
    result: dict[Short, int | float | str | None] = {}
    error: Localized | None = None
    """What happened, what is safe, and the way out."""
    started_at: Time
    updated_at: Time
    finished_at: Time | None = None
    started_by: Id | None = None
    ref: Short | None = None


class Schedule(Shape):
    """`config/schedules/jobs/{job}`: the next and last run of one scheduled job."""

    job: Literal["sweep", "nightly"]
    every: Short
    next_at: Time
    last_at: Time | None = None
    last_ok: bool | None = None


class ColumnMatch(Shape):
    column: Short
    field: Short | None
    """Null: the column is ignored."""
    sure: bool = True
    example: Short | None = None


class ImportCounts(Shape):
    rows: int = 0
    rejected: int = 0
    repeated: int = 0
    """Identical rows in the file: kept as separate orders and reported."""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    parked: int = 0
    customers: int = 0
    """Customers created."""
    orders: int = 0
    feedback: int = 0
    without_customer: int = 0
    """Texts that belong to a product only."""
    set_aside: int = 0
    """Records that a cleaning rule kept out; they wait in `setAside`."""


class Attestation(Shape):
    """A signed statement that the people in a file agreed to be contacted."""

    by: Id
    by_name: Short
    at: Time
    channels: Annotated[list[Channel], Field(min_length=1, max_length=6)]
    source: Annotated[str, Field(min_length=10, max_length=500)]


class Import(Shape):
    """`imports/{importId}`: one uploaded file, from the first byte to the last write."""

    kind: Literal["orders", "customers", "reviews"]
    file_name: Short
    file_bytes: int | None = None
    connection_id: Id
    platform: Platform
    version: int
    """Milliseconds since 1970 at creation: the source version of every record in it."""
    status: Literal["uploading", "numbering", "importing", "finishing", "done", "cancelled", "failed"]
    header: Annotated[list[Short], Field(max_length=200)]
    delimiter: Annotated[str, Field(max_length=1)] = ","
    mapping: Annotated[list[ColumnMatch], Field(max_length=200)]
    currency: Currency
    zone: Short
    date_order: Literal["ymd", "mdy", "dmy"]
    consent_column: bool = False
    attestation: Attestation | None = None
    attesting: bool = False
    attested_chunks: int = 0
    chunks: int | None = None
    """Known when the upload is complete."""
    chunks_done: int = 0
    counts: ImportCounts = ImportCounts()
    reachable: dict[Channel, int] = {}
    contactable: int | None = None
    run_id: Id
    sample: bool = False
    created_by: Id
    created_by_name: Short
    created_at: Time
    updated_at: Time
    finished_at: Time | None = None
    error: Localized | None = None


class RejectedRow(Shape):
    """A row that was not taken, in its chunk's `rejected`."""

    line: int
    """Line in the file, the header being line 1."""
    column: Short | None
    reason: Short
    """Code of the reason; the console has a sentence for each."""
    detail: Short
    raw: Text
    taken: bool = False
    """True when the row was taken without the cell that could not be used."""


class EdgeRows(Shape):
    """The rows of the first or last order of a part: an order whose rows the upload cut in two is put together
    again.
    """

    order_id: Short
    line: int
    raw: str


class ImportChunk(Shape):
    """`imports/{importId}/chunks/{part}-{n}`: up to 200 records of an upload, kept before the upload is
    acknowledged.
    """

    part: int
    seq: int | None = None
    """Place in the file among the chunks, given when the upload is complete."""
    next: Id | None = None
    """The chunk that is published when this one is done: two places on, since two are in flight."""
    rows: int
    first_line: int
    records: bytes
    """zlib-compressed JSON list of records."""
    keys: bytes
    """16 bytes a record: 8 of what identifies it, 8 of what it says; for numbering repeated rows."""
    rejected: list[RejectedRow] = []
    head: EdgeRows | None = None
    tail: EdgeRows | None = None
    done: bool = False
    done_at: Time | None = None
    attested_at: Time | None = None


class Parked(Shape):
    """`parked/{id}`: a record that failed; retried until attempt 5, then waits for a person."""

    topic: Short
    status: Literal["retrying", "parked", "replayed", "discarded"]
    record: dict[str, str]
    """`json`: the message that carries this record alone."""
    error: Short
    attempt: int
    due_at: Time | None
    created_at: Time
    updated_at: Time


# --- figures ---------------------------------------------------------------------------------------------------


class Overview(Shape):
    """`metrics/overview`: the first screen in one read."""

    customers: int
    buyers: int
    repeat_buyers: int
    orders: int
    revenue: MinorUnits
    average_order: MinorUnits | None
    feedback: int
    reviewers: int
    rating_average: float | None
    unconverted_orders: int
    currency: Currency
    first_order_at: Time | None
    last_order_at: Time | None
    as_of: Time
    """Now for a living shop; the day after the newest order when that is over 30 days old."""
    data_ended: bool
    """True when `as_of` is not now: the screen shows an amber line."""
    sample_customers: int
    reachable: dict[Channel, int]
    """Customers with an address and consent, by channel."""
    contactable: int
    """Customers who can be reached by at least one channel."""
    computed_at: Time


class Day(Shape):
    orders: int
    revenue: MinorUnits
    new_customers: int


class Month(Shape):
    """`metrics/month-YYYY-MM`: daily figures by day of month ("01".."31") in the shop's time zone."""

    month: Annotated[str, Field(pattern=r"^\d{4}-\d\d$")]
    days: dict[Short, Day]
    orders: int
    revenue: MinorUnits
    new_customers: int
    computed_at: Time


# --- people and settings ---------------------------------------------------------------------------------------


class Member(Shape):
    """`members/{uid}`: the role that firestore.rules read."""

    role: Role
    email: EmailStr
    name: Short
    language: Literal["en", "zh"] = "en"
    created_at: Time
    updated_at: Time
    updated_by: Id


class Audit(Shape):
    """`audit/{id}`: who changed what; append only, written in the commit of the edit."""

    at: Time
    actor: Id
    actor_name: Short
    actor_role: Role | Literal["system"]
    action: Short
    target: Short
    """Path of the document."""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    """Values; a personal value only as the word "changed"."""


class CleaningChoice(Shape):
    """What the shop decided about cleaning; see `functions/ingest/cleaning`."""

    off: Annotated[list[Short], Field(max_length=60)] = []
    """Names of the rules that do not run."""
    staff_domains: Annotated[list[Short], Field(max_length=50)] = []
    """Orders from these e-mail domains are the shop's own."""
    largest_order: dict[Currency, MinorUnits] = {}
    """By currency, the total above which an order is not believed; without one the rule's own bound holds."""


class Shop(Shape):
    """`settings/shop`."""

    name: Short
    currency: Currency | None
    """The reporting currency; null until the first real data or an owner decide it."""
    zone: Short | None
    country: Country | None = None
    rates: dict[Currency, float] = {}
    """Units of the reporting currency for one unit of the key."""
    sample: bool = False
    """True while the sample shop is loaded."""
    real: bool = False
    """True once real data came in."""
    onboarding: dict[Short, bool] = {}
    cleaning: CleaningChoice = CleaningChoice()
    updated_at: Time


class SavedView(Shape):
    """`members/{uid}/views/{id}`: written by its owner's own client."""

    page: Short
    name: Short
    query: Text
    updated_at: Time
