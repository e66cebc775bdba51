"""The base of every document and message: camelCase outside, snake_case inside, closed against unknown fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

Role = Literal["owner", "admin", "marketer", "analyst", "support"]
ROLES: tuple[Role, ...] = ("owner", "admin", "marketer", "analyst", "support")
Channel = Literal["email", "sms", "push", "in_app", "wechat", "webhook"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push", "in_app", "wechat", "webhook")
RecordKind = Literal["customer", "order", "feedback", "product", "event", "cart", "deleted", "link"]
Platform = Literal["csv", "sample", "shopify", "woocommerce", "amazon", "flipkart", "tracking", "pos", "wechat"]

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Short = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Time = AwareDatetime
MinorUnits = Annotated[int, Field(ge=-(10**15), le=10**15)]
"""Money in the currency's smallest unit (cents for USD, yen for JPY)."""


class Shape(BaseModel):
    """A shape with camelCase field names on the wire; unknown fields are refused, strings are trimmed."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", str_strip_whitespace=True, frozen=True
    )

    def to_doc(self) -> dict[str, Any]:
        """The Firestore form: camelCase keys, datetimes kept, every field present (null where unknown)."""
        return self.model_dump(by_alias=True)

    def to_json(self) -> dict[str, Any]:
        """The message form: camelCase keys, times as RFC 3339 text."""
        return self.model_dump(by_alias=True, mode="json")


class Localized(Shape):
    """A text in both languages of the console."""

    en: Short
    zh: Short
