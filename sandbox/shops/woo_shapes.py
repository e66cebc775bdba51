"""The shop's things in the shapes of WooCommerce's REST API v3: money as text, times in the shop's zone and in GMT."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.shops.model import SHOP_CURRENCY, Address, Customer, Line, Order, Product, Refund, Review, Variant, decimal
from sandbox.shops.names import CODES

ZONE = ZoneInfo("America/New_York")
API = "/wp-json/wc/v3"
Shape = dict[str, Any]


def stamps(name: str, at: datetime | None) -> Shape:
    """A time as the API gives it: twice, neither with a zone."""
    if at is None:
        return {name: None, f"{name}_gmt": None}
    return {
        name: at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S"),
        f"{name}_gmt": at.strftime("%Y-%m-%dT%H:%M:%S"),
    }


def links(store: str, path: str, number: int, **more: str) -> Shape:
    """`_links` of a resource; only the REST answers carry them."""
    made: Shape = {
        "self": [{"href": f"{store}{API}{path}/{number}"}],
        "collection": [{"href": f"{store}{API}{path}"}],
    }
    return {"_links": made | {name: [{"href": href}] for name, href in more.items()}}


def _address(given: Address | None, contact: bool, email: str | None = None, phone: str | None = None) -> Shape:
    made = {
        "first_name": given.first if given else "",
        "last_name": given.last if given else "",
        "company": "",
        "address_1": given.line1 if given else "",
        "address_2": given.line2 if given else "",
        "city": given.city if given else "",
        "state": given.province if given else "",
        "postcode": given.postcode if given else "",
        "country": given.country if given else "",
    }
    return made | ({"email": email or "", "phone": phone or ""} if contact else {})


def _avatar(email: str, size: int) -> str:
    return f"https://secure.gravatar.com/avatar/{hashlib.md5(email.encode()).hexdigest()}?s={size}&d=mm&r=g"


def customer(one: Customer, paying: bool) -> Shape:
    home = one.addresses[0] if one.addresses else None
    email = one.email or ""
    return {
        "id": one.id,
        **stamps("date_created", one.created_at),
        # Never changed since: WooCommerce has no date then.
        **stamps("date_modified", one.updated_at if one.updated_at > one.created_at else None),
        "email": email,
        "first_name": one.first,
        "last_name": one.last,
        "role": "customer",
        "username": (email.split("@")[0] or f"user{one.id}").lower(),
        "billing": _address(home, True, email, one.phone),
        "shipping": _address(home, False) | {"phone": ""},
        "is_paying_customer": paying,
        "avatar_url": _avatar(email, 96),
        "meta_data": [],
    }


def administrator(opened: datetime) -> Shape:
    """The merchant's own account: only lists of every role show it."""
    return {
        "id": 1,
        **stamps("date_created", opened),
        **stamps("date_modified", None),
        "email": "owner@shop.example",
        "first_name": "Sam",
        "last_name": "Owner",
        "role": "administrator",
        "username": "owner",
        "billing": _address(None, True),
        "shipping": _address(None, False) | {"phone": ""},
        "is_paying_customer": False,
        "avatar_url": _avatar("owner@shop.example", 96),
        "meta_data": [],
    }


def _net(line: Line, included: bool) -> tuple[int, int, int, int]:
    """(subtotal, its tax, total, its tax) without the tax: WooCommerce writes lines so even where prices hold it."""
    gross = line.price * line.quantity
    left = gross - line.discount
    tax_before = round(line.tax * gross / left) if left else 0
    if not included:
        return gross, tax_before, left, line.tax
    return gross - tax_before, tax_before, left - line.tax, line.tax


