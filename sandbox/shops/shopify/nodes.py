"""The shop's things in the shape of Shopify's GraphQL types: plain values, and functions of the arguments for
connections. Scalars are in their wire form already, so that a page and a bulk file cannot differ.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from graphql import GraphQLError

from sandbox.shops.index import By
from sandbox.shops.model import (
    SHOP_CURRENCY,
    Address,
    Cart,
    Consent,
    Customer,
    Line,
    Order,
    Product,
    Thing,
    Variant,
    decimal,
    to_shop,
)
from sandbox.shops.shop import SimulatedShop

Node = dict[str, Any]
Arguments = Mapping[str, Any]
COUNTRIES = {
    "US": "United States",
    "GB": "United Kingdom",
    "DE": "Germany",
    "CN": "China",
    "IN": "India",
    "JP": "Japan",
}
MOST = 250
"""Things in one page, at most."""
RECENT = timedelta(days=60)
"""How far back orders go without the scope read_all_orders."""


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def number(text: str, kind: str) -> int | None:
    found = re.fullmatch(rf"gid://shopify/{kind}/(\d+)", text)
    return int(found[1]) if found else None


def when(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def bag(minor: int, currency: str) -> Node:
    """An amount in what the buyer paid in, and in the shop's own currency."""
    return {
        "presentmentMoney": {"amount": decimal(minor, currency), "currencyCode": currency},
        "shopMoney": {"amount": decimal(to_shop(minor, currency), SHOP_CURRENCY), "currencyCode": SHOP_CURRENCY},
    }


def cursor(place: tuple[int, int]) -> str:
    return base64.b64encode(json.dumps({"last_id": place[1], "last_value": place[0]}).encode()).decode()


