"""The simulated shop's orders and products in the Selling Partner API's own shapes (orders 2026-01-01, listings items
2021-08-01, catalog items 2022-04-01, ORDER_CHANGE 1.0).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.shops.model import Line, Order, Product, Variant, decimal, money

SELLER = "A3TIMBRESANDBOX"
STORE = "Timbre Sandbox"
MARKETS: dict[str, tuple[str, str, str, str, str]] = {
    # country: region, marketplace id, domain, currency, language
    "IN": ("eu", "A21TJRUUN4KGV", "www.amazon.in", "INR", "en_IN"),
    "US": ("na", "ATVPDKIKX0DER", "www.amazon.com", "USD", "en_US"),
}
BY_ID = {market[1]: country for country, market in MARKETS.items()}
Json = dict[str, Any]


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def amount(minor: int, currency: str) -> Json:
    return {"amount": decimal(minor, currency), "currencyCode": currency}


def order_id(number: int) -> str:
    """Amazon's 3-7-7 form."""
    return f"4{number % 100:02d}-{number:07d}-{number * 7919 % 10**7:07d}"


def order_number(text: str) -> int | None:
    parts = text.split("-")
    if len(parts) != 3 or not parts[1].isdigit() or order_id(int(parts[1])) != text:
        return None
    return int(parts[1])


def sku_of(variant_id: int, sku: str) -> str:
    """Amazon has no listing without a seller SKU."""
    return sku or f"TB-{variant_id}"


def asin_of(variant_id: int) -> str:
    return f"B0{variant_id:08d}"


def status_of(order: Order) -> str:
    if order.status == "cancelled":
        return "CANCELLED"
    if order.status == "pending":
        return "PENDING"
    return "SHIPPED" if order.shipped else "UNSHIPPED"


def order_json(order: Order, included: set[str]) -> Json:
    """An order with the data sets that were asked for."""
    region, market, domain, _, _ = MARKETS[order.marketplace]
    state = status_of(order)
    told: Json = {
        "orderId": order_id(order.id),
        "createdTime": stamp(order.placed_at),
        "lastUpdatedTime": stamp(order.updated_at),
        "programs": ["PRIME"] if order.id % 4 == 0 else [],
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": market,
            "marketplaceName": domain.removeprefix("www.").capitalize(),
        },
        "orderItems": [_item(order, line, state, included) for line in order.lines],
    }
    if "BUYER" in included:
        relay = hashlib.sha256(str(order.id).encode()).hexdigest()[:15]
        told["buyer"] = {
            "buyerName": f"{order.billing.first} {order.billing.last}",
            "buyerEmail": f"{relay}@marketplace.{domain.removeprefix('www.')}",
        }
    if "RECIPIENT" in included:
        told["recipient"] = {
            "deliveryAddress": {
                "name": f"{order.shipping_to.first} {order.shipping_to.last}",
                "addressLine1": order.shipping_to.line1,
                "city": order.shipping_to.city,
                "postalCode": order.shipping_to.postcode,
                "countryCode": order.shipping_to.country,
            }
        }
    if "PROCEEDS" in included and state not in ("CANCELLED", "PENDING"):
        item = order.subtotal - (order.tax if order.taxes_included else 0)
        parts = {"ITEM": item, "TAX": order.tax, "SHIPPING": order.shipping, "DISCOUNT": -order.discount}
        told["proceeds"] = {
            "grandTotal": amount(order.total, order.currency),
            "breakdowns": [{"type": k, "subtotal": amount(v, order.currency)} for k, v in parts.items() if v],
        }
    if "FULFILLMENT" in included:
        told["fulfillment"] = {
            "fulfillmentStatus": state,
            "fulfilledBy": "AMAZON" if order.id % 3 == 0 else "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {
                "earliestDateTime": stamp(order.placed_at),
                "latestDateTime": stamp(order.placed_at + timedelta(days=2)),
            },
        }
    return told


