"""WooCommerce's REST shapes as records. Pure: the same shape from a page, a single read or a webhook gives one record.

Money comes as decimal text and becomes minor units of the order's own currency; times are read from the `*_gmt` fields
only, since the others are in the shop's zone without saying which.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from functions.ingest.contact import normal_email, normal_phone
from schema.clock import milliseconds
from schema.documents import OrderLine
from schema.money import to_minor
from schema.records import CustomerRecord, FeedbackRecord, OrderRecord, Person, ProductRecord

Body = Mapping[str, Any]

UNPAID = frozenset({"pending", "on-hold", "failed", "checkout-draft", "auto-draft"})
"""Statuses that say nothing about a payment: they count once `date_paid` is set."""
STAFF_ROLES = frozenset({"administrator", "shop_manager", "editor", "author", "contributor"})
"""Accounts of people who run the shop: no customers."""


def moment(body: Body, name: str) -> datetime | None:
    """A `*_gmt` field as an aware time, None where it is empty or no date."""
    given = body.get(f"{name}_gmt")
    if not isinstance(given, str) or not given:
        return None
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def version(body: Body) -> int:
    """The platform's own update time in ms (whole seconds); the creation for what was never changed."""
    at = moment(body, "date_modified") or moment(body, "date_created")
    return milliseconds(at) if at else 0


def amount(text: Any) -> Decimal | None:
    """Decimal text exactly as given; None where it is empty or no number."""
    if text is None or text == "" or isinstance(text, bool):
        return None
    try:
        read = Decimal(str(text))
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def _minor(text: Any, currency: str) -> int:
    return max(0, to_minor(amount(text) or Decimal(0), currency))


def _short(text: Any) -> str | None:
    """Text for a person, without the entities that WordPress stores."""
    return html.unescape(str(text)).strip()[:200] or None if text else None


def _name(*parts: Body) -> str | None:
    for part in parts:
        full = f"{part.get('first_name') or ''} {part.get('last_name') or ''}".strip()
        if full:
            return _short(full)
    return None


def _country(address: Body) -> str | None:
    code = str(address.get("country") or "").strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _address(given: Body) -> str | None:
    region = f"{given.get('state') or ''} {given.get('postcode') or ''}".strip()
    parts = [given.get("address_1"), given.get("address_2"), given.get("city"), region]
    return _short(", ".join(str(part).strip() for part in parts if part))


def customer(body: Body) -> CustomerRecord | None:
    """An account; None for those of the shop's own people."""
    if body.get("role") in STAFF_ROLES or not body.get("id"):
        return None
    billing: Body = body.get("billing") or {}
    country = _country(billing) or _country(body.get("shipping") or {})
    return CustomerRecord(
        version=version(body),
        at=moment(body, "date_created"),
        person=Person(
            key=str(body["id"]),
            name=_name(body, billing),
            email=normal_email(str(body.get("email") or "")),
            phone=normal_phone(str(billing.get("phone") or ""), country),
            country=country,
            address=_address(billing),
        ),
    )


def buyer(body: Body) -> Person | None:
    """Who ordered. An account is known by its id, and what was typed into this checkout says nothing certain about it:
    the e-mail may be somebody else's, so it is taken from the account's own record alone. A guest is the address.
    """
    billing: Body = body.get("billing") or {}
    country = _country(billing)
    if body.get("customer_id"):
        return Person(key=str(body["customer_id"]), name=_name(billing), country=country)
    email = normal_email(str(billing.get("email") or ""))
    phone = normal_phone(str(billing.get("phone") or ""), country)
    if email is None and phone is None:
        return None
    return Person(
        key=f"email:{email}" if email else f"phone:{phone}",
        name=_name(billing, body.get("shipping") or {}),
        email=email,
        phone=phone,
        country=country,
        address=_address(billing),
        guest=True,
    )


def order(body: Body) -> OrderRecord | None:
    """An order that was paid, cancelled or refunded; None for what is not (yet) one: drafts, unpaid, trashed."""
    status = str(body.get("status") or "").removeprefix("wc-")
    paid = moment(body, "date_paid") is not None
    currency = str(body.get("currency") or "").upper()
    placed = moment(body, "date_created")
    if not body.get("id") or placed is None or len(currency) != 3 or status == "trash":
        return None
    if status in UNPAID and not paid:
        return None
    total = _minor(body.get("total"), currency)
    refunded = min(
        total, sum(abs(to_minor(amount(one.get("total")) or Decimal(0), currency)) for one in _refunds(body))
    )
    if status == "refunded" and not refunded:
        refunded = total
    lines = [_line(line, currency) for line in body.get("line_items") or []]
    return OrderRecord(
        version=version(body),
        id=str(body["id"]),
        person=buyer(body),
        placed_at=placed,
        status="cancelled"
        if status in ("cancelled", "failed")
        else "refunded"
        if status == "refunded" or (total and refunded == total)
        else "paid",
        currency=currency,
        total=total,
        discount=_minor(body.get("discount_total"), currency),
        refunded=refunded,
        tax=_minor(body.get("total_tax"), currency),
        shipping=_minor(body.get("shipping_total"), currency),
        lines=lines[:100],
        items=sum(line.quantity for line in lines),
        discount_codes=[code for one in body.get("coupon_lines") or [] if (code := _short(one.get("code")))][:20],
        channel="pos" if "pos" in str(body.get("created_via") or "").replace("_", "-").split("-") else "storefront",
    )