def _line(line: Line, order: Order) -> Shape:
    currency = order.currency
    subtotal, subtotal_tax, total, tax = _net(line, order.taxes_included)
    title = f"{line.title} - {line.variant_title}" if line.variant_title else line.title
    taxes = [{"id": 1, "total": decimal(tax, currency), "subtotal": decimal(subtotal_tax, currency)}] if tax else []
    return {
        "id": line.id,
        "name": title.replace("&", "&amp;"),
        "product_id": line.product_id,
        "variation_id": line.variant_id if line.variant_title else 0,
        "quantity": line.quantity,
        "tax_class": "",
        "subtotal": decimal(subtotal, currency),
        "subtotal_tax": decimal(subtotal_tax, currency),
        "total": decimal(total, currency),
        "total_tax": decimal(tax, currency),
        "taxes": taxes,
        "meta_data": [],
        "sku": line.sku,
        "price": float(decimal(total, currency)) / line.quantity,
        "image": {"id": "", "src": ""},
        "parent_name": line.title if line.variant_title else None,
    }


def status_of(order: Order) -> str:
    """The order's status in WooCommerce's words; a part refunded changes none."""
    if order.status in ("pending", "cancelled", "refunded"):
        return order.status
    return "completed" if order.shipped else "processing"


def order(one: Order) -> Shape:
    currency = one.currency
    nets = [_net(line, one.taxes_included) for line in one.lines]
    discount = sum(net[0] - net[2] for net in nets)
    discount_tax = sum(net[1] - net[3] for net in nets)
    paid = one.status != "pending" and not (one.status == "cancelled" and not one.shipped and not one.refunds)
    status = status_of(one)
    method = ("cod", "Cash on delivery") if one.id % 7 == 0 else ("stripe", "Credit Card")
    return {
        "id": one.id,
        "parent_id": 0,
        "status": status,
        "currency": currency,
        "version": "9.9.5",
        "prices_include_tax": one.taxes_included,
        **stamps("date_created", one.placed_at),
        **stamps("date_modified", one.updated_at),
        "discount_total": decimal(discount, currency),
        "discount_tax": decimal(discount_tax, currency),
        "shipping_total": decimal(one.shipping, currency),
        "shipping_tax": decimal(0, currency),
        "cart_tax": decimal(one.tax, currency),
        "total": decimal(one.total, currency),
        "total_tax": decimal(one.tax, currency),
        "customer_id": one.customer_id or 0,
        "order_key": f"wc_order_{hashlib.sha1(str(one.id).encode()).hexdigest()[:13]}",
        "billing": _address(one.billing, True, one.email, one.phone or one.billing.phone),
        "shipping": _address(one.shipping_to, False) | {"phone": ""},
        "payment_method": method[0],
        "payment_method_title": method[1],
        "transaction_id": f"pi_{one.id}" if method[0] == "stripe" and paid else "",
        "customer_ip_address": "203.0.113.7",
        "customer_user_agent": "Mozilla/5.0",
        "created_via": "checkout",
        "customer_note": "",
        **stamps("date_completed", one.updated_at if status == "completed" else None),
        # Cash is paid when the parcel arrives.
        **stamps("date_paid", one.placed_at if paid and (method[0] == "stripe" or one.shipped) else None),
        "cart_hash": hashlib.md5(str(one.id).encode()).hexdigest(),
        "number": str(one.number),
        "meta_data": [],
        "line_items": [_line(line, one) for line in one.lines],
        "tax_lines": _tax_lines(one),
        "shipping_lines": [
            {
                "id": one.id + 10_000_000,
                "method_title": "Flat rate",
                "method_id": "flat_rate",
                "instance_id": "1",
                "total": decimal(one.shipping, currency),
                "total_tax": decimal(0, currency),
                "taxes": [],
                "tax_status": "taxable",
                "meta_data": [],
            }
        ],
        "fee_lines": [],
        "coupon_lines": [
            {
                "id": one.id + 20_000_000 + place,
                "code": code.lower(),
                "discount": decimal(discount, currency),
                "discount_tax": decimal(discount_tax, currency),
                "meta_data": [],
                "discount_type": "percent",
                "nominal_amount": 10,
                "free_shipping": False,
            }
            for place, code in enumerate(one.codes)
        ],
        "refunds": [
            {"id": back.id, "reason": back.note, "total": f"-{decimal(back.amount, currency)}"} for back in one.refunds
        ],
        "payment_url": "",
        "is_editable": status == "pending",
        "needs_payment": status == "pending",
        "needs_processing": status == "processing",
        "currency_symbol": {"USD": "$", "EUR": "€", "GBP": "£"}.get(currency, currency),
    }