def _item(order: Order, line: Line, state: str, included: set[str]) -> Json:
    told: Json = {
        "orderItemId": f"{line.id:014d}",
        "quantityOrdered": 0 if state == "CANCELLED" else line.quantity,
        "programs": [],
        "product": {
            "asin": asin_of(line.variant_id),
            "title": f"{line.title}, {line.variant_title}",
            "sellerSku": sku_of(line.variant_id, line.sku),
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW", "conditionNote": ""},
        },
    }
    if state not in ("CANCELLED", "PENDING"):
        told["product"]["price"] = {"unitPrice": amount(line.price, order.currency)}
        if "PROCEEDS" in included:
            paid = line.price * line.quantity - line.discount + (0 if order.taxes_included else line.tax)
            told["proceeds"] = {"proceedsTotal": amount(paid, order.currency)}
    if "CANCELLATION" in included and state == "CANCELLED":
        told["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "Changed mind"}}
    if "FULFILLMENT" in included:
        done = line.quantity if state == "SHIPPED" else 0
        told["fulfillment"] = {"quantityFulfilled": done, "quantityUnfulfilled": told["quantityOrdered"] - done}
    return told


def listings(product: Product) -> Iterator[tuple[str, Product, Variant]]:
    for variant in product.variants:
        yield sku_of(variant.id, variant.sku), product, variant


def listing_json(sku: str, product: Product, variant: Variant, country: str, included: set[str]) -> Json:
    region, market, _, currency, _ = MARKETS[country]
    sold = product.status == "active"
    told: Json = {"sku": sku}
    if "summaries" in included:
        status = (["BUYABLE"] if variant.stock else []) + ["DISCOVERABLE"] if sold else []
        summary: Json = {
            "marketplaceId": market,
            "asin": asin_of(variant.id),
            "productType": "PRODUCT",
            "conditionType": "new_new",
            "status": status,
            "itemName": f"{product.title}, {variant.title}",
            "createdDate": stamp(product.created_at),
            "lastUpdatedDate": stamp(product.updated_at),
        }
        if product.images:
            summary["mainImage"] = {"link": product.images[0], "height": 500, "width": 500}
        told["summaries"] = [summary]
    if "offers" in included:
        price = amount(money(variant.price, currency), currency)
        told["offers"] = [{"marketplaceId": market, "offerType": "B2C", "price": price}] if sold else []
    if "fulfillmentAvailability" in included:
        by_amazon = product.id % 3 == 0
        own: Json = {"fulfillmentChannelCode": "DEFAULT", "quantity": variant.stock}
        told["fulfillmentAvailability"] = [{"fulfillmentChannelCode": f"AMAZON_{country}"} if by_amazon else own]
    return told


def catalog_json(product: Product, variant: Variant, country: str, included: set[str]) -> Json:
    market = MARKETS[country][1]
    told: Json = {"asin": asin_of(variant.id)}
    if "summaries" in included:
        told["summaries"] = [
            {
                "marketplaceId": market,
                "brand": product.vendor,
                "itemClassification": "BASE_PRODUCT",
                "itemName": f"{product.title}, {variant.title}",
                "browseClassification": {
                    "displayName": product.kind,
                    "classificationId": str(10**6 + sum(map(ord, product.kind))),
                },
            }
        ]
    return told


def change_json(order: Order, at: datetime, number: str, application: str, subscription: str) -> Json:
    """One ORDER_CHANGE notification."""
    state = {"UNSHIPPED": "Unshipped", "SHIPPED": "Shipped", "CANCELLED": "Canceled", "PENDING": "Pending"}
    shipped = sum(line.quantity for line in order.lines) if order.shipped else 0
    told: Json = {
        "NotificationLevel": "OrderLevel",
        "SellerId": SELLER,
        "AmazonOrderId": order_id(order.id),
        "OrderChangeType": "OrderStatusChange",
        "OrderChangeTrigger": {"TimeOfOrderChange": stamp(order.updated_at), "ChangeReason": "OrderStatusChange"},
        "Summary": {
            "MarketplaceId": MARKETS[order.marketplace][1],
            "OrderStatus": state[status_of(order)],
            "PurchaseDate": stamp(order.placed_at),
            "DestinationPostalCode": order.shipping_to.postcode,
            "FulfillmentType": "AFN" if order.id % 3 == 0 else "MFN",
            "OrderType": "StandardOrder",
            "NumberOfItemsShipped": shipped,
            "NumberOfItemsUnshipped": sum(line.quantity for line in order.lines) - shipped,
            "OrderItems": [
                {
                    "OrderItemId": f"{line.id:014d}",
                    "SellerSKU": sku_of(line.variant_id, line.sku),
                    "SupplySourceId": None,
                    "Quantity": line.quantity,
                    "QuantityShipped": line.quantity if order.shipped else 0,
                }
                for line in order.lines
            ],
        },
    }
    return {
        "NotificationVersion": "1.0",
        "NotificationType": "ORDER_CHANGE",
        "PayloadVersion": "1.0",
        "EventTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "Payload": {"OrderChangeNotification": told},
        "NotificationMetadata": {
            "ApplicationId": application,
            "SubscriptionId": subscription,
            "PublishTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "NotificationId": number,
        },
    }
