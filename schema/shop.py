"""Documents of the whole shop: figures, members, the audit, settings, saved views."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import EmailStr, Field

from schema.base import (
    Channel,
    Country,
    Currency,
    Id,
    MinorUnits,
    Role,
    Shape,
    Short,
    Text,
    Time,
)


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