def place(text: str) -> tuple[int, int]:
    try:
        found = json.loads(base64.b64decode(text))
        return int(found["last_value"]), int(found["last_id"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise GraphQLError("Invalid cursor for current pagination sort.") from wrong


def size(arguments: Arguments) -> int:
    """How many are asked for. Raises GraphQLError like Shopify where that is missing or too much."""
    first, last = arguments.get("first"), arguments.get("last")
    if (first is None) == (last is None):
        raise GraphQLError("you must provide one of first or last")
    asked = int(first if first is not None else last)  # type: ignore[arg-type]
    if not 0 < asked <= MOST:
        raise GraphQLError(f"Argument 'first' on Field has an invalid value ({asked}). Expected at most {MOST}.")
    return asked


def connection(
    found: Sequence[tuple[tuple[int, int], Any]], more: bool, before: bool, make: Callable[[Any], Node]
) -> Node:
    nodes = [make(thing) for _, thing in found]
    cursors = [cursor(where) for where, _ in found]
    return {
        "nodes": nodes,
        "edges": [{"cursor": at, "node": node} for at, node in zip(cursors, nodes, strict=True)],
        "pageInfo": {
            "hasNextPage": more, "hasPreviousPage": before, "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }  # fmt: skip


def listed(things: Sequence[Any], make: Callable[[Any], Node]) -> Callable[[Arguments], Node]:
    """A connection over a short list that the thing itself holds."""

    def page(arguments: Arguments) -> Node:
        start = place(arguments["after"])[0] + 1 if arguments.get("after") else 0
        part = things[start : start + size(arguments)]
        found = [((start + step, start + step), thing) for step, thing in enumerate(part)]
        return connection(found, start + len(part) < len(things), start > 0, make)

    page.whole = lambda: [make(thing) for thing in things]  # type: ignore[attr-defined]
    return page


class Search:
    """Shopify's search syntax as far as clients of a sync need it: bounds on times, ids, states."""

    _term = re.compile(r"""(\w+):\s*(>=|<=|>|<)?\s*('[^']*'|"[^"]*"|[^\s)]+)""")

    def __init__(self, text: str | None) -> None:
        self.bounds: dict[str, dict[str, datetime]] = {}
        self.ids: set[int] = set()
        self.words: dict[str, str] = {}
        for field, sign, quoted in self._term.findall(text or ""):
            value = quoted.strip("'\"")
            if field in ("updated_at", "created_at", "processed_at"):
                at = datetime.fromisoformat(value.replace("Z", "+00:00"))
                self.bounds.setdefault(field, {})[sign or "="] = at
            elif field == "id" and value.isdigit() and not sign:
                self.ids.add(int(value))
            else:
                self.words[field] = value

    def span(self, field: str) -> tuple[datetime | None, datetime | None]:
        """Inclusive bounds; times are whole seconds, so "more than" is one second later."""
        signs, second = self.bounds.get(field, {}), timedelta(seconds=1)
        low = signs.get(">=") or signs.get("=") or (signs[">"] + second if ">" in signs else None)
        high = signs.get("<=") or signs.get("=") or (signs["<"] - second if "<" in signs else None)
        return low, high


class Nodes:
    """Makes nodes of one shop, as one app may see them."""

    def __init__(self, shop: SimulatedShop, host: str, personal: bool, scopes: frozenset[str]) -> None:
        """Args:
        personal: whether the app has access to protected customer data; without it such fields are null.
        """
        self.shop, self.host, self.personal, self.scopes = shop, host, personal, scopes

    # --- lists ---

    def many(self, thing: Thing, make: Callable[[Any], Node]) -> Callable[[Arguments], Node]:
        def page(arguments: Arguments) -> Node:
            asked = size(arguments)
            search = Search(arguments.get("query"))
            if search.ids:
                found = [((i, i), self.shop.get(thing, i, "shopify")) for i in sorted(search.ids)]
                return connection([pair for pair in found if pair[1] is not None][:asked], False, False, make)
            by, low, high = self._bounds(thing, arguments.get("sortKey"), search)
            after = place(arguments["after"]) if arguments.get("after") else None
            reverse = bool(arguments.get("reverse")) != (arguments.get("last") is not None)
            rows: list[Any] = []
            at = after
            while len(rows) <= asked and (
                read := self.shop.page(thing, "shopify", by, MOST, at, low, high, 0, reverse)
            ):
                rows += self._fitting(thing, by, search, read)
                at = read[-1][0]
            more = len(rows) > asked
            rows = rows[:asked]
            if arguments.get("last") is not None:
                return connection(rows[::-1], False, more, make)
            return connection(rows, more, after is not None, make)

        page.whole = lambda query=None: self._all(thing, make, query)  # type: ignore[attr-defined]
        return page

    def _all(self, thing: Thing, make: Callable[[Any], Node], query: str | None) -> Any:
        """Every one, for a bulk operation: read page by page, so that it takes no memory."""
        by, low, high = self._bounds(thing, None, Search(query))
        after = None
        while rows := self.shop.page(thing, "shopify", by, MOST, after, since=low, until=high):
            yield from (make(one) for _, one in rows)
            after = rows[-1][0]

    def _bounds(self, thing: Thing, sort: str | None, search: Search) -> tuple[By, datetime | None, datetime | None]:
        by: By = "updated" if sort == "UPDATED_AT" else "created" if sort in ("CREATED_AT", "PROCESSED_AT") else "id"
        if sort is None and search.bounds:
            by = "updated" if "updated_at" in search.bounds else "created"
        low = high = None
        if by != "id":
            low, high = search.span("updated_at" if by == "updated" else "created_at")
        if thing == "orders" and "read_all_orders" not in self.scopes:
            # Orders are made in the order of their ids; without the scope only the recent ones exist.
            floor = self.shop.now() - RECENT
            if by != "updated":
                by, low = "created", max(low, floor) if low else floor
        return by, low, high

    def _fitting(self, thing: Thing, by: By, search: Search, rows: list[Any]) -> list[Any]:
        """Rows that also meet the bounds on the time that the list is not sorted by."""
        other = "created_at" if by == "updated" else "updated_at"
        low, high = search.span(other)
        old = self.shop.now() - RECENT if thing == "orders" and "read_all_orders" not in self.scopes else None

        def fits(one: Any) -> bool:
            created = one.placed_at if isinstance(one, Order) else one.created_at
            at = created if other == "created_at" else one.updated_at
            return (low is None or at >= low) and (high is None or at <= high) and (old is None or created >= old)

        return rows if low is high is old is None else [row for row in rows if fits(row[1])]

    def count(self, thing: Thing) -> Callable[[Arguments], Node]:
        def counted(arguments: Arguments) -> Node:
            by, low, high = self._bounds(thing, None, Search(arguments.get("query")))
            total = self.shop.total(thing, "shopify", by, low, high)
            limit = arguments.get("limit", 10_000)
            exact = limit is None or total <= limit
            return {"count": total if exact else limit, "precision": "EXACT" if exact else "AT_LEAST"}

        return counted

    def one(self, thing: Thing, kind: str, make: Callable[[Any], Node]) -> Callable[[Arguments], Node | None]:
        def found(arguments: Arguments) -> Node | None:
            wanted = number(arguments["id"], kind)
            if wanted is None:
                raise GraphQLError("invalid id")
            thing_ = self.shop.get(thing, wanted, "shopify")
            return None if thing_ is None else make(thing_)

        return found

    # --- things ---

    def shop_node(self) -> Node:
        return {
            "id": gid("Shop", 548380009), "name": "Timbre Sandbox", "email": "owner@shop.example",
            "myshopifyDomain": self.host, "currencyCode": SHOP_CURRENCY, "ianaTimezone": "America/New_York",
            "url": f"https://{self.host}",
            "enabledPresentmentCurrencies": ["USD", "EUR", "GBP", "CNY", "INR", "JPY"],
        }  # fmt: skip

    def address(self, owner: int, step: int, address: Address) -> Node:
        name = f"{address.first} {address.last}".strip()
        seen = {
            "firstName": address.first, "lastName": address.last, "name": name, "address1": address.line1,
            "address2": address.line2 or None, "phone": address.phone or None, "zip": address.postcode,
        }  # fmt: skip
        if not self.personal:
            seen = dict.fromkeys(seen)
        return seen | {
            "id": gid("MailingAddress", owner * 10 + step) + "?model_name=CustomerAddress", "company": None,
            "city": address.city, "province": address.province or None, "provinceCode": address.province or None,
            "country": COUNTRIES[address.country], "countryCodeV2": address.country,
        }  # fmt: skip

    def customer(self, customer: Customer) -> Node:
        state, sms = customer.email_consent, customer.sms_consent
        email, phone = (customer.email, customer.phone) if self.personal else (None, None)
        addresses = [self.address(customer.id, step, one) for step, one in enumerate(customer.addresses)]
        return {
            "id": gid("Customer", customer.id), "legacyResourceId": str(customer.id),
            "firstName": customer.first if self.personal else None,
            "lastName": customer.last if self.personal else None,
            "displayName": f"{customer.first} {customer.last}" if self.personal else "",
            "email": email, "phone": phone,
            "defaultEmailAddress": email and {
                "emailAddress": email, "marketingState": state.state.upper(), "validFormat": True,
                "marketingOptInLevel": level(state), "marketingUpdatedAt": when(state.at),
            },
            "emailMarketingConsent": email and {
                "marketingState": state.state.upper(), "marketingOptInLevel": level(state),
                "consentUpdatedAt": when(state.at),
            },
            "defaultPhoneNumber": phone and {
                "phoneNumber": phone, "marketingState": sms.state.upper(),
                "smsMarketingConsent": {
                    "state": sms.state.upper().replace("NOT_", "NEVER_"), "optInLevel": level(sms),
                    "updatedAt": when(sms.at), "collectedFrom": "SHOPIFY",
                },
            },
            "defaultAddress": addresses[0] if addresses else None,
            "addressesV2": listed(addresses, lambda one: one),
            "locale": customer.locale, "note": customer.note, "state": "DISABLED", "tags": list(customer.tags),
            "verifiedEmail": customer.email is not None, "createdAt": when(customer.created_at),
            "updatedAt": when(customer.updated_at), "numberOfOrders": "0",
        }  # fmt: skip

    def _buyer(self, customer_id: int | None) -> Node | None:
        found = self.shop.get("customers", customer_id, "shopify") if customer_id else None
        return None if found is None else self.customer(found)

    def line(self, line: Line, currency: str, order: Order | None = None) -> Node:
        refunded = sum(q for refund in order.refunds for i, q in refund.lines if i == line.id) if order else 0
        left = line.price * line.quantity - line.discount
        product = self.shop.get("products", line.product_id)
        return {
            "id": gid("LineItem" if order else "AbandonedCheckoutLineItem", line.id), "title": line.title,
            "name": f"{line.title} - {line.variant_title}", "quantity": line.quantity,
            "currentQuantity": line.quantity - refunded, "sku": line.sku or None, "variantTitle": line.variant_title,
            "product": lambda _: None if product is None else self.product(product), "variant": None,
            "originalUnitPriceSet": bag(line.price, currency),
            "discountedUnitPriceAfterAllDiscountsSet": bag(left // line.quantity, currency),
            "totalDiscountSet": bag(line.discount, currency), "vendor": None if product is None else product.vendor,
        }  # fmt: skip

    def order(self, order: Order) -> Node:
        money = order.currency
        billing = self.address(order.id, 1, order.billing)
        lines = {line.id: line for line in order.lines}
        refunds = [
            {
                "id": gid("Refund", one.id), "legacyResourceId": str(one.id), "createdAt": when(one.at),
                "updatedAt": when(one.at), "processedAt": when(one.at), "note": one.note,
                "totalRefundedSet": bag(one.amount, money),
                "refundLineItems": listed(
                    [
                        {
                            "id": gid("RefundLineItem", line_id), "quantity": quantity,
                            "lineItem": self.line(lines[line_id], money, order),
                            "subtotalSet": bag(lines[line_id].price * quantity, money),
                        }
                        for line_id, quantity in one.lines
                    ],
                    lambda row: row,
                ),
            }
            for one in order.refunds
        ]  # fmt: skip
        return {
            "id": gid("Order", order.id), "legacyResourceId": str(order.id), "name": f"#{order.number}",
            "number": order.number, "email": order.email if self.personal else None,
            "phone": order.phone if self.personal else None, "customer": lambda _: self._buyer(order.customer_id),
            "customerLocale": order.locale, "createdAt": when(order.placed_at), "processedAt": when(order.placed_at),
            "updatedAt": when(order.updated_at), "cancelledAt": when(order.cancelled_at),
            "cancelReason": "CUSTOMER" if order.cancelled_at else None, "test": order.test,
            "tags": ["staff"] if order.staff else [], "note": None, "sourceName": "web",
            "currencyCode": SHOP_CURRENCY, "presentmentCurrencyCode": money,
            "displayFinancialStatus": financial(order).upper(),
            "displayFulfillmentStatus": "FULFILLED" if order.shipped else "UNFULFILLED",
            "billingAddress": billing, "shippingAddress": self.address(order.id, 2, order.shipping_to),
            "discountCodes": list(order.codes),
            "lineItems": listed(order.lines, lambda line: self.line(line, money, order)),
            "totalPriceSet": bag(order.total, money), "totalPrice": decimal(to_shop(order.total, money), SHOP_CURRENCY),
            "currentTotalPriceSet": bag(order.total - order.refunded, money),
            "totalDiscountsSet": bag(order.discount, money), "totalRefundedSet": bag(order.refunded, money),
            "totalTaxSet": bag(order.tax, money), "totalShippingPriceSet": bag(order.shipping, money),
            "subtotalPriceSet": bag(order.subtotal - order.discount, money), "taxesIncluded": order.taxes_included,
            "refunds": lambda arguments: refunds[: arguments.get("first")], "customerAcceptsMarketing": False,
        }  # fmt: skip

    def variant(self, step: int, variant: Variant, at: datetime) -> Node:
        compare = variant.compare_at
        return {
            "id": gid("ProductVariant", variant.id), "legacyResourceId": str(variant.id), "title": variant.title,
            "sku": variant.sku or None, "price": decimal(variant.price, SHOP_CURRENCY),
            "compareAtPrice": None if compare is None else decimal(compare, SHOP_CURRENCY),
            "inventoryQuantity": variant.stock, "position": step + 1, "updatedAt": when(at),
        }  # fmt: skip

    def product(self, product: Product) -> Node:
        prices = [variant.price for variant in product.variants]
        image = None
        if product.images:
            image = {"id": gid("ImageSource", product.id), "url": product.images[0], "altText": product.title}
        active = product.status == "active"
        pairs = list(enumerate(product.variants))
        return {
            "id": gid("Product", product.id), "legacyResourceId": str(product.id), "title": product.title,
            "handle": product.handle, "descriptionHtml": product.description, "productType": product.kind,
            "vendor": product.vendor, "status": product.status.upper(), "tags": [],
            "createdAt": when(product.created_at), "updatedAt": when(product.updated_at),
            "publishedAt": when(product.created_at) if active else None,
            "onlineStoreUrl": f"https://{self.host}/products/{product.handle}" if active else None,
            "totalInventory": sum(variant.stock for variant in product.variants), "tracksInventory": True,
            "featuredMedia": image and {
                "__typename": "MediaImage", "id": gid("MediaImage", product.id), "alt": product.title,
                "preview": {"image": image}, "image": image,
            },
            "variants": listed(pairs, lambda pair: self.variant(pair[0], pair[1], product.updated_at)),
            "variantsCount": {"count": len(pairs), "precision": "EXACT"},
            "priceRangeV2": {
                "minVariantPrice": {"amount": decimal(min(prices), SHOP_CURRENCY), "currencyCode": SHOP_CURRENCY},
                "maxVariantPrice": {"amount": decimal(max(prices), SHOP_CURRENCY), "currencyCode": SHOP_CURRENCY},
            },
        }  # fmt: skip

    def checkout(self, cart: Cart) -> Node:
        buyer = self._buyer(cart.customer_id)
        return {
            "id": gid("AbandonedCheckout", cart.id), "name": f"#{cart.id}", "customer": buyer,
            "createdAt": when(cart.created_at), "updatedAt": when(cart.updated_at),
            "completedAt": when(cart.completed_at),
            "abandonedCheckoutUrl": f"https://{self.host}/548380009/checkouts/{cart.token}/recover?key=sandbox",
            "lineItems": listed(cart.lines, lambda line: self.line(line, cart.currency)),
            "totalPriceSet": bag(cart.total, cart.currency), "subtotalPriceSet": bag(cart.total, cart.currency),
            "totalTaxSet": bag(0, cart.currency), "discountCodes": [],
            "billingAddress": buyer and buyer["defaultAddress"],
        }  # fmt: skip


def financial(order: Order) -> str:
    if order.status == "cancelled":
        return "voided"
    return order.status


def level(consent: Consent) -> str | None:
    return "SINGLE_OPT_IN" if consent.state == "subscribed" else None
