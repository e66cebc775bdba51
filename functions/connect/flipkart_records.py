"""Flipkart's shipments and listings as our records. An order is all shipments of one order id; it has no buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from functions.connect.calling import moment, short
from schema.clock import milliseconds
from schema.documents import OrderLine
from schema.money import to_minor
from schema.records import OrderRecord, ProductRecord

CURRENCY = "INR"
"""Flipkart sells in rupees only; amounts come as numbers of rupees, without a currency."""


def order_ids(shipments: Iterable[Mapping[str, Any]]) -> list[str]:
    """The orders that the shipments belong to, each once, in the order of appearance."""
    return list(dict.fromkeys(item["orderId"] for s in shipments for item in s.get("orderItems") or []))


def order_record(order_id: str, shipments: Sequence[Mapping[str, Any]]) -> OrderRecord | None:
    """One order of all its shipments; None where none carries it.

    A cancelled item was not sold: it counts neither in the total nor among the lines, unless everything was cancelled.
    A parcel that came back to the seller undelivered counts as cancelled, a return by the buyer as refunded.
    """
    parts = [s for s in shipments if any(item["orderId"] == order_id for item in s.get("orderItems") or [])]
    items = {
        str(item["orderItemId"]): item
        for s in sorted(parts, key=lambda s: (_updated(s), str(s["shipmentId"])))
        for item in s.get("orderItems") or []
        if item["orderId"] == order_id
    }
    if not items:
        return None
    every = [items[number] for number in sorted(items)]
    sold = [item for item in every if not _unsold(item)]
    counted = sold or every
    total = sum(_paid(item) for item in counted)
    refunded = sum(_paid(item) for item in sold if item.get("status") == "RETURNED")
    status: Literal["paid", "refunded", "cancelled"] = "paid" if sold else "cancelled"
    if refunded and refunded >= total:
        status = "refunded"
    return OrderRecord(
        version=max(milliseconds(moment(_updated(s))) for s in parts),
        id=order_id,
        person=None,
        placed_at=min(moment(item["orderDate"]) for item in every),
        status=status,
        currency=CURRENCY,
        total=total,
        refunded=refunded,
        shipping=sum(_amount(item, "shippingCharge") for item in counted),
        lines=[_line(item) for item in counted[:100]],
        items=sum(_quantity(item) for item in counted),
        channel="storefront",
    )


def _unsold(item: Mapping[str, Any]) -> bool:
    returned = item.get("status") == "RETURNED" and bool(item.get("courierReturn"))
    return item.get("status") == "CANCELLED" or returned


def _line(item: Mapping[str, Any]) -> OrderLine:
    quantity = _quantity(item)
    price = _amount(item, "customerPrice") or _amount(item, "sellingPrice")
    return OrderLine(
        product_id=short(item.get("sku")) or short(item.get("fsn")),
        title=short(item.get("title")),
        quantity=quantity,
        price=price // quantity if quantity and price else None,
    )


def _quantity(item: Mapping[str, Any]) -> int:
    return int(item.get("quantity") or 0)


def _paid(item: Mapping[str, Any]) -> int:
    """What the buyer paid for the item with its shipping: `totalPrice`, else the parts. A replacement is sent for
    nothing: its money is in the order that it replaces.
    """
    if item.get("is_replacement"):
        return 0
    return _amount(item, "totalPrice") or _amount(item, "customerPrice") + _amount(item, "shippingCharge")


def _amount(item: Mapping[str, Any], name: str) -> int:
    value = (item.get("priceComponents") or {}).get(name)
    return max(0, to_minor(Decimal(str(value)), CURRENCY)) if isinstance(value, int | float) else 0


def _updated(shipment: Mapping[str, Any]) -> str:
    return str(shipment["updatedAt"])


def product_record(sku: str, listing: Mapping[str, Any], version: int) -> ProductRecord:
    """A listing. Flipkart says neither its title nor when it changed: the version is the time of reading, in ms."""
    price = listing.get("price") or {}
    currency = price.get("currency") or CURRENCY
    stocks = [place["inventory"] for place in listing.get("locations") or [] if place.get("inventory") is not None]
    selling, mrp = price.get("selling_price"), price.get("mrp")
    active = listing.get("listing_status") == "ACTIVE" and listing.get("archived_status") != "ARCHIVED"
    return ProductRecord(
        version=version,
        id=sku,
        price=to_minor(Decimal(selling), currency) if selling is not None else None,
        currency=currency,
        compare_at=to_minor(Decimal(mrp), currency) if mrp and selling is not None and mrp > selling else None,
        stock=sum(stocks) if stocks else None,
        skus=[sku],
        status="active" if active else "hidden",
    )  # fmt: skip