def _tax_lines(one: Order) -> list[Shape]:
    if not one.tax:
        return []
    return [
        {
            "id": one.id + 30_000_000,
            "rate_code": f"{one.billing.country}-TAX-1",
            "rate_id": 1,
            "label": "Tax",
            "compound": False,
            "tax_total": decimal(one.tax, one.currency),
            "shipping_tax_total": decimal(0, one.currency),
            "rate_percent": 8,
            "meta_data": [],
        }
    ]


def refund(one: Refund, order_: Order) -> Shape:
    """A refund by itself: its amount is positive, its lines are negative."""
    lines = {line.id: line for line in order_.lines}
    items = []
    for number, quantity in one.lines:
        line = lines[number]
        whole = _line(line, order_)
        back = -(line.price * line.quantity - line.discount) * quantity // line.quantity
        items.append(
            whole
            | {
                "id": one.id + number,
                "quantity": -quantity,
                "subtotal": decimal(back, order_.currency),
                "total": decimal(back, order_.currency),
                "total_tax": decimal(0, order_.currency),
                "subtotal_tax": decimal(0, order_.currency),
                "taxes": [],
                "meta_data": [{"id": number, "key": "_refunded_item_id", "value": str(number)}],
            }
        )
    return {
        "id": one.id,
        "parent_id": order_.id,
        **stamps("date_created", one.at),
        "amount": decimal(one.amount, order_.currency),
        "reason": one.note,
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": [],
        "line_items": items,
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
    }


def _prices(variants: Sequence[Variant]) -> Shape:
    cheapest = min(variants, key=lambda one: one.price)
    sale = cheapest.compare_at is not None and cheapest.compare_at > cheapest.price
    regular = decimal(cheapest.compare_at if sale and cheapest.compare_at else cheapest.price, SHOP_CURRENCY)
    return {
        "price": decimal(cheapest.price, SHOP_CURRENCY),
        "regular_price": regular,
        "sale_price": decimal(cheapest.price, SHOP_CURRENCY) if sale else "",
        **stamps("date_on_sale_from", None),
        **stamps("date_on_sale_to", None),
        "on_sale": sale,
    }


def _stocked(stock: int | None, available: bool) -> Shape:
    return {
        "manage_stock": stock is not None,
        "stock_quantity": stock,
        "stock_status": "instock" if available else "outofstock",
        "backorders": "no",
        "backorders_allowed": False,
        "backordered": False,
        "low_stock_amount": None,
    }


_PLAIN: Shape = {
    "virtual": False, "downloadable": False, "downloads": [], "download_limit": -1, "download_expiry": -1,
    "tax_status": "taxable", "tax_class": "", "weight": "", "dimensions": {"length": "", "width": "", "height": ""},
    "shipping_class": "", "shipping_class_id": 0, "menu_order": 0, "meta_data": [],
}  # fmt: skip


def _image(src: str, number: int, at: datetime) -> Shape:
    return {
        "id": number,
        **stamps("date_created", at),
        **stamps("date_modified", at),
        "src": src,
        "name": "",
        "alt": "",
    }


