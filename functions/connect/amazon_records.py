"""Amazon's orders and listings as our records. Nothing personal is read: it is not even asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from functions.connect.amazon_market import Market
from functions.connect.calling import link, moment, readable, short
from functions.connect.storefront import Access
from schema.clock import milliseconds
from schema.documents import OrderLine
from schema.money import to_minor
from schema.records import OrderRecord, ProductRecord, Record

INCLUDED = "PROCEEDS,CANCELLATION,FULFILLMENT"
"""Data sets of an order that are asked for. Never BUYER, RECIPIENT, PACKAGES, PAYMENT or TAX: they are personal."""
_UNPAID = {"PENDING", "PENDING_AVAILABILITY"}
_ENDED = {"CANCELLED", "UNFULFILLABLE"}


def order_records(orders: Iterable[Mapping[str, Any]], market: Market, access: Access) -> list[Record]:
    """The orders that can be read and count."""
    made = (readable("order", access, order_record, order, market) for order in orders)
    return [record for record in made if record]


def order_record(order: Mapping[str, Any], market: Market) -> OrderRecord | None:
    """An order; None where there is nothing to count: not paid yet, another marketplace, or an order of another shop
    that Amazon only delivers (it is counted where it was placed).
    """
    channel = order["salesChannel"]
    if channel.get("channelName") != "AMAZON" or channel.get("marketplaceId", market.id) != market.id:
        return None
    state = (order.get("fulfillment") or {}).get("fulfillmentStatus")
    if state in _UNPAID:
        return None
    items = order.get("orderItems") or []
    proceeds = order.get("proceeds") or {}
    amount = proceeds.get("grandTotal")
    parts = [item["proceeds"]["proceedsTotal"] for item in items if (item.get("proceeds") or {}).get("proceedsTotal")]
    currency = _currency(amount, *parts, *(_unit(item) for item in items))
    ended = state in _ENDED
    if currency is None and not ended:
        return None
    currency = currency or _OWN_MONEY[market.country]
    total = _minor(amount, currency) if amount else sum(_minor(part, currency) for part in parts)
    return OrderRecord(
        version=milliseconds(moment(order["lastUpdatedTime"])),
        id=order["orderId"],
        person=None,
        placed_at=moment(order["createdTime"]),
        status="cancelled" if ended else "paid",
        currency=currency,
        total=max(0, total),
        discount=_broken_down(proceeds, "DISCOUNT", currency),
        tax=_broken_down(proceeds, "TAX", currency),
        shipping=_broken_down(proceeds, "SHIPPING", currency),
        lines=[_line(item, currency) for item in items[:100]],
        items=sum(int(item.get("quantityOrdered") or 0) for item in items),
        channel="storefront",
    )


def _line(item: Mapping[str, Any], currency: str) -> OrderLine:
    product = item.get("product") or {}
    unit = _unit(item)
    return OrderLine(
        product_id=short(product.get("sellerSku")) or short(product.get("asin")),
        title=short(product.get("title")),
        quantity=int(item.get("quantityOrdered") or 0),
        price=_minor(unit, currency) if unit else None,
    )


def _unit(item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = ((item.get("product") or {}).get("price") or {}).get("unitPrice")
    return found


def _broken_down(proceeds: Mapping[str, Any], kind: str, currency: str) -> int:
    """The sum of one kind of breakdown as a positive amount: Amazon writes discounts below zero."""
    parts = [part["subtotal"] for part in proceeds.get("breakdowns") or [] if part.get("type") == kind]
    return abs(sum(_minor(part, currency) for part in parts))


def product_record(item: Mapping[str, Any], market: Market, categories: Mapping[str, str]) -> ProductRecord | None:
    """A listing; None where it has no summary in this marketplace.

    Args:
        categories: name of the browse category by ASIN.
    """
    summary = next((s for s in item.get("summaries") or [] if s.get("marketplaceId") == market.id), None)
    if summary is None:
        return None
    offers = [o for o in item.get("offers") or [] if o.get("marketplaceId") == market.id and o.get("price")]
    offer = next((o for o in offers if o.get("offerType") == "B2C"), None)
    currency = _currency(offer["price"]) if offer else None
    stocks = [f["quantity"] for f in item.get("fulfillmentAvailability") or [] if f.get("quantity") is not None]
    asin = summary.get("asin")
    return ProductRecord(
        version=milliseconds(moment(summary["lastUpdatedDate"])),
        id=str(item["sku"])[:200],
        title=short(summary.get("itemName")),
        category=short(categories.get(asin or "")),
        price=_minor(offer["price"], currency) if offer and currency else None,
        currency=currency,
        stock=sum(stocks) if stocks else None,
        image=link((summary.get("mainImage") or {}).get("link")),
        url=f"https://www.{market.host}/dp/{asin}" if asin else None,
        skus=[str(item["sku"])[:200]],
        status="active" if "BUYABLE" in (summary.get("status") or []) else "hidden",
    )


def categories_of(found: Mapping[str, Any], market: Market) -> dict[str, str]:
    """Name of the browse category by ASIN, out of an answer of searchCatalogItems."""
    names: dict[str, str] = {}
    for item in found.get("items") or []:
        for summary in item.get("summaries") or []:
            name = (summary.get("browseClassification") or {}).get("displayName")
            if name and summary.get("marketplaceId") == market.id:
                names[item["asin"]] = name
    return names


def _currency(*amounts: Mapping[str, Any] | None) -> str | None:
    return next((str(a["currencyCode"]) for a in amounts if a), None)


def _minor(amount: Mapping[str, Any], currency: str) -> int:
    """Minor units. An amount of another currency or one that is no number counts as nothing: it cannot be added."""
    if amount.get("currencyCode") != currency:
        return 0
    try:
        return to_minor(Decimal(str(amount["amount"])), currency)
    except (InvalidOperation, KeyError):
        return 0


_OWN_MONEY = {
    "US": "USD", "CA": "CAD", "MX": "MXN", "BR": "BRL", "GB": "GBP", "SE": "SEK", "ZA": "ZAR", "PL": "PLN", "EG": "EGP",
    "TR": "TRY", "SA": "SAR", "AE": "AED", "IN": "INR", "SG": "SGD", "AU": "AUD", "JP": "JPY",
    **dict.fromkeys(("IE", "ES", "FR", "BE", "NL", "DE", "IT"), "EUR"),
}  # fmt: skip
"""For a cancelled order, which carries no amounts at all."""
