"""Shopify's shapes as records. Pure: GraphQL and the older REST shape of webhooks give the same record for the same
state of a thing.

What only one of the two shapes carries is left out, or the thing is read again (a customer's webhook has no consent).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from functions.ingest.contact import normal_email, normal_phone
from schema.clock import milliseconds
from schema.documents import OrderLine
from schema.money import CURRENCIES, to_minor
from schema.records import CartRecord, ConsentChange, CustomerRecord, OrderRecord, Person, ProductRecord, ShopMoney

Node = Mapping[str, Any]
ABANDONED_AFTER = timedelta(minutes=10)
"""A checkout untouched for so long counts as abandoned."""
PAID = frozenset({"PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
"""Financial states in which money came; in the others an order gives no record yet."""
STAFF = frozenset({"staff", "employee", "internal"})
"""Tags by which shops mark orders of their own people."""
STATES: dict[str, Literal["granted", "denied"]] = {"SUBSCRIBED": "granted", "UNSUBSCRIBED": "denied"}


def external(gid: object) -> str:
    """The number in a global id: `gid://shopify/Order/12?x` -> `12`."""
    return str(gid or "").rpartition("/")[2].partition("?")[0]


def identity(number: object) -> str:
    """An id as webhooks give it. Raises ValueError for what is none."""
    if isinstance(number, bool) or not str(number).isdigit():
        raise ValueError("no id")
    return str(number)


def moment(text: object) -> datetime | None:
    """An ISO 8601 time as an aware one."""
    try:
        read = datetime.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def version(text: object) -> int:
    """The update time in ms. Raises ValueError without one: nothing could be said about its order."""
    at = moment(text)
    if at is None:
        raise ValueError("no update time")
    return milliseconds(at)


def minor(amount: object, currency: str) -> int:
    try:
        read = Decimal(str(amount or 0))
    except InvalidOperation:
        return 0
    return max(0, to_minor(read, currency)) if read.is_finite() else 0


def _short(text: object) -> str | None:
    return str(text).strip()[:200] or None if text is not None else None


def _name(first: object, last: object) -> str | None:
    return _short(" ".join(str(part).strip() for part in (first, last) if part))


def _currency(text: object) -> str | None:
    return str(text) if str(text) in CURRENCIES else None


def _graph_minor(node: Node | None, currency: str) -> int:
    return minor(((node or {}).get("presentmentMoney") or {}).get("amount"), currency)


def _rest_minor(node: Node | None, currency: str) -> int:
    return minor(((node or {}).get("presentment_money") or {}).get("amount"), currency)


def _shop_money(node: Node | None, code: str) -> ShopMoney | None:
    currency = _currency((node or {}).get(code))
    return ShopMoney(currency=currency, total=minor((node or {}).get("amount"), currency)) if currency else None


# --- people ---


def account(node: Node | None) -> Person | None:
    """The account that an order or checkout belongs to (GraphQL)."""
    if not node:
        return None
    return Person(
        key=external(node["id"]),
        name=_name(node.get("firstName"), node.get("lastName")),
        email=_short((node.get("defaultEmailAddress") or {}).get("emailAddress")),
        phone=_short((node.get("defaultPhoneNumber") or {}).get("phoneNumber")),
        country=_country((node.get("defaultAddress") or {}).get("countryCodeV2")),
    )


def rest_account(body: Node | None) -> Person | None:
    if not body or not body.get("id"):
        return None
    return Person(
        key=str(body["id"]),
        name=_name(body.get("first_name"), body.get("last_name")),
        email=_short(body.get("email")),
        phone=_short(body.get("phone")),
        country=_country((body.get("default_address") or {}).get("country_code")),
    )


def guest(name: str | None, email: object, phone: object, country: str | None) -> Person | None:
    """Somebody without an account, known by an address; None where there is none that can be understood."""
    address = normal_email(str(email)) if email else None
    number = normal_phone(str(phone), country) if phone else None
    key = f"email:{address}" if address else f"phone:{number}" if number else None
    if key is None or len(key) > 200:
        return None
    return Person(key=key, name=name, email=_short(email), phone=_short(phone), country=country, guest=True)


def _country(text: object) -> str | None:
    return str(text) if isinstance(text, str) and len(text) == 2 and text.isalpha() and text.isupper() else None


def customer(node: Node) -> CustomerRecord:
    address = node.get("defaultAddress") or {}
    lines = (address.get(part) for part in ("address1", "address2", "zip", "city", "province", "country"))
    email, phone = node.get("defaultEmailAddress") or {}, node.get("defaultPhoneNumber") or {}
    sms = phone.get("smsMarketingConsent") or {}
    updated = moment(node["updatedAt"]) or datetime.fromtimestamp(0, UTC)
    consent = [
        ConsentChange(channel=channel, status=STATES[state], at=moment(at) or updated, source="shopify")
        for channel, state, at in (
            ("email", email.get("marketingState"), email.get("marketingUpdatedAt")),
            ("sms", sms.get("state"), sms.get("updatedAt")),
        )
        if state in STATES
    ]
    person = Person(
        key=external(node["id"]),
        name=_name(node.get("firstName"), node.get("lastName")),
        email=_short(email.get("emailAddress")),
        phone=_short(phone.get("phoneNumber")),
        country=_country(address.get("countryCodeV2")),
        language=_short(node.get("locale")),
        address=_short(", ".join(str(line) for line in lines if line)),
        tags=[tag for one in (node.get("tags") or [])[:50] if (tag := _short(one))],
    )
    return CustomerRecord(version=milliseconds(updated), person=person, consent=consent, at=moment(node["createdAt"]))


# --- orders ---


@dataclass(frozen=True)
class _Order:
    """What both shapes say of an order."""

    id: str
    updated: str
    placed: str
    currency: str | None
    financial: str
    cancelled: bool
    test: bool
    person: Person | None
    total: int
    in_shop: ShopMoney | None
    discount: int
    refunded: int
    tax: int
    shipping: int
    codes: Sequence[str]
    tags: Sequence[str]
    source: str | None
    lines: Sequence[OrderLine]

    def record(self) -> OrderRecord | None:
        """None as long as nothing was paid."""
        placed = moment(self.placed)
        if self.currency is None or placed is None or not (self.financial in PAID or self.cancelled or self.test):
            return None
        status: Literal["paid", "refunded", "cancelled", "test"] = (
            "test" if self.test else "cancelled" if self.cancelled else "paid"
        )
        if status == "paid" and self.financial == "REFUNDED":
            status = "refunded"
        return OrderRecord(
            version=version(self.updated),
            id=self.id,
            person=self.person,
            placed_at=placed,
            status=status,
            currency=self.currency,
            total=self.total,
            shop_money=self.in_shop if self.in_shop and self.in_shop.currency != self.currency else None,
            discount=self.discount,
            refunded=self.refunded,
            lines=list(self.lines[:100]),
            items=sum(line.quantity for line in self.lines),
            channel="pos" if self.source == "pos" else "storefront",
            tax=self.tax,
            shipping=self.shipping,
            discount_codes=[code for one in self.codes[:20] if (code := _short(one))],
            staff=any(tag.strip().lower() in STAFF for tag in self.tags),
        )


def order(node: Node) -> OrderRecord | None:
    """An order with all its lines, from GraphQL; None as long as nothing was paid."""
    currency = _currency(node["presentmentCurrencyCode"])
    money = currency or "USD"
    billing = node.get("billingAddress") or {}
    person = account(node.get("customer")) or guest(
        _name(billing.get("firstName"), billing.get("lastName")), node.get("email"), node.get("phone"),
        _country(billing.get("countryCodeV2")),
    )  # fmt: skip
    return _Order(
        id=external(node["id"]),
        updated=node["updatedAt"],
        placed=node["processedAt"],
        currency=currency,
        financial=str(node.get("displayFinancialStatus") or ""),
        cancelled=node.get("cancelledAt") is not None,
        test=bool(node.get("test")),
        person=person,
        total=_graph_minor(node.get("totalPriceSet"), money),
        in_shop=_shop_money((node.get("totalPriceSet") or {}).get("shopMoney"), "currencyCode"),
        discount=_graph_minor(node.get("totalDiscountsSet"), money),
        refunded=_graph_minor(node.get("totalRefundedSet"), money),
        tax=_graph_minor(node.get("totalTaxSet"), money),
        shipping=_graph_minor(node.get("totalShippingPriceSet"), money),
        codes=[str(code) for code in node.get("discountCodes") or []],
        tags=[str(tag) for tag in node.get("tags") or []],
        source=node.get("sourceName"),
        lines=_graph_lines(node["lineItems"]["nodes"], money),
    ).record()


def _graph_lines(nodes: Sequence[Node], currency: str) -> list[OrderLine]:
    return [
        OrderLine(
            product_id=external(line["product"]["id"]) if line.get("product") else None,
            title=_short(line.get("title")),
            quantity=int(line["quantity"]),
            price=_graph_minor(line.get("originalUnitPriceSet"), currency),
        )
        for line in nodes
    ]


def rest_order(body: Node) -> OrderRecord | None:
    """The same from the body of an orders/* webhook."""
    currency = _currency(body.get("presentment_currency") or body.get("currency"))
    money = currency or "USD"
    billing = body.get("billing_address") or {}
    person = rest_account(body.get("customer")) or guest(
        _name(billing.get("first_name"), billing.get("last_name")), body.get("email"), body.get("phone"),
        _country(billing.get("country_code")),
    )  # fmt: skip
    taxes = body.get("total_tax_set")
    tax = (
        _rest_minor(taxes, money)
        if taxes
        else sum(_rest_minor(line.get("price_set"), money) for line in body.get("tax_lines") or [])
    )
    return _Order(
        id=identity(body["id"]),
        updated=body["updated_at"],
        placed=body["processed_at"],
        currency=currency,
        financial=str(body.get("financial_status") or "").upper(),
        cancelled=body.get("cancelled_at") is not None,
        test=bool(body.get("test")),
        person=person,
        total=_rest_minor(body.get("total_price_set"), money),
        in_shop=_shop_money((body.get("total_price_set") or {}).get("shop_money"), "currency_code"),
        discount=_rest_minor(body.get("total_discounts_set"), money),
        refunded=sum(_refunded(one, money) for one in body.get("refunds") or []),
        tax=tax,
        shipping=_rest_minor(body.get("total_shipping_price_set"), money),
        codes=[str(one.get("code")) for one in body.get("discount_codes") or []],
        tags=str(body.get("tags") or "").split(","),
        source=body.get("source_name"),
        lines=[
            OrderLine(
                product_id=str(line["product_id"]) if line.get("product_id") and line.get("product_exists") else None,
                title=_short(line.get("title")),
                quantity=int(line["quantity"]),
                price=_rest_minor(line.get("price_set"), money),
            )
            for line in body.get("line_items") or []
        ],
    ).record()


def _refunded(refund: Node, currency: str) -> int:
    """What was paid back: the refund's own transactions that went through."""
    return sum(
        minor(one.get("amount"), currency)
        for one in refund.get("transactions") or []
        if one.get("kind") == "refund" and one.get("status") == "success"
    )


def legible(body: Node) -> bool:
    """Whether an order's webhook says everything in one currency; else the order is read again."""
    currency = body.get("presentment_currency") or body.get("currency")
    return all(
        one.get("currency") == currency
        for refund in body.get("refunds") or []
        for one in refund.get("transactions") or []
    )


# --- products ---


def product(node: Node, shop: str, currency: str | None) -> ProductRecord:
    """A product with all its variants, from GraphQL.

    Args:
        currency: the shop's own: prices carry none.
    """
    preview = ((node.get("featuredMedia") or {}).get("preview") or {}).get("image") or {}
    variants = [
        (one.get("sku"), one.get("price"), one.get("compareAtPrice"), one.get("inventoryQuantity"))
        for one in node["variants"]["nodes"]
    ]
    return _product(
        external(node["id"]), node, variants, currency, node["updatedAt"], node.get("productType"),
        preview.get("url"), shop if node.get("publishedAt") else None, str(node.get("status")),
    )  # fmt: skip


def rest_product(body: Node, shop: str, currency: str | None) -> ProductRecord:
    images = body.get("images") or []
    image = body.get("image") or (images[0] if images else {})
    variants = [
        (one.get("sku"), one.get("price"), one.get("compare_at_price"), one.get("inventory_quantity"))
        for one in body.get("variants") or []
    ]
    return _product(
        identity(body["id"]), body, variants, currency, body["updated_at"], body.get("product_type"),
        image.get("src"), shop if body.get("published_at") else None, str(body.get("status")).upper(),
    )  # fmt: skip


def _product(
    number: str,
    said: Node,
    variants: Sequence[tuple[Any, Any, Any, Any]],
    currency: str | None,
    updated: str,
    kind: object,
    image: object,
    shop: str | None,
    status: str,
) -> ProductRecord:
    money = currency or "USD"
    priced = [(minor(price, money), compare) for _, price, compare, _ in variants if price is not None]
    cheapest = min(priced, key=lambda one: one[0]) if priced else None
    stocks = [int(stock) for *_, stock in variants if stock is not None]
    link = f"https://{shop}/products/{said.get('handle')}" if shop and said.get("handle") else None
    return ProductRecord(
        version=version(updated),
        id=number,
        title=_short(said.get("title")),
        category=_short(kind),
        price=cheapest[0] if cheapest and currency else None,
        currency=currency if cheapest else None,
        compare_at=minor(cheapest[1], money) if cheapest and currency and cheapest[1] is not None else None,
        stock=sum(stocks) if stocks else None,
        image=_link(image),
        url=_link(link),
        skus=[sku for one, *_ in variants[:100] if (sku := _short(one))],
        status="active" if status == "ACTIVE" else "hidden",
    )


def _link(text: object) -> str | None:
    """An address that is too long to keep whole is not kept."""
    return text if isinstance(text, str) and 0 < len(text) <= 200 else None


# --- checkouts ---


def checkout(node: Node, now: datetime) -> CartRecord | None:
    money = node["totalPriceSet"]["presentmentMoney"]
    currency = _currency(money["currencyCode"])
    if currency is None:
        return None
    return _cart(
        external(node["id"]), account(node.get("customer")), node["updatedAt"], node.get("completedAt"), currency,
        minor(money["amount"], currency), _graph_lines(node["lineItems"]["nodes"], currency),
        node.get("abandonedCheckoutUrl"), now,
    )  # fmt: skip


def rest_checkout(body: Node, now: datetime) -> CartRecord | None:
    """From a checkouts/* webhook; only for one whose amounts are in the shop's own currency (`one_currency`)."""
    currency = _currency(body.get("presentment_currency") or body.get("currency"))
    if currency is None:
        return None
    lines = [
        OrderLine(
            product_id=str(line["product_id"]) if line.get("product_id") else None,
            title=_short(line.get("title")),
            quantity=int(line["quantity"]),
            price=minor(line.get("price"), currency),
        )
        for line in body.get("line_items") or []
    ]
    return _cart(
        checkout_id(body), rest_account(body.get("customer")), body["updated_at"], body.get("completed_at"), currency,
        minor(body.get("total_price"), currency), lines, body.get("abandoned_checkout_url"), now,
    )  # fmt: skip


def checkout_id(body: Node) -> str:
    """A checkout's webhook names it `#123` and gives no id of its own."""
    return identity(body.get("id") or str(body.get("name") or "").removeprefix("#"))


def one_currency(body: Node) -> bool:
    return body.get("presentment_currency") in (None, body.get("currency"))


def _cart(
    number: str,
    person: Person | None,
    updated: str,
    completed: object,
    currency: str,
    total: int,
    lines: list[OrderLine],
    url: object,
    now: datetime,
) -> CartRecord | None:
    at = moment(updated)
    if at is None:
        return None
    status: Literal["open", "abandoned", "recovered"] = (
        "recovered" if completed else "abandoned" if now - at >= ABANDONED_AFTER else "open"
    )
    return CartRecord(
        version=milliseconds(at), id=number, person=person, at=at, status=status, currency=currency, total=total,
        lines=lines[:100], url=_link(url),
    )  # fmt: skip
