"""The bodies of webhooks: the older REST shapes, which differ from GraphQL's in names, in case and in what they leave
out (a customer's consent and tags, for one).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.shops.model import (
    SHOP_CURRENCY,
    Address,
    Cart,
    Change,
    Customer,
    Line,
    Order,
    Product,
    Refund,
    decimal,
    to_shop,
)
from sandbox.shops.shop import SimulatedShop
from sandbox.shops.shopify.nodes import COUNTRIES, financial, gid, level, when
from sandbox.shops.shopify.state import HOST

Body = dict[str, Any]
Message = tuple[str, Body]


class Payloads:
    def __init__(self, shop: SimulatedShop, personal: bool) -> None:
        self._shop, self._personal = shop, personal

    def messages(self, change: Change) -> list[Message]:
        """Topics and bodies for a change; empty where Shopify says nothing."""
        makers: dict[str, Callable[[Change], list[Message]]] = {
            "shop": self._shop_wide, "customers": self._customers, "orders": self._orders, "products": self._products,
            "carts": self._carts,
        }  # fmt: skip
        return makers[change.thing](change) if change.thing in makers else []

    # --- by thing ---

    def _shop_wide(self, change: Change) -> list[Message]:
        shop: Body = {"shop_id": 548380009, "shop_domain": HOST}
        if change.action == "shop_redact":
            return [("shop/redact", shop)]
        if change.action == "uninstalled":
            body = {"id": 548380009, "name": "Timbre Sandbox", "email": "owner@shop.example", "domain": HOST,
                    "myshopify_domain": HOST, "currency": SHOP_CURRENCY, "plan_name": "basic"}  # fmt: skip
            return [("app/uninstalled", body)]
        return []

    def _customers(self, change: Change) -> list[Message]:
        if change.action == "deleted":
            return [("customers/delete", {"id": change.id, "tax_exemptions": [],
                                          "admin_graphql_api_id": gid("Customer", change.id)})]  # fmt: skip
        if change.action == "merged":
            other = int(str(change.data["other_id"]))
            return [
                (
                    "customers/merge",
                    {
                        "admin_graphql_api_customer_kept_id": gid("Customer", change.id),
                        "admin_graphql_api_customer_deleted_id": gid("Customer", other),
                        "admin_graphql_api_job_id": None, "status": "completed", "errors": [],
                    },
                )
            ]  # fmt: skip
        person = self._shop.get("customers", change.id)
        if person is None:
            return []
        if change.action in ("redact", "data_request"):
            return [self._privacy(change, person)]
        if change.action == "email_consent":
            state = person.email_consent
            said = {"state": state.state, "opt_in_level": _low(level(state)), "consent_updated_at": when(state.at)}
            body = {"customer_id": person.id, "email_address": person.email, "email_marketing_consent": said}
            return [("customers_email_marketing_consent/update", body)]
        if change.action == "sms_consent":
            state = person.sms_consent
            said = {"state": state.state, "opt_in_level": _low(level(state)), "consent_updated_at": when(state.at),
                    "consent_collected_from": "other"}  # fmt: skip
            return [("customers_marketing_consent/update",
                     {"id": person.id, "phone": person.phone, "sms_marketing_consent": said})]  # fmt: skip
        return [(f"customers/{'create' if change.action == 'created' else 'update'}", self.customer(person, True))]

    def _privacy(self, change: Change, person: Customer) -> Message:
        orders = [
            one.id for one in self._shop.orders.values() if one.customer_id == person.id and one.platform == "shopify"
        ]
        body: Body = {
            "shop_id": 548380009, "shop_domain": HOST,
            "customer": {"id": person.id, "email": person.email, "phone": person.phone},
        }  # fmt: skip
        if change.action == "redact":
            return "customers/redact", body | {"orders_to_redact": orders}
        return "customers/data_request", body | {"orders_requested": orders, "data_request": {"id": 9999}}

    def _orders(self, change: Change) -> list[Message]:
        if change.action == "deleted":
            return [("orders/delete", {"id": change.id})]
        found = self._shop.get("orders", change.id)
        if found is None:
            return []
        if change.action == "refunded":
            return [("refunds/create", self.refund(found, found.refunds[-1]))]
        topic = {"created": "create", "paid": "paid", "cancelled": "cancelled"}.get(change.action, "updated")
        return [(f"orders/{topic}", self.order(found))]

    def _products(self, change: Change) -> list[Message]:
        if change.action == "deleted":
            return [("products/delete", {"id": change.id})]
        found = self._shop.get("products", change.id)
        if found is None:
            return []
        return [(f"products/{'create' if change.action == 'created' else 'update'}", self.product(found))]

    def _carts(self, change: Change) -> list[Message]:
        if change.action == "deleted":
            return [("checkouts/delete", {"id": change.id, "presentment_currency": SHOP_CURRENCY})]
        found = self._shop.get("carts", change.id)
        if found is None:
            return []
        return [(f"checkouts/{'create' if change.action == 'created' else 'update'}", self.checkout(found))]

    # --- bodies ---

    def customer(self, person: Customer, alone: bool = False) -> Body:
        seen = {
            "first_name": person.first, "last_name": person.last, "email": person.email, "phone": person.phone,
        }  # fmt: skip
        body: Body = {
            "id": person.id, "created_at": when(person.created_at), "updated_at": when(person.updated_at),
            "state": "disabled", "note": person.note, "verified_email": True, "multipass_identifier": None,
            "tax_exempt": False, "currency": SHOP_CURRENCY, "tax_exemptions": [],
            "admin_graphql_api_id": gid("Customer", person.id),
        } | (seen if self._personal else dict.fromkeys(seen))  # fmt: skip
        addresses = [
            self.address(one) | {"id": person.id * 10 + step, "customer_id": person.id, "default": step == 0}
            for step, one in enumerate(person.addresses)
        ]
        if alone:
            body["addresses"] = addresses
        if addresses:
            body["default_address"] = addresses[0]
        return body

    def address(self, address: Address) -> Body:
        seen = {
            "first_name": address.first, "last_name": address.last, "address1": address.line1,
            "address2": address.line2 or None, "phone": address.phone or None, "zip": address.postcode,
            "name": f"{address.first} {address.last}".strip(),
        }  # fmt: skip
        return (seen if self._personal else dict.fromkeys(seen)) | {
            "company": None, "city": address.city, "province": address.province or None,
            "country": COUNTRIES[address.country], "country_code": address.country,
            "province_code": address.province or None,
        }  # fmt: skip

    def line(self, line: Line, order: Order) -> Body:
        refunded = sum(q for refund in order.refunds for i, q in refund.lines if i == line.id)
        product = self._shop.get("products", line.product_id)
        return {
            "id": line.id, "admin_graphql_api_id": gid("LineItem", line.id),
            "current_quantity": line.quantity - refunded,
            "fulfillable_quantity": line.quantity, "fulfillment_service": "manual", "fulfillment_status": None,
            "gift_card": False, "grams": 100, "name": f"{line.title} - {line.variant_title}",
            "price": decimal(to_shop(line.price, order.currency), SHOP_CURRENCY),
            "price_set": _set(line.price, order.currency), "product_exists": product is not None,
            "product_id": line.product_id if product else None, "properties": [], "quantity": line.quantity,
            "requires_shipping": True, "sku": line.sku or None, "taxable": True, "title": line.title,
            "total_discount": "0.00", "total_discount_set": _set(line.discount, order.currency),
            "variant_id": line.variant_id, "variant_title": line.variant_title,
            "vendor": product.vendor if product else None, "tax_lines": [], "duties": [], "discount_allocations": [],
        }  # fmt: skip

    def refund(self, order: Order, refund: Refund) -> Body:
        lines = {line.id: line for line in order.lines}
        return {
            "id": refund.id, "order_id": order.id, "created_at": when(refund.at), "note": refund.note,
            "user_id": 548380009, "processed_at": when(refund.at), "duties": [], "restock": False,
            "admin_graphql_api_id": gid("Refund", refund.id), "order_adjustments": [], "refund_shipping_lines": [],
            "refund_line_items": [
                {
                    "id": line_id, "quantity": quantity, "line_item_id": line_id, "restock_type": "no_restock",
                    "subtotal_set": _set(lines[line_id].price * quantity, order.currency),
                    "line_item": self.line(lines[line_id], order),
                }
                for line_id, quantity in refund.lines
            ],
            "transactions": [
                {
                    "id": refund.id + 1_000_000, "order_id": order.id, "kind": "refund", "gateway": "bogus",
                    "status": "success", "amount": decimal(refund.amount, order.currency),
                    "currency": order.currency, "created_at": when(refund.at), "processed_at": when(refund.at),
                    "test": order.test, "parent_id": None,
                }
            ],
        }  # fmt: skip

    def order(self, order: Order) -> Body:
        money = order.currency
        buyer = self._shop.get("customers", order.customer_id, "shopify") if order.customer_id else None
        email, phone = (order.email, order.phone) if self._personal else (None, None)
        shown = {
            "total_price": order.total, "subtotal_price": order.subtotal - order.discount,
            "total_discounts": order.discount, "total_tax": order.tax,
            "current_total_price": order.total - order.refunded, "total_line_items_price": order.subtotal,
        }  # fmt: skip
        body: Body = {
            "id": order.id, "admin_graphql_api_id": gid("Order", order.id), "app_id": None, "browser_ip": None,
            "buyer_accepts_marketing": False, "cancel_reason": "customer" if order.cancelled_at else None,
            "cancelled_at": when(order.cancelled_at), "cart_token": None, "checkout_token": None, "closed_at": None,
            "confirmed": True, "contact_email": email, "created_at": when(order.placed_at),
            "currency": SHOP_CURRENCY, "customer_locale": order.locale,
            "discount_codes": [
                {"code": code, "amount": decimal(to_shop(order.discount, money), SHOP_CURRENCY), "type": "percentage"}
                for code in order.codes
            ],
            "email": email, "estimated_taxes": False, "financial_status": financial(order),
            "fulfillment_status": "fulfilled" if order.shipped else None, "name": f"#{order.number}", "note": None,
            "note_attributes": [], "number": order.number - 1000, "order_number": order.number, "phone": phone,
            "presentment_currency": money, "processed_at": when(order.placed_at), "source_name": "web",
            "tags": "staff" if order.staff else "", "tax_lines": [], "taxes_included": order.taxes_included,
            "test": order.test, "token": f"{order.id:032x}",
            "total_shipping_price_set": _set(order.shipping, money), "updated_at": when(order.updated_at),
            "user_id": None, "billing_address": self.address(order.billing),
            "shipping_address": self.address(order.shipping_to), "discount_applications": [], "fulfillments": [],
            "line_items": [self.line(line, order) for line in order.lines],
            "refunds": [self.refund(order, one) for one in order.refunds], "shipping_lines": [],
        }  # fmt: skip
        for name, minor in shown.items():
            body[name] = decimal(to_shop(minor, money), SHOP_CURRENCY)
            body[f"{name}_set"] = _set(minor, money)
        if buyer is not None:
            body["customer"] = self.customer(buyer)
        return body

    def product(self, product: Product) -> Body:
        active = product.status == "active"
        at = when(product.updated_at)
        images = [
            {
                "id": product.id * 10 + step, "alt": None, "position": step + 1, "product_id": product.id,
                "admin_graphql_api_id": gid("ProductImage", product.id * 10 + step), "src": src,
            }
            for step, src in enumerate(product.images)
        ]  # fmt: skip
        return {
            "admin_graphql_api_id": gid("Product", product.id), "body_html": product.description,
            "created_at": when(product.created_at), "handle": product.handle, "id": product.id,
            "product_type": product.kind, "published_at": when(product.created_at) if active else None,
            "template_suffix": None, "title": product.title, "updated_at": at, "vendor": product.vendor,
            "status": product.status, "published_scope": "web", "tags": "",
            "variants": [
                {
                    "admin_graphql_api_id": gid("ProductVariant", one.id), "barcode": None,
                    "compare_at_price": None if one.compare_at is None else decimal(one.compare_at, SHOP_CURRENCY),
                    "created_at": when(product.created_at), "id": one.id, "inventory_policy": "deny",
                    "position": step + 1, "price": decimal(one.price, SHOP_CURRENCY), "product_id": product.id,
                    "sku": one.sku or None, "taxable": True, "title": one.title, "updated_at": at,
                    "option1": one.title, "option2": None, "option3": None, "image_id": None,
                    "inventory_item_id": one.id + 10**6, "inventory_quantity": one.stock,
                    "old_inventory_quantity": one.stock,
                }
                for step, one in enumerate(product.variants)
            ],
            "options": [], "images": images, "image": images[0] if images else None, "media": [],
            "variant_gids": [
                {"admin_graphql_api_id": gid("ProductVariant", one.id), "updated_at": at} for one in product.variants
            ],
            "has_variants_that_requires_components": False, "category": None,
        }  # fmt: skip

    def checkout(self, cart: Cart) -> Body:
        buyer = self._shop.get("customers", cart.customer_id, "shopify") if cart.customer_id else None
        total = decimal(cart.total, cart.currency)
        body: Body = {
            "token": cart.token, "cart_token": cart.token[::-1], "email": cart.email if self._personal else None,
            "gateway": None, "buyer_accepts_marketing": False, "created_at": when(cart.created_at),
            "updated_at": when(cart.updated_at), "landing_site": None, "note": None, "note_attributes": [],
            "referring_site": None, "shipping_lines": [], "taxes_included": False, "total_weight": 0,
            "currency": SHOP_CURRENCY, "completed_at": when(cart.completed_at), "closed_at": None, "user_id": None,
            "phone": None, "customer_locale": None,
            "line_items": [
                {
                    "key": str(line.id), "product_id": line.product_id, "quantity": line.quantity, "sku": line.sku,
                    "title": line.title, "presentment_title": line.title, "variant_id": line.variant_id,
                    "variant_title": line.variant_title, "price": decimal(line.price, cart.currency),
                    "line_price": decimal(line.price * line.quantity, cart.currency), "applied_discounts": [],
                }
                for line in cart.lines
            ],
            "name": f"#{cart.id}",
            "abandoned_checkout_url": f"https://{HOST}/548380009/checkouts/{cart.token}/recover?key=sandbox",
            "discount_codes": [], "tax_lines": [], "source_name": "web", "presentment_currency": cart.currency,
            "total_discounts": "0.00", "total_line_items_price": total, "total_price": total, "total_tax": "0.00",
            "subtotal_price": total,
        }  # fmt: skip
        if buyer is not None:
            body["customer"] = self.customer(buyer)
        return body


def _low(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _set(minor: int, currency: str) -> Body:
    return {
        "shop_money": {"amount": decimal(to_shop(minor, currency), SHOP_CURRENCY), "currency_code": SHOP_CURRENCY},
        "presentment_money": {"amount": decimal(minor, currency), "currency_code": currency},
    }
