"""What can happen in the shop, each by name. An act returns the thing it touched and the changes to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sandbox.shops.model import (
    RATES,
    Anything,
    Change,
    Consent,
    Customer,
    Marketing,
    Order,
    OrderStatus,
    Platform,
    Product,
    Variant,
)

if TYPE_CHECKING:
    from sandbox.shops.shop import SimulatedShop

Options = Mapping[str, object]
Outcome = tuple[Anything | None, list[Change]]
Kind = TypeVar("Kind")


def _number(options: Options, name: str) -> int | None:
    value = options.get(name)
    return None if value in (None, "") else int(cast(Any, value))


def _word(options: Options, name: str) -> str | None:
    value = options.get(name)
    return None if value in (None, "") else str(value)


def _flag(options: Options, name: str) -> bool:
    return options.get(name) in (True, "true", "1", "on", 1)


def _one(held: Mapping[int, Kind], number: int | None, name: str) -> Kind | None:
    if number is None:
        return None
    if number not in held:
        raise ValueError(f"there is no {name} {number}")
    return held[number]


def _need(things: list[Kind], what: str) -> list[Kind]:
    if not things:
        raise ValueError(f"there is no {what}")
    return things


def _customer(shop: SimulatedShop, platform: Platform | None, options: Options) -> Customer:
    found = _one(shop.customers, _number(options, "customer_id"), "customer")
    if found is not None:
        return found
    crowd = [c for c in shop.customers.values() if platform is None or platform in c.platforms]
    return shop.maker.random.choice(_need(crowd, "customer there"))


def _order(shop: SimulatedShop, platform: Platform | None, options: Options, fit: tuple[OrderStatus, ...]) -> Order:
    found = _one(shop.orders, _number(options, "order_id"), "order")
    if found is not None:
        return found
    crowd = [o for o in shop.orders.values() if o.status in fit and (platform is None or o.platform == platform)]
    return shop.maker.random.choice(_need(crowd, "such order")[-50:])


def _product(shop: SimulatedShop, options: Options) -> Product:
    found = _one(shop.products, _number(options, "product_id"), "product")
    if found is not None:
        return found
    return shop.maker.random.choice(_need([p for p in shop.products.values() if p.status == "active"], "product"))


def order(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """Options: customer_id, guest, email, product_id, quantity, currency, code, test, staff, status (pending)."""
    where: Platform = platform or ("shopify" if shop.maker.random.random() < 0.6 else "woo")
    buyer = None
    if where in ("shopify", "woo") and not _flag(options, "guest"):
        buyer = _customer(shop, where, options)
    wanted = _one(shop.products, _number(options, "product_id"), "product")
    quantity = _number(options, "quantity") or 1
    lines: tuple[tuple[Product, Variant, int], ...] = ((wanted, wanted.variants[0], quantity),) if wanted else ()
    email = _word(options, "email")
    if where in ("shopify", "woo") and buyer is None and email is None:
        email = f"guest{shop.maker.random.randrange(10**6)}@mail.example"
    currency = _word(options, "currency")
    if currency is not None and currency not in RATES:
        raise ValueError(f"unknown currency: {currency}")
    status: OrderStatus = "pending" if options.get("status") == "pending" else "paid"
    sold = [p for p in shop.products.values() if p.status == "active"]
    made = shop.maker.order(
        where, buyer, sold, shop.now(), currency=currency, status=status, lines=lines, code=_word(options, "code"),
        email=email, test=_flag(options, "test"), staff=_flag(options, "staff"),
    )  # fmt: skip
    changes = [shop.put("orders", replace(made, shipped=False))]
    if status == "paid":
        changes.append(_again(shop, made, "paid"))
        for line in made.lines:
            changes += _sold(shop, line.product_id, line.variant_id, line.quantity)
    return made, changes


def _again(shop: SimulatedShop, thing: Order, action: str) -> Change:
    """A second event about the same state."""
    return Change("orders", action, thing.id, shop.now(), frozenset((thing.platform,)), thing)


def _sold(shop: SimulatedShop, product_id: int, variant_id: int, quantity: int) -> list[Change]:
    product = shop.products.get(product_id)
    if product is None:
        return []
    variants = tuple(
        replace(v, stock=max(0, v.stock - quantity)) if v.id == variant_id else v for v in product.variants
    )
    return [shop.put("products", replace(product, variants=variants, updated_at=shop.now()))]


def pay(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    found = _order(shop, platform, options, ("pending",))
    paid = replace(found, status="paid", updated_at=shop.now())
    return paid, [shop.put("orders", paid), _again(shop, paid, "paid")]


def refund(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """Options: order_id, full."""
    found = _order(shop, platform, options, ("paid", "partially_refunded"))
    if found.total <= found.refunded:
        raise ValueError(f"order {found.id} has nothing left to refund")
    refunds, status = shop.maker.refund(found, shop.now(), _flag(options, "full"), "Asked by the customer")
    changed = replace(found, refunds=refunds, status=status, updated_at=shop.now())
    return changed, [shop.put("orders", changed), _again(shop, changed, "refunded")]


def cancel(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    found = _order(shop, platform, options, ("paid", "pending"))
    changed = replace(found, status="cancelled", cancelled_at=shop.now(), updated_at=shop.now())
    return changed, [shop.put("orders", changed), _again(shop, changed, "cancelled")]


def ship(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    found = _order(shop, platform, options, ("paid",))
    changed = replace(found, shipped=True, updated_at=shop.now())
    return changed, [shop.put("orders", changed)]


def delete_order(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    found = _order(shop, platform, options, ("cancelled", "pending", "refunded"))
    return None, [shop.drop("orders", found.id)]


def customer(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """A new account. Options: email, phone, first, last."""
    made = shop.maker.customer(shop.now())
    asked = {name: _word(options, name) for name in ("email", "phone", "first", "last")}
    made = replace(made, **cast(Any, {name: value for name, value in asked.items() if value is not None}))
    made = replace(made, platforms=frozenset((platform,)) if platform else made.platforms)
    return made, [shop.put("customers", made)]


def edit_customer(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """Options: customer_id, email, phone, first, last."""
    found = _customer(shop, platform, options)
    asked = {name: _word(options, name) for name in ("email", "phone", "first", "last")}
    changes = {name: value for name, value in asked.items() if value is not None} or {"last": f"{found.last}-Lee"}
    changed = replace(found, **cast(Any, changes), updated_at=shop.now())
    return changed, [shop.put("customers", changed)]


def consent(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """Options: customer_id, channel (email, sms), state; without a state it turns to the other."""
    found = _customer(shop, platform, options)
    channel = _word(options, "channel") or "email"
    if channel not in ("email", "sms"):
        raise ValueError(f"unknown channel: {channel}")
    before = found.email_consent if channel == "email" else found.sms_consent
    state = _word(options, "state") or ("unsubscribed" if before.state == "subscribed" else "subscribed")
    if state not in ("subscribed", "unsubscribed", "not_subscribed", "pending"):
        raise ValueError(f"unknown state: {state}")
    new = Consent(cast(Marketing, state), shop.now())
    changed = replace(found, updated_at=shop.now())
    changed = replace(changed, email_consent=new) if channel == "email" else replace(changed, sms_consent=new)
    told = shop.put("customers", changed)
    return changed, [told, replace(told, action=f"{channel}_consent")]


def delete_customer(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """At all storefronts, or only at `platform`."""
    found = _customer(shop, platform, options)
    left = found.platforms - {platform} if platform else frozenset[Platform]()
    if not left:
        return None, [shop.drop("customers", found.id)]
    gone = Change("customers", "deleted", found.id, shop.now(), found.platforms - left, found)
    shop.put("customers", replace(found, platforms=left))
    return None, [gone]


def merge(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """`other_id` goes into `customer_id` (Shopify): its orders follow."""
    kept = _customer(shop, "shopify", options)
    crowd = [c for c in shop.customers.values() if "shopify" in c.platforms and c.id != kept.id]
    lost = _one(shop.customers, _number(options, "other_id"), "customer") or shop.maker.random.choice(
        _need(crowd, "other customer")
    )
    if lost.id == kept.id:
        raise ValueError("a customer cannot be merged with itself")
    changes: list[Change] = []
    for found in [o for o in shop.orders.values() if o.customer_id == lost.id and o.platform == "shopify"]:
        changes.append(shop.put("orders", replace(found, customer_id=kept.id, updated_at=shop.now())))
    for cart_ in [c for c in shop.carts.values() if c.customer_id == lost.id]:
        shop.put("carts", replace(cart_, customer_id=kept.id))
    merged = replace(kept, updated_at=shop.now(), phone=kept.phone or lost.phone)
    changes.append(shop.put("customers", merged))
    shopify: frozenset[Platform] = frozenset(("shopify",))
    delete_customer(shop, "shopify", {"customer_id": lost.id})
    changes.append(Change("customers", "merged", kept.id, shop.now(), shopify, lost, {"other_id": lost.id}))
    changes.append(Change("customers", "deleted", lost.id, shop.now(), shopify, lost))
    return merged, changes


def price(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """A price drop. Options: product_id, percent (20), price (cents)."""
    found = _product(shop, options)
    percent, fixed = _number(options, "percent") or 20, _number(options, "price")
    variants = tuple(
        replace(v, price=fixed or max(1, v.price * (100 - percent) // 100), compare_at=v.compare_at or v.price)
        for v in found.variants
    )
    changed = replace(found, variants=variants, updated_at=shop.now())
    return changed, [shop.put("products", changed)]


def sell_out(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    return _stock(shop, _product(shop, options), 0)


def stock(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """Back in stock: a product that is sold out (or `product_id`, sold out first). Options: quantity (25)."""
    found = _one(shop.products, _number(options, "product_id"), "product")
    empty = [p for p in shop.products.values() if p.status == "active" and not any(v.stock for v in p.variants)]
    if found is None:
        found = shop.maker.random.choice(empty) if empty else _product(shop, options)
    changes: list[Change] = []
    if any(v.stock for v in found.variants):
        changes = _stock(shop, found, 0)[1]
    changed, more = _stock(shop, shop.products[found.id], _number(options, "quantity") or 25)
    return changed, changes + more


def _stock(shop: SimulatedShop, product: Product, quantity: int) -> Outcome:
    variants = tuple(replace(v, stock=quantity) for v in product.variants)
    changed = replace(product, variants=variants, updated_at=shop.now())
    return changed, [shop.put("products", changed)]


def delete_product(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    return None, [shop.drop("products", _product(shop, options).id)]


def cart(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """A checkout is begun and left (Shopify). Options: customer_id, guest."""
    buyer = None if _flag(options, "guest") else _customer(shop, "shopify", options)
    sold = [p for p in shop.products.values() if p.status == "active"]
    made = shop.maker.cart(buyer, sold, shop.now())
    return made, [shop.put("carts", made)]


def recover(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """A checkout that was left is completed: an order comes of it. Options: cart_id."""
    found = _one(shop.carts, _number(options, "cart_id"), "cart")
    if found is None:
        found = shop.maker.random.choice(_need([c for c in shop.carts.values() if c.completed_at is None], "open cart"))
    buyer = shop.customers.get(found.customer_id) if found.customer_id else None
    lines = tuple(
        (product, variant, line.quantity)
        for line in found.lines
        if (product := shop.products.get(line.product_id))
        for variant in product.variants
        if variant.id == line.variant_id
    )
    sold = [p for p in shop.products.values() if p.status == "active"]
    made = shop.maker.order("shopify", buyer, sold, shop.now(), currency=found.currency, lines=lines, email=found.email)
    done = replace(found, completed_at=shop.now(), updated_at=shop.now(), order_id=made.id)
    return done, [shop.put("carts", done), shop.put("orders", made), _again(shop, made, "paid")]


def review(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
    """A review (Woo). Options: customer_id, product_id, rating, text."""
    writer = _customer(shop, "woo", options)
    made = shop.maker.review(_product(shop, options), writer, shop.now())
    rating, text = _number(options, "rating"), _word(options, "text")
    made = replace(made, rating=rating or made.rating, text=text or made.text)
    return made, [shop.put("reviews", made)]


def _privacy(action: str) -> Callable[[SimulatedShop, Platform | None, Options], Outcome]:
    def told(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
        """Shopify asks on a customer's behalf; the customer in the shop stays as it is."""
        found = _customer(shop, "shopify", options)
        return found, [Change("customers", action, found.id, shop.now(), frozenset(("shopify",)), found)]

    return told


def _shop(action: str) -> Callable[[SimulatedShop, Platform | None, Options], Outcome]:
    def told(shop: SimulatedShop, platform: Platform | None, options: Options) -> Outcome:
        where: frozenset[Platform] = frozenset((platform or "shopify",))
        return None, [Change("shop", action, 0, shop.now(), where)]

    return told


ACTS: dict[str, Callable[[SimulatedShop, Platform | None, Options], Outcome]] = {
    "order": order, "pay": pay, "refund": refund, "cancel": cancel, "ship": ship, "delete_order": delete_order,
    "customer": customer, "edit_customer": edit_customer, "consent": consent, "delete_customer": delete_customer,
    "merge": merge, "price": price, "sell_out": sell_out, "stock": stock, "delete_product": delete_product,
    "cart": cart, "recover": recover, "review": review, "data_request": _privacy("data_request"),
    "redact": _privacy("redact"), "shop_redact": _shop("shop_redact"), "uninstall": _shop("uninstalled"),
}  # fmt: skip
