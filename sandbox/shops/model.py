"""What the simulated shop holds. Everything is immutable: a change puts a new object in the old one's place, so that a
reader never sees half of a change. Money is integer minor units; times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Platform = Literal["shopify", "woo", "amazon", "flipkart"]
PLATFORMS: tuple[Platform, ...] = ("shopify", "woo", "amazon", "flipkart")
Thing = Literal["products", "customers", "orders", "carts", "reviews"]
THINGS: tuple[Thing, ...] = ("products", "customers", "orders", "carts", "reviews")
Marketing = Literal["subscribed", "unsubscribed", "not_subscribed", "pending"]
OrderStatus = Literal["pending", "paid", "partially_refunded", "refunded", "cancelled"]

SHOP_CURRENCY = "USD"
RATES = {"USD": 1.0, "EUR": 0.92, "GBP": 0.79, "CNY": 7.2, "INR": 83.0, "JPY": 150.0}
"""Units of a currency for one US dollar; fixed, so that sums can be checked by hand."""


@dataclass(frozen=True, slots=True)
class Variant:
    id: int
    sku: str
    title: str
    price: int
    """In the shop's currency."""
    compare_at: int | None
    stock: int


@dataclass(frozen=True, slots=True)
class Product:
    id: int
    title: str
    kind: str
    """Category, as the shop names it."""
    vendor: str
    handle: str
    description: str
    images: tuple[str, ...]
    variants: tuple[Variant, ...]
    status: Literal["active", "draft"]
    asin: str
    fsn: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    first: str
    last: str
    line1: str
    line2: str
    city: str
    province: str
    postcode: str
    country: str
    phone: str


@dataclass(frozen=True, slots=True)
class Consent:
    """Marketing consent for one channel, as the shop stored it."""

    state: Marketing
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Customer:
    id: int
    first: str
    """As typed: with odd whitespace and HTML entities in some."""
    last: str
    email: str | None
    phone: str | None
    """As typed: E.164 mostly, in local form for some."""
    addresses: tuple[Address, ...]
    locale: str
    email_consent: Consent
    sms_consent: Consent
    platforms: frozenset[Platform]
    """Where this person has an account (with the same id and e-mail at each)."""
    tags: tuple[str, ...]
    note: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    product_id: int
    variant_id: int
    sku: str
    title: str
    variant_title: str
    quantity: int
    price: int
    """Of one unit, in the order's currency, before discounts."""
    discount: int
    """Of the whole line."""
    tax: int


@dataclass(frozen=True, slots=True)
class Refund:
    id: int
    at: datetime
    amount: int
    note: str
    lines: tuple[tuple[int, int], ...]
    """(line id, quantity)."""


@dataclass(frozen=True, slots=True)
class Order:
    id: int
    platform: Platform
    number: int
    """Human number, counted by storefront."""
    customer_id: int | None
    """None for a guest (and always at Amazon and Flipkart)."""
    email: str | None
    phone: str | None
    billing: Address
    shipping_to: Address
    currency: str
    """What the buyer paid in."""
    lines: tuple[Line, ...]
    codes: tuple[str, ...]
    discount: int
    """All discounts, as a positive amount."""
    shipping: int
    tax: int
    taxes_included: bool
    total: int
    """What the buyer paid, tax and shipping included, before refunds."""
    status: OrderStatus
    test: bool
    staff: bool
    refunds: tuple[Refund, ...]
    marketplace: str
    """Country of the Amazon marketplace ("US", "IN"); "IN" at Flipkart, "" elsewhere."""
    locale: str
    shipped: bool
    placed_at: datetime
    cancelled_at: datetime | None
    updated_at: datetime

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds)

    @property
    def subtotal(self) -> int:
        """Lines before discounts."""
        return sum(line.price * line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Cart:
    """A checkout that was begun (Shopify only: the other platforms do not tell)."""

    id: int
    platform: Platform
    token: str
    customer_id: int | None
    email: str | None
    currency: str
    lines: tuple[Line, ...]
    total: int
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    order_id: int | None


@dataclass(frozen=True, slots=True)
class Review:
    """A product review (WooCommerce only)."""

    id: int
    platform: Platform
    product_id: int
    customer_id: int | None
    reviewer: str
    email: str
    rating: int
    text: str
    """With the HTML that the shop's editor adds."""
    verified: bool
    created_at: datetime
    updated_at: datetime


Anything = Product | Customer | Order | Cart | Review


@dataclass(frozen=True, slots=True)
class Change:
    """Something happened to one thing. `action`: created, updated, deleted, or a name that only one platform knows
    (paid, cancelled, refunded, email_consent, sms_consent, merged, data_request, redact, shop_redact, uninstalled).
    """

    thing: Thing | Literal["shop"]
    action: str
    id: int
    at: datetime
    platforms: frozenset[Platform]
    """The storefronts that see it."""
    before: Anything | None = None
    """The thing as it was, for deletions and price changes."""
    data: Mapping[str, object] = field(default_factory=dict)


def money(usd: int, currency: str) -> int:
    """Minor units of a currency for cents; yen have no minor unit."""
    if currency == SHOP_CURRENCY:
        return usd
    units = usd * RATES[currency]
    return round(units / 100) if currency == "JPY" else round(units)


def to_shop(minor: int, currency: str) -> int:
    """Cents for minor units of a currency."""
    if currency == SHOP_CURRENCY:
        return minor
    return round(minor * (100 if currency == "JPY" else 1) / RATES[currency])


def decimal(minor: int, currency: str) -> str:
    """An amount as the platforms write it: `19.90`, yen without decimals."""
    if currency == "JPY":
        return str(minor)
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"
