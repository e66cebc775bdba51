"""The simulated shop's orders and products in the shapes of Flipkart's Seller API v3: an order as its shipments."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from sandbox.shops.model import Line, Order, Product, Variant, money

IST = timezone(timedelta(hours=5, minutes=30))
LOCATION = "LOC" + "5a0db0c5" * 4
SELLER = "7b0a9c3e1f2d4a58"
SENT, DELIVERED = timedelta(0), timedelta(days=3)
CANCELLERS = ("sellerCancellation", "buyerCancellation", "marketplaceCancellation")
Json = dict[str, Any]


def stamp(at: datetime) -> str:
    """In Indian time, as Flipkart writes it."""
    return at.astimezone(IST).isoformat(timespec="milliseconds")


def rupees(minor: int) -> int | float:
    return minor // 100 if minor % 100 == 0 else minor / 100


def order_id(number: int) -> str:
    return f"OD{number:018d}"


def sku_of(variant_id: int, sku: str) -> str:
    return sku or f"TB-{variant_id}"


def fsn_of(variant_id: int) -> str:
    return f"FSN{variant_id:013d}"


def canceller(order: Order) -> str:
    return CANCELLERS[order.id % 3]


def parts_of(order: Order) -> list[tuple[str, tuple[Line, ...]]]:
    """Shipment id and lines: every third order with several lines goes out in one parcel a line."""
    if order.id % 3 == 0 and len(order.lines) > 1:
        return [(f"{order.id}-{place}", (line,)) for place, line in enumerate(order.lines, 1)]
    return [(f"{order.id}-1", order.lines)]


def undelivered(order: Order) -> bool:
    """Whether what came back was never delivered."""
    return order.status == "refunded" and order.id % 5 == 0


def state_of(order: Order, line: Line, now: datetime) -> str:
    if order.status == "cancelled":
        return "CANCELLED"
    back = sum(count for refund in order.refunds for number, count in refund.lines if number == line.id)
    if back >= line.quantity:
        return "RETURNED"
    if not order.shipped:
        return "APPROVED"
    return "DELIVERED" if now - order.placed_at >= DELIVERED else "SHIPPED"


def shipment_json(order: Order, number: str, lines: tuple[Line, ...], now: datetime) -> Json:
    return {
        "shipmentId": number,
        "dispatchByDate": stamp(order.placed_at + timedelta(days=2)),
        "dispatchAfterDate": stamp(order.placed_at),
        "updatedAt": stamp(order.updated_at),
        "locationId": LOCATION,
        "hold": False,
        "mps": len(parts_of(order)) > 1,
        "packagingPolicy": "DEFAULT",
        "subShipments": [{"subShipmentId": "SS-1", "packages": []}],
        "orderItems": [_item(order, line, now) for line in lines],
        "forms": [],
        "shipmentType": "NORMAL",
    }


def _item(order: Order, line: Line, now: datetime) -> Json:
    sold = line.price * line.quantity - line.discount
    shipping = order.shipping if line is order.lines[0] else 0
    state = state_of(order, line, now)
    told: Json = {
        "orderItemId": f"{line.id:016d}",
        "orderId": order_id(order.id),
        "cancellationGroupId": f"grp{line.id:016d}",
        "orderDate": stamp(order.placed_at),
        "paymentType": "COD" if order.id % 2 else "PREPAID",
        "status": state,
        "quantity": line.quantity,
        "fsn": fsn_of(line.variant_id),
        "sku": sku_of(line.variant_id, line.sku),
        "listingId": f"LST{fsn_of(line.variant_id)}",
        "hsn": "6109",
        "title": f"{line.title}, {line.variant_title}",
        "packageIds": [],
        "priceComponents": {
            "sellingPrice": rupees(sold),
            "totalPrice": rupees(sold + shipping),
            "shippingCharge": rupees(shipping),
            "customerPrice": rupees(sold),
            "flipkartDiscount": 0,
        },
        "serviceProfile": "NON_FBF",
        "is_replacement": False,
    }
    if state == "CANCELLED":
        told["cancellationDate"] = stamp(order.cancelled_at or order.updated_at)
        told["cancellationReason"] = "changed_mind"
    if state == "RETURNED" and undelivered(order):
        told["courierReturn"] = True
    return told


def returns_json(order: Order) -> list[tuple[str, datetime, Json]]:
    """What came back: source, time of change, the return item."""
    source = "courier_return" if undelivered(order) else "customer_return"
    shipments = {line.id: number for number, lines in parts_of(order) for line in lines}
    quantities = {line.id: line for line in order.lines}
    return [
        (
            source,
            refund.at,
            {
                "returnId": f"{refund.id}{number}", "orderItemId": f"{number:016d}", "orderId": order_id(order.id),
                "shipmentId": shipments[number], "locationId": LOCATION, "sellerId": SELLER, "quantity": count,
                "orderDate": stamp(order.placed_at), "createdDate": stamp(refund.at), "updatedDate": stamp(refund.at),
                "courierName": "ekart", "status": "completed", "type": source, "reason": "NOT_AS_EXPECTED",
                "subReason": "", "trackingId": f"TRK{refund.id}", "shipmentStatus": "delivered", "comments": "",
                "serviceProfile": "NON_FBF",
            },
        )
        for refund in order.refunds
        for number, count in refund.lines
        if number in quantities
    ]  # fmt: skip


def listing_json(product: Product, variant: Variant) -> Json:
    """Prices are whole rupees here."""
    selling = round(money(variant.price, "INR") / 100)
    mrp = round(money(variant.compare_at or variant.price, "INR") / 100)
    fsn = fsn_of(variant.id)
    return {
        "listing_id": f"LST{fsn}",
        "product_id": fsn,
        "price": {"mrp": max(mrp, selling), "selling_price": selling, "currency": "INR"},
        "tax": {"hsn": "6109", "tax_code": "GST_18"},
        "listing_status": "ACTIVE" if product.status == "active" else "INACTIVE",
        "shipping_fees": {"local": 40, "zonal": 60, "national": 80, "currency": "INR"},
        "fulfillment_profile": "NON_FBF",
        "packages": [],
        "locations": [{"id": LOCATION, "status": "ENABLED", "inventory": variant.stock}],
        "archived_status": "NONE",
    }