def product(one: Product, store: str, average: float, ratings: int) -> Shape:
    """A product; with several variants it is `variable`, carries their lowest price and counts no stock itself."""
    variable = len(one.variants) > 1
    available = any(variant.stock > 0 for variant in one.variants)
    prices = _prices(one.variants)
    if variable:
        prices |= {"regular_price": "", "sale_price": ""}
    return {
        "id": one.id,
        "name": one.title.replace("&", "&amp;"),
        "slug": one.handle,
        "permalink": f"{store}/product/{one.handle}/",
        **stamps("date_created", one.created_at),
        **stamps("date_modified", one.updated_at),
        "type": "variable" if variable else "simple",
        "status": "publish" if one.status == "active" else "draft",
        "featured": False,
        "catalog_visibility": "visible",
        "description": one.description,
        "short_description": "",
        "sku": "" if variable else one.variants[0].sku,
        **prices,
        "price_html": "",
        "purchasable": one.status == "active",
        "total_sales": 0,
        "external_url": "",
        "button_text": "",
        **_stocked(None if variable else one.variants[0].stock, available),
        "sold_individually": False,
        "shipping_required": True,
        "shipping_taxable": True,
        "reviews_allowed": True,
        "average_rating": f"{average:.2f}",
        "rating_count": ratings,
        "related_ids": [],
        "upsell_ids": [],
        "cross_sell_ids": [],
        "parent_id": 0,
        "purchase_note": "",
        "categories": [{"id": 15, "name": one.kind.replace("&", "&amp;"), "slug": one.kind.lower().replace(" ", "-")}],
        "tags": [],
        "images": [_image(src, one.id * 10 + place, one.created_at) for place, src in enumerate(one.images)],
        "attributes": [
            {
                "id": 0,
                "name": "Variant",
                "position": 0,
                "visible": True,
                "variation": True,
                "options": [variant.title for variant in one.variants],
            }
        ]
        if variable
        else [],
        "default_attributes": [],
        "variations": [variant.id for variant in one.variants] if variable else [],
        "grouped_products": [],
        **_PLAIN,
    }


def variation(one: Variant, parent: Product, store: str) -> Shape:
    return {
        "id": one.id,
        "type": "variation",
        **stamps("date_created", parent.created_at),
        **stamps("date_modified", parent.updated_at),
        "description": "",
        "permalink": f"{store}/product/{parent.handle}/?attribute_variant={one.id}",
        "sku": one.sku,
        **_prices((one,)),
        "status": "publish",
        "purchasable": True,
        **_stocked(one.stock, one.stock > 0),
        "image": _image(parent.images[0], parent.id * 10, parent.created_at) if parent.images else None,
        "attributes": [{"id": 0, "name": "Variant", "option": one.title}],
        "name": one.title,
        "parent_id": parent.id,
        **_PLAIN,
        "shipping_class_id": 0,
    }


def review(one: Review, product_name: str, store: str) -> Shape:
    return {
        "id": one.id,
        **stamps("date_created", one.created_at),
        "product_id": one.product_id,
        "product_name": product_name,
        "product_permalink": f"{store}/?p={one.product_id}",
        "status": "approved",
        "reviewer": one.reviewer,
        "reviewer_email": one.email,
        "review": one.text,
        "rating": one.rating,
        "verified": one.verified,
        "reviewer_avatar_urls": {str(size): _avatar(one.email, size) for size in (24, 48, 96)},
    }


def coupons(opened: datetime) -> list[Shape]:
    """The shop's codes, which no act changes."""
    return [
        {
            "id": 801 + place,
            "code": code.lower(),
            "amount": "10.00" if code == "WELCOME10" else "15.00",
            "status": "publish",
            **stamps("date_created", opened),
            **stamps("date_modified", opened),
            "discount_type": "percent",
            "description": "",
            **stamps("date_expires", None),
            "usage_count": 0,
            "individual_use": False,
            "product_ids": [],
            "excluded_product_ids": [],
            "usage_limit": None,
            "usage_limit_per_user": None,
            "limit_usage_to_x_items": None,
            "free_shipping": False,
            "product_categories": [],
            "excluded_product_categories": [],
            "exclude_sale_items": False,
            "minimum_amount": "0.00",
            "maximum_amount": "0.00",
            "email_restrictions": [],
            "used_by": [],
            "meta_data": [],
        }
        for place, code in enumerate(CODES)
    ]