def _refunds(body: Body) -> Sequence[Body]:
    return body.get("refunds") or []


def _line(line: Body, currency: str) -> OrderLine:
    """One line at its price before discounts; a fraction of a piece (sold by weight) is one piece."""
    quantity = amount(line.get("quantity")) or Decimal(0)
    whole = int(quantity) if quantity == int(quantity) else 1
    subtotal = amount(line.get("subtotal"))
    return OrderLine(
        product_id=str(line["product_id"]) if line.get("product_id") else None,
        title=_short(line.get("name")),
        quantity=whole,
        price=to_minor(subtotal / whole, currency) if subtotal is not None and whole else None,
    )


def product(body: Body, variations: Sequence[Body], currency: str | None) -> ProductRecord | None:
    """A product at the lowest price of its variations; None when it is in the trash.

    Args:
        variations: all of a variable product, else none.
        currency: the shop's; without it amounts mean nothing and stay out.
    """
    if not body.get("id") or body.get("status") == "trash":
        return None
    # Before WooCommerce 3.5 a variation's status was a truth value.
    sold = [one for one in variations if one.get("status", "publish") in ("publish", True)]
    priced = [one for one in sold if amount(one.get("price")) is not None]
    cheapest: Body = min(priced, key=lambda one: amount(one.get("price")) or Decimal(0)) if priced else body
    price, regular = amount(cheapest.get("price")), amount(cheapest.get("regular_price"))
    compare = regular if price is not None and regular is not None and regular > price else None
    images = [str(image.get("src") or "") for image in body.get("images") or []]
    categories = body.get("categories") or []
    link = str(body.get("permalink") or "")
    skus = dict.fromkeys(str(one.get("sku") or "").strip()[:200] for one in (body, *variations))
    shown = body.get("status", "publish") == "publish" and body.get("catalog_visibility") != "hidden"
    return ProductRecord(
        version=max(version(body), *(version(one) for one in variations)) if variations else version(body),
        id=str(body["id"]),
        title=_short(body.get("name")),
        category=_short(categories[0].get("name")) if categories else None,
        price=to_minor(price, currency) if price is not None and currency else None,
        compare_at=to_minor(compare, currency) if compare is not None and currency else None,
        currency=currency if price is not None else None,
        stock=_stock(body, sold),
        image=next((src for src in images if 0 < len(src) <= 200), None),
        url=link if 0 < len(link) <= 200 else None,
        skus=[sku for sku in skus if sku][:100],
        status="active" if shown else "hidden",
    )


def _stock(body: Body, sold: Sequence[Body]) -> int | None:
    """Pieces: counted where the shop counts them, 0 where it says "out of stock", None where it only says "in stock".
    Variations that share their parent's stock are not counted again.
    """
    if body.get("manage_stock") is True:
        return _pieces(body)
    if not sold:
        return 0 if body.get("stock_status") == "outofstock" else None
    counts = [
        _pieces(one) if one.get("manage_stock") is True else 0 if one.get("stock_status") == "outofstock" else None
        for one in sold
    ]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _pieces(body: Body) -> int | None:
    count = amount(body.get("stock_quantity"))
    return int(count) if count is not None else None


def review(body: Body) -> FeedbackRecord | None:
    """A published review; None while it is held back, spam, trashed or without words and stars."""
    rating = int(amount(body.get("rating")) or 0)
    text = str(body.get("review") or "").strip()[:10_000]
    if body.get("status", "approved") != "approved" or not body.get("id") or not (text or rating):
        return None
    email = normal_email(str(body.get("reviewer_email") or ""))
    name = _short(body.get("reviewer"))
    return FeedbackRecord(
        version=version(body),
        id=str(body["id"]),
        person=Person(key=f"email:{email}", name=name, email=email, guest=True) if email else None,
        at=moment(body, "date_created"),
        product=str(body["product_id"]) if body.get("product_id") else None,
        product_title=_short(body.get("product_name")),
        text=text,
        rating=rating if 1 <= rating <= 5 else None,
    )
