"""Order events of Segment's e-commerce vocabulary as parts of an order, and an order from its parts. Pure.

Completed, Updated, Refunded and Cancelled each say a part, come in any order, and come twice. An order is a function of
the set of its parts, so the same set gives the same order however it arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field

from functions.api.properties import short, shown
from schema.base import Currency, Id, MinorUnits, Shape, Short, Time
from schema.documents import OrderLine
from schema.money import CURRENCIES, to_minor

Kind = Literal["completed", "refunded", "cancelled"]
ORDER_EVENTS: dict[str, Kind] = {
    "order completed": "completed",
    "order updated": "completed",
    "order refunded": "refunded",
    "order cancelled": "cancelled",
    "order canceled": "cancelled",
}
MOST_PARTS = 60
_LARGEST = 10**13


class Base(Shape):
    """What Completed or Updated says."""

    placed_at: Time
    currency: Currency
    total: MinorUnits
    discount: MinorUnits = 0
    tax: MinorUnits = 0
    shipping: MinorUnits = 0
    codes: list[Short] = []
    lines: list[OrderLine] = []
    items: int = 0
    test: bool = False
    channel: Short


class Part(Shape):
    """One order event, by its message id."""

    kind: Kind
    version: int
    amount: MinorUnits | None = None
    """Of a refund; null: all of it."""


class TrackedOrder(Shape):
    """`trackedOrders/{hash of connection, order}`: the parts of an order known so far; nothing personal.

    The buyer is a keyed hash: what stands behind it is kept, and forgotten, with the customer alone.
    """

    base: Base | None = None
    base_rank: list[int | Short] = []
    """Version and message id of what gave `base`."""
    parts: Annotated[dict[Short, Part], Field(max_length=MOST_PARTS)] = {}
    buyer: Id | None = None
    """Customer id of the newest part's person; None while no part named one."""
    buyer_rank: list[int | Short] = []
    updated_at: Time


def order_number(properties: Mapping[str, Any]) -> str | None:
    return short(properties.get("order_id")) or short(properties.get("orderId"))


def currency_of(properties: Mapping[str, Any], fallback: str) -> str | None:
    said = str(properties.get("currency") or fallback).strip().upper()
    return said if said in CURRENCIES else None


def base_of(properties: Mapping[str, Any], currency: str, at: Any, channel: str) -> Base | None:
    """What Completed says; None where it names no amount."""
    tax, shipping = (_money(properties.get(name), currency) or 0 for name in ("tax", "shipping"))
    total = _money(properties.get("total"), currency)
    if total is None:
        # Segment: `revenue` is without tax and shipping.
        revenue = _money(properties.get("revenue"), currency)
        total = revenue + tax + shipping if revenue is not None else _money(properties.get("value"), currency)
    if total is None:
        return None
    lines, items = lines_of(properties, currency)
    code = short(properties.get("coupon"))
    return Base(
        placed_at=at,
        currency=currency,
        total=min(total, _LARGEST),
        discount=_money(properties.get("discount"), currency) or 0,
        tax=tax,
        shipping=shipping,
        codes=[code] if code else [],
        lines=lines,
        items=items,
        test=properties.get("test") is True,
        channel=channel,
    )


def refund_of(properties: Mapping[str, Any], currency: str) -> int | None:
    """What was given back: the amount named, else the products named, else None for all of it."""
    for name in ("refund", "refund_amount", "total", "revenue", "value"):
        if (amount := _money(properties.get(name), currency)) is not None:
            return amount
    lines, _ = lines_of(properties, currency)
    if lines and all(line.price is not None for line in lines):
        return min(sum((line.price or 0) * line.quantity for line in lines), _LARGEST)
    return None


def lines_of(properties: Mapping[str, Any], currency: str) -> tuple[list[OrderLine], int]:
    """Up to 100 lines, and the number of pieces over all of them."""
    products = properties.get("products")
    lines: list[OrderLine] = []
    items = 0
    for product in products if isinstance(products, list) else []:
        if not isinstance(product, Mapping):
            continue
        quantity = _quantity(product.get("quantity"))
        items += quantity
        if len(lines) < 100:
            lines.append(
                OrderLine(
                    product_id=product_of(product),
                    title=shown(product.get("name")),
                    quantity=quantity,
                    price=_money(product.get("price"), currency),
                )
            )
    return lines, min(items, 10**9)


def product_of(properties: Mapping[str, Any]) -> str | None:
    return short(properties.get("product_id")) or short(properties.get("productId")) or short(properties.get("sku"))


def with_part(held: TrackedOrder, identity: str, part: Part, base: Base | None) -> TrackedOrder:
    """The order with one more part. Adding the same part again changes nothing but the time."""
    parts = held.parts
    if identity not in parts and len(parts) < MOST_PARTS:
        parts = {**parts, identity: part}
    rank: list[int | str] = [part.version, identity]
    if base is not None and (not held.base_rank or rank > held.base_rank):
        first = (
            base
            if held.base is None
            else base.model_copy(update={"placed_at": min(base.placed_at, held.base.placed_at)})
        )
        return held.model_copy(update={"parts": parts, "base": first, "base_rank": rank})
    if base is not None and held.base is not None and base.placed_at < held.base.placed_at:
        earlier = held.base.model_copy(update={"placed_at": base.placed_at})
        return held.model_copy(update={"parts": parts, "base": earlier})
    return held.model_copy(update={"parts": parts})


def with_buyer(held: TrackedOrder, identity: str, version: int, buyer: str) -> TrackedOrder:
    """The order with the customer that a part names; the newest part's stays."""
    rank: list[int | str] = [version, identity]
    return held.model_copy(update={"buyer": buyer, "buyer_rank": rank}) if rank > held.buyer_rank else held


def folded(held: TrackedOrder) -> dict[str, Any] | None:
    """The order's fields as `OrderRecord` takes them, without its person; None while nobody has told the order.

    The version grows with every part that becomes known, also with one that happened earlier: the fuller order always
    wins over what was published before.
    """
    base = held.base
    if base is None:
        return None
    refunds = [part.amount for part in held.parts.values() if part.kind == "refunded"]
    back = base.total if None in refunds else min(base.total, sum(amount or 0 for amount in refunds))
    if any(part.kind == "cancelled" for part in held.parts.values()):
        status = "cancelled"
    elif refunds and back >= base.total:
        status = "refunded"
    else:
        status = "test" if base.test else "paid"
    return {
        "version": max(part.version for part in held.parts.values()) + len(held.parts) - 1,
        "placed_at": base.placed_at,
        "status": status,
        "currency": base.currency,
        "total": base.total,
        "discount": base.discount,
        "refunded": back,
        "lines": base.lines,
        "items": base.items,
        "channel": base.channel,
        "tax": base.tax,
        "shipping": base.shipping,
        "discount_codes": base.codes,
    }


def _money(value: Any, currency: str) -> int | None:
    """Minor units; None where it is no amount, or less than nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        amount = Decimal(str(value).strip().replace(",", ""))
        minor = to_minor(amount, currency) if amount.is_finite() else -1
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return minor if 0 <= minor <= _LARGEST else None


def _quantity(value: Any) -> int:
    if isinstance(value, bool):
        return 1
    try:
        return min(max(int(float(value)), 0), 10**6)
    except (TypeError, ValueError, OverflowError):
        return 1
